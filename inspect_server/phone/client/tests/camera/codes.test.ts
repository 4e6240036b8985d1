/** Which enterprise a code names: its own number, the bureau's, or another's. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { isUscc, namedBy, usccIn } from "../../src/app/camera/scanning/codes.ts";

const ID = "0192f000-0000-7000-8000-00000000e00";
const OWN = { id: `${ID}1`, uscc: "91350100M000100Y43", name: "甲厂" };
const OTHER = { id: `${ID}2`, uscc: "91110000600007156J", name: "乙厂" };

test.each(["91350100M000100Y43", "91110000600007156J", "91320799MA1WXY7K2X"])(
  "%s is well formed",
  (code) => {
    expect(isUscc(code)).toBe(true);
  },
);

test("one wrong sign is found, whichever it is", () => {
  const signs = [..."0123456789ABCDEFGHJKLMNPQRTUWXY"];
  fc.assert(
    fc.property(fc.nat(16), fc.constantFrom(...signs), (at, sign) => {
      const changed = OWN.uscc.slice(0, at) + sign + OWN.uscc.slice(at + 1);
      expect(isUscc(changed)).toBe(changed === OWN.uscc);
    }),
  );
});

describe("a number is found", () => {
  test.each([
    ["91350100M000100Y43"],
    ["统一社会信用代码：91350100m000100y43"],
    ["https://www.gsxt.gov.cn/index?uniscid=91350100M000100Y43&t=1"],
    ["９１３５０１００Ｍ０００１００Ｙ４３"],
    ["name=%E7%94%B2%E5%8E%82%3B91350100M000100Y43"],
    ["123456789012345670 91350100M000100Y43"],
  ])("in %s", (text) => {
    expect(usccIn(text)).toBe(OWN.uscc);
  });

  test.each([["91350100M000100Y44"], ["A91350100M000100Y43"], ["甲厂"], ["100%"], [""]])(
    "not in %s",
    (text) => {
      expect(usccIn(text)).toBe("");
    },
  );
});

describe("a code at the gate", () => {
  test("of this enterprise is the same, by number or by the bureau's id", () => {
    const same = { kind: "same", uscc: OWN.uscc, name: "甲厂" };

    expect(namedBy(`信用代码 ${OWN.uscc}`, OWN, [OTHER])).toEqual({
      ...same,
      code: "enterprise",
      named: OWN.uscc,
    });
    for (const text of [`IXG1/${OWN.id}`, `https://aj.example.cn/e/${OWN.id.toUpperCase()}`]) {
      expect(namedBy(text, OWN, [])).toEqual({ ...same, code: "bureau", named: OWN.id });
    }
  });

  test("of another one says which, by name where this phone knows it", () => {
    const known = { kind: "other", uscc: OTHER.uscc, name: "乙厂" };
    const number = { ...known, code: "enterprise", named: OTHER.uscc };

    expect(namedBy(OTHER.uscc, OWN, [OWN, OTHER])).toEqual(number);
    expect(namedBy(OTHER.uscc, OWN, [])).toEqual({ ...number, name: "" });
    expect(namedBy(`IXG1/${OTHER.id}`, OWN, [OTHER])).toEqual({
      ...known,
      code: "bureau",
      named: OTHER.id,
    });
  });

  test("of the bureau is another enterprise's where this phone knows nothing of it", () => {
    const unknown = { kind: "other", code: "bureau", named: OTHER.id, uscc: "", name: "" };

    expect(namedBy(`IXG1/${OTHER.id}`, OWN, [])).toEqual(unknown);
    expect(namedBy(`https://example.cn/${OTHER.id}`, OWN, [])).toEqual({ kind: "none" });
  });

  test("of no enterprise says so", () => {
    expect(namedBy("https://example.cn/pay", OWN, [OTHER])).toEqual({ kind: "none" });
    expect(namedBy("", { ...OWN, uscc: "" }, [{ ...OTHER, uscc: "" }])).toEqual({ kind: "none" });
  });
});
