/** What lies on this phone and was never saved: with the account it goes without a trace. */

import type { Phone } from "../../../capture/phone.ts";
import { WHOSE } from "../../camera/left/places.ts";
import type { TaskBody } from "../../reading/bodies.ts";
import { isTaken } from "../../session/state.ts";

/** What was not saved of one task; one that left the phone is called as photos of it say. */
export interface Unsaved {
  readonly task: string;
  readonly enterprise: string;
  /** Photos and films. */
  readonly taken: number;
  /** Forms that were begun. */
  readonly forms: number;
}

/** Begins the names of what is put aside and can be had again, or belongs to something else. */
const ASIDE = ["document/", "film-piece:", "told:", WHOSE] as const;
const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/u;

/** Return what was not saved, by task. */
export async function unsavedOn(phone: Phone): Promise<readonly Unsaved[]> {
  const [names, tasks] = await Promise.all([phone.store.drafts(), phone.tasks<TaskBody>()]);
  const found = new Map<string, { taken: number; forms: number }>();
  for (const name of names) {
    if (ASIDE.some((one) => name.startsWith(one))) continue;
    const task = ID.exec(name)?.[0] ?? "";
    const of = found.get(task) ?? { taken: 0, forms: 0 };
    if (isTaken(name)) of.taken += 1;
    else of.forms += 1;
    found.set(task, of);
  }
  return await Promise.all(
    [...found].map(async ([task, counts]) => {
      const here = tasks.find((one) => one.id === task)?.scheme.enterprise;
      return { task, enterprise: here ?? (await phone.store.draft(WHOSE + task)), ...counts };
    }),
  );
}

/** Return how much that is, to see whether more came to it. */
export function amountOf(unsaved: readonly Unsaved[]): number {
  return unsaved.reduce((sum, { taken, forms }) => sum + taken + forms, 0);
}
