/** What is left to be done before a visit ends, in the order in which an officer would do it. */

import { lacks, valueOf } from "../../../checklist/filling-state.ts";
import type { ChecklistState, Row } from "../../../checklist/filling-state.ts";
import { listed } from "../../../findings/listing.ts";
import type { Listable, Listed } from "../../../findings/listing.ts";
import { faultsOf, gradeOf, needsDecision } from "../../../findings/drafting/grading.ts";
import type { FindingValue } from "../../../findings/drafting/grading.ts";
import { faultOfMeasures } from "../../../findings/drafting/measures.ts";
import type { TeamMember } from "../../../reading/bodies.ts";
import { isOwed, owedRows } from "../../../reading/owing.ts";
import { personNamed } from "../../../reading/people.ts";
import type { Step } from "../../../router.ts";
import { attendeeRows, demandsOf, isExpert, signerRows } from "../../../session/signing.ts";
import type { Document, SignerRow } from "../../../session/signing.ts";
import type { SeenVisit } from "../../../session/visit.ts";
import { measuresNamed } from "../../../words/names.ts";
import { RECHECK } from "../../../rechecking/words.ts";
import { REMAINING, SIGNING } from "../../../words/signing.ts";

/** Where something is mended. */
export type Spot =
  | { readonly at: "step"; readonly step: Step }
  | { readonly at: "exchange" }
  | { readonly at: "sync" }
  | { readonly at: "item"; readonly form: string; readonly code: string }
  | { readonly at: "finding"; readonly finding: string }
  | { readonly at: "signer"; readonly document: Document; readonly key: string }
  /** Where it is told who signed, and nothing is to be signed. */
  | { readonly at: "signed"; readonly document: Document; readonly key: string };

export interface Remaining {
  readonly text: string;
  readonly spot: Spot;
  /** Whether it may be done on a partner's phone, of which this one has not heard. */
  readonly isUnknown?: true;
}

/** A visit and its checklists, as far as they are on this phone. */
export interface Filled extends Listable {
  readonly states: readonly ChecklistState[];
  /** Which measures go together; absent where this phone has not been told. */
  readonly together?: readonly string[] | undefined;
}

/** So many unanswered items of one checklist are named one by one. */
const MOST_NAMED = 3;
const MOST_TEXT = 24;

/**
 * Return what is left but for the signatures, which come when all of this is done.
 *
 * @param absent The titles of checklists that are not on this phone yet, by name.
 */
export function remainingOf(
  visit: SeenVisit,
  filled: Filled,
  absent: ReadonlyMap<string, string> = new Map(),
): Remaining[] {
  const sheets = filled.states.map((state) => ({ state, rows: state.rows() }));
  return [
    ...arrivals(visit),
    ...experts(visit),
    ...sheets.flatMap(({ state, rows }) => disputed(state, rows)),
    ...unrechecked(visit),
    ...otherDisputes(visit, new Set(filled.states.flatMap(seenIn)), absent),
    ...sheets.flatMap(({ state, rows }) => [...unanswered(state, rows), ...faulty(state, rows)]),
    ...findings(sheets.flatMap(({ rows }) => unasked(rows)), filled),
  ];
}

/** Return a line for each checklist that has still to come from the server. */
export function lackingForms(titles: readonly string[]): Remaining[] {
  return titles.map((title) => ({ text: REMAINING.noForm(title), spot: { at: "sync" } }));
}

/**
 * Return the problems whose measure binds only by a 现场处理措施决定书. The office makes it, so they
 * keep no record open and the phone never knows whether it was made: the team is told to ask.
 */
export function decisionsOf(visit: Listable): Remaining[] {
  return listed(visit)
    .filter(({ finding }) => !finding.conflict)
    .filter(({ finding }) => needsDecision(valueOf(finding) as unknown as FindingValue))
    .map(({ finding }) => {
      const value = valueOf(finding);
      const text = REMAINING.undecided(findingNamed(value), measuresNamed(value));
      return { text, spot: { at: "finding", finding: finding.id } };
    });
}

