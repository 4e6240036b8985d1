/** Who signs what, and how the signatures stand; nothing here touches the phone. */

import type { MergedRecord, SignatureState } from "../../merging/record.ts";
import type { TeamMember } from "../reading/bodies.ts";
import { said } from "./visit.ts";
import type { Participant, Said } from "./visit.ts";

export type Document = "record" | "order";
export type Signer = "lead" | "member" | "enterprise" | "witness" | "participant";
/** How somebody stands to what is to be signed. */
export type State = "unsigned" | "signed" | "refused" | "stale";

/** What `signature.add` says, as far as it is shown. */
interface Signature {
  readonly signer: Signer;
  readonly name: string;
  readonly officer_id?: string;
  readonly strokes: readonly unknown[];
  readonly refused: boolean;
  readonly refusal_reason: string;
  readonly document?: Document;
  readonly participant?: string;
}

/** The signature of one signer to one document that counts; null where there is none. */
export interface SignerRow {
  /** Tells one row from another: the role, of several officers whose, of participants the item. */
  readonly key: string;
  readonly signer: Signer;
  /** Who of the team it is; undefined for who is none of it. */
  readonly officer?: TeamMember;
  /** Who of those noted it is; undefined for anybody else. */
  readonly person?: Said<Participant>;
  readonly signature: (Signature & { readonly item: string; readonly wall: string }) | null;
  /** Whether that signature was given for the enterprise, and not for the person alone. */
  readonly forEnterprise: boolean;
  readonly stale: boolean;
  /** Kinds of items that it did not see, each with how many. */
  readonly unseen: readonly (readonly [kind: string, count: number])[];
  /** The items themselves, sorted. */
  readonly unseenItems: readonly string[];
}

/** A problem that the enterprise is ordered to put right. */
export interface Demand {
  readonly item: string;
  readonly text: string;
  readonly place: string;
  readonly level: string;
  readonly basis: string;
  readonly measure: string;
  readonly deadline: string;
  /** What is ordered beside it; absent where nothing is. */
  readonly further_measures?: readonly string[];
}

/** Who signs beside the team, as the paper has it. */
interface Expected {
  readonly signer: Signer;
  readonly officer?: TeamMember;
  readonly person?: Said<Participant>;
  /** Names of those who have rows of their own. */
  readonly besides?: ReadonlySet<string>;
}

/** Who is of no party: an expert assists, a witness looks on. */
const APART: ReadonlySet<string> = new Set(["expert", "witness"]);

/**
 * Return one row for each who has to sign a document, and witnesses where they are called for.
 *
 * @param team Each of it signs; without it, one lead and one member.
 */
export function signerRows(
  record: MergedRecord,
  document: Document,
  team: readonly TeamMember[] = [],
): SignerRow[] {
  const given = givenTo(record, document);
  const officers: readonly Expected[] = team.length
    ? [...team.filter(isLead), ...team.filter((one) => !isLead(one))].map((officer) => {
        return { signer: officer.role, officer };
      })
    : [{ signer: "lead" }, { signer: "member" }];
  const expected = [...officers, { signer: "enterprise" } as const];
  return [...expected, ...witnesses(record, document, given)].map((one) => rowOf(one, given));
}

/**
 * Return one row for each who took part and signs the record for themselves: first those of the
 * enterprise, then the experts. Who signed for the enterprise has signed; witnesses sign as such.
 */
export function attendeeRows(record: MergedRecord): SignerRow[] {
  const given = givenTo(record, "record");
  const people = peopleOf(record).filter(({ value }) => value.kind !== "witness");
  const names = people.filter((one) => !isApart(one)).map(({ value }) => value.name);
  const rows = people.map((person) => {
    const own = rowOf({ signer: "participant", person }, given);
    const { name } = person.value;
    const isOne = !isApart(person) && names.filter((other) => other === name).length === 1;
    if (own.signature !== null || !isOne) return own;
    const party = rowOf({ signer: "enterprise" }, given);
    if (party.signature?.name !== name) return own;
    return { ...party, key: own.key, signer: own.signer, person, forEnterprise: true };
  });
  return [...rows.filter((row) => !isExpert(row)), ...rows.filter(isExpert)];
}

/** Whether a row is an expert's. */
export function isExpert(row: SignerRow): boolean {
  return row.person?.value.kind === "expert";
}

/** Return how somebody stands to what is to be signed. */
export function stateOf({ signature, stale }: SignerRow): State {
  if (signature === null) return "unsigned";
  if (stale) return "stale";
  return signature.refused ? "refused" : "signed";
}

