/**
 * A partner's file with photos: the entries as in a file without, and the files that they cite.
 *
 * All numbers big-endian:
 *
 *     19 bytes     "INSPECT-PARTNER-V2\n"
 *     4 bytes      how long the entries are; 4 bytes: how long the list is
 *     the entries  gzipped JSON, byte for byte a file without photos
 *     the list     UTF-8 JSON: [{"sha256", "size"}]
 *     the files    one after the other in the order of the list; nothing follows the last
 *
 * Nobody signs the whole. What is signed is each entry, and an entry names a file by its SHA-256
 * and size: a file is kept only if an entry of this very file cites it and its bytes are that.
 * Small pictures are not in it: nothing would vouch for them, so each phone makes its own.
 */

import { concat, fromUtf8, utf8 } from "../../core/bytes.ts";
import type { Bytes } from "../../core/bytes.ts";
import { sha256Hex } from "../../core/digests.ts";
import { PhoneError } from "../../core/problems.ts";
import { isFilm } from "../../store/counted.ts";
import type { LocalStore } from "../../store/local.ts";
import { added, brought, contentOf, lookedInto } from "../exchange.ts";
import type { Content } from "../exchange.ts";
import { BadFile, RefusedFile } from "../problems.ts";
import type { Bringer } from "./bringing.ts";

export const UNCITED = "其中有记录没有引用的照片或录像，请核对来源";
const KIND = utf8("INSPECT-PARTNER-V");
const MAGIC = utf8("INSPECT-PARTNER-V2\n");
const LENGTHS = 8;
/** As large as the server takes one (256 MiB), and more of them than any visit has. */
const MOST_BYTES = 256 * 1024 * 1024;
const MOST_FILES = 2000;
const MOST_LISTED = 1024 * 1024;
const MOST_ENTRIES = 64 * 1024 * 1024;
const CUT = "文件不完整";
const DAMAGED = "文件已损坏";

/** A photo or film that goes with a file. */
export interface Listed {
  readonly sha256: string;
  readonly size: number;
}

/** Where a photo lies in a file. */
interface Placed extends Listed {
  readonly start: number;
}

/** What `photo.add` says of a file, and whose phone says so. */
interface Cited {
  readonly replica: string;
  readonly size: number;
  readonly mime: string;
}

/** What came of a file. */
export interface Taken {
  /** Entries that are new. */
  readonly entries: number;
  /** Photos and films that are new on this phone. */
  readonly files: number;
  /** Those that were in it and found no place here, and why. */
  readonly unkept: number;
  readonly problem: string;
}

/**
 * Return a file of entries and photos; one that is damaged on this phone is left out.
 *
 * @param entries A file without photos.
 * @param onFile Is told after each how many are in.
 */
export async function fileWith(
  store: LocalStore,
  entries: Bytes,
  photos: readonly Listed[],
  onFile: (count: number) => void = () => undefined,
): Promise<Blob> {
  const list: Listed[] = [];
  const parts: Blob[] = [];
  for (const [at, { sha256 }] of photos.entries()) {
    const content = await store.blob(sha256);
    if (content.length > 0) {
      list.push({ sha256, size: content.length });
      parts.push(new Blob([content])); // blobs, so that the browser need not hold all in memory
    }
    onFile(at + 1);
  }
  const listed = utf8(JSON.stringify(list));
  const head = [MAGIC, length(entries), length(listed), entries, listed];
  return new Blob([...head, ...parts], { type: "application/octet-stream" });
}

/**
 * Return whose phones speak in a partner's file, with or without photos; nothing is added.
 *
 * @throws EmptyFile or OwnFile if no other phone speaks in it; BadFile, RefusedFile as `takenFrom`:
 * officers compare no codes for a file that is not taken in.
 */
export async function lookedAt(store: LocalStore, file: Blob): Promise<readonly Bringer[]> {
  const { entries, photos } = await opened(file);
  const by = await lookedInto(store, entries);
  if (photos.length > 0) await verified(store, file, photos, await brought(store, entries));
  return by;
}

/**
 * Take in a partner's file, with or without photos.
 *
 * All of it is verified before any is kept, every file as well. The entries come first: a photo
 * that no entry cites would be nobody's if the phone died in between. Taken in again, the file
 * brings what is missing.
 *
 * @throws BadFile if it is damaged; RefusedFile if it holds what nobody may bring. Nothing of it
 * was kept then.
 */
export async function takenFrom(store: LocalStore, file: Blob): Promise<Taken> {
  const { entries, photos } = await opened(file);
  const content = await brought(store, entries);
  const theirs = await verified(store, file, photos, content);
  const count = await added(store, content);
  return { entries: count, ...(await kept(store, file, theirs)) };
}

interface Opened {
  readonly entries: Bytes;
  readonly photos: readonly Placed[];
}

