/**
 * What lies on the phone is sealed: AES-256-GCM under the account's data key.
 *
 * A sealed value is 12 bytes of IV, fresh for each, and the ciphertext with its tag. The name of
 * the store and the row's key are authenticated with it, so that none stands for another.
 */

import { concat, utf8 } from "../core/bytes.ts";
import type { Bytes } from "../core/bytes.ts";
import { VaultLocked } from "./problems.ts";

const IV_BYTES = 12;
const ITERATIONS = 600_000;
const SALT_BYTES = 16;
const KEY_PLACE = "vaults";
/** Characters of a PIN or passphrase. */
export const SHORTEST_SECRET = 6;
const ROW_OF_DIGITS = "01234567890";

/** A data key as it is kept: only who knows the secret gets it out. */
export interface Wrapped {
  readonly salt: Bytes;
  readonly iterations: number;
  readonly wrapped: Bytes;
}

/** Seals and unseals under one data key, until it is forgotten. */
export class Sealer {
  #key: CryptoKey | null;

  constructor(key: CryptoKey) {
    this.#key = key;
  }

  /** Forget the key. */
  forget(): void {
    this.#key = null;
  }

  /** Return a value as it may be kept in this row of this store. */
  async seal(store: string, row: string, content: Uint8Array): Promise<Bytes> {
    const how = algorithm(store, row, newIv());
    const sealed = await crypto.subtle.encrypt(how, this.#held(), content as Bytes);
    return concat(how.iv, new Uint8Array(sealed));
  }

  /** Return what was sealed in this row of this store; null if this is something else. */
  async unseal(store: string, row: string, sealed: Uint8Array): Promise<Bytes | null> {
    const key = this.#held();
    const how = algorithm(store, row, sealed.slice(0, IV_BYTES) as Bytes);
    try {
      const hidden = sealed.subarray(IV_BYTES) as Bytes;
      return new Uint8Array(await crypto.subtle.decrypt(how, key, hidden));
    } catch {
      return null; // tampered with, cut, or moved
    }
  }

  #held(): CryptoKey {
    if (this.#key === null) throw new VaultLocked();
    return this.#key;
  }
}

/** Return a new data key of an account, wrapped by its secret. */
export async function newDataKey(vault: string, secret: string): Promise<Wrapped> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
  return await wrapped(vault, key, secret);
}

/** Return what seals under this data key; null if the secret is another. */
export async function sealerOf(
  vault: string,
  kept: Wrapped,
  secret: string,
): Promise<Sealer | null> {
  const key = await unwrapped(vault, kept, secret, false);
  return key && new Sealer(key);
}

/** Return the same data key wrapped by another secret; null if the old one does not open it. */
export async function rewrapped(
  vault: string,
  kept: Wrapped,
  secret: string,
  next: string,
): Promise<Wrapped | null> {
  const key = await unwrapped(vault, kept, secret, true);
  return key && (await wrapped(vault, key, next));
}

/**
 * Return the key that a PIN or passphrase gives.
 *
 * Full-width digits, as a Chinese keyboard writes them, count as digits.
 */
export async function keyFrom(
  secret: string,
  salt: Bytes,
  iterations: number,
  usages: KeyUsage[],
): Promise<CryptoKey> {
  const typed = utf8(plainSecret(secret));
  const from = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return await crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, usages);
}

/** Return whether a secret is too short, one sign over and over, or digits in a row. */
export function isWeak(secret: string, shortest = SHORTEST_SECRET): boolean {
  const plain = plainSecret(secret);
  const back = [...plain].reverse().join("");
  const isInRow = ROW_OF_DIGITS.includes(plain) || ROW_OF_DIGITS.includes(back);
  return [...plain].length < shortest || new Set(plain).size === 1 || isInRow;
}

/** Return what a new secret is derived with. */
export function newSalt(): { salt: Bytes; iterations: number } {
  return { salt: crypto.getRandomValues(new Uint8Array(SALT_BYTES)), iterations: ITERATIONS };
}

async function wrapped(vault: string, key: CryptoKey, secret: string): Promise<Wrapped> {
  const { salt, iterations } = newSalt();
  const by = await keyFrom(secret, salt, iterations, ["wrapKey"]);
  const how = algorithm(KEY_PLACE, vault, newIv());
  const hidden = await crypto.subtle.wrapKey("raw", key, by, how);
  return { salt, iterations, wrapped: concat(how.iv, new Uint8Array(hidden)) };
}

async function unwrapped(
  vault: string,
  kept: Wrapped,
  secret: string,
  extractable: boolean,
): Promise<CryptoKey | null> {
  const by = await keyFrom(secret, kept.salt, kept.iterations, ["unwrapKey"]);
  const iv = kept.wrapped.slice(0, IV_BYTES);
  const how = algorithm(KEY_PLACE, vault, iv);
  const hidden = kept.wrapped.slice(IV_BYTES);
  try {
    return await crypto.subtle.unwrapKey("raw", hidden, by, how, "AES-GCM", extractable, [
      "encrypt",
      "decrypt",
    ]);
  } catch {
    return null;
  }
}

function newIv(): Bytes {
  return crypto.getRandomValues(new Uint8Array(IV_BYTES));
}

function algorithm(store: string, row: string, iv: Bytes): AesGcmParams & { iv: Bytes } {
  return { name: "AES-GCM", iv, additionalData: utf8(`${store}\n${row}`) };
}

/** Return a secret as it counts, however it was typed. */
function plainSecret(secret: string): string {
  return secret.normalize("NFKC");
}
