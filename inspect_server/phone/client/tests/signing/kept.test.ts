/** What somebody was signing when the page ended: there again, and only where it still holds. */

import { renderToString } from "vue/server-renderer";
import { createSSRApp, h } from "vue";
import type { SSRContext } from "vue/server-renderer";
import { afterEach, beforeEach, expect, test } from "vitest";
import SignSheet from "../../src/app/pages/visit/signing/SignSheet.vue";
import {
  forgetSigning,
  isGiven,
  keptKey,
  keptOf,
  keptSigning,
  viewOf,
} from "../../src/app/pages/visit/signing/kept.ts";
import type { Kept } from "../../src/app/pages/visit/signing/kept.ts";
import { attendeeRows, signerRows } from "../../src/app/session/signing.ts";
import type { SignerRow } from "../../src/app/session/signing.ts";
import { session } from "../../src/app/session/state.ts";
import type { SeenVisit } from "../../src/app/session/visit.ts";
import type { Phone } from "../../src/capture/phone.ts";
import { FINDING, STROKES, holding } from "../capture/team.ts";
import { TASK, emptyBrowser } from "../store/keeping.ts";

emptyBrowser();
let phone: Phone;
let item: string;

beforeEach(async () => {
  phone = (await holding(1)).phone;
  session.phone = phone;
  await phone.participant(TASK, "responsible", "周大勇");
  item = await phone.participant(TASK, "safety", "钱敏");
});

afterEach(() => {
  session.phone = null;
  phone.close();
});

async function rowOf(): Promise<SignerRow> {
  const record = await phone.record(TASK);
  return attendeeRows(record).find((one) => one.key === item) as SignerRow;
}

async function kept(changes: Partial<Kept> = {}): Promise<Kept> {
  const view = viewOf(await phone.record(TASK), "record");
  const strokes = STROKES as Kept["strokes"];
  const base = { of: item, document: "record", view, name: "钱敏", how: "signs", reason: "" };
  return { ...(base as Omit<Kept, "strokes">), strokes, ...changes };
}

/** What the sheet shows, as a screen reader has it. */
async function sheet(row: SignerRow, what: Kept | null): Promise<string> {
  const visit = { task: { id: TASK }, record: await phone.record(TASK) } as unknown as SeenVisit;
  const props = { visit, phone, row, document: "record" as const, kept: what };
  const context: SSRContext = {};
  await renderToString(createSSRApp({ render: () => h(SignSheet, props) }), context);
  return Object.values(context.teleports ?? {}).join("");
}

test("what was put aside is found again, until it is forgotten", async () => {
  expect(await keptSigning(TASK)).toBeNull();
  const put = await kept();
  await phone.store.putDraft(keptKey(TASK), JSON.stringify(put));

  expect(await keptSigning(TASK)).toEqual(put);
  await forgetSigning(TASK);
  expect(await keptSigning(TASK)).toBeNull();
});

test("strokes are there again while the record is what they were drawn under", async () => {
  const html = await sheet(await rowOf(), await kept());

  expect(html).toContain("安全管理人员钱敏签名");
  expect(html).toContain("手写签名：已签");
  expect(html).toContain("已恢复上次没有保存的内容");
});

test("strokes under something else are drawn anew; a reason stays what was typed", async () => {
  const put = await kept();
  const refusal = await kept({ how: "refuses", reason: "不了解情况", strokes: [] });
  await phone.addFinding(TASK, FINDING);

  const html = await sheet(await rowOf(), put);
  expect(html).toContain("手写签名：未签");
  expect(html).toContain("请核对后重新手写");
  expect(await sheet(await rowOf(), refusal)).toMatch(/<textarea[^>]*>不了解情况<\/textarea>/);
});

test("a fresh sheet says nothing of what was kept, and fixes a participant's name", async () => {
  const html = await sheet(await rowOf(), null);
  expect(html).not.toContain("已恢复");
  expect(html).toMatch(/<input[^>]*readonly[^>]*>|<input[^>]*value="钱敏"[^>]*>/);

  const record = await phone.record(TASK);
  const party = signerRows(record, "record").find((one) => one.signer === "enterprise");
  const asked = await sheet(party as SignerRow, null);
  expect(asked).toContain("由谁代表被检查单位签名");
  expect(asked).toContain('value="周大勇"');
});

test("what was saved before the page ended is not signed once more", async () => {
  const put = await kept();
  expect(isGiven(await rowOf(), put)).toBe(false);
  await phone.sign(TASK, "participant", "钱敏", STROKES, { participant: item });
  expect(isGiven(await rowOf(), put)).toBe(true);
  expect(isGiven(await rowOf(), { ...put, strokes: [] })).toBe(false);

  const refusal = await kept({ how: "refuses", reason: " 有异议 ", strokes: [] });
  expect(isGiven(await rowOf(), refusal)).toBe(false);
  const how = { refused: true, refusal_reason: "有异议", participant: item };
  await phone.sign(TASK, "participant", "钱敏", [], how);
  expect(isGiven(await rowOf(), refusal)).toBe(true);
});

test("who looked again finds their own, nobody else's and no other paper's", async () => {
  const row = await rowOf();
  expect(await keptOf(TASK, row, "record")).toBeNull();
  const put = await kept();
  await phone.store.putDraft(keptKey(TASK), JSON.stringify(put));

  expect(await keptOf(TASK, row, "record")).toEqual(put);
  expect(await keptOf(TASK, row, "order")).toBeNull();
  expect(await keptOf(TASK, { ...row, key: "enterprise" }, "record")).toBeNull();
  await phone.sign(TASK, "participant", "钱敏", STROKES, { participant: item });
  expect(await keptOf(TASK, await rowOf(), "record")).toBeNull();
});

test("a state of an order is its findings, of the record everything", async () => {
  const before = await phone.record(TASK);
  await phone.note(TASK, "补记");
  const noted = await phone.record(TASK);
  await phone.addFinding(TASK, FINDING);
  const found = await phone.record(TASK);

  const views = (of: "record" | "order"): string[] =>
    [before, noted, found].map((one) => viewOf(one, of));
  expect(new Set(views("record")).size).toBe(3);
  expect(new Set(views("order")).size).toBe(2);
});
