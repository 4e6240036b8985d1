/** Merged items as the record has them, for tests that need no journal. */

import { canonical } from "../../src/core/canonical.ts";
import type { Head, Item } from "../../src/merging/items.ts";

let count = 0;

export const ME = "0198cccc-0000-4000-8000-000000000001";
export const PARTNER = "0198cccc-0000-4000-8000-000000000002";

export function head(value: unknown, user = ME, type = "answer.set"): Head {
  count += 1;
  const at = String(count).padStart(4, "0");
  return {
    id: `${at}#0`,
    type,
    value,
    blob: "",
    replica: user,
    user,
    seq: count,
    wall: `2026-03-02T09:${String(count % 60).padStart(2, "0")}:00.000+08:00`,
    hlc: `177241320${at}-0000-006fb259`,
    parents: [],
    canonical: canonical(value),
    settledReason: "",
  };
}

/** Return an item of these heads, folded as `merging/items.ts` does. */
export function item(id: string, ...heads: readonly Head[]): Item {
  const conflict = new Set(heads.map((one) => one.canonical)).size > 1;
  return {
    id,
    heads,
    gone: [],
    conflict,
    live: heads.some((one) => one.value !== null),
    value: conflict ? null : (heads[0]?.value ?? null),
    users: [...new Set(heads.map((one) => one.user))].sort(),
  };
}

export function byId(...items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((one) => [one.id, one]));
}
