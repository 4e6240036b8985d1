/** Whether the value of one item must be there, can stand, and fails; and how it is entered. */

import type { Choice, Condition, Form, Item } from "./body.ts";
import { COLUMN, compileCondition, compileTree, namesIn } from "./expressions.ts";
import type { Evaluate, Scope, Test } from "./expressions.ts";
import { toNumber, toText } from "./values.ts";
import type { Value } from "./values.ts";

/** Rows that the answer to a table holds at most. */
const MOST_ROWS = 200;
/**
 * Share of the largest number taking part by which a value may be off its step: doubles hold few
 * decimals exactly ((0.3 - 0.1) / 0.1 is below 2), and server and phone must draw the line alike.
 */
const STEP_TOLERANCE = 1e-9;

/** How an item is entered now; no answer is wrong by it, as answers may be older. */
export interface Entry {
  readonly read_only: boolean;
  /** The text to start from, "" for none. */
  readonly prefilled: string;
  /** How many rows a table is to have, null where nothing says so. */
  readonly rows: number | null;
  readonly choices: readonly Choice[];
}

export function testOf(condition: Condition | undefined): Test | undefined {
  return condition && compileCondition(condition.tree);
}

/** The conditions of one item, compiled. A scope's `self` must be the item's value. */
export class Judge {
  readonly item: Item;
  readonly #required: Test | undefined;
  readonly #constraint: Test | undefined;
  readonly #fails: Test | undefined;
  readonly #readOnly: Test | undefined;
  readonly #default: Evaluate | undefined;
  readonly #count: Evaluate | undefined;
  readonly #choices: readonly Choice[];
  readonly #filter: Test | undefined;
  readonly #blankColumns: readonly (readonly [string, string])[];

  constructor(item: Item, form: Form) {
    this.item = item;
    this.#required = testOf(item.required);
    this.#constraint = testOf(item.constraint);
    this.#fails = testOf(item.fails_if);
    this.#readOnly = testOf(item.read_only);
    this.#default = item.default && compileTree(item.default.tree);
    this.#count = item.count && compileTree(item.count.tree);
    const list = form.choice_lists?.find((one) => one.name === item.choices);
    this.#choices = list?.choices ?? [];
    this.#filter = testOf(item.choice_filter);
    const columns = item.choice_filter ? namesIn(item.choice_filter.tree, "column") : [];
    this.#blankColumns = columns.map((name) => [name, ""]);
  }

  /** Return whether an answer is required; of a check it is, unless it says otherwise. */
  mustBeGiven(scope: Scope): boolean {
    return this.#required ? this.#required(scope) : this.item.kind === "check";
  }

  /** Return why a value that is there cannot stand, "" where it can. */
  fault(value: Value, scope: Scope): string {
    const { least, most, step, choices, constraint_message, unit = "" } = this.item;
    if ((least || most) && !isInRange(value, least, most)) return `应${rangeOf(this.item)}`;
    if (step && !isOnStep(value, least || "0", step)) {
      return `应为从${said(least || "0")}起每隔${said(step)}${unit}的数`;
    }
    const faultOfRows = this.#count && this.#faultOfRows(value, scope);
    if (faultOfRows) return faultOfRows;
    const unknown = choices ? this.#unknown(value, scope) : undefined;
    if (unknown !== undefined) return `没有“${unknown}”这个选项`;
    if (this.#constraint && !this.#constraint(scope)) return constraint_message || "不符合填写要求";
    return "";
  }

  /** Return whether a value that is there makes a finding. */
  fails(scope: Scope): boolean {
    return this.#fails !== undefined && this.#fails(scope);
  }

  /** Return how the item is entered. */
  entry(scope: Scope): Entry {
    return {
      read_only: this.#readOnly !== undefined && this.#readOnly(scope),
      prefilled: this.#default ? toText(sound(this.#default(scope))) : "",
      rows: this.rows(scope),
      choices: this.#offered(scope),
    };
  }

  /** Return how many rows a table is to have, null where its count is no whole number. */
  rows(scope: Scope): number | null {
    const number = this.#count ? toNumber(this.#count(scope)) : NaN;
    return number >= 0 && Number.isInteger(number) ? Math.min(number, MOST_ROWS) : null;
  }

  #faultOfRows(value: Value, scope: Scope): string {
    const wanted = this.rows(scope);
    const given = Array.isArray(value) ? value.length : 0;
    return wanted === null || wanted === given ? "" : `应为${wanted}行，现为${given}行`;
  }

  /** Return the choices that can be chosen now. */
  #offered(scope: Scope): readonly Choice[] {
    const filter = this.#filter;
    if (filter === undefined) return this.#choices;
    return this.#choices.filter((choice) => filter(this.#showing(choice, scope)));
  }

  #unknown(value: Value, scope: Scope): string | undefined {
    const names = new Set(this.#offered(scope).map((choice) => choice.name));
    const text = toText(value);
    const chosen = this.item.kind === "select_multiple" ? text.split(" ") : [text];
    return chosen.find((name) => name !== "" && !names.has(name));
  }

  #showing(choice: Choice, scope: Scope): Scope {
    const values = new Map(scope.values);
    const own = [["name", choice.name] as const, ["label", choice.label] as const];
    for (const [column, cell] of [...this.#blankColumns, ...(choice.columns ?? []), ...own]) {
      values.set(COLUMN + column, cell);
    }
    return { ...scope, values };
  }
}

function isInRange(value: Value, least?: string, most?: string): boolean {
  if (typeof value !== "number") return false;
  return !(least && value < Number(least)) && !(most && value > Number(most));
}

/** Whether a value is a whole number of steps from the least; a step of 0 says nothing. */
function isOnStep(value: Value, least: string, step: string): boolean {
  if (typeof value !== "number") return false;
  const from = Number(least);
  const width = Math.abs(Number(step));
  if (width === 0) return true;
  const rest = Math.abs(value - from) % width;
  const off = Math.min(rest, width - rest);
  return !(off > STEP_TOLERANCE * Math.max(Math.abs(value), Math.abs(from), width));
}

/** Return a calculated value; what is no number is no value. */
export function sound(value: Value): Value {
  return typeof value === "number" && !Number.isFinite(value) ? "" : value;
}

function rangeOf(item: Item): string {
  const { least, most, unit = "" } = item;
  if (least && most) return `在${said(least)}至${said(most)}${unit}之间`;
  return least ? `不小于${said(least)}${unit}` : `不大于${said(most ?? "")}${unit}`;
}

/** Return a decimal without zeros that say nothing. */
function said(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
