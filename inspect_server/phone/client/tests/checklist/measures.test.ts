/** What a finding is met with, by the vectors that hold the office, too. */

import { expect, test } from "vitest";
import vectors from "../../../../../tests/vectors/measures.json" with { type: "json" };
import several from "../../../../../tests/vectors/measures_together.json" with { type: "json" };
import { amended, begun, graded, valueOfDraft } from "../../src/app/findings/drafting/draft.ts";
import { FREE, ON_SITE, faultsOf, needsDecision } from "../../src/app/findings/drafting/grading.ts";
import {
  TOGETHER,
  faultOfMeasures,
  measuresOf,
  togetherOf,
  toggled,
} from "../../src/app/findings/drafting/measures.ts";
import { headInWords } from "../../src/app/checklist/words.ts";
import { measureName, measuresNamed } from "../../src/app/words/names.ts";
import type { Head } from "../../src/merging/items.ts";
import { FINDING } from "../capture/team.ts";

test.each(vectors)("$level, $measure, corrected: $corrected_on_site", (vector) => {
  const { level, measure, corrected_on_site, needs_decision, word } = vector;

  expect(needsDecision({ ...FINDING, level, measure, corrected_on_site })).toBe(needs_decision);
  expect(measureName(measure, level)).toBe(word);
});

test("what one head says of it depends on its level, too", () => {
  const head = (level: string): Head =>
    ({ type: "finding.add", value: { ...FINDING, level, measure: "rectify_now" } }) as never;

  expect(headInWords(head("general"))).toContain("责令立即改正");
  expect(headInWords(head("major"))).toContain("责令立即排除");
  expect(measureName("", "major")).toBe("");
});

const told = new Map([[TOGETHER, { id: TOGETHER, value: ON_SITE } as never]]);
const BOTH = { ...FINDING, level: "major", measure: "withdraw", further_measures: ["suspend"] };

test.each(several)("$level, $measure and $further_measures", (vector) => {
  const { level, measure, further_measures, word, needs_decision, fault } = vector;
  const finding = { ...FINDING, level, measure, further_measures };

  expect(faultOfMeasures(finding, togetherOf(told))).toBe(fault);
  expect(measuresNamed(finding)).toBe(word);
  expect(needsDecision(finding)).toBe(needs_decision);
});

test("what goes together is not judged by a phone that was not told", () => {
  const odd = { level: "major", measure: "rectify_now", further_measures: ["rectify_within"] };

  expect(faultOfMeasures(odd, togetherOf(new Map()))).toBe("");
  expect(faultOfMeasures({ ...odd, level: "general" }, undefined)).not.toBe("");
});

test("measures are ticked and unticked, and written in one order", () => {
  const first = toggled([], "suspend", ON_SITE);
  const both = toggled(first, "withdraw", ON_SITE);

  expect(both).toEqual(["withdraw", "suspend"]);
  expect(toggled(both, "withdraw", ON_SITE)).toEqual(["suspend"]);
  expect(toggled(["suspend"], "suspend", ON_SITE)).toEqual([]);
});

test("what goes with nothing takes the place of the others, and they its place", () => {
  expect(toggled(["withdraw", "suspend"], "stop_use", ["withdraw", "suspend"])).toEqual([
    "stop_use",
  ]);
  expect(toggled(["stop_use"], "withdraw", ["withdraw", "suspend"])).toEqual(["withdraw"]);
});

test("a draft keeps several measures, and one measure is saved as it always was", () => {
  const draft = amended(BOTH, undefined, "");

  expect(measuresOf(draft)).toEqual(["withdraw", "suspend"]);
  expect(valueOfDraft(draft, "", "2026-03-02")).toEqual({ ...BOTH, answer_item: "" });
  const one = valueOfDraft({ ...draft, further_measures: [] }, "", "2026-03-02");
  expect(one).not.toHaveProperty("further_measures");
});

test("a draft kept by an earlier program has one measure", () => {
  const { further_measures: _, ...earlier } = { ...begun(undefined, undefined, "", ""), text: "x" };

  expect(valueOfDraft(earlier as never, "", "2026-03-02").measure).toBe("rectify_within");
});

test("lowered to 一般, a finding keeps none of what stops work; raised again it begins anew", () => {
  const lowered = graded(amended(BOTH, undefined, ""), "general", FREE, "2026-03-17");

  expect(measuresOf(lowered)).toEqual(["rectify_within"]);
  expect(measuresOf(graded(lowered, "major", FREE, ""))).toEqual([]);
});

test("a 重大 one with several measures on site can stand", () => {
  expect(faultsOf({ ...BOTH, basis: "第六条" }, FREE, "", "2026-03-02")).toEqual([]);
  expect(
    faultsOf({ ...BOTH, basis: "x", measure: "rectify_within" }, FREE, "", "2026-03-02"),
  ).toEqual(["重大事故隐患应选择现场处理措施"]);
});
