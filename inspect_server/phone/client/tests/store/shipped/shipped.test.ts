/** What the phones of every release hold is opened, shown and delivered by today's program. */

import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { readFileSync, readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Phone } from "../../../src/capture/phone.ts";
import { base64, fromBase64 } from "../../../src/core/bytes.ts";
import { sha256Hex } from "../../../src/core/digests.ts";
import { verify } from "../../../src/core/keys.ts";
import { parse } from "../../../src/core/entries.ts";
import { sync } from "../../../src/network/syncing.ts";
import { uncovered } from "../../../src/store/leaving/covering.ts";
import { registry, vault, vaultName } from "../../../src/store/schema.ts";
import { Vaults } from "../../../src/store/vaults.ts";
import { SERVER_SECONDS, Server } from "../../network/server/server.ts";
import { opened, shapeOf, thaw } from "./freezing.ts";
import type { Shape } from "./freezing.ts";
import { clockFrom, itemsOf, written } from "./writing.ts";
import type { Shipped } from "./writing.ts";
import { dearSecrets } from "../../cheap-secrets.ts";

dearSecrets();

const FOLDER = new URL("./", import.meta.url);
const RELEASES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .sort((one, other) => one.localeCompare(other, "en", { numeric: true }));

const open: Phone[] = [];

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  for (const phone of open.splice(0)) phone.close();
});

function shipped(name: string): Shipped {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Shipped;
}

/** Open the account of a phone as its officer does after an update. */
async function unlocked({ databases, expected }: Shipped): Promise<Phone> {
  await thaw(databases);
  const vaults = new Vaults();
  const [account] = await vaults.accounts();
  const store = await vaults.unlock(account?.id ?? "", expected.secret);
  const label = (await vaults.device())?.label ?? "";
  const phone = new Phone(store, label, clockFrom("2026-03-03T09:00:00+08:00"));
  open.push(phone);
  return phone;
}

/** A server that was restored to before all of it, and knows the phone's keys. */
async function emptied({ expected }: Shipped): Promise<Server> {
  const server = new Server();
  server.journal.epoch = "epoch-2";
  for (const [replica, key] of Object.entries(expected.keys)) {
    server.keys.set(replica, fromBase64(key));
    server.journal.known.add(replica);
  }
  const { d: _, key_ops: __, ...open } = expected.receiptKey;
  const key = async (jwk: JsonWebKey, use: KeyUsage): Promise<CryptoKey> =>
    await crypto.subtle.importKey("jwk", jwk, "Ed25519", true, [use]);
  await server.useReceiptKey({
    privateKey: await key(expected.receiptKey, "sign"),
    publicKey: await key(open, "verify"),
  });
  return server;
}

