/** The answer to an item that is no check: text, choices, a place, a signature, or rows of them. */

import { either, list, record, table, text } from "./reading/shapes.ts";
import type { Shape } from "./reading/shapes.ts";
import { anyText, degrees, isBlank, metres, perhapsName, shortText, stroke } from "./texts.ts";

/** Choices of one answer, and rows of one table. */
const MOST = 200;
const EMPTY = "所填内容为空";
const HALF_A_PLACE = "经度和纬度须同时填写";
const NEITHER = "应为一处位置或者一个签名，各项齐全";
const MIXED = "选项和表格行不能混填";

const strokes = list(stroke, 500, 1);
const placeOrSignature = record(
  {},
  {
    latitude: degrees,
    longitude: degrees,
    accuracy_m: metres,
    datum: shortText,
    name: perhapsName,
    strokes,
  },
);
const PLACE = ["accuracy_m", "datum", "latitude", "longitude"].join();
const SIGNATURE = ["name", "strokes"].join();

// Beyond the Basic Multilingual Plane RFC 8785 sorts otherwise than by code point.
const column = text(100, { fits: /^[^\x00-\x20\ud800-\udfff]+$/, otherwise: "不能作列的代码" }, 1);
const innerRow = table(column, either(anyText, list(anyText, MOST), placeOrSignature));
const innerRows = list(either(anyText, undefined, innerRow), MOST);
const row = table(column, either(anyText, innerRows, placeOrSignature));
const rows = list(either(anyText, undefined, row), MOST);

/** A list holds texts or rows, never both; rows stand in rows once. */
export const given: Shape<unknown> = either(anyText, rows, placeOrSignature);

/** Return why a value of the right types cannot stand, in Chinese, "" where it can. */
export function faultOf(value: unknown): string {
  if (typeof value === "string" && isBlank(value)) return EMPTY;
  if (Array.isArray(value) && value.length === 0) return EMPTY;
  return faultIn(value);
}

function faultIn(value: unknown): string {
  if (typeof value === "string") return "";
  if (!Array.isArray(value)) return faultOfObject(value as Readonly<Record<string, unknown>>);
  if (new Set(value.map((one) => typeof one)).size > 1) return MIXED;
  for (const one of value as readonly unknown[]) {
    const cells = typeof one === "string" ? [] : Object.values(one as object);
    const fault = cells.map(faultIn).find((said) => said !== "");
    if (fault !== undefined) return fault;
  }
  return "";
}

function faultOfObject(value: Readonly<Record<string, unknown>>): string {
  const filled = Object.keys(value).sort().join();
  if (filled !== PLACE && filled !== SIGNATURE) return NEITHER;
  const isHalf = filled === PLACE && !(value["latitude"] && value["longitude"]);
  return isHalf ? HALF_A_PLACE : "";
}
