/**
 * Documents set on the phone by the print pack: what its worker is asked, and what it answers.
 *
 * The protocol is that of docs/documents.md, "Without a network".
 */

import type { Phone } from "../../../capture/phone.ts";
import { operations, parse } from "../../../core/entries.ts";
import type { Operation } from "../../../core/entries.ts";
import { PhoneError } from "../../../core/problems.ts";
import type { MergedRecord } from "../../../merging/record.ts";
import type { Wanted } from "../../../network/previewing.ts";
import { isOver } from "../../reading/tasks.ts";
import { NoTask } from "../problems.ts";
import type { Shown } from "../keeping.ts";
import { keptPack } from "./pack.ts";
import { smallCopies } from "./pictures.ts";
import { PackFailed, endWorker, hold, workerOfPack } from "./worker.ts";
import type { Answer } from "./worker.ts";

/** As many as the server prints. */
const MOST_PICTURES = 40;

interface PackTask {
  readonly id: string;
  readonly state: string;
  readonly number: string;
  readonly enterprise_id: string;
}

let last = 0;

/** The pack says why there is no such document. */
export class NotSet extends PhoneError {
  constructor({ code = "", detail = "" }: Answer) {
    super(code, detail);
  }
}

/**
 * Return a document as the phone sets it, null where it has no print pack or the record is closed.
 *
 * @throws NotSet with a sentence to show; PackFailed.
 */
export async function setHere(phone: Phone, wanted: Wanted): Promise<Shown | null> {
  if ((await keptPack()) === null) return null;
  const task = (await phone.tasks<PackTask>()).find((one) => one.id === wanted.task);
  // What is over is the office's to set: the pack knows open ones only.
  if (task === undefined || isOver(task)) return null;
  const release = hold();
  try {
    return await setBy(phone, wanted);
  } finally {
    release();
  }
}

async function setBy(phone: Phone, wanted: Wanted): Promise<Shown> {
  const now = new Date().toISOString();
  const { question, number, photos } = await questionOf(phone, wanted, now);
  const pictures = await smallCopies(phone, photos.slice(0, MOST_PICTURES));
  const worker = await workerOfPack();
  const answer = await ask(worker, question, pictures);
  if (answer.error !== undefined) {
    await endWorker(); // what broke once may be broken for good: the next one begins anew
    throw new PackFailed("setting", answer.error);
  }
  if (!answer.pdf || !answer.said_sha256) throw new NotSet(answer);
  return {
    title: answer.title ?? "",
    number,
    stage: "open",
    said: answer.said_sha256,
    lacking: null,
    leftOut: photos.length - pictures.size,
    waiting: 0,
    at: now,
    pdf: answer.pdf,
  };
}

/** Return what the pack is asked of a task, and the photos that the document may show. */
export async function questionOf(
  phone: Phone,
  { task: id, document, paper }: Wanted,
  now: string,
): Promise<{ question: string; number: string; photos: readonly string[] }> {
  const [tasks, enterprises, forms, record, entries] = await Promise.all([
    phone.tasks<PackTask>(),
    phone.documents<{ readonly id: string }>("enterprise"),
    phone.documents("form"),
    phone.record(id),
    phone.store.entriesOf(id),
  ]);
  const task = tasks.find((one) => one.id === id);
  const enterprise = enterprises.find((one) => one.id === task?.enterprise_id);
  if (task === undefined || enterprise === undefined) throw new NoTask();
  const held = entries.flatMap(({ content, hash }) => operations(parse(content), hash));
  const asked = {
    document,
    paper,
    now,
    task,
    enterprise,
    forms,
    items: itemsOf(record),
    signatures: signaturesOf(record),
    operations: heldBeside(record, held),
  };
  return { question: JSON.stringify(asked), number: task.number, photos: photosOf(record) };
}

/** Return the items as documents pulled have them. */
function itemsOf(record: MergedRecord): unknown[] {
  return [...record.items.values()].map(({ id, heads, gone }) => ({
    id,
    gone,
    heads: heads.map(({ settledReason, canonical: _, blob, ...head }) => ({
      ...head,
      blob: blob || null,
      settled_reason: settledReason,
    })),
  }));
}

function signaturesOf(record: MergedRecord): unknown[] {
  return [...record.signatures.values()].map(({ item, head, stale, unseen }) => ({
    item,
    head: head.id,
    stale,
    unseen,
  }));
}

/** Return the operations that are no heads any more: a settled disagreement tells of them. */
function heldBeside(record: MergedRecord, held: readonly Operation[]): unknown[] {
  const standing = new Set(
    [...record.items.values()].flatMap((item) => item.heads.map((head) => head.id)),
  );
  return held
    .filter((one) => !standing.has(one.id))
    .map(({ id, item, type, value, user, wall, hlc }) => {
      return { id, item, type, value, user, wall, hlc };
    });
}

/** Return the hashes of the photos that stand, in the order in which they were taken. */
function photosOf(record: MergedRecord): readonly string[] {
  const heads = [...record.items.values()]
    .filter((item) => item.id.startsWith("photo/") && item.live)
    .flatMap((item) => item.heads)
    .filter((head) => head.blob !== "");
  return [...heads].sort((one, other) => (one.hlc < other.hlc ? -1 : 1)).map((head) => head.blob);
}

function ask(
  worker: Worker,
  question: string,
  pictures: ReadonlyMap<string, ArrayBuffer>,
): Promise<Answer> {
  const id = (last += 1);
  return new Promise((resolve) => {
    const done = (answer: Answer): void => {
      worker.removeEventListener("message", hear);
      worker.removeEventListener("error", fail);
      resolve(answer);
    };
    const hear = ({ data }: MessageEvent<Answer>): void => {
      if (data.id === id) done(data);
    };
    const fail = ({ message }: ErrorEvent): void => done({ error: message || "worker ended" });
    worker.addEventListener("message", hear);
    worker.addEventListener("error", fail);
    worker.postMessage({ id, question, pictures: Object.fromEntries(pictures) });
  });
}
