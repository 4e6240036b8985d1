/** A phone for tests: a real store on a database in memory, and entries made by hand. */

import { vi } from "vitest";
import { build, entryHash } from "../../src/core/entries.ts";
import type { Op } from "../../src/core/entries.ts";
import { newKey, sign } from "../../src/core/keys.ts";
import { enrol } from "../../src/network/enrolment.ts";
import { sync } from "../../src/network/syncing.ts";
import type { SyncOptions, SyncReport } from "../../src/network/syncing.ts";
import { LocalStore } from "../../src/store/local.ts";
import type { LocalReplica } from "../../src/store/local.ts";
import type { Changing } from "../../src/store/database.ts";
import { vault } from "../../src/store/schema.ts";
import type { EntryRow, PieceRow, VaultSchema } from "../../src/store/schema.ts";
import { Sealer } from "../../src/store/sealing.ts";
import { SERVER_SECONDS, Server } from "./server/server.ts";

vi.setConfig({ testTimeout: 60_000 }); // a busy machine is slow, and no failure

export const TASK = "0198aaaa-0000-4000-8000-000000000001";
const USER = "0198cccc-0000-4000-8000-000000000001";
const STORAGE = { persisted: true, installed: false, quota: 5_000_000_000 };

/** A phone, its server, and the network between them. */
export class Hand {
  readonly server: Server;
  readonly vaultId: string;
  store: LocalStore;
  readonly waits: number[] = [];
  readonly #key: CryptoKey;

  private constructor(server: Server, vaultId: string, key: CryptoKey) {
    [this.server, this.vaultId, this.#key] = [server, vaultId, key];
    this.store = new LocalStore(vaultId, vault(vaultId), new Sealer(key));
  }

  /** Return a phone that is not enrolled yet. */
  static async fresh(server = new Server()): Promise<Hand> {
    server.users.set("lead", USER);
    const how = { name: "AES-GCM", length: 256 };
    const key = await crypto.subtle.generateKey(how, false, ["encrypt", "decrypt"]);
    const hand = new Hand(server, crypto.randomUUID(), key);
    await hand.store.writing.begin();
    await hand.store.addReplica(await newKey());
    return hand;
  }

  /** Return one that is enrolled and has pulled its task. */
  static async enrolled(server = new Server()): Promise<Hand> {
    const hand = await Hand.fresh(server);
    const body = { id: TASK, form_set: "dust@1", team: [] };
    if (server.journal.documents.size === 0) {
      server.journal.publish(`task/${TASK}`, `inspection/${TASK}`, "task", body);
    }
    await hand.enrol();
    await hand.sync();
    server.seen.length = 0;
    return hand;
  }

  enrol(login = "lead", password = login): ReturnType<typeof enrol> {
    const { fetch } = this.server;
    const storage = (): Promise<typeof STORAGE> => Promise.resolve(STORAGE);
    const options = { fetch, storage, unixNow: () => SERVER_SECONDS };
    return enrol(this.store, { login, password, label: "测试机" }, options);
  }

  sync(options: Partial<SyncOptions> = {}): Promise<SyncReport> {
    return sync(this, {
      fetch: this.server.fetch,
      mayUpload: () => true,
      unixNow: () => SERVER_SECONDS,
      backoff: [0.1, 0.2],
      pause: (seconds) => {
        this.waits.push(seconds);
        return Promise.resolve();
      },
      ...options,
    });
  }

  /** Close the app and open it again. */
  async restart(): Promise<void> {
    this.store.close();
    await new Promise((resolve) => setTimeout(resolve, 5)); // the lock is given back
    this.store = new LocalStore(this.vaultId, vault(this.vaultId), new Sealer(this.#key));
    await this.store.writing.begin();
  }

  async replica(): Promise<LocalReplica> {
    return (await this.store.replicas()).at(-1) as LocalReplica;
  }

  /** Save an entry of one note. */
  note(text: string): Promise<string> {
    const value = { text };
    return this.save({ type: "note.add", item: `note/${uuid7()}`, parents: [], value });
  }

  /** Save notes one after the other. */
  async notes(...texts: readonly string[]): Promise<readonly string[]> {
    const hashes: string[] = [];
    for (const text of texts) hashes.push(await this.note(text));
    return hashes;
  }

  /** Save a photo and the entry that cites it; return its hash. */
  async photo(content: Uint8Array): Promise<string> {
    const name = await this.store.addBlob(content, (await this.replica()).id);
    const value = {
      sha256: name,
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
    const op = { type: "photo.add", item: `photo/${uuid7()}`, parents: [], value, blob: name };
    await this.save(op);
    return name;
  }

  async save(op: Op): Promise<string> {
    const { content, signature, hlc, replica } = await this.signed(op);
    return await this.store.addOwn({ replica, content, signature, hlc, task: TASK });
  }

  /** Return an entry that follows the last one, signed and not kept. */
  async signed(op: Op): Promise<{
    content: Uint8Array;
    signature: Uint8Array;
    hlc: string;
    hash: string;
    replica: LocalReplica;
  }> {
    const replica = await this.replica();
    const counter = replica.uptoSeq.toString(16).padStart(4, "0");
    const hlc = `1772413200000-${counter}-${replica.id.slice(0, 8)}`;
    const content = build({
      v: 1,
      replica: replica.id,
      seq: replica.uptoSeq + 1,
      prev: replica.headHash,
      device: "0198bbbb-0000-4000-8000-000000000001",
      user: USER,
      assignment: TASK,
      form: "dust@1",
      hlc,
      wall: "2026-03-02T09:00:00.000+08:00",
      tz: "Asia/Shanghai",
      mono: 1,
      boot: "boot-1",
      last_server_time: "",
      ops: [op],
    });
    const signature = await sign(replica.key, content);
    return { content, signature, hlc, hash: await entryHash(content), replica };
  }

  /** Remove entries, as a phone may 30 days after a receipt. */
  async forget(hashes: readonly string[]): Promise<void> {
    await this.#rows(async (rows, tx) => {
      for (const { hash, number } of rows) {
        if (hashes.includes(hash)) await tx.objectStore("entries").delete(number as number);
      }
    });
  }

  /** Something happens to an entry's bytes in the database. */
  async spoilEntry(seq: number): Promise<void> {
    await this.#rows(async (rows, tx) => {
      const row = rows.find((one) => one.seq === seq) as EntryRow;
      await tx.objectStore("entries").put({ ...row, sealed: row.sealed.slice(0, 50) });
    });
  }