/** Return who is expected to sign for the enterprise: who is in charge of it, or on the spot. */
export function partyOf(record: MergedRecord): string {
  const people = peopleOf(record);
  const found = ["in_charge", "responsible"].flatMap((kind) =>
    people.filter(({ value }) => value.kind === kind),
  );
  return found[0]?.value.name ?? "";
}

/** Return those of the enterprise who are noted: one of them signs for it. */
export function ofEnterprise(record: MergedRecord): Said<Participant>[] {
  return peopleOf(record).filter((one) => !isApart(one));
}

/** Return what the order would demand: neither corrected on site nor referred to others. */
export function demandsOf(record: MergedRecord): Demand[] {
  return [...record.items.values()]
    .filter((item) => item.id.startsWith("finding/") && item.live && item.value !== null)
    .flatMap((item) => {
      const value = item.value as Omit<Demand, "item"> & {
        readonly corrected_on_site: boolean;
      };
      if (value.corrected_on_site || value.measure === "refer") return [];
      const { text, place, level, basis, measure, further_measures: further } = value;
      const deadline = value.measure === "rectify_now" ? "" : value.deadline;
      const demand = { item: item.id, text, place, level, basis, measure, deadline };
      return [further ? { ...demand, further_measures: further } : demand];
    });
}

function givenTo(record: MergedRecord, document: Document): SignatureState[] {
  return [...record.signatures.values()].filter((state) => {
    const value = state.head.value as Signature | null;
    return value !== null && (value.document ?? "record") === document;
  });
}

function peopleOf(record: MergedRecord): Said<Participant>[] {
  return said<Participant>(record, "participant/");
}

/**
 * Return who witnesses: on the record everybody noted as a witness, on an order only of a refusal;
 * of a refusal somebody at any rate, and whoever signed as one.
 */
function witnesses(
  record: MergedRecord,
  document: Document,
  given: readonly SignatureState[],
): Expected[] {
  const values = given.map((state) => state.head.value as Signature);
  const noted = peopleOf(record).filter(({ value }) => value.kind === "witness");
  const isRefused = values.some((one) => one.refused && one.signer !== "witness");
  const names = new Set(noted.map(({ value }) => value.name));
  const others = values.some((one) => one.signer === "witness" && !names.has(one.name));
  const isCalled = document === "record" || isRefused || values.some(isWitness);
  const called = isCalled ? noted : [];
  const isAnother = others || (isRefused && called.length === 0);
  return [
    ...called.map((person) => ({ signer: "witness", person }) as const),
    ...(isAnother ? [{ signer: "witness", besides: names } as const] : []),
  ];
}

function isWitness({ signer }: Signature): boolean {
  return signer === "witness";
}

function isApart({ value }: Said<Participant>): boolean {
  return APART.has(value.kind);
}

function isLead(one: TeamMember): boolean {
  return one.role === "lead";
}

/** Whether a signature is this signer's: of a team the officer counts, as when it is closed. */
function isOf({ signer, officer, person, besides }: Expected, value: Signature): boolean {
  if (value.signer !== signer) return false;
  if (signer === "participant") return value.participant === person?.item;
  if (signer === "witness") {
    return person ? value.name === person.value.name : !besides?.has(value.name);
  }
  return officer === undefined || value.officer_id === officer.officer_id;
}

/** Whether a signature counts before another of the same signer: one that holds, then the last. */
function outweighs(one: SignatureState, other: SignatureState): boolean {
  return one.stale === other.stale ? one.head.hlc > other.head.hlc : other.stale;
}

function rowOf(expected: Expected, given: readonly SignatureState[]): SignerRow {
  const { signer, officer, person } = expected;
  const state = given
    .filter((one) => isOf(expected, one.head.value as Signature))
    .reduce<SignatureState | undefined>(
      (last, one) => (last === undefined || outweighs(one, last) ? one : last),
      undefined,
    );
  const key = officer?.user_id ?? person?.item ?? signer;
  const whose = {
    key,
    signer,
    ...(officer && { officer }),
    ...(person && { person }),
    forEnterprise: false,
  };
  if (state === undefined) {
    return { ...whose, signature: null, stale: false, unseen: [], unseenItems: [] };
  }
  const counts = new Map<string, number>();
  for (const item of state.unseen) {
    const kind = item.split("/", 1)[0] as string;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const value = state.head.value as Signature;
  return {
    ...whose,
    signature: { ...value, item: state.item, wall: state.head.wall },
    stale: state.stale,
    unseen: [...counts],
    unseenItems: state.unseen,
  };
}
