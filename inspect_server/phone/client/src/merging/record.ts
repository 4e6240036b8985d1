/** An inspection as folded from its operations: its items, its conflicts, what signatures saw. */

import { viewDigest } from "../core/digests.ts";
import type { Operation } from "../core/entries.ts";
import { foldItem } from "./items.ts";
import type { Head, Item } from "./items.ts";

const SIGNATURE = "signature.add";

/** A signature, and how what it saw relates to the record now. */
export interface SignatureState {
  readonly item: string;
  readonly head: Head;
  /** The record, or the order, is no longer what was signed. */
  readonly stale: boolean;
  /** Items captured before it that were not in its view (签名时未见), sorted. */
  readonly unseen: readonly string[];
}

/** One inspection as folded from its operations. */
export interface MergedRecord {
  readonly assignment: string;
  /** By item id, sorted. */
  readonly items: ReadonlyMap<string, Item>;
  /** Operation ids that a signature to the record would cite now, sorted. */
  readonly live: readonly string[];
  /** Their digest. */
  readonly view: string;
  /** Operation ids that a signature to an order would cite now, sorted. */
  readonly ordered: readonly string[];
  /** Item ids, sorted. */
  readonly conflicts: readonly string[];
  /** By item id, sorted; of an item with several (a cloned phone's), the last one's. */
  readonly signatures: ReadonlyMap<string, SignatureState>;
}

/** What a signature speaks of. */
type Subject = (item: string) => boolean;

/** Fold every operation of one inspection; those of others must not be among them. */
export function fold(assignment: string, operations: Iterable<Operation>): Promise<MergedRecord> {
  const known = new Map(Array.from(operations, (op) => [op.id, op] as const));
  const byItem = new Map<string, Operation[]>();
  for (const op of known.values()) {
    const found = byItem.get(op.item);
    if (found) found.push(op);
    else byItem.set(op.item, [op]);
  }
  return assemble(assignment, Array.from(byItem.values(), (ops) => foldItem(ops)), known);
}

/** Return the record of folded items; `known` holds the operations at hand, by id. */
export async function assemble(
  assignment: string,
  items: readonly Item[],
  known: ReadonlyMap<string, Operation>,
): Promise<MergedRecord> {
  const sorted = [...items].sort((one, other) => (one.id < other.id ? -1 : 1));
  const live = headsOf(sorted, isInRecord);
  const view = await viewDigest(live);
  const ordered = headsOf(sorted, isOrdered);
  const signatures = new Map<string, SignatureState>();
  for (const { id, heads } of sorted) {
    for (const head of heads) {
      if (head.type !== SIGNATURE) continue;
      const isOrder = (head.value as { document?: string }).document === "order";
      const stale = isOrder ? !isSame(head.parents, ordered) : await isStale(head, view);
      const unseen = unseenBy(head, known, isOrder ? isOrdered : isInRecord);
      signatures.set(id, { item: id, head, stale, unseen });
    }
  }
  return {
    assignment,
    items: new Map(sorted.map((item) => [item.id, item])),
    live,
    view,
    ordered,
    conflicts: sorted.filter((item) => item.conflict).map((item) => item.id),
    signatures,
  };
}

/** Return the items under `answer/`, `finding/` …, retracted ones left out. */
export function ofKind(record: MergedRecord, prefix: string): Item[] {
  return [...record.items.values()].filter((item) => item.live && item.id.startsWith(prefix));
}

/** Signatures themselves, given or withdrawn, and the end of capturing are not signed. */
function isInRecord(item: string): boolean {
  return !item.startsWith("signature/") && !item.startsWith("visit/complete/");
}

function isOrdered(item: string): boolean {
  return item.startsWith("finding/");
}

function headsOf(items: readonly Item[], belongs: Subject): string[] {
  const heads = items.filter((item) => belongs(item.id)).flatMap((item) => item.heads);
  return heads.map((head) => head.id).sort();
}

async function isStale(head: Head, view: string): Promise<boolean> {
  const cited = (head.value as { view: string }).view;
  return cited !== view || (await viewDigest(head.parents)) !== cited;
}

/** An order cites the findings as they are; its `view` is for whoever prints them. */
function isSame(parents: readonly string[], ordered: readonly string[]): boolean {
  const cited = [...parents].sort();
  return cited.length === ordered.length && cited.every((id, at) => id === ordered[at]);
}

function unseenBy(
  head: Head,
  known: ReadonlyMap<string, Operation>,
  belongs: Subject,
): readonly string[] {
  const seen = withAncestors(head.parents, known);
  const unseen = new Set<string>();
  for (const op of known.values()) {
    if (op.hlc < head.hlc && belongs(op.item) && !seen.has(op.id)) unseen.add(op.item);
  }
  return [...unseen].sort();
}

function withAncestors(
  ids: readonly string[],
  known: ReadonlyMap<string, Operation>,
): ReadonlySet<string> {
  const seen = new Set(ids);
  for (const id of seen) for (const parent of known.get(id)?.parents ?? []) seen.add(parent);
  return seen;
}
