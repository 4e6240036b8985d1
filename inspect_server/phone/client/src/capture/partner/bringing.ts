/** Whose phones speak in a partner's file, and by which code officers tell their keys apart. */

import type { Entry } from "../../core/entries.ts";

/** A phone of which entries came, or are to come. */
export interface Bringer {
  readonly replica: string;
  readonly user: string;
  readonly entries: number;
  /** Whether this phone holds its key already. */
  readonly isKnown: boolean;
}

/** Return the short code of a replica, which two officers compare: `1A2B 3C4D`. */
export function codeOf(replica: string): string {
  return `${replica.slice(0, 4)} ${replica.slice(4, 8)}`.toUpperCase();
}

/** Return who made entries, phone by phone, in the order of their first one. */
export function bringersOf(
  entries: readonly Entry[],
  known: ReadonlyMap<string, unknown>,
): readonly Bringer[] {
  const found = new Map<string, Bringer>();
  for (const { replica, user } of entries) {
    const key = `${replica} ${user}`;
    const count = (found.get(key)?.entries ?? 0) + 1;
    found.set(key, { replica, user, entries: count, isKnown: known.has(replica) });
  }
  return [...found.values()];
}
