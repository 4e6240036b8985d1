/** What leaves a phone: under a receipt after 30 days, or encrypted as the last resort. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fromBase64, fromUtf8, hex, utf8 } from "../../../src/core/bytes.ts";
import { sha256Hex } from "../../../src/core/digests.ts";
import { uuid7 } from "../../../src/core/ids.ts";
import { newKey, verify } from "../../../src/core/keys.ts";
import { uncovered } from "../../../src/store/leaving/covering.ts";
import { exportFile } from "../../../src/store/leaving/exporting.ts";
import { removeCovered } from "../../../src/store/leaving/removal.ts";
import type { LocalStore } from "../../../src/store/local.ts";
import { PIECE_BYTES } from "../../../src/store/photos.ts";
import { WeakSecret } from "../../../src/store/problems.ts";
import { vaultName } from "../../../src/store/schema.ts";
import type { EntryRow, PieceRow } from "../../../src/store/schema.ts";
import {
  EPOCH,
  OTHER_TASK,
  Receipts,
  TASK,
  account,
  emptyBrowser,
  enrolled,
  entryOf,
  inUse,
  saveNote,
  show,
  spoilt,
  tamper,
} from "../keeping.ts";
import type { Account } from "../keeping.ts";
import { dearSecrets } from "../../cheap-secrets.ts";

dearSecrets();

emptyBrowser();
let of: Account;
let store: LocalStore;
let receipts: Receipts;

beforeEach(async () => {
  of = await account();
  store = await enrolled(of);
  receipts = await Receipts.pinnedBy(store);
});

afterEach(() => {
  store.close();
});

async function savePhoto(content: Uint8Array): Promise<string> {
  const replica = await inUse(store);
  const sha256 = await store.addBlob(content, replica.id, true);
  const value = {
    sha256,
    size: content.length,
    mime: "image/jpeg",
    caption: "",
    finding: "",
    answer_item: "",
    taken_wall: "2026-03-02T09:00:00.000+08:00",
    latitude: "",
    longitude: "",
    accuracy_m: "",
    datum: "",
    device: "",
  };
  const item = `photo/${uuid7(Date.now())}`;
  const op = { type: "photo.add", item, parents: [], value, blob: sha256 };
  const { content: bytes, signature, hlc } = await entryOf(replica, of.user, [op]);
  await store.addOwn({ replica, content: bytes, signature, hlc, task: TASK });
  return sha256;
}

describe("removal", () => {
  test("takes what a receipt covered 30 days ago with its photos, keeps the receipt", async () => {
    await saveNote(store, of.user, "一");
    const photo = await savePhoto(utf8("old"));
    await receipts.cover(store, { daysAgo: 30 });
    const kept = await savePhoto(utf8("new"));
    const head = await inUse(store);
    const removed = await removeCovered(store);

    expect(removed).toEqual({ entries: 2, photos: 1 });
    expect((await store.entries()).map((row) => row.seq)).toEqual([3]);
    expect([...(await store.uploads([photo, kept])).keys()]).toEqual([kept]);
    expect((await store.blob(photo)).length).toBe(0);
    expect(await store.removedUpto(head.id)).toBe(2);
    expect((await store.receiptAt(head.id, 2))?.uptoSeq).toBe(2);
    expect(await inUse(store)).toEqual(head);
    await saveNote(store, of.user, "四");
    expect((await store.entries()).map((row) => row.seq)).toEqual([3, 4]);
  });

  test("of everything leaves the chain to go on from its head", async () => {
    await saveNote(store, of.user, "一");
    await receipts.cover(store, { daysAgo: 31 });
    await removeCovered(store);
    const { id } = await inUse(store);

    expect(await store.removedUpto(id)).toBe(1);
    await saveNote(store, of.user, "二");
    expect(await store.removedUpto(id)).toBe(1);
    expect(await removeCovered(store)).toEqual({ entries: 0, photos: 0 });
  });

  test("ends at the end of a receipt, though more is old enough by its own", async () => {
    for (const daysAgo of [50, 40]) {
      await saveNote(store, of.user, "x");
      await receipts.cover(store, { daysAgo, ...(daysAgo === 40 && { afterSeq: 0 }) });
    }
    await saveNote(store, of.user, "x");
    await receipts.cover(store, { daysAgo: 3 });

    expect((await removeCovered(store)).entries).toBe(2);
    expect((await store.places()).map((row) => row.seq)).toEqual([3]);
  });

  test.each([
    ["is 29 days old", { daysAgo: 29 }],
    ["is of another life of the server", { daysAgo: 60, epoch: `${EPOCH.slice(0, -1)}2` }],
    ["does not verify", { daysAgo: 60, spoilt: true }],
    ["begins behind what is here", { daysAgo: 60, afterSeq: 1 }],
    ["is of another branch", { daysAgo: 60, of: { headHash: "b".repeat(64) } }],
  ])("removes nothing where the receipt %s", async (_, options) => {
    await saveNote(store, of.user, "一");
    await saveNote(store, of.user, "二");
    await receipts.cover(store, options);
    await store.put({ epoch: EPOCH });

    expect(await removeCovered(store)).toEqual({ entries: 0, photos: 0 });
    expect((await store.entries()).length).toBe(2);
  });

  test("removes nothing of a task still on the phone, nor of a cloned replica", async () => {
    await saveNote(store, of.user, "一");
    await receipts.cover(store, { daysAgo: 60 });
    await show(store, { [`task/${TASK}`]: { id: TASK } });
    const shown = await removeCovered(store);
    await show(store, { [`task/${OTHER_TASK}`]: { id: OTHER_TASK } });
    await store.stage([], ["law"]);
    await store.flip({ fresh: false, settings: {} });
    await store.put({ forked: (await inUse(store)).id });
    const cloned = await removeCovered(store);
    await store.put({ forked: "" });
    const hidden = await removeCovered(store);

    expect([shown.entries, cloned.entries, hidden.entries]).toEqual([0, 0, 1]);
  });

  test("removes nothing that the server of today has not acknowledged", async () => {
    const hash = await saveNote(store, of.user, "一");
    await receipts.cover(store, { daysAgo: 60 });
    await store.acknowledge("an earlier epoch", [{ hash, effect: "applied", reason: "" }]);

    expect((await removeCovered(store)).entries).toBe(0);
    expect((await uncovered(store)).own.map((row) => row.hash)).toEqual([hash]);
  });

  test("knows no time before a server told it", async () => {
    await saveNote(store, of.user, "一");
    await receipts.cover(store, { daysAgo: 60 });
    await store.put({ server_time: "" });

    expect((await removeCovered(store)).entries).toBe(0);
  });
});

describe("what is not covered", () => {
  test("are own entries without a receipt, partners' not acknowledged, their photos", async () => {
    await savePhoto(utf8("covered"));
    await receipts.cover(store);
    const photo = await savePhoto(utf8("open"));
    const hash = (await inUse(store)).headHash;
    const stranger = await account(2);
    const partner = await enrolled(stranger);
    await saveNote(partner, stranger.user, "乙");
    await store.addPartners(await partner.entries(), await partner.keys());
    const theirs = await partner.entries();
    partner.close();
    const found = await uncovered(store);

    expect(found.own.map((row) => row.hash)).toEqual([hash]);
    expect(found.partners.map((row) => row.hash)).toEqual(theirs.map((row) => row.hash));
    expect(found.photos).toEqual([photo]);
  });
});

/** Reads a file as the doc comment of `exporting.ts` says, without its code. */
async function readExport(file: Uint8Array, passphrase: string): Promise<Uint8Array[]> {
  const view = new DataView(file.buffer, file.byteOffset);
  expect(fromUtf8(file.subarray(0, 18))).toBe("INSPECT-EXPORT-V1\n");
  const headerEnd = 22 + view.getUint32(18);
  const header = file.slice(22, headerEnd);
  const { kdf, iterations, salt, cipher, records } = JSON.parse(fromUtf8(header));
  expect([kdf, iterations, cipher]).toEqual(["PBKDF2-SHA-256", 600_000, "AES-256-GCM"]);
  const typed = utf8(passphrase.normalize("NFKC"));
  const from = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt: fromBase64(salt), iterations },
    from,
    { name: "AES-GCM", length: 256 },
    false,
    ["decrypt"],
  );
  const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", header)));
  const opened: Uint8Array[] = [];
  let at = headerEnd;
  for (let number = 0; number < records; number += 1) {
    const end = at + 4 + view.getUint32(at);
    const additionalData = utf8(`inspect-export v1\n${number}\n${digest}\n`);
    const how = { name: "AES-GCM", iv: file.slice(at + 4, at + 16), additionalData };
    const plain = await crypto.subtle.decrypt(how, key, file.slice(at + 16, end));
    opened.push(new Uint8Array(plain));
    at = end;
  }
  expect(at).toBe(file.length);
  return opened;
}

