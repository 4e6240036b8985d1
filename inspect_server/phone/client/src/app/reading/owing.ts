/** Whose signature a document cannot do without. */

import type { MergedRecord } from "../../merging/record.ts";
import { signerRows } from "../session/signing.ts";
import type { Document, SignerRow } from "../session/signing.ts";
import type { TeamMember } from "./bodies.ts";

/**
 * Return a row for each who has to sign a document, or to refuse: the team and the enterprise.
 *
 * A refusal calls for a witness, and whoever took part may sign; nobody of them has to.
 */
export function owedRows(
  record: MergedRecord,
  document: Document,
  team: readonly TeamMember[] = [],
): SignerRow[] {
  return signerRows(record, document, team).filter((row) => row.signer !== "witness");
}

/** Whether a signature is still to be given: there is none, or what it was given for changed. */
export function isOwed({ signature, stale }: SignerRow): boolean {
  return signature === null || stale;
}
