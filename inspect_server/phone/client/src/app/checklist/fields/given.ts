/** Between what a field holds and what an answer sends. */

import { WrongValue, read, readRows } from "../../../forms/given.ts";
import { words } from "../../../forms/values.ts";
import type { Item } from "../../../forms/body.ts";
import type { Strokes } from "../../parts/entry/strokes.ts";

/** A signature as an answer has it. */
export interface Signed {
  readonly name: string;
  readonly strokes: Strokes;
}

const NUMBERS: ReadonlySet<string> = new Set(["integer", "decimal", "range"]);

export function isNumber(item: Item): boolean {
  return NUMBERS.has(item.kind);
}

/** Return a number as typed on any keyboard in the form in which it is sent. */
export function numberOf(typed: string): string {
  const plain = typed
    .normalize("NFKC")
    .replace(/[\s,，]/gu, "")
    .replace(/[。．]/gu, ".")
    .replace(/[−–—]/gu, "-");
  return plain
    .replace(/^\+/u, "")
    .replace(/^(-?)0+(?=[0-9])/u, "$1")
    .replace(/^(-?)\./u, "$10.")
    .replace(/\.$/u, "");
}

/** Return why a value is none of the item's kind, "" where it is one. */
export function misfit(item: Item, given: unknown): string {
  try {
    if (item.kind === "repeat") return readRows(item, given)[1][0]?.reason ?? "";
    read(item, given);
    return "";
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    return error.message;
  }
}

/** Return what a prefilled text is as an answer, undefined where it is none of the kind. */
export function prefilledGiven(item: Item, text: string): unknown {
  if (text === "") return undefined;
  const given = item.kind === "select_multiple" ? words(text) : placed(item, text);
  return misfit(item, given) === "" ? given : undefined;
}

function placed(item: Item, text: string): unknown {
  if (item.kind !== "geopoint") return text;
  const [latitude = "", longitude = ""] = words(text);
  return { latitude, longitude, accuracy_m: "", datum: "WGS-84" };
}

/** Return a moment of `<input type="datetime-local">` with this phone's offset, "" for none. */
export function momentOf(local: string, offsetMinutes: number): string {
  if (local === "") return "";
  const [hours, minutes] = [Math.trunc(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  const two = (number: number): string => String(number).padStart(2, "0");
  const sign = offsetMinutes > 0 ? "-" : "+"; // Date counts minutes behind UTC
  return `${local}${sign}${two(hours)}:${two(minutes)}`;
}

/** Return a moment as `<input type="datetime-local">` has it. */
export function localOf(moment: string): string {
  return moment.slice(0, 16);
}

/** A row without cells that say nothing. */
export function withoutBlanks(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).filter(([, cell]) => {
      if (cell === null || cell === undefined) return false;
      if (typeof cell === "string") return cell.trim() !== "";
      return !(Array.isArray(cell) && cell.length === 0);
    }),
  );
}
