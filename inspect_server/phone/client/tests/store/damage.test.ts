/** What is damaged on the phone is named and passed over; all else goes on. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { uuid7 } from "../../src/core/ids.ts";
import type { LocalStore } from "../../src/store/local.ts";
import { vaultName } from "../../src/store/schema.ts";
import type { EntryRow } from "../../src/store/schema.ts";
import { Sealer } from "../../src/store/sealing.ts";
import {
  EPOCH,
  TASK,
  account,
  emptyBrowser,
  enrolled,
  entryOf,
  inUse,
  saveNote,
  spoilt,
  tamper,
  windowOf,
} from "./keeping.ts";
import type { Account } from "./keeping.ts";

emptyBrowser();
let of: Account;
let store: LocalStore;

beforeEach(async () => {
  of = await account();
  store = await enrolled(of);
});

afterEach(() => {
  store.close();
  vi.restoreAllMocks();
});

async function reopened(): Promise<LocalStore> {
  store.close();
  store = await windowOf(of);
  return store;
}

describe("a damaged row", () => {
  test("is an entry that is named and passed over; the others and new ones stay", async () => {
    const hashes = [];
    for (const text of ["一", "二", "三"]) hashes.push(await saveNote(store, of.user, text));
    await tamper<EntryRow>(vaultName(of.id), "entries", (rows) => [spoilt(rows[1] as EntryRow)]);
    await reopened();
    hashes.push(await saveNote(store, of.user, "四"));
    const damaged = await store.damaged();

    expect((await store.entries()).map((row) => row.hash)).toEqual(hashes.toSpliced(1, 1));
    expect(damaged.map((row) => [row.hash, row.seq, row.content.length])).toEqual([
      [hashes[1], 2, 0],
    ]);
    expect(store.damagedRows).toEqual([{ store: "entries", row: hashes[1] }]);
    expect((await store.places()).map((row) => row.seq)).toEqual([1, 2, 3, 4]);
  });

  test("is one whose sealed bytes were exchanged for those of another", async () => {
    await saveNote(store, of.user, "一");
    await saveNote(store, of.user, "二");
    await tamper<EntryRow>(vaultName(of.id), "entries", ([one, other]) => [
      { ...(one as EntryRow), sealed: (other as EntryRow).sealed },
    ]);

    expect((await store.entries()).map((row) => row.seq)).toEqual([2]);
    expect((await store.damaged()).map((row) => row.seq)).toEqual([1]);
  });

  test("is a long entry of which the browser lost the file; all else is read", async () => {
    const long = await saveNotes(200);
    const short = await saveNote(store, of.user, "短");
    const whole = (await store.entry(long))?.content.length ?? 0;
    const lost = lostIn("rests");
    vi.spyOn(IDBObjectStore.prototype, "get").mockImplementation(lost);
    const [damaged] = await store.damaged();

    expect(whole).toBeGreaterThan(200_000);
    expect((await store.entries()).map((row) => row.hash)).toEqual([short]);
    expect([damaged?.hash, damaged?.seq, damaged?.task]).toEqual([long, 1, TASK]);
    await saveNote(store, of.user, "照常");
    await store.acknowledge(EPOCH, [{ hash: long, effect: "applied", reason: "" }]);
    expect((await store.places()).map((row) => row.ackedEpoch)).toEqual([EPOCH, "", ""]);
  });

  test("is one whose bytes are sealed well, and are others", async () => {
    const hash = await saveNote(store, of.user, "一");
    const sealed = await new Sealer(of.key).seal("entries", hash, utf8("{}".repeat(99)));
    await tamper<EntryRow>(vaultName(of.id), "entries", ([row]) => [
      { ...(row as EntryRow), sealed },
    ]);

    expect(await store.entries()).toEqual([]);
    expect((await store.damaged()).map((row) => row.hash)).toEqual([hash]);
    expect(store.damagedRows).toEqual([{ store: "entries", row: hash }]);
  });

  test("is a setting or a draft that then counts as unset", async () => {
    await store.putDraft("page", "草稿");
    for (const name of ["settings", "drafts"]) {
      await tamper<{ key: string; sealed: Uint8Array }>(vaultName(of.id), name, (rows) =>
        rows.filter((row) => row.key === "token" || row.key === "page").map((row) => spoilt(row)),
      );
    }

    expect(await store.get("token")).toBe("");
    expect(await store.get("user")).toBe(of.user);
    expect(await store.draft("page")).toBe("");
    expect(store.damagedRows.map((row) => row.row).sort()).toEqual(["page", "token"]);
  });

  test("is one that is not even of the right kind", async () => {
    await saveNote(store, of.user, "一");
    await tamper<EntryRow>(vaultName(of.id), "entries", ([row]) => [
      { ...(row as EntryRow), sealed: new Uint8Array(3) as Uint8Array<ArrayBuffer> },
    ]);

    expect(await store.entries()).toEqual([]);
    expect((await store.damaged()).length).toBe(1);
  });
});

/** Save a page of long notes; return the entry's hash. */
async function saveNotes(count: number): Promise<string> {
  const replica = await inUse(store);
  const ops = Array.from({ length: count }, () => {
    const item = `note/${uuid7(Date.now())}`;
    return { type: "note.add", item, parents: [], value: { text: "积".repeat(340) } };
  });
  const { content, signature, hlc } = await entryOf(replica, of.user, ops);
  return await store.addOwn({ replica, content, signature, hlc, task: TASK });
}

/** Reading one row fails in this store as it does where Chromium has lost a value's file. */
function lostIn(name: string): IDBObjectStore["get"] {
  const { get } = IDBObjectStore.prototype;
  return function (this: IDBObjectStore, key) {
    if (this.name === name) throw new DOMException("lost", "NotReadableError");
    return get.call(this, key);
  };
}
