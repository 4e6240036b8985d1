/** Whether the value of one item must be there, can stand, and fails. */

import type { Choice, Condition, Form, Item } from "./body.ts";
import { COLUMN, compileCondition, namesIn } from "./expressions.ts";
import type { Scope, Test } from "./expressions.ts";
import { toText } from "./values.ts";
import type { Value } from "./values.ts";

export function testOf(condition: Condition | undefined): Test | undefined {
  return condition && compileCondition(condition.tree);
}

/** The conditions of one item, compiled. A scope's `self` must be the item's value. */
export class Judge {
  readonly item: Item;
  readonly #required: Test | undefined;
  readonly #constraint: Test | undefined;
  readonly #fails: Test | undefined;
  readonly #choices: readonly Choice[];
  readonly #filter: Test | undefined;
  readonly #blankColumns: readonly (readonly [string, string])[];

  constructor(item: Item, form: Form) {
    this.item = item;
    this.#required = testOf(item.required);
    this.#constraint = testOf(item.constraint);
    this.#fails = testOf(item.fails_if);
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
    const { least, most, choices, constraint_message } = this.item;
    if ((least || most) && !isInRange(value, least, most)) return `应${rangeOf(this.item)}`;
    const unknown = choices ? this.#unknown(value, scope) : undefined;
    if (unknown !== undefined) return `没有“${unknown}”这个选项`;
    if (this.#constraint && !this.#constraint(scope)) return constraint_message || "不符合填写要求";
    return "";
  }

  /** Return whether a value that is there makes a finding. */
  fails(scope: Scope): boolean {
    return this.#fails !== undefined && this.#fails(scope);
  }

  /** Return the choices that can be chosen now. */
  offered(scope: Scope): readonly Choice[] {
    const filter = this.#filter;
    if (filter === undefined) return this.#choices;
    return this.#choices.filter((choice) => filter(this.#showing(choice, scope)));
  }

  #unknown(value: Value, scope: Scope): string | undefined {
    const names = new Set(this.offered(scope).map((choice) => choice.name));
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

function rangeOf(item: Item): string {
  const { least, most, unit = "" } = item;
  if (least && most) return `在${said(least)}至${said(most)}${unit}之间`;
  return least ? `不小于${said(least)}${unit}` : `不大于${said(most ?? "")}${unit}`;
}

/** Return a decimal without zeros that say nothing. */
function said(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
