/**
 * The messages of docs/sync.md as they stand on the wire, and what an answer must say to be one.
 *
 * Whatever does not, a hotel's portal for instance, counts as no answer. Fields that nobody here
 * knows are passed over, so that either side may be newer.
 */

import { fromUtf8 } from "../../core/bytes.ts";
import { TYPES } from "../../core/values.ts";

export const PREFIX = "/sync/v1";
export const PATHS = {
  nonce: `${PREFIX}/nonce`,
  replicas: `${PREFIX}/replicas`,
  state: `${PREFIX}/state`,
  push: `${PREFIX}/push`,
  pull: `${PREFIX}/pull`,
  have: `${PREFIX}/blobs/have`,
  blobs: `${PREFIX}/blobs`,
  uploads: `${PREFIX}/uploads`,
  receipts: `${PREFIX}/receipts`,
  previews: `${PREFIX}/previews`,
} as const;

export const CHUNK_BYTES = 1024 * 1024;
export const MAX_BLOB_BYTES = 256 * 1024 * 1024;
export const MAX_HAVE_HASHES = 1000;
export const MAX_PULL_DOCUMENTS = 1000;

/** Whether a value is what stands at one place of a message. */
export type Is<T> = (value: unknown) => value is T;
export type Of<I> = I extends Is<infer T> ? T : never;
type Fields = Readonly<Record<string, Is<unknown>>>;
type Shape<F extends Fields> = { readonly [K in keyof F]: Of<F[K]> };

const isText: Is<string> = (value) => typeof value === "string";
const isFlag: Is<boolean> = (value) => typeof value === "boolean";
const isThere: Is<unknown> = (value): value is unknown => value !== undefined;
const isWhole: Is<number> = (value): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;
const isToken = fits(/^[!-~]{1,1000}$/);
const isId = fits(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const isHash = fits(/^[0-9a-f]{64}$/);
const isBase64: Is<string> = (value): value is string =>
  isText(value) && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);

function fits(pattern: RegExp): Is<string> {
  return (value): value is string => typeof value === "string" && pattern.test(value);
}

function oneOf<T extends string>(...names: readonly T[]): Is<T> {
  return (value): value is T => (names as readonly unknown[]).includes(value);
}

function optional<T>(is: Is<T>): Is<T | undefined> {
  return (value) => value === undefined || is(value);
}

function listOf<T>(is: Is<T>): Is<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(is);
}

function shape<F extends Fields>(fields: F): Is<Shape<F>> {
  const places = Object.entries(fields);
  return (value): value is Shape<F> =>
    isObject(value) && places.every(([name, is]) => is(value[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isMapOfWhole: Is<Readonly<Record<string, number>>> = (
  value,
): value is Readonly<Record<string, number>> =>
  isObject(value) && Object.values(value).every(isWhole);

export const isNonceReply = shape({ nonce: isText, server_time: isText });
export type NonceReply = Of<typeof isNonceReply>;

export const isEnrolReply = shape({
  replica_id: isText,
  device_id: isId,
  user_id: isId,
  user_name: isText,
  officer_id: (value): value is string => value === "" || isId(value),
  dataset_epoch: isText,
  server_keys: listOf(
    shape({ kid: isText, alg: oneOf("ed25519"), public_key_b64: isBase64 }),
  ),
  pull_token: isToken,
  server_time: isText,
});
export type EnrolReply = Of<typeof isEnrolReply>;

export const isStateReply = shape({
  epoch: isText,
  upto_seq: isWhole,
  head_hash: isText,
  held: listOf(isWhole),
  missing_blobs: listOf(isHash),
  pull_needed: isFlag,
  server_time: isText,
  lacking: optional(listOf(shape({ seq: isWhole, hash: isText }))),
});
export type StateReply = Of<typeof isStateReply>;

export const isPushReply = shape({
  upto_seq: isWhole,
  head_hash: isText,
  results: listOf(
    shape({
      seq: isWhole,
      hash: isText,
      stored: oneOf("new", "duplicate", "fork", "unverified", "refused"),
      effect: oneOf("applied", "conflict", "held", "quarantined"),
      reason: isText,
      flags: listOf(isText),
    }),
  ),
  missing_blobs: listOf(isHash),
  server_time: isText,
});
export type PushReply = Of<typeof isPushReply>;

const isPulledDocument = shape({
  id: isText,
  scope: isText,
  kind: isText,
  ver: isWhole,
  pos: isWhole,
  deleted: isFlag,
  body: isThere,
});
export type PulledDocument = Of<typeof isPulledDocument>;

export const isPullReply = shape({
  docs: listOf(isPulledDocument),
  leave: listOf(isText),
  applied_upto: isMapOfWhole,
  cursor: (value): value is string => isText(value) && value.length <= 300,
  has_more: isFlag,
  scope_digest: isText,
  log_pos: isWhole,
});
export type PullReply = Of<typeof isPullReply>;

export const isHaveReply = shape({ missing: listOf(shape({ sha256: isHash, token: isToken })) });
export type WantedBlob = Of<typeof isHaveReply>["missing"][number];

export const isReceiptReply = shape({
  receipt_b64: isBase64,
  sig_b64: isBase64,
  kid: isText,
});
export type ReceiptReply = Of<typeof isReceiptReply>;

export const isPreviewReply = shape({
  title: isText,
  number: isText,
  stage: oneOf("open", "closed", "issued"),
  said_sha256: isHash,
  lacking: listOf(shape({ code: isText, detail: isText })),
  pictures_left_out: isWhole,
  pdf_b64: isBase64,
});
export type PreviewReply = Of<typeof isPreviewReply>;

export const isProblem = shape({
  code: isText,
  detail: isText,
  missing: optional(listOf(isText)),
});
export type Problem = Of<typeof isProblem>;

/** Return a message, undefined where the bytes are none of this kind. */
export function decode<T>(is: Is<T>, content: Uint8Array): T | undefined {
  try {
    const value: unknown = JSON.parse(fromUtf8(content));
    return is(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isOperationId = fits(/^[0-9a-f]{64}#(?:0|[1-9][0-9]{0,2})$/);

const isHead = shape({
  id: isOperationId,
  type: (value): value is string => isText(value) && TYPES.has(value),
  value: isThere,
  blob: (value): value is string | null => value === null || isText(value),
  replica: isText,
  user: isText,
  seq: (value): value is number => Number.isSafeInteger(value),
  wall: isText,
  hlc: isText,
  parents: listOf(isOperationId),
  settled_reason: optional(isText),
});

/** An item of a checklist, or a section of items and sections. */
function isMember(value: unknown): value is unknown {
  if (!isObject(value)) return false;
  const { code = "", items = null } = value as { code?: unknown; items?: unknown };
  if (!isText(code) || !(code !== "" || items !== null)) return false;
  return items === null || (Array.isArray(items) && items.every(isMember));
}

const BODIES: ReadonlyMap<string, Is<unknown>> = new Map<string, Is<unknown>>([
  ["item", shape({ item: isText, heads: listOf(isHead), gone: listOf(isOperationId) })],
  ["task", shape({ form_set: isText, team: optional(listOf(shape({ user_id: isText }))) })],
  ["form", shape({ sections: listOf(isMember as Is<unknown>) })],
]);

/**
 * Return whether a pulled document says what this phone reads in it: the digest counts versions
 * only, and in view another one would stand in the way of capturing.
 */
export function isReadable(kind: string, body: unknown): boolean {
  try {
    return BODIES.get(kind)?.(body) ?? true;
  } catch {
    return false; // deeper than any checklist: the stack ended
  }
}
