/** How long a phone waits: for one answer, and between one try and the next. */

import { concat } from "../../core/bytes.ts";
import type { Bytes } from "../../core/bytes.ts";
import { OutOfReach, RemoteProblem } from "./failures.ts";

/** Milliseconds without anything that end a request … */
const SILENCE_MS = 30_000;
/** … and bytes a second that the slowest network takes; the server's own limit. */
const SLOWEST = 8 * 1024;
const MAX_REPLY = 64 * 1024 * 1024;
/** Seconds between tries; after the last one a sync gives up until it is started again. */
export const BACKOFF: readonly number[] = [1, 3, 10];
const BUSY: readonly number[] = [429, 503];

/** Waits so many seconds. */
export type Pause = (seconds: number) => Promise<void>;

/** Waits for one answer: as long as sending may take, then from block to block. */
export class Waiting {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(sent: number, outer: AbortSignal | undefined) {
    this.#outer = outer;
    outer?.addEventListener("abort", this.#abort);
    if (outer?.aborted === true) this.#abort();
    this.#within(SILENCE_MS + (sent / SLOWEST) * 1000);
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Return the whole content of an answer.
   *
   * @throws OutOfReach if it never ends.
   */
  async read(response: Response): Promise<Bytes> {
    const blocks: Uint8Array[] = [];
    const reader = response.body?.getReader();
    let size = 0;
    for (;;) {
      this.#within(SILENCE_MS);
      const block = await reader?.read();
      if (block === undefined || block.done) return concat(...blocks);
      blocks.push(block.value);
      size += block.value.length;
      if (size <= MAX_REPLY) continue;
      this.#abort();
      throw new OutOfReach();
    }
  }

  /** Stop the clock. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#abort);
  }

  #within(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#abort, milliseconds);
  }

  readonly #abort = (): void => {
    this.#controller.abort();
  };
}

/** Asks again, after each wait of a backoff, while no answer comes or the server is busy. */
export class Patience {
  readonly #pause: Pause;
  readonly #backoff: readonly number[];
  readonly #signal: AbortSignal | undefined;

  constructor(pause: Pause, backoff: readonly number[], signal: AbortSignal | undefined) {
    this.#pause = pause;
    this.#backoff = backoff;
    this.#signal = signal;
  }

  /** Return the answer; the last failure is thrown. */
  async ask<T>(ask: () => Promise<T>): Promise<T> {
    for (const wait of this.#backoff) {
      try {
        return await ask();
      } catch (error) {
        if (this.#isEnded || !isPassing(error)) throw error;
        const asked = error instanceof RemoteProblem ? error.retryAfter : 0;
        await this.#wait(Math.max(wait, asked));
        if (this.#isEnded) throw error;
      }
    }
    return ask();
  }

  get #isEnded(): boolean {
    return this.#signal?.aborted === true;
  }

  /** Wait, but no longer than the phone is unlocked. */
  async #wait(seconds: number): Promise<void> {
    const signal = this.#signal;
    if (signal === undefined) return await this.#pause(seconds);
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    signal.addEventListener("abort", end);
    await Promise.race([this.#pause(seconds), ended]);
    signal.removeEventListener("abort", end);
  }
}

/** Return whether a failure may pass by itself: no answer, or a server that has no time now. */
export function isPassing(error: unknown): boolean {
  if (error instanceof RemoteProblem) return BUSY.includes(error.status);
  return error instanceof OutOfReach;
}

/** Wait by the browser's clock. */
export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}
