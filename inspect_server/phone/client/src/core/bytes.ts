/** Bytes as texts and texts as bytes: UTF-8, hex, standard base64. */

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const HEX = /^(?:[0-9a-f]{2})*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PIECE = 0x2000; // arguments of one call

/** Return a text as UTF-8. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/**
 * Return UTF-8 as text; a byte order mark is a character like any other.
 *
 * @throws TypeError if it is not UTF-8.
 */
export function fromUtf8(content: Uint8Array): string {
  return decoder.decode(content);
}

/** Return bytes in lower-case hex. */
export function hex(content: Uint8Array): string {
  return Array.from(content, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Return what lower-case hex stands for.
 *
 * @throws TypeError if it is something else.
 */
export function fromHex(text: string): Bytes {
  if (!HEX.test(text)) throw new TypeError("not hex");
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
  );
}

/** Return bytes in standard base64 with padding. */
export function base64(content: Uint8Array): string {
  let signs = "";
  for (let at = 0; at < content.length; at += PIECE) {
    signs += String.fromCharCode(...content.subarray(at, at + PIECE));
  }
  return btoa(signs);
}

/**
 * Return what standard base64 with padding stands for.
 *
 * @throws TypeError if it is something else.
 */
export function fromBase64(text: string): Bytes {
  if (!BASE64.test(text)) throw new TypeError("not base64");
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** Return all bytes one after the other. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Return whether two contents are the same. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
