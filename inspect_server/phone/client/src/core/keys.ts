/** A replica's P-256 key: WebCrypto makes it and keeps it where no script can read it. */

import type { Bytes } from "./bytes.ts";
import { hex } from "./bytes.ts";
import { sha256Hex } from "./digests.ts";
import { UnfitBrowser } from "./problems.ts";

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const ECDSA = { name: "ECDSA", hash: "SHA-256" } as const;
const REMEMBERED = 100;

const imported = new Map<string, CryptoKey>();

/** Return a fresh key; its private half never leaves the browser. */
export async function newKey(): Promise<CryptoKeyPair> {
  // Over plain http there is no `subtle`, whatever its type says.
  if (!(globalThis.crypto?.subtle as SubtleCrypto | undefined)) throw new UnfitBrowser("签名");
  return crypto.subtle.generateKey(P256, false, ["sign", "verify"]);
}

/** Return the public key as 65 bytes: 0x04 ‖ x ‖ y. */
export async function rawPublicKey(pair: CryptoKeyPair): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
}

/** Return the hex SHA-256 of the raw public key: the name of its replica. */
export function replicaId(publicKey: Uint8Array): Promise<string> {
  return sha256Hex(publicKey);
}

/** Return whether this is the raw public key whose hash names the replica. */
export async function isKeyOf(replica: string, publicKey: Uint8Array): Promise<boolean> {
  if ((await replicaId(publicKey)) !== replica) return false;
  return (await loaded(publicKey)) !== undefined;
}

/** Return the signature of a private key as raw r‖s, 64 bytes. */
export async function sign(key: CryptoKey, content: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(ECDSA, key, content as Bytes));
}

/** Return whether `signature` (raw r‖s) is by `publicKey` (raw, 65 bytes) over `content`. */
export async function verify(
  publicKey: Uint8Array,
  content: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (signature.length !== 64) return false;
  const key = await loaded(publicKey);
  if (key === undefined) return false;
  return crypto.subtle.verify(ECDSA, key, signature as Bytes, content as Bytes);
}

/** Return a public key to verify with, undefined if it is no uncompressed point of P-256. */
async function loaded(publicKey: Uint8Array): Promise<CryptoKey | undefined> {
  if (publicKey.length !== 65 || publicKey[0] !== 4) return undefined;
  const name = hex(publicKey);
  const known = imported.get(name);
  if (known !== undefined) return known;
  try {
    const key = await crypto.subtle.importKey("raw", publicKey as Bytes, P256, true, ["verify"]);
    if (imported.size === REMEMBERED) imported.clear();
    imported.set(name, key);
    return key;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
