/** When somebody arrived: a correction moves no arrival (docs/sync.md, "Arrivals"). */

import type { Item } from "../../merging/items.ts";
import { today } from "./days.ts";

/**
 * Return when an arrival was.
 *
 * @param value What it says; of a correction, since when.
 * @param wall When it was saved.
 */
export function arrivedAt(value: unknown, wall: string): string {
  const said = (value as { readonly arrived_at?: unknown } | null)?.arrived_at;
  if (typeof said !== "string" || said === "") return wall;
  return Date.parse(said) < Date.parse(wall) ? said : wall;
}

/**
 * Return the first local day of a visit, today before anybody arrived: all that a page works out of
 * a checklist it works out for this day, as closing the record does.
 */
export function dayOf(items: ReadonlyMap<string, Item>): string {
  const days = [...items.values()]
    .filter((item) => item.id.startsWith("visit/start/") && item.live)
    .flatMap(({ heads }) => heads.map(({ value, wall }) => arrivedAt(value, wall).slice(0, 10)));
  return days.sort()[0] ?? today();
}
