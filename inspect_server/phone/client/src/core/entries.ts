/**
 * Entries: one atomic save on a phone, as the exact bytes that are hashed, signed and stored.
 *
 * Nobody re-serialises an entry: it is parsed to be read, never to be written again.
 */

import { fromUtf8, utf8 } from "./bytes.ts";
import type { Bytes } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { sha256Hex } from "./digests.ts";
import { Hlc, isItem, isOperationId, localParent, operationId } from "./ids.ts";
import { BadEntry } from "./problems.ts";
import { Malformed, readJson } from "./reading/json.ts";
import type { Json } from "./reading/json.ts";
import { Mismatch, asWritten, list, oneOf, record, text, whole } from "./reading/shapes.ts";
import { NO_NUL, hash, hashOrEmpty, isMoment, moment, uuid, uuidOrEmpty } from "./texts.ts";
import { TYPES, checkValue, named } from "./values.ts";

export const MAX_ENTRY_BYTES = 256 * 1024;
export const MAX_OPERATIONS = 500;
export const MAX_PARENTS = 2000;
const MAX_SEQ = Number.MAX_SAFE_INTEGER;

/** One operation as it stands in an entry; `value` is plain JSON data. */
export interface Op {
  readonly type: string;
  readonly item: string;
  readonly parents: readonly string[];
  readonly value: unknown;
  readonly blob?: string;
}

/** The fields of an entry, in the order in which this app writes them. */
export interface Entry {
  readonly v: 1;
  readonly replica: string;
  readonly seq: number;
  readonly prev: string;
  readonly device: string;
  /** Empty only in entries of the server that no account caused. */
  readonly user: string;
  /** Empty only where nothing but `replica/` or `entry/` items stand. */
  readonly assignment: string;
  readonly form: string;
  readonly hlc: string;
  /** Device wall clock, RFC 3339 with offset. */
  readonly wall: string;
  /** IANA name. */
  readonly tz: string;
  /** Milliseconds of the monotonic clock. */
  readonly mono: number;
  readonly boot: string;
  /** RFC 3339, or empty before the first contact. */
  readonly last_server_time: string;
  readonly ops: readonly Op[];
}

/** One operation with everything that merging and reading need. */
export interface Operation {
  /** `<entry hash>#<index>`. */
  readonly id: string;
  readonly assignment: string;
  readonly item: string;
  readonly type: string;
  /** Full operation ids. */
  readonly parents: readonly string[];
  readonly value: unknown;
  /** The value's RFC 8785 form. */
  readonly canonical: string;
  /** Hex SHA-256, or empty. */
  readonly blob: string;
  readonly replica: string;
  readonly seq: number;
  readonly user: string;
  readonly wall: string;
  readonly hlc: string;
}

const anything = text(Infinity);
const op = record(
  {
    type: text(30),
    item: anything,
    parents: list(anything, MAX_PARENTS),
    value: asWritten,
  },
  { blob: hash },
);
const entry = record({
  v: oneOf(1),
  replica: hash,
  seq: whole(1, MAX_SEQ),
  prev: hashOrEmpty,
  device: uuid,
  user: uuidOrEmpty,
  assignment: uuidOrEmpty,
  form: text(400),
  hlc: anything,
  wall: moment,
  tz: text(64, NO_NUL),
  mono: whole(0, MAX_SEQ),
  boot: text(64, NO_NUL, 1),
  last_server_time: anything,
  ops: list(op, MAX_OPERATIONS, 1),
});

type WrittenOp = Omit<Op, "value"> & { readonly value: Json };

/**
 * Return the bytes of a new entry.
 *
 * @throws BadEntry if it breaks the schema; nothing may be signed that a server would not apply.
 */
export function build(entry: Entry): Bytes {
  const content = encoded(entry);
  parse(content);
  return content;
}

/** Return how many bytes an entry takes; at most MAX_ENTRY_BYTES may be signed. */
export function size(entry: Entry): number {
  return encoded(entry).length;
}

/**
 * Read an entry strictly: every field, every operation's value, every limit.
 *
 * A key that stands twice counts with its last value, as in every browser.
 *
 * @throws BadEntry with the field and the reason.
 */
