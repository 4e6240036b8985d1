/** JSON is read as every browser reads it, but for what the protocol refuses. */

import fc from "fast-check";
import { expect, test } from "vitest";

import { Malformed, Members, OtherNumber, plain, readJson } from "../../src/core/reading/json.ts";
import * as shapes from "../../src/core/reading/shapes.ts";

const { Mismatch, either, list, record, table, text, whole } = shapes;

const pieces = fc.constantFrom(
  ...['"', "\\", "{", "}", "[", "]", ":", ",", "1", "-", "0", ".", "e", "true", "null", " ", "\n"],
  ...['"a"', '"\\u0041"', '"\\ud83d\\ude00"', "\u00a0", "\ufeff", "\t", "1.5", "-0", "厚", "\u0000"],
);

/** Return what browsers make of a text, undefined if it is no JSON to them. */
function inBrowsers(json: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) };
  } catch {
    return undefined;
  }
}

test("what is no JSON to a browser is none here, and the other way round", () => {
  const texts = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(texts, fc.json()), (json) => {
      const expected = inBrowsers(json);
      if (expected === undefined) expect(() => readJson(json)).toThrow(Malformed);
      else expect(same(plain(readJson(json)))).toEqual(same(expected.value));
    }),
    { numRuns: 2000 },
  );
});

/** -0 is 0. */
function same(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test.each(['"\\ud83d"', '"\\ude00"', '"\\ude00\\ud83d"', '{"\\ud83d":1}', '"\\ud83d\\u0041"'])(
  "half of a pair is no text: %s",
  (json) => {
    expect(() => readJson(json)).toThrow(Malformed);
  },
);

test("a key that stands twice is kept twice, and counts with its last value", () => {
  const read = readJson('{"a":1,"b":2,"a":"x"}');

  expect(read).toBeInstanceOf(Members);
  expect((read as Members).all).toEqual([["a", 1], ["b", 2], ["a", "x"]]);
  expect(plain(read)).toEqual({ a: "x", b: 2 });
});

test("a key may have any name", () => {
  const value = plain(readJson('{"__proto__":{"x":1},"constructor":2}')) as object;

  expect(Object.entries(value)).toEqual([["__proto__", { x: 1 }], ["constructor", 2]]);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test.each(["1.0", "1e3", "-0.0", "0e5", "9007199254740992", "1e400"])(
  "%s is no integer",
  (json) => {
    expect(readJson(json)).toEqual(new OtherNumber(json));
    expect(() => whole(0, Number.MAX_SAFE_INTEGER)(readJson(json))).toThrow(Mismatch);
  },
);

test.each([["-0", 0], ["9007199254740991", Number.MAX_SAFE_INTEGER], ["-7", -7]])(
  "%s is an integer",
  (json, number) => {
    expect(Object.is(readJson(json), number)).toBe(true);
  },
);

test("what is nested too deep is refused before the stack ends", () => {
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

  expect(() => readJson(nested(800))).not.toThrow();
  expect(() => readJson(nested(1_000))).toThrow(Malformed);
  expect(() => readJson(nested(500_000))).toThrow(Malformed);
});

test("a mismatch says where it is", () => {
  const rows = list(table(text(2), record({ n: whole(0, 9) })), 3);
  const shape = record({ rows }, { x: text(1) });
  const of = (json: string): unknown[] => {
    try {
      return [shape(readJson(json))];
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      return [error.path, error.reason];
    }
  };

  expect(of('{"rows":[{"a":{"n":1}}],"x":"厚"}')).toEqual([{ rows: [{ a: { n: 1 } }], x: "厚" }]);
  expect(of('{"rows":[{},{"a":{"n":10}}]}')).toEqual([".rows[1][...].n", "应在 0 到 9 之间"]);
  expect(of('{"rows":[{},{"a":{}}]}')).toEqual([".rows[1][...]", "缺少“n”"]);
  expect(of('{"rows":[{"abc":{"n":1}}]}')).toEqual([".rows[0]", "最多 2 个字"]);
  expect(of('{"rows":[],"y":1}')).toEqual(["", "不应有“y”"]);
  expect(of('{"rows":[],"x":1,"x":"a"}')).toEqual([".x", "应为文字"]);
  expect(of('{"x":"a"}')).toEqual(["", "缺少“rows”"]);
  expect(of("[]")).toEqual(["", "应为对象"]);
});

test("a text is as long as it has characters", () => {
  const three = text(3);

  expect(three(readJson('"𠮷𠮷𠮷"'))).toBe("𠮷𠮷𠮷");
  expect(() => three(readJson('"𠮷𠮷𠮷a"'))).toThrow("最多 3 个字");
  expect(() => three(readJson('"aaaa"'))).toThrow("最多 3 个字");
});

test("of several kinds only those are taken that were named", () => {
  const shape = either(text(9), undefined, record({}));

  expect(shape(readJson('"a"'))).toBe("a");
  expect(shape(readJson("{}"))).toEqual({});
  for (const other of ["[]", "1", "1.5", "null", "true"]) {
    expect(() => shape(readJson(other))).toThrow("不是规定的类型");
  }
});
