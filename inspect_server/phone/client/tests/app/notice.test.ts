/** The notice of rights: nothing that tells why the check was chosen, and nothing for officers. */

import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import { describe, expect, test } from "vitest";
import DisciplineList from "../../src/app/pages/task/DisciplineList.vue";
import LacksTold from "../../src/app/pages/task/LacksTold.vue";
import { aboutCheck, waysOf } from "../../src/app/pages/visit/notice/about.ts";
import type { TaskBody } from "../../src/app/reading/bodies.ts";
import { SOURCES } from "../../src/app/words/names.ts";

const scheme = {
  category: "个案检查",
  remark: "投诉举报（举报事故隐患，举报2026-017）：反映除尘器长期不清灰",
  legal_basis: ["《安全生产法》第六十五条"],
  contents: ["通用安全管理"],
  checks_this_year: 1,
  cap: 6,
};

/** The lines about a check of a source, as text. */
function told(source: string, isExempt: boolean, recording = ""): string {
  const task = {
    number: "2026-0009",
    source,
    visit_from: "2020-03-02",
    visit_to: "2020-03-06",
    scheme,
    frequency: { is_exempt: isExempt },
  };
  const lines = aboutCheck(task as unknown as TaskBody, null, recording);
  return lines.map((line) => line.join("：")).join("\n");
}

describe("about the check the enterprise reads", () => {
  test("nothing that tells that somebody reported it", () => {
    const said = told("complaint", true);

    for (const word of [...Object.values(SOURCES), "举报", "来源", "个案", "除尘器"]) {
      expect(said).not.toContain(word);
    }
    expect(said).toBe(told("assigned", true));
    expect(told("recheck", false)).toBe(told("draw", false));
  });

  test("on which basis, what, when, how often, and whether this check counts", () => {
    expect(told("complaint", true, "全程录像").split("\n")).toEqual([
      "检查依据：《安全生产法》第六十五条",
      "检查事项：通用安全管理",
      "检查时间：2020年3月2日至2020年3月6日",
      "执法全过程记录：全程录像",
      "检查频次：本机关本年度此前已对你单位检查 1 次，年度上限 6 次；" +
        "本次检查依照规定不计入年度频次。",
    ]);
    expect(told("draw", false)).toContain("年度上限 6 次。");
  });

  test("no line of what nobody filled in", () => {
    expect(told("draw", false)).not.toContain("记录");
    expect(waysOf({ phone: "", sentence: "" })).toEqual([]);
    expect(waysOf({ phone: "12350", sentence: "可以申请行政复议。" })).toEqual([
      "检查人员违反规定的，可以拨打监督投诉电话12350反映。",
      "可以申请行政复议。",
    ]);
  });
});

test("remarks on the rules of conduct are for officers", async () => {
  const discipline = { rules: ["严禁逐利检查"], source: "国办发〔2024〕54号", isVerified: false };
  const said = async (turned: boolean): Promise<string> =>
    await renderToString(createSSRApp(DisciplineList, { discipline, turned }));

  expect(await said(false)).toContain("名目未与原文核对");
  expect(await said(true)).toContain("国办发〔2024〕54号");
  expect(await said(true)).not.toContain("核对");
});

test("officers are told on the task what the notice cannot show", async () => {
  const said = async (phone: string, sentence: string): Promise<string> =>
    await renderToString(createSSRApp(LacksTold, { relief: { phone, sentence } }));

  expect(await said("", "可以申请行政复议。")).toContain("没有监督投诉电话");
  expect(await said("", "可以申请行政复议。")).not.toContain("途径");
  expect(await said("12350", "")).toContain("没有申请行政复议、提起行政诉讼的途径");
  expect(await said("12350", "可以申请行政复议。")).not.toContain("告知页");
});
