/** Locking when nobody touched the phone for a while, also while the page slept. */

export const IDLE_CHOICES = [5, 10, 30, 60, 240] as const;
export const IDLE_DEFAULT = 30;

/** Work that goes on without a touch, such as a film that is being made, says so by it. */
const WORKING = "phone-working";
const SIGNS = ["pointerdown", "keydown", "visibilitychange", WORKING] as const;
const LOOK_MS = 15_000;

/** Say that somebody is at work here, without a touch. */
export function working(): void {
  dispatchEvent(new Event(WORKING));
}

/**
 * Calls back once, when so many minutes went by without a sign of a person.
 *
 * The wall clock can be put back, the other stands still while the phone sleeps: the longer counts.
 */
export class Idle {
  minutes: number;
  #last: readonly [wall: number, elapsed: number];
  readonly #now: () => number;
  readonly #elapsed: () => number;
  readonly #lapsed: () => void;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(
    minutes: number,
    lapsed: () => void,
    now: () => number = Date.now,
    elapsed = () => performance.now(),
  ) {
    this.minutes = minutes;
    this.#lapsed = lapsed;
    this.#now = now;
    this.#elapsed = elapsed;
    this.#last = [now(), elapsed()];
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    for (const sign of SIGNS) addEventListener(sign, this.#sign, { capture: true, passive: true });
  }

  /** Lock if it is time; a page that wakes up looks before it shows anything. */
  look(): void {
    const [wall, elapsed] = this.#last;
    const idle = Math.max(this.#now() - wall, this.#elapsed() - elapsed);
    if (idle < this.minutes * 60_000) return;
    this.end();
    this.#lapsed();
  }

  end(): void {
    clearInterval(this.#timer);
    for (const sign of SIGNS) removeEventListener(sign, this.#sign, { capture: true });
  }

  readonly #sign = (event: Event): void => {
    this.look();
    if (event.type !== "visibilitychange") this.#last = [this.#now(), this.#elapsed()];
  };
}
