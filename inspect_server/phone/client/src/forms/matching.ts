/**
 * Whether a whole text fits a pattern, in a time that grows with the length of the text alone.
 *
 * The pattern becomes a net. A text is led through it in all ways at once, a character at a time,
 * so that no way is ever tried after another and no pattern is slow. What a character leads to is
 * remembered, so that usual answers cost a look-up a character.
 */

/** Characters of a text that is looked at; a longer one does not fit. */
const MAX_SUBJECT = 20_000;
const LAST = 0x10ffff;
/** States of one pattern that are remembered. */
const REMEMBERED = 500;

/** Code points from and to, both included, one pair after the other. */
type Ranges = readonly number[];

/** Takes one of the characters and leads on; one without ranges stands for all that it leads to. */
interface Knot {
  readonly ranges: Ranges;
  readonly next: Knot[];
  /** The step that came here last. */
  reachedAt: number;
  /** Its place among those of its net that are marked. */
  place: number;
}

/** The knots that a text may have come to, all at once. */
interface State {
  readonly knots: readonly Knot[];
  readonly isEnd: boolean;
  /** Where characters lead, by the place of their kind. */
  readonly next: Map<number, State>;
}

/** Makes the knots of a part, which lead to `next`; returns where the part begins. */
type Part = (next: Knot) => Knot;

/** Return what tells whether a whole text fits a pattern of the portable subset (docs/forms.md). */
export function matcher(pattern: string): (text: string) => boolean {
  const end = knot([]);
  const net = new Net(new Reader(pattern).branches()(end), end);
  return (text) => net.fits(text);
}

class Net {
  readonly #end: Knot;
  /** Where one kind of characters ends and another begins: no set tells those of a kind apart. */
  readonly #kinds: readonly number[];
  readonly #knots: readonly Knot[];
  readonly #fitting: Uint8Array[] = [];
  readonly #marks: Uint16Array;
  readonly #states = new Map<string, State>();
  #begin: State;
  #step = 0;

  constructor(begin: Knot, end: Knot) {
    this.#end = end;
    const knots = all(begin).filter((one) => one === end || one.ranges.length > 0);
    for (const [place, one] of knots.entries()) one.place = place;
    this.#knots = knots;
    const sets = new Set(knots.map(({ ranges }) => ranges));
    const changes = [...sets].flatMap((set) => set.map((bound, at) => bound + (at % 2)));
    this.#kinds = [...new Set([0, ...changes])].sort((one, other) => one - other);
    this.#marks = new Uint16Array(Math.ceil(knots.length / 16));
    this.#begin = this.#reach([begin]);
  }

  fits(text: string): boolean {
    let state = this.#begin;
    let left = MAX_SUBJECT;
    for (const sign of text) {
      const character = sign.codePointAt(0) as number;
      const isHalf = character >= 0xd800 && character <= 0xdfff; // of a pair: in no set
      if (state.knots.length === 0 || left === 0 || isHalf) return false;
      left -= 1;
      const kind = lastUpTo(this.#kinds, character);
      state = state.next.get(kind) ?? this.#follow(state, kind);
    }
    return state.isEnd;
  }

  #follow(state: State, kind: number): State {
    const fitting = (this.#fitting[kind] ??= this.#fittingTo(this.#kinds[kind] as number));
    const waiting: Knot[] = [];
    for (const one of state.knots) {
      if (fitting[one.place]) waiting.push(one.next[0] as Knot);
    }
    const next = this.#reach(waiting);
    state.next.set(kind, next);
    return next;
  }

  /** Return by place whether a knot takes a character, which stands for all of its kind. */
  #fittingTo(character: number): Uint8Array {
    return Uint8Array.from(this.#knots, ({ ranges }) => Number(has(ranges, character)));
  }

  /** Return the state of all knots with characters that come next. */
  #reach(waiting: Knot[]): State {
    this.#step += 1; // never begins anew, so that no knot has to be cleared
    this.#marks.fill(0);
    const knots: Knot[] = [];
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      if (one.reachedAt === this.#step) continue;
      one.reachedAt = this.#step;
      if (one === this.#end) this.#mark(one);
      else if (one.ranges.length > 0) {
        this.#mark(one);
        knots.push(one);
      } else for (const next of one.next) waiting.push(next);
    }
    const key = String.fromCharCode(...this.#marks);
    return this.#states.get(key) ?? this.#remember(key, knots);
  }

  #mark({ place }: Knot): void {
    this.#marks[place >> 4]! |= 1 << (place & 15);
  }

  #remember(key: string, knots: readonly Knot[]): State {
    if (this.#states.size === REMEMBERED) {
      this.#states.clear();
      this.#begin = { ...this.#begin, next: new Map() }; // else all would still hang on it
    }
    const state = { knots, isEnd: this.#end.reachedAt === this.#step, next: new Map() };
    this.#states.set(key, state);
    return state;
  }
}

/** Return a knot and all that it leads to. */
function all(begin: Knot): Knot[] {
  const found = new Set([begin]);
  for (const one of found) for (const next of one.next) found.add(next);
  return [...found];
}

function has(ranges: Ranges, character: number): boolean {
  const at = lastUpTo(ranges, character);
  return at >= 0 && (at % 2 === 0 || ranges[at] === character);
}

/** Return the place of the last number that is not above one, of numbers in order; -1: none. */
function lastUpTo(numbers: readonly number[], most: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= most) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Reads a pattern as the server writes it, so that nothing in it needs to be refused. */
class Reader {
  private readonly signs: string[];
  private at = 0;

