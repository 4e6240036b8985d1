/** A finding being written: from the checklist's suggestion to the value that is saved. */

import type { Suggestion } from "../../../forms/suggesting.ts";
import type { Period } from "./deadlines.ts";
import { measuresFor } from "./grading.ts";
import type { FindingValue, Grade } from "./grading.ts";
import { measuresOf } from "./measures.ts";

/** What the form holds; `isVoid`: the device is there and does not work. */
export interface Draft {
  level: string;
  text: string;
  place: string;
  basis: string;
  penalty_basis: string;
  /** What it is met with, as it is written: the first, and what stands beside it. */
  measure: string;
  further_measures: readonly string[];
  deadline: string;
  corrected_on_site: boolean;
  /** Why a 重大 one is called general; it is kept as the note of the answer. */
  note: string;
  isVoid: boolean;
}

const TO_BE_SAID = /（注明([^）]*)）/gu;

/** Return the suggested words without what the officer is told to add, and what that is. */
export function wordingOf(wording: string): { readonly text: string; readonly toAdd: string } {
  const toAdd = [...wording.matchAll(TO_BE_SAID)].map((match) => match[1] ?? "").join("；");
  return { text: wording.replace(TO_BE_SAID, ""), toAdd };
}

/**
 * Return the draft with which a form begins.
 *
 * @param suggestion Of the failed item, undefined for what no checklist asks.
 * @param place Where the last problem of this visit was, "" for none.
 */
export function begun(
  suggestion: Suggestion | undefined,
  period: Period | undefined,
  place: string,
  note: string,
): Draft {
  const isReferred = suggestion?.measure === "refer";
  const atOnce = suggestion?.measure === "rectify_now";
  return {
    level: suggestion?.level ?? "general",
    text: wordingOf(suggestion?.wording ?? "").text,
    place,
    basis: suggestion?.basis ?? "",
    penalty_basis: isReferred ? "" : (suggestion?.penalty_basis ?? ""),
    measure: suggestion === undefined ? "rectify_within" : suggestion.measure,
    further_measures: [],
    deadline: isReferred || atOnce ? "" : (period?.last ?? ""),
    corrected_on_site: false,
    note,
    isVoid: false,
  };
}

/** Return the draft of a finding that was saved before. */
export function amended(
  value: FindingValue,
  suggestion: Suggestion | undefined,
  note: string,
): Draft {
  const { answer_item: _, further_measures = [], ...fields } = value;
  const clause = suggestion?.device_basis ?? "";
  const isVoid = clause !== "" && value.basis.includes(clause);
  return { ...fields, further_measures, note, isVoid };
}

/** Return the basis with or without the clause on devices that are there and do not work. */
export function withClause(basis: string, clause: string, isVoid: boolean): string {
  const others = basis
    .split("；")
    .filter((citation) => citation !== "" && citation !== clause)
    .join("；");
  return [others, isVoid ? clause : ""].filter(Boolean).join("；");
}

/** Return the draft with another level: the measures must suit it. */
export function graded(draft: Draft, level: string, grade: Grade, period: string): Draft {
  const measures = measuresFor(grade, level);
  const suited = measuresOf(draft).filter((one) => measures.includes(one));
  const [measure = level === "major" ? "" : "rectify_within", ...others] = suited;
  const further_measures = level === "major" ? others : [];
  return { ...draft, level, measure, further_measures, deadline: draft.deadline || period };
}

/**
 * Return what is saved of a draft.
 *
 * What is ordered to be put right at once is due on the day of the visit; what is referred, or was
 * put right meanwhile, has no deadline here.
 */
export function valueOfDraft(draft: Draft, answerItem: string, day: string): FindingValue {
  const isReferred = draft.measure === "refer";
  const atOnce = draft.measure === "rectify_now" && !draft.corrected_on_site;
  const corrected = draft.corrected_on_site && !isReferred;
  const further = draft.further_measures ?? []; // a draft of an earlier program has none
  return {
    answer_item: answerItem,
    level: isReferred ? "general" : draft.level,
    text: draft.text.trim(),
    place: draft.place.trim(),
    basis: draft.basis.trim(),
    penalty_basis: isReferred ? "" : draft.penalty_basis.trim(),
    measure: draft.measure || (corrected ? "rectify_now" : ""),
    deadline: isReferred || corrected ? "" : atOnce ? day : draft.deadline,
    corrected_on_site: corrected,
    ...(further.length > 0 && !isReferred ? { further_measures: [...further] } : {}),
  };
}
