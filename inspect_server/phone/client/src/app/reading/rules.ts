/** What binds whoever checks, and where an enterprise turns to: as the bureau's documents say. */

import type { BureauBody, LawBody } from "./bodies.ts";

const DISCIPLINE = "document.inspection_discipline";

/** The rules of conduct, with where they come from. */
export interface Discipline {
  readonly rules: readonly string[];
  readonly source: string;
  /** Whether somebody compared them with their source. */
  readonly isVerified: boolean;
}

/** Return the rules of conduct; undefined where this phone has none. */
export function disciplineOf(laws: readonly LawBody[]): Discipline | undefined {
  const law = laws.find((one) => one.id === DISCIPLINE);
  if (!Array.isArray(law?.value)) return undefined;
  const rules = law.value.filter((one): one is string => typeof one === "string" && one !== "");
  if (!rules.length) return undefined;
  return { rules, source: law.source, isVerified: law.verified };
}

/** Where to complain, and how to contest; "" for what nobody configured or this phone lacks. */
export interface Relief {
  readonly phone: string;
  readonly sentence: string;
}

export function reliefOf(bureaus: readonly BureauBody[]): Relief {
  const [bureau] = bureaus;
  return { phone: bureau?.complaint_phone ?? "", sentence: bureau?.relief ?? "" };
}