export function parse(content: Uint8Array): Entry {
  if (content.length > MAX_ENTRY_BYTES) {
    throw new BadEntry("entry", `超过 ${MAX_ENTRY_BYTES} 字节`);
  }
  const read = readEntry(content);
  if ((read.seq === 1) !== (read.prev === "")) {
    throw new BadEntry("prev", "仅第一条记录的 prev 为空");
  }
  if (!Hlc.is(read.hlc)) throw new BadEntry("hlc", "格式应为 毫秒-计数-设备");
  if (!isMoment(read.wall)) throw new BadEntry("wall", "不是有效时刻");
  if (read.last_server_time !== "" && !isMoment(read.last_server_time)) {
    throw new BadEntry("last_server_time", "不是有效时刻");
  }
  const { replica, assignment } = read;
  const ops = read.ops.map((op, at) => checkedOp(op, at, replica, assignment));
  return { ...read, ops };
}

/**
 * Check one operation against everything but the entry's size.
 *
 * @param op As it will stand in the entry.
 * @param index Its place there, from 0; a `#k` parent must come earlier.
 * @param replica The entry's own.
 * @param assignment The entry's own.
 * @throws BadEntry with the field and the reason.
 */
export function checkOperation(op: Op, index: number, replica: string, assignment: string): void {
  const field = `ops[${index}]`;
  const read = asWrittenOp(op, field);
  checkedOp(read, index, replica, assignment);
}

/** Return the hex SHA-256 of the entry's bytes, which names it. */
export function entryHash(content: Uint8Array): Promise<string> {
  return sha256Hex(content);
}

/** Return the operations of an entry with full ids; `#k` parents are resolved. */
export function operations(entry: Entry, hash: string): readonly Operation[] {
  const { assignment, replica, seq, user, wall, hlc } = entry;
  return entry.ops.map((op, index) => ({
    id: operationId(hash, index),
    assignment,
    item: op.item,
    type: op.type,
    parents: op.parents.map((parent) => (parent.startsWith("#") ? hash + parent : parent)),
    value: op.value,
    canonical: canonical(op.value),
    blob: op.blob ?? "",
    replica,
    seq,
    user,
    wall,
    hlc,
  }));
}

function encoded(entry: Entry): Bytes {
  return utf8(JSON.stringify(entry));
}

function readEntry(content: Uint8Array): Omit<Entry, "ops"> & { ops: readonly WrittenOp[] } {
  try {
    return entry(readJson(fromUtf8(content))) as ReturnType<typeof readEntry>;
  } catch (error) {
    if (error instanceof Mismatch) throw new BadEntry("entry", named(error), `$${error.path}`);
    if (error instanceof Malformed) throw new BadEntry("entry", error.message);
    if (error instanceof TypeError) throw new BadEntry("entry", "不是 UTF-8 文字");
    throw error;
  }
}

function asWrittenOp(plain: Op, field: string): WrittenOp {
  try {
    return op(readJson(JSON.stringify(plain))) as WrittenOp;
  } catch (error) {
    if (error instanceof Mismatch) throw new BadEntry(field, named(error), `$${error.path}`);
    if (error instanceof Malformed) throw new BadEntry(field, error.message);
    throw error;
  }
}

function checkedOp(op: WrittenOp, index: number, replica: string, assignment: string): Op {
  const field = `ops[${index}]`;
  const kind = TYPES.get(op.type);
  if (kind === undefined) throw new BadEntry(`${field}.type`, "未知操作类型");
  if (!isItem(op.item) || !op.item.startsWith(kind.prefix)) {
    throw new BadEntry(`${field}.item`, "项目编号与操作类型不符");
  }
  if (kind.ownReplica && !op.item.endsWith(replica)) {
    throw new BadEntry(`${field}.item`, "项目编号须以本机编号结尾");
  }
  if (assignment === "" && kind.prefix !== "replica/" && kind.prefix !== "entry/") {
    throw new BadEntry("assignment", "须写明检查任务");
  }
  if (!op.parents.every((parent) => isParent(parent, index))) {
    throw new BadEntry(`${field}.parents`, "引用格式有误");
  }
  const value = checkValue(kind, op.item, op.value, `${field}.value`);
  if ((kind.blob ?? false) !== (op.blob !== undefined)) {
    throw new BadEntry(`${field}.blob`, "仅照片带有文件哈希");
  }
  if (kind.blob && (value as { sha256: string }).sha256 !== op.blob) {
    throw new BadEntry(`${field}.blob`, "文件哈希与照片内容不符");
  }
  if (op.type === "conflict.resolve" && op.parents.length === 0) {
    throw new BadEntry(`${field}.parents`, "确认冲突须引用全部现有填写");
  }
  return { ...op, value };
}

/** Whether it names an operation, or an earlier one of the same entry. */
function isParent(parent: string, index: number): boolean {
  return isOperationId(parent) || (localParent(parent) ?? index) < index;
}
