/**
 * Conditions: the tree that a checklist carries becomes a function over the answers.
 *
 * A node is an array whose first element names it. No code is made of text anywhere, so the page's
 * content security policy needs no exception.
 */

import { FUNCTIONS, coalesce } from "./functions.ts";
import { matcher } from "./matching.ts";
import { equal, ordered, single, toBool, toNumber, toText, unequal } from "./values.ts";
import type { Value } from "./values.ts";

export type Tree = readonly [string, ...(string | Tree)[]];

/** What an expression can see. */
export interface Scope {
  /** By name; the columns of a choice stand behind `COLUMN`. */
  readonly values: ReadonlyMap<string, Value>;
  /** The value of the item that the expression belongs to. */
  readonly self: Value;
  /** The row in its table, from 1; 0 outside of tables. */
  readonly position: number;
  /** The day of the visit, YYYY-MM-DD. */
  readonly today: string;
}

export type Evaluate = (scope: Scope) => Value;
export type Test = (scope: Scope) => boolean;

/** Before the name of a column: no item's name begins with it. */
export const COLUMN = "@";

const ARITHMETIC = new Map<string, (left: number, right: number) => number>([
  ["+", (left, right) => left + right],
  ["-", (left, right) => left - right],
  ["*", (left, right) => left * right],
  ["div", (left, right) => left / right],
  ["mod", (left, right) => left % right],
]);

const ORDER = new Map<string, (left: number, right: number) => boolean>([
  ["<", (left, right) => left < right],
  ["<=", (left, right) => left <= right],
  [">", (left, right) => left > right],
  [">=", (left, right) => left >= right],
]);

/**
 * Return what gives the value of an expression.
 *
 * @throws RangeError for a node that this version does not know: what cannot be evaluated must not
 * pass as false.
 */
export function compileTree(tree: Tree): Evaluate {
  const [name, ...parts] = tree;
  const leaf = compileLeaf(name, parts[0]);
  if (leaf !== undefined) return leaf;
  const operands = parts.map((part) => compileTree(part as Tree));
  const pattern = name === "regex" ? (parts[1]?.[1] as string) : "";
  return compileOperator(name, operands) ?? compileFunction(name, operands, pattern);
}

/** Return what tells whether a condition holds. */
export function compileCondition(tree: Tree): Test {
  const value = compileTree(tree);
  return (scope) => toBool(value(scope));
}

/** Return the names in nodes of one kind: `ref` for questions, `column` for columns of choices. */
export function namesIn(tree: Tree, node: "ref" | "column"): string[] {
  const [name, ...parts] = tree;
  if (name === node) return [parts[0] as string];
  return parts.flatMap((part) => (typeof part === "string" ? [] : namesIn(part, node)));
}

function compileLeaf(name: string, part: string | Tree | undefined): Evaluate | undefined {
  if (name === "self") return (scope) => scope.self;
  if (name === "position") return (scope) => scope.position;
  if (name === "today") return (scope) => scope.today;
  if (typeof part !== "string") return undefined;
  if (name === "text") return () => part;
  if (name === "ref") return reference(part);
  if (name === "column") return reference(COLUMN + part);
  if (name !== "number") return undefined;
  const number = Number(part);
  return () => number;
}

function reference(name: string): Evaluate {
  return (scope) => {
    const value = scope.values.get(name);
    if (value === undefined) throw new RangeError(`no value of ${name}`);
    return value;
  };
}

function compileOperator(name: string, operands: Evaluate[]): Evaluate | undefined {
  const [left, right] = operands as [Evaluate, Evaluate];
  if (name === "and") return (scope) => toBool(left(scope)) && toBool(right(scope));
  if (name === "or") return (scope) => toBool(left(scope)) || toBool(right(scope));
  if (name === "=") return (scope) => equal(left(scope), right(scope));
  if (name === "!=") return (scope) => unequal(left(scope), right(scope));
  if (name === "neg") return (scope) => -toNumber(left(scope));
  const compute = ARITHMETIC.get(name);
  if (compute !== undefined) {
    return (scope) => compute(toNumber(left(scope)), toNumber(right(scope)));
  }
  const holds = ORDER.get(name);
  return holds && ((scope) => ordered(holds, left(scope), right(scope)));
}

function compileFunction(name: string, operands: Evaluate[], pattern: string): Evaluate {
  const [first, second, third] = operands as [Evaluate, Evaluate, Evaluate];
  if (name === "if") return (scope) => single((toBool(first(scope)) ? second : third)(scope));
  if (name === "coalesce") return (scope) => coalesce(first(scope), () => second(scope));
  if (name === "regex") {
    const fits = matcher(pattern);
    return (scope) => fits(toText(first(scope)));
  }
  const compute = FUNCTIONS.get(name);
  if (compute === undefined) throw new RangeError(`no node is called ${name}`);
  return (scope) => compute(...operands.map((operand) => operand(scope)));
}