describe("the last resort", () => {
  const made = "2026-03-02T09:00:00.000+08:00";

  test("is a file that gives all that was not delivered to who knows its passphrase", async () => {
    await saveNote(store, of.user, "送达");
    await receipts.cover(store);
    await store.addReplica(await newKey());
    await saveNote(store, of.user, "积尘未清扫");
    const large = new Uint8Array(2 * PIECE_BYTES + 5).fill(7);
    const photos = [await savePhoto(utf8("small")), await savePhoto(large)];
    const { file } = await exportFile(store, "打磨车间积尘 4207", made);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const [first, ...records] = await readExport(bytes, "打磨车间积尘 ４２０７");
    const manifest = JSON.parse(fromUtf8(first as Uint8Array));
    const left = (await store.entries()).slice(1);

    expect([manifest.v, manifest.user, manifest.made]).toEqual([1, of.user, made]);
    expect(manifest.entries.length).toBe(3);
    for (const [at, { bytes_b64: content, sig }] of manifest.entries.entries()) {
      expect(await sha256Hex(fromBase64(content))).toBe(left[at]?.hash);
      const key = fromBase64(manifest.keys[left[at]?.replica ?? ""]);
      expect(await verify(key, fromBase64(content), fromBase64(sig))).toBe(true);
    }
    expect(manifest.photos.map((one: { sha256: string }) => one.sha256)).toEqual(photos);
    for (const { sha256, size, records: count } of manifest.photos) {
      const content = new Uint8Array(
        await new Blob(records.splice(0, count) as BlobPart[]).arrayBuffer(),
      );
      expect([content.length, await sha256Hex(content)]).toEqual([size, sha256]);
    }
    expect(records).toEqual([]);
    expect(Object.keys(manifest.keys).length).toBe(1);
  });

  test("does not open with another passphrase, nor in another order", async () => {
    await savePhoto(utf8("one"));
    const { file } = await exportFile(store, "打磨车间积尘 4207", made);
    const bytes = new Uint8Array(await file.arrayBuffer());

    await expect(readExport(bytes, "打磨车间积尘 4208")).rejects.toThrow();
    const changed = bytes.slice();
    changed[40] = (changed[40] as number) ^ 1;
    await expect(readExport(changed, "打磨车间积尘 4207")).rejects.toThrow();
    expect(fromUtf8Loosely(bytes)).not.toContain(of.user);
  });

  test("names what is damaged here, and gives all the rest", async () => {
    const hashes = [await saveNote(store, of.user, "一"), await saveNote(store, of.user, "二")];
    const photos = [await savePhoto(utf8("whole")), await savePhoto(utf8("lost"))];
    const lost = { entries: [hashes[0]], photos: [photos[1]] };
    await tamper<EntryRow>(vaultName(of.id), "entries", (rows) =>
      rows.filter((row) => row.hash === hashes[0]).map((row) => spoilt(row)),
    );
    await tamper<PieceRow>(vaultName(of.id), "pieces", (rows) =>
      rows.filter((row) => row.sha256 === photos[1]).map((row) => spoilt(row, 14)),
    );
    const { file, damaged } = await exportFile(store, "打磨车间积尘 4207", made);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const [first, ...records] = await readExport(bytes, "打磨车间积尘 4207");
    const manifest = JSON.parse(fromUtf8(first as Uint8Array));

    expect(damaged).toEqual(lost);
    expect(manifest.damaged).toEqual(lost);
    expect(manifest.entries.length).toBe(3);
    expect(manifest.photos.map((one: { sha256: string }) => one.sha256)).toEqual([photos[0]]);
    expect(records.map(fromUtf8)).toEqual(["whole"]);
  });

  test("is not made with a passphrase that anybody would guess", async () => {
    await expect(exportFile(store, "735201", made)).rejects.toBeInstanceOf(WeakSecret);
  });
});

function fromUtf8Loosely(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
