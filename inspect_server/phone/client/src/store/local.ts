/**
 * Everything that one account keeps on this phone: typed access, no rules.
 *
 * Entries and photos are only ever added; what removes them, under a receipt, is
 * `leaving/removal.ts`.
 * Whatever needs crypto is done before a transaction opens, which then awaits nothing foreign.
 */

import { concat } from "../core/bytes.ts";
import { sha256Hex } from "../core/digests.ts";
import { parse } from "../core/entries.ts";
import type { Op } from "../core/entries.ts";
import { newReplicaRow } from "./keeping.ts";
import { removePhoto } from "./photos.ts";
import { StaleHead } from "./problems.ts";
import { Pulled } from "./pulled.ts";
import { EVERYTHING, notStorage, putAll } from "./rows.ts";
import type { EntryRow, ReceiptRow, ReplicaRow, RestRow } from "./schema.ts";

export type { LocalDocument } from "./pulled.ts";

/** One of the phone's own replicas; the one with the highest ordinal is in use. */
export type LocalReplica = ReplicaRow;

/** An entry on the phone, its own or its partner's, and what the server made of it. */
export interface LocalEntry {
  readonly hash: string;
  readonly replica: string;
  readonly seq: number;
  readonly task: string;
  readonly content: Uint8Array; // of a damaged one empty, like its signature
  readonly signature: Uint8Array;
  readonly ackedEpoch: string; // empty until a server acknowledged it
  readonly effect: string;
  readonly reason: string;
}

/** What is known of an entry without unsealing it. */
export type EntryPlace = Omit<EntryRow, "sealed" | "isLong" | "number">;

/** An own entry about to be saved. */
export interface OwnEntry {
  readonly replica: LocalReplica; // as it was when the entry was built
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
  readonly hlc: string;
  readonly task: string;
  readonly ops?: readonly Op[]; // of its content, where somebody has them at hand
}

/** What a server made of an entry. */
export interface Acknowledged {
  readonly hash: string;
  readonly effect: string;
  readonly reason: string;
}

/** A receipt as it was signed, and what it says. */
export type LocalReceipt = Omit<ReceiptRow, "number">;

type NewEntry = Pick<LocalEntry, "replica" | "seq" | "task" | "content" | "signature"> & {
  readonly ops?: readonly Op[];
};

const SIGNATURE_BYTES = 64;
/**
 * Sealed bytes that lie in an entry's own row. Browsers keep values above 64 KiB in files of their
 * own; one that is lost must not take along what is known of an entry, or the reading of others.
 */
const INLINE_BYTES = 48 * 1024;

/** The places of entries, in memory: there are thousands, and they are counted after each tap. */
class Places {
  #known: readonly EntryPlace[] | null = null;
  #last = 0;
  #changes = 0;

  /** Return them if they are as many as there are. */
  get(count: number): readonly EntryPlace[] | null {
    return this.#known?.length === count ? this.#known : null;
  }

  /** Return them as they are read, and keep them unless something changed meanwhile. */
  async renewed(read: () => Promise<readonly EntryRow[]>): Promise<readonly EntryPlace[]> {
    const changes = this.#changes;
    const rows = await read();
    const places = rows.map(placeOf);
    if (changes === this.#changes) {
      this.#last = rows.at(-1)?.number ?? 0;
      this.#known = places;
    }
    return places;
  }

  add(row: EntryRow): void {
    this.#changes += 1;
    if (this.#known === null || (row.number as number) <= this.#last) return;
    this.#last = row.number as number;
    this.#known = [...this.#known, placeOf(row)];
  }

  forget(): void {
    this.#changes += 1;
    this.#known = null;
  }
}

/** Typed access to one account's database. */
export class LocalStore extends Pulled {
  readonly #places = new Places();

  constructor(...given: ConstructorParameters<typeof Pulled>) {
    super(...given);
    this.onChange((_, isKnown) => {
      if (!isKnown) this.#places.forget();
    });
  }

  // --- replicas -------------------------------------------------------------------------------

