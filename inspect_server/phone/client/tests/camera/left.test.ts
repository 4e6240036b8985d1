/** What was taken and not saved is told by task and item, seen, kept as files, or let go. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  discard,
  filesOf,
  leftOn,
  nameOf,
  noticeOf,
  rowRemoved,
  shotsOf,
} from "../../src/app/camera/left/left.ts";
import { cellOf, moved, placeName, placeOf, signDraft } from "../../src/app/camera/left/places.ts";
import { beginning, shotAgain, shotOf } from "../../src/app/camera/shots.ts";
import { Unsaved } from "../../src/app/camera/unsaved.ts";
import type { Attached } from "../../src/app/checklist/attaching.ts";
import { fitting, rowless } from "../../src/app/checklist/fields/rowless.ts";
import { unsavedOn } from "../../src/app/pages/me/unsaved.ts";
import { Phone } from "../../src/capture/phone.ts";
import { head, item } from "../checklist/folded.ts";
import { OTHER_TASK, TASK, account, emptyBrowser, enrolled, show } from "../store/keeping.ts";

const NOW = Date.parse("2026-03-02T09:00:00Z");
const D01: Attached = { kind: "image", item: "answer/dust/D01", finding: "" };
const TABLE: Attached = { kind: "image", item: "answer/dust/T", finding: "" };
const QUESTIONS = [
  { code: "D01", question: "除尘器是否定期清灰" },
  { code: "T", question: "测点" },
];

emptyBrowser();
let phone: Phone;

beforeEach(async () => {
  vi.stubGlobal("URL", { createObjectURL: () => "blob:shot", revokeObjectURL: () => undefined });
  phone = new Phone(await enrolled(await account()), "手机");
  await tasks(TASK, OTHER_TASK);
});
afterEach(() => {
  phone.close();
  vi.unstubAllGlobals();
});

async function tasks(...ids: string[]): Promise<void> {
  const names = new Map([
    [TASK, "木业"],
    [OTHER_TASK, "粉体厂"],
  ]);
  const bodies = ids.map((id) => [`task/${id}`, { id, scheme: { enterprise: names.get(id) } }]);
  const form = { name: "dust", version: 1, sections: [{ title: "一", items: QUESTIONS }] };
  await show(phone.store, { ...Object.fromEntries(bodies), "form/dust@1": form });
}

async function take(task: string, what: Attached, text: string, after = 0): Promise<void> {
  const shot = shotOf(new Blob([text], { type: "image/jpeg" }), undefined, NOW + after);
  await new Unsaved(phone.store, task, what).keep(shot);
}

/** Return what the camera of a place has in its strip when it is opened. */
async function inStrip(what: Attached): Promise<string[]> {
  const shots = await new Unsaved(phone.store, TASK, what).restored(shotAgain);
  return await Promise.all(shots.map((shot) => shot.content.text()));
}

test("the notice names task and item, also of a task that left the phone", async () => {
  await take(TASK, D01, "a");
  await take(TASK, D01, "b");
  await take(OTHER_TASK, { ...D01, item: "", finding: "finding/1" }, "c");
  const before = noticeOf(await leftOn(phone));
  const gone = new Phone(phone.store, "手机");
  vi.spyOn(gone, "tasks").mockResolvedValue([{ id: TASK, scheme: { enterprise: "木业" } }]);
  const left = await leftOn(gone);

  expect(before).toBe(
    "有 3 张照片或录像拍摄后没有保存：木业 D01、粉体厂 问题。请到“我的”页查看，保存或者删除。",
  );
  expect(left.map((one) => [nameOf(one), one.told, one.count, one.isHere])).toEqual([
    ["木业", "D01 除尘器是否定期清灰", 2, true],
    ["粉体厂（已不在本机）", "检查表以外的问题", 1, false],
  ]);
  expect((await unsavedOn(gone)).map((one) => one.enterprise)).toEqual(["木业", "粉体厂"]);
});

test("of three places two are named; of none nothing is told", async () => {
  expect(await leftOn(phone)).toEqual([]);
  for (const code of ["D01", "D02", "D03"]) {
    await take(TASK, { ...D01, item: `answer/dust/${code}` }, code);
  }

  expect(noticeOf(await leftOn(phone))).toMatch(/^有 3 张.*：木业 D01、木业 D02等。/u);
});

