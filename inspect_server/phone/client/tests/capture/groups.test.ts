/** What is saved together is one entry: all of it or nothing, within the protocol's limits. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Group, Phone } from "../../src/capture/phone.ts";
import {
  NotEnrolled,
  OneGroupAtATime,
  SignedAlone,
  TooMuchAtOnce,
  UnknownTask,
} from "../../src/capture/problems.ts";
import { sha256Hex } from "../../src/core/digests.ts";
import { BadEntry } from "../../src/core/problems.ts";
import { ofKind } from "../../src/merging/record.ts";
import { StorageFull } from "../../src/store/problems.ts";
import { vaultName } from "../../src/store/schema.ts";
import { fullAfter } from "../store/failing.ts";
import { OTHER_TASK, TASK, dumped, emptyBrowser } from "../store/keeping.ts";
import { FINDING, ITEM, SECOND, STROKES, exchange, holding, said, signed } from "./team.ts";
import type { Held } from "./team.ts";

emptyBrowser();
let held: Held;
let phone: Phone;

beforeEach(async () => {
  held = await holding(1);
  phone = held.phone;
});

afterEach(() => {
  phone.close();
});

async function typesOfEntries(): Promise<readonly (readonly string[])[]> {
  return (await signed(phone)).map((entry) => entry.ops.map((op) => op.type));
}

describe("a page", () => {
  test("is one entry", async () => {
    await phone.together(TASK, async (group) => {
      for (const item of [ITEM, SECOND]) await group.answer(TASK, item, "pass");
    });

    expect(await typesOfEntries()).toEqual([["answer.set", "answer.set"]]);
    expect((await phone.record(TASK)).items.size).toBe(2);
  });

  test("is saved with its photos or not at all", async () => {
    const content = new Uint8Array(3_200_000).fill(9);
    const finding = await phone.together(TASK, async (group) => {
      const id = await group.addFinding(TASK, FINDING);
      await group.addPhoto(TASK, content, { finding: id });
      await group.addPhoto(TASK, content.subarray(1), { finding: id });
      return id;
    });
    const broken = phone.together(TASK, async (group) => {
      await group.addPhoto(TASK, new Uint8Array([1, 2]), { finding });
      throw new RangeError("the app fails in the middle");
    });
    await expect(broken).rejects.toBeInstanceOf(RangeError);
    const record = await phone.record(TASK);

    expect(await typesOfEntries()).toEqual([["finding.add", "photo.add", "photo.add"]]);
    expect((await phone.photo(await sha256Hex(new Uint8Array([1, 2])))).length).toBe(0);
    expect(ofKind(record, "photo/").length).toBe(2);
    expect((await phone.photo(await sha256Hex(content))).length).toBe(3_200_000);
  });

  test("shows what is in it; an answer changed in it replaces the first", async () => {
    await phone.answer(TASK, ITEM, "pass");
    await phone.together(TASK, async (group) => {
      await group.answer(TASK, ITEM, "fail");
      expect(said((await phone.record(TASK)).items.get(ITEM), "result")).toEqual(["fail"]);
      expect((await group.item(TASK, ITEM))?.heads.map((head) => head.id)).toEqual(["#0"]);
      expect((await phone.entries()).length).toBe(1);
      await group.answer(TASK, ITEM, "not_checked", { reason: "停产" });
      await group.retractAnswer(TASK, ITEM);
      await group.answer(TASK, ITEM, "pass", { note: "复工" });
    });
    const item = await phone.item(TASK, ITEM);
    const [, entry] = await signed(phone);

    expect(said(item, "note")).toEqual(["复工"]);
    expect(item?.gone.length).toBe(4);
    expect(entry?.ops.map((op) => op.parents).slice(1)).toEqual([["#0"], ["#1"], ["#2"]]);
  });

  test("is told of when it is saved, as what it is then", async () => {
    const shown: unknown[] = [];
    phone.onChange((task, item) => {
      shown.push(phone.item(task, item).then((one) => one?.heads.map((head) => head.id)));
    });
    await phone.together(TASK, (group) => group.answer(TASK, ITEM, "pass"));
    const [row] = await phone.entries();

    expect(await Promise.all(shown)).toEqual([[`${row?.hash}#0`]]);
  });

  test("keeps the order of what is added to it at once", async () => {
    await phone.together(TASK, (group) =>
      Promise.all(
        ["pass", "fail", "not_applicable"].map((result) => group.answer(TASK, ITEM, result)),
      ),
    );
    const [entry] = await signed(phone);

    expect(entry?.ops.map((op) => op.parents)).toEqual([[], ["#0"], ["#1"]]);
    expect(said(await phone.item(TASK, ITEM), "result")).toEqual(["not_applicable"]);
  });

  test("that failed shows nothing and is cited by nothing", async () => {
    const failing = phone.together(TASK, async (group) => {
      await group.answer(TASK, ITEM, "fail");
      throw new RangeError();
    });
    await expect(failing).rejects.toBeInstanceOf(RangeError);
    const shown = await phone.item(TASK, ITEM);
    await phone.answer(TASK, ITEM, "pass");

    expect(shown).toBeUndefined();
    expect(said(await phone.item(TASK, ITEM), "result")).toEqual(["pass"]);
    expect((await signed(phone)).map((entry) => entry.ops[0]?.parents)).toEqual([[]]);
  });

  test("goes on after a bad operation was refused", async () => {
    await phone.together(TASK, async (group) => {
      await group.answer(TASK, ITEM, "pass");
      await expect(group.answer(TASK, SECOND, "not_checked")).rejects.toBeInstanceOf(BadEntry);
      await group.note(TASK, "无");
    });

    expect(await typesOfEntries()).toEqual([["answer.set", "note.add"]]);
  });

  test("of which nothing came is no entry", async () => {
    expect(await phone.together(TASK, () => Promise.resolve(7))).toBe(7);
    expect(await phone.entries()).toEqual([]);
  });

  test("does not hold up, nor take along, what is saved beside it", async () => {
    await phone.together(TASK, async (group) => {
      await group.answer(TASK, ITEM, "fail");
      await phone.answer(TASK, ITEM, "pass");
      await phone.note(TASK, "旁边");
    });
    const item = await phone.item(TASK, ITEM);

    expect(await typesOfEntries()).toEqual([["answer.set"], ["note.add"], ["answer.set"]]);
    expect([said(item, "result"), item?.conflict]).toEqual([["fail"], false]);
  });

  test.each<[string, (group: Group) => Promise<unknown>, unknown]>([
    ["a signature", (group) => group.sign(TASK, "lead", "甲", STROKES), SignedAlone],
    ["a signature beside it", () => phone.sign(TASK, "lead", "甲", STROKES), SignedAlone],
    ["another task", (group) => group.note(OTHER_TASK, "无"), OneGroupAtATime],
    ["another page", () => phone.together(TASK, (group) => group.note(TASK, "无")), OneGroupAtATime],
  ])("cannot hold %s, and says what to do", async (_, step, error) => {
    await phone.together(TASK, async (group) => {
      await group.note(TASK, "一");
      const refused = step(group);
      await expect(refused).rejects.toBeInstanceOf(error);
      await expect(refused).rejects.toThrow("请先保存本页");
    });

    expect((await signed(phone)).map((entry) => entry.ops.length)).toEqual([1]);
  });

  test("needs a user and a task, before anybody fills it in", async () => {
    const never = (): Promise<never> => Promise.reject(new RangeError("filled in"));
    await expect(phone.together(OTHER_TASK, never)).rejects.toBeInstanceOf(UnknownTask);
    await phone.store.put({ user: "" });

    await expect(phone.together(TASK, never)).rejects.toBeInstanceOf(NotEnrolled);
  });

  test("too large for one entry is refused and nothing of it saved", async () => {
    await phone.note(TASK, "先前");
    const long = phone.together(TASK, async (group) => {
      for (let n = 0; n < 22; n += 1) await group.note(TASK, "字".repeat(4000));
    });
    await expect(long).rejects.toThrow("256 KiB");
    const many = phone.together(TASK, async (group) => {
      for (let n = 0; n < 501; n += 1) await group.note(TASK, "字");
    });
    await expect(many).rejects.toThrow("500 项");
    await expect(many).rejects.toBeInstanceOf(TooMuchAtOnce);

    expect((await signed(phone)).map((entry) => entry.ops.length)).toEqual([1]);
    expect((await phone.record(TASK)).items.size).toBe(1);
  });

  test("of as much as an entry may hold is saved", async () => {
    await phone.together(TASK, async (group) => {
      for (let n = 0; n < 500; n += 1) await group.note(TASK, String(n));
    });

    expect((await signed(phone)).map((entry) => entry.ops.length)).toEqual([500]);
  });

  test.each([0, 2, 4, 5, 6, 7])("is refused whole if the room ends at write %i", async (left) => {
    const before = await dumped(vaultName(held.of.id));
    const page = (): Promise<unknown> =>
      phone.together(TASK, async (group) => {
        await group.answer(TASK, ITEM, "fail");
        await group.addPhoto(TASK, new Uint8Array(2_000_000).fill(1));
        await group.addPhoto(TASK, new Uint8Array(9).fill(2));
      });
    const freed = fullAfter(left);
    await expect(page()).rejects.toBeInstanceOf(StorageFull);
    freed();
    const after = await dumped(vaultName(held.of.id));
    const shown = await phone.record(TASK);
    await page();

    expect(after).toBe(before);
    expect(shown.items.size).toBe(0);
    expect((await phone.record(TASK)).items.size).toBe(3);
  });
});

test("two pages disagree item by item", async () => {
  const other = (await holding(2)).phone;
  for (const [each, result] of [
    [phone, "pass"],
    [other, "fail"],
  ] as const) {
    await each.together(TASK, async (group) => {
      await group.answer(TASK, ITEM, result);
      await group.answer(TASK, SECOND, "pass");
    });
  }
  await exchange(phone, other);
  const record = await phone.record(TASK);
  const same = await other.record(TASK);
  other.close();

  expect(record.conflicts).toEqual([ITEM]);
  expect(record.items.get(SECOND)?.users.length).toBe(2);
  expect(same).toEqual(record);
});
