/** Findings as they are suggested, written and held to what closing the record asks. */

import { describe, expect, test } from "vitest";

import {
  daysLater,
  monthsLater,
  suggestedPeriod,
  weekdaysLater,
} from "../../src/app/findings/drafting/deadlines.ts";
import type { LawValue } from "../../src/app/findings/drafting/deadlines.ts";
import {
  begun,
  graded,
  valueOfDraft,
  withClause,
  wordingOf,
} from "../../src/app/findings/drafting/draft.ts";
import { FREE, faultsOf, gradeOf, measuresFor } from "../../src/app/findings/drafting/grading.ts";
import type { FindingValue } from "../../src/app/findings/drafting/grading.ts";
import type { Suggestion } from "../../src/forms/suggesting.ts";

const DAY = "2026-03-02"; // a Monday
const LAW: LawValue = {
  id: "deadline.rectification_default_days",
  title: "责令限期整改的默认期限（参数）",
  unit: "natural_days",
  value: 30,
  source: "",
  verified: false,
};
const SUGGESTED: Suggestion = {
  code: "F01",
  wording: "场所内设有人员聚集场所（注明房间用途和人数）。",
  level: "general",
  refer_to: "",
  to_confirm: [],
  basis: "《甲法》第一条",
  device_basis: "《乙规定》第十四条",
  penalty_basis: "《甲法》第九条",
  to_verify: [],
  measure: "rectify_within",
  deadline: 15,
  correctable_on_site: false,
};
const FOUND: FindingValue = {
  answer_item: "answer/dust/F01",
  level: "general",
  text: "积尘",
  place: "打磨车间",
  basis: "《甲法》第一条",
  penalty_basis: "",
  measure: "rectify_within",
  deadline: "2026-03-17",
  corrected_on_site: false,
};
const NO_MEASURE = ["重大事故隐患应选择现场处理措施"];
const TOO_LOW = ["属于重大事故隐患判定标准所列情形，不得降为一般隐患"];
const NOT_ORDERED = ["不属于应急管理部门查处，处理措施应改为线索移送"];
const NOT_REFERRED = ["属于应急管理部门查处，不能作线索移送"];
const REFERRED = { ...FOUND, measure: "refer", deadline: "" };
const DONE = { ...FOUND, deadline: "", corrected_on_site: true };
const LATE = { ...FOUND, deadline: "2026-03-01" };
const SEVERE = { ...FOUND, level: "major" };
const GENERAL = gradeOf(SUGGESTED);
const MAJOR = gradeOf({ ...SUGGESTED, level: "major" });
const UNCERTAIN = gradeOf({ ...SUGGESTED, level: "major", to_confirm: ["须判断"] });
const FIRE = gradeOf({ ...SUGGESTED, refer_to: "fire", measure: "refer" });

function laws(...values: LawValue[]): Map<string, LawValue> {
  return new Map(values.map((one) => [one.id, one]));
}

describe("a suggested period", () => {
  test("of natural days does not count the day of the visit", () => {
    expect(suggestedPeriod(15, DAY, new Map())).toEqual({
      last: "2026-03-17",
      length: "15日（自然日）",
      law: "",
      isVerified: true,
      isEstimated: false,
    });
  });

  test("by a dated law value names it, and that nobody compared it", () => {
    expect(suggestedPeriod(LAW.id, DAY, laws(LAW))).toMatchObject({
      last: "2026-04-01",
      law: "责令限期整改的默认期限", // 参数 is the office's word
      isVerified: false,
    });
  });

  test("in working days leaves weekends out, and says that holidays may move it", () => {
    const working = { ...LAW, unit: "working_days", value: 5 };

    expect(suggestedPeriod(LAW.id, DAY, laws(working))).toMatchObject({
      last: "2026-03-09",
      length: "5个工作日",
      isEstimated: true,
    });
  });

  test("is not said where it is none: no days, another unit, a value that is not here", () => {
    expect(suggestedPeriod(0, DAY, new Map())).toBeUndefined();
    expect(suggestedPeriod(LAW.id, DAY, new Map())).toBeUndefined();
    expect(suggestedPeriod(LAW.id, DAY, laws({ ...LAW, unit: "hours" }))).toBeUndefined();
    expect(suggestedPeriod(LAW.id, DAY, laws({ ...LAW, value: "30" }))).toMatchObject({
      last: "2026-04-01",
    });
    expect(suggestedPeriod(LAW.id, DAY, laws({ ...LAW, value: "x" }))).toBeUndefined();
  });

  test("of months ends on the same day, else on the month's last", () => {
    expect(monthsLater("2026-01-31", 1)).toBe("2026-02-28");
    expect(monthsLater("2026-11-15", 3)).toBe("2027-02-15");
  });

  test("of days crosses months and years; weekends are weekends everywhere", () => {
    expect(daysLater("2026-12-30", 3)).toBe("2027-01-02");
    expect(weekdaysLater("2026-03-06", 1)).toBe("2026-03-09");
    expect(weekdaysLater("2026-03-07", 1)).toBe("2026-03-09");
  });
});

