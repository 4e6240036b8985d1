/** What the record keeps of a code that was read at the gate: the result, nothing of the code. */

import { ARRIVE } from "../../words/visit.ts";

/** Return the note about what a code said; "" where none was read, or none of an enterprise. */
export function gateNoted(found: string): string {
  if (found === "same") return ARRIVE.gateSame;
  return found === "other" ? ARRIVE.gateOther : "";
}
