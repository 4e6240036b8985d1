/** How a checklist was answered, in numbers. */

import { SUMMARY } from "../../../../words/signing.ts";
import type { Counted } from "../overview.ts";

/** Return how many items have which result: 符合 12，不符合 1. */
export function countsInWords({ results, unanswered }: Counted): string {
  const said = SUMMARY.results.map(([result, name]) => [name, results[result] ?? 0] as const);
  return [...said, [SUMMARY.unanswered, unanswered] as const]
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join("，");
}
