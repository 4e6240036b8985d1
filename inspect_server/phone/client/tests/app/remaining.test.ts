/** What is told before people sign and leave: what is left, in which order, and what is signed. */

import { describe, expect, test } from "vitest";
import type { Form } from "../../src/forms/body.ts";
import type { Phone } from "../../src/capture/phone.ts";
import type { MergedRecord } from "../../src/merging/record.ts";
import type { TeamMember } from "../../src/app/reading/bodies.ts";
import { filesInWords } from "../../src/app/checklist/words.ts";
import { needsDecision } from "../../src/app/findings/drafting/grading.ts";
import { overviewOf } from "../../src/app/pages/visit/signing/overview.ts";
import { refusalsOf, unsignedOf } from "../../src/app/pages/visit/signing/remaining.ts";
import { itemsTold } from "../../src/app/pages/visit/signing/unseen.ts";
import { signerRows } from "../../src/app/session/signing.ts";
import { FINDING, ITEM, SECOND, STROKES, exchange, holding } from "../capture/team.ts";
import { dust, officer, seenBy } from "../signing/seen.ts";
import { FORM, TASK, emptyBrowser } from "../store/keeping.ts";

emptyBrowser();

const DUST = dust("D01", "D02", "D03");
const TEAM = [
  officer(1, "lead", "赵兰玉"),
  officer(2, "member", "钱立"),
  officer(3, "member", "孙文"),
];
const REFUSED = { refused: true, refusal_reason: "有异议" };

async function signAs(phone: Phone, one: TeamMember): Promise<void> {
  await phone.sign(TASK, one.role, one.name, STROKES, { officer_id: one.officer_id });
}

describe("what is left", () => {
  test("comes in the order in which it is mended, each with its place", async () => {
    const held = await holding(1);
    const other = await holding(2);
    await other.phone.answer(TASK, SECOND, "fail");
    await held.phone.answer(TASK, SECOND, "pass");
    await exchange(held.phone, other.phone);
    await held.phone.answer(TASK, ITEM, "fail");
    const finding = await held.phone.addFinding(TASK, { ...FINDING, place: "", basis: "" });
    const visit = await seenBy(held, TEAM.slice(0, 2));
    const { open } = overviewOf(visit, [DUST]);

    expect(open.map((one) => one.spot)).toEqual([
      { at: "step", step: "arrive" },
      { at: "exchange" },
      { at: "item", form: "dust", code: "D02" },
      { at: "item", form: "dust", code: "D03" },
      { at: "finding", finding },
    ]);
    expect(open[1]?.text).toContain("钱立");
    expect(open[2]?.text).toContain("不一致");
    expect(open[3]?.text).toContain("未填");
    expect(open[4]?.text).toContain("缺部位；缺依据条款");
  });

  test("names a finding whose item is not 不符合 any more, and a failure without one", async () => {
    const held = await holding(1);
    await held.phone.startVisit(TASK, { place: "车间" });
    const all = [ITEM, SECOND, "answer/dust/D03"];
    for (const item of all) await held.phone.answer(TASK, item, "pass");
    await held.phone.addFinding(TASK, { ...FINDING, basis: "某条" });
    await held.phone.answer(TASK, SECOND, "fail");
    const { open } = overviewOf(await seenBy(held, TEAM.slice(0, 1)), [DUST]);

    expect(open.map((one) => one.text)).toEqual([
      expect.stringContaining("D02 问题D02：待填写问题描述"),
      expect.stringContaining("检查项 D01 没有填为“不符合”"),
    ]);
  });

  test("begins with a checklist that is not here, and names the rest all the same", async () => {
    const held = await holding(1);
    const visit = await seenBy(held, TEAM.slice(0, 1));
    const other = { ...DUST, version: 2 } as Form;
    const seen = overviewOf(visit, [other]);

    expect(seen.isPartial).toBe(true);
    expect(overviewOf(visit, [other, DUST]).isPartial).toBe(false);
    expect(seen.open.map((one) => one.spot)).toEqual([
      { at: "sync" },
      { at: "step", step: "arrive" },
    ]);
    expect(seen.open[0]?.text).toContain("本机没有检查表“粉尘检查表”");
    expect(overviewOf(visit, []).open[0]?.text).toContain(FORM);
  });

  test("says of conflicts in such a checklist that it is not here", async () => {
    const [held, other] = [await holding(1), await holding(2)];
    for (const item of [ITEM, SECOND]) {
      await held.phone.answer(TASK, item, "pass");
      await other.phone.answer(TASK, item, "fail");
    }
    await exchange(held.phone, other.phone);
    const visit = await seenBy(held, TEAM.slice(0, 1));
    const seen = overviewOf(visit, [{ ...DUST, version: 2 } as Form]);
    const disputes = seen.open.filter(({ text }) => text.includes("不一致"));

    expect(disputes).toEqual([
      {
        text: "检查表“粉尘检查表”有 2 处不一致，该检查表尚不在本机，联网同步后由主办人员确认",
        spot: { at: "sync" },
      },
    ]);
    expect([...seen.beyond].sort()).toEqual([ITEM, SECOND]);
    expect(overviewOf(visit, [DUST]).beyond).toEqual([]);
  });

  test("names what only the office can decide, which keeps no record open", async () => {
    const held = await holding(1);
    const other = await holding(2);
    await held.phone.startVisit(TASK, { place: "车间" });
    const major = { ...FINDING, level: "major", measure: "suspend", basis: "某条" };
    const finding = await held.phone.addFinding(TASK, major);
    await held.phone.addFinding(TASK, { ...major, corrected_on_site: true });
    await held.phone.addFinding(TASK, { ...FINDING, basis: "某条" });
    const seen = overviewOf(await seenBy(held, TEAM.slice(0, 1)), [DUST]);

    expect(seen.undecided.map((one) => one.spot)).toEqual([{ at: "finding", finding }]);
    expect(seen.undecided[0]?.text).toBe(
      "问题“未清扫积尘”（责令暂时停产停业）：须另行制作《现场处理措施决定书》，" +
        "本机不能制作，离开现场前请联系承办机构",
    );
    expect(seen.open.some(({ text }) => text.includes("决定书"))).toBe(false);

    // What the phones say differently is settled first.
    await exchange(held.phone, other.phone);
    await held.phone.amendFinding(TASK, finding, { ...major, text: "甲" });
    await other.phone.amendFinding(TASK, finding, { ...major, text: "乙" });
    await exchange(held.phone, other.phone);
    const now = overviewOf(await seenBy(held, TEAM.slice(0, 1)), [DUST]);
    expect(now.undecided).toEqual([]);
    expect(now.open.some(({ text }) => text.includes("不一致"))).toBe(true);
  });

  test("counts many unanswered items once, and begins with the first", async () => {
    const held = await holding(1);
    await held.phone.startVisit(TASK, { place: "车间" });
    const codes = Array.from({ length: 5 }, (_, at) => `D0${at + 1}`);
    const items = codes.map((code) => ({ code, kind: "check", question: code }));
    const many = { ...DUST, sections: [{ title: "一", items }] } as unknown as Form;
    const { open } = overviewOf(await seenBy(held, TEAM.slice(0, 1)), [many]);

    expect(open).toHaveLength(1);
    expect(open[0]).toMatchObject({ spot: { at: "item", code: "D01" } });
    expect(open[0]?.text).toContain("5 项未填");
  });
});

