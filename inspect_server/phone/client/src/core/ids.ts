/** Names of things: item ids, operation ids, UUIDv7, and the hybrid logical clock. */

/** Characters in an item id, so that `item/<assignment>/<item>` fits 160. */
export const MAX_ITEM = 110;

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const UUID7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const HASH = /^[0-9a-f]{64}$/;
const OPERATION_ID = /^[0-9a-f]{64}#(?:0|[1-9][0-9]{0,3})$/;
const LOCAL_PARENT = /^#(?:0|[1-9][0-9]{0,3})$/;
const HLC = /^([0-9]{13})-([0-9a-f]{4})-([0-9a-f]{8})$/;
const ITEM = new RegExp(
  "^(?:answer/[a-z0-9][a-z0-9_-]{0,47}/[A-Za-z0-9][A-Za-z0-9_.-]{0,47}" +
    `|(?:finding|photo|participant|signature|note|gap)/${UUID7}` +
    `|recheck/${UUID}/[1-9][0-9]{0,2}` +
    "|visit/(?:start|complete)/[0-9a-f]{64}" +
    `|task/${UUID}|(?:replica|entry)/[0-9a-f]{64})$`,
);

/** Return whether the text is a hex SHA-256 in lower case. */
export function isHash(text: string): boolean {
  return HASH.test(text);
}

/** Return whether the text is an item id of this protocol. */
export function isItem(text: string): boolean {
  return text.length <= MAX_ITEM && ITEM.test(text);
}

/** Return whether the text is the full id of an operation. */
export function isOperationId(text: string): boolean {
  return OPERATION_ID.test(text);
}

/** Return which operation of its own entry a `#k` names, undefined if the text is none. */
export function localParent(text: string): number | undefined {
  return LOCAL_PARENT.test(text) ? Number(text.slice(1)) : undefined;
}

/** Return the id of operation `index` (from 0) of an entry. */
export function operationId(entryHash: string, index: number): string {
  return `${entryHash}#${index}`;
}

/** Return the item of one problem: the check that found it, and its number in the order. */
export function recheckItem(inspection: string, number: number): string {
  return `recheck/${inspection}/${number}`;
}

/** Return the id of the document that carries one item of one inspection to the phones. */
export function documentId(assignment: string, item: string): string {
  return `item/${assignment}/${item}`;
}

/** Return a UUIDv7 (RFC 9562) of this moment, milliseconds since 1970, with 74 random bits. */
export function uuid7(unixMs: number): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  random[0] = ((random[0] as number) & 0x0f) | 0x70;
  random[2] = ((random[2] as number) & 0x3f) | 0x80;
  const time = (Math.floor(unixMs) % 2 ** 48).toString(16).padStart(12, "0");
  const rest = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [time.slice(0, 8), time.slice(8), rest.slice(0, 4), rest.slice(4, 8), rest.slice(8)].join(
    "-",
  );
}

/** The most that 13 digits and 4 hex digits say. */
const LAST_MS = 9_999_999_999_999;
const LAST_COUNTER = 0xffff;
/** A phone goes on behind a reading that it knows, if that is no further ahead of its own clock. */
export const AHEAD_MS = 48 * 60 * 60 * 1000;

/**
 * A hybrid logical clock reading: it orders what people read, and says what came before what.
 *
 * As text `<13-digit ms>-<4 hex counter>-<first 8 hex of the replica>`, so that text order is clock
 * order.
 */
export class Hlc {
  readonly unixMs: number;
  readonly counter: number;
  readonly replica: string;

  constructor(unixMs: number, counter: number, replica: string) {
    this.unixMs = unixMs;
    this.counter = counter;
    this.replica = replica;
  }

  /**
   * Read the text form.
   *
   * @throws TypeError if it is no reading.
   */
  static parse(text: string): Hlc {
    const parts = HLC.exec(text);
    if (parts === null) throw new TypeError(`no HLC reading: ${text}`);
    return new Hlc(Number(parts[1]), Number.parseInt(parts[2] as string, 16), parts[3] as string);
  }

  /** Return whether a text is a reading. */
  static is(text: string): boolean {
    return HLC.test(text);
  }

  toString(): string {
    const counter = this.counter.toString(16).padStart(4, "0");
    return `${String(this.unixMs).padStart(13, "0")}-${counter}-${this.replica.slice(0, 8)}`;
  }

  /**
   * Return the reading for a new event at wall time `wallMs`, later than this one.
   *
   * After the last of all (in the year 2286) it is that one again: a phone that was set to such a
   * time goes on saving.
   */
  next(wallMs: number, replica: string): Hlc {
    const [own, now] = [replica.slice(0, 8), Math.min(wallMs, LAST_MS)];
    if (now > this.unixMs) return new Hlc(now, 0, own);
    if (this.counter < LAST_COUNTER) return new Hlc(this.unixMs, this.counter + 1, own);
    if (this.unixMs < LAST_MS) return new Hlc(this.unixMs + 1, 0, own);
    return new Hlc(LAST_MS, LAST_COUNTER, own);
  }
}
