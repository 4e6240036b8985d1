/**
 * What values are in an expression, and what each becomes where another kind is wanted.
 *
 * A text is a string ("" stands for a blank answer, a day is YYYY-MM-DD), a number an IEEE double,
 * a list holds the values of a name inside a table, seen from outside of it.
 */

export type Single = string | number | boolean;
export type Value = Single | Value[];

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const BLANKS_AROUND = /^[ \t\r\n]+|[ \t\r\n]+$/g;
const BLANKS = /[ \t\r\n]+/;
const DAY_MS = 86_400_000;
const FIRST_DAY = -719_162; // 0001-01-01
const LAST_DAY = 2_932_896; // 9999-12-31

/** Return the one value that a list stands for: its first, blank if it has none. */
export function single(value: Value): Single {
  let one = value;
  while (Array.isArray(one)) one = one.length > 0 ? (one[0] as Value) : "";
  return one;
}

/** Return whether nothing was given: a blank, or a table without rows. */
export function isBlank(value: Value): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0);
}

/**
 * Return a value as a number; a text that is neither a decimal nor a day that exists is NaN, a day
 * the number of days since 1970-01-01.
 */
export function toNumber(value: Value): number {
  const one = single(value);
  if (typeof one === "number") return one;
  if (typeof one === "boolean") return one ? 1 : 0;
  const text = trimmed(one);
  return DECIMAL.test(text) ? Number(text) : dayNumber(text);
}

/**
 * Return a value as text: numbers in the fewest digits that read back as the same double, never
 * with an exponent; -0 is "0".
 */
export function toText(value: Value): string {
  const one = single(value);
  if (typeof one === "string") return one;
  return typeof one === "number" ? digits(one) : String(one);
}

/** Return whether a value counts as true; a list does as soon as it has a value, if a blank one. */
export function toBool(value: Value): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Return a text without the blanks of XML around it. */
export function trimmed(text: string): string {
  return text.replace(BLANKS_AROUND, "");
}

/** Return what the blanks of XML set apart. */
export function words(text: string): string[] {
  return text.split(BLANKS).filter((word) => word !== "");
}

/** Return the days from 1970-01-01 to a day that exists, written YYYY-MM-DD; else NaN. */
export function dayNumber(text: string): number {
  const parts = DAY.exec(text);
  if (parts === null) return NaN;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  const exists = year > 0 && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  return exists ? moment.getTime() / DAY_MS : NaN;
}

/** Return the day of such a number, part of a day cut off; "" outside of the years 1 to 9999. */
export function dayText(number: number): string {
  const day = Math.floor(number);
  if (!(day >= FIRST_DAY && day <= LAST_DAY)) return "";
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Compare as XPath 1.0 has it; of a list it is enough that one of its values fits. */
export function equal(left: Value, right: Value): boolean {
  return somePair(equalSingles, left, right);
}

/** Not the opposite of `equal`: of a list it is enough that one of its values differs. */
export function unequal(left: Value, right: Value): boolean {
  return somePair((one, other) => !equalSingles(one, other), left, right);
}

/** Return whether `holds` for two values as numbers, of a list for one of them. */
export function ordered(
  holds: (left: number, right: number) => boolean,
  left: Value,
  right: Value,
): boolean {
  return somePair((one, other) => holds(toNumber(one), toNumber(other)), left, right);
}

function equalSingles(left: Single, right: Single): boolean {
  if (typeof left === "boolean" || typeof right === "boolean") {
    return toBool(left) === toBool(right);
  }
  if (typeof left === "number" || typeof right === "number") {
    return toNumber(left) === toNumber(right);
  }
  return left === right;
}

function somePair(
  holds: (left: Single, right: Single) => boolean,
  left: Value,
  right: Value,
): boolean {
  if (!Array.isArray(left) && !Array.isArray(right)) return holds(left, right);
  // Beside a truth, a list is a truth itself.
  if (typeof left === "boolean" || typeof right === "boolean") {
    return holds(toBool(left), toBool(right));
  }
  const lefts = Array.isArray(left) ? left : [left];
  const rights = Array.isArray(right) ? right : [right];
  return lefts.some((one) => rights.some((other) => somePair(holds, one, other)));
}

function digits(number: number): string {
  const written = String(number === 0 ? 0 : number);
  const parts = /^(-?)([0-9])(?:\.([0-9]+))?e([+-][0-9]+)$/.exec(written);
  if (parts === null) return written;
  const figures = (parts[2] as string) + (parts[3] ?? "");
  const point = 1 + Number(parts[4]); // places before the decimal point
  const shown = point > 0 ? figures.padEnd(point, "0") : `0.${"0".repeat(-point)}${figures}`;
  return (parts[1] as string) + shown;
}
