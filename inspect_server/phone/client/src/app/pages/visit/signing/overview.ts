/** A visit in short: what whoever signs has to have read, taken from the record that is signed. */

import { computed } from "vue";
import type { ComputedRef } from "vue";
import type { Form } from "../../../../forms/body.ts";
import { ChecklistState, progressOf } from "../../../checklist/filling-state.ts";
import type { Row } from "../../../checklist/filling-state.ts";
import { isAnswerable } from "../../../checklist/structure.ts";
import { formsHere } from "../../../checklist/visit.ts";
import { answerInWords, filesInWords } from "../../../checklist/words.ts";
import type { LawValue } from "../../../findings/drafting/deadlines.ts";
import { togetherOf } from "../../../findings/drafting/measures.ts";
import { listed } from "../../../findings/listing.ts";
import type { Listed } from "../../../findings/listing.ts";
import type { Item as Merged } from "../../../../merging/items.ts";
import { dayOf } from "../../../reading/arrivals.ts";
import { live } from "../../../session/live.ts";
import { said } from "../../../session/visit.ts";
import type { SeenVisit } from "../../../session/visit.ts";
import { REMAINING, SUMMARY } from "../../../words/signing.ts";
import { decisionsOf, isBeyond, lackingForms, remainingOf, seenIn } from "./remaining.ts";
import type { Remaining } from "./remaining.ts";

/** How one checklist was answered. */
export interface Counted {
  readonly title: string;
  /** By result: pass, fail, not_applicable, not_checked, given; what is no check is `given`. */
  readonly results: Readonly<Record<string, number>>;
  readonly unanswered: number;
  /** Item by item, in the order of the checklist: a signature stands for each of them. */
  readonly answers: readonly Told[];
}

/** What is shown of one item to whoever signs. */
export interface Told {
  readonly code: string;
  readonly question: string;
  /** The result with reason, note and how many pictures; that it is open, or in dispute. */
  readonly said: string;
  readonly isFailed: boolean;
  /** Whether nothing but 符合 is said of it: a line is enough. */
  readonly isPlain: boolean;
  /** The pictures of it, but for those that stand with a problem. */
  readonly photos: readonly Merged[];
}

export interface Overview {
  /** The record of which this was read. */
  readonly visit: SeenVisit;
  readonly forms: readonly Form[];
  readonly checklists: readonly Counted[];
  readonly findings: readonly Listed[];
  readonly photos: number;
  readonly films: number;
  /** Pictures that stand with no problem and no answer shown, or in dispute. */
  readonly apart: readonly Merged[];
  /** The answers that the checklists show, and in which conflicts are settled. */
  readonly shown: readonly string[];
  /** Conflicts in checklists that are not on this phone yet: nobody can judge them here. */
  readonly beyond: readonly string[];
  /** What keeps the record from being closed. */
  readonly open: readonly Remaining[];
  /** What the office has to decide before the team leaves; it keeps no record open. */
  readonly undecided: readonly Remaining[];
  /** Whether a checklist is not on this phone: nobody can be shown all that is signed. */
  readonly isPartial: boolean;
}

/** Return a visit in short; undefined until its checklists were read. */
export function useOverview(visit: () => SeenVisit): ComputedRef<Overview | undefined> {
  const forms = live((phone) => phone.documents<Form>("form"));
  const laws = live((phone) => phone.documents<LawValue>("law"));
  return computed(
    () => forms.value && laws.value && overviewOf(visit(), forms.value, laws.value),
  );
}

/** Return a visit in short; a checklist that is not on this phone yet is among what is left. */
export function overviewOf(
  visit: SeenVisit,
  all: readonly Form[],
  laws: readonly LawValue[] = [],
): Overview {
  const { items } = visit.record;
  const { user } = visit;
  const { forms, missing } = formsHere(visit.task, all);
  const absent = absentFrom(visit.task.form_set, forms, missing);
  const day = dayOf(items);
  const states = forms.map((form) => {
    const state = new ChecklistState(form, day, user);
    state.load(items);
    return state;
  });
  const together = togetherOf(new Map(laws.map((law) => [law.id, law])));
  const shown = { forms, day, user, items: new Map(items), states, together };
  const files = said<{ readonly mime: string }>(visit.record, "photo/");
  const found = listed(shown);
  const ofFindings = new Set(found.flatMap(({ photos }) => photos.map(idOf)));
  const checklists = states.map((state) => countedOf(state, ofFindings));
  const told = new Set([
    ...ofFindings,
    ...checklists.flatMap(({ answers }) => answers.flatMap((one) => one.photos.map(idOf))),
  ]);
  const films = files.filter((one) => one.value.mime.startsWith("video/")).length;
  return {
    visit,
    forms,
    checklists,
    findings: found,
    photos: files.length - films,
    films,
    apart: files.flatMap(({ item }) => (told.has(item) ? [] : (items.get(item) ?? []))),
    shown: states.flatMap(seenIn),
    beyond: visit.record.conflicts.filter((id) => isBeyond(id, absent)),
    open: [...lackingForms(missing), ...remainingOf(visit, shown, absent)],
    undecided: decisionsOf(shown),
    isPartial: missing.length > 0,
  };
}

/** Return the titles of checklists that are not here, which come in the task's order, by name. */
function absentFrom(
  formSet: string,
  forms: readonly Form[],
  titles: readonly string[],
): ReadonlyMap<string, string> {
  const here = new Set(forms.map(({ name }) => name));
  const names = formSet.split("+").map((ref) => ref.replace(/@.*/, ""));
  const absent = names.filter((name) => !here.has(name));
  return new Map(absent.map((name, at) => [name, titles[at] ?? name]));
}

function countedOf(state: ChecklistState, besides: ReadonlySet<string>): Counted {
  const rows = state.rows().filter((row) => row.isVisible && isAnswerable(row.item));
  const results: Record<string, number> = {};
  for (const row of rows) {
    if (!row.isAnswered) continue;
    const result = row.answer?.result ?? "given"; // photos answer without one
    results[result] = (results[result] ?? 0) + 1;
  }
  const { total, answered } = progressOf(rows);
  const answers = rows.map((row) => toldOf(state.form, row, besides));
  return { title: state.form.title, results, unanswered: total - answered, answers };
}

function toldOf(form: Form, row: Row, besides: ReadonlySet<string>): Told {
  const { item, answer, said: merged, photos: all, isFailed } = row;
  const { code, question } = item;
  const photos = all.filter(({ id }) => !besides.has(id));
  const about = { code, question, photos };
  if (merged?.conflict) {
    return { ...about, said: REMAINING.disputed, isFailed: false, isPlain: false };
  }
  const files = all.length ? filesInWords(all) : "";
  const words = answer ? answerInWords(form, item, answer) : "";
  const told = [words, files].filter(Boolean).join("；");
  const isPlain = answer?.result === "pass" && !answer.reason && !answer.note && !all.length;
  return { ...about, said: told || SUMMARY.unanswered, isFailed, isPlain };
}

function idOf({ id }: Merged): string {
  return id;
}
