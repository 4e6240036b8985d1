/**
 * The print pack on this phone: fetched once, each file held to its hash, taken off again.
 *
 * It lies in a cache from which the service worker answers (worker/sw.ts). Its manifest is put
 * there last: a pack with a manifest is whole. What came before an interruption is not fetched
 * again.
 */

import { utf8 } from "../../../core/bytes.ts";
import { sha256Hex } from "../../../core/digests.ts";
import { PhoneError } from "../../../core/problems.ts";

const CACHE = "print-pack";
const PLACE = "/phone/pack/";
const MANIFEST = `${PLACE}manifest.json`;
const DIGEST = "X-Sha256";

/** What the office offers, or this phone holds. */
export interface Pack {
  /** Of its manifest: another pack, another one. */
  readonly sha256: string;
  readonly size: number;
  /** The program that it sets with, "" where it does not say. */
  readonly program: string;
  readonly files: readonly PackFile[];
  readonly manifest: string;
}

interface PackFile {
  readonly address: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** How this phone stands to the pack. */
export interface PackState {
  readonly kept: Pack | null;
  /** Null where there is none, undefined where no server answered. */
  readonly offered: Pack | null | undefined;
  /** Bytes that came before an interruption. */
  readonly part: number;
}

/** A file is not what the manifest says. */
export class DamagedPack extends PhoneError {
  constructor(file: string) {
    const said = "下载的内容与服务器所示不符，没有采用。请重新下载；如仍出现，请联系管理员。";
    super("pack.damaged", said, { file });
  }
}

/** The network went, or the phone's room. */
export class BrokenOff extends PhoneError {
  constructor(why: "network" | "room") {
    const said =
      why === "room"
        ? "本机存储空间不足，请清理后再下载。"
        : "下载中断，已下载的部分保留，联网后可继续。";
    super("pack.broken_off", said, { why });
  }
}

/** Return the pack that is whole on this phone, null where there is none. */
export async function keptPack(): Promise<Pack | null> {
  if (!("caches" in globalThis)) return null;
  const answer = await caches.match(MANIFEST, { cacheName: CACHE });
  return answer ? await packOf(await answer.text()) : null;
}

/** Return the pack that the office made, null where it made none, undefined out of reach. */
export async function offeredPack(fetching = fetch): Promise<Pack | null | undefined> {
  try {
    const answer = await fetching(MANIFEST, { cache: "no-store", credentials: "omit" });
    if (answer.status === 404) return null;
    return answer.ok ? await packOf(await answer.text()) : undefined;
  } catch {
    return undefined;
  }
}

/** Return how this phone stands to the pack. */
export async function packState(): Promise<PackState> {
  const [kept, offered] = await Promise.all([keptPack(), offeredPack()]);
  const isPart = kept === null && offered != null;
  return { kept, offered, part: isPart ? await partOf(offered) : 0 };
}

/**
 * Fetch a pack, or what lacks of it.
 *
 * @param onProgress Is told how many bytes are here.
 * @throws DamagedPack; BrokenOff: what came stays, and is not fetched again.
 */
export async function fetchPack(
  pack: Pack,
  onProgress: (bytes: number) => void,
  signal?: AbortSignal,
  fetching = fetch,
): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.delete(MANIFEST);
  let done = 0;
  for (const file of pack.files) {
    if (!(await isHere(cache, file))) {
      const content = await fetched(file, (bytes) => onProgress(done + bytes), signal, fetching);
      await put(cache, file.address, content.body, content.kind, file.sha256);
    }
    done += file.bytes;
    onProgress(done);
  }
  await removeOthers(cache, pack);
  await put(cache, MANIFEST, utf8(pack.manifest), "application/json", pack.sha256);
}

/** Take the pack off this phone. */
export async function removePack(): Promise<void> {
  await caches.delete(CACHE);
}

/** Return what a manifest says. */
export async function packOf(manifest: string): Promise<Pack> {
  const said = JSON.parse(manifest) as {
    readonly files: Record<string, Omit<PackFile, "address">>;
    readonly program?: string;
  };
  const files = Object.entries(said.files).map(([name, { sha256, bytes }]) => ({
    address: PLACE + name,
    sha256,
    bytes,
  }));
  return {
    sha256: await sha256Hex(utf8(manifest)),
    size: files.reduce((sum, file) => sum + file.bytes, 0),
    program: said.program ?? "",
    files,
    manifest,
  };
}

async function partOf(pack: Pack): Promise<number> {
  if (!(await caches.has(CACHE))) return 0;
  const cache = await caches.open(CACHE);
  const here = await Promise.all(pack.files.map((file) => isHere(cache, file)));
  return pack.files.reduce((sum, file, at) => sum + (here[at] ? file.bytes : 0), 0);
}

async function isHere(cache: Cache, file: PackFile): Promise<boolean> {
  return (await cache.match(file.address))?.headers.get(DIGEST) === file.sha256;
}

async function fetched(
  file: PackFile,
  onProgress: (bytes: number) => void,
  signal: AbortSignal | undefined,
  fetching: typeof fetch,
): Promise<{ body: Uint8Array<ArrayBuffer>; kind: string }> {
  const how: RequestInit = { cache: "no-store", credentials: "omit", ...(signal && { signal }) };
  const answer = await fetching(file.address, how).catch(brokenOff);
  if (!answer.ok || answer.body === null) throw new BrokenOff("network");
  const body = new Uint8Array(file.bytes);
  const reader = answer.body.getReader();
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read().catch(brokenOff);
    if (done) break;
    if (length + value.length > body.length) throw new DamagedPack(file.address);
    body.set(value, length);
    length += value.length;
    onProgress(length);
  }
  if (length < body.length) throw new BrokenOff("network");
  if ((await sha256Hex(body)) !== file.sha256) throw new DamagedPack(file.address);
  return { body, kind: answer.headers.get("Content-Type") ?? "application/octet-stream" };
}

function brokenOff(): never {
  throw new BrokenOff("network");
}

/** Keep a file with the policy under which its worker may run. */
async function put(
  cache: Cache,
  address: string,
  body: Uint8Array<ArrayBuffer>,
  kind: string,
  sha256: string,
): Promise<void> {
  const headers = { "Content-Type": kind, "Content-Security-Policy": POLICY, [DIGEST]: sha256 };
  try {
    await cache.put(address, new Response(body, { headers }));
  } catch (error) {
    if (error instanceof DOMException && error.name === "QuotaExceededError") {
      throw new BrokenOff("room");
    }
    throw error;
  }
}

async function removeOthers(cache: Cache, pack: Pack): Promise<void> {
  const known = new Set(pack.files.map((file) => file.address));
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (!known.has(pathname)) await cache.delete(pathname);
  }
}

/** As the server sends it: WebAssembly runs in this worker and nowhere else. */
const POLICY = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