/** Return the refusals that hold: each is to be reported, of which the phone knows nothing. */
export function refusalsOf(visit: SeenVisit): Remaining[] {
  return documentsOf(visit).flatMap((document) =>
    [
      ...signerRows(visit.record, document, visit.task.team),
      ...(document === "record" ? attendeeRows(visit.record) : []),
    ]
      .filter((row) => row.signature?.refused && !row.stale && !row.forEnterprise)
      .map((row) => ({
        text: REMAINING.refused(SIGNING[document], nameOf(row)),
        spot: { at: "signed", document, key: row.key } as const,
      })),
  );
}

/** Return what is signed: an order only where there is anything to put right. */
function documentsOf(visit: SeenVisit): readonly Document[] {
  return demandsOf(visit.record).length ? ["record", "order"] : ["record"];
}

/**
 * Return the signatures that are missing or stale, of the record and of an order. A team has more
 * phones than one: what is missing on this one may have been given on another.
 */
export function unsignedOf(visit: SeenVisit): Remaining[] {
  const isOneOfMany = visit.task.team.some((one) => one.user_id !== visit.user);
  return documentsOf(visit).flatMap((document) =>
    [
      ...owedRows(visit.record, document, visit.task.team).filter(isOwed),
      ...(document === "record" ? attendeeRows(visit.record).filter(isWanted) : []),
    ].map((row): Remaining => {
      const spot = { at: "signer", document, key: row.key } as const;
      const [what, who] = [SIGNING[document], nameOf(row)];
      return row.signature === null && isOneOfMany
        ? { text: REMAINING.notHere(what, who), spot, isUnknown: true }
        : { text: REMAINING.unsigned(what, who, row.signature !== null), spot };
    }),
  );
}

/** Whether a participant has to sign again, or at all: nobody but an expert has to. */
function isWanted(row: SignerRow): boolean {
  return !row.forEnterprise && (row.stale || (row.signature === null && isExpert(row)));
}

/** Return how a signer is called: the role, and the name of an officer or of who took part. */
export function nameOf({ signer, officer, person }: SignerRow): string {
  if (person) return personNamed(person.value);
  return [SIGNING.signers[signer], officer?.name].filter(Boolean).join(" ");
}

function arrivals({ task, user, arrivals: known, arrivalOff }: SeenVisit): Remaining[] {
  const absent = task.team.filter((one) => !known.has(one.user_id));
  const isOwn = (one: TeamMember): boolean => one.user_id === user;
  const others = absent.filter((one) => !isOwn(one)).map((one) => one.name);
  return [
    ...(absent.some(isOwn) ? [stepOf("arrive", REMAINING.notArrived)] : []),
    ...(arrivalOff ? [stepOf("arrive", REMAINING.arrivalOff)] : []),
    ...(others.length
      ? [{ text: REMAINING.othersNotArrived(others.join("、")), spot: { at: "exchange" } as const }]
      : []),
  ];
}

/** Experts are told apart by their units (an earlier version of this app did not ask for them). */
function experts({ participants }: SeenVisit): Remaining[] {
  return participants
    .filter(({ value }) => value.kind === "expert" && !value.unit?.trim())
    .map(({ value }) => stepOf("arrive", REMAINING.noUnit(personNamed(value))));
}

function disputed(state: ChecklistState, rows: readonly Row[]): Remaining[] {
  return rows
    .filter((row) => row.isVisible && row.said?.conflict)
    .map((row) => itemOf(state, row, REMAINING.disputed));
}

/** Return the answers that a checklist shows now. */
export function seenIn(state: ChecklistState): string[] {
  const rows = state.rows().filter((row) => row.isVisible);
  return rows.map((row) => state.itemOf(row.item.code));
}

