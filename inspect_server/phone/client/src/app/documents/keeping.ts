/**
 * Documents as they were last shown, sealed on the phone; and whether what was read after signing
 * is what was issued.
 */

import { base64, fromBase64 } from "../../core/bytes.ts";
import type { Bytes } from "../../core/bytes.ts";
import type { MergedRecord } from "../../merging/record.ts";
import type { Preview, Wanted } from "../../network/previewing.ts";
import type { LocalStore } from "../../store/local.ts";
import type { TeamMember } from "../reading/bodies.ts";
import { isOwed, owedRows } from "../reading/owing.ts";

export type Stage = Preview["stage"];

/** A document as it was shown. */
export interface Shown {
  readonly title: string;
  readonly number: string;
  readonly stage: Stage;
  /** Digest of what it says, without what comes with the 文号. */
  readonly said: string;
  /** What keeps the record open, in sentences; null where the server was not asked. */
  readonly lacking: readonly string[] | null;
  readonly leftOut: number;
  /** Saves of the task that the server did not have. */
  readonly waiting: number;
  /** When it was set, RFC 3339. */
  readonly at: string;
  readonly pdf: Bytes;
}

/** What a document said when it was shown with every signature that it needs. */
export interface Witnessed {
  readonly said: string;
  readonly at: string;
}

export type Comparison = "same" | "changed" | "unseen";

type Kept = Omit<Shown, "pdf"> & { readonly pdf: string };

const SHOWN = "document/shown/";
const WITNESSED = "document/witnessed/";

/** Return whether all who have to sign a document did, or refused, and nothing changed since. */
export function isSigned(
  record: MergedRecord,
  document: Wanted["document"],
  team: readonly TeamMember[] = [],
): boolean {
  return !owedRows(record, document, team).some(isOwed);
}

/** Put a document aside in the place of the one before; those of tasks that left are forgotten. */
export async function keep(
  store: LocalStore,
  wanted: Wanted,
  shown: Shown,
  tasks: Iterable<string>,
): Promise<void> {
  const kept: Kept = { ...shown, pdf: base64(shown.pdf) };
  await store.putDraft(SHOWN + keyOf(wanted), JSON.stringify(kept));
  const known = new Set([...tasks, wanted.task]);
  for (const key of await store.drafts()) {
    const prefix = [SHOWN, WITNESSED].find((one) => key.startsWith(one));
    if (prefix === undefined) continue;
    const [task = ""] = key.slice(prefix.length).split("/");
    if (!known.has(task)) await store.deleteDraft(key);
  }
}

/** Return a document as it was last shown, null where it never was. */
export async function keptOf(store: LocalStore, wanted: Wanted): Promise<Shown | null> {
  const text = await store.draft(SHOWN + keyOf(wanted));
  if (text === "") return null;
  const kept = JSON.parse(text) as Kept;
  return { ...kept, pdf: fromBase64(kept.pdf) };
}

/** Note what a document said when all had signed it; the last time counts. */
export async function witness(
  store: LocalStore,
  { task, document }: Wanted,
  { said, at }: Shown,
): Promise<void> {
  const noted: Witnessed = { said, at };
  await store.putDraft(`${WITNESSED}${task}/${document}`, JSON.stringify(noted));
}

/** Return what a document said when all had signed it, null where it was not shown then. */
export async function witnessedOf(
  store: LocalStore,
  { task, document }: Wanted,
): Promise<Witnessed | null> {
  const text = await store.draft(`${WITNESSED}${task}/${document}`);
  return text === "" ? null : (JSON.parse(text) as Witnessed);
}

/** Return how a document compares with what was read after signing; null while it is open. */
export function compared(shown: Shown, witnessed: Witnessed | null): Comparison | null {
  if (shown.stage === "open") return null;
  if (witnessed === null) return "unseen";
  return witnessed.said === shown.said ? "same" : "changed";
}

/** Return the name under which a document leaves the phone. */
export function fileName({ title, number, stage }: Shown, { paper }: Wanted): string {
  const parts = [title, number, stage === "issued" ? "" : "预览", paper === "a4" ? "" : "80毫米"];
  return `${parts.filter(Boolean).join("_").replace(/[\\/:*?"<>|\s]+/g, "")}.pdf`;
}

function keyOf({ task, document, paper }: Wanted): string {
  return `${task}/${document}/${paper}`;
}