describe("signatures", () => {
  test("are one row for each of the team, and none is missing when all signed", async () => {
    const held = await holding(1);
    await held.phone.note(TASK, "一");
    await signAs(held.phone, TEAM[1] as TeamMember);
    const rows = (record: MergedRecord): unknown =>
      signerRows(record, "record", TEAM).map((row) => [row.officer?.name ?? "", !!row.signature]);
    expect(rows(await held.phone.record(TASK))).toEqual([
      ["赵兰玉", false],
      ["钱立", true],
      ["孙文", false],
      ["", false],
    ]);

    let left = unsignedOf(await seenBy(held, TEAM));
    expect(left.map((one) => one.text)).toEqual([
      "检查记录：本机没有主办人员 赵兰玉的签名",
      "检查记录：本机没有协办人员 孙文的签名",
      "检查记录：本机没有被检查单位的签名",
    ]);
    await signAs(held.phone, TEAM[0] as TeamMember);
    await signAs(held.phone, TEAM[2] as TeamMember);
    await held.phone.sign(TASK, "enterprise", "", [], REFUSED);
    left = unsignedOf(await seenBy(held, TEAM));
    expect(left).toEqual([]); // a refusal counts, a witness is no must
    expect(refusalsOf(await seenBy(held, TEAM))).toEqual([
      {
        text: "检查记录：被检查单位拒签，须按规定向承办机构报告",
        spot: { at: "signed", document: "record", key: "enterprise" },
      },
    ]);

    await held.phone.note(TASK, "后来的");
    left = unsignedOf(await seenBy(held, TEAM));
    expect(left).toHaveLength(4);
    expect(left[0]?.text).toContain("须重新签名");
    expect(left.some((one) => one.isUnknown)).toBe(false); // what is stale was seen here
    expect(refusalsOf(await seenBy(held, TEAM))).toEqual([]); // asked again first
  });

  test("that were given on the partner's phone are not told as never given", async () => {
    const [held, other] = [await holding(1), await holding(2)];
    const [lead, member] = TEAM as [TeamMember, TeamMember];
    for (const one of [lead, member]) await signAs(held.phone, one);
    await held.phone.sign(TASK, "enterprise", "钱大", STROKES);

    const left = unsignedOf(await seenBy(other, [lead, member]));
    expect(left).toHaveLength(3);
    expect(left.every((one) => one.isUnknown)).toBe(true);
    expect(left.some((one) => one.text.includes("未签名"))).toBe(false);
    await exchange(held.phone, other.phone);
    expect(unsignedOf(await seenBy(other, [lead, member]))).toEqual([]);

    // Whoever works alone has no other phone to look at.
    const alone = unsignedOf(await seenBy(await holding(1), [lead]));
    expect(alone.map((one) => one.text)).toContain("检查记录：主办人员 赵兰玉未签名");
    expect(alone.some((one) => one.isUnknown)).toBe(false);
  });

  test("of an order are missed where there is one", async () => {
    const held = await holding(1);
    await held.phone.addFinding(TASK, FINDING);
    const left = unsignedOf(await seenBy(held, TEAM.slice(0, 1)));
    expect(left.map((one) => one.spot)).toContainEqual({
      at: "signer",
      document: "order",
      key: "enterprise",
    });
    expect(left).toHaveLength(4);
  });

  test("tell by code and wording what they did not see", async () => {
    const [held, other] = [await holding(1), await holding(2)];
    await other.phone.answer(TASK, ITEM, "pass");
    await other.phone.participant(TASK, "safety", "周安");
    held.clock.put("2026-03-02T10:00:00+08:00");
    await signAs(held.phone, TEAM[0] as TeamMember);
    await exchange(held.phone, other.phone);
    const record = await held.phone.record(TASK);
    const [row] = signerRows(record, "record", TEAM);

    expect(itemsTold(row?.unseenItems ?? [], record, [DUST])).toEqual([
      "D01 问题D01：符合",
      expect.stringContaining("周安"),
    ]);
  });
});