/** Return the parts of a file; one without photos is its entries. */
async function opened(file: Blob): Promise<Opened> {
  const begin = MAGIC.length + LENGTHS;
  const head = await bytesOf(file, 0, begin);
  if (!begins(head, KIND)) return { entries: await contentOf(file), photos: [] };
  if (!begins(head, MAGIC)) throw new BadFile("版本不同，请升级手机程序");
  if (head.length < begin) throw new BadFile(CUT);
  const view = new DataView(head.buffer, head.byteOffset);
  const [ofEntries, ofList] = [view.getUint32(MAGIC.length), view.getUint32(MAGIC.length + 4)];
  if (ofEntries > MOST_ENTRIES || ofList > MOST_LISTED) throw new BadFile("文件过大");
  const first = begin + ofEntries + ofList;
  if (file.size < first) throw new BadFile(CUT);
  const entries = await bytesOf(file, begin, begin + ofEntries);
  const photos = placed(await bytesOf(file, begin + ofEntries, first), first);
  const end = photos.at(-1);
  const whole = end ? end.start + end.size : first;
  if (file.size !== whole) throw new BadFile(file.size < whole ? CUT : DAMAGED);
  return { entries, photos };
}

/** Return where the files of a list lie. */
function placed(listed: Bytes, first: number): readonly Placed[] {
  let list: unknown;
  try {
    list = JSON.parse(fromUtf8(listed));
  } catch {
    throw new BadFile(DAMAGED);
  }
  if (!Array.isArray(list) || !list.every(isListed)) throw new BadFile(DAMAGED);
  if (list.length > MOST_FILES) throw new BadFile("文件过大");
  if (new Set(list.map(({ sha256 }) => sha256)).size !== list.length) throw new BadFile(DAMAGED);
  let start = first;
  return list.map(({ sha256, size }) => {
    const one = { sha256, size, start };
    start += size;
    return one;
  });
}

function isListed(one: unknown): one is Listed {
  const { sha256, size } = (one ?? {}) as Partial<Listed>;
  const isHash = typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
  return isHash && Number.isInteger(size) && Number(size) >= 1 && Number(size) <= MOST_BYTES;
}

/** Return the partners' files, with who cites each; every one is what an entry names. */
async function verified(
  store: LocalStore,
  file: Blob,
  photos: readonly Placed[],
  content: Content,
): Promise<readonly (Placed & Cited)[]> {
  const all = citedIn(content.all);
  const tasks = new Map<string, boolean>();
  for (const { entry } of content.rows) {
    const document = await store.document(`task/${entry.assignment}`);
    tasks.set(entry.assignment, document !== null);
  }
  // What precedes in a chain may be of a task that is not here; its photos show nowhere.
  const theirs = citedIn(content.rows.filter(({ entry }) => tasks.get(entry.assignment)));
  for (const { sha256, size, start } of photos) {
    if (!all.get(sha256)?.some((cited) => cited.size === size)) throw new RefusedFile(UNCITED);
    const bytes = await bytesOf(file, start, start + size);
    if ((await sha256Hex(bytes)) !== sha256) throw new BadFile("照片与记录的摘要不一致");
  }
  return photos.flatMap((one) => {
    const cited = theirs.get(one.sha256)?.find(({ size }) => size === one.size);
    return cited ? [{ ...one, ...cited }] : []; // own ones came back
  });
}

function citedIn(rows: Content["all"]): ReadonlyMap<string, readonly Cited[]> {
  const found = new Map<string, Cited[]>();
  for (const { entry } of rows) {
    for (const { blob, value } of entry.ops) {
      if (blob === undefined) continue;
      const { size, mime } = value as { size: number; mime: string };
      const known = found.get(blob) ?? [];
      found.set(blob, [...known, { replica: entry.replica, size, mime }]);
    }
  }
  return found;
}

/** Keep files that were verified, one after the other, as long as there is room. */
async function kept(
  store: LocalStore,
  file: Blob,
  photos: readonly (Placed & Cited)[],
): Promise<Omit<Taken, "entries">> {
  const here = await store.files(photos.map(({ sha256 }) => sha256));
  const fresh = photos.filter(({ sha256 }) => !here.has(sha256));
  for (const [at, { start, size, replica, mime, sha256 }] of fresh.entries()) {
    try {
      const bytes = await bytesOf(file, start, start + size);
      if ((await sha256Hex(bytes)) !== sha256) throw new BadFile(DAMAGED); // changed meanwhile
      await store.addBrought(bytes, replica, isFilm(mime) ? "film" : "photo");
    } catch (problem) {
      if (!(problem instanceof PhoneError)) throw problem;
      return { files: at, unkept: fresh.length - at, problem: problem.code };
    }
  }
  return { files: fresh.length, unkept: 0, problem: "" };
}

async function bytesOf(file: Blob, start: number, end: number): Promise<Bytes> {
  try {
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch {
    throw new BadFile("本机打不开该文件");
  }
}

function begins(content: Uint8Array, with_: Uint8Array): boolean {
  return with_.every((byte, at) => content[at] === byte);
}

function length(content: Uint8Array): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, content.length);
  return concat(bytes);
}
