/**
 * What one phone lacks of the other, so that its codes need not carry the rest.
 *
 * The phone that receives shows one code, `IXN1/<payload>`, the payload base45, with what it has:
 *
 *     16 bytes     the task's id
 *     1 byte       how many replicas are its own: of these nothing is sent; 8 bytes each, the
 *                  beginning of the id
 *     1 byte       of how many others it has entries of this task; each of them:
 *                  8 bytes, the beginning of the id; 1 byte, how many runs of numbers without a
 *                  gap; each run: how many numbers are passed over since the last one (from 0),
 *                  and how many it has, both as base-128 with the lowest seven bits first; and
 *                  4 bytes, the beginning of the SHA-256 of its entries' hashes, by number, of
 *                  forks by hash
 *
 * A run counts as known only where the other phone holds the very same entries. So a fork, or a
 * partner of a team of three who has less, is sent too much and never too little.
 */

import { concat, fromHex, hex } from "../../core/bytes.ts";
import type { Bytes } from "../../core/bytes.ts";
import { sha256 } from "../../core/digests.ts";
import type { EntryPlace, LocalEntry, LocalStore } from "../../store/local.ts";
import { outgoing, packed } from "../exchange.ts";
import { MOST_CHARACTERS, base45, framesOf, fromBase45 } from "../frames.ts";

/** More codes than these nobody should hold a phone still for: a file is handier. */
export const HANDY_FRAMES = 40;
const MARK = "IXN1/";
const NAME_BYTES = 8;
const DIGEST_BYTES = 4;
const MOST_BYTES = Math.floor((MOST_CHARACTERS - MARK.length) / 3) * 2;
const MOST_COUNTED = 255;

/** Numbers of one replica without a gap, and the digest of its entries. */
interface Run {
  readonly first: number;
  readonly last: number;
  readonly digest: string;
}

/** What a phone says that it has of a task. */
export interface Having {
  readonly task: string;
  /** Own replicas, by the beginning of their ids. */
  readonly own: ReadonlySet<string>;
  /** Runs of other replicas, by the beginning of their ids. */
  readonly runs: ReadonlyMap<string, readonly Run[]>;
}

/** What is shown in one go of what the partner lacks. */
export interface Round {
  readonly content: Bytes;
  readonly frames: readonly string[];
  readonly entries: number;
  /** Entries that are left for further rounds, and about how many codes they take. */
  readonly left: number;
  readonly framesLeft: number;
}

/** Return the text of the code with what this phone has of a task. */
export async function havingOf(store: LocalStore, task: string): Promise<string> {
  const [places, replicas] = await Promise.all([store.places(), store.replicas()]);
  const ids = new Set(replicas.map(({ id }) => id));
  const others = new Set(
    places.flatMap((row) => (row.task === task && !ids.has(row.replica) ? [row.replica] : [])),
  );
  const own = replicas.slice(-MOST_COUNTED).map(({ id }) => nameOf(id));
  let payload = concat(fromHex(task.replaceAll("-", "")), listOf(own.map(fromHex)));
  const told: Bytes[] = [];
  let room = MOST_BYTES - payload.length - 1;
  for (const replica of others) {
    const chain = places.filter((row) => row.replica === replica);
    const one = await toldOf(replica, chain, room);
    if (one === undefined || told.length === MOST_COUNTED) break; // it is sent once more
    told.push(one);
    room -= one.length;
  }
  payload = concat(payload, listOf(told));
  return MARK + base45(payload);
}

/** Return what a code says that the other phone has; undefined if it says no such thing. */
export function readHaving(text: string): Having | undefined {
  const payload = text.startsWith(MARK) ? fromBase45(text.slice(MARK.length)) : undefined;
  if (payload === undefined) return undefined;
  try {
    return readPayload(new Reader(payload));
  } catch (error) {
    if (error instanceof RangeError) return undefined; // cut, or something else
    throw error;
  }
}

/** Return those of these entries that the other phone does not have. */
export async function lackedBy<T extends Pick<EntryPlace, "replica" | "seq" | "hash">>(
  having: Having,
  rows: readonly T[],
  places: readonly EntryPlace[],
): Promise<readonly T[]> {
  const known = new Map<string, readonly Run[]>();
  for (const replica of new Set(rows.map((row) => row.replica))) {
    const chain = places.filter((row) => row.replica === replica);
    const same: Run[] = [];
    for (const run of having.runs.get(nameOf(replica)) ?? []) {
      if ((await digestOf(chain, run.first, run.last)) === run.digest) same.push(run);
    }
    known.set(replica, same);
  }
  return rows.filter(({ replica, seq }) => {
    if (having.own.has(nameOf(replica))) return false;
    return !known.get(replica)?.some(({ first, last }) => first <= seq && seq <= last);
  });
}

/**
 * Return what this phone shows next of what the other one lacks; null if that is nothing.
 *
 * @throws TooManyFrames if already one save is too much for codes.
 */
