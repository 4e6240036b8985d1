/** The finding that a failed item suggests: wording, level, basis, and whose matter it is. */

import type { Basis, Form, Item, Law, Penalty } from "./body.ts";
import { byLaw, joinCitations } from "./citing.ts";

/** What a failure suggests; the officer decides. */
export interface Suggestion {
  readonly code: string;
  readonly wording: string;
  readonly level: "general" | "major";
  /** Who enforces it where that is not the bureau (线索移送), else "". */
  readonly refer_to: string;
  /** Conditions that no answer decides: a major level stands only if they hold. */
  readonly to_confirm: readonly string[];
  readonly basis: string;
  /** Cited as well where the device is there but failed or void. */
  readonly device_basis: string;
  readonly penalty_basis: string;
  /** Citations that nobody has compared with the text yet. */
  readonly to_verify: readonly string[];
  /** "" for a major one, whose measure must be chosen on site. */
  readonly measure: "rectify_now" | "rectify_within" | "refer" | "";
  /** Natural days, or the id of a dated law value; 0 where none is set here. */
  readonly deadline: number | string;
  readonly correctable_on_site: boolean;
}

/**
 * Return the finding that a failure of `item` suggests.
 *
 * @param failed The codes of all items of this checklist that failed.
 * @param on The day of the visit: only what is in force then is cited.
 */
export function suggest(
  form: Form,
  item: Item,
  failed: ReadonlySet<string>,
  on: string,
): Suggestion {
  const hasAllNeeded = (item.major_needs ?? []).every((code) => failed.has(code));
  const isMajor = item.major === "yes" && hasAllNeeded;
  const bases = citable(item.basis ?? [], on);
  const penalties = citable(item.penalties ?? [], on);
  const clause = item.device_clause ? form.device_clause : null;
  const clauses = clause && isInForce(clause.law, on) ? [clause] : [];
  return {
    code: item.code,
    wording: item.finding ?? "",
    level: isMajor ? "major" : "general",
    refer_to: isOwn(item) ? "" : (item.competence as string),
    to_confirm: item.major === "no" || !hasAllNeeded ? [] : toConfirm(item, clauses),
    basis: joinCitations(bases.map(printed)),
    device_basis: joinCitations(clauses.map(printed)),
    penalty_basis: joinCitations(penalties.map(printed)),
    to_verify: [...unchecked(bases), ...unchecked(clauses), ...unchecked(penalties)],
    measure: measureOf(item, isMajor),
    deadline: item.rectify ?? 0,
    correctable_on_site: item.correctable_on_site ?? false,
  };
}

function isOwn(item: Item): boolean {
  return (item.competence ?? "own") === "own";
}

function measureOf(item: Item, isMajor: boolean): Suggestion["measure"] {
  if (!isOwn(item)) return "refer";
  if (isMajor) return "";
  return item.correctable_on_site ? "rectify_now" : "rectify_within";
}

/** Return what the officer still has to judge for the level of a failure. */
function toConfirm(item: Item, clauses: readonly Basis[]): string[] {
  const notes = item.major_note ? [item.major_note] : [];
  for (const clause of item.major === "possible" ? clauses : []) {
    notes.push(
      "判定标准所列情形中直接关系安全的监控、报警、防护设施失效或者无效的，" +
        `依据${printed(clause)}判定为重大事故隐患。`,
    );
  }
  return notes;
}

/** Return what is in force and was checked; all that is in force only where none of it was. */
function citable<Citation extends Basis | Penalty>(
  citations: readonly Citation[],
  on: string,
): Citation[] {
  const current = citations.filter(({ law }) => isInForce(law, on));
  const checked = current.filter(isChecked);
  return checked.length > 0 ? checked : current;
}

function isInForce(law: Law, on: string): boolean {
  return law.effective_from <= on && (law.effective_until === null || on < law.effective_until);
}

function isChecked(citation: Basis): boolean {
  return citation.verified && citation.law.verified;
}

function unchecked(citations: readonly Basis[]): string[] {
  return byLaw(citations.filter((one) => !isChecked(one)).map(printed));
}

/** Return a citation as documents have it. */
function printed(citation: Basis | Penalty): string {
  const { title, number } = citation.law;
  const clause = "clause" in citation ? citation.clause : "";
  return `《${title}》${number ? `（${number}）` : ""}${citation.article}${clause}`;
}
