/** The way up of one replica: everything that the server lacks, in the order of capture. */

import { base64 } from "../core/bytes.ts";
import type { EntryPlace, LocalEntry, LocalReplica, LocalStore } from "../store/local.ts";
import { RemoteProblem } from "./asking/failures.ts";
import { PATHS, isPushReply } from "./asking/messages.ts";
import type { PushReply, ReceiptReply, StateReply } from "./asking/messages.ts";
import type { Patience } from "./asking/waiting.ts";
import { timeTold } from "./asking/pinning.ts";
import type { Wire } from "./wire.ts";

const BATCH_ENTRIES = 200;
const BATCH_BYTES = 900 * 1024; // before base64 and gzip, so that it stays below 1 MiB as sent
const TOO_LARGE = 413;
const DURABLE: readonly string[] = ["new", "duplicate", "fork"];
const UNKNOWN_EFFECTS: readonly string[] = ["", "held"];

/** An entry that the server keeps and does not count. */
export interface SetAside {
  readonly hash: string;
  readonly reason: string;
}

/** What a sync notes of what it delivers. */
export interface Delivered {
  pushed: number;
  readonly quarantined: SetAside[];
  /** Entries whose clock was more than ten minutes ahead of the server's. */
  readonly early: string[];
  readonly problems: string[];
}

export interface PushingOptions {
  readonly store: LocalStore;
  readonly wire: Wire;
  readonly patience: Patience;
  readonly report: Delivered;
  /** Of every entry on the phone. */
  readonly places: readonly EntryPlace[];
  /** Earlier replicas that the server does not know. */
  readonly forgotten: readonly LocalReplica[];
  /** So many entries are with the server. */
  readonly onDelivered: (count: number) => void;
}

/** What goes with one request, and how many of those that wait it leaves behind. */
interface Batch {
  readonly entries: readonly LocalEntry[];
  readonly taken: number;
}

/** Delivers what one replica carries; entries are read when it is their turn. */
export class Pushing {
  /** Entries that should have gone and are not what they were. */
  readonly damaged = new Map<string, EntryPlace>();
  readonly #of: PushingOptions;
  readonly #replica: LocalReplica;
  readonly #state: StateReply;

  constructor(of: PushingOptions, state: StateReply) {
    this.#of = of;
    this.#replica = of.wire.replica;
    this.#state = state;
  }

  /**
   * Deliver what is pending, all of it where another branch has this replica's place on the server;
   * return the files that are then missing.
   *
   * @param other The head of that branch, empty where there is none.
   * @param carry Whether others' entries go along.
   */
  async run(other: string, carry: boolean): Promise<ReadonlySet<string>> {
    const isOther = other !== "" && !(await this.#isDelivered(other));
    const missing = await this.#all(this.#pending(carry, isOther), await this.#named());
    if (isOther) await this.#of.store.put({ [this.#branch]: other });
    return missing;
  }

  get #branch(): string {
    return `branch:${this.#replica.id}`;
  }

