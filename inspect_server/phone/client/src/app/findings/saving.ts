/** Findings as they are saved: one entry with the answer where both changed, photos beside it. */

import { inTurn } from "../checklist/visit.ts";
import type { Visit } from "../checklist/visit.ts";
import type { Answer } from "../../forms/filling.ts";
import type { FindingValue } from "./drafting/grading.ts";

/** The answer that a finding cites, and its note as it is to be. */
export interface Cited {
  readonly item: string;
  readonly answer: Answer;
  readonly note: string;
}

/**
 * Save a finding, with the note of its answer where that changed, as one entry.
 *
 * @param existing The finding that is amended, "" for a new one.
 * @returns The finding's item.
 */
export async function saveFinding(
  visit: Visit,
  existing: string,
  value: FindingValue,
  cited: Cited | undefined,
): Promise<string> {
  const { phone, task } = visit;
  const isRenoted = cited !== undefined && cited.note !== (cited.answer.note ?? "");
  const id = await inTurn(phone, () =>
    phone.together(task, async (group) => {
      if (isRenoted) {
        const { result, reason = "", given } = cited.answer;
        const behind = given === undefined ? {} : { given };
        await group.answer(task, cited.item, result, { reason, note: cited.note, ...behind });
      }
      if (existing === "") return group.addFinding(task, { ...value });
      return group.amendFinding(task, existing, { ...value });
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

export async function retractFinding(visit: Visit, id: string, reason: string): Promise<void> {
  await inTurn(visit.phone, () => visit.phone.retract(visit.task, id, reason));
  await visit.refresh([id]);
}
