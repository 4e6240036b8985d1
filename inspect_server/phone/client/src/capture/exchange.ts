/** Files between two phones without a network: signed entries, each verified before any is kept. */

import { base64, concat, fromBase64, fromUtf8, utf8 } from "../core/bytes.ts";
import type { Bytes } from "../core/bytes.ts";
import { entryHash, parse } from "../core/entries.ts";
import { isKeyOf, verify } from "../core/keys.ts";
import { BadEntry } from "../core/problems.ts";
import type { LocalEntry, LocalStore } from "../store/local.ts";
import { checkCarried } from "./partner/admitting.ts";
import type { Carried } from "./partner/admitting.ts";
import { bringersOf } from "./partner/bringing.ts";
import type { Bringer } from "./partner/bringing.ts";
import { BadFile, EmptyFile, NoPartnerFile, OwnFile } from "./problems.ts";

/** Gzipped JSON: signed entries, and the raw public keys of their replicas. */
interface PartnerFile {
  readonly v: number;
  readonly entries: readonly Pushed[];
  readonly keys: Readonly<Record<string, string>>;
}

interface Pushed {
  readonly bytes_b64: string;
  readonly sig: string;
}

export interface Verified extends Carried {
  readonly row: LocalEntry;
}

interface Task {
  readonly team?: readonly { readonly user_id: string }[];
}

/** Of a newer program, or of none. */
const OTHER_FORM = "记录格式有误，同伴手机程序较新的，请先联网升级本机程序";
const MAX_FILE = 64 * 1024 * 1024;
const TOO_LARGE = "文件过大";
/** The first bytes of whatever is gzipped. */
const GZIP = [0x1f, 0x8b];

/** Return the file with every entry of one task that this phone holds, its partner's too. */
export async function exported(store: LocalStore, task: string): Promise<Bytes> {
  return await packed(store, await outgoing(store, task));
}

/**
 * Return every entry of one task that this phone holds, in the order in which they came to it.
 *
 * With them goes what they follow in their replicas' chains, as far as everybody on this task is
 * on that one, too, and this server has not acknowledged it: without it they would wait there.
 * Entries of tasks that somebody here has nothing to do with stay on the phone.
 */
export async function outgoing(
  store: LocalStore,
  task: string,
): Promise<readonly LocalEntry[]> {
  const [held, epoch] = await Promise.all([store.places(), store.get("epoch")]);
  const last = new Map<string, number>();
  for (const row of held) {
    if (row.task === task) last.set(row.replica, Math.max(row.seq, last.get(row.replica) ?? 0));
  }
  const shared = await sharedWith(store, task, new Set(held.map((row) => row.task)));
  const wanted = held.filter(
    (row) =>
      row.task === task ||
      (shared.has(row.task) &&
        row.seq < (last.get(row.replica) ?? 0) &&
        row.ackedEpoch !== epoch),
  );
  const read = new Map((await store.entriesOf(task)).map((row) => [row.hash, row]));
  const found = await Promise.all(
    wanted.map((row) => (row.task === task ? read.get(row.hash) : store.entry(row.hash))),
  );
  return found.flatMap((row) => row ?? []); // a damaged one proves nothing to anybody
}

/** Return entries as a file, with the keys of their replicas. */
export async function packed(store: LocalStore, rows: readonly LocalEntry[]): Promise<Bytes> {
  const keys = await store.keys();
  const of = new Set(rows.map((row) => row.replica));
  const file: PartnerFile = {
    v: 1,
    entries: rows.map((row) => ({ bytes_b64: base64(row.content), sig: base64(row.signature) })),
    keys: Object.fromEntries(
      [...keys].filter(([id]) => of.has(id)).map(([id, key]) => [id, base64(key)]),
    ),
  };
  return await joined(through(utf8(JSON.stringify(file)), new CompressionStream("gzip")));
}

/**
 * Add a partner's entries; return how many were new.
 *
 * @throws BadFile if it is damaged, or an entry's signature does not hold; nothing was added.
 * @throws RefusedFile if an entry cannot come from whom it names; nothing was added.
 */
export async function takenIn(store: LocalStore, content: Uint8Array): Promise<number> {
  return await added(store, await brought(store, content));
}

/** Add what was verified; return how many entries were new. */
export async function added(store: LocalStore, { rows, keys }: Content): Promise<number> {
  const theirs = new Set(rows.map(({ row }) => row.replica));
  return await store.addPartners(
    rows.map(({ row }) => row),
    new Map([...keys].filter(([id]) => theirs.has(id))),
  );
}

/**
 * Return whose phones speak in a partner's file, its own left out; nothing is added.
 *
 * @throws EmptyFile or OwnFile if nobody else does.
 * @throws BadFile or RefusedFile as `takenIn` would.
 */
export async function lookedInto(
  store: LocalStore,
  content: Uint8Array,
): Promise<readonly Bringer[]> {
  const { rows, all } = await brought(store, content);
  if (rows.length === 0) throw all.length === 0 ? new EmptyFile() : new OwnFile();
  const entries = rows.map(({ entry }) => entry);
  return bringersOf(entries, await store.keys());
}

