/**
 * Whether this phone's clock can be right, as far as a phone without a network can tell.
 *
 * A place of the browser is no witness: its `timestamp` is the phone's own clock again. Nor does a
 * clock that runs ahead of the page's monotonic one say anything: that one stands while the phone
 * sleeps.
 */

import type { PhoneClock } from "../../capture/clock.ts";
import { CLOCK_SECONDS } from "../../network/asking/timing.ts";
import type { Timed } from "../../network/asking/timing.ts";

/** What speaks against the clock. */
export interface Doubt {
  readonly is: "behind" | "ahead";
  /** At least so many. */
  readonly seconds: number;
  /** The server as last heard, an entry of this phone's, or one of a partner's. */
  readonly by: "server" | "own" | "partner";
  /** The moment against which the clock stands, RFC 3339. */
  readonly against: string;
}

/** When something known was written, by whose clock. */
export interface Reading {
  readonly wall: string;
  readonly isOwn: boolean;
}

export interface Witnesses {
  /** When the server was last heard; null where only its time is known, or nothing. */
  readonly timed: Timed | null;
  /** The server's time as last heard, RFC 3339; "" for never. */
  readonly serverTime: string;
  readonly readings: readonly Reading[];
}

const LIMIT_MS = CLOCK_SECONDS * 1000;

/** Return what speaks against the clock now, null where nothing does. */
export function doubtOf(
  { timed, serverTime, readings }: Witnesses,
  clock: Pick<PhoneClock, "now" | "mono" | "boot">,
): Doubt | null {
  const now = clock.now();
  const heard = timed && { ...timed, at: Date.parse(timed.server) };
  const isSamePage = heard?.boot === clock.boot;
  // Asleep the monotonic clock stands: what it says is the least that has gone by.
  const least = heard ? heard.at + (isSamePage ? clock.mono() - heard.mono : 0) : Number.NaN;
  const server = latest([least, Date.parse(serverTime)]);
  if (now < server - LIMIT_MS) return behind(server - now, "server", serverTime);
  if (isSamePage && now <= least + LIMIT_MS) return null; // as sure as the sync was

  const ahead = heard ? heard.wall - heard.at : 0;
  // Who put it right since stands before where it was then.
  if (heard && ahead > LIMIT_MS && now >= heard.wall - LIMIT_MS) {
    return { is: "ahead", seconds: seconds(ahead), by: "server", against: heard.server };
  }
  if (heard && ahead < -LIMIT_MS && !isSamePage) {
    return behind(-ahead, "server", heard.server);
  }
  const last = readings.reduce<Reading | null>(
    (one, other) => (one && Date.parse(one.wall) >= Date.parse(other.wall) ? one : other),
    null,
  );
  const read = Date.parse(last?.wall ?? "");
  if (last === null || !(now < read - LIMIT_MS)) return null;
  return behind(read - now, last.isOwn ? "own" : "partner", last.wall);
}

function behind(by: number, whose: Doubt["by"], against: string): Doubt {
  return { is: "behind", seconds: seconds(by), by: whose, against };
}

function latest(moments: readonly number[]): number {
  return Math.max(...moments.filter((one) => !Number.isNaN(one)), Number.NEGATIVE_INFINITY);
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** Return how long it is, roughly: 约 1 天, 约 3 小时, 约 12 分钟. */
export function spanOf(seconds: number): string {
  const days = Math.round(seconds / 86_400);
  if (seconds >= 0.9 * 86_400) return `约\u00a0${days}\u00a0天`;
  const hours = Math.round(seconds / 3600);
  if (seconds >= 0.9 * 3600) return `约\u00a0${hours}\u00a0小时`;
  return `约\u00a0${Math.max(1, Math.round(seconds / 60))}\u00a0分钟`;
}
