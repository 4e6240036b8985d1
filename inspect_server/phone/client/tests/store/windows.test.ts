/** One window writes; the others read, follow it, and go on when it is closed. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LocalStore } from "../../src/store/local.ts";
import { OtherWindow } from "../../src/store/problems.ts";
import type { Change } from "../../src/store/rows.ts";
import { TASK, account, emptyBrowser, enrolled, saveNote, show, windowOf } from "./keeping.ts";
import type { Account } from "./keeping.ts";

emptyBrowser();
let of: Account;
let first: LocalStore;
let second: LocalStore;

beforeEach(async () => {
  of = await account();
  first = await enrolled(of);
  second = await windowOf(of);
});

afterEach(() => {
  first.close();
  second.close();
});

function heard(store: LocalStore): (Change & { readonly isKnown: boolean })[] {
  const changes: (Change & { readonly isKnown: boolean })[] = [];
  store.onChange((change, isKnown) => changes.push({ ...change, isKnown }));
  return changes;
}

describe("a second window", () => {
  test("shows what the first one saved and saves nothing itself", async () => {
    const hash = await saveNote(first, of.user, "一");

    expect((await second.entries()).map((row) => row.hash)).toEqual([hash]);
    await expect(saveNote(second, of.user, "二")).rejects.toBeInstanceOf(OtherWindow);
    await expect(second.put({ a: "1" })).rejects.toThrow("本窗口只能查看");
    await expect(second.addBlob(new Uint8Array(9), "r")).rejects.toBeInstanceOf(OtherWindow);
    expect((await first.entries()).length).toBe(1);
  });

  test("is told of every save with its items, and of what a sync changed", async () => {
    const changes = heard(second);
    await saveNote(first, of.user, "一");
    const [row] = await first.entries();
    await first.acknowledge("e", [{ hash: row?.hash ?? "", effect: "applied", reason: "" }]);
    await show(first, { "law/a": 1 });
    await vi.waitFor(() => expect(changes.length).toBe(3));

    expect(changes[0]?.task).toBe(TASK);
    expect(changes[0]?.items).toEqual([expect.stringMatching(/^note\//)]);
    expect(changes.map((change) => change.isKnown)).toEqual([false, false, false]);
    expect(changes.slice(1).map((change) => change.task)).toEqual(["", ""]);
  });

  test("writes as soon as the first one is closed, after looking at everything again", async () => {
    await saveNote(first, of.user, "一");
    const changes = heard(second);
    const turns: boolean[] = [];
    second.writing.onTurn((isWriter) => turns.push(isWriter));
    first.close();
    await vi.waitFor(() => expect(second.writing.isWriter).toBe(true));
    await saveNote(second, of.user, "二");

    expect(turns).toEqual([true]);
    expect(changes[0]).toEqual({ task: "", items: [], isKnown: false });
    expect((await second.entries()).map((row) => row.seq)).toEqual([1, 2]);
  });

  test("may take over; the first one then reads, and gets its turn back afterwards", async () => {
    await second.writing.takeOver();
    await vi.waitFor(() => expect(first.writing.isWriter).toBe(false));
    await saveNote(second, of.user, "一");
    await expect(saveNote(first, of.user, "二")).rejects.toBeInstanceOf(OtherWindow);
    second.close();
    await vi.waitFor(() => expect(first.writing.isWriter).toBe(true));
    await saveNote(first, of.user, "二");

    expect((await first.entries()).map((row) => row.seq)).toEqual([1, 2]);
  });

  test("that closes first leaves the writer alone", async () => {
    second.close();
    await saveNote(first, of.user, "一");

    expect(first.writing.isWriter).toBe(true);
    expect(second.writing.isWriter).toBe(false);
  });

  test("of another account writes there", async () => {
    const other = await account(2);
    const store = await enrolled(other);
    await saveNote(store, other.user, "乙");
    const writes = [first.writing.isWriter, store.writing.isWriter];
    store.close();

    expect(writes).toEqual([true, true]);
  });
});
