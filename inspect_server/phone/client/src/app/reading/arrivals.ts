/** When somebody arrived: a correction moves no arrival (docs/sync.md, "Arrivals"). */

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
