/** What is tapped is shown at once, then saved; of several taps on one item the last one counts. */

import type { Answer } from "../../forms/filling.ts";
import type { Seen } from "../../capture/seen.ts";
import type { ChecklistState } from "./filling-state.ts";

/** How answers leave the screen. */
export interface Answering {
  /** Save an answer, null takes it back, and bring what the record then says into the state. */
  readonly save: (code: string, answer: Answer | null, seen: Seen) => Promise<void>;
  /** Resolves when what changed was painted. */
  readonly painted: () => Promise<void>;
  /** The state changed. */
  readonly changed: () => void;
}

/** Saves the answers to one checklist, each after it was painted. */
export class AnswerQueue {
  readonly #state: ChecklistState;
  readonly #work: Answering;
  readonly #waiting = new Map<string, readonly [answer: Answer | null, seen: Seen]>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(state: ChecklistState, work: Answering) {
    this.#state = state;
    this.#work = work;
  }

  /** Show an answer now and save it soon; it never fails, what goes wrong stands at the item. */
  put(code: string, answer: Answer | null): void {
    this.#waiting.set(code, [answer, this.#state.seen(code)]);
    this.#state.propose(code, answer);
    this.#work.changed();
    if (this.#running.has(code)) return;
    const run = this.#run(code).finally(() => this.#running.delete(code));
    this.#running.set(code, run);
  }

  /** Resolves when nothing waits to be saved any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async #run(code: string): Promise<void> {
    await this.#work.painted();
    for (let next = this.#waiting.get(code); next; next = this.#waiting.get(code)) {
      this.#waiting.delete(code);
      try {
        await this.#work.save(code, ...next);
        if (!this.#waiting.has(code)) this.#state.saved(code);
      } catch (error) {
        if (!this.#waiting.has(code)) this.#state.withdraw(code, sentence(error));
      }
      this.#work.changed();
    }
  }
}

/** Return what went wrong in one plain sentence. */
export function sentence(error: unknown): string {
  const isTold = error instanceof Error && /\p{Script=Han}/u.test(error.message);
  return isTold ? error.message : "没有保存成功，请重试；若仍不成功，请检查手机存储空间。";
}