  constructor(pattern: string) {
    this.signs = [...pattern];
  }

  branches(): Part {
    const rows = [this.row()];
    while (this.skip("|")) rows.push(this.row());
    return rows.length === 1 ? rows[0]! : (next) => fork(...rows.map((row) => row(next)));
  }

  private row(): Part {
    const parts: Part[] = [];
    while (this.at < this.signs.length && !"|)".includes(this.signs[this.at]!)) {
      parts.push(this.repeated(this.atom()));
    }
    return (next) => parts.reduceRight((behind, part) => part(behind), next);
  }

  private repeated(part: Part): Part {
    if (this.skip("*")) return times(part, 0, Infinity);
    if (this.skip("+")) return times(part, 1, Infinity);
    if (this.skip("?")) return times(part, 0, 1);
    if (!this.skip("{")) return part;
    const end = this.signs.indexOf("}", this.at);
    const [least, most = least] = this.signs.slice(this.at, end).join("").split(",");
    this.at = end + 1;
    return times(part, Number(least), most === "" ? Infinity : Number(most));
  }

  private atom(): Part {
    if (this.skip("(")) {
      this.at += 2; // ?:
      const inner = this.branches();
      this.at += 1;
      return inner;
    }
    const ranges = this.skip("[") ? this.inBrackets() : twice(this.character());
    return (next) => knot(ranges, next);
  }

  private inBrackets(): Ranges {
    const isNegated = this.skip("^");
    const ranges: number[] = [];
    while (!this.skip("]")) {
      const low = this.character();
      ranges.push(low, this.skip("-") ? this.character() : low);
    }
    return isNegated ? others(ranges) : ranges;
  }

  private character(): number {
    this.skip("\\");
    const sign = this.signs[this.at] as string;
    this.at += 1;
    return sign.codePointAt(0) as number;
  }

  private skip(sign: string): boolean {
    const comes = this.signs[this.at] === sign;
    if (comes) this.at += 1;
    return comes;
  }
}

/** Return a part some times in a row, written out; without bound, the last leads back to itself. */
function times(part: Part, least: number, most: number): Part {
  return (next) => {
    let begin = next;
    let needed = least;
    if (most === Infinity) {
      const again = fork(next);
      const last = part(again);
      again.next.push(last);
      begin = least === 0 ? again : last;
      needed -= 1;
    } else {
      for (let spare = most - least; spare > 0; spare -= 1) begin = fork(part(begin), next);
    }
    for (; needed > 0; needed -= 1) begin = part(begin);
    return begin;
  };
}

function knot(ranges: Ranges, ...next: Knot[]): Knot {
  return { ranges, next, reachedAt: 0, place: -1 };
}

function fork(...next: Knot[]): Knot {
  return knot([], ...next);
}

function twice(character: number): Ranges {
  return [character, character];
}

/** Return the ranges between those in order. */
function others(ranges: Ranges): Ranges {
  const gaps: number[] = [];
  let after = 0;
  for (let at = 0; at < ranges.length; at += 2) {
    if (after < ranges[at]!) gaps.push(after, ranges[at]! - 1);
    after = ranges[at + 1]! + 1;
  }
  if (after <= LAST) gaps.push(after, LAST);
  return gaps;
}
