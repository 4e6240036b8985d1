/** The bureau's own words, read from the open account. */

import type { ShallowRef } from "vue";
import type { BureauBody, LawBody } from "../reading/bodies.ts";
import { disciplineOf, reliefOf } from "../reading/rules.ts";
import type { Discipline, Relief } from "../reading/rules.ts";
import { live } from "./live.ts";

export interface Rules {
  readonly discipline: Discipline | undefined;
  readonly relief: Relief;
}

/** Return what binds whoever checks and where to turn; undefined until it was read. */
export function useRules(): Readonly<ShallowRef<Rules | undefined>> {
  return live(async (phone) => {
    const [laws, bureaus] = await Promise.all([
      phone.documents<LawBody>("law"),
      phone.documents<BureauBody>("bureau"),
    ]);
    return { discipline: disciplineOf(laws), relief: reliefOf(bureaus) };
  });
}
