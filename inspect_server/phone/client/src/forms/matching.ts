/**
 * Whether a whole text fits a pattern, in a time that grows with the length of the text alone.
 *
 * The pattern becomes a net. A text is led through it in all ways at once, a character at a time,
 * so that no way is ever tried after another and no pattern is slow.
 */

/** Characters of a text that is looked at; a longer one does not fit. */
const MAX_SUBJECT = 20_000;
const LAST = 0x10ffff;

/** Code points from and to, both included, one pair after the other. */
type Ranges = readonly number[];

/** Takes one of the characters and leads on; one without ranges stands for all that it leads to. */
interface Knot {
  readonly ranges: Ranges;
  readonly next: Knot[];
  /** The step that came here last. */
  reachedAt: number;
}

/** Makes the knots of a part, which lead to `next`; returns where the part begins. */
type Part = (next: Knot) => Knot;

/** Return what tells whether a whole text fits a pattern of the portable subset (docs/forms.md). */
export function matcher(pattern: string): (text: string) => boolean {
  const end = knot([]);
  const begin = new Reader(pattern).branches()(end);
  let step = 0; // never begins anew, so that no knot has to be cleared for the next text
  return (text) => {
    step += 1;
    let reached = reach([begin], step);
    let left = MAX_SUBJECT;
    for (const sign of text) {
      if (reached.length === 0 || left === 0) return false;
      left -= 1;
      step += 1;
      reached = reach(passed(reached, sign.codePointAt(0) as number), step);
    }
    return end.reachedAt === step;
  };
}

/** Return what the knots lead to that take the character. */
function passed(knots: Knot[], character: number): Knot[] {
  const behind: Knot[] = [];
  for (const one of knots) {
    if (has(one.ranges, character)) behind.push(one.next[0] as Knot);
  }
  return behind;
}

/** Return the knots with characters that come next, each once; mark all on the way. */
function reach(waiting: Knot[], step: number): Knot[] {
  const found: Knot[] = [];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (one.reachedAt === step) continue;
    one.reachedAt = step;
    if (one.ranges.length > 0) found.push(one);
    else for (const next of one.next) waiting.push(next);
  }
  return found;
}

function has(ranges: Ranges, character: number): boolean {
  if (character >= 0xd800 && character <= 0xdfff) return false; // half of a pair is in no set
  for (let at = 0; at < ranges.length; at += 2) {
    if (character < ranges[at]!) return false; // they are in order
    if (character <= ranges[at + 1]!) return true;
  }
  return false;
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
  return { ranges, next, reachedAt: 0 };
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
