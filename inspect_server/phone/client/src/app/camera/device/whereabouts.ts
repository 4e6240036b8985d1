/** Where the phone is while its camera is open, so that no photo waits for a fix. */

import { shallowReactive } from "vue";
import { locate, written } from "../../session/position.ts";
import type { Position } from "../../session/position.ts";

/** A fix that is older says where the phone was, not where it is. */
const FRESH_MS = 60_000;
const PATIENCE_MS = 4000;

/** Follows the position from its making to its end. */
export class Whereabouts {
  readonly state = shallowReactive<{ fix: Position | undefined; isRefused: boolean }>({
    fix: undefined,
    isRefused: false,
  });
  readonly #of: Geolocation | undefined;
  readonly #now: () => number;
  #at = 0;
  #watch: number | undefined;

  constructor(of: Geolocation | undefined = navigator.geolocation, now = Date.now) {
    this.#of = of;
    this.#now = now;
    this.#watch = of?.watchPosition(
      ({ coords }) => {
        this.state.fix = written(coords);
        this.state.isRefused = false;
        this.#at = now();
      },
      () => {
        this.state.isRefused = this.state.fix === undefined;
      },
      { enableHighAccuracy: true, maximumAge: FRESH_MS },
    );
    if (of === undefined) this.state.isRefused = true;
  }

  /** Return the fix of this moment, undefined if there is none. */
  get here(): Position | undefined {
    return this.#now() - this.#at <= FRESH_MS ? this.state.fix : undefined;
  }

  /** Return the fix of this moment, or the next one that comes within a few seconds. */
  async soon(): Promise<Position | undefined> {
    if (this.here || this.state.isRefused || this.#of === undefined) return this.here;
    const patience = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS));
    return await Promise.race([locate(this.#of).catch(() => undefined), patience]);
  }

  end(): void {
    if (this.#watch !== undefined) this.#of?.clearWatch(this.#watch);
    this.#watch = undefined;
  }
}
