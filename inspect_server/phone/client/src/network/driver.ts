/**
 * When a phone syncs, and the one state of it that is shown.
 *
 * At start, on return to the foreground, when the network is said to be back, after a save, by a
 * timer, by the button; never two at once, also over several windows.
 */

import { PhoneError } from "../core/problems.ts";
import { counted } from "../store/counted.ts";
import type { LocalStore } from "../store/local.ts";
import { codeOf } from "./asking/failures.ts";
import { asides, note, problemsOf } from "./asides.ts";
import type { Problem } from "./asides.ts";
import { outstanding } from "./progress.ts";
import type { Amount, Amounts } from "./progress.ts";
import type { SyncOptions, SyncReport } from "./syncing.ts";

export type Phase = "idle" | "syncing" | "offline" | "attention";

/** What is shown of the way to the server. */
export interface SyncState extends Amounts {
  readonly phase: Phase;
  /** When everything was last with the server, in its time; empty before. */
  readonly lastDelivered: string;
  readonly problems: readonly Problem[];
  /** Photos wait for a network on which they may be sent. */
  readonly photosWait: boolean;
}

/** The state in words. */
export interface Sentence {
  readonly kind: "delivered" | "waiting" | "syncing" | "attention";
  readonly text: string;
  /** What else there is to say, perhaps nothing. */
  readonly detail: string;
}

/** What of a browser a driver listens to; tests hand in their own. */
export interface Surroundings {
  readonly window: Pick<EventTarget, "addEventListener" | "removeEventListener">;
  readonly document: Pick<Document, "addEventListener" | "removeEventListener" | "visibilityState">;
  readonly locks: Pick<LockManager, "request">;
  readonly connection?: Pick<EventTarget, "addEventListener" | "removeEventListener"> | undefined;
  /** Call once after so many seconds; return what calls it off. */
  after(seconds: number, call: () => void): () => void;
  /** 0 … 1. */
  random(): number;
}

export interface DriverOptions extends Omit<SyncOptions, "onProgress" | "signal"> {
  readonly surroundings?: Surroundings;
}

/** Within a sync it tries a little; without a network the timer does. */
const BACKOFF: readonly number[] = [1, 3];
const FIRST_WAIT = 5;
const LONGEST_WAIT = 300;
const AFTER_SAVE = 5;
/** Seconds in which changes are counted together. */
const COUNT_AFTER = 0.3;
const PASSING: readonly string[] = ["phone.out_of_reach", "sync.unavailable", "429", "503"];
const NOTHING: Amounts = {
  entries: { sent: 0, total: 0 },
  bytes: { sent: 0, total: 0 },
  photos: { sent: 0, total: 0 },
  films: { sent: 0, total: 0 },
};

