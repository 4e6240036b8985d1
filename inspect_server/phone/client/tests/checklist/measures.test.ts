/** What a finding is met with, by the vectors that hold the office, too. */

import { expect, test } from "vitest";
import vectors from "../../../../../tests/vectors/measures.json" with { type: "json" };
import { needsDecision } from "../../src/app/findings/drafting/grading.ts";
import { headInWords } from "../../src/app/checklist/words.ts";
import { measureName } from "../../src/app/words/names.ts";
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
