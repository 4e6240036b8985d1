/**
 * One sync of a phone: state, push, files, receipt, pull.
 *
 * It always ends: every wait comes from a finite backoff, every round of pushing acknowledges an
 * entry or makes the batch smaller, every page of a pull brings something new. Nothing is deleted.
 */

import { PhoneError } from "../core/problems.ts";
import type { EntryPlace, LocalReplica, LocalStore } from "../store/local.ts";
import {
  DamagedEntries,
  NotEnrolled,
  RemoteProblem,
  SpoiltPhoto,
  codeOf,
} from "./asking/failures.ts";
import { PATHS, isStateReply } from "./asking/messages.ts";
import type { StateReply } from "./asking/messages.ts";
import { BACKOFF, Patience, pause } from "./asking/waiting.ts";
import type { Pause } from "./asking/waiting.ts";
import { timeTold } from "./asking/pinning.ts";
import { clockNoted } from "./asking/timing.ts";
import { LackedPhotos, Progress, outstanding } from "./progress.ts";
import type { Amounts } from "./progress.ts";
import { Pulling } from "./pulling.ts";
import { Pushing } from "./pushing.ts";
import type { SetAside } from "./pushing.ts";
import { getReceipt, readHeld } from "./asking/receipting.ts";
import type { Held } from "./asking/receipting.ts";
import { LOST_PLACE, Uploading, carried } from "./uploading.ts";
import { Wire, browserFetch, unixNow } from "./wire.ts";
import type { WireOfOptions } from "./wire.ts";

const WRONG_EPOCH = "sync.epoch";
const BLOBS_MISSING = "sync.blobs_missing";
const UNKNOWN_REPLICA = "sync.unknown_replica";
/** Files at once: more of them only share the little that a phone's network gives. */
const PARALLEL = 2;

/** What one sync did. */
export interface SyncReport {
  /** 同步完成: a receipt at the local head, and everything pulled. */
  readonly complete: boolean;
  /** Entries acknowledged, duplicates included. */
  readonly pushed: number;
  /** Files finished. */
  readonly uploaded: number;
  /** Documents put in view. */
  readonly pulled: number;
  readonly requests: number;
  /** This replica was cloned, or its entries do not hold: enrol anew. */
  readonly forked: boolean;
  readonly quarantined: readonly SetAside[];
  /** Hashes of entries written while this phone's clock was more than ten minutes ahead. */
  readonly early: readonly string[];
  /** Hashes of entries that should have gone and changed on the phone. */
  readonly damaged: readonly string[];
  /** Codes in order; empty when all went well. */
  readonly problems: readonly string[];
  /** Photos that wait for a network on which they may be sent. */
  readonly photosWaiting: number;
  /** Seconds by which this phone's clock is ahead of the server's. */
  readonly ahead: number;
}

/** Where a sync stands that is under way. */
type Course = { -readonly [K in keyof SyncReport]: SyncReport[K] } & {
  readonly quarantined: SetAside[];
  readonly early: string[];
  readonly problems: string[];
};

export interface SyncOptions extends WireOfOptions {
  readonly mayUpload: () => boolean;
  readonly pause?: Pause;
  /**
   * Waits between tries of one request that got no answer or 429/503, in seconds. They are finite,
   * so a sync always comes to an end.
   */
  readonly backoff?: readonly number[];
  readonly onProgress?: (amounts: Amounts) => void;
  readonly parallel?: number;
}

/** What a phone lends to a sync. */
export interface Synced {
  readonly store: LocalStore;
}

/** Deliver everything, fetch everything, get a receipt; whatever happens, nothing is deleted. */
export async function sync(phone: Synced, options: SyncOptions): Promise<SyncReport> {
  if ((await phone.store.get("user")) === "") throw new NotEnrolled();
  return await new Syncing(phone.store, options).run();
}

