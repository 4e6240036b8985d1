/** What the rows of a table show: which columns are asked in each, and what is worked out there. */

import { ATTACHMENTS, itemsOf } from "../../../forms/body.ts";
import type { Form, Item } from "../../../forms/body.ts";
import type { Answer } from "../../../forms/filling.ts";
import { WrongValue, read, readRows, takesValue } from "../../../forms/given.ts";
import type { Given } from "../../../forms/given.ts";
import { Level } from "../../../forms/sheet.ts";
import type { Worked } from "../../../forms/sheet.ts";
import { toText } from "../../../forms/values.ts";
import type { Value } from "../../../forms/values.ts";

/** One row: the columns that are asked, values that nobody answers, and rows of tables in it. */
export interface TableRow {
  readonly asked: ReadonlySet<string>;
  readonly calculated: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, readonly TableRow[]>;
}

const levels = new WeakMap<Form, Level>();

/**
 * Return the rows of a checklist's tables, by the table's code.
 *
 * @param answers What stands or is proposed for an item, null for nothing.
 * @param photos How many photos answer an item.
 */
export function tableRows(
  form: Form,
  day: string,
  answers: (code: string) => Answer | null,
  photos: (code: string) => number,
): ReadonlyMap<string, readonly TableRow[]> {
  const level = levels.get(form) ?? new Level(form.sections, form);
  levels.set(form, level);
  const given = new Map<string, Given>();
  for (const item of level.items) {
    const value = givenTo(item, day, answers, photos);
    if (value !== undefined) given.set(item.code, value);
  }
  return shownRows(level, level.workOut(given, new Map(), day));
}

export function hasTables(form: Form): boolean {
  return itemsOf(form.sections).some((item) => item.kind === "repeat");
}

function givenTo(
  item: Item,
  day: string,
  answers: (code: string) => Answer | null,
  photos: (code: string) => number,
): Given | undefined {
  if (item.kind === "today") return day;
  if (ATTACHMENTS.has(item.kind)) return photos(item.code) ? String(photos(item.code)) : undefined;
  const answer = answers(item.code);
  if (answer === null || !takesValue(item)) return undefined;
  if (item.kind === "check") return answer.result;
  if (answer.result !== "given") return undefined;
  if (item.kind === "repeat") return readRows(item, answer.given)[0];
  try {
    return read(item, answer.given);
  } catch (error) {
    if (error instanceof WrongValue) return undefined;
    throw error;
  }
}

function shownRows(level: Level, worked: Worked): Map<string, readonly TableRow[]> {
  const rows = new Map<string, readonly TableRow[]>();
  for (const [code, inside] of level.tables) {
    rows.set(
      code,
      (worked.rows.get(code) ?? []).map((row) => ({
        asked: new Set(
          inside.items.filter((_, spot) => row.asked[spot]).map((column) => column.code),
        ),
        calculated: new Map(
          inside.items
            .map((column, spot) => [column, row.own[spot] as Value] as const)
            .filter(([column]) => column.calculation !== undefined || column.kind === "hidden")
            .map(([column, value]) => [column.code, toText(value)]),
        ),
        tables: shownRows(inside, row),
      })),
    );
  }
  return rows;
}