describe("what keeps a record open", () => {
  test.each([
    ["nothing, where all is there", FOUND, GENERAL, "", []],
    ["no place", { ...FOUND, place: " " }, GENERAL, "", ["缺部位"]],
    ["no basis", { ...FOUND, basis: "" }, GENERAL, "", ["缺依据条款"]],
    ["no deadline", { ...FOUND, deadline: "" }, GENERAL, "", ["未当场改正，应填写整改期限"]],
    ["a deadline in the past", LATE, GENERAL, "", ["整改期限早于检查日"]],
    ["a deadline today is none", { ...FOUND, deadline: DAY }, GENERAL, "", []],
    ["put right on site needs no day", DONE, GENERAL, "", []],
    ["★ called general", FOUND, MAJOR, "理由", TOO_LOW],
    ["★ judged, called general without words", FOUND, UNCERTAIN, " ", ["由重大降为一般隐患，应写明理由"]],
    ["★ judged, called general with words", FOUND, UNCERTAIN, "面积不足", []],
    ["重大 without a measure on site", SEVERE, MAJOR, "", NO_MEASURE],
    ["重大 outside of all lists as well", SEVERE, FREE, "", NO_MEASURE],
    ["重大 with one", { ...FOUND, level: "major", measure: "suspend" }, MAJOR, "", []],
    ["what others enforce, ordered here", FOUND, FIRE, "", NOT_ORDERED],
    ["what others enforce, referred", REFERRED, FIRE, "", []],
    ["one's own, referred", REFERRED, GENERAL, "", NOT_REFERRED],
    ["outside of all lists, referred", REFERRED, FREE, "", []],
    [
      "referred with all that a referral has not",
      { ...FOUND, measure: "refer", level: "major", penalty_basis: "x" },
      FIRE,
      "",
      [
        "移送的线索由接收部门认定，级别应为一般",
        "移送的线索不由本机关处罚，应删去处罚依据",
        "移送的线索不由本机关限期整改，应删去整改期限",
      ],
    ],
  ] as const)("%s", (_, finding, grade, note, faults) => {
    expect(faultsOf(finding, grade, note, DAY)).toEqual(faults);
  });
});

describe("a draft", () => {
  const period = suggestedPeriod(15, DAY, new Map());

  test("has the checklist's words without what it tells the officer to add", () => {
    expect(wordingOf(SUGGESTED.wording)).toEqual({
      text: "场所内设有人员聚集场所。",
      toAdd: "房间用途和人数",
    });
    expect(begun(SUGGESTED, period, "打磨车间", "")).toMatchObject({
      text: "场所内设有人员聚集场所。",
      place: "打磨车间",
      deadline: "2026-03-17",
      measure: "rectify_within",
    });
  });

  test("of what is referred has neither deadline nor penalty", () => {
    const referred = { ...SUGGESTED, refer_to: "fire", measure: "refer" } as const;
    const value = valueOfDraft(begun(referred, period, "车间", ""), "answer/dust/F01", DAY);

    expect(faultsOf(value, gradeOf(referred), "", DAY)).toEqual([]);
    expect(value).toMatchObject({ deadline: "", penalty_basis: "", measure: "refer" });
  });

  test("of a 重大 one waits for the measure that the officer chooses", () => {
    const major = { ...SUGGESTED, level: "major", measure: "" } as const;
    const value = valueOfDraft(begun(major, period, "车间", ""), "", DAY);

    expect(value.measure).toBe("");
    expect(measuresFor(gradeOf(major), "major")).not.toContain("rectify_within");
  });

  test("raised to 重大 loses a measure that is none on site, and keeps its day", () => {
    const raised = graded(begun(SUGGESTED, period, "", ""), "major", GENERAL, "2026-03-17");

    expect(raised).toMatchObject({ level: "major", measure: "", deadline: "2026-03-17" });
    expect(graded(raised, "general", GENERAL, "").measure).toBe("rectify_within");
  });

  test("that orders at once is due on the day of the visit, so that it can be closed", () => {
    const draft = { ...begun(SUGGESTED, period, "车间", ""), measure: "rectify_now", deadline: "" };
    const value = valueOfDraft(draft, "", DAY);

    expect(value.deadline).toBe(DAY);
    expect(faultsOf(value, GENERAL, "", DAY)).toEqual([]);
  });

  test("of what was put right on site has no day, and a measure even if none was chosen", () => {
    const draft = { ...begun(SUGGESTED, period, "车间", ""), measure: "", corrected_on_site: true };

    expect(valueOfDraft(draft, "", DAY)).toMatchObject({
      deadline: "",
      measure: "rectify_now",
      corrected_on_site: true,
    });
  });

  test("cites the clause on devices only while they are said not to work", () => {
    const cited = withClause(SUGGESTED.basis, SUGGESTED.device_basis, true);

    expect(cited).toBe("《甲法》第一条；《乙规定》第十四条");
    expect(withClause(cited, SUGGESTED.device_basis, true)).toBe(cited);
    expect(withClause(cited, SUGGESTED.device_basis, false)).toBe("《甲法》第一条");
  });
});
