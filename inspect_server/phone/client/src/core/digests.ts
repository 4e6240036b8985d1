/** What is cited by its SHA-256: bytes, views, orders, blobs, scopes. */

import { hex, utf8 } from "./bytes.ts";
import type { Bytes } from "./bytes.ts";
import { byCodePoint, canonical } from "./canonical.ts";

/** The fields of a finding of which an order speaks. */
export interface OrderedFinding {
  readonly basis: string;
  readonly level: string;
  readonly place: string;
  readonly text: string;
  readonly measure: string;
  readonly deadline: string;
  readonly corrected_on_site: boolean;
}

/** What can be ordered about one finding together, in the order in which it is written. */
export const ORDERED: readonly string[] = [
  "rectify_now",
  "rectify_within",
  "withdraw",
  "suspend",
  "stop_use",
];

/** Return the SHA-256 of bytes. */
export async function sha256(content: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content as Bytes));
}

/** Return the lower-case hex SHA-256 of bytes. */
export async function sha256Hex(content: Uint8Array): Promise<string> {
  return hex(await sha256(content));
}

/** Return what a signature cites: SHA-256 over the JCS of the sorted operation ids. */
export function viewDigest(live: Iterable<string>): Promise<string> {
  return digestOf([...live].sort());
}

/** Return SHA-256 over the JCS of the sorted, distinct hex hashes that entries cite. */
export function blobRoot(hashes: Iterable<string>): Promise<string> {
  return digestOf([...new Set(hashes)].sort());
}

/** Return whether an order demands a finding: not if it was corrected on site, or referred. */
export function isOrdered(finding: Pick<OrderedFinding, "corrected_on_site" | "measure">): boolean {
  return !finding.corrected_on_site && finding.measure !== "refer";
}

/**
 * Return what a signature given to an order cites: SHA-256 over the JCS of what was shown.
 *
 * @param number The inspection's, which stands for the 文号 until the server gives one.
 * @param enterprise `name` and `uscc` count.
 * @param findings In any order; what is ordered at once has no day.
 */
export function orderView(
  number: string,
  enterprise: Readonly<{ name: string; uscc: string }>,
  findings: Iterable<OrderedFinding>,
): Promise<string> {
  const demands = [...findings].filter(isOrdered).map((finding) => {
    const { basis, level, place, text, measure } = finding;
    const deadline = measure === "rectify_now" ? "" : finding.deadline;
    return { basis, level, place, text, deadline };
  });
  demands.sort((one, other) => byCodePoint(canonical(one), canonical(other)));
  const { name, uscc } = enterprise;
  return digestOf({ document: "order", number, enterprise: { name, uscc }, demands });
}

/**
 * Return the digest by which both sides know that a phone holds exactly its scopes.
 *
 * @param versions Id and version of every document not deleted in the user's scopes.
 */
export function scopeDigest(versions: Iterable<readonly [string, number]>): Promise<string> {
  const lines = [...versions].map(([id, version]) => `${id}\t${version}\n`).sort(byCodePoint);
  return sha256Hex(utf8(lines.join("")));
}

function digestOf(value: unknown): Promise<string> {
  return sha256Hex(utf8(canonical(value)));
}
