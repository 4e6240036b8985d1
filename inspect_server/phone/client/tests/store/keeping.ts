/** Stores for tests: fresh databases, accounts without the slow derivation of a key, receipts. */

import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach } from "vitest";
import { base64, hex, utf8 } from "../../src/core/bytes.ts";
import { canonical } from "../../src/core/canonical.ts";
import { build } from "../../src/core/entries.ts";
import type { Entry, Op } from "../../src/core/entries.ts";
import { uuid7 } from "../../src/core/ids.ts";
import { newKey, sign } from "../../src/core/keys.ts";
import { LocalStore } from "../../src/store/local.ts";
import type { LocalReplica } from "../../src/store/local.ts";
import { vault } from "../../src/store/schema.ts";
import { Sealer } from "../../src/store/sealing.ts";

export const TASK = "0198aaaa-0000-4000-8000-000000000001";
export const OTHER_TASK = "0198aaaa-0000-4000-8000-000000000002";
export const ENTERPRISE = "0198eeee-0000-4000-8000-000000000001";
export const EPOCH = "0198ffff-0000-4000-8000-000000000001";
export const DEVICE = "0198bbbb-0000-4000-8000-000000000001";
export const FORM = "dust@1";
const DAY_MS = 24 * 60 * 60 * 1000;

/** Give every test of a file its own empty browser. */
export function emptyBrowser(): void {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });
}

export interface Account {
  readonly id: string;
  readonly key: CryptoKey;
  readonly user: string;
}

/** Return an account that is not in the registry. */
export async function account(number = 1): Promise<Account> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  return { id: crypto.randomUUID(), key, user: `0198cccc-0000-4000-8000-00000000000${number}` };
}

/** Open a window of an account; the first one may write. */
export async function windowOf(of: Account): Promise<LocalStore> {
  const store = new LocalStore(of.id, vault(of.id), new Sealer(of.key));
  await store.writing.begin();
  return store;
}

/** Return an open account with a replica, a user, and one task in view. */
export async function enrolled(of: Account): Promise<LocalStore> {
  const store = await windowOf(of);
  await store.addReplica(await newKey(), {
    user: of.user,
    officer: of.user.replace("cccc", "dddd"),
    device: DEVICE,
    epoch: EPOCH,
    token: "secret-token",
    server_time: "2026-03-02T01:00:00Z",
  });
  return store;
}

/** Put documents into view, as a pull does. */
export async function show(
  store: LocalStore,
  documents: Readonly<Record<string, unknown>>,
  scope = "law",
): Promise<void> {
  const rows = Object.entries(documents).map(([id, body], pos) => {
    const kind = id.split("/", 1)[0] as string;
    return [{ id, scope, kind, ver: 1, pos, body }, false] as const;
  });
  await store.clearStaging();
  await store.stage(rows, []);
  await store.flip({ fresh: false, settings: { cursor: "c1" } });
}

/** Return the replica in use. */
export async function inUse(store: LocalStore): Promise<LocalReplica> {
  return (await store.replicas()).at(-1) as LocalReplica;
}

/** Return the next entry of a chain, signed. */
export async function entryOf(
  replica: LocalReplica,
  user: string,
  ops: readonly Op[],
  task = TASK,
): Promise<{ entry: Entry; content: Uint8Array; signature: Uint8Array; hlc: string }> {
  const seq = replica.uptoSeq + 1;
  const hlc = `${String(1772413200000 + seq).padStart(13, "0")}-0000-${replica.id.slice(0, 8)}`;
  const entry: Entry = {
    v: 1,
    replica: replica.id,
    seq,
    prev: replica.headHash,
    device: DEVICE,
    user,
    assignment: task,
    form: FORM,
    hlc,
    wall: "2026-03-02T09:00:00.000+08:00",
    tz: "Asia/Shanghai",
    mono: seq,
    boot: "boot-1",
    last_server_time: "",
    ops,
  };
  const content = build(entry);
  return { entry, content, signature: await sign(replica.key, content), hlc };
}

