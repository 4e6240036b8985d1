/**
 * What a sync tells of this phone's clock: kept, as without a network there is no other witness.
 * Stored entries are not touched; each names the server's time that was known when it was written.
 */

import { browserClock } from "../../capture/clock.ts";
import { isMoment } from "../../core/texts.ts";
import type { LocalStore } from "../../store/local.ts";

/** The server's time, and the phone's clocks when it came. */
export interface Timed {
  /** RFC 3339, as the server said it. */
  readonly server: string;
  /** Milliseconds since 1970 by the phone's clock. */
  readonly wall: number;
  /** The monotonic clock, milliseconds, and the page to which it belongs. */
  readonly mono: number;
  readonly boot: string;
}

/** A sync that found the clock wrong: what was captured since the one before bears its time. */
export interface WrongSince {
  /** The server's time that entries of that while name; "" for a phone that had heard none. */
  readonly after: string;
  /** Seconds by which the phone was ahead, below 0 where it was behind. */
  readonly ahead: number;
}

/** Seconds: what a person sets by hand and what a reply takes lie below. */
export const CLOCK_SECONDS = 300;
const TIMED = "clock_timed";
const WRONG = "clock_wrong";
const MOST_WRONG = 20;

/** Return as settings what a reply at this second tells of the clock; nothing of one without. */
export async function clockNoted(
  store: Pick<LocalStore, "getAll">,
  serverTime: string,
  unixSeconds: number,
): Promise<Readonly<Record<string, string>>> {
  if (!isMoment(serverTime)) return {};
  const timed: Timed = {
    server: serverTime,
    wall: unixSeconds * 1000,
    mono: browserClock.mono(),
    boot: browserClock.boot,
  };
  const ahead = unixSeconds - Math.floor(Date.parse(serverTime) / 1000);
  const [after = "", wrong = ""] = await store.getAll(["server_time", WRONG]);
  if (Math.abs(ahead) <= CLOCK_SECONDS) return { [TIMED]: JSON.stringify(timed) };
  const known = [...listOf(wrong), { after, ahead }].slice(-MOST_WRONG);
  return { [TIMED]: JSON.stringify(timed), [WRONG]: JSON.stringify(known) };
}

/** Return when the server was last heard, null where it never was or nothing else is known. */
export async function lastTimed(store: Pick<LocalStore, "get">): Promise<Timed | null> {
  const kept = await store.get(TIMED);
  return kept === "" ? null : (JSON.parse(kept) as Timed);
}

/** Return what was captured by a wrong clock, as far as syncs found it. */
export async function wrongSince(store: Pick<LocalStore, "get">): Promise<readonly WrongSince[]> {
  return listOf(await store.get(WRONG));
}

function listOf(kept: string): readonly WrongSince[] {
  return kept === "" ? [] : (JSON.parse(kept) as readonly WrongSince[]);
}
