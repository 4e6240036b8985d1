/** Files that were saved for a table and stand in none of its rows: a page ended in between. */

import type { Item } from "../../../forms/body.ts";
import type { Item as Merged } from "../../../merging/items.ts";
import { valueOf } from "../filling-state.ts";

const PREFIX = "photo/";

/** Return the files of a table that no cell names, whatever table in a row it is. */
export function rowless(photos: readonly Merged[], given: unknown): readonly Merged[] {
  if (photos.length === 0) return photos;
  const named = new Set<unknown>();
  note(given, named);
  return photos.filter(({ id }) => !named.has(id.slice(PREFIX.length)));
}

/** Return those of them that a column may hold. */
export function fitting(files: readonly Merged[], { kind }: Pick<Item, "kind">): readonly Merged[] {
  if (kind === "file") return files;
  return files.filter((one) => String(valueOf(one)["mime"]).startsWith(`${kind}/`));
}

function note(value: unknown, named: Set<unknown>): void {
  if (Array.isArray(value)) for (const one of value) note(one, named);
  else if (value !== null && typeof value === "object") note(Object.values(value), named);
  else named.add(value);
}
