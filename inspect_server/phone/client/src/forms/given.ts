/** What a phone keeps as the answer to an item that is no check, by the item's kind. */

import { ATTACHMENTS, NOT_ASKED, itemsOf } from "./body.ts";
import type { Item } from "./body.ts";
import { dayNumber } from "./values.ts";
import type { Value } from "./values.ts";

/** A value that cannot stand; `row` counts from 1, 0 outside of tables; `reason` is for people. */
export interface Wrong {
  readonly code: string;
  readonly reason: string;
  readonly row: number;
}

/** A row of a table, by the codes of its columns; of a table in it, its rows. */
export type GivenRow = ReadonlyMap<string, Given>;
export type Given = Value | readonly GivenRow[];

/** What was given is no value of this kind; the message says what is. */
export class WrongValue extends Error {}

const DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;
const INTEGER = /^-?(0|[1-9][0-9]*)$/;
const LONGEST_NUMBER = 30;
const BLANKS = /^[ \t\r\n\u00a0\u3000]*$/;
export const BY_PHOTOS = "应以照片、录音等附件作答，不能填写";
export const BY_NOBODY = "不由人填写";
const CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]";
const TIME = new RegExp(`^${CLOCK}$`);
const MOMENT = new RegExp(`^([0-9-]{10})T${CLOCK}(:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-]${CLOCK})$`);
const DEGREES = /^-?[0-9]{1,3}(\.[0-9]{1,8})?$/;

/** Whether somebody gives the value of an item: it is neither worked out, known nor taken. */
export function takesValue(item: Item): boolean {
  const isMade = NOT_ASKED.has(item.kind) || ATTACHMENTS.has(item.kind);
  return !isMade && item.calculation === undefined;
}

/**
 * Return an answer as conditions compare it: a number, or text; "" is no answer, nor are blanks.
 *
 * @throws WrongValue if it is no value of the item's kind.
 */
export function read(item: Item, given: unknown): Value {
  if (given === null || given === undefined) return "";
  if (typeof given === "string" && BLANKS.test(given)) return "";
  if (Array.isArray(given) && given.length === 0) return "";
  return (READERS.get(item.kind) ?? text)(given, item);
}

/** Return the rows of a table by the codes of its columns, and what in them is no value. */
export function readRows(table: Item, given: unknown): [GivenRow[], Wrong[]] {
  if (!Array.isArray(given) || !given.every(isRecord)) {
    return [[], [{ code: table.code, reason: "应为若干行", row: 0 }]];
  }
  const columns = new Map(itemsOf(table.columns ?? []).map((column) => [column.code, column]));
  const wrong: Wrong[] = [];
  const rows = given.map((cells, index) => {
    const row = new Map<string, Given>();
    for (const [code, cell] of Object.entries(cells)) {
      const column = columns.get(code);
      const [value, reasons] = column ? readCell(column, cell) : ["", [`没有“${code}”这一列`]];
      if (column) row.set(code, value);
      wrong.push(...reasons.map((reason) => ({ code: table.code, reason, row: index + 1 })));
    }
    return row;
  });
  return [rows, wrong];
}

/** Return how an item is called in what is said about its table. */
export function named(column: Item): string {
  return `“${column.question}”`;
}

function readCell(column: Item, cell: unknown): [Given, string[]] {
  if (column.kind === "repeat") {
    const [rows, wrong] = readRows(column, cell);
    return [rows, wrong.map((one) => named(column) + one.reason)];
  }
  try {
    return [read(column, cell), []];
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    return ["", [named(column) + error.message]];
  }
}

type Reader = (given: unknown, item: Item) => Value;

function text(given: unknown): Value {
  return asText(given, "应为文字");
}

function asText(given: unknown, reason: string): string {
  if (typeof given !== "string") throw new WrongValue(reason);
  return given;
}

function number(pattern: RegExp, reason: string): Reader {
  return (given) => {
    const written = asText(given, reason);
    if (written.length > LONGEST_NUMBER || !pattern.test(written)) throw new WrongValue(reason);
    return Number(written);
  };
}

function several(given: unknown): Value {
  if (!Array.isArray(given) || !given.every((name) => typeof name === "string" && name !== "")) {
    throw new WrongValue("应为若干选项");
  }
  if (new Set(given).size < given.length) throw new WrongValue("有重复的选项");
  return given.join(" ");
}

/** Return how many there are, as of an item of its own; in the row of a table they stand by id. */
function attached(given: unknown): Value {
  if (!Array.isArray(given) || !given.every((id) => typeof id === "string" && id !== "")) {
    throw new WrongValue("应为所拍附件的编号");
  }
  if (new Set(given).size < given.length) throw new WrongValue("有重复的附件");
  return String(given.length);
}

function day(given: unknown): Value {
  const reason = "应为 YYYY-MM-DD 的日期";
  const written = asText(given, reason);
  if (Number.isNaN(dayNumber(written))) throw new WrongValue(reason);
  return written;
}

function time(given: unknown): Value {
  const reason = "应为 HH:MM 的时间";
  const written = asText(given, reason);
  if (!TIME.test(written)) throw new WrongValue(reason);
  return written;
}

function moment(given: unknown): Value {
  const reason = "应为带时区的日期时间";
  const written = asText(given, reason);
  const parts = MOMENT.exec(written);
  if (parts === null || Number.isNaN(dayNumber(parts[1] as string))) throw new WrongValue(reason);
  return written;
}

function place(given: unknown): Value {
  const parts = isRecord(given) ? [given["latitude"], given["longitude"]] : [];
  const degrees = parts.filter((part) => typeof part === "string" && DEGREES.test(part));
  if (degrees.length < 2) throw new WrongValue("应为经纬度");
  const [latitude, longitude] = degrees as [string, string];
  if (Math.abs(Number(latitude)) > 90 || Math.abs(Number(longitude)) > 180) {
    throw new WrongValue("经纬度超出范围");
  }
  return `${latitude} ${longitude}`;
}

function signature(given: unknown): Value {
  const strokes = isRecord(given) ? given["strokes"] : null;
  if (!isRecord(given) || !Array.isArray(strokes) || strokes.length === 0) {
    throw new WrongValue("应为手写签名");
  }
  return String(given["name"] || "signed");
}

function acknowledged(given: unknown): Value {
  if (given !== "OK") throw new WrongValue("应为“OK”");
  return "OK";
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

const decimal = number(DECIMAL, "应为数值");
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["integer", number(INTEGER, "应为整数")],
  ["decimal", decimal],
  ["range", decimal],
  ["select_one", (given) => asText(given, "应为一个选项")],
  ["select_multiple", several],
  ["date", day],
  ["time", time],
  ["dateTime", moment],
  ["geopoint", place],
  ["signature", signature],
  ["acknowledge", acknowledged],
  ...[...ATTACHMENTS].map((kind): [string, Reader] => [kind, attached]),
]);