/**
 * Return the content of a file that somebody chose, whatever it is.
 *
 * @throws BadFile if it is larger than any partner's file or cannot be read.
 */
export async function contentOf(file: Blob): Promise<Bytes> {
  if (file.size > MAX_FILE) throw new NoPartnerFile(TOO_LARGE);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new BadFile("本机打不开该文件");
  }
}

/** What a file brings of other phones, verified, the keys that it names, and all that it holds. */
export interface Content {
  readonly rows: readonly Verified[];
  readonly keys: ReadonlyMap<string, Bytes>;
  /** Own entries included. */
  readonly all: readonly Verified[];
}

/**
 * Return what a file holds, all of it verified; nothing is added.
 *
 * @throws BadFile or RefusedFile as `takenIn` would.
 */
export async function brought(store: LocalStore, content: Uint8Array): Promise<Content> {
  const file = await read(content);
  const keys = keysOf(file);
  const all = await Promise.all(file.entries.map((pushed) => verified(pushed, keys)));
  const own = new Set((await store.replicas()).map((replica) => replica.id));
  const rows = all.filter(({ row }) => !own.has(row.replica));
  await checkCarried(store, rows);
  return { rows, keys, all };
}

/** Return the tasks on which everybody is who is on this one, as last pulled. */
async function sharedWith(
  store: LocalStore,
  task: string,
  others: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const team = await teamOf(store, task);
  const shared = new Set<string>();
  if (team.size === 0) return shared;
  for (const other of others) {
    if (other === task) continue;
    const its = await teamOf(store, other);
    if ([...team].every((user) => its.has(user))) shared.add(other);
  }
  return shared;
}

async function teamOf(store: LocalStore, task: string): Promise<ReadonlySet<string>> {
  const document = await store.document(`task/${task}`);
  const body = document?.body as Task | undefined;
  return new Set((body?.team ?? []).map((member) => member.user_id));
}

async function read(content: Uint8Array): Promise<PartnerFile> {
  if (GZIP.some((byte, at) => content[at] !== byte)) throw new NoPartnerFile("格式不符");
  let file: unknown;
  try {
    const plain = await joined(through(content, new DecompressionStream("gzip")));
    file = JSON.parse(fromUtf8(plain));
  } catch (error) {
    throw error instanceof BadFile ? error : new BadFile("文件已损坏");
  }
  if (!isPartnerFile(file)) throw new BadFile("文件已损坏");
  if (file.v !== 1) throw new BadFile("版本不同，请升级手机程序");
  return file;
}

function isPartnerFile(file: unknown): file is PartnerFile {
  const { v, entries, keys } = (file ?? {}) as Partial<PartnerFile>;
  const areTexts = (all: readonly unknown[]): boolean =>
    all.every((one) => typeof one === "string");
  return (
    typeof v === "number" &&
    Array.isArray(entries) &&
    entries.every((one: Partial<Pushed> | null) => areTexts([one?.bytes_b64, one?.sig])) &&
    typeof keys === "object" &&
    keys !== null &&
    areTexts(Object.values(keys))
  );
}

function keysOf(file: PartnerFile): ReadonlyMap<string, Bytes> {
  return new Map(Object.entries(file.keys).map(([id, key]) => [id, decoded(key)]));
}

async function verified(
  pushed: Pushed,
  keys: ReadonlyMap<string, Uint8Array>,
): Promise<Verified> {
  const [content, signature] = [decoded(pushed.bytes_b64), decoded(pushed.sig)];
  const entry = parsed(content);
  const { replica, seq, assignment: task } = entry;
  const key = keys.get(replica) ?? new Uint8Array();
  if (!(await isKeyOf(replica, key))) throw new BadFile("缺少公钥");
  if (!(await verify(key, content, signature))) throw new BadFile("签名不符");
  const hash = await entryHash(content);
  const untold = { ackedEpoch: "", effect: "", reason: "" };
  return { hash, entry, row: { hash, replica, seq, task, content, signature, ...untold } };
}

function parsed(content: Uint8Array): ReturnType<typeof parse> {
  try {
    return parse(content);
  } catch (error) {
    throw error instanceof BadEntry ? new BadFile(OTHER_FORM) : error;
  }
}

function decoded(text: string): Bytes {
  try {
    return fromBase64(text);
  } catch {
    throw new BadFile("文件已损坏");
  }
}

function through(content: Uint8Array, by: CompressionStream | DecompressionStream): ReadableStream {
  return new Blob([content as Bytes]).stream().pipeThrough(by);
}

/** Return all that a stream gives, up to the limit of a file. */
async function joined(stream: ReadableStream<Uint8Array>): Promise<Bytes> {
  const blocks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(...blocks);
    blocks.push(value);
    size += value.length;
    if (size <= MAX_FILE) continue;
    await reader.cancel();
    throw new NoPartnerFile(TOO_LARGE);
  }
}
