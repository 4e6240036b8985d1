/** A checklist being filled in: answers come in any order, what follows is known at any time. */

import { ATTACHMENTS, KNOWN_TO_THE_PHONE, NOT_ASKED } from "./body.ts";
import type { Form, Item } from "./body.ts";
import type { Scope } from "./expressions.ts";
import { BY_NOBODY, BY_PHOTOS, WrongValue, named, read, readRows, takesValue } from "./given.ts";
import type { Given, Wrong } from "./given.ts";
import type { Entry, Judge } from "./judging.ts";
import { Level } from "./sheet.ts";
import type { Worked } from "./sheet.ts";
import { isBlank, toText } from "./values.ts";
import type { Value } from "./values.ts";

/** An answer as it is kept and sent; of an item that is no check with its value. */
export interface Answer {
  readonly result: string;
  readonly reason?: string;
  readonly note?: string;
  readonly given?: unknown;
}

/** What follows from the answers; all by the codes of items, in the order of the paper. */
export interface State {
  /** The items that are there now. */
  readonly visible: readonly string[];
  /** The values of those that nobody answers. */
  readonly calculated: ReadonlyMap<string, string>;
  /** Those that must be answered and are not. */
  readonly missing: readonly string[];
  /** Those whose answer is a failure. */
  readonly failed: readonly string[];
  /** The values that cannot stand. */
  readonly wrong: readonly Wrong[];
}

const compiled = new WeakMap<Form, Level>();

function levelOf(form: Form): Level {
  const level = compiled.get(form) ?? new Level(form.sections, form);
  compiled.set(form, level);
  return level;
}

/** The answers to one checklist on one day. */
export class Filling {
  readonly #level: Level;
  readonly #today: string;
  readonly #items: ReadonlyMap<string, Item>;
  readonly #given = new Map<string, Given>();
  readonly #answered = new Set<string>();
  readonly #attached = new Set<string>();
  readonly #misfits = new Map<string, readonly Wrong[]>();

  /**
   * @param form The version that the inspection pins.
   * @param today The day of the visit, YYYY-MM-DD.
   * @param known What the phone knows by itself, by kind (`start`, `deviceid` …).
   */
  constructor(form: Form, today: string, known: Readonly<Record<string, string>> = {}) {
    this.#level = levelOf(form);
    this.#today = today;
    this.#items = new Map(this.#level.items.map((item) => [item.code, item]));
    for (const item of this.#level.items) {
      if (!KNOWN_TO_THE_PHONE.has(item.kind)) continue;
      this.#given.set(item.code, known[item.kind] ?? (item.kind === "today" ? today : ""));
    }
  }

