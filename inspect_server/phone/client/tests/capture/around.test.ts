/** A phone among others: its windows, who listens, what is damaged, and its receipts. */

import { afterEach, describe, expect, test, vi } from "vitest";
import { Phone } from "../../src/capture/phone.ts";
import { BadReceipt } from "../../src/core/problems.ts";
import { OtherWindow, StaleHead } from "../../src/store/problems.ts";
import { vaultName } from "../../src/store/schema.ts";
import type { EntryRow } from "../../src/store/schema.ts";
import { Receipts, TASK, inUse, show, spoilt, tamper, windowOf } from "../store/keeping.ts";
import { ITEM, NUMBER, SECOND, StepClock, said, signed, withTwo } from "./team.ts";
import type { Held } from "./team.ts";

let held: Held;
let lead: Phone;
let member: Phone;
withTwo((one, other) => {
  held = one;
  [lead, member] = [one.phone, other.phone];
});

afterEach(() => void vi.restoreAllMocks());

describe("another window of the account", () => {
  async function second(): Promise<Phone> {
    return new Phone(await windowOf(held.of), "", new StepClock());
  }

  test("shows what this one saves and what a sync brings, and saves nothing", async () => {
    const other = await second();
    await other.record(TASK);
    const told: string[] = [];
    other.onChange((task, item) => told.push(`${task}|${item}`));
    await lead.answer(TASK, ITEM, "fail");
    await vi.waitFor(() => expect(told).toEqual([`${TASK}|${ITEM}`]));
    const shown = said(await other.item(TASK, ITEM), "result");
    const refused = other.answer(TASK, ITEM, "pass");
    await expect(refused).rejects.toBeInstanceOf(OtherWindow);
    other.close();

    expect(shown).toEqual(["fail"]);
  });

  test("goes on with all of it when this one is closed", async () => {
    const other = await second();
    await other.record(TASK);
    await lead.answer(TASK, ITEM, "fail");
    lead.close();
    await vi.waitFor(() => expect(other.store.writing.isWriter).toBe(true));
    await other.answer(TASK, ITEM, "pass");
    const item = await other.item(TASK, ITEM);
    const entries = await signed(other);
    other.close();

    expect([said(item, "result"), item?.conflict]).toEqual([["pass"], false]);
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2]);
  });

  test("that saved in between makes this one look at everything again", async () => {
    await lead.answer(TASK, ITEM, "pass");
    const reads = vi.spyOn(lead.store, "entriesOf");
    vi.spyOn(lead.store, "addOwn").mockRejectedValueOnce(new StaleHead());
    await expect(lead.note(TASK, "一")).rejects.toBeInstanceOf(StaleHead);
    await lead.item(TASK, ITEM);

    expect(reads).toHaveBeenCalledTimes(1);
  });

  test("that took over in the middle of a save leaves the chain whole", async () => {
    const other = await second();
    await lead.answer(TASK, ITEM, "pass");
    const stale = await inUse(lead.store);
    await other.store.writing.takeOver();
    await other.answer(TASK, ITEM, "fail");
    await other.close();
    await vi.waitFor(() => expect(lead.store.writing.isWriter).toBe(true));
    vi.spyOn(lead.store, "replicas").mockResolvedValueOnce([stale]);
    const refused = lead.note(TASK, "旧的位置");
    await expect(refused).rejects.toThrow("请核对显示的内容后重新保存");
    await lead.note(TASK, "新的位置");

    expect((await signed(lead)).map((entry) => entry.seq)).toEqual([1, 2, 3]);
    expect(said(await lead.item(TASK, ITEM), "result")).toEqual(["fail"]);
  });
});

describe("who listens", () => {
  test("is told of an item that shows its new value already, until it leaves", async () => {
    const seen: unknown[] = [];
    const leave = lead.onChange((task, item) => {
      seen.push(lead.item(task, item).then((shown) => said(shown, "result")));
    });
    await lead.answer(TASK, ITEM, "pass");
    await lead.answer(TASK, ITEM, "fail");
    leave();
    await lead.answer(TASK, ITEM, "pass");

    expect(await Promise.all(seen)).toHaveLength(2);
    expect(await Promise.all(seen)).toContainEqual(["fail"]);
  });

  test("and fails makes no save a failure, nor keeps others from being told", async () => {
    const reported = vi.spyOn(globalThis, "queueMicrotask").mockImplementation(() => undefined);
    const told: string[] = [];
    lead.onChange(() => {
      throw new RangeError("a mistake of a page");
    });
    lead.onChange((_, item) => told.push(item));
    await lead.answer(TASK, ITEM, "pass");

    expect(told).toEqual([ITEM]);
    expect(reported).toHaveBeenCalledTimes(1);
    expect((await lead.entries()).length).toBe(1);
  });

  test("is told of everything after a sync brought documents", async () => {
    const told: string[] = [];
    lead.onChange((task, item) => told.push(`${task}|${item}`));
    await show(lead.store, { "law/x": { id: "x" } });

    expect(told).toEqual(["|"]);
    expect(await lead.documents("law")).toEqual([{ id: "x" }]);
    expect((await lead.tasks<{ number: string }>()).map((task) => task.number)).toEqual([NUMBER]);
  });
});

describe("a damaged entry", () => {
  test("is named and passed over; capturing and exchanging go on", async () => {
    await lead.answer(TASK, ITEM, "pass");
    await lead.answer(TASK, SECOND, "pass");
    await tamper<EntryRow>(vaultName(held.of.id), "entries", (rows) => [
      spoilt(rows[0] as EntryRow),
    ]);
    lead.close();
    lead = new Phone(await windowOf(held.of), "", held.clock);
    await lead.note(TASK, "照常");
    const taken = await member.takeIn(await lead.exportEntries(TASK));

    expect((await lead.damaged()).length).toBe(1);
    expect([...(await lead.record(TASK)).items.keys()].length).toBe(2);
    expect(taken).toBe(2);
  });

  test("of another program does not close the phone", async () => {
    await lead.answer(TASK, ITEM, "pass");
    const replica = await inUse(lead.store);
    const content = new TextEncoder().encode('{"v":2}');
    const save = { replica, content, signature: new Uint8Array(64), task: TASK, ops: [] };
    await lead.store.addOwn({ ...save, hlc: "1772413209999-0000-00000000" });
    await lead.note(TASK, "照常");

    expect((await lead.record(TASK)).items.size).toBe(2);
  });
});

describe("receipts", () => {
  test("are verified again under the pinned keys", async () => {
    const receipts = await Receipts.pinnedBy(lead.store);
    await lead.note(TASK, "一");
    await receipts.cover(lead.store);
    const [receipt] = await lead.verifiedReceipts();
    await lead.note(TASK, "二");
    await receipts.cover(lead.store, { spoilt: true });

    expect(receipt?.upto_seq).toBe(1);
    await expect(lead.verifiedReceipts()).rejects.toBeInstanceOf(BadReceipt);
  });
});
