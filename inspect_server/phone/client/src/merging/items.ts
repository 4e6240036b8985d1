/** One item as folded: a register of values that no other value has replaced. */

import { canonical } from "../core/canonical.ts";
import type { Operation } from "../core/entries.ts";
import { TYPES } from "../core/values.ts";
import { RESOLVE, foldRegister } from "./register.ts";

/** The RFC 8785 form of nothing, as which every retraction counts. */
const RETRACTED = "null";

/** A value that no other value has replaced. */
export interface Head {
  readonly id: string;
  readonly type: string;
  /** Plain data; of a resolution the chosen value; null when retracted. */
  readonly value: unknown;
  readonly blob: string;
  readonly replica: string;
  readonly user: string;
  readonly seq: number;
  readonly wall: string;
  readonly hlc: string;
  readonly parents: readonly string[];
  /** The value's RFC 8785 form: equal values have equal ones. */
  readonly canonical: string;
  /** Why the lead chose it; empty when it is no resolution. */
  readonly settledReason: string;
}

/** One register as folded. */
export interface Item {
  readonly id: string;
  /** Sorted by HLC, then id. */
  readonly heads: readonly Head[];
  /** Ids of operations replaced, sorted. */
  readonly gone: readonly string[];
  /** Whether phones disagree and the lead has not chosen. */
  readonly conflict: boolean;
  /** Whether at least one head is a value and no retraction. */
  readonly live: boolean;
  /** The agreed value as plain data; null when retracted or in conflict. */
  readonly value: unknown;
  /** The users whose heads stand, sorted: two when they corroborate each other. */
  readonly users: readonly string[];
}

/**
 * Fold the operations of one item.
 *
 * @param operations In any order, with any repetition; at least one.
 * @param gone Ids that are known to be replaced, though what replaced them is not at hand.
 * @param judged Ids whose own removals `gone` already contains; they remove nothing further.
 */
export function foldItem(
  operations: Iterable<Operation>,
  gone: Iterable<string> = [],
  judged: Iterable<string> = [],
): Item {
  const known = new Map<string, Operation>();
  for (const op of operations) if (!known.has(op.id)) known.set(op.id, op);
  const [first] = known.values();
  if (first === undefined) throw new RangeError("an item has at least one operation");
  const folded = foldRegister(known, new Set(gone), new Set(judged), effectiveForm);
  return itemOf(first.item, folded.heads, folded.gone);
}

/** Return the RFC 8785 form of the value that an operation gives its item. */
function effectiveForm(op: Operation): string {
  if (op.type === RESOLVE) return canonical(resolution(op).chosen);
  return TYPES.get(op.type)?.retracts ? RETRACTED : op.canonical;
}

function itemOf(id: string, operations: Iterable<Operation>, gone: Iterable<string>): Item {
  const heads = Array.from(operations, headOf).sort(byClock);
  const live = heads.filter((head) => head.canonical !== RETRACTED);
  const conflict = new Set(heads.map((head) => head.canonical)).size > 1;
  return {
    id,
    heads,
    gone: [...gone].sort(),
    conflict,
    live: live.length > 0,
    value: conflict ? null : (heads[0]?.value ?? null),
    users: [...new Set(heads.map((head) => head.user))].sort(),
  };
}

function headOf(op: Operation): Head {
  const { id, type, blob, replica, user, seq, wall, hlc, parents } = op;
  const form = effectiveForm(op);
  const settled = type === RESOLVE ? resolution(op) : { chosen: op.value, reason: "" };
  return {
    id,
    type,
    value: form === RETRACTED ? null : settled.chosen,
    blob,
    replica,
    user,
    seq,
    wall,
    hlc,
    parents,
    canonical: form,
    settledReason: settled.reason,
  };
}

function resolution(op: Operation): { readonly chosen: unknown; readonly reason: string } {
  return op.value as { chosen: unknown; reason: string };
}

function byClock(one: Head, other: Head): number {
  return compared(one.hlc, other.hlc) || compared(one.id, other.id);
}

function compared(one: string, other: string): number {
  return Number(one > other) - Number(one < other);
}
