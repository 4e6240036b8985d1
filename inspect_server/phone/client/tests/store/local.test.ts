/** Every save is whole and durable, or did not happen. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { parse } from "../../src/core/entries.ts";
import { newKey, verify } from "../../src/core/keys.ts";
import type { LocalStore } from "../../src/store/local.ts";
import { StaleHead, StorageFailed, StorageFull } from "../../src/store/problems.ts";
import { vaultName } from "../../src/store/schema.ts";
import { fullAfter } from "./failing.ts";
import type { Failure } from "./failing.ts";
import {
  EPOCH,
  TASK,
  account,
  dumped,
  emptyBrowser,
  enrolled,
  entryOf,
  inUse,
  saveNote,
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



describe("a save", () => {
  test("is one strict transaction: entry, place, head and clock", async () => {
    const spy = vi.spyOn(IDBDatabase.prototype, "transaction");
    const hash = await saveNote(store, of.user, "积尘");
    const writes = spy.mock.calls.filter((call) => call[1] === "readwrite");
    const head = await inUse(await reopened());

    expect(writes).toEqual([
      [["replicas", "entries", "rests", "settings"], "readwrite", { durability: "strict" }],
    ]);
    expect([head.uptoSeq, head.headHash]).toEqual([1, hash]);
    expect(await store.get("hlc")).toMatch(/^1772413200001-0000-/);
    expect(await store.hashAt(head.id, 1)).toBe(hash);
  });

  test("gives back the very bytes and a signature that holds", async () => {
    const hash = await saveNote(store, of.user, "积尘");
    const [row] = await (await reopened()).entries();
    const key = (await store.keys()).get(row?.replica ?? "") as Uint8Array;

    expect(row?.hash).toBe(hash);
    expect(parse(row?.content as Uint8Array).ops[0]?.value).toEqual({ text: "积尘" });
    expect(await verify(key, row?.content as Uint8Array, row?.signature as Uint8Array)).toBe(true);
    expect(await store.entry(hash)).toEqual(row);
    expect(await store.entriesOf(TASK)).toEqual([row]);
    expect(await store.entry("0".repeat(64))).toBeNull();
  });

  test("is confirmed only when the transaction is complete", async () => {
    const order: string[] = [];
    const original = IDBDatabase.prototype.transaction;
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (
      this: IDBDatabase,
      ...given: Parameters<typeof original>
    ) {
      const tx = original.apply(this, given);
      if (given[1] === "readwrite") tx.addEventListener("complete", () => order.push("complete"));
      return tx;
    });
    await saveNote(store, of.user, "一").then(() => order.push("confirmed"));

    expect(order).toEqual(["complete", "confirmed"]);
  });

  test("on a head that another window moved is refused whole", async () => {
    const stale = await inUse(store);
    await saveNote(store, of.user, "一");
    const item = `visit/complete/${stale.id}`;
    const op = { type: "visit.complete", item, parents: [], value: {} };
    const { content, signature } = await entryOf(stale, of.user, [op]);
    const before = await dumped(vaultName(of.id));
    const save = { replica: stale, content, signature, task: TASK };

    await expect(
      store.addOwn({ ...save, hlc: "1772413209999-0000-00000000" }),
    ).rejects.toBeInstanceOf(StaleHead);
    expect(await dumped(vaultName(of.id))).toBe(before);
  });

  test.each<[Failure, number]>([
    ["thrown", 0],
    ["thrown", 1],
    ["thrown", 2],
    ["aborted", 0],
    ["aborted", 1],
    ["aborted", 2],
  ])("for which there is no room (%s at write %i) leaves all as it was", async (how, left) => {
    await saveNote(store, of.user, "一");
    const before = await dumped(vaultName(of.id));
    const freed = fullAfter(left, how);
    const refused = saveNote(store, of.user, "二");
    await expect(refused).rejects.toBeInstanceOf(StorageFull);
    await expect(refused).rejects.toThrow("请清理空间后重新保存");
    freed();
    const after = await dumped(vaultName(of.id));
    await saveNote(store, of.user, "二");

    expect(after).toBe(before);
    expect((await store.entries()).map((row) => row.seq)).toEqual([1, 2]);
  });

  test("that fails for another reason says so, and works when the browser does", async () => {
    const spy = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => {
      throw new DOMException("Connection to Indexed Database server lost", "UnknownError");
    });
    await expect(saveNote(store, of.user, "一")).rejects.toBeInstanceOf(StorageFailed);
    spy.mockRestore();
    await saveNote(store, of.user, "一");

    expect((await store.entries()).length).toBe(1);
  });

  test("goes on after the browser dropped the connection without a word", async () => {
    await saveNote(store, of.user, "一");
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementationOnce(() => {
      throw new DOMException("The database connection is closing.", "InvalidStateError");
    });
    await saveNote(store, of.user, "二");

    expect((await store.entries()).length).toBe(2);
  });
});

describe("at rest", () => {
  test("no text, no value, no setting, no file lies in plain", async () => {
    await saveNote(store, of.user, "积尘未清扫");
    await store.addBlob(utf8("JPEG ".repeat(30_000)), (await inUse(store)).id);
    await store.addPart("a".repeat(64), 0, utf8("PART ".repeat(10)));
    await store.putDraft("page", "没写完的话");
    await store.stage(
      [[{ id: "law/x", scope: "law", kind: "law", ver: 1, pos: 1, body: { title: "正文" } }, false]],
      [],
    );
    const lies = await dumped(vaultName(of.id));
    const bytes = [...lies.matchAll(/base64:([A-Za-z0-9+/=]+)/g)]
      .map(([, text]) => new TextDecoder().decode(Uint8Array.from(atob(text as string), code)))
      .join("\n");

    // None of them so short that it comes up by chance.
    const texts = ["积尘未", of.user, "secret-token", "没写完", "正文", "dust@1"];
    const secrets = [...texts, "JPEG JPEG", "PART PART"];

    expect(secrets.filter((secret) => lies.includes(secret) || bytes.includes(secret))).toEqual([]);
    expect(lies).toContain(TASK); // what is plain by intent
  });
});

describe("settings and drafts", () => {
  test("are set together, read together, and kept", async () => {
    await store.put({ a: "1", b: "二" });
    await reopened();

    expect(await store.getAll(["b", "a", "none"])).toEqual(["二", "1", ""]);
  });

  test("a draft is kept until it is put away or empty", async () => {
    await store.putDraft("one", "第一");
    await store.putDraft("two", "第二");
    await store.putDraft("two", "第二，改");
    await reopened();

    expect(await store.drafts()).toEqual(["one", "two"]);
    expect(await store.draft("two")).toBe("第二，改");
    await store.deleteDraft("one");
    await store.putDraft("two", "");
    expect(await store.drafts()).toEqual([]);
    expect(await store.draft("one")).toBe("");
  });
});

describe("replicas", () => {
  test("the last one made is in use; the earlier keeps its chain and its key", async () => {
    await saveNote(store, of.user, "一");
    const first = await inUse(store);
    const second = await store.addReplica(await newKey(), { hlc: "" });
    await saveNote(store, of.user, "二");
    await reopened();

    expect((await store.replicas()).map((one) => [one.id, one.ordinal, one.uptoSeq])).toEqual([
      [first.id, 1, 1],
      [second.id, 2, 1],
    ]);
    expect([...(await store.keys()).keys()].sort()).toEqual([first.id, second.id].sort());
  });
});

describe("what the server says of entries", () => {
  test("is noted with its epoch; of unknown ones nothing", async () => {
    const hash = await saveNote(store, of.user, "一");
    await store.acknowledge(
      EPOCH,
      [
        { hash, effect: "quarantined", reason: "closed" },
        { hash: "0".repeat(64), effect: "applied", reason: "" },
      ],
      { server_time: "2026-03-03T01:00:00Z" },
    );
    const [row] = await (await reopened()).entries();

    expect([row?.ackedEpoch, row?.effect, row?.reason]).toEqual([EPOCH, "quarantined", "closed"]);
    expect(await store.get("server_time")).toBe("2026-03-03T01:00:00Z");
    expect((await store.entries()).length).toBe(1);
  });

  test("receipts are kept in order; one to the same end gives way to a newer one", async () => {
    const kept = (uptoSeq: number, epoch: string, logPos: number, kid = "k1") => ({
      replica: "r",
      epoch,
      uptoSeq,
      headHash: `h${uptoSeq}`,
      logPos,
      content: utf8("content"),
      signature: utf8("signature"),
      kid,
    });
    await store.addReceipt(kept(1, "e1", 5));
    await store.addReceipt(kept(2, "e1", 6));
    await store.addReceipt(kept(1, "e2", 7));
    await store.addReceipt(kept(1, "e1", 8, "k2"));
    const receipts = await (await reopened()).receipts();

    expect(receipts.map((one) => one.logPos)).toEqual([6, 7, 8]);
    expect((await store.receiptAt("r", 1))?.kid).toBe("k2");
    expect(await store.receiptAt("r", 3)).toBeNull();
  });
});



describe("the receipt of a head", () => {
  test("is the one to exactly this head in this life of the server", async () => {
    const hash = await saveNote(store, of.user, "一");
    const { id } = await inUse(store);
    const receipt = { replica: id, epoch: EPOCH, uptoSeq: 1, headHash: hash, logPos: 7 };
    const bytes = { content: utf8("{}"), signature: utf8(""), kid: "k1" };
    await store.addReceipt({ ...receipt, ...bytes });
    const there = await store.receiptPos(id, EPOCH, hash);
    const elsewhere = await store.receiptPos(id, "another", hash);
    await store.addReceipt({ ...receipt, ...bytes, headHash: "b".repeat(64) });
    const branch = await store.receiptPos(id, EPOCH, hash);
    await saveNote(store, of.user, "二");
    const before = await store.receiptPos(id, EPOCH, hash);

    expect([there, elsewhere, branch, before]).toEqual([7, -1, -1, -1]);
    expect(await store.receiptPos("none", EPOCH, hash)).toBe(-1);
  });
});

describe("the places of entries", () => {
  test("are what lies there, whoever changed it", async () => {
    const hashes = [await saveNote(store, of.user, "一"), await saveNote(store, of.user, "二")];
    const first = await store.places();
    hashes.push(await saveNote(store, of.user, "三"));
    const second = await store.places();
    await store.acknowledge(EPOCH, [{ hash: hashes[0] ?? "", effect: "applied", reason: "" }]);
    const third = await store.places();
    await store.removeUpto((await inUse(store)).id, 1);
    const fourth = await store.places();

    expect(first.map((row) => row.hash)).toEqual(hashes.slice(0, 2));
    expect(second.map((row) => row.hash)).toEqual(hashes);
    expect(third.map((row) => row.ackedEpoch)).toEqual([EPOCH, "", ""]);
    expect(fourth.map((row) => row.hash)).toEqual(hashes.slice(1));
    expect(await (await reopened()).places()).toEqual(fourth);
  });

  test("are not read again for each save", async () => {
    await saveNote(store, of.user, "一");
    await store.places();
    const reads = vi.spyOn(IDBObjectStore.prototype, "getAll");
    await saveNote(store, of.user, "二");
    const places = await store.places();

    expect(places.length).toBe(2);
    const names = reads.mock.contexts.map((from) => (from as IDBObjectStore).name);
    expect(names).toContain("replicas");
    expect(names).not.toContain("entries");
  });
});

function code(sign: string): number {
  return sign.charCodeAt(0);
}