export async function roundFor(store: LocalStore, having: Having): Promise<Round | null> {
  const { task } = having;
  const rows = await outgoing(store, task);
  const lacked = led(await lackedBy(having, rows, await store.places()), task);
  if (lacked.length === 0) return null;
  const least = lacked.findIndex((row) => row.task === task) + 1;
  let count = lacked.length;
  let codesInAll = 0;
  for (;;) {
    const shown = led(lacked.slice(0, count), task);
    const content = await packed(store, shown);
    const codes = await framesOf(content).catch((problem: unknown) => {
      if (count > least) return null;
      throw problem;
    });
    codesInAll ||= codes?.length ?? Math.ceil((content.length * 3) / 2 / MOST_CHARACTERS);
    if (codes && (codes.length <= HANDY_FRAMES || count <= least)) {
      const left = lacked.length - shown.length;
      const framesLeft = left > 0 ? Math.max(1, codesInAll - codes.length) : 0;
      return { content, frames: codes, entries: shown.length, left, framesLeft };
    }
    const fitting = Math.floor((count * HANDY_FRAMES * 0.95) / (codes?.length ?? codesInAll));
    count = Math.max(least, Math.min(count - 1, fitting));
  }
}

/** Return entries without those of other tasks that lead to nothing of this one. */
function led(rows: readonly LocalEntry[], task: string): readonly LocalEntry[] {
  const last = new Map<string, number>();
  for (const row of rows) {
    if (row.task === task) last.set(row.replica, Math.max(row.seq, last.get(row.replica) ?? 0));
  }
  return rows.filter((row) => row.task === task || row.seq < (last.get(row.replica) ?? 0));
}

/** Return what is told of one replica, as many of its runs as there is room for. */
async function toldOf(
  replica: string,
  chain: readonly EntryPlace[],
  room: number,
): Promise<Bytes | undefined> {
  const runs: Bytes[] = [];
  let left = room - NAME_BYTES - 1;
  if (left < 0) return undefined;
  let end = 0;
  for (const [first, last] of stretches(chain.map(({ seq }) => seq))) {
    const digest = fromHex(await digestOf(chain, first, last));
    const run = concat(varint(first - end - 1), varint(last - first + 1), digest);
    if (run.length > left || runs.length === MOST_COUNTED) break;
    runs.push(run);
    left -= run.length;
    end = last;
  }
  return concat(fromHex(nameOf(replica)), listOf(runs));
}

/** Return the first and last of numbers without a gap. */
function stretches(numbers: readonly number[]): (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const one of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && last[1] + 1 === one) last[1] = one;
    else found.push([one, one]);
  }
  return found;
}

async function digestOf(
  chain: readonly EntryPlace[],
  first: number,
  last: number,
): Promise<string> {
  const within = chain.filter(({ seq }) => first <= seq && seq <= last);
  const inOrder = within.sort((a, b) => a.seq - b.seq || (a.hash < b.hash ? -1 : 1));
  const digest = await sha256(concat(...inOrder.map(({ hash }) => fromHex(hash))));
  return hex(digest.subarray(0, DIGEST_BYTES));
}

function nameOf(replica: string): string {
  return replica.slice(0, 2 * NAME_BYTES);
}

function listOf(parts: readonly Bytes[]): Bytes {
  return concat(Uint8Array.of(parts.length), ...parts);
}

function varint(number: number): Bytes {
  const bytes: number[] = [];
  let left = number;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Uint8Array.from([...bytes, left]);
}

/** Reads one part after the other; a RangeError where there is none. */
class Reader {
  readonly #content: Bytes;
  #at = 0;

  constructor(content: Bytes) {
    this.#content = content;
  }

  hex(bytes: number): string {
    const part = this.#content.subarray(this.#at, this.#at + bytes);
    if (part.length < bytes) throw new RangeError("cut");
    this.#at += bytes;
    return hex(part);
  }

  byte(): number {
    return Number.parseInt(this.hex(1), 16);
  }

  varint(): number {
    let number = 0;
    for (let factor = 1; factor < 2 ** 49; factor *= 128) {
      const byte = this.byte();
      number += (byte % 128) * factor;
      if (byte < 128) return number;
    }
    throw new RangeError("too large");
  }

  list<T>(one: () => T): readonly T[] {
    return Array.from({ length: this.byte() }, one);
  }

  end(): void {
    if (this.#at !== this.#content.length) throw new RangeError("more follows");
  }
}

function readPayload(from: Reader): Having {
  const digits = from.hex(16);
  const task = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const own = new Set(from.list(() => from.hex(NAME_BYTES)));
  const runs = from.list(() => {
    const name = from.hex(NAME_BYTES);
    let end = 0;
    const found = from.list(() => {
      const first = end + from.varint() + 1;
      end = first + from.varint() - 1;
      return { first, last: end, digest: from.hex(DIGEST_BYTES) };
    });
    return [name, found] as const;
  });
  from.end();
  return { task, own, runs: new Map(runs) };
}
