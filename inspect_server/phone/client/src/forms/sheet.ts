/**
 * The items of one level (a checklist, or a row of a table) made ready to be worked out many times.
 *
 * Everything follows from the answers alone, never from the order in which they came.
 */

import { citedAs, isSection, itemsOf } from "./body.ts";
import type { Form, Item, Member } from "./body.ts";
import { compileTree } from "./expressions.ts";
import type { Evaluate, Scope, Test } from "./expressions.ts";
import type { GivenRow } from "./given.ts";
import { Judge, sound, testOf } from "./judging.ts";
import { hiddenValue, inOrder } from "./ordering.ts";
import type { Value } from "./values.ts";

/** How one item gets its value; `spot` is its place on paper, `gate` the section around it. */
interface Step {
  readonly spot: number;
  readonly code: string;
  readonly name: string;
  readonly gate: number;
  readonly relevant: Test | undefined;
  readonly work: Evaluate | undefined;
  readonly rows: Level | undefined;
}

/** A section: what it stands in, and when it is there. */
interface Gate {
  readonly parent: number;
  readonly relevant: Test | undefined;
}

/**
 * A level after a pass: values by name, which items are asked, and rows by the table's code.
 *
 * Items that nobody cites may share a name, so each item's value stands in `own`, in paper order.
 */
export interface Worked {
  readonly values: Map<string, Value>;
  readonly own: readonly Value[];
  readonly asked: readonly boolean[];
  readonly rows: ReadonlyMap<string, readonly Worked[]>;
}

const OUTSIDE = -1;

/** One level, compiled. */
export class Level {
  readonly items: readonly Item[];
  readonly judges: readonly Judge[];
  /** The names of all items of this level and of the tables in it. */
  readonly names: readonly string[];
  /** The levels of tables, by their codes. */
  readonly tables: ReadonlyMap<string, Level>;
  readonly #gates: Gate[] = [];
  readonly #steps: readonly Step[];
  readonly #namesInTables: readonly string[];

  constructor(members: readonly Member[], form: Form) {
    this.items = itemsOf(members);
    this.judges = this.items.map((item) => new Judge(item, form));
    const tables = this.items.filter((item) => item.kind === "repeat");
    this.tables = new Map(tables.map((item) => [item.code, new Level(item.columns ?? [], form)]));
    this.#namesInTables = [...this.tables.values()].flatMap((level) => level.names);
    this.names = [...this.items.map(citedAs), ...this.#namesInTables];
    const gates = this.#gatesOf(members, OUTSIDE);
    this.#steps = inOrder(members).map((item) => ({
      spot: this.items.indexOf(item),
      code: item.code,
      name: citedAs(item),
      gate: gates.get(item) ?? OUTSIDE,
      relevant: testOf(item.relevant),
      work: workOf(item),
      rows: this.tables.get(item.code),
    }));
  }

  /**
   * Work every value out: blank where an item is not asked, calculated, or as it was given.
   *
   * @param given Values by code, of a table its rows; a missing one is blank.
   * @param values Those of the levels around; what is worked out is added to them.
   * @param position The row of its table, from 1.
   */
  workOut(given: GivenRow, values: Map<string, Value>, today: string, position = 0): Worked {
    const scope: Scope = { values, self: "", position, today };
    const asked = this.items.map(() => false);
    const own: Value[] = this.items.map(() => "");
    const open = new Map<number, boolean>();
    const rows = new Map<string, Worked[]>();
    for (const step of this.#steps) {
      if (!this.#isOpen(step.gate, open, scope) || (step.relevant && !step.relevant(scope))) {
        values.set(step.name, step.rows ? [] : "");
        for (const name of step.rows?.names ?? []) values.set(name, []);
        continue;
      }
      asked[step.spot] = true;
      let value = (given.get(step.code) ?? "") as Value;
      if (step.work !== undefined) {
        value = sound(step.work(scope));
      } else if (step.rows !== undefined) {
        const filled = (given.get(step.code) ?? []) as readonly GivenRow[];
        value = filled.map((_, index) => index + 1);
        values.set(step.name, value); // its rows may look at it
        rows.set(step.code, workOutRows(step.rows, filled, values, today));
      }
      own[step.spot] = value;
      values.set(step.name, value);
    }
    return { values, own, asked, rows };
  }

  /** Return what each name of the level is outside of its table: a list over all rows. */
  columns(rows: readonly Worked[]): Map<string, Value[]> {
    const columns = new Map<string, Value[]>(this.names.map((name) => [name, []]));
    const add = (name: string, cell: Value): void => {
      columns.get(name)?.push(...(Array.isArray(cell) ? cell : [cell]));
    };
    for (const { values, own, asked } of rows) {
      this.items.forEach((item, spot) => {
        if (asked[spot]) add(citedAs(item), own[spot] as Value);
      });
      for (const name of this.#namesInTables) add(name, values.get(name) as Value);
    }
    return columns;
  }

  /** Return the codes of the tables in whose rows an item stands, outermost first. */
  tablesAround(code: string): string[] {
    for (const [table, level] of this.tables) {
      if (level.items.some((item) => item.code === code)) return [table];
      const inside = level.tablesAround(code);
      if (inside.length > 0) return [table, ...inside];
    }
    return [];
  }

  /**
   * Return the values that the conditions of one row see.
   *
   * What is outside of its table was worked out after the table's rows as well as before.
   */
  aroundIn(row: Worked, around: ReadonlyMap<string, Value>): Map<string, Value> {
    const values = new Map(around);
    for (const name of this.names) values.set(name, row.values.get(name) as Value);
    return values;
  }

  #gatesOf(members: readonly Member[], parent: number): Map<Item, number> {
    const gates = new Map<Item, number>();
    for (const member of members) {
      if (!isSection(member)) {
        gates.set(member, parent);
        continue;
      }
      const number = this.#gates.push({ parent, relevant: testOf(member.relevant) }) - 1;
      for (const [item, gate] of this.#gatesOf(member.items, number)) gates.set(item, gate);
    }
    return gates;
  }

  #isOpen(number: number, open: Map<number, boolean>, scope: Scope): boolean {
    const gate = this.#gates[number];
    if (gate === undefined) return true;
    const known = open.get(number);
    if (known !== undefined) return known;
    const around = this.#isOpen(gate.parent, open, scope);
    const isOpen = around && (gate.relevant === undefined || gate.relevant(scope));
    open.set(number, isOpen);
    return isOpen;
  }
}

function workOutRows(
  level: Level,
  given: readonly GivenRow[],
  values: Map<string, Value>,
  today: string,
): Worked[] {
  const rows = given.map((row, index) => level.workOut(row, new Map(values), today, index + 1));
  for (const [column, cells] of level.columns(rows)) values.set(column, cells);
  return rows;
}

/** Return what gives the item its value, undefined where a person does. */
function workOf(item: Item): Evaluate | undefined {
  const condition = hiddenValue(item) ?? item.calculation;
  return condition && compileTree(condition.tree);
}
