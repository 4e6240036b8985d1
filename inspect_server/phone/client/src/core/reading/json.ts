/**
 * JSON as the server reads it, before anything says what it should be.
 *
 * `JSON.parse` forgets what the protocol judges: the members of a key that is written twice, and
 * whether a number was written as an integer. Half of a surrogate pair is no text.
 */

/** An object as written: every member in its place, also where a key stands twice. */
export class Members {
  readonly all: readonly (readonly [string, Json])[];

  constructor(all: readonly (readonly [string, Json])[]) {
    this.all = all;
  }
}

/** A number that is written with a point or an exponent, or beyond 2⁵³. */
export class OtherNumber {
  readonly written: string;

  constructor(written: string) {
    this.written = written;
  }
}

export type Json = string | number | boolean | null | OtherNumber | readonly Json[] | Members;

/** The bytes are no JSON. */
export class Malformed extends Error {}

/** Lists and objects in each other; the server's limit lies near 1000, by its own stack. */
const DEEPEST = 900;
const BLANKS = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const HALF = /\p{Cs}/u; // of a pair: with the flag, whole pairs are characters of other kinds
const WORDS: readonly (readonly [string, boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/**
 * Read the JSON of a text.
 *
 * @throws Malformed with where it ends to be JSON.
 */
export function readJson(text: string): Json {
  return new Reader(text).whole();
}

/** Return plain data; of a key that is written twice the last value. */
export function plain(json: Json): unknown {
  if (Array.isArray(json)) return json.map(plain);
  if (json instanceof OtherNumber) return Number(json.written);
  if (!(json instanceof Members)) return json;
  return Object.fromEntries(json.all.map(([name, value]) => [name, plain(value)]));
}

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    const value = this.#value();
    this.#skipBlanks();
    return this.#at === this.#text.length ? value : this.#fail();
  }

  #value(): Json {
    this.#skipBlanks();
    const sign = this.#text[this.#at];
    if (sign === '"') return this.#string();
    if (sign === "[") return this.#nested(() => this.#several("]", () => this.#value()));
    if (sign === "{") {
      return this.#nested(() => new Members(this.#several("}", () => this.#member())));
    }
    const word = this.#word();
    return word === undefined ? this.#number() : word;
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.#fail();
    this.#at += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #several<T>(end: string, read: () => T): T[] {
    const found: T[] = [];
    if (this.#takes(end)) return found;
    do found.push(read());
    while (this.#takes(","));
    return this.#takes(end) ? found : this.#fail();
  }

  #member(): readonly [string, Json] {
    this.#skipBlanks();
    if (this.#text[this.#at] !== '"') this.#fail();
    const name = this.#string();
    if (!this.#takes(":")) this.#fail();
    return [name, this.#value()];
  }

  #string(): string {
    const start = this.#at;
    let end = start;
    do end = this.#text.indexOf('"', end + 1);
    while (end > 0 && this.#isEscaped(end));
    if (end < 0) this.#fail();
    const string = parsed(this.#text.slice(start, end + 1));
    if (string === undefined || HALF.test(string)) return this.#fail();
    this.#at = end + 1;
    return string;
  }

  #isEscaped(at: number): boolean {
    let before = at;
    while (this.#text[before - 1] === "\\") before -= 1;
    return (at - before) % 2 === 1;
  }

  #word(): boolean | null | undefined {
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return undefined;
  }

  #number(): number | OtherNumber {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) return this.#fail();
    this.#at = NUMBER.lastIndex;
    const number = Number(match[0]) + 0; // -0 is 0
    const isInteger = match[1] === undefined && match[2] === undefined;
    return isInteger && Number.isSafeInteger(number) ? number : new OtherNumber(match[0]);
  }

  #takes(sign: string): boolean {
    this.#skipBlanks();
    const comes = this.#text[this.#at] === sign;
    if (comes) this.#at += 1;
    return comes;
  }

  #skipBlanks(): void {
    BLANKS.lastIndex = this.#at;
    BLANKS.test(this.#text);
    this.#at = BLANKS.lastIndex;
  }

  #fail(): never {
    throw new Malformed(`第 ${this.#at + 1} 个字符起不是规定的写法`);
  }
}

/** Return what a string in quotes says, undefined if it is written wrong. */
function parsed(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
