/** What the server signs for a phone, and what a phone signs to be enrolled. */

import { concat, fromBase64, fromUtf8, hex, utf8 } from "./bytes.ts";
import type { Bytes } from "./bytes.ts";
import { BadReceipt } from "./problems.ts";
import { Malformed, readJson } from "./reading/json.ts";
import { Mismatch, oneOf, record, table, text, whole } from "./reading/shapes.ts";
import type { Of } from "./reading/shapes.ts";

const RECEIPT_DOMAIN = "inspect-sync receipt v1\n";
const ENROL_DOMAIN = "inspect-sync enrol v1";
const ED25519 = "Ed25519";

/** The receipt's exact bytes, and Ed25519 over the domain ‖ bytes, in base64 as on the wire. */
export interface ReceiptReply {
  readonly receipt_b64: string;
  readonly sig_b64: string;
  readonly kid: string;
}

const anything = text(Infinity);
const number = whole(0, Number.MAX_SAFE_INTEGER);
const receipt = record(
  {
    v: oneOf(1),
    epoch: anything,
    replica: anything,
    upto_seq: number,
    head_hash: anything,
    entry_count: number,
    blob_root: anything,
    effects: table(anything, number),
    log_pos: number,
    log_root: anything,
    time: anything,
    kid: anything,
  },
  { after_seq: number },
  "passed over",
);

/** What the server promises to hold: entries without a gap, with every blob verified. */
export type Receipt = Required<Of<typeof receipt>>;

/**
 * Return the receipt when a pinned key signed it.
 *
 * @param keys Id of the key -> raw Ed25519 public key, pinned at enrolment.
 * @throws BadReceipt for an unknown key, a wrong signature, or bytes that are no receipt.
 */
export async function verifyReceipt(
  reply: ReceiptReply,
  keys: ReadonlyMap<string, Uint8Array>,
): Promise<Receipt> {
  const key = keys.get(reply.kid);
  if (key === undefined) throw new BadReceipt("签名密钥未知");
  const [content, signature] = bytesOf(reply);
  const signed = concat(utf8(RECEIPT_DOMAIN), content);
  if (!(await verifyEd25519(key, signed, signature))) throw new BadReceipt("签名不符");
  const read = readReceipt(content);
  if (read.kid !== reply.kid) throw new BadReceipt("密钥编号不符");
  return read;
}

/** Return what the new key signs at enrolment: domain, nonce, login, hex key, a line each. */
export function enrolProofBytes(nonce: string, login: string, publicKey: Uint8Array): Bytes {
  return utf8([ENROL_DOMAIN, nonce, login, hex(publicKey), ""].join("\n"));
}

function bytesOf(reply: ReceiptReply): [Bytes, Bytes] {
  try {
    return [fromBase64(reply.receipt_b64), fromBase64(reply.sig_b64)];
  } catch {
    throw new BadReceipt("不是规定的编码");
  }
}

function readReceipt(content: Uint8Array): Receipt {
  try {
    return { after_seq: 0, ...receipt(readJson(fromUtf8(content))) };
  } catch (error) {
    const isWrong = error instanceof Mismatch || error instanceof Malformed;
    if (isWrong || error instanceof TypeError) throw new BadReceipt("内容不是回执");
    throw error;
  }
}

/** Browsers know this curve since 2023 to 2025; to others a library is fetched. */
async function verifyEd25519(
  key: Uint8Array,
  content: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) return false;
  const known = await imported(key);
  if (known === undefined) {
    const { ed25519 } = await import("@noble/curves/ed25519.js");
    return ed25519.verify(signature, content, key, { zip215: false });
  }
  return crypto.subtle.verify(ED25519, known, signature as Bytes, content as Bytes);
}

/** Return the key as this browser has it, undefined where it does not know the curve. */
async function imported(key: Uint8Array): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey("raw", key as Bytes, ED25519, false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
