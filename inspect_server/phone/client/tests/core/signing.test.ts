/** Keys, signed requests and receipts. */

import { readFileSync } from "node:fs";

import { afterEach, expect, test, vi } from "vitest";

import { base64, fromHex, fromUtf8, hex, utf8 } from "../../src/core/bytes.ts";
import * as keys from "../../src/core/keys.ts";
import { BadReceipt, PhoneError, UnfitBrowser } from "../../src/core/problems.ts";
import { enrolProofBytes, verifyReceipt } from "../../src/core/receipts.ts";
import { contentDigest, signatureBase, signedHeaders } from "../../src/core/requests.ts";

interface SignedReceipt {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly bytes: string;
  readonly kid: string;
  readonly public_key_hex: string;
  readonly signature_hex: string;
}

const VECTORS = new URL("../../../../../tests/vectors/sync/digests.json", import.meta.url);
const { receipt } = JSON.parse(readFileSync(VECTORS, "utf8")) as { receipt: SignedReceipt };
const REPLY = {
  receipt_b64: base64(utf8(receipt.bytes)),
  sig_b64: base64(fromHex(receipt.signature_hex)),
  kid: receipt.kid,
};
const PINNED = new Map([[receipt.kid, fromHex(receipt.public_key_hex)]]);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a key signs, cannot leave, and nobody else's signature holds", async () => {
  const [own, other] = await Promise.all([keys.newKey(), keys.newKey()]);
  const content = utf8("厚");
  const signature = await keys.sign(own.privateKey, content);
  const [mine, theirs] = await Promise.all([own, other].map(keys.rawPublicKey));

  expect(own.privateKey.extractable).toBe(false);
  expect(signature.length).toBe(64);
  expect(await keys.verify(mine!, content, signature)).toBe(true);
  expect(await keys.verify(mine!, content, signature)).toBe(true); // with the key remembered
  expect(await keys.verify(theirs!, content, signature)).toBe(false);
  expect(await keys.verify(mine!, utf8("薄"), signature)).toBe(false);
  expect(await keys.verify(mine!, content, signature.subarray(1))).toBe(false);
  expect(await keys.isKeyOf(await keys.replicaId(mine!), mine!)).toBe(true);
  expect(await keys.isKeyOf(await keys.replicaId(mine!), theirs!)).toBe(false);
});

test("what is no point of the curve is nobody's key", async () => {
  const nowhere = Uint8Array.from({ length: 65 }, (_, at) => (at === 0 ? 4 : 1));

  expect(await keys.verify(nowhere, utf8(""), new Uint8Array(64))).toBe(false);
  expect(await keys.isKeyOf(await keys.replicaId(nowhere), nowhere)).toBe(false);
  expect(await keys.verify(nowhere.subarray(1), utf8(""), new Uint8Array(64))).toBe(false);
});

test("without https there is nothing to sign with, and that is said", async () => {
  vi.stubGlobal("crypto", { getRandomValues: () => undefined });

  await expect(keys.newKey()).rejects.toBeInstanceOf(UnfitBrowser);
  await expect(keys.newKey()).rejects.toThrow("https");
});

test("a request without a body covers no digest", async () => {
  const seen: string[] = [];
  const sign = async (message: Uint8Array): Promise<Uint8Array> => {
    seen.push(fromUtf8(message));
    return Uint8Array.of(1);
  };
  const target = { method: "get", path: "/sync/v1/state", query: "replica=1" };
  const headers = await signedHeaders(target, null, "ab", 7, sign);

  expect(Object.keys(headers).sort()).toEqual(["Signature", "Signature-Input"]);
  const parameters = headers["Signature-Input"]?.slice("sig1=".length) ?? "";
  expect(parameters).not.toContain("content-digest");
  expect(seen).toEqual([fromUtf8(signatureBase(target, "", parameters))]);
  expect(seen[0]).toContain('"@method": GET\n"@path": /sync/v1/state\n"@query": ?replica=1\n');
});

test("an empty body is a body", async () => {
  const sign = async (): Promise<Uint8Array> => Uint8Array.of(1);
  const headers = await signedHeaders({ method: "POST", path: "/" }, new Uint8Array(), "", 0, sign);

  expect(headers["Content-Digest"]).toBe(await contentDigest(new Uint8Array()));
});

test("a receipt holds under the pinned key", async () => {
  expect(await verifyReceipt(REPLY, PINNED)).toEqual({ ...receipt.fields, after_seq: 0 });
});

test("a browser without the curve fetches it, and judges alike", async () => {
  const unknown = new DOMException("Unrecognized name.", "NotSupportedError");
  const imports = vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(unknown);

  expect(await verifyReceipt(REPLY, PINNED)).toEqual({ ...receipt.fields, after_seq: 0 });
  const changed = { ...REPLY, receipt_b64: base64(utf8(`${receipt.bytes} `)) };
  await expect(verifyReceipt(changed, PINNED)).rejects.toBeInstanceOf(BadReceipt);
  expect(imports).toHaveBeenCalledTimes(2);
});

test.each([
  ["another key's id", { kid: "k2" }],
  ["no base64", { sig_b64: "?" }],
  ["a signature that is too short", { sig_b64: "AAAA" }],
])("a receipt with %s does not hold", async (_, changed) => {
  await expect(verifyReceipt({ ...REPLY, ...changed }, PINNED)).rejects.toBeInstanceOf(BadReceipt);
});

test("what a server signs that is no receipt is none", async () => {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const signed = async (bytes: string): Promise<unknown> => {
    const message = utf8(`inspect-sync receipt v1\n${bytes}`);
    const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, message));
    const reply = { receipt_b64: base64(utf8(bytes)), sig_b64: base64(signature), kid: "k1" };
    return verifyReceipt(reply, new Map([["k1", raw]])).catch((error: PhoneError) => error.message);
  };
  const { kid, ...rest } = receipt.fields;

  expect(await signed(JSON.stringify({ ...receipt.fields, more: [1.5] }))).toMatchObject({ kid });
  expect(await signed(JSON.stringify({ ...rest, kid: "k2" }))).toContain("密钥编号不符");
  for (const wrong of ["", "[]", JSON.stringify(rest), '{"v":1.0}', "\u0000"]) {
    expect(await signed(wrong)).toContain("内容不是回执");
  }
});

test("what a new key signs names the account and the key", () => {
  const proof = fromUtf8(enrolProofBytes("n", "张三", Uint8Array.of(4, 255)));

  expect(proof).toBe(`inspect-sync enrol v1\nn\n张三\n${hex(Uint8Array.of(4, 255))}\n`);
});