/** The state of one sync. */
class Syncing {
  readonly #store: LocalStore;
  readonly #options: SyncOptions;
  readonly #patience: Patience;
  readonly #progress: Progress;
  readonly #forgotten: LocalReplica[] = []; // earlier ones that the server does not know
  readonly #covered = new Set<string>(); // replicas of which nothing is left to do
  readonly #heads = new Set<string>(); // up to where
  readonly #report: Course = {
    complete: false,
    pushed: 0,
    uploaded: 0,
    pulled: 0,
    requests: 0,
    forked: false,
    quarantined: [],
    early: [],
    damaged: [],
    problems: [],
    photosWaiting: 0,
    ahead: 0,
  };

  constructor(store: LocalStore, options: SyncOptions) {
    this.#store = store;
    this.#options = options;
    const { backoff = BACKOFF, signal } = options;
    this.#patience = new Patience(options.pause ?? pause, backoff, signal);
    this.#progress = new Progress(options.onProgress ?? (() => undefined));
  }

  async run(): Promise<SyncReport> {
    const report = this.#report;
    const replicas = await this.#store.replicas();
    const inUse = replicas.at(-1);
    if (inUse === undefined) throw new NotEnrolled();
    const captured = replicas.filter(({ id, uptoSeq }) => uptoSeq > 0 || id === inUse.id);
    for (const one of captured) await this.#oneReplica(one, one.id === inUse.id);
    report.forked = (await this.#store.get("forked")) === inUse.id;
    const isAll = this.#covered.size === captured.length;
    report.complete = isAll && report.problems.length === 0 && !(await this.#isMore());
    if (!report.complete) return report;
    await this.#store.put({ last_delivered: await this.#store.get("server_time") });
    return report;
  }

  /** Return whether something was captured while all this went on. */
  async #isMore(): Promise<boolean> {
    const heads = (await this.#store.replicas()).map(({ headHash }) => headHash);
    return heads.some((head) => head !== "" && !this.#heads.has(head));
  }

  async #oneReplica(replica: LocalReplica, isLast: boolean): Promise<void> {
    const wire = new Wire({
      fetch: this.#options.fetch ?? browserFetch,
      unixNow: this.#options.unixNow ?? unixNow,
      token: await this.#store.get("token"),
      signal: this.#options.signal,
      replica,
    });
    try {
      await this.#fromTheBeginning(wire, isLast);
    } catch (error) {
      if (!(error instanceof PhoneError)) throw error;
      const code = codeOf(error);
      if (code === UNKNOWN_REPLICA) this.#forgotten.push(replica);
      this.#report.problems.push(code);
    } finally {
      this.#report.requests += wire.requests;
    }
  }

  async #fromTheBeginning(wire: Wire, isLast: boolean): Promise<void> {
    try {
      await this.#steps(wire, isLast);
    } catch (error) {
      if (!(error instanceof RemoteProblem) || error.remote !== WRONG_EPOCH) throw error;
      await this.#steps(wire, isLast); // restored in between: start over
    }
  }

  async #steps(wire: Wire, isLast: boolean): Promise<void> {
    const state = await this.#state(wire);
    const other = await this.#adopt(wire.replica, state);
    const held = await readHeld(this.#store, wire.replica.id);
    const { missing, damaged } = await this.#push(wire, state, other, held, isLast);
    const lost = undeliverable(held, state, damaged);
    const stuck = await this.#files(wire, held, missing, lost === 0);
    if (isLast && (state.pull_needed || this.#report.pushed > 0)) {
      this.#report.pulled += await new Pulling(this.#store, wire, this.#patience).run();
    }
    if (lost > 0) throw new DamagedEntries(lost);
    if (stuck) throw stuck;
    if (isLast) await this.#carry(wire);
  }

  /** Bring partners' photos along with their entries. */
  async #carry(wire: Wire): Promise<void> {
    const { mayUpload, parallel = PARALLEL } = this.#options;
    const how = { mayUpload, parallel };
    this.#report.uploaded += await carried(this.#store, wire, this.#patience, how);
  }

  async #state(wire: Wire): Promise<StateReply> {
    const query = { replica: wire.replica.id, cursor: await this.#store.get("cursor") };
    return await this.#patience.ask(() => wire.get(PATHS.state, isStateReply, query));
  }

  /**
   * Learn the epoch and the time, and whether somebody else wrote under this key.
   *
   * Return the head of that other branch: how far the server is on it says nothing of what it has
   * of this phone's.
   */
  async #adopt(replica: LocalReplica, state: StateReply): Promise<string> {
    const here = await this.#store.hashAt(replica.id, state.upto_seq); // removed ones are not, too
    const isFurther = state.upto_seq > replica.uptoSeq;
    const isForked = here === "" ? isFurther : here !== state.head_hash;
    const told = timeTold(state.server_time);
    const now = (this.#options.unixNow ?? unixNow)();
    await this.#store.put({
      epoch: state.epoch,
      ...(await clockNoted(this.#store, state.server_time, now)),
      ...told,
      ...(isForked && { forked: replica.id }),
    });
    const theirs = Date.parse(told["server_time"] ?? "");
    if (!Number.isNaN(theirs)) {
      this.#report.ahead = now - Math.floor(theirs / 1000);
    }
    return isForked ? state.head_hash : "";
  }

  /** Deliver; return the files that the server lacks, and entries that are not what they were. */
  async #push(
    wire: Wire,
    state: StateReply,
    other: string,
    held: Held,
    carry: boolean,
  ): Promise<{ missing: ReadonlySet<string>; damaged: readonly EntryPlace[] }> {
    this.#progress.begin(await outstanding(this.#store, held.places));
    const pushing = new Pushing(
      {
        store: this.#store,
        wire,
        patience: this.#patience,
        report: this.#report,
        places: held.places,
        forgotten: this.#forgotten,
        onDelivered: (count) => this.#progress.delivered(count),
      },
      state,
    );
    const own = await this.#ownFiles(held.places);
    const lacked = [...(await pushing.run(other, carry)), ...state.missing_blobs];
    const missing = new Set(lacked.filter((name) => own.has(name)));
    await new LackedPhotos(this.#store, wire.replica.id).set(missing);
    const damaged = [...pushing.damaged.values()];
    const known = new Set([...this.#report.damaged, ...damaged.map(({ hash }) => hash)]);
    this.#report.damaged = [...known];
    return { missing, damaged };
  }

  /** Return the files that this phone's own entries cite: its receipt waits for no others. */
  async #ownFiles(places: readonly EntryPlace[]): Promise<ReadonlySet<string>> {
    const own = new Set((await this.#store.replicas()).map(({ id }) => id));
    return new Set(places.flatMap(({ replica, blobs }) => (own.has(replica) ? blobs : [])));
  }

  /** Upload, then get the receipt; return what one file, or the receipt, met. */
  async #files(
    wire: Wire,
    held: Held,
    missing: ReadonlySet<string>,
    isWhole: boolean,
  ): Promise<PhoneError | undefined> {
    try {
      let waiting = await this.#upload(wire, missing);
      if (waiting === 0 && isWhole) waiting = await this.#receipt(wire, held);
      this.#report.photosWaiting += waiting;
      if (waiting > 0 || !isWhole) return undefined;
      this.#covered.add(held.replica);
      this.#heads.add(held.headHash);
    } catch (error) {
      const isOfOne = error instanceof RemoteProblem && LOST_PLACE.includes(error.status);
      if (isOfOne || error instanceof SpoiltPhoto) return error; // what is new comes all the same
      throw error;
    }
    return undefined;
  }

  /** Get the receipt; return how many photos it still waits for. */
  async #receipt(wire: Wire, held: Held): Promise<number> {
    const get = (): Promise<void> => getReceipt(this.#store, wire, this.#patience, held);
    try {
      await get();
      return 0;
    } catch (error) {
      if (!(error instanceof RemoteProblem) || error.remote !== BLOBS_MISSING) throw error;
      const lost = new Set(error.missing); // on the server, since they came in
      await new LackedPhotos(this.#store, wire.replica.id).set(lost);
      const waiting = await this.#upload(wire, lost);
      if (waiting === 0) await get();
      return waiting;
    }
  }

  /** Upload what is here of these files; return how many of them have to wait. */
  async #upload(wire: Wire, missing: ReadonlySet<string>): Promise<number> {
    if (missing.size === 0) return 0;
    this.#progress.begin(await outstanding(this.#store, await this.#store.places()));
    const lacked = new LackedPhotos(this.#store, wire.replica.id);
    const uploading = new Uploading(this.#store, wire, this.#patience, {
      mayUpload: this.#options.mayUpload,
      parallel: this.#options.parallel ?? PARALLEL,
      onBytes: (name, offset) => this.#progress.photoAt(name, offset),
      onThere: async (name) => {
        this.#progress.photoThere(name);
        await lacked.delete(name);
      },
    });
    try {
      return await uploading.run([...missing]);
    } finally {
      this.#report.uploaded += uploading.finished;
    }
  }
}

/** Return how many own entries changed on the phone before the server had them. */
function undeliverable(held: Held, state: StateReply, damaged: readonly EntryPlace[]): number {
  const lacking = new Set((state.lacking ?? []).map(({ hash }) => hash));
  const isUnknown = (row: EntryPlace): boolean =>
    row.replica === held.replica && (row.seq > state.upto_seq || lacking.has(row.hash));
  return damaged.filter(isUnknown).length;
}
