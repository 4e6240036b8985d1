/** Findings as they are saved: one entry with the answer where both changed, photos beside it. */

import { inTurn } from "../checklist/visit.ts";
import type { Visit } from "../checklist/visit.ts";
import type { Seen } from "../../capture/seen.ts";
import type { Answer } from "../../forms/filling.ts";
import type { Item as Merged } from "../../merging/items.ts";
import type { FindingValue } from "./drafting/grading.ts";

/** The answer that a finding cites, as it was seen, and its note as it is to be. */
export interface Cited {
  readonly item: string;
  readonly answer: Answer;
  readonly note: string;
  readonly seen?: Seen;
}

/** What a form says beside the finding, and what it showed when it was opened. */
export interface Written {
  readonly note: string;
  readonly answer: Answer | null;
  readonly seen: SeenBoth;
}

export interface SeenBoth {
  readonly finding: Seen;
  readonly answer: Seen;
}

/** Return the answer that goes with a finding; undefined outside of every checklist. */
export function citedBy(item: string, { note, answer, seen }: Written): Cited | undefined {
  return item && answer ? { item, answer, note, seen: seen.answer } : undefined;
}

/**
 * Save a finding, with the note of its answer where that changed, as one entry.
 *
 * @param existing The finding that is amended, "" for a new one.
 * @param seen It as its form showed it; what came since is not replaced.
 * @returns The finding's item.
 */
export async function saveFinding(
  visit: Visit,
  existing: string,
  value: FindingValue,
  cited: Cited | undefined,
  seen?: Seen,
): Promise<string> {
  const { phone, task } = visit;
  const isRenoted = cited !== undefined && cited.note !== (cited.answer.note ?? "");
  const id = await inTurn(phone, () =>
    phone.together(task, async (group) => {
      if (isRenoted) {
        const { result, reason = "", given } = cited.answer;
        const behind = given === undefined ? {} : { given };
        const said = { reason, note: cited.note, ...behind };
        await group.answer(task, cited.item, result, said, cited.seen);
      }
      if (existing === "") return group.addFinding(task, { ...value });
      return group.amendFinding(task, existing, { ...value }, seen);
    }),
  );
  await visit.refresh(isRenoted ? [cited.item, id] : [id]);
  return id;
}

/** Take photos for a finding. */
export async function photograph(visit: Visit, finding: string, item: string): Promise<void> {
  const what = { kind: "image", item, finding } as const;
  await visit.refresh(await visit.attach(visit.task, what));
}

/** Withdraw a finding as it was seen: what was said of it since stays beside that. */
export async function retractFinding(visit: Visit, seen: Merged, reason: string): Promise<void> {
  await inTurn(visit.phone, () => visit.phone.retract(visit.task, seen.id, reason, seen));
  await visit.refresh([seen.id]);
}
