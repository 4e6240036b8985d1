/** Days, moments, blanks and names. */

import fc from "fast-check";
import { expect, test } from "vitest";

import { Hlc, isHash, isItem, isOperationId, localParent, uuid7 } from "../../src/core/ids.ts";
import { isBlank, isDay, isMoment } from "../../src/core/texts.ts";

test("every day that a calendar has is a day", () => {
  const days = fc.date({
    min: new Date("0001-01-01"),
    max: new Date("9999-12-31"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(days, (day) => {
      expect(isDay(day.toISOString().slice(0, 10))).toBe(true);
    }),
  );
});

test.each(["2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "0000-01-01"])(
  "%s is no day",
  (day) => {
    expect(isDay(day)).toBe(false);
  },
);

test.each(["2026-3-2", "20260302", "2026-03-02 ", "2026-03-02\n", ""])("%j is no day", (day) => {
  expect(isDay(day)).toBe(false);
});

test.each([
  "2026-03-02T09:00:00Z",
  "2028-02-29T23:59:59.123456+08:00",
  "1900-01-01T00:00:00+14:00",
  "9998-12-31T23:59:59-23:59",
  "2026-03-02T09:00:00+08:60", // as Python counts
])("%s is a moment", (moment) => {
  expect(isMoment(moment)).toBe(true);
});

test.each([
  "2026-03-02T09:00:00",
  "2026-03-02t09:00:00Z",
  "2026-03-02T09:00:00z",
  "2026-03-02 09:00:00Z",
  "2026-03-02T09:00:00.1234567Z",
  "2026-03-02T24:00:00Z",
  "2026-03-02T09:60:00Z",
  "2026-03-02T09:00:60Z",
  "2026-03-02T09:00:00+24:00",
  "2026-03-02T09:00:00+23:60",
  "2026-02-30T09:00:00Z",
  "1899-12-31T23:59:59Z",
  "9999-01-01T00:00:00Z",
  "2026-03-02T09:00:00Z\n",
])("%s is no moment", (moment) => {
  expect(isMoment(moment)).toBe(false);
});

test("a text is blank exactly if all of it is white space", () => {
  const wrong: number[] = [];
  for (let unit = 1; unit <= 0xffff; unit += 1) {
    const sign = String.fromCharCode(unit);
    if (isBlank(`${sign}\t`) !== /^\p{White_Space}$/u.test(sign)) wrong.push(unit);
  }
  expect(wrong).toEqual([]);
  expect(isBlank("")).toBe(true);
  expect(isBlank("  厚 ")).toBe(false);
});

test("names are names to their end", () => {
  const hash = "a".repeat(64);

  expect([isHash(hash), isHash(`${hash}\n`), isHash("A".repeat(64))]).toEqual([true, false, false]);
  expect(isItem("answer/dust-explosion/F01")).toBe(true);
  expect(isItem(`visit/start/${hash}`)).toBe(true);
  expect(isItem("answer/dust-explosion/F01\n")).toBe(false);
  expect(isItem("answer/a/b|task/x")).toBe(false);
  expect(isOperationId(`${hash}#9999`)).toBe(true);
  expect(isOperationId(`${hash}#01`)).toBe(false);
  expect([localParent("#0"), localParent("#499"), localParent("#00"), localParent("0")]).toEqual([
    0,
    499,
    undefined,
    undefined,
  ]);
});

test("new names are of their moment, in its order, and items", () => {
  const [earlier, later] = [uuid7(1_772_413_200_000), uuid7(1_772_413_200_001)];

  expect(earlier < later).toBe(true);
  expect(isItem(`note/${uuid7(0)}`)).toBe(true);
  expect(isItem(`note/${uuid7(2 ** 48 - 1)}`)).toBe(true);
  expect(new Set(Array.from({ length: 1000 }, () => uuid7(1))).size).toBe(1000);
});

test("a clock's next reading lies behind its last one, also as text", () => {
  const at = fc.integer({ min: 0, max: 9_000_000_000_000 });
  const counter = fc.oneof(fc.constant(0xffff), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(at, at, counter, (before, wall, count) => {
      const last = new Hlc(before, count, "ab".repeat(32));
      const next = last.next(wall, "cd".repeat(32));
      expect(String(next) > String(last)).toBe(true);
      expect(String(Hlc.parse(String(next)))).toBe(String(next));
    }),
  );
  expect(() => Hlc.parse("1772413200000-0000")).toThrow(TypeError);
});
