/** Of a recheck, the problems of the earlier check of which it has to say how they stand. */

import { recheckItem } from "../../core/ids.ts";
import type { EnterpriseBody, Hazard, TaskBody } from "./bodies.ts";

/** What phones say of a problem. */
export const RESULTS = ["rectified", "partly", "not_rectified", "not_checked"] as const;
export type Result = (typeof RESULTS)[number];

/** What `recheck.set` says. */
export interface Recheck {
  readonly result: Result;
  readonly note: string;
}

/** One problem of an earlier check, with the item under which its result is said. */
export interface EarlierProblem {
  readonly item: string;
  /** Number of the check that found it, and the problem's own in its order. */
  readonly inspection: string;
  readonly number: number;
  readonly found_on: string;
  readonly level: string;
  readonly text: string;
  readonly place: string;
  readonly basis: string;
  readonly order_no: string;
  /** "" where it was to be rectified at once, and where it is not told any more. */
  readonly deadline: string;
  /** Hashes of the photos that were taken when it was found. */
  readonly photos: readonly string[];
  /** What the last recheck said, and on which day; "" where there was none. */
  readonly result: string;
  readonly rechecked_on: string;
  /** Whether it has to be said how it stands: no other recheck has ended it. */
  readonly isOpen: boolean;
}

/**
 * Return the problems to recheck in the order of the papers: what is open of the check that the
 * task follows, or was left open by it, and what this very recheck has ended since.
 *
 * A server of before tells nothing of their numbers: then there are none.
 */
export function earlierProblems(task: TaskBody, enterprise: EnterpriseBody): EarlierProblem[] {
  const { follows = "" } = task.scheme;
  if (follows === "") return [];
  const open = enterprise.open_hazards.filter(({ inspection, rechecks = [] }) =>
    [inspection, ...rechecks].includes(follows),
  );
  const ended = (enterprise.rectified_hazards ?? []).filter((one) => one.recheck === task.number);
  return [
    ...open.map((one) => problemOf(one, true)),
    ...ended.map((one) => problemOf({ ...one, deadline: "" }, false)),
  ]
    .filter(({ number }) => number > 0)
    .sort((one, other) => rank(one).localeCompare(rank(other)) || one.number - other.number);
}

type Told = Partial<Hazard> & Pick<Hazard, "inspection" | "found_on" | "level" | "text" | "place">;

function problemOf(one: Told, isOpen: boolean): EarlierProblem {
  const { inspection_id = "", number = 0 } = one;
  return {
    item: recheckItem(inspection_id, number),
    inspection: one.inspection,
    number: inspection_id === "" ? 0 : number,
    found_on: one.found_on,
    level: one.level,
    text: one.text,
    place: one.place,
    basis: one.basis ?? "",
    order_no: one.order_no ?? "",
    deadline: one.deadline ?? "",
    photos: one.photos ?? [],
    result: one.result ?? "",
    rechecked_on: one.rechecked_on ?? "",
    isOpen,
  };
}

function rank({ found_on, inspection }: EarlierProblem): string {
  return `${found_on} ${inspection}`;
}
