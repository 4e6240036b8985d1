/** What this phone itself can say is missing before a record is closed: no server is asked. */

import { unsignedOf } from "../pages/visit/signing/remaining.ts";
import type { Overview } from "../pages/visit/signing/overview.ts";
import { demandsOf } from "../session/signing.ts";
import type { Document } from "../session/signing.ts";

/**
 * Return what lacks for a document, in sentences: what is left of the visit, and its signatures.
 *
 * @returns null where nothing is demanded, so that there will be no order.
 */
export function lackingFor(
  document: Document,
  { visit, open }: Pick<Overview, "visit" | "open">,
): readonly string[] | null {
  if (document === "order" && demandsOf(visit.record).length === 0) return null;
  const unsigned = unsignedOf(visit).filter(
    ({ spot }) => spot.at === "signer" && spot.document === document,
  );
  return [...open, ...unsigned].map(({ text }) => text);
}
