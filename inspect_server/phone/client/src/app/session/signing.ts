/** Who signs what, and how the signatures stand; nothing here touches the phone. */

import type { MergedRecord, SignatureState } from "../../merging/record.ts";
import type { TeamMember } from "../reading/bodies.ts";

export type Document = "record" | "order";
export type Signer = "lead" | "member" | "enterprise" | "witness";

/** What `signature.add` says, as far as it is shown. */
interface Signature {
  readonly signer: Signer;
  readonly name: string;
  readonly officer_id?: string;
  readonly refused: boolean;
  readonly refusal_reason: string;
  readonly document?: Document;
}

/** The latest signature of one signer to one document; null where there is none. */
export interface SignerRow {
  /** Tells one row from another: the role, and of several officers whose. */
  readonly key: string;
  readonly signer: Signer;
  /** Who of the team it is; undefined for who is none of it. */
  readonly officer?: TeamMember;
  readonly signature: (Signature & { readonly item: string; readonly wall: string }) | null;
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
}

/** Who signs beside the team, as the paper has it. */
interface Expected {
  readonly signer: Signer;
  readonly officer?: TeamMember;
}

/**
 * Return one row for each who has to sign a document, and a witness where one is called for.
 *
 * @param team Each of it signs; without it, one lead and one member.
 */
export function signerRows(
  record: MergedRecord,
  document: Document,
  team: readonly TeamMember[] = [],
): SignerRow[] {
  const given = [...record.signatures.values()].filter((state) => {
    const value = state.head.value as Signature | null;
    return value !== null && (value.document ?? "record") === document;
  });
  const of = (expected: Expected): SignatureState | undefined =>
    given
      .filter((state) => isOf(expected, state.head.value as Signature))
      .reduce<SignatureState | undefined>(
        (last, state) => (last === undefined || last.head.hlc < state.head.hlc ? state : last),
        undefined,
      );
  const enterprise = of({ signer: "enterprise" })?.head.value as Signature | undefined;
  const needsWitness = enterprise?.refused === true || of({ signer: "witness" }) !== undefined;
  const officers: readonly Expected[] = team.length
    ? [...team.filter(isLead), ...team.filter((one) => !isLead(one))].map((officer) => {
        return { signer: officer.role, officer };
      })
    : [{ signer: "lead" }, { signer: "member" }];
  const others: readonly Signer[] = needsWitness ? ["enterprise", "witness"] : ["enterprise"];
  return [...officers, ...others.map((signer) => ({ signer }))].map((one) => rowOf(one, of(one)));
}

function isLead(one: TeamMember): boolean {
  return one.role === "lead";
}

/** Whether a signature is this signer's: of a team the officer counts, as when it is closed. */
function isOf({ signer, officer }: Expected, value: Signature): boolean {
  if (value.signer !== signer) return false;
  return officer === undefined || value.officer_id === officer.officer_id;
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
      const { text, place, level, basis, measure } = value;
      const deadline = value.measure === "rectify_now" ? "" : value.deadline;
      return [{ item: item.id, text, place, level, basis, measure, deadline }];
    });
}

function rowOf(expected: Expected, state: SignatureState | undefined): SignerRow {
  const key = expected.officer ? expected.officer.user_id : expected.signer;
  const whose = { ...expected, key };
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