describe.each(RELEASES)("a phone of %s", (name) => {
  const kept = shipped(name);
  const { expected } = kept;

  test("is opened by its secret and shows what was on it", async () => {
    const phone = await unlocked(kept);
    const { store } = phone;
    const record = await phone.record(expected.task);
    const drafts = await store.drafts();
    const documents = ["task", "enterprise", "form", "law"].map((kind) => store.documents(kind));
    const [account] = await new Vaults().accounts();

    expect(account).toMatchObject({ login: expected.login, name: expected.name });
    expect([record.view, await itemsOf(record)]).toEqual([expected.view, expected.items]);
    expect(await new Vaults().device()).toMatchObject({ label: expected.label });
    expect(drafts).toEqual(Object.keys(expected.drafts));
    for (const [draft, content] of Object.entries(expected.drafts)) {
      expect(base64(await store.draftBytes(draft))).toBe(content);
    }
    expect((await Promise.all(documents)).flat().map((one) => one.id)).toEqual(expected.documents);
    for (const [photo, part] of Object.entries(expected.parts)) {
      expect(base64(await store.parts(photo))).toBe(part);
    }
    expect(store.damagedRows).toEqual([]);
  });

  test("has its entries and photos byte for byte, and goes on with them", async () => {
    const phone = await unlocked(kept);
    await phone.note(expected.task, "升级后填写");
    const rows = await phone.entries();
    const before = rows.slice(0, -1);
    const added = parse(rows.at(-1)?.content ?? new Uint8Array());
    const mine = before.filter((row) => row.replica === added.replica);
    const keys = await phone.store.keys();

    expect(
      before.map(({ hash, replica, signature, ackedEpoch }) => {
        return { hash, replica, acknowledged: ackedEpoch !== "", signature: base64(signature) };
      }),
    ).toEqual(expected.entries);
    for (const { hash, replica, content, signature } of rows) {
      expect(await sha256Hex(content)).toBe(hash);
      expect(await verify(keys.get(replica) ?? new Uint8Array(), content, signature)).toBe(true);
    }
    expect([added.prev, added.seq]).toEqual([mine.at(-1)?.hash, mine.length + 1]);
    expect(expected.photos.length).toBeGreaterThan(0);
    for (const photo of expected.photos) {
      expect(await sha256Hex(await phone.photo(photo))).toBe(photo);
    }
  });

  test("delivers all of it, and a receipt covers it", async () => {
    const phone = await unlocked(kept);
    const server = await emptied(kept);
    const unsent = await uncovered(phone.store);
    const { fetch } = server;
    const options = { fetch, unixNow: () => SERVER_SECONDS, mayUpload: () => true };
    const { problems, complete } = await sync({ store: phone.store }, options);
    const hashes = expected.entries.map(({ hash }) => hash);

    expect([...unsent.own, ...unsent.partners].length).toBeGreaterThan(0);
    expect([problems, complete]).toEqual([[], true]);
    expect([...server.journal.rows.keys()].sort()).toEqual(hashes.sort());
    expect([...server.journal.files.keys()].sort()).toEqual([...expected.photos].sort());
    expect(await uncovered(phone.store)).toEqual({ own: [], partners: [], photos: [] });
  });

  test("is built as today's program builds it, once that has opened it", async () => {
    const phone = await unlocked(kept);
    const id = phone.store.vault;
    const names = [vaultName(id), "inspect-phone"];
    const found = await Promise.all(names.map(shapeNow));
    const fresh = [vault("fresh"), registry()];
    globalThis.indexedDB = new IDBFactory();
    for (const database of fresh) await database.read([], async () => undefined).catch(() => null);

    expect(found).toEqual(await Promise.all([vaultName("fresh"), names[1] ?? ""].map(shapeNow)));
  });
});

async function shapeNow(name: string): Promise<Shape> {
  const db = await opened(indexedDB.open(name));
  const shape = shapeOf(db);
  db.close();
  return shape;
}

/** What a program keeps, whatever stands in it: stores, the fields of their rows, settings. */
function kindsOf({ databases }: Shipped): unknown {
  return Object.entries(databases)
    .sort(([one], [other]) => one.length - other.length) // the account's has an id in its name
    .map(([, { version, stores, rows }]) => {
      const fields = Object.entries(rows).map(([store, all]) => {
        const named = all.map((row) => fieldsOf(store, row as Readonly<Record<string, unknown>>));
        return [store, [...new Set(named)].sort()] as const;
      });
      return { version, stores, fields: Object.fromEntries(fields) };
    });
}

function fieldsOf(store: string, row: Readonly<Record<string, unknown>>): string {
  const what = store === "settings" ? String(row["key"]).replace(/[0-9a-f]{64}/, "…") : "";
  const fields = Object.entries(row).map(([name, value]) => {
    const marked = typeof value === "object" && value !== null ? Object.keys(value)[0] : "";
    return `${name}: ${typeof value}${String(marked).startsWith("$") ? marked : ""}`;
  });
  return [what, ...fields.sort()].join(", ");
}

test("the newest stored phone holds what today's program writes: else write one", async () => {
  const newest = shipped(RELEASES.at(-1) ?? "");

  expect(kindsOf(await written())).toEqual(kindsOf(newest));
  for (const { rows } of Object.values(newest.databases)) {
    expect(Object.keys(rows).filter((store) => rows[store]?.length === 0)).toEqual([]);
  }
});
