/**
 * What JSON has to be, as a function for each kind that reads it or says what is wrong.
 *
 * As on the server, all that is written is judged, a value that a later one of the same key
 * replaces too, in the order in which it is written.
 */

import { Members } from "./json.ts";
import type { Json } from "./json.ts";

/** Something is not as it has to be; `path` says where, `$.ops[3]` for instance. */
export class Mismatch extends Error {
  readonly reason: string;
  readonly path: string;

  constructor(reason: string, path = "") {
    super(`${path}：${reason}`);
    this.reason = reason;
    this.path = path;
  }
}

/** Reads what stands at one place; throws `Mismatch`. */
export type Shape<T> = (json: Json) => T;
export type Of<S> = S extends Shape<infer T> ? T : never;

/** What a text must fit, and what is said of one that does not. */
export interface Pattern {
  readonly fits: RegExp;
  readonly otherwise: string;
}

/** Any text, of so many characters (code points) at most. */
export function text(most: number, pattern?: Pattern, least = 0): Shape<string> {
  return (json) => {
    if (typeof json !== "string") throw new Mismatch("应为文字");
    if (json.length < least) throw new Mismatch("不能为空");
    if (isLongerThan(json, most)) throw new Mismatch(`最多 ${most} 个字`);
    if (pattern && !pattern.fits.test(json)) throw new Mismatch(pattern.otherwise);
    return json;
  };
}

/** An integer, written as one. */
export function whole(least: number, most: number): Shape<number> {
  return (json) => {
    if (typeof json !== "number") throw new Mismatch("应为整数");
    if (json < least || json > most) throw new Mismatch(`应在 ${least} 到 ${most} 之间`);
    return json;
  };
}

/** True or false. */
export function flag(json: Json): boolean {
  if (typeof json !== "boolean") throw new Mismatch("应为 true 或 false");
  return json;
}

/** One of these texts, or numbers. */
export function oneOf<const T extends string | number>(...choices: readonly T[]): Shape<T> {
  return (json) => {
    const choice = choices.find((one) => one === json);
    if (choice === undefined) throw new Mismatch(`应为 ${choices.join("、")} 之一`);
    return choice;
  };
}

/** A list with so many members. */
export function list<T>(of: Shape<T>, most: number, least = 0): Shape<T[]> {
  return (json) => {
    if (!Array.isArray(json)) throw new Mismatch("应为列表");
    const read = json.map((one: Json, at) => within(of, one, `[${at}]`));
    if (read.length < least) throw new Mismatch("不能为空");
    if (read.length > most) throw new Mismatch(`最多 ${most} 项`);
    return read;
  };
}

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Read<F extends Shapes, O extends Shapes> = { readonly [K in keyof F]: Of<F[K]> } & {
  readonly [K in keyof O]?: Of<O[K]>;
};

/** An object with exactly these members, `optional` ones perhaps. */
export function record<F extends Shapes, O extends Shapes = Record<never, never>>(
  fields: F,
  optional?: O,
  others: "refused" | "passed over" = "refused",
): Shape<Read<F, O>> {
  const shapes = new Map<string, Shape<unknown>>(Object.entries({ ...fields, ...optional }));
  const required = Object.keys(fields);
  return (json) => {
    const read = new Map<string, unknown>();
    for (const [name, value] of membersOf(json)) {
      const shape = shapes.get(name);
      if (shape) read.set(name, within(shape, value, `.${name}`));
      else if (others === "refused") throw new Mismatch(`不应有“${name}”`);
    }
    const missing = required.find((name) => !read.has(name));
    if (missing !== undefined) throw new Mismatch(`缺少“${missing}”`);
    return Object.fromEntries(read) as Read<F, O>;
  };
}

/** An object with any members of one kind. */
export function table<T>(name: Shape<string>, value: Shape<T>): Shape<Record<string, T>> {
  return (json) =>
    Object.fromEntries(
      membersOf(json).map(([key, one]) => [name(key), within(value, one, "[...]")] as const),
    );
}

/** One of several kinds that JSON itself tells apart. */
export function either(
  ofText?: Shape<unknown>,
  ofList?: Shape<unknown>,
  ofObject?: Shape<unknown>,
): Shape<unknown> {
  return (json) => {
    const isObject = json instanceof Members;
    const found = typeof json === "string" ? ofText : isObject ? ofObject : undefined;
    const shape = Array.isArray(json) ? ofList : found;
    if (shape === undefined) throw new Mismatch("不是规定的类型");
    return shape(json);
  };
}

/** Whatever stands there, as it is written, to be judged later. */
export function asWritten(json: Json): Json {
  return json;
}

function within<T>(shape: Shape<T>, json: Json, place: string): T {
  try {
    return shape(json);
  } catch (error) {
    if (error instanceof Mismatch) throw new Mismatch(error.reason, place + error.path);
    throw error;
  }
}

function membersOf(json: Json): readonly (readonly [string, Json])[] {
  if (!(json instanceof Members)) throw new Mismatch("应为对象");
  return json.all;
}

/** Return whether a text has more characters than that; half of its units may be second halves. */
function isLongerThan(text: string, most: number): boolean {
  if (text.length <= most) return false;
  if (text.length > 2 * most) return true;
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters > most;
}