/** Return the browser's own. */
export function browser(): Surroundings {
  const { connection } = navigator as { connection?: EventTarget };
  return {
    window,
    document,
    locks: navigator.locks,
    connection,
    after: (seconds, call) => {
      const timer = setTimeout(call, seconds * 1000);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}

/** Return the state in words. */
export function sentence(state: SyncState): Sentence {
  const { phase, photosWait } = state;
  const left = waiting(state);
  if (phase === "syncing") return { kind: "syncing", text: "正在同步", detail: left };
  if (phase === "attention") return { kind: "attention", text: "需处理", detail: left };
  const isOffline = phase === "offline";
  const offline = isOffline ? "暂未连上服务器，连上后自动同步" : "";
  if (left === "") return { kind: "delivered", text: "全部送达", detail: offline };
  const detail = photosWait && !isOffline ? "照片、录像等连上 Wi-Fi 后上传" : offline;
  return { kind: "waiting", text: left, detail };
}

function waiting({ entries, photos, films }: Amounts): string {
  const left = ({ sent, total }: Amount): number => total - sent;
  const said = counted({ entries: left(entries), photos: left(photos), films: left(films) });
  return said === "" ? "" : `待送 ${said}`;
}

/** Keeps one account in step with the server, as long as it is unlocked. */
export class Driver {
  readonly #store: LocalStore;
  readonly #options: DriverOptions;
  readonly #around: Surroundings;
  readonly #listeners = new Set<(state: SyncState) => void>();
  readonly #ending = new AbortController();
  #amounts = NOTHING;
  #asides: readonly Problem[] = [];
  #met: readonly Problem[] = [];
  #lastDelivered = "";
  #report: SyncReport | undefined;
  /** What ended the last sync before it could report. */
  #broke = "";
  #isSyncing = false;
  #running: Promise<void> | undefined;
  #isAgain = false;
  #failures = 0;
  #due = Infinity; // seconds that the timer was set to
  #callOff: () => void = () => undefined;
  #callOffCount: () => void = () => undefined;
  #detach: readonly (() => void)[] = [];

  constructor(phone: { readonly store: LocalStore }, options: DriverOptions) {
    this.#store = phone.store;
    this.#options = options;
    this.#around = options.surroundings ?? browser();
  }

  get state(): SyncState {
    const told = [...this.#met, ...this.#asides];
    const problems = told.filter(({ code }) => !PASSING.includes(code));
    return {
      ...this.#amounts,
      phase: this.#phase(problems),
      lastDelivered: this.#lastDelivered,
      problems,
      photosWait: (this.#report?.photosWaiting ?? 0) > 0,
    };
  }

  /** What the last sync did. */
  get report(): SyncReport | undefined {
    return this.#report;
  }

  /** Be told of every new state; return what ends that. */
  onChange(listener: (state: SyncState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sync now and from now on. */
  start(): void {
    if (this.#ending.signal.aborted) return;
    const { window, document, connection } = this.#around;
    const now = (): void => void this.syncNow();
    const seen = (): void => {
      if (document.visibilityState === "visible") now();
    };
    window.addEventListener("online", now);
    document.addEventListener("visibilitychange", seen);
    const changed = (): void => {
      const { entries, photos, films } = this.#amounts;
      if (entries.total + photos.total + films.total > 0) now();
    };
    connection?.addEventListener("change", changed);
    this.#detach = [
      () => window.removeEventListener("online", now),
      () => document.removeEventListener("visibilitychange", seen),
      () => connection?.removeEventListener("change", changed),
      this.#store.onChange(() => this.#countSoon()),
      this.#store.writing.onTurn((isWriter) => isWriter && now()),
    ];
    now();
  }

  /** End every request; what was not delivered waits for the next unlocking. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#callOff();
    this.#callOffCount();
    for (const end of this.#detach) end();
    this.#listeners.clear();
    await this.#running;
  }

  /** Sync at once, or once more after the one under way; resolve when it ended. */
  async syncNow(): Promise<void> {
    this.#failures = 0;
    if (this.#running !== undefined) {
      this.#isAgain = true;
      return await this.#running;
    }
    await this.#begin();
  }

  /** The officer has read of entries that do not count. */
  async note(problem: Problem): Promise<void> {
    await note(this.#store, problem);
    await this.#count();
  }

  async #begin(): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#callOff();
    this.#due = Infinity;
    this.#running = this.#turns();
    try {
      await this.#running;
    } finally {
      this.#running = undefined;
    }
    if (!this.#ending.signal.aborted) this.#next();
    this.#tell();
  }

  /** Sync, and once more if somebody asked meanwhile: the one under way may have been past it. */
  async #turns(): Promise<void> {
    do {
      this.#isAgain = false;
      await this.#run().catch((error: unknown) => this.#broken(error));
    } while (this.#isAgain && !this.#ending.signal.aborted);
  }

  async #run(): Promise<void> {
    this.#broke = "";
    if (this.#store.writing.isWriter) {
      const name = `inspect-sync-${this.#store.vault}`;
      await this.#around.locks.request(name, { ifAvailable: true }, async (lock) => {
        if (lock !== null) await this.#sync();
      });
    }
    await this.#count();
  }

  /** Whatever breaks, what was saved is saved: it is told, and tried again by the timer. */
  async #broken(error: unknown): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#noteBroken(error);
    this.#failures += 1;
    // Where even the words cannot be loaded, what was told stays.
    this.#met = await problemsOf(this.#report, this.#broke).catch(() => this.#met);
  }

  #noteBroken(error: unknown): void {
    this.#broke = error instanceof PhoneError ? codeOf(error) : "phone.unexpected";
    if (!(error instanceof PhoneError)) console.error(error);
  }

  async #sync(): Promise<void> {
    this.#isSyncing = true;
    this.#tell();
    try {
      const { sync } = await import("./syncing.ts"); // the app opens without it
      this.#report = await sync(
        { store: this.#store },
        {
          backoff: BACKOFF,
          ...this.#options,
          signal: this.#ending.signal,
          onProgress: (amounts) => {
            this.#amounts = amounts;
            this.#tell();
          },
        },
      );
      this.#broke = "";
    } catch (error) {
      this.#noteBroken(error);
    } finally {
      this.#isSyncing = false;
    }
    const isSound = this.#broke === "" && this.#report?.problems.length === 0;
    this.#failures = isSound ? 0 : this.#failures + 1;
  }

  /** Set the timer for the next one. */
  #next(): void {
    const isLeft = this.#amounts.entries.total > 0;
    const isSoon = this.#failures === 0 && isLeft;
    const backoff = FIRST_WAIT * 2 ** (this.#failures - 1);
    const wait = this.#failures === 0 ? LONGEST_WAIT : Math.min(backoff, LONGEST_WAIT);
    this.#within(isSoon ? AFTER_SAVE : wait);
  }

  #within(seconds: number): void {
    if (seconds >= this.#due) return;
    this.#callOff();
    this.#due = seconds;
    const jitter = 0.8 + 0.4 * this.#around.random();
    this.#callOff = this.#around.after(seconds * jitter, () => void this.#begin());
  }

  #countSoon(): void {
    this.#callOffCount();
    this.#callOffCount = this.#around.after(COUNT_AFTER, () => {
      if (this.#running !== undefined) return;
      void this.#countAndGo();
    });
  }

  async #countAndGo(): Promise<void> {
    try {
      await this.#count();
    } catch (error) {
      await this.#broken(error);
      if (!this.#ending.signal.aborted) this.#next();
      return;
    }
    const isLeft = this.#amounts.entries.total > 0;
    if (isLeft && this.#failures === 0 && this.#running === undefined) this.#within(AFTER_SAVE);
  }

  /** Count what waits, as long as no sync counts itself. */
  async #count(): Promise<void> {
    const places = await this.#store.places();
    const { entries, photos, films } = await outstanding(this.#store, places);
    const bytes = [...photos.values()].reduce((sum, size) => sum + size, 0);
    this.#asides = await asides(this.#store, places);
    this.#met = await problemsOf(this.#report, this.#broke);
    this.#lastDelivered = await this.#store.get("last_delivered");
    this.#amounts = {
      entries: { sent: 0, total: entries },
      bytes: { sent: 0, total: bytes },
      photos: { sent: 0, total: photos.size - films.size },
      films: { sent: 0, total: films.size },
    };
    this.#tell();
  }

  #phase(problems: readonly Problem[]): Phase {
    if (this.#isSyncing) return "syncing";
    if (problems.some(({ explanation }) => explanation.acting !== "nobody")) return "attention";
    const isPassing = this.#report?.problems.some((code) => PASSING.includes(code)) === true;
    return isPassing ? "offline" : "idle";
  }

  #tell(): void {
    if (this.#ending.signal.aborted) return;
    const { state } = this;
    for (const listener of this.#listeners) listener(state);
  }
}