  async #all(
    pending: readonly EntryPlace[],
    receipts: ReadonlyMap<string, ReceiptReply>,
  ): Promise<ReadonlySet<string>> {
    const missing = new Set<string>();
    let [queue, named, limit] = [pending, receipts, BATCH_ENTRIES];
    while (queue.length > 0 || named.size > 0) {
      const { entries, taken } = await this.#batch(queue, limit);
      try {
        if (entries.length + named.size > 0) {
          const reply = await this.#push(entries, named);
          await this.#note(reply, entries);
          for (const name of reply.missing_blobs) missing.add(name);
        }
        [queue, named] = [queue.slice(taken), new Map()];
      } catch (error) {
        if (!(error instanceof RemoteProblem) || error.status !== TOO_LARGE) throw error;
        if (entries.length === 0) throw error;
        if (entries.length === 1) {
          this.#of.report.problems.push("sync.too_large");
          queue = queue.slice(taken); // one entry too large must not hold up the rest
        }
        limit = Math.max(1, Math.floor(entries.length / 2));
      }
    }
    return missing;
  }

  /** Read the next entries; what is damaged is noted and left out. */
  async #batch(queue: readonly EntryPlace[], limit: number): Promise<Batch> {
    const next = queue.slice(0, limit);
    const opened = await Promise.all(next.map(({ hash }) => this.#of.store.entry(hash)));
    const entries: LocalEntry[] = [];
    let size = 0;
    for (const [at, place] of next.entries()) {
      const entry = opened[at];
      size += entry?.content.length ?? 0;
      if (entries.length > 0 && size > BATCH_BYTES) return { entries, taken: at };
      if (entry) entries.push(entry);
      else this.damaged.set(place.hash, place);
    }
    return { entries, taken: next.length };
  }

  /**
   * Return whether all was delivered to that head and is there still: the last of it is sent again.
   *
   * A restore of which nobody told the phones can have put the head back and lost this branch.
   */
  async #isDelivered(other: string): Promise<boolean> {
    if ((await this.#of.store.get(this.#branch)) !== other) return false;
    const { store, places } = this.#of;
    const place = places.findLast(
      ({ replica, ackedEpoch }) => replica === this.#replica.id && ackedEpoch === this.#state.epoch,
    );
    const last = place && (await store.entry(place.hash));
    if (!last) return true;
    const reply = await this.#push([last], new Map());
    return reply.results.every(({ stored }) => stored === "duplicate");
  }

  /**
   * Return, by replica, the receipt for what this phone removed and the server lacks.
   *
   * That of an earlier replica which the server forgot brings its key back; the loss it names
   * itself, in the next sync.
   */
  async #named(): Promise<ReadonlyMap<string, ReceiptReply>> {
    const { store, forgotten } = this.#of;
    const found = new Map<string, ReceiptReply>();
    for (const one of [...forgotten, this.#replica]) {
      const removed = await store.removedUpto(one.id);
      if (one === this.#replica && this.#state.upto_seq >= removed) continue;
      const receipt = await store.receiptAt(one.id, removed);
      if (!receipt) continue;
      const { content, signature, kid } = receipt;
      found.set(one.id, { receipt_b64: base64(content), sig_b64: base64(signature), kid });
    }
    return found;
  }

  /**
   * Return own entries that the server lacks or whose effect is not known, then others'.
   *
   * What an earlier life of the server made of an entry says nothing now: a partner may have
   * brought it again after the record was closed. And `upto_seq` may stand where a receipt stands
   * for entries, which says nothing of those that are here.
   */
  #pending(carry: boolean, whole: boolean): readonly EntryPlace[] {
    const { places: rows } = this.#of;
    const { epoch, upto_seq: upto, lacking = [] } = this.#state;
    const here = new Set(rows.map(({ hash }) => hash));
    const lackedHere = lacking.filter(({ hash }) => here.has(hash));
    const lacked = Math.max(0, ...lackedHere.map(({ seq }) => seq));
    const isUnknown = (row: EntryPlace): boolean =>
      row.ackedEpoch !== epoch || UNKNOWN_EFFECTS.includes(row.effect);
    const own = rows.filter(({ replica }) => replica === this.#replica.id);
    const others = rows.filter(({ replica }) => carry && replica !== this.#replica.id);
    return [
      ...own.filter((row) => whole || isUnknown(row) || row.seq > upto || row.seq <= lacked),
      ...others.filter(isUnknown),
    ];
  }

  async #push(
    batch: readonly LocalEntry[],
    named: ReadonlyMap<string, ReceiptReply>,
  ): Promise<PushReply> {
    const { store, wire, patience } = this.#of;
    const known = await store.keys();
    const others = new Set([...batch.map(({ replica }) => replica), ...named.keys()]);
    others.delete(this.#replica.id);
    const keys = [...others].sort().map((id) => [id, base64(known.get(id) ?? new Uint8Array())]);
    const request = {
      replica: this.#replica.id,
      epoch: this.#state.epoch,
      sent_wall: await store.get("server_time"),
      entries: batch.map((row) => ({ bytes_b64: base64(row.content), sig: base64(row.signature) })),
      keys: Object.fromEntries(keys) as Record<string, string>,
      receipts: [...named.values()],
    };
    return await patience.ask(() => wire.post(PATHS.push, request, isPushReply));
  }

  async #note(reply: PushReply, batch: readonly LocalEntry[]): Promise<void> {
    const { store, report, onDelivered } = this.#of;
    const sent = new Map(batch.map((row) => [row.hash, row]));
    const kept = reply.results.filter(({ stored }) => DURABLE.includes(stored));
    await store.acknowledge(this.#state.epoch, kept, timeTold(reply.server_time));
    report.pushed += kept.length;
    for (const { hash, stored, effect, reason, flags } of reply.results) {
      if (stored === "new" && flags.includes("future_clock")) report.early.push(hash);
      if (effect === "quarantined") report.quarantined.push({ hash, reason });
      if (DURABLE.includes(stored)) continue;
      report.problems.push(`sync.${stored}`);
      const isOwn = sent.get(hash)?.replica === this.#replica.id;
      if (stored === "unverified" && isOwn) await store.put({ forked: this.#replica.id });
    }
    onDelivered(kept.length);
  }
}