  /**
   * Add a replica and use it from now on; settings change with it.
   *
   * @throws KeysNotKept if this browser does not keep its key so that it signs again.
   */
  async addReplica(
    pair: CryptoKeyPair,
    values: Readonly<Record<string, string>> = {},
  ): Promise<LocalReplica> {
    this.writing.check();
    const ordinal = Math.max(0, ...(await this.replicas()).map((one) => one.ordinal)) + 1;
    const row = await newReplicaRow(this.db, ordinal, pair);
    const settings = await this.settingRows(values);
    await this.change(["replicas", "settings"], async (tx) => {
      await tx.objectStore("replicas").put(row);
      await putAll(tx, "settings", settings);
    });
    return row;
  }

  /** Return the phone's own replicas; the last is in use. */
  async replicas(): Promise<readonly LocalReplica[]> {
    const rows = await this.read(["replicas"], (tx) => tx.objectStore("replicas").getAll());
    return rows.filter((row) => row.ordinal > 0).sort((one, other) => one.ordinal - other.ordinal);
  }

  /** Remember a partner's key. */
  async addKey(replica: string, publicKey: Uint8Array): Promise<void> {
    const row = { replica, publicKey: concat(publicKey) };
    await this.change(["keys"], (tx) => tx.objectStore("keys").put(row));
  }

  /** Return the raw public key of every replica whose entries are here. */
  async keys(): Promise<ReadonlyMap<string, Uint8Array>> {
    const partners = await this.read(["keys"], (tx) => tx.objectStore("keys").getAll());
    const known = new Map(partners.map((row) => [row.replica, row.publicKey]));
    for (const own of await this.replicas()) known.set(own.id, own.publicKey);
    return known;
  }

  // --- entries --------------------------------------------------------------------------------

  /**
   * Save an own entry: its bytes, its place, the chain's head and the clock in one transaction.
   *
   * @param shown Shows it in this window, before anybody is told of it.
   * @throws StaleHead if the head is no longer that of `replica`; nothing was saved.
   */
  async addOwn(save: OwnEntry, shown?: (hash: string) => Promise<void>): Promise<string> {
    const { replica, task } = save;
    const seq = replica.uptoSeq + 1;
    const { row, rest, items } = await this.#sealedRow({ ...save, replica: replica.id, seq });
    const settings = await this.settingRows({ hlc: save.hlc });
    const number = await this.change(["replicas", "entries", "rests", "settings"], async (tx) => {
      const stored = await tx.objectStore("replicas").get(replica.id);
      if (stored?.uptoSeq !== replica.uptoSeq || stored.headHash !== replica.headHash) {
        throw new StaleHead();
      }
      const added = await tx.objectStore("entries").add(row);
      await tx.objectStore("replicas").put({ ...stored, uptoSeq: seq, headHash: row.hash });
      await putAll(tx, "rests", rest);
      await putAll(tx, "settings", settings);
      return added;
    });
    this.#places.add({ ...row, number });
    await shown?.(row.hash);
    this.tell({ task, items }, shown !== undefined);
    return row.hash;
  }

