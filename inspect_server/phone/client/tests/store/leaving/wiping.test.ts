/** An account that is removed while somebody saves: what was confirmed is never removed with it. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { uuid7 } from "../../../src/core/ids.ts";
import { NotCovered, OtherWindow, StaleHead } from "../../../src/store/problems.ts";
import type { LocalStore } from "../../../src/store/local.ts";
import type { VaultRow } from "../../../src/store/schema.ts";
import { Vaults } from "../../../src/store/vaults.ts";
import {
  DEVICE,
  EPOCH,
  Receipts,
  TASK,
  emptyBrowser,
  entryOf,
  inUse,
  saveNote,
  tamper,
} from "../keeping.ts";

const PIN = "735201";
const USER = "0198cccc-0000-4000-8000-000000000001";

emptyBrowser();
let vaults: Vaults;
let store: LocalStore;
const opened: LocalStore[] = [];

beforeEach(async () => {
  vaults = new Vaults();
  store = await vaults.create("zf01", PIN);
  opened.push(store);
  const server_time = "2026-03-02T01:00:00Z";
  await store.put({ user: USER, device: DEVICE, epoch: EPOCH, server_time });
  const receipts = await Receipts.pinnedBy(store);
  await saveNote(store, USER, "一");
  await receipts.cover(store);
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const one of opened.splice(0)) one.close();
});

/** Do something between the counting of what is covered and the removal. */
function meanwhile(work: () => Promise<unknown>): void {
  const { uploads } = store;
  vi.spyOn(store, "uploads").mockImplementationOnce(async (hashes) => {
    const here = await uploads.call(store, hashes);
    await work();
    return here;
  });
}

async function left(): Promise<readonly string[]> {
  return (await vaults.accounts()).map(({ login }) => login);
}

test("what is saved while it is counted keeps the account", async () => {
  meanwhile(() => saveNote(store, USER, "二"));
  const refused = await vaults.wipe(store).catch((problem: unknown) => problem);

  expect(refused).toBeInstanceOf(NotCovered);
  expect((await store.entries()).length).toBe(2);
  expect(await left()).toEqual(["zf01"]);
  await saveNote(store, USER, "三");
});

test("what another window saves that took over keeps it as well", async () => {
  const other = await vaults.unlock(store.vault, PIN);
  opened.push(other);
  meanwhile(async () => {
    await other.writing.takeOver();
    await saveNote(other, USER, "二");
  });
  const refused = await vaults.wipe(store).catch((problem: unknown) => problem);

  expect(refused).toBeInstanceOf(OtherWindow);
  expect((await other.entries()).length).toBe(2);
  expect(await left()).toEqual(["zf01"]);
});

test("after the last counting nothing is confirmed that would be removed", async () => {
  const other = await vaults.unlock(store.vault, PIN);
  opened.push(other);
  const replica = await inUse(store);
  const item = `note/${uuid7(Date.now())}`;
  const op = { type: "note.add", item, parents: [], value: { text: "迟" } };
  const { content, signature, hlc } = await entryOf(replica, USER, [op]);
  vi.spyOn(indexedDB, "deleteDatabase").mockImplementation(() => {
    throw new Error("killed here");
  });
  await expect(vaults.wipe(store)).rejects.toThrow("killed here");
  vi.restoreAllMocks();
  await other.writing.takeOver();
  const late = { replica, content, signature, hlc, task: TASK };

  await expect(other.addOwn(late)).rejects.toThrow(StaleHead);
  expect(await left()).toEqual([]);
});

test("a phone that died before the last counting has its account as it was", async () => {
  await tamper<VaultRow>("inspect-phone", "vaults", (rows) =>
    rows.map((row) => ({ ...row, wiping: true })),
  );

  expect(await left()).toEqual(["zf01"]);
  expect((await store.entries()).length).toBe(1);
});
