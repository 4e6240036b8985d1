/** What the rows of a table show: which columns are asked in each, and what is worked out there. */

import { ATTACHMENTS, itemsOf } from "../../../forms/body.ts";
import type { Form, Item } from "../../../forms/body.ts";
import type { Answer } from "../../../forms/filling.ts";
import type { Scope } from "../../../forms/expressions.ts";
import { WrongValue, read, readRows, takesValue } from "../../../forms/given.ts";
import type { Given, GivenRow } from "../../../forms/given.ts";
import type { Entry } from "../../../forms/judging.ts";
import { Level } from "../../../forms/sheet.ts";
import type { Worked } from "../../../forms/sheet.ts";
import { toText } from "../../../forms/values.ts";
import type { Value } from "../../../forms/values.ts";
import { followsOthers } from "../filling-state.ts";

/** One row: the columns that are asked, values that nobody answers, and rows of tables in it. */
export interface TableRow {
  readonly asked: ReadonlySet<string>;
  readonly calculated: ReadonlyMap<string, string>;
  /** How columns are entered where that follows from other answers. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly tables: Tables;
}

/** Rows by the code of their table. */
export type Tables = ReadonlyMap<string, readonly TableRow[]>;

/** What is given by the answers, and on which day. */
export interface Answers {
  readonly day: string;
  /** What stands or is proposed for an item, null for nothing. */
  readonly of: (code: string) => Answer | null;
  /** How many photos answer an item. */
  readonly photos: (code: string) => number;
}

const levels = new WeakMap<Form, Level>();
/** Rows that are due may hold tables of which rows are due in turn. */
const DEEPEST = 4;

/**
 * Return the rows of a checklist's tables.
 *
 * Where their number is fixed, those that are due are there before anybody fills them in.
 */
export function tableRows(form: Form, answers: Answers): Tables {
  const level = levels.get(form) ?? new Level(form.sections, form);
  levels.set(form, level);
  const given = new Map<string, Given>();
  for (const item of level.items) {
    const value = givenTo(item, answers);
    if (value !== undefined) given.set(item.code, value);
  }
  const { day } = answers;
  let worked = level.workOut(given, new Map(), day);
  // Blank rows count for nobody outside of their table: how many are due was said without them.
  const due = dueRows(level, worked, { values: worked.values, self: "", position: 0, today: day });
  for (let depth = 0; depth < DEEPEST && padRows(level, worked, given, due, day); depth += 1) {
    worked = level.workOut(given, new Map(), day);
  }
  return shownRows(level, worked, worked.values, day);
}

export function hasTables(form: Form): boolean {
  return itemsOf(form.sections).some((item) => item.kind === "repeat");
}

function givenTo(item: Item, answers: Answers): Given | undefined {
  const { code, kind } = item;
  if (kind === "today") return answers.day;
  const photos = answers.photos(code);
  if (ATTACHMENTS.has(kind)) return photos > 0 ? String(photos) : undefined;
  const answer = answers.of(code);
  if (answer === null || !takesValue(item)) return undefined;
  if (kind === "check") return answer.result;
  if (answer.result !== "given") return undefined;
  if (kind === "repeat") return readRows(item, answer.given)[0];
  try {
    return read(item, answer.given);
  } catch (error) {
    if (error instanceof WrongValue) return undefined;
    throw error;
  }
}

/** Return how many rows each table is to have, where the other answers say so. */
function dueRows(level: Level, worked: Worked, scope: Scope): ReadonlyMap<string, number> {
  const due = new Map<string, number>();
  level.items.forEach((item, spot) => {
    if (item.kind !== "repeat" || !worked.asked[spot]) return;
    const self = worked.own[spot] as Value;
    due.set(item.code, level.judges[spot]?.rows({ ...scope, self }) ?? 0);
  });
  return due;
}

/** Add the blank rows that are due to `given`; return whether there were any to add. */
function padRows(
  level: Level,
  worked: Worked,
  given: Map<string, Given>,
  due: ReadonlyMap<string, number>,
  today: string,
): boolean {
  let isPadded = false;
  for (const [code, wanted] of due) {
    const inside = level.tables.get(code) as Level;
    const filled = (given.get(code) ?? []) as readonly GivenRow[];
    const rows = filled.map((row) => new Map(row));
    (worked.rows.get(code) ?? []).forEach((row, index) => {
      const values = inside.aroundIn(row, worked.values);
      const scope = { values, self: "", position: index + 1, today };
      const own = rows[index];
      if (!own) return;
      isPadded = padRows(inside, row, own, dueRows(inside, row, scope), today) || isPadded;
    });
    isPadded ||= rows.length < wanted;
    while (rows.length < wanted) rows.push(new Map());
    given.set(code, rows);
  }
  return isPadded;
}

function shownRows(
  level: Level,
  worked: Worked,
  values: ReadonlyMap<string, Value>,
  today: string,
): Tables {
  const tables = new Map<string, readonly TableRow[]>();
  for (const [code, inside] of level.tables) {
    const rows = worked.rows.get(code) ?? [];
    tables.set(
      code,
      rows.map((row, index) => {
        return shownRow(inside, row, inside.aroundIn(row, values), index + 1, today);
      }),
    );
  }
  return tables;
}

function shownRow(
  level: Level,
  row: Worked,
  values: ReadonlyMap<string, Value>,
  position: number,
  today: string,
): TableRow {
  const asked = new Set<string>();
  const calculated = new Map<string, string>();
  const entries = new Map<string, Entry>();
  level.items.forEach((column, spot) => {
    const self = row.own[spot] as Value;
    if (!row.asked[spot]) return;
    asked.add(column.code);
    if (column.calculation !== undefined || column.kind === "hidden") {
      calculated.set(column.code, toText(self));
    }
    const judge = level.judges[spot];
    if (!judge || !followsOthers(column)) return;
    entries.set(column.code, judge.entry({ values, self, position, today }));
  });
  return { asked, calculated, entries, tables: shownRows(level, row, values, today) };
}
