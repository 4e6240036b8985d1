/** One window writes, by a Web Lock; all others read until it is closed. */

import { OtherWindow } from "./problems.ts";

type Listener = (isWriter: boolean) => void;

/** Whose turn it is to write to one account. */
export class Writing {
  readonly #name: string;
  readonly #listeners = new Set<Listener>();
  readonly #given = new AbortController();
  #isWriter = false;
  #release: () => void = () => undefined;

  /** @param name The lock's. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Whether this window may write now. */
  get isWriter(): boolean {
    return this.#isWriter;
  }

  /** Become the writer if nobody is; else wait for the turn in the background. */
  async begin(): Promise<void> {
    await this.#ask({ ifAvailable: true });
    if (!this.#isWriter) void this.#ask({ signal: this.#given.signal });
  }

  /** Become the writer now; the other window reads from here on. */
  async takeOver(): Promise<void> {
    if (!this.#isWriter) await this.#ask({ steal: true });
  }

  /** @throws OtherWindow if another window writes. */
  check(): void {
    if (!this.#isWriter) throw new OtherWindow();
  }

  /** Be told when this window becomes the writer, or is one no more; return what ends that. */
  onTurn(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Give the turn to the next window. */
  end(): void {
    this.#given.abort();
    this.#release();
    this.#set(false);
    this.#listeners.clear();
  }

  /** Resolve when the lock is held, or is not to be had. */
  #ask(how: LockOptions): Promise<void> {
    return new Promise((resolve) => {
      navigator.locks
        .request(this.#name, how, async (lock) => {
          if (lock === null || this.#given.signal.aborted || this.#isWriter) return resolve();
          const held = new Promise<void>((release) => {
            this.#release = release;
          });
          this.#set(true);
          resolve();
          await held;
        })
        .catch(() => this.#lost()) // given up, or taken over by another window
        .then(resolve);
    });
  }

  #lost(): void {
    const wasWriter = this.#isWriter;
    this.#set(false);
    if (wasWriter) void this.#ask({ signal: this.#given.signal }); // when that one is closed
  }

  #set(isWriter: boolean): void {
    if (this.#isWriter === isWriter) return;
    this.#isWriter = isWriter;
    tellAll(this.#listeners, (listener) => listener(isWriter));
  }
}

/** Tell all listeners; one that fails is reported and undoes nothing of what it was told of. */
export function tellAll<L>(listeners: Iterable<L>, tell: (listener: L) => void): void {
  for (const listener of listeners) {
    try {
      tell(listener);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
