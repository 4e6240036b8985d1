/** A save replaces what its officer saw; what came in meanwhile stays beside it as a conflict. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Phone } from "../../src/capture/phone.ts";
import { ChangedMeanwhile } from "../../src/capture/problems.ts";
import { seenOf } from "../../src/capture/seen.ts";
import type { Item } from "../../src/merging/items.ts";
import { TASK, emptyBrowser } from "../store/keeping.ts";
import { FINDING, ITEM, exchange, holding, said as inOrder } from "./team.ts";

const TEAM = [1, 2, 3];
emptyBrowser();
let lead: Phone;
let member: Phone;

beforeEach(async () => {
  lead = (await holding(1, TEAM)).phone;
  member = (await holding(2, TEAM)).phone;
});

afterEach(() => {
  lead.close();
  member.close();
});

async function shown(phone: Phone, item: string): Promise<Item> {
  return (await phone.item(TASK, item)) as Item;
}

/** Return what an item's heads say, sorted: both clocks are the same. */
function said(item: Item, field: string): unknown[] {
  return [...inOrder(item, field)].sort();
}

/** A finding that both phones show. */
async function shared(): Promise<string> {
  const finding = await lead.addFinding(TASK, FINDING);
  await exchange(lead, member);
  return finding;
}

async function amendedByMember(finding: string): Promise<void> {
  await member.amendFinding(TASK, finding, { ...FINDING, text: "同伴改的" });
  await exchange(lead, member);
}

describe("what the partner said while a form was open", () => {
  test("is not replaced by a finding that is saved from it", async () => {
    const finding = await shared();
    const seen = await shown(lead, finding);
    await amendedByMember(finding);
    await lead.amendFinding(TASK, finding, { ...FINDING, text: "主办改的" }, seen);
    await exchange(lead, member);

    for (const phone of [lead, member]) {
      const now = await shown(phone, finding);
      expect(now.conflict).toBe(true);
      expect(said(now, "text")).toEqual(["同伴改的", "主办改的"].sort());
    }
  });

  test("is not replaced by a draft that outlived the app", async () => {
    const finding = await shared();
    const kept = JSON.stringify(seenOf(await shown(lead, finding)));
    await amendedByMember(finding);
    const draft = { ...FINDING, text: "昨天写的" };
    await lead.amendFinding(TASK, finding, draft, JSON.parse(kept) as Item);

    expect(said(await shown(lead, finding), "text")).toEqual(["同伴改的", "昨天写的"].sort());
  });

  test("is not withdrawn by a reason that was typed before it came", async () => {
    const finding = await shared();
    const seen = await shown(lead, finding);
    await amendedByMember(finding);
    await lead.retract(TASK, finding, "重复", seen);
    const now = await shown(lead, finding);

    expect([now.live, now.conflict]).toEqual([true, true]);
    expect(now.heads.map((head) => head.type).sort()).toEqual(["finding.amend", "finding.retract"]);
  });

  test("is not replaced by an answer, nor by taking one back, also within a group", async () => {
    await member.answer(TASK, ITEM, "fail", { note: "积尘" });
    await exchange(lead, member);
    const nothing = seenOf(undefined);
    await lead.answer(TASK, ITEM, "pass", {}, nothing);
    expect(said(await shown(lead, ITEM), "result")).toEqual(["fail", "pass"]);

    await lead.together(TASK, (group) => group.retractAnswer(TASK, ITEM, "", nothing));
    const now = await shown(lead, ITEM);
    expect(now.heads.map((head) => head.type).sort()).toEqual(["answer.retract", "answer.set"]);
  });

  test("a third value that came while the lead typed a reason stays in conflict", async () => {
    const third = (await holding(3, TEAM)).phone;
    await lead.answer(TASK, ITEM, "pass");
    await member.answer(TASK, ITEM, "fail");
    await exchange(lead, member);
    const seen = await shown(lead, ITEM);
    await third.answer(TASK, ITEM, "not_applicable");
    await lead.takeIn(await third.exportEntries(TASK));
    await lead.resolve(TASK, ITEM, { result: "pass", reason: "", note: "" }, "复核", seen);
    third.close();
    const now = await shown(lead, ITEM);

    expect(now.conflict).toBe(true);
    expect(said(now, "result")).toEqual(["not_applicable", "pass"]);
  });

  test("and replaced all that the lead saw is looked at before anything is settled", async () => {
    const third = (await holding(3, TEAM)).phone;
    await member.answer(TASK, ITEM, "fail");
    await third.answer(TASK, ITEM, "not_applicable");
    for (const phone of [member, third]) await lead.takeIn(await phone.exportEntries(TASK));
    const seen = await shown(lead, ITEM);
    await member.answer(TASK, ITEM, "fail", { note: "一处" });
    await third.answer(TASK, ITEM, "not_applicable", { note: "停用" });
    for (const phone of [member, third]) await lead.takeIn(await phone.exportEntries(TASK));
    third.close();
    const chosen = { result: "pass", reason: "", note: "" };

    await expect(lead.resolve(TASK, ITEM, chosen, "复核", seen)).rejects.toBeInstanceOf(
      ChangedMeanwhile,
    );
    expect(await lead.entries().then((rows) => rows.length)).toBe(4);
  });
});

describe("what this phone itself saved since", () => {
  test("is replaced, so that nobody disagrees with himself", async () => {
    const finding = await shared();
    const seen = await shown(lead, finding);
    await lead.amendFinding(TASK, finding, { ...FINDING, text: "一" });
    await lead.amendFinding(TASK, finding, { ...FINDING, text: "二" }, seen);

    const now = await shown(lead, finding);
    expect([now.conflict, said(now, "text")]).toEqual([false, ["二"]]);
  });

  test("in a conflict that was seen, only the officer's own value is replaced", async () => {
    await lead.answer(TASK, ITEM, "pass");
    await member.answer(TASK, ITEM, "fail");
    await exchange(lead, member);
    await lead.answer(TASK, ITEM, "not_applicable", {}, await shown(lead, ITEM));

    expect(said(await shown(lead, ITEM), "result")).toEqual(["fail", "not_applicable"]);
  });
});
