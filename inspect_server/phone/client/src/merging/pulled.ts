/** Items as the server folded them, and merged with what this phone has not delivered yet. */

import { canonical } from "../core/canonical.ts";
import type { Operation } from "../core/entries.ts";
import { foldItem } from "./items.ts";
import type { Item } from "./items.ts";

/** One item as the server folded it: its heads as operations, and what they replaced. */
export interface Pulled {
  readonly heads: readonly Operation[];
  readonly gone: readonly string[];
}

/** The body of a pulled `item` document. */
export interface ItemBody {
  readonly item: string;
  readonly heads: readonly PulledHead[];
  readonly gone: readonly string[];
}

interface PulledHead extends Omit<Operation, "assignment" | "item" | "canonical" | "blob"> {
  readonly blob: string | null;
  readonly settled_reason?: string;
}

export const NOTHING_PULLED: Pulled = { heads: [], gone: [] };

/** Return what the body of an item document says of a task. */
export function pulledItem(body: ItemBody, task: string): Pulled {
  return { heads: body.heads.map((head) => operationOf(head, body.item, task)), gone: body.gone };
}

/**
 * Return a pulled item merged with local operations, undefined where there is neither.
 *
 * The server judged already what pulled heads remove.
 */
export function foldPulled(pulled: Pulled, local: Iterable<Operation>): Item | undefined {
  const together = [...pulled.heads, ...local];
  if (together.length === 0) return undefined;
  const judged = [...pulled.heads.map((head) => head.id), ...pulled.gone];
  return foldItem(together, pulled.gone, judged);
}

function operationOf(head: PulledHead, item: string, task: string): Operation {
  const { id, type, parents, replica, seq, user, wall, hlc } = head;
  const value = written(head);
  const form = canonical(value);
  const blob = head.blob ?? "";
  return {
    id,
    assignment: task,
    item,
    type,
    parents,
    value,
    canonical: form,
    blob,
    replica,
    seq,
    user,
    wall,
    hlc,
  };
}

/** Return the value as its operation wrote it; of a retraction the reason is not pulled. */
function written(head: PulledHead): unknown {
  if (head.type === "conflict.resolve") {
    return { chosen: head.value, reason: head.settled_reason ?? "" };
  }
  return head.value ?? { reason: "" };
}
