/**
 * Which operations of one item stand, and which others replaced (docs/sync.md, merging).
 *
 * A set removes exactly the heads that it cites; what nobody cited stays. Two heads with equal
 * values corroborate each other; different ones are a conflict that only `conflict.resolve` closes:
 * an ordinary operation whose author knew of a disagreement removes only heads of its own user. It
 * knew if it cites different values, or if something else that the same user said, on whichever
 * phone, stands beside it: said not after it, and not replaced by what it cites. The result depends
 * on the set of operations, never on their order.
 *
 * Each operation and each citation is looked at, never every pair of operations.
 */

import type { Operation } from "../core/entries.ts";
import { beginning, joined } from "./stretches.ts";
import type { Stretches } from "./stretches.ts";

export const RESOLVE = "conflict.resolve";
const SIGNATURE = "signature.add";

/** What stands, and the ids of what does not. */
export interface Folded {
  readonly heads: Iterable<Operation>;
  readonly gone: Iterable<string>;
}

type Known = ReadonlyMap<string, Operation>;
/** `seq` and index within the entry: how a phone numbered its operation. */
type Place = readonly [number, number];
/** A user on a phone: the server's replica writes for every desk. */
type Voice = string;
/** Of each voice, which of its operations an operation is or replaces, in any way. */
type Replaced = ReadonlyMap<Voice, Stretches>;

const NOWHERE: Place = [-1, 0];

/** What one phone, or one user on it, said of the item, in the order of the phone's numbers. */
interface Said {
  readonly places: Place[];
  readonly ids: string[];
}

/**
 * Fold the operations of one item.
 *
 * @param known The operations at hand, by id.
 * @param given Ids that are known to be replaced, though what replaced them is not at hand.
 * @param judged Ids whose own removals `given` already contains; they remove nothing further.
 * @param formOf Returns the RFC 8785 form of the value that an operation gives its item.
 */
export function foldRegister(
  known: Known,
  given: ReadonlySet<string>,
  judged: ReadonlySet<string>,
  formOf: (op: Operation) => string,
): Folded {
  return new Fold(known, given, judged, formOf).run();
}

class Fold {
  readonly #known: Known;
  readonly #given: ReadonlySet<string>;
  readonly #judged: ReadonlySet<string>;
  readonly #formOf: (op: Operation) => string;
  readonly #heads = new Map<string, Operation>();
  readonly #gone: Set<string>;
  /** By user and replica. */
  readonly #voices = new Map<string, Map<string, Said>>();
  /** By replica. */
  readonly #phones = new Map<string, Said>();
  /** Of operations in their voice, from 1. */
  readonly #numbers = new Map<string, number>();
  readonly #replaced = new Map<string, Replaced>();
  #cited: ReadonlyMap<string, ReadonlyMap<string, Place>> = new Map();
  readonly #reached = new Map<string, readonly Place[]>();

  constructor(
    known: Known,
    given: ReadonlySet<string>,
    judged: ReadonlySet<string>,
    formOf: (op: Operation) => string,
  ) {
    this.#known = known;
    this.#given = given;
    this.#judged = judged;
    this.#formOf = formOf;
    this.#gone = new Set(given);
  }

