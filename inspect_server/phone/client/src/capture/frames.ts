/**
 * A partner's file as a series of short texts, each of which fits one QR code, and back.
 *
 * A frame is `IX1/<id>/<n>/<of>/<payload>`: `id` the first 16 hex digits (capitals) of the SHA-256
 * of the whole, `n` from 1, the payload base45 (RFC 9285). All of it is in the alphabet of which a
 * code holds most. Frames are read in any order, as often as the camera sees them.
 */

import { concat, hex } from "../core/bytes.ts";
import type { Bytes } from "../core/bytes.ts";
import { sha256 } from "../core/digests.ts";
import { PhoneError } from "../core/problems.ts";
import { BadFile } from "./problems.ts";

/** Characters of a code of version 20 at level M: as large as one phone reads off another. */
export const MOST_CHARACTERS = 970;
/** Frames that somebody holds a phone still for. */
export const MOST_FRAMES = 100;

const MARK = "IX1";
const ID_DIGITS = 16;
const HEADER = `${MARK}/${"0".repeat(ID_DIGITS)}/${MOST_FRAMES}/${MOST_FRAMES}/`.length;
/** Three characters hold two bytes. */
const FRAME_BYTES = Math.floor((MOST_CHARACTERS - HEADER) / 3) * 2;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const FRAME = /^IX1\/([0-9A-F]{16})\/([1-9][0-9]{0,2})\/([1-9][0-9]{0,2})\/([0-9A-Z $%*+\-./:]+)$/;

/** More than can be shown as a series; as a file it goes. */
export class TooManyFrames extends PhoneError {
  constructor() {
    const said = "内容较多，不便用二维码传递，请改用“发送文件”传给同伴。";
    super("phone.too_many_frames", said, { most: MOST_FRAMES });
  }
}

/** What became of a text that was read: of this series and new, or known, of another, or none. */
export type Taken = "new" | "known" | "another" | "none";

/**
 * Return the texts that together are this content, of about the same length.
 *
 * @throws TooManyFrames if there are more than anybody waits for.
 */
export async function framesOf(content: Uint8Array): Promise<readonly string[]> {
  const of = Math.max(1, Math.ceil(content.length / FRAME_BYTES));
  if (of > MOST_FRAMES) throw new TooManyFrames();
  const id = await idOf(content);
  const size = 2 * Math.ceil(content.length / of / 2);
  return Array.from({ length: of }, (_, at) => {
    const part = content.subarray(at * size, (at + 1) * size);
    return `${MARK}/${id}/${at + 1}/${of}/${base45(part)}`;
  });
}

/** Puts a series together again; the first frame that is read says which one. */
export class Series {
  #id = "";
  #of = 0;
  readonly #parts = new Map<number, Bytes>();

  /** Take in what a camera read. */
  take(text: string): Taken {
    const frame = frameOf(text);
    if (frame === undefined) return "none";
    if (this.#id === "") [this.#id, this.#of] = [frame.id, frame.of];
    if (frame.id !== this.#id || frame.of !== this.#of) return "another";
    if (this.#parts.has(frame.n)) return "known";
    this.#parts.set(frame.n, frame.part);
    return "new";
  }

  /** How many frames there are; 0 before the first was read. */
  get of(): number {
    return this.#of;
  }

  /** The numbers of those that were not read yet. */
  get missing(): readonly number[] {
    const all = Array.from({ length: this.#of }, (_, at) => at + 1);
    return all.filter((n) => !this.#parts.has(n));
  }

  get isWhole(): boolean {
    return this.#of > 0 && this.#parts.size === this.#of;
  }

  /**
   * Return what all frames together say.
   *
   * @throws BadFile if some are missing, or they are not of one content.
   */
  async content(): Promise<Bytes> {
    if (!this.isWhole) throw new BadFile("二维码没有扫全");
    const parts = [...this.#parts].sort(([one], [other]) => one - other);
    const content = concat(...parts.map(([, part]) => part));
    if ((await idOf(content)) !== this.#id) throw new BadFile("二维码内容不一致");
    return content;
  }
}

async function idOf(content: Uint8Array): Promise<string> {
  return hex(await sha256(content)).slice(0, ID_DIGITS).toUpperCase();
}

interface Frame {
  readonly id: string;
  readonly n: number;
  readonly of: number;
  readonly part: Bytes;
}

/** Return what a text says as a frame, undefined if it is none. */
function frameOf(text: string): Frame | undefined {
  const [, id = "", ...rest] = FRAME.exec(text) ?? [];
  const [n, of] = rest.slice(0, 2).map(Number);
  const part = fromBase45(rest[2] ?? "");
  if (n === undefined || of === undefined || part === undefined) return undefined;
  return n <= of && of <= MOST_FRAMES ? { id, n, of, part } : undefined;
}

/** Return bytes in signs of which a code holds most (RFC 9285). */
export function base45(content: Uint8Array): string {
  let signs = "";
  for (let at = 0; at < content.length; at += 2) {
    const [first = 0, second] = content.subarray(at, at + 2);
    const [number, places] = second === undefined ? [first, 2] : [256 * first + second, 3];
    for (let place = 0; place < places; place += 1) {
      signs += ALPHABET[Math.floor(number / 45 ** place) % 45];
    }
  }
  return signs;
}

/** Return what base45 stands for, undefined if it stands for nothing. */
export function fromBase45(text: string): Bytes | undefined {
  const content: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const [low = 0, middle, high] = [...text.slice(at, at + 3)].map((one) => ALPHABET.indexOf(one));
    if (middle === undefined) return undefined;
    const number = low + 45 * middle + 2025 * (high ?? 0);
    if (number > (high === undefined ? 0xff : 0xffff)) return undefined;
    content.push(...(high === undefined ? [number] : [number >> 8, number & 0xff]));
  }
  return Uint8Array.from(content);
}