/** Save a note in an entry of its own, as `Saving` does; return its hash. */
export async function saveNote(
  store: LocalStore,
  user: string,
  text: string,
  task = TASK,
): Promise<string> {
  const replica = await inUse(store);
  const item = `note/${uuid7(Date.now())}`;
  const op = { type: "note.add", item, parents: [], value: { text } };
  const { content, signature, hlc } = await entryOf(replica, user, [op], task);
  return await store.addOwn({ replica, content, signature, hlc, task }, () => Promise.resolve());
}

export interface Covering {
  readonly daysAgo?: number;
  readonly epoch?: string;
  readonly afterSeq?: number;
  readonly spoilt?: boolean;
  readonly of?: Partial<LocalReplica>; // another chain than the phone's
}

/** A server that signs receipts, by a key that the phone has pinned. */
export class Receipts {
  readonly #pair: CryptoKeyPair;

  private constructor(pair: CryptoKeyPair) {
    this.#pair = pair;
  }

  static async pinnedBy(store: LocalStore): Promise<Receipts> {
    const how = { name: "Ed25519" };
    const pair = (await crypto.subtle.generateKey(how, false, ["sign", "verify"])) as CryptoKeyPair;
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    await store.put({ server_keys: JSON.stringify({ k1: hex(raw) }) });
    return new Receipts(pair);
  }

  /** Acknowledge everything that is there, and give a receipt for the head of the last replica. */
  async cover(
    store: LocalStore,
    options: Covering = {},
  ): Promise<void> {
    const { daysAgo = 0, epoch = EPOCH, afterSeq = 0, spoilt = false } = options;
    const replica = { ...(await inUse(store)), ...options.of };
    const places = await store.places();
    const results = places.map(({ hash }) => ({ hash, effect: "applied", reason: "" }));
    await store.acknowledge(epoch, results);
    const now = Date.parse(await store.get("server_time"));
    const said = {
      v: 1,
      epoch,
      replica: replica.id,
      upto_seq: replica.uptoSeq,
      head_hash: replica.headHash,
      entry_count: replica.uptoSeq - afterSeq,
      blob_root: "0".repeat(64),
      effects: { applied: replica.uptoSeq - afterSeq },
      log_pos: 9,
      log_root: "0".repeat(64),
      time: new Date(now - daysAgo * DAY_MS).toISOString(),
      kid: "k1",
      ...(afterSeq > 0 && { after_seq: afterSeq }),
    };
    const content = utf8(canonical(said));
    const signed = utf8(`inspect-sync receipt v1\n${canonical(said)}`);
    const signature = new Uint8Array(
      await crypto.subtle.sign("Ed25519", this.#pair.privateKey, signed),
    );
    if (spoilt) signature[0] = (signature[0] as number) ^ 1;
    const { id, uptoSeq, headHash } = replica;
    const kept = { replica: id, epoch, uptoSeq, headHash, logPos: 9 };
    await store.addReceipt({ ...kept, content, signature, kid: "k1" });
  }
}

/** Return everything that lies in a database, as text, bytes in base64. */
export async function dumped(name: string): Promise<string> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found: Record<string, unknown> = {};
  for (const store of [...db.objectStoreNames]) {
    found[store] = await new Promise((resolve, reject) => {
      const request = db.transaction(store).objectStore(store).getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
  db.close();
  return JSON.stringify(found, (_, value: unknown) =>
    value instanceof Uint8Array ? `base64:${base64(value)}` : value,
  );
}

/** Change the rows of a store behind the phone's back. */
export async function tamper<T>(
  name: string,
  store: string,
  change: (rows: T[]) => readonly T[],
): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  await new Promise<void>((resolve, reject) => {
    const tx = db.transaction(store, "readwrite");
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
    const rows = tx.objectStore(store).getAll();
    rows.onsuccess = () => {
      for (const row of change(rows.result as T[])) tx.objectStore(store).put(row);
    };
  });
  db.close();
}

/** Flip one bit of sealed bytes. */
export function spoilt<T extends { readonly sealed: Uint8Array }>(row: T, at = 20): T {
  const sealed = row.sealed.slice();
  sealed[at] = (sealed[at] as number) ^ 1;
  return { ...row, sealed };
}
