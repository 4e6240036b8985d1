/** An arrival that a wrong clock registered, once a sync has told by how much. */

import { browserClock, moment } from "../../capture/clock.ts";
import type { Phone } from "../../capture/phone.ts";
import { parse } from "../../core/entries.ts";
import type { Entry } from "../../core/entries.ts";
import type { Head } from "../../merging/items.ts";
import { wrongSince } from "../../network/asking/timing.ts";
import type { WrongSince } from "../../network/asking/timing.ts";
import type { LocalEntry } from "../../store/local.ts";
import { arrivedAt } from "./arrivals.ts";

/** What an arrival says and what it should. */
export interface ArrivalOff {
  /** RFC 3339, as registered. */
  readonly said: string;
  /** The same moment by the server's clock. */
  readonly should: string;
}

/** Who states another time than the first entry's has dealt with it. */
const SAME_MS = 60_000;
const known = new Map<string, ArrivalOff | null>();

/**
 * Return by how much an own arrival is off, null where it is not, where nothing is known of it or
 * where another time was stated since.
 */
export async function arrivalOff(
  phone: Phone,
  task: string,
  head: Head | undefined,
): Promise<ArrivalOff | null> {
  if (head === undefined) return null;
  const wrong = await wrongSince(phone.store);
  if (wrong.length === 0) return null;
  const name = [head.id, wrong.at(-1)?.after ?? ""].join();
  const before = known.get(name);
  if (before !== undefined) return before;
  const entries = (await phone.store.entriesOf(task)).flatMap((row) => startIn(row, head.replica));
  const first = entries.sort((one, other) => one.seq - other.seq)[0];
  const off = first ? offOf(first, arrivedAt(head.value, head.wall), wrong) : null;
  known.set(name, off);
  return off;
}

/** Return how an arrival stands to the clock by which its first entry was written. */
export function offOf(
  first: Pick<Entry, "wall" | "last_server_time">,
  said: string,
  wrong: readonly WrongSince[],
): ArrivalOff | null {
  const found = wrong.find(({ after }) => after === first.last_server_time);
  const wall = Date.parse(first.wall);
  if (found === undefined || Math.abs(Date.parse(said) - wall) > SAME_MS) return null;
  return { said, should: moment(browserClock, wall - found.ahead * 1000) };
}

/** Whether a correction can say so now: none is later than the entry that says it. */
export function mayCorrect({ should }: ArrivalOff, now: number): boolean {
  return Date.parse(should) <= now;
}

/** Return an own entry that registered an arrival; none of another program, nor a damaged one. */
function startIn({ replica, content }: LocalEntry, own: string): Entry[] {
  if (replica !== own) return [];
  try {
    const entry = parse(content);
    return entry.ops.some((op) => op.type === "visit.start") ? [entry] : [];
  } catch {
    return [];
  }
}