  /**
   * Add a partner's entries with their keys, all of them or none; return how many were new.
   */
  async addPartners(
    entries: readonly LocalEntry[],
    keys: ReadonlyMap<string, Uint8Array>,
  ): Promise<number> {
    const sealed = await Promise.all(entries.map((one) => this.#sealedRow(one)));
    const added = await this.change(["entries", "rests", "keys"], async (tx) => {
      let count = 0;
      for (const [replica, publicKey] of keys) {
        await tx.objectStore("keys").put({ replica, publicKey: concat(publicKey) });
      }
      for (const { row, rest } of sealed) {
        if (await tx.objectStore("entries").index("hash").getKey(row.hash)) continue;
        await tx.objectStore("entries").add(row);
        await putAll(tx, "rests", rest);
        count += 1;
      }
      return count;
    });
    if (added > 0) this.tell(EVERYTHING);
    return added;
  }

  /** Return every entry that is whole, in the order in which they came to the phone. */
  async entries(): Promise<readonly LocalEntry[]> {
    return (await this.#opened(await this.#rows())).filter(isWhole);
  }

  /** Return the whole entries of one task. */
  async entriesOf(task: string): Promise<readonly LocalEntry[]> {
    const rows = await this.read(["entries"], (tx) =>
      tx.objectStore("entries").index("task").getAll(task),
    );
    return (await this.#opened(rows)).filter(isWhole);
  }

  /** Return one entry by its hash, if it is here and whole. */
  async entry(hash: string): Promise<LocalEntry | null> {
    const row = await this.read(["entries"], (tx) =>
      tx.objectStore("entries").index("hash").get(hash),
    );
    const [opened] = await this.#opened(row ? [row] : []);
    return opened && isWhole(opened) ? opened : null;
  }

  /** Return the entries whose bytes are no longer those that were signed. */
  async damaged(): Promise<readonly LocalEntry[]> {
    return (await this.#opened(await this.#rows())).filter((entry) => !isWhole(entry));
  }

  /** Return what is known of every entry without unsealing any, in the order of coming. */
  async places(): Promise<readonly EntryPlace[]> {
    const count = await this.read(["entries"], (tx) => tx.objectStore("entries").count());
    return this.#places.get(count) ?? (await this.#places.renewed(() => this.#rows()));
  }

  /** Return the hash of an entry by its place, empty when it is not here. */
  async hashAt(replica: string, seq: number): Promise<string> {
    const row = await this.read(["entries"], (tx) =>
      tx.objectStore("entries").index("place").get([replica, seq]),
    );
    return row?.hash ?? "";
  }

  /** Return the seq before the first own entry that is still here; 0 when none was removed. */
  async removedUpto(replica: string): Promise<number> {
    return await this.read(["entries", "replicas"], async (tx) => {
      const range = IDBKeyRange.bound([replica, 0], [replica, Number.MAX_SAFE_INTEGER]);
      const first = await tx.objectStore("entries").index("place").openKeyCursor(range);
      if (first) return first.key[1] - 1;
      return (await tx.objectStore("replicas").get(replica))?.uptoSeq ?? 0;
    });
  }

  /** Note what the server of this epoch made of entries; settings change with it. */
  async acknowledge(
    epoch: string,
    results: Iterable<Acknowledged>,
    values: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const settings = await this.settingRows(values);
    const isShown = await this.change(["entries", "settings"], async (tx) => {
      let changed = false;
      for (const { hash, effect, reason } of results) {
        const row = await tx.objectStore("entries").index("hash").get(hash);
        if (!row) continue;
        changed ||= row.effect !== effect || row.reason !== reason || row.ackedEpoch !== epoch;
        await tx.objectStore("entries").put({ ...row, ackedEpoch: epoch, effect, reason });
      }
      await putAll(tx, "settings", settings);
      return changed;
    });
    if (isShown) this.tell(EVERYTHING);
  }

  /** Remove own entries up to a seq, and the photos that nothing else cites, as decided there. */
  async removeUpto(replica: string, seq: number): Promise<{ entries: number; photos: number }> {
    const removed = await this.change(["entries", "rests", "photos", "pieces"], async (tx) => {
      const entries = tx.objectStore("entries");
      const range = IDBKeyRange.bound([replica, 0], [replica, seq]);
      const rows = await entries.index("place").getAll(range);
      for (const row of rows) {
        await entries.delete(row.number as number);
        await tx.objectStore("rests").delete(row.hash);
      }
      let photos = 0;
      for (const sha256 of new Set(rows.flatMap((row) => row.blobs))) {
        if ((await entries.index("blobs").count(sha256)) > 0) continue;
        photos += await tx.objectStore("photos").count(sha256);
        await removePhoto(tx, sha256);
      }
      return { entries: rows.length, photos };
    });
    this.#places.forget();
    return removed;
  }

  // --- receipts -------------------------------------------------------------------------------

  /** Keep a verified receipt; one to the same end of the same epoch gives way. */
  async addReceipt(receipt: LocalReceipt): Promise<void> {
    const { replica, epoch, uptoSeq } = receipt;
    await this.change(["receipts"], async (tx) => {
      const store = tx.objectStore("receipts");
      const before = await store.index("place").getKey([replica, epoch, uptoSeq]);
      if (before !== undefined) await store.delete(before);
      await store.add(receipt);
    });
    this.tell(EVERYTHING);
  }

  /** Return the log position of the receipt for the head of a replica, -1 when there is none. */
  async receiptPos(replica: string, epoch: string, headHash: string): Promise<number> {
    const upto = await this.read(["replicas"], (tx) => tx.objectStore("replicas").get(replica));
    if (upto?.headHash !== headHash) return -1;
    const found = await this.read(["receipts"], (tx) =>
      tx.objectStore("receipts").index("place").get([replica, epoch, upto.uptoSeq]),
    );
    return found?.headHash === headHash ? found.logPos : -1;
  }

  /** Return the newest receipt up to exactly this entry. */
  async receiptAt(replica: string, uptoSeq: number): Promise<LocalReceipt | null> {
    const rows = await this.read(["receipts"], (tx) =>
      tx.objectStore("receipts").index("end").getAll([replica, uptoSeq]),
    );
    return rows.at(-1) ?? null;
  }

  /** Return every receipt, oldest first. */
  async receipts(): Promise<readonly LocalReceipt[]> {
    return await this.read(["receipts"], (tx) => tx.objectStore("receipts").getAll());
  }

  // --- inside ---------------------------------------------------------------------------------

  async #rows(): Promise<EntryRow[]> {
    return await this.read(["entries"], (tx) => tx.objectStore("entries").getAll());
  }

  async #sealedRow(
    entry: NewEntry,
  ): Promise<{ row: EntryRow; rest: readonly RestRow[]; items: readonly string[] }> {
    const { replica, seq, task, content, signature, ops = parse(content).ops } = entry;
    const hash = await sha256Hex(content);
    const sealed = await this.sealer.seal("entries", hash, concat(signature, content));
    const blobs = [...new Set(ops.flatMap((op) => op.blob ?? []))];
    const items = [...new Set(ops.map((op) => op.item))];
    const untold = { ackedEpoch: "", effect: "", reason: "" };
    const isLong = sealed.length > INLINE_BYTES;
    const rest = isLong ? [{ hash, rest: sealed.slice(INLINE_BYTES) }] : [];
    const kept = { sealed: sealed.slice(0, INLINE_BYTES), isLong };
    return { row: { hash, replica, seq, task, blobs, ...kept, ...untold }, rest, items };
  }

  async #opened(rows: readonly EntryRow[]): Promise<LocalEntry[]> {
    return await Promise.all(rows.map((row) => this.#open(row)));
  }

  async #rest(hash: string): Promise<Uint8Array> {
    const read = this.read(["rests"], (tx) => tx.objectStore("rests").get(hash));
    return (await read.catch(notStorage))?.rest ?? new Uint8Array();
  }

  /** Return an entry unsealed; if it is not what its hash names, without bytes. */
  async #open(row: EntryRow): Promise<LocalEntry> {
    const { hash, replica, seq, task, ackedEpoch, effect, reason } = row;
    const place = { hash, replica, seq, task, ackedEpoch, effect, reason };
    const sealed = row.isLong ? concat(row.sealed, await this.#rest(hash)) : row.sealed;
    const opened = (await this.unsealed("entries", hash, sealed)) ?? new Uint8Array();
    const content = opened.subarray(SIGNATURE_BYTES);
    if (content.length > 0 && (await sha256Hex(content)) === hash) {
      return { ...place, content, signature: opened.subarray(0, SIGNATURE_BYTES) };
    }
    this.noteDamage("entries", hash);
    return { ...place, content: new Uint8Array(), signature: new Uint8Array() };
  }
}

function placeOf({ sealed: _, isLong: __, number: ___, ...place }: EntryRow): EntryPlace {
  return place;
}

function isWhole(entry: LocalEntry): boolean {
  return entry.content.length > 0;
}
