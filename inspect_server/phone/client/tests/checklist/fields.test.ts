/** What fields hold and what answers send; what lists show. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  misfit,
  momentOf,
  numberOf,
  prefilledGiven,
  withoutBlanks,
} from "../../src/app/checklist/fields/given.ts";
import { isFound, nextOpen, sectionsOf } from "../../src/app/checklist/structure.ts";
import { answerInWords, clock, valueInWords, whyLeft } from "../../src/app/checklist/words.ts";
import type { Form, Item } from "../../src/forms/body.ts";

function item(kind: string, more: Partial<Item> = {}): Item {
  return { code: "A", kind, question: "问", ...more };
}

const PLACE = { latitude: "1", longitude: "2", accuracy_m: "8", datum: "" };
const FORM = {
  name: "f",
  sections: [],
  choice_lists: [
    {
      name: "gas",
      choices: [
        { name: "o2", label: "氧气" },
        { name: "co", label: "一氧化碳" },
      ],
    },
  ],
} as unknown as Form;

describe("numbers", () => {
  test.each([
    ["１２．５", "12.5"],
    ["007", "7"],
    [".5", "0.5"],
    ["-.5", "-0.5"],
    ["5.", "5"],
    ["1,200", "1200"],
    ["−3", "-3"],
    ["0", "0"],
    ["19.50", "19.50"],
  ])("%s is sent as %s", (typed, sent) => {
    expect(numberOf(typed)).toBe(sent);
  });

  test("as they are printed are sent as they are", () => {
    const parts = fc.tuple(fc.integer(), fc.nat({ max: 999 }));
    const decimal = parts.map(([whole, part]) => `${whole}.${part}`);
    fc.assert(
      fc.property(decimal, (text) => {
        expect(numberOf(text)).toBe(text);
        expect(misfit(item("decimal"), text)).toBe("");
      }),
    );
  });

  test("that are none are told, not sent", () => {
    expect(misfit(item("decimal"), numberOf("约12"))).toBe("应为数值");
    expect(misfit(item("integer"), numberOf("1.5"))).toBe("应为整数");
  });
});

test("a prefilled text becomes a value of the item's kind, or nothing", () => {
  expect(prefilledGiven(item("select_multiple"), "o2 co")).toEqual(["o2", "co"]);
  expect(prefilledGiven(item("geopoint"), "31.1 120.1")).toMatchObject({ latitude: "31.1" });
  expect(prefilledGiven(item("integer"), "1.5")).toBeUndefined();
  expect(prefilledGiven(item("date"), "")).toBeUndefined();
});

test("a moment has the phone's offset", () => {
  expect(momentOf("2026-03-02T09:05", -480)).toBe("2026-03-02T09:05+08:00");
  expect(momentOf("2026-03-02T09:05", 210)).toBe("2026-03-02T09:05-03:30");
  expect(misfit(item("dateTime"), momentOf("2026-03-02T09:05", -480))).toBe("");
  expect(momentOf("", -480)).toBe("");
});

test("cells that say nothing are not sent", () => {
  const row = { a: "x", b: " ", c: [], d: undefined, e: ["p"] };

  expect(withoutBlanks(row)).toEqual({ a: "x", e: ["p"] });
});

describe("in words", () => {
  test.each([
    ["decimal", "19.5", { unit: "%" }, "19.5%"],
    ["select_one", "co", { choices: "gas" }, "一氧化碳"],
    ["select_multiple", ["o2", "x"], { choices: "gas" }, "氧气、x"],
    ["date", "2026-03-02", {}, "2026年3月2日"],
    ["geopoint", PLACE, {}, "纬度1，经度2（误差8米）"],
    ["integer", "十", {}, "十"],
  ])("a %s", (kind, given, more, said) => {
    expect(valueInWords(FORM, item(kind, more), given)).toBe(said);
  });

  test("rows of a table stand row by row", () => {
    const table = item("repeat", { columns: [item("text", { question: "点位" })] });

    expect(valueInWords(FORM, table, [{ A: "入口" }, {}])).toBe("第1行（点位：入口）；第2行（未填）");
  });

  test("an answer stands with its reason and note", () => {
    const answer = { result: "not_checked", reason: "停用", note: "待复查" };

    expect(answerInWords(FORM, item("check"), answer)).toBe("未检查（停用；待复查）");
    expect(answerInWords(FORM, item("check"), null)).toBe("已撤回");
  });

  test("that an item complies is given as the reason only where it does", () => {
    expect(whyLeft("pass")).toBe("经现场复核，该项符合要求");
    expect(["not_applicable", "not_checked"].map(whyLeft)).toEqual(["", ""]);
  });

  test("times of another day have their day", () => {
    expect(clock("2026-03-02T09:05:00.000+08:00", "2026-03-02")).toBe("09:05");
    expect(clock("2026-03-01T09:05:00.000+08:00", "2026-03-02")).toBe("3月1日 09:05");
  });
});

describe("the list", () => {
  test("jumps to the next open item, and from the last to the first", () => {
    const codes = ["a", "b", "c", "d"];

    expect(nextOpen(codes, new Set(["a", "c"]), "b")).toBe("c");
    expect(nextOpen(codes, new Set(["a", "c"]), "c")).toBe("a");
    expect(nextOpen(codes, new Set(["a"]), "a")).toBe("a");
    expect(nextOpen(codes, new Set(["b"]), "")).toBe("b");
    expect(nextOpen(codes, new Set(), "b")).toBeUndefined();
  });

  test("is searched by code and words, all of them", () => {
    const one = item("check", { code: "F02", question: "是否清扫积尘" });

    expect(isFound(one, "f02")).toBe(true);
    expect(isFound(one, "积尘 清扫")).toBe(true);
    expect(isFound(one, "积尘 油漆")).toBe(false);
    expect(isFound(one, " ")).toBe(true);
  });

  test("keeps sections in sections, in the order of the paper", () => {
    const inner = { title: "内", items: [item("text", { code: "B" })] };
    const [section] = sectionsOf([
      { title: "外", items: [item("text"), inner, item("text", { code: "C" })] },
    ]);

    expect(section?.codes).toEqual(["A", "B", "C"]);
    expect(section?.members[1]).toMatchObject({ key: "0.0", depth: 1, codes: ["B"] });
  });
});