test("films are counted apart from photos, and a 重大 one met at once needs a decision", async () => {
  const { phone } = await holding(1);
  const photos = [await phone.addPhoto(TASK, new Uint8Array([1]))];
  photos.push(await phone.addPhoto(TASK, new Uint8Array([2]), { mime: "video/webm" }));
  const items = await Promise.all(photos.map((id) => phone.item(TASK, id)));
  const files = items.filter((one) => one !== undefined);
  expect(filesInWords(files)).toBe("照片 1，录像 1");
  expect(filesInWords(files.slice(1))).toBe("录像 1");

  const major = { ...FINDING, level: "major", measure: "rectify_now" };
  expect(needsDecision(major)).toBe(true);
  expect(needsDecision({ ...major, corrected_on_site: true })).toBe(false);
  expect(needsDecision({ ...major, level: "general" })).toBe(false);
});

test("the overview counts answers, photos and films of the record that is signed", async () => {
  const held = await holding(1);
  await held.phone.startVisit(TASK, { place: "车间" });
  await held.phone.answer(TASK, ITEM, "pass", { note: "已看" });
  await held.phone.answer(TASK, SECOND, "not_applicable");
  const photo = await held.phone.addPhoto(TASK, new Uint8Array([1]), { answer_item: ITEM });
  const film = await held.phone.addPhoto(TASK, new Uint8Array([2]), { mime: "video/mp4" });
  const visit = await seenBy(held, TEAM);
  const seen = overviewOf(visit, [DUST]);
  const own = visit.record.items.get(photo);
  const about = { isFailed: false, isPlain: false, photos: [] };

  expect(seen.checklists).toEqual([
    {
      title: "粉尘检查表",
      results: { pass: 1, not_applicable: 1 },
      unanswered: 1,
      answers: [
        { code: "D01", question: "问题D01", said: "符合（已看）；照片 1", ...about, photos: [own] },
        { code: "D02", question: "问题D02", said: "不适用", ...about },
        { code: "D03", question: "问题D03", said: "未填", ...about },
      ],
    },
  ]);
  expect([seen.photos, seen.films]).toEqual([1, 1]);
  expect(seen.apart.map(({ id }) => id)).toEqual([film]);
  expect(seen.visit.record.view).toBe(visit.record.view);
});

test("whoever signs sees each answer, and a dispute instead of one side", async () => {
  const [held, other] = [await holding(1), await holding(2)];
  await held.phone.answer(TASK, ITEM, "fail");
  await held.phone.answer(TASK, SECOND, "pass");
  await other.phone.answer(TASK, SECOND, "fail");
  await exchange(held.phone, other.phone);
  const [seen] = overviewOf(await seenBy(held, TEAM), [DUST]).checklists;

  expect(seen?.answers.map((one) => [one.said, one.isFailed])).toEqual([
    ["不符合", true],
    [expect.stringContaining("不一致"), false],
    ["未填", false],
  ]);
});