  run(): Folded {
    const byNumber = [...this.#known.values()].sort(
      (one, other) => compare(placeOf(one), placeOf(other)) || (one.id < other.id ? -1 : 1),
    );
    for (const op of byNumber) if (!this.#given.has(op.id)) this.#number(op);
    const ordered = afterWhatTheyCite(this.#known);
    if ([...this.#voices.values()].some((phones) => phones.size > 1)) {
      this.#cited = latestCited(ordered, this.#known);
    }
    for (const op of ordered) this.#placeIn(op);
    return { heads: this.#heads.values(), gone: this.#gone };
  }

  #number(op: Operation): void {
    const voices = entryOf(this.#voices, op.user, () => new Map<string, Said>());
    const voice = entryOf(voices, op.replica, nothingSaid);
    for (const said of [voice, entryOf(this.#phones, op.replica, nothingSaid)]) {
      said.places.push(placeOf(op));
      said.ids.push(op.id);
    }
    this.#numbers.set(op.id, voice.ids.length);
  }

  /** Let it remove what it may; all that it cites is in its place already. */
  #placeIn(op: Operation): void {
    for (const one of this.#removedBy(op)) {
      this.#gone.add(one.id);
      this.#heads.delete(one.id);
    }
    if (!this.#gone.has(op.id)) this.#heads.set(op.id, op);
  }

  #removedBy(op: Operation): readonly Operation[] {
    const removes = op.type !== SIGNATURE && !this.#judged.has(op.id);
    const cited = removes ? atHand(op, this.#known) : [];
    const replaced = this.#with(op, cited);
    const own = cited.filter((one) => one.user === op.user);
    const isLimited =
      own.length < cited.length && op.type !== RESOLVE && this.#overrules(op, cited, replaced);
    this.#replaced.set(op.id, isLimited ? this.#with(op, own) : replaced);
    return isLimited ? own : cited;
  }

  /** Return what an operation replaces, itself among it, if it removes these. */
  #with(op: Operation, removed: readonly Operation[]): Replaced {
    const parts = new Map<Voice, Stretches[]>();
    for (const one of removed) {
      for (const [voice, stretches] of this.#replaced.get(one.id) ?? []) {
        entryOf(parts, voice, () => []).push(stretches);
      }
    }
    const number = this.#numbers.get(op.id);
    if (number !== undefined) {
      entryOf(parts, voiceOf(op.user, op.replica), () => []).push([[number, number]]);
    }
    return new Map(Array.from(parts, ([voice, found]) => [voice, joined(found)] as const));
  }

  /** Whether its author knew of a disagreement and would end it without being asked to. */
  #overrules(op: Operation, cited: readonly Operation[], replaced: Replaced): boolean {
    if (new Set(cited.map(this.#formOf)).size > 1) return true;
    return [...(this.#voices.get(op.user)?.keys() ?? [])].some((replica) => {
      const stretches = replaced.get(voiceOf(op.user, replica)) ?? [];
      return beginning(stretches) < this.#notAfter(op, replica);
    });
  }

  /** Return how many operations of its user on a phone do not come after this one. */
  #notAfter(op: Operation, replica: string): number {
    const places = this.#voices.get(op.user)?.get(replica)?.places ?? [];
    if (replica === op.replica) return countUpTo(places, placeOf(op));
    const way = voiceOf(replica, op.replica);
    const reached = entryOf(this.#reached, way, () => this.#citedByThen(replica, op.replica));
    const after = countBelow(reached, placeOf(op));
    const first = this.#phones.get(replica)?.places[after];
    return first === undefined ? places.length : countBelow(places, first);
  }

  /** Return how far a phone, whoever held it, had cited another one with each operation. */
  #citedByThen(citing: string, replica: string): readonly Place[] {
    let furthest = NOWHERE;
    return (this.#phones.get(citing)?.ids ?? []).map((id) => {
      furthest = later(furthest, this.#cited.get(id)?.get(replica) ?? NOWHERE);
      return furthest;
    });
  }
}

/** Return every operation once, after all those at hand that it cites. */
function afterWhatTheyCite(known: Known): Operation[] {
  const done = new Set<Operation>();
  for (const first of known.values()) {
    const path = [first];
    for (let op = path.at(-1); op !== undefined; op = path.at(-1)) {
      const waiting = done.has(op) ? [] : atHand(op, known).filter((one) => !done.has(one));
      if (waiting.length > 0) {
        path.push(...waiting); // an entry's hash cannot stand in what it cites: this ends
      } else {
        path.pop();
        done.add(op);
      }
    }
  }
  return [...done];
}

/** Return the latest place of each phone that each operation cites, directly or not. */
function latestCited(
  ordered: readonly Operation[],
  known: Known,
): Map<string, ReadonlyMap<string, Place>> {
  const latest = new Map<string, ReadonlyMap<string, Place>>();
  for (const op of ordered) {
    const found = new Map<string, Place>();
    for (const one of atHand(op, known)) {
      const itself = [one.replica, placeOf(one)] as const;
      for (const [replica, place] of [itself, ...(latest.get(one.id) ?? [])]) {
        found.set(replica, later(place, found.get(replica) ?? NOWHERE));
      }
    }
    latest.set(op.id, found);
  }
  return latest;
}

function atHand(op: Operation, known: Known): Operation[] {
  return op.parents.flatMap((id) => known.get(id) ?? []);
}

function placeOf(op: Operation): Place {
  return [op.seq, Number(op.id.slice(op.id.indexOf("#") + 1))];
}

function voiceOf(user: string, replica: string): Voice {
  return `${user}\n${replica}`;
}

function compare(one: Place, other: Place): number {
  return one[0] - other[0] || one[1] - other[1];
}

function later(one: Place, other: Place): Place {
  return compare(one, other) < 0 ? other : one;
}

/** Return how many places, which are in order, lie before this one. */
function countBelow(places: readonly Place[], place: Place): number {
  return count(places, (one) => compare(one, place) < 0);
}

/** Return how many places, which are in order, do not lie behind this one. */
function countUpTo(places: readonly Place[], place: Place): number {
  return count(places, (one) => compare(one, place) <= 0);
}

function count(places: readonly Place[], belongs: (place: Place) => boolean): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (belongs(places[middle] ?? NOWHERE)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nothingSaid(): Said {
  return { places: [], ids: [] };
}

function entryOf<K, V>(map: Map<K, V>, key: K, fresh: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = fresh();
  map.set(key, made);
  return made;
}