test("it can be had as files, named by what it was taken of, and let go on purpose", async () => {
  await take(TASK, D01, "first");
  await take(TASK, D01, "second", 60_000);
  const strip = new Unsaved(phone.store, TASK, D01);
  const estimate = () => Promise.resolve({ usage: 0, quota: 4e9 });
  const storage = { estimate, persisted: () => Promise.resolve(true) };
  vi.stubGlobal("navigator", { locks: navigator.locks, storage });
  const film = strip.film(beginning(undefined, "video/webm", NOW + 120_000));
  film.add(new Blob(["film"]));
  await film.written;
  const [one] = await leftOn(phone);
  const shots = await shotsOf(phone.store, one!.place);
  const files = filesOf(one!, shots);
  await discard(phone.store, one!.place);

  expect(one!.count).toBe(3);
  expect(await Promise.all(files.map((file) => file.text()))).toEqual(["first", "second", "film"]);
  expect(files[0]?.name).toMatch(/^木业_D01_20260302-\d{6}_1\.jpg$/u);
  expect(files[2]?.name).toMatch(/_3\.webm$/u);
  expect(await leftOn(phone)).toEqual([]);
  expect((await phone.store.drafts()).filter((name) => !name.startsWith("taken-of:"))).toEqual([]);
});

test("what was taken for a row comes back in that row and column only", async () => {
  const cell = (row: number, column = "P"): Attached => {
    return { ...TABLE, row: cellOf([["T", row]], column) };
  };
  await take(TASK, cell(1), "of 1");
  await take(TASK, cell(2), "of 2");
  await take(TASK, cell(3), "of 3");
  const [one, two, otherColumn] = [await inStrip(cell(1)), await inStrip(cell(2)), "Q"];
  const told = (await leftOn(phone)).map((left) => left.told);

  expect([one, two, await inStrip(cell(1, otherColumn))]).toEqual([["of 1"], ["of 2"], []]);
  expect(await inStrip(TABLE)).toEqual([]);
  expect(told).toEqual(["T 测点 第 1 行", "T 测点 第 2 行", "T 测点 第 3 行"]);

  await rowRemoved(phone.store, TASK, TABLE.item, [["T", 2]]);

  expect([await inStrip(cell(1)), await inStrip(cell(2)), await inStrip(cell(3))]).toEqual([
    ["of 1"],
    ["of 3"],
    [],
  ]);
  expect(await inStrip(TABLE)).toEqual(["of 2"]); // of the table alone, until somebody decides
});

test("a signature under way stays with its row, and goes with it", async () => {
  const key = (row: number): string => signDraft(TASK, TABLE.item, cellOf([["T", row]], "S"));
  for (const row of [1, 2, 3]) await phone.store.putDraft(key(row), `hand ${row}`);
  await phone.store.putDraft(signDraft(TASK, D01.item, ""), "alone");
  await rowRemoved(phone.store, TASK, TABLE.item, [["T", 2]]);
  const hands = await Promise.all([1, 2, 3].map((row) => phone.store.draft(key(row))));

  expect(hands).toEqual(["hand 1", "hand 3", ""]);
  expect(await phone.store.draft(signDraft(TASK, D01.item, ""))).toBe("alone");
  expect(await leftOn(phone)).toEqual([]);
  expect(await unsavedOn(phone)).toMatchObject([{ task: TASK, taken: 0, forms: 3 }]);
});

test("a place reads back as it was named, rows of tables in rows move with their own", () => {
  const row = cellOf([["T", 2], ["S", 3]], "P");
  const place = { task: TASK, item: "answer/dust/T", finding: "finding/1", row };

  expect(placeOf(`shot:${placeName(place)}id`)).toEqual(place);
  expect(placeOf(`film:${placeName({ task: TASK, item: "", finding: "" })}id`)).toEqual({
    task: TASK,
    item: "",
    finding: "",
  });
  expect(placeOf(`note:${TASK}`)).toBeUndefined();
  expect(moved(row, [["T", 1]])).toBe("T/1/S/3/P");
  expect(moved(row, [["T", 2]])).toBe("");
  expect(moved(row, [["T", 2], ["S", 1]])).toBe("T/2/S/2/P");
  expect(moved(row, [["T", 3]])).toBeUndefined();
  expect(moved(row, [["T", 1], ["S", 1]])).toBeUndefined();
});

test("a photo that is in no row of its table is found, and fits columns of its kind", () => {
  const photo = (id: string, mime: string) => item(`photo/${id}`, head({ mime }));
  const photos = [photo("1", "image/jpeg"), photo("2", "image/png"), photo("3", "video/mp4")];
  const left = rowless(photos, [{ P: ["1"], N: "7" }, { S: [{ P: [] }] }]);

  expect(left.map(({ id }) => id)).toEqual(["photo/2", "photo/3"]);
  expect(rowless(photos, [{ S: [{ P: ["1", "2", "3"] }] }])).toEqual([]);
  expect(rowless(photos, undefined)).toHaveLength(3);
  expect(fitting(left, { kind: "image" }).map(({ id }) => id)).toEqual(["photo/2"]);
  expect(fitting(left, { kind: "file" })).toHaveLength(2);
});
