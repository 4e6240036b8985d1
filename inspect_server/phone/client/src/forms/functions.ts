/** The functions of expressions, over values that are already worked out. */

import { dayText, single, toBool, toNumber, toText, trimmed, words } from "./values.ts";
import type { Value } from "./values.ts";

/** Decimal places, or powers of ten, that `round()` knows. */
const MAX_PLACES = 15;
const POWERS = Array.from({ length: MAX_PLACES + 1 }, (_, places) => Number(`1e${places}`));

/** `if`, `coalesce`, `regex` and `today` see more than values: `expressions.ts` has them. */
export const FUNCTIONS: ReadonlyMap<string, (...values: Value[]) => Value> = new Map<
  string,
  (...values: Value[]) => Value
>([
  ["selected", (chosen, choice) => isSelected(toText(chosen!), trimmed(toText(choice!)))],
  ["count-selected", (chosen) => words(toText(chosen!)).length],
  ["selected-at", (chosen, index) => wordAt(words(toText(chosen!)), toNumber(index!))],
  ["not", (value) => !toBool(value!)],
  ["true", () => true],
  ["false", () => false],
  ["number", (value) => toNumber(value!)],
  ["string", (value) => toText(value!)],
  ["int", (value) => Math.trunc(toNumber(value!)) + 0], // + 0: never -0
  ["round", (value, places) => rounded(toNumber(value!), toNumber(places ?? 0))],
  ["abs", (value) => Math.abs(toNumber(value!))],
  ["min", (...values) => extreme(values, (one, other) => one < other)],
  ["max", (...values) => extreme(values, (one, other) => one > other)],
  ["sum", (value) => numbersIn([value!]).reduce((total, number) => total + number, 0)],
  ["count", (value) => (Array.isArray(value) ? value.length : 1)],
  ["string-length", (value) => length(toText(value!))],
  ["concat", (...values) => values.map(toText).join("")],
  ["contains", (text, part) => toText(text!).includes(toText(part!))],
  ["starts-with", (text, part) => toText(text!).startsWith(toText(part!))],
  ["ends-with", (text, part) => toText(text!).endsWith(toText(part!))],
  ["substr", (text, start, end) => partOf(text!, toNumber(start!), toNumber(end ?? Infinity))],
  ["normalize-space", (text) => words(toText(text!)).join(" ")],
  ["date", (value) => dayText(toNumber(value!))],
]);

/** Return the value, or the other one where it is blank or no number. */
export function coalesce(value: Value, other: () => Value): Value {
  const one = single(value);
  return one === "" || Number.isNaN(one) ? single(other()) : one;
}

/** Return how many characters a text has, as people and Python count them. */
function length(text: string): number {
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters;
}

function isSelected(chosen: string, choice: string): boolean {
  const found = words(chosen);
  return choice === "" ? found.length === 0 : found.includes(choice);
}

function wordAt(found: string[], index: number): string {
  return index > -1 && index < found.length ? (found[Math.trunc(index)] as string) : "";
}

/** A half goes up; it is looked for after the whole part is known, so that none is made up. */
function rounded(number: number, places: number): number {
  if (!(Math.abs(places) <= MAX_PLACES)) return NaN;
  const power = POWERS[Math.abs(Math.trunc(places))] as number;
  const scaled = places >= 0 ? number * power : number / power;
  if (!Number.isFinite(scaled)) return number;
  const floor = Math.floor(scaled);
  const whole = floor + (scaled - floor >= 0.5 ? 1 : 0);
  return places >= 0 ? whole / power : whole * power;
}

function numbersIn(values: Value[]): number[] {
  return values.flatMap((value) => (Array.isArray(value) ? value : [value])).map(toNumber);
}

function extreme(values: Value[], isFurther: (one: number, other: number) => boolean): number {
  const numbers = numbersIn(values);
  if (numbers.length === 0 || numbers.some(Number.isNaN)) return NaN;
  return numbers.reduce((best, number) => (isFurther(number, best) ? number : best));
}

function partOf(text: Value, start: number, end: number): string {
  if (Number.isNaN(start) || Number.isNaN(end)) return "";
  const characters = [...toText(text)];
  // `slice` cuts fractions off and counts negative places from the end, too.
  return characters.slice(start, end).join("");
}