/** Conflicts of whatever is no answer that is on the page. */
function otherDisputes(
  { record }: SeenVisit,
  shown: ReadonlySet<string>,
  absent: ReadonlyMap<string, string>,
): Remaining[] {
  const kinds = new Map<string, number>();
  const beyond = new Map<string, number>();
  const found: Remaining[] = [];
  for (const id of record.conflicts) {
    const [kind = "", form = ""] = id.split("/");
    if (shown.has(id)) continue;
    if (isBeyond(id, absent)) beyond.set(form, (beyond.get(form) ?? 0) + 1);
    else if (kind === "finding") {
      const text = `${findingNamed(valueOf(record.items.get(id) as never))}：${REMAINING.disputed}`;
      found.push({ text, spot: { at: "finding", finding: id } });
    } else kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  for (const [form, count] of beyond) {
    const text = REMAINING.disputesBeyond(absent.get(form) as string, count);
    found.push({ text, spot: { at: "sync" } });
  }
  for (const [kind, count] of kinds) {
    const step = STEPS[kind] ?? "signing";
    found.push(stepOf(step, REMAINING.disputes(REMAINING.kinds[kind] ?? kind, count)));
  }
  return found;
}

/** Whether an item is an answer of a checklist that is not on this phone yet. */
export function isBeyond(id: string, absent: ReadonlyMap<string, string>): boolean {
  const [kind, form = ""] = id.split("/");
  return kind === "answer" && absent.has(form);
}

const STEPS: Readonly<Record<string, Step>> = {
  visit: "arrive",
  participant: "arrive",
  gap: "arrive",
  note: "feedback",
  recheck: "findings",
};

function unanswered(state: ChecklistState, rows: readonly Row[]): Remaining[] {
  const left = rows.filter((row) => row.isVisible && row.isMissing && !row.said?.conflict);
  if (left.length <= MOST_NAMED) return left.map((row) => itemOf(state, row, REMAINING.open));
  const [first] = left as [Row, ...Row[]];
  const { form } = state;
  const spot = { at: "item", form: form.name, code: first.item.code } as const;
  return [{ text: REMAINING.unanswered(form.title, left.length), spot }];
}

/** Problems of an earlier check without a result: closing refuses a recheck that leaves one out. */
function unrechecked({ record, earlier = [] }: SeenVisit): Remaining[] {
  const left = earlier.filter(({ item, isOpen }) => isOpen && !record.items.get(item)?.live);
  if (left.length > MOST_NAMED) return [stepOf("findings", RECHECK.openMany(left.length))];
  return left.map(({ inspection, number, text }) =>
    stepOf("findings", RECHECK.open(RECHECK.which(inspection, number), shortened(text))),
  );
}

function faulty(state: ChecklistState, rows: readonly Row[]): Remaining[] {
  return rows
    .filter((row) => row.isVisible)
    .map((row) => ({ row, reasons: [...row.faults, lacks(row)].filter(Boolean) }))
    .filter(({ reasons }) => reasons.length > 0)
    .map(({ row, reasons }) => itemOf(state, row, reasons.join("；")));
}

/** Findings of items that are not 不符合 any more, or are not asked: closing refuses them. */
function unasked(rows: readonly Row[]): [string, string][] {
  return rows
    .filter((row) => !(row.isVisible && row.isFailed))
    .flatMap((row) =>
      row.findings.map((finding): [string, string] => [
        finding.id,
        row.isVisible ? REMAINING.notFailed(row.item.code) : REMAINING.notAsked(row.item.code),
      ]),
    );
}

function findings(unfounded: readonly (readonly [string, string])[], visit: Filled): Remaining[] {
  const apart = new Map(unfounded);
  return listed(visit).flatMap((one) => {
    const faults = [apart.get(one.finding.id) ?? "", ...faultsIn(one, visit)].filter(Boolean);
    if (faults.length === 0) return [];
    const text = `${findingNamed(valueOf(one.finding))}：${faults.join("；")}`;
    return [{ text, spot: { at: "finding", finding: one.finding.id } as const }];
  });
}

function faultsIn({ finding, suggestion, answer }: Listed, visit: Filled): readonly string[] {
  if (finding.conflict) return []; // settled first; it may be whole then
  const value = valueOf(finding) as unknown as FindingValue;
  const faults = faultsOf(value, gradeOf(suggestion), answer?.note ?? "", visit.day);
  return [...faults, faultOfMeasures(value, visit.together)];
}

function findingNamed({ text }: Readonly<Record<string, unknown>>): string {
  return `问题“${shortened(String(text ?? ""))}”`;
}

function itemOf({ form }: ChecklistState, { item }: Row, reason: string): Remaining {
  const text = `${item.code} ${shortened(item.question)}：${reason}`;
  return { text, spot: { at: "item", form: form.name, code: item.code } };
}

function stepOf(step: Step, text: string): Remaining {
  return { text, spot: { at: "step", step } };
}

function shortened(text: string): string {
  const signs = [...text];
  return signs.length > MOST_TEXT ? `${signs.slice(0, MOST_TEXT - 1).join("")}…` : text;
}
