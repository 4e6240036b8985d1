/**
 * What an officer saw of an item when its form opened: a save replaces that and nothing else.
 *
 * What came in meanwhile, by a sync or from the partner, stays beside it, and the difference shows
 * as a conflict. A draft that outlives the app keeps it, too.
 */

import type { Head, Item } from "../merging/items.ts";

/** An item as far as it counts what was seen of it; an `Item` is one. */
export interface Seen {
  readonly heads: readonly { readonly id: string }[];
  readonly conflict: boolean;
}

/** Nobody had said anything of it. */
export const NOTHING_SEEN: Seen = { heads: [], conflict: false };

/** Return what a draft keeps of what its form showed. */
export function seenOf(item: Seen | undefined): Seen {
  const { heads, conflict } = item ?? NOTHING_SEEN;
  return { heads: heads.map(({ id }) => ({ id })), conflict };
}

/**
 * Return the heads that stand now and were seen, or were saved on this phone since, and whether
 * they disagree, or did when they were seen.
 *
 * @param seen By default everything that stands.
 */
export function citable(
  now: Item | undefined,
  seen: Seen | undefined,
  replica: string,
): { readonly heads: readonly Head[]; readonly conflict: boolean } {
  const standing = now?.heads ?? [];
  const ids = new Set((seen ?? now)?.heads.map((head) => head.id));
  const heads = standing.filter((head) => ids.has(head.id) || head.replica === replica);
  const differ = new Set(heads.map((head) => head.canonical)).size > 1;
  return { heads, conflict: differ || (seen?.conflict ?? false) };
}

/** Whether others have said something of an item since it was seen. */
export function isNewer(now: Item | undefined, seen: Seen, user: string): boolean {
  const ids = new Set(seen.heads.map((head) => head.id));
  return (now?.heads ?? []).some((head) => !ids.has(head.id) && head.user !== user);
}
