/** RFC 8785: the one way to write plain data, which digests are taken of and values compared by. */

/**
 * Return the form of plain JSON data; JavaScript writes numbers as RFC 8785 has them.
 *
 * @throws TypeError for what JSON has no way to write.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") {
    return JSON.stringify(value);
  }
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(`no JSON: ${String(value)}`);
  const fields = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(fields).sort(); // by UTF-16 units, as RFC 8785 has it
  const members = names.map((name) => `${JSON.stringify(name)}:${canonical(fields[name])}`);
  return `{${members.join(",")}}`;
}

/** Compare by code point, as bytes of UTF-8 do and `<` does not beyond U+FFFF. */
export function byCodePoint(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  if (at === one.length || at === other.length) return one.length - other.length;
  return rank(one.charCodeAt(at)) - rank(other.charCodeAt(at));
}

/** Return a number by which halves of pairs come behind every other unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
