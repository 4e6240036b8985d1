/** Signatures on a phone: what they stand for, and when they no longer do. */

import { afterEach, describe, expect, test, vi } from "vitest";
import { Phone } from "../../src/capture/phone.ts";
import { NothingOrdered, UnknownTask } from "../../src/capture/problems.ts";
import { orderView, viewDigest } from "../../src/core/digests.ts";
import type { SignatureState } from "../../src/merging/record.ts";
import { TASK, show } from "../store/keeping.ts";
import {
  COMPANY,
  FINDING,
  ITEM,
  NUMBER,
  SECOND,
  STROKES,
  exchange,
  said,
  withTwo,
} from "./team.ts";

let lead: Phone;
let member: Phone;
withTwo((one, other) => ([lead, member] = [one.phone, other.phone]));

afterEach(() => void vi.restoreAllMocks());

async function oneSignature(phone: Phone, document = "record"): Promise<SignatureState> {
  const states = [...(await phone.record(TASK)).signatures.values()];
  const found = states.filter(({ head }) => said1(head.value, "document") === document);
  expect(found.length).toBe(1);
  return found[0] as SignatureState;
}

function said1(value: unknown, field: string): unknown {
  return (value as Record<string, unknown>)[field];
}

describe("a signature", () => {
  test("goes stale and names what it did not see", async () => {
    await member.answer(TASK, SECOND, "pass");
    await lead.answer(TASK, ITEM, "pass");
    await lead.sign(TASK, "lead", "甲", STROKES);
    const fresh = await oneSignature(lead);
    await exchange(lead, member);
    const state = await oneSignature(lead);

    expect([fresh.stale, fresh.unseen]).toEqual([false, []]);
    expect([state.stale, state.unseen]).toEqual([true, [SECOND]]);
  });

  test("cites what was on the screen, also where something was captured since", async () => {
    await lead.answer(TASK, ITEM, "pass");
    const seen = await lead.record(TASK);
    await lead.answer(TASK, SECOND, "pass");
    await lead.sign(TASK, "enterprise", "王五", STROKES, { seen });
    const { head, stale } = await oneSignature(lead);

    expect([said1(head.value, "view"), head.parents, stale]).toEqual([seen.view, seen.live, true]);
    expect(await viewDigest(head.parents)).toBe(seen.view);
  });

  test.each([
    ["lead", true],
    ["member", true],
    ["enterprise", false],
    ["witness", false],
  ])("of the %s names the enrolled officer: %s", async (signer, named) => {
    await lead.note(TASK, "无");
    const item = await lead.sign(TASK, signer, "甲", STROKES);
    const officer = await lead.store.get("officer");

    expect(said(await lead.item(TASK, item), "officer_id")).toEqual([named ? officer : ""]);
  });

  test("says what it is given to and cites what that shows", async () => {
    await lead.answer(TASK, ITEM, "fail");
    const finding = await lead.addFinding(TASK, FINDING);
    await lead.sign(TASK, "lead", "甲", STROKES);
    await lead.sign(TASK, "lead", "甲", STROKES, { document: "order" });
    const record = await lead.record(TASK);
    const [of, order] = [await oneSignature(lead), await oneSignature(lead, "order")];

    expect(said1(of.head.value, "view")).toBe(record.view);
    expect(order.head.parents).toEqual(record.ordered);
    expect(record.items.get(finding)?.heads.map((head) => head.id)).toEqual(record.ordered);
    expect(said1(order.head.value, "view")).toBe(await orderView(NUMBER, COMPANY, [FINDING]));
    expect(await lead.orderView(TASK)).toBe(said1(order.head.value, "view"));
  });

  test("to the order becomes stale by another finding only", async () => {
    const finding = await lead.addFinding(TASK, FINDING);
    await lead.sign(TASK, "enterprise", "王五", STROKES, { document: "order" });
    await lead.note(TASK, "企业已签收");
    await lead.answer(TASK, ITEM, "fail");
    const before = await oneSignature(lead, "order");
    await lead.amendFinding(TASK, finding, { ...FINDING, deadline: "2026-04-20" });
    const after = await oneSignature(lead, "order");

    expect([before.stale, after.stale, after.unseen]).toEqual([false, true, []]);
  });

  test("can be refused with a reason, and withdrawn", async () => {
    await lead.addFinding(TASK, FINDING);
    const refused = { document: "order", refused: true, refusal_reason: "不认可" } as const;
    const item = await lead.sign(TASK, "enterprise", "王五", [], refused);
    const { head, stale } = await oneSignature(lead, "order");
    await lead.retract(TASK, item, "改为签收");

    expect([said1(head.value, "refused"), stale]).toEqual([true, false]);
    expect((await lead.record(TASK)).signatures.size).toBe(0);
  });

  test("to an order is not given if nothing is left to rectify, or nobody is known", async () => {
    await lead.addFinding(TASK, { ...FINDING, corrected_on_site: true });
    const order = (): Promise<string> =>
      lead.sign(TASK, "lead", "甲", STROKES, { document: "order" });
    await expect(order()).rejects.toBeInstanceOf(NothingOrdered);
    await lead.addFinding(TASK, FINDING);
    await show(lead.store, { [`task/${TASK}`]: { form_set: "dust@1", enterprise_id: "gone" } });
    await expect(order()).rejects.toBeInstanceOf(UnknownTask);

    expect((await lead.entries()).length).toBe(2);
  });
});
