/** Who signs what, and how the signatures stand; nothing here touches the phone. */

import type { MergedRecord, SignatureState } from "../../merging/record.ts";

export type Document = "record" | "order";
export type Signer = "lead" | "member" | "enterprise" | "witness";

/** What `signature.add` says, as far as it is shown. */
interface Signature {
  readonly signer: Signer;
  readonly name: string;
  readonly refused: boolean;
  readonly refusal_reason: string;
  readonly document?: Document;
}

/** The latest signature of one signer to one document; null where there is none. */
export interface SignerRow {
  readonly signer: Signer;
  readonly signature: (Signature & { readonly item: string; readonly wall: string }) | null;
  readonly stale: boolean;
  /** Kinds of items that it did not see, each with how many. */
  readonly unseen: readonly (readonly [kind: string, count: number])[];
}

/** A problem that the enterprise is ordered to put right. */
export interface Demand {
  readonly item: string;
  readonly text: string;
  readonly place: string;
  readonly level: string;
  readonly deadline: string;
}

const ALWAYS: readonly Signer[] = ["lead", "member", "enterprise"];

/** Return one row for each who has to sign a document, and a witness where one is called for. */
export function signerRows(record: MergedRecord, document: Document): SignerRow[] {
  const latest = new Map<Signer, SignatureState>();
  for (const state of record.signatures.values()) {
    const value = state.head.value as Signature | null;
    if (value === null || (value.document ?? "record") !== document) continue;
    const known = latest.get(value.signer);
    if (known === undefined || known.head.hlc < state.head.hlc) latest.set(value.signer, state);
  }
  const enterprise = latest.get("enterprise")?.head.value as Signature | undefined;
  const needsWitness = enterprise?.refused === true || latest.has("witness");
  const signers: readonly Signer[] = needsWitness ? [...ALWAYS, "witness"] : ALWAYS;
  return signers.map((signer) => rowOf(signer, latest.get(signer)));
}

/** Return what the order would demand: neither corrected on site nor referred to others. */
export function demandsOf(record: MergedRecord): Demand[] {
  return [...record.items.values()]
    .filter((item) => item.id.startsWith("finding/") && item.live && item.value !== null)
    .flatMap((item) => {
      const value = item.value as Omit<Demand, "item"> & {
        readonly corrected_on_site: boolean;
        readonly measure: string;
      };
      if (value.corrected_on_site || value.measure === "refer") return [];
      const { text, place, level } = value;
      const deadline = value.measure === "rectify_now" ? "" : value.deadline;
      return [{ item: item.id, text, place, level, deadline }];
    });
}

function rowOf(signer: Signer, state: SignatureState | undefined): SignerRow {
  if (state === undefined) return { signer, signature: null, stale: false, unseen: [] };
  const counts = new Map<string, number>();
  for (const item of state.unseen) {
    const kind = item.split("/", 1)[0] as string;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const value = state.head.value as Signature;
  return {
    signer,
    signature: { ...value, item: state.item, wall: state.head.wall },
    stale: state.stale,
    unseen: [...counts],
  };
}
