/**
 * RFC 9421 HTTP message signatures and RFC 9530 Content-Digest, in the one profile of the protocol.
 *
 * Covered are, in this order, `@method`, `@path`, `@query`, and `content-digest` whenever the
 * request has a body; parameters are `created`, `keyid` (the replica's id) and `alg`.
 */

import { base64, utf8 } from "./bytes.ts";
import type { Bytes } from "./bytes.ts";
import { sha256 } from "./digests.ts";

/** What of a request is signed: path and query raw as in the request line, without the ?. */
export interface Target {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
}

/** Return the Content-Digest header over the content as sent (after gzip). */
export async function contentDigest(body: Uint8Array): Promise<string> {
  return `sha-256=:${base64(await sha256(body))}:`;
}

/** Return the signature base (RFC 9421 section 2.5); `digest` is empty without a body. */
export function signatureBase(target: Target, digest: string, parameters: string): Bytes {
  const lines = [
    `"@method": ${target.method.toUpperCase()}`,
    `"@path": ${target.path}`,
    `"@query": ?${target.query ?? ""}`,
    ...(digest === "" ? [] : [`"content-digest": ${digest}`]),
    `"@signature-params": ${parameters}`,
  ];
  return utf8(lines.join("\n"));
}

/**
 * Return the headers that sign a request.
 *
 * @param body Content as sent, or null when the request has none.
 * @param replica The carrying replica.
 * @param created Unix seconds.
 * @param sign P-256 over the bytes, raw r‖s.
 */
export async function signedHeaders(
  target: Target,
  body: Uint8Array | null,
  replica: string,
  created: number,
  sign: (content: Bytes) => Promise<Uint8Array>,
): Promise<Record<string, string>> {
  const digest = body === null ? "" : await contentDigest(body);
  const covered = `"@method" "@path" "@query"${digest === "" ? "" : ' "content-digest"'}`;
  const parameters = `(${covered});created=${created};keyid="${replica}";alg="ecdsa-p256-sha256"`;
  const raw = base64(await sign(signatureBase(target, digest, parameters)));
  return {
    "Signature-Input": `sig1=${parameters}`,
    Signature: `sig1=:${raw}:`,
    ...(digest === "" ? {} : { "Content-Digest": digest }),
  };
}
