/** A signature that is being given: kept until it is saved or given up, whatever ends the page. */

import type { MergedRecord } from "../../../../merging/record.ts";
import type { Strokes } from "../../../parts/entry/strokes.ts";
import type { Document, SignerRow } from "../../../session/signing.ts";
import { session } from "../../../session/state.ts";

/** What is typed and drawn, by whom, and what was on the screen meanwhile. */
export interface Kept {
  /** The signer's row. */
  of: string;
  document: Document;
  /** Strokes stand for this and nothing else. */
  view: string;
  name: string;
  how: "signs" | "refuses";
  reason: string;
  strokes: Strokes;
}

/** Return the name under which it is put aside: one at a time is given on a phone. */
export function keptKey(task: string): string {
  return `signing:${task}`;
}

/** Return what tells one state of a document from another. */
export function viewOf(record: MergedRecord, document: Document): string {
  return document === "order" ? record.ordered.join() : record.view;
}

/** Return what was being signed when the page ended, null where nothing was. */
export async function keptSigning(task: string): Promise<Kept | null> {
  const kept = (await session.phone?.store.draft(keptKey(task))) ?? "";
  return kept === "" ? null : (JSON.parse(kept) as Kept);
}

/** Return what was put aside of one signer's signature to a document, null where nothing was. */
export async function keptOf(
  task: string,
  row: SignerRow,
  document: Document,
): Promise<Kept | null> {
  // What cannot be read is drawn anew.
  const kept = await keptSigning(task).catch(() => null);
  const isTheirs = kept?.of === row.key && kept.document === document;
  return isTheirs && !isGiven(row, kept) ? kept : null;
}

/** Forget what was put aside. */
export async function forgetSigning(task: string): Promise<void> {
  await session.phone?.store.deleteDraft(keptKey(task));
}

/** Whether the page ended after that very signature was saved. */
export function isGiven({ signature }: SignerRow, kept: Kept): boolean {
  if (signature === null || signature.refused !== (kept.how === "refuses")) return false;
  if (signature.refused) return signature.refusal_reason === kept.reason.trim();
  return JSON.stringify(signature.strokes) === JSON.stringify(kept.strokes);
}
