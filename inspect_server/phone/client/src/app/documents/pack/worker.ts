/**
 * The worker of the print pack: started while a visit is open, kept while somebody may ask it.
 *
 * Python takes a while to begin, on a slow phone a quarter of a minute: it begins when nothing
 * else is to be done, long before the first document is asked for. It takes room as well, so it
 * ends soon after the visit and its documents were left, or the phone shows something else.
 */

import type { Bytes } from "../../../core/bytes.ts";
import { PhoneError } from "../../../core/problems.ts";
import { keptPack } from "./pack.ts";

const WORKER = "/phone/pack/worker.js";
/** From the visit to its documents is one step; nobody waits for Python twice. */
const GRACE_MS = 60_000;
/** The page that was just opened comes first. */
const AFTER_MS = 3_000;
/** With so little memory, in GB as browsers tell it, it starts when a document is asked for. */
const LITTLE_MEMORY = 2;

/** What the worker says. */
export interface Answer {
  readonly id?: number;
  readonly ready?: true;
  readonly error?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly said_sha256?: string;
  readonly pdf?: Bytes;
}

let started: Promise<Worker> | undefined;
let holders = 0;
let ending: ReturnType<typeof setTimeout> | undefined;

/** What failed of a pack that is here. */
type Failed = "damaged" | "memory" | "start" | "setting";

const SAID: Readonly<Record<Failed, string>> = {
  damaged: "本机的离线打印包不完整或者已损坏，没有启动。请联网后在本页下方删除，再重新下载。",
  memory:
    "手机可用内存不足，离线打印包没有运行。请关闭其他程序后重新取得；仍不能运行的，联网后由服务器排版。",
  start:
    "离线打印包没有启动。请重新取得；仍不能启动的，联网后在本页下方删除，再重新下载。",
  setting:
    "离线打印包已启动，但没有排出这份文书，填写的内容不受影响。" +
    "请重新取得；仍不能排出的，联网后由服务器排版，并将技术原因告知管理员。",
};

/** The pack is here, and does not start or does not set what it is asked. */
export class PackFailed extends PhoneError {
  /** What the machine said of it, for those who mend it. */
  readonly reason: string;

  constructor(when: "start" | "setting", reason: string) {
    super("pack.failed", SAID[failedAt(when, reason)], { reason });
    this.reason = reason;
  }
}

/** Read from what Python, WebAssembly or the worker itself said. */
function failedAt(when: "start" | "setting", reason: string): Failed {
  if (/out of memory|memory allocation|MemoryError|could not allocate/iu.test(reason)) {
    return "memory";
  }
  if (when === "start" && /^(damaged|\d{3}): /u.test(reason)) return "damaged";
  return when;
}

/** Return the worker, started once; what does not start may be tried again. */
export function workerOfPack(): Promise<Worker> {
  return (started ??= start());
}

/** End the worker; the pack may be replaced or removed. */
export async function endWorker(): Promise<void> {
  const last = started;
  started = undefined;
  (await last?.catch(() => undefined))?.terminate();
}

/** Keep the worker; return what lets go of it. It ends a minute after nobody keeps it. */
export function hold(): () => void {
  let isHeld = true;
  holders += 1;
  clearTimeout(ending);
  return () => {
    if (!isHeld) return;
    isHeld = false;
    holders -= 1;
    if (holders === 0) ending = setTimeout(() => void endWorker(), GRACE_MS);
  };
}

/**
 * Start the worker when nothing else is to be done, where this phone keeps a pack.
 *
 * While the page is not in sight the worker is let go of: the phone needs its memory elsewhere.
 *
 * @returns What lets go of it.
 */
export function warmUp(): () => void {
  const { deviceMemory = Infinity } = navigator as { readonly deviceMemory?: number };
  if (deviceMemory <= LITTLE_MEMORY) return () => undefined;
  let release: (() => void) | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    clearTimeout(waiting);
    release?.();
    release = undefined;
    if (document.visibilityState !== "visible") return;
    release = hold();
    waiting = setTimeout(() => whenIdle(() => void begin(() => release !== undefined)), AFTER_MS);
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    clearTimeout(waiting);
    release?.();
    release = undefined;
  };
}

/** Begin, if it is still wanted. What fails here is told when a document is asked for. */
async function begin(isWanted: () => boolean): Promise<void> {
  const pack = await keptPack().catch(() => null);
  if (pack !== null && isWanted()) await workerOfPack().catch(() => undefined);
}

function whenIdle(then: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(then);
  else then();
}

async function start(): Promise<Worker> {
  const worker = new Worker(WORKER, { type: "module" });
  try {
    const { error } = await new Promise<Answer>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      worker.onerror = (event) => resolve({ error: event.message || "not loaded" });
    });
    if (error !== undefined) throw new PackFailed("start", error);
    return worker;
  } catch (problem) {
    started = undefined;
    worker.terminate();
    throw problem;
  }
}