  /** Something happens to a photo's bytes in the database. */
  async spoilPhoto(name: string): Promise<void> {
    await vault(this.vaultId).change(["pieces"], async (tx) => {
      const row = (await tx.objectStore("pieces").get([name, 0])) as PieceRow;
      await tx.objectStore("pieces").put({ ...row, sealed: row.sealed.map((byte) => byte ^ 1) });
    });
  }

  /** A copy of this phone delivers an entry of its own. */
  async forkedAway(text: string): Promise<void> {
    const value = { text };
    const op = { type: "note.add", item: `note/${uuid7()}`, parents: [], value };
    await this.server.journal.take((await this.signed(op)).content);
  }

  /** Take in what a partner's phone exported, its entries from the given one on. */
  async takeIn(partner: Hand, first = 1): Promise<number> {
    const { id, publicKey } = await partner.replica();
    const entries = (await partner.store.entries()).filter(({ seq }) => seq >= first);
    return await this.store.addPartners(entries, new Map([[id, publicKey]]));
  }

  async #rows(
    change: (rows: readonly EntryRow[], tx: Changing<VaultSchema>) => Promise<void>,
  ): Promise<void> {
    await vault(this.vaultId).change(["entries"], async (tx) => {
      await change(await tx.objectStore("entries").getAll(), tx);
    });
  }

  /** Return seqs of this phone's replica that the server has. */
  async stored(): Promise<readonly number[]> {
    const { id } = await this.replica();
    return this.server.journal
      .of(id)
      .map(({ seq }) => seq)
      .sort((one, other) => one - other);
  }

  /** Return whether everything that the phone takes for acknowledged is with the server. */
  async isHonest(): Promise<boolean> {
    const { epoch, rows } = this.server.journal;
    const places = await this.store.places();
    return places.every(({ ackedEpoch, hash }) => ackedEpoch !== epoch || rows.has(hash));
  }
}

/** Wait until what a test expects has come. */
export function eventually(expected: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(expected, { timeout: 30_000 });
}

let last = 0;

function uuid7(): string {
  last += 1;
  return `0198dddd-0000-7000-8000-${last.toString(16).padStart(12, "0")}`;
}

/** Return bytes of this length that no repetition can hide a mistake in. */
export function picture(length: number, seed = 1): Uint8Array {
  const content = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    content[at] = state >>> 24;
  }
  content.set([0xff, 0xd8, 0xff]);
  return content;
}
