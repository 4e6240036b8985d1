/** What a partner's file brings is told by name and kind, and what it lacks. */

import { describe, expect, test } from "vitest";

import { broughtBy, entriesOf, giftOf, heldBy, takeIn } from "../../src/app/exchange/taking.ts";
import { KINDS } from "../../src/app/exchange/words.ts";
import type { Phone } from "../../src/capture/phone.ts";
import { BadFile } from "../../src/capture/problems.ts";
import { framesOf, Series } from "../../src/capture/frames.ts";
import { TYPES } from "../../src/core/values.ts";
import { FINDING, ITEM, SECOND, holding } from "../capture/team.ts";
import { TASK } from "../store/keeping.ts";

async function both() {
  return { lead: await holding(1), member: await holding(2) };
}

/** What one phone gives without photos. */
async function given(phone: Phone): Promise<Blob> {
  return new Blob([(await giftOf(phone, TASK)).content]);
}

describe("taking in", () => {
  test("says what came, from whom, and which files it lacks", async () => {
    const { lead, member } = await both();
    await member.phone.answer(TASK, ITEM, "fail");
    await member.phone.answer(TASK, ITEM, "pass");
    await member.phone.answer(TASK, SECOND, "pass");
    await member.phone.addFinding(TASK, FINDING);
    await member.phone.addPhoto(TASK, Uint8Array.of(1, 2, 3), { answer_item: ITEM });
    const gift = await giftOf(member.phone, TASK);

    const taken = await takeIn(lead.phone, TASK, new Blob([gift.content]));

    expect(gift).toMatchObject({ entries: 5, size: 3, counted: { photos: 1, films: 0 } });
    expect(taken).toMatchObject({ total: 5, files: 0, elsewhere: 0, missing: 1, conflicts: 0 });
    expect(taken.by.map((one) => [one.user, one.entries])).toEqual([[member.of.user, 5]]);
    expect([...(taken.by[0]?.kinds ?? [])]).toEqual([
      ["answer.set", 2],
      ["finding.add", 1],
      ["photo.add", 1],
    ]);
  });

  test("a second time brings nothing and says so", async () => {
    const { lead, member } = await both();
    await member.phone.note(TASK, "无异议");
    const { content } = await giftOf(member.phone, TASK);
    await takeIn(lead.phone, TASK, new Blob([content]));

    const again = await takeIn(lead.phone, TASK, new Blob([content]));
    expect(again).toMatchObject({ total: 0, by: [], missing: 0 });
  });

  test("tells of what both filled in differently", async () => {
    const { lead, member } = await both();
    await lead.phone.answer(TASK, ITEM, "pass");
    await member.phone.answer(TASK, ITEM, "fail");
    const { content } = await giftOf(member.phone, TASK);

    const taken = await takeIn(lead.phone, TASK, new Blob([content]));
    expect(taken).toMatchObject({ conflicts: 1, isByChecklist: true });
  });

  test("leads elsewhere where more than answers differ", async () => {
    const { lead, member } = await both();
    await lead.phone.answer(TASK, ITEM, "pass");
    await member.phone.answer(TASK, ITEM, "fail");
    const person = await lead.phone.participant(TASK, "safety", "周安");
    await takeIn(member.phone, TASK, await given(lead.phone));
    for (const [{ phone }, name] of [[lead, "周安平"], [member, "周安民"]] as const) {
      await phone.amendParticipant(TASK, person, { kind: "safety", name, position: "", phone: "" });
    }
    const taken = await takeIn(lead.phone, TASK, await given(member.phone));
    expect(taken).toMatchObject({ conflicts: 2, isByChecklist: false });
  });

  test("has a name for whatever a phone of the team can bring", () => {
    const brought = [...TYPES].filter(([, type]) => !type.serverOnly).map(([name]) => name);
    expect(KINDS.map(([type]) => type).sort()).toEqual(brought.sort());
  });

  test("refuses a file that was changed on the way, and keeps nothing of it", async () => {
    const { lead, member } = await both();
    await member.phone.note(TASK, "无异议");
    const { content } = await giftOf(member.phone, TASK);
    content[20] = (content[20] ?? 0) ^ 0xff;

    await expect(takeIn(lead.phone, TASK, new Blob([content]))).rejects.toBeInstanceOf(BadFile);
    expect(await entriesOf(lead.phone, TASK)).toEqual([]);
  });
});

test("what goes over as codes, in any order, is what a file brings", async () => {
  const { lead, member } = await both();
  for (const item of [ITEM, SECOND]) await member.phone.answer(TASK, item, "pass");
  const { content } = await giftOf(member.phone, TASK);
  const series = new Series();
  for (const frame of [...(await framesOf(content))].reverse()) series.take(frame);

  expect((await takeIn(lead.phone, TASK, new Blob([await series.content()]))).total).toBe(2);
});

test("who has how much is counted by officer, with the last time", async () => {
  const { lead, member } = await both();
  await lead.phone.note(TASK, "一");
  await member.phone.note(TASK, "二");
  await member.phone.note(TASK, "三");
  await takeIn(lead.phone, TASK, await given(member.phone));

  const { items } = await lead.phone.record(TASK);
  const held = heldBy(items.values());
  const walls = (await entriesOf(lead.phone, TASK))
    .filter((one) => one.user === member.of.user)
    .map((one) => one.wall);

  expect(held.get(lead.of.user)?.items).toBe(1);
  expect(held.get(member.of.user)).toEqual({ items: 2, last: walls.sort().at(-1) });
  expect(heldBy([])).toEqual(new Map());
  expect(broughtBy([])).toEqual([]);
});
