/** What is signed is shown with its pictures, and those that are not here are named. */

import { expect, test } from "vitest";
import { absentOf } from "../../src/app/camera/viewing/smalls.ts";
import { overviewOf } from "../../src/app/pages/visit/signing/overview.ts";
import type { Overview } from "../../src/app/pages/visit/signing/overview.ts";
import { absentInWords } from "../../src/app/pages/visit/signing/told/pictures.ts";
import { FINDING, ITEM, SECOND, exchange, holding } from "../capture/team.ts";
import type { Held } from "../capture/team.ts";
import { TASK, emptyBrowser } from "../store/keeping.ts";
import { dust, officer, seenBy } from "./seen.ts";

emptyBrowser();

const DUST = dust("D01", "D02");
const TEAM = [officer(1, "lead", "赵兰玉")];

async function overview(held: Held): Promise<Overview> {
  return overviewOf(await seenBy(held, TEAM), [DUST]);
}

let shots = 0;
/** Bytes that no other photo has. */
function bytes(): Uint8Array {
  return new Uint8Array([(shots += 1)]);
}

test("each picture stands once: with its problem, else with its answer, else apart", async () => {
  const held = await holding(1);
  const { phone } = held;
  await phone.answer(TASK, ITEM, "fail");
  await phone.answer(TASK, SECOND, "pass");
  const finding = await phone.addFinding(TASK, FINDING);
  const ofFinding = await phone.addPhoto(TASK, bytes(), { finding });
  const ofAnswer = await phone.addPhoto(TASK, bytes(), { answer_item: SECOND });
  const ofNothing = await phone.addPhoto(TASK, bytes());
  const { findings, checklists, apart } = await overview(held);

  expect(findings.map((one) => one.photos.map(({ id }) => id))).toEqual([[ofFinding]]);
  expect(checklists[0]?.answers.map((one) => one.photos.map(({ id }) => id))).toEqual([
    [],
    [ofAnswer],
  ]);
  expect(apart.map(({ id }) => id)).toEqual([ofNothing]);
});

test("符合 and no word or picture more takes one line", async () => {
  const held = await holding(1);
  await held.phone.answer(TASK, ITEM, "pass");
  await held.phone.answer(TASK, SECOND, "pass", { note: "已看" });
  const plain = async (): Promise<unknown> =>
    (await overview(held)).checklists[0]?.answers.map((one) => one.isPlain);

  expect(await plain()).toEqual([true, false]);
  await held.phone.addPhoto(TASK, bytes(), { answer_item: ITEM });
  expect(await plain()).toEqual([false, false]);
});

test("a partner's pictures that did not come over are named with how many they are", async () => {
  const [held, other] = [await holding(1), await holding(2)];
  await held.phone.addPhoto(TASK, bytes());
  await other.phone.addPhoto(TASK, bytes());
  await other.phone.addPhoto(TASK, bytes());
  await other.phone.addPhoto(TASK, bytes(), { mime: "video/mp4" });
  await exchange(held.phone, other.phone);
  const { apart } = await overview(held);
  const files = apart.map(({ value }) => value as { sha256: string });
  const absent = await absentOf(held.phone.store, files);

  expect(absent.size).toBe(3);
  expect(absentInWords(apart, { absent, user: held.of.user })).toBe(
    "照片 2 张，录像 1 段在对方手机上，本机未显示",
  );
  expect(absentInWords(apart, { absent, user: other.of.user })).toContain("不在本机，未显示");
  expect(absentInWords(apart, { absent: new Set(), user: held.of.user })).toBe("");
});