  /** Take in an answer, null to take it back; an unknown code is ignored. */
  answer(code: string, answer: Answer | null): void {
    const item = this.#items.get(code);
    if (item === undefined) return;
    this.#misfits.delete(code);
    this.#answered.delete(code);
    if (!takesValue(item)) {
      if (answer !== null) this.#answerWithoutValue(item, answer);
      return;
    }
    this.#given.delete(code);
    if (answer === null) return;
    this.#answered.add(code);
    if (item.kind === "check") this.#given.set(code, answer.result);
    else if (answer.result === "given") {
      const value = this.#read(item, answer.given);
      this.#given.set(code, value);
      // Who gives a blank has not answered yet.
      if (isNothing(value) && !this.#misfits.get(code)?.length) this.#answered.delete(code);
    }
  }

  /** Take in how many photos or recordings were taken for an item. */
  attach(code: string, count: number): void {
    const item = this.#items.get(code);
    if (item === undefined || !ATTACHMENTS.has(item.kind)) return;
    this.#given.set(code, count ? String(count) : "");
    if (count) this.#attached.add(code);
    else this.#attached.delete(code);
  }

  /** Return what follows from all answers so far. */
  state(): State {
    const worked = this.#workedOut();
    const judged = this.#level.judges
      .map((judge, spot) => ({ judge, value: worked.own[spot] as Value, spot }))
      .filter(({ spot }) => worked.asked[spot])
      .map(({ judge, value }) => this.#judged(judge, value, worked));
    const codesOf = (verdict: Verdict): string[] =>
      judged.filter((one) => one.verdict === verdict).map(({ item }) => item.code);
    return {
      visible: judged.map(({ item }) => item.code),
      calculated: new Map(
        judged
          .filter(({ item }) => isWorkedOut(item))
          .map(({ item, value }) => [item.code, toText(value)]),
      ),
      missing: codesOf("missing"),
      failed: codesOf("failed"),
      wrong: judged.flatMap(({ wrong }) => wrong.sort((one, other) => one.row - other.row)),
    };
  }

  /**
   * Return how an item is entered now, undefined where there is no such item or row.
   *
   * @param code Of an item, or of a column.
   * @param rows Of a column, the number of its row from 1, that of the outermost table first.
   */
  entry(code: string, ...rows: readonly number[]): Entry | undefined {
    let level: Level | undefined = this.#level;
    let worked: Worked | undefined = this.#workedOut();
    let values = worked.values;
    const tables = level.tablesAround(code);
    if (tables.length !== rows.length) return undefined;
    for (const [depth, table] of tables.entries()) {
      level = level.tables.get(table);
      worked = worked.rows.get(table)?.[(rows[depth] as number) - 1];
      if (level === undefined || worked === undefined) return undefined;
      values = level.aroundIn(worked, values);
    }
    const spot = level.items.findIndex((item) => item.code === code);
    const own = worked.own[spot] as Value;
    return level.judges[spot]?.entry(this.#scope(own, values, rows.at(-1) ?? 0));
  }

  #workedOut(): Worked {
    return this.#level.workOut(this.#given, new Map(), this.#today);
  }

  #scope(self: Value, values: ReadonlyMap<string, Value>, position: number): Scope {
    return { values, self, position, today: this.#today };
  }

  #judged(judge: Judge, value: Value, worked: Worked): Judged {
    const { item } = judge;
    const scope = this.#scope(value, worked.values, 0);
    const wrong = [...(this.#misfits.get(item.code) ?? [])];
    if (item.kind === "repeat") wrong.push(...this.#wrongInRows(this.#level, worked, item, scope));
    const isOpen = !this.#answered.has(item.code) && !this.#attached.has(item.code);
    const isMissing = isOpen && this.#mustBeGiven(this.#level, judge, scope);
    if (item.kind === "check") {
      const isFailed = value === "fail";
      return { item, value, verdict: isMissing ? "missing" : isFailed ? "failed" : "", wrong };
    }
    if (isBlank(value)) return { item, value, verdict: isMissing ? "missing" : "", wrong };
    const reason = judge.fault(value, scope);
    if (reason) wrong.push({ code: item.code, reason, row: 0 });
    return { item, value, verdict: !reason && judge.fails(scope) ? "failed" : "", wrong };
  }

  /** Return what is missing or wrong in the rows of a table, and of tables in them. */
  #wrongInRows(level: Level, worked: Worked, table: Item, around: Scope): Wrong[] {
    const inside = level.tables.get(table.code);
    if (inside === undefined) return [];
    return (worked.rows.get(table.code) ?? []).flatMap((row, index) => {
      const values = inside.aroundIn(row, around.values);
      return inside.judges
        .map((judge, spot) => ({ judge, value: row.own[spot] as Value, spot }))
        .filter(({ spot }) => row.asked[spot])
        .map(({ judge, value }) => ({ judge, scope: this.#scope(value, values, index + 1) }))
        .flatMap(({ judge, scope }) => this.#reasonsInRow(inside, row, judge, scope))
        .map((reason) => ({ code: table.code, reason, row: index + 1 }));
    });
  }

  #reasonsInRow(level: Level, row: Worked, judge: Judge, scope: Scope): string[] {
    const { item } = judge;
    const inside = item.kind === "repeat" ? this.#wrongInRows(level, row, item, scope) : [];
    const reasons = inside.map((one) => one.reason);
    if (isBlank(scope.self)) {
      const isMissing = this.#isMissingInRow(level, judge, scope);
      return isMissing ? [...reasons, `${named(item)}未填写`] : reasons;
    }
    const fault = judge.fault(scope.self, scope);
    return fault ? [...reasons, named(item) + fault] : reasons;
  }

  #isMissingInRow(level: Level, judge: Judge, scope: Scope): boolean {
    return !NOT_ASKED.has(judge.item.kind) && this.#mustBeGiven(level, judge, scope);
  }

  /** Return whether a blank must be answered; a table whose blank rows could not stand is. */
  #mustBeGiven(level: Level, judge: Judge, scope: Scope): boolean {
    if (judge.mustBeGiven(scope)) return true;
    const inside = level.tables.get(judge.item.code);
    return inside !== undefined && this.#lacksRows(inside, judge, scope);
  }

  #lacksRows(inside: Level, table: Judge, scope: Scope): boolean {
    if (!table.rows(scope)) return false;
    const blank = inside.workOut(new Map(), new Map(scope.values), this.#today, 1);
    const values = inside.aroundIn(blank, scope.values);
    return inside.judges.some((column, spot) => {
      const own = blank.own[spot] as Value;
      if (!blank.asked[spot] || !isBlank(own)) return false;
      return this.#isMissingInRow(inside, column, this.#scope(own, values, 1));
    });
  }

  /** Keep the value that photos, the phone or other answers make, whatever was sent. */
  #answerWithoutValue(item: Item, answer: Answer): void {
    const isTaken = ATTACHMENTS.has(item.kind) && item.calculation === undefined;
    if (isTaken && answer.result !== "given") {
      this.#answered.add(item.code);
      return;
    }
    const reason = isTaken ? BY_PHOTOS : BY_NOBODY;
    this.#misfits.set(item.code, [{ code: item.code, reason, row: 0 }]);
  }

  #read(item: Item, given: unknown): Given {
    if (item.kind === "repeat") {
      const [rows, wrong] = readRows(item, given);
      this.#misfits.set(item.code, wrong);
      return rows;
    }
    try {
      return read(item, given);
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      this.#misfits.set(item.code, [{ code: item.code, reason: error.message, row: 0 }]);
      return "";
    }
  }
}

function isNothing(given: Given): boolean {
  return given === "" || (Array.isArray(given) && given.length === 0);
}

type Verdict = "missing" | "failed" | "";

/** What there is to say about one item that is asked. */
interface Judged {
  readonly item: Item;
  readonly value: Value;
  readonly verdict: Verdict;
  readonly wrong: Wrong[];
}

function isWorkedOut(item: Item): boolean {
  return item.calculation !== undefined || item.kind === "hidden";
}
