/**
 * Numbers as stretches without a gap: `[[1, 4], [7, 7]]` is 1, 2, 3, 4 and 7.
 *
 * What an operation replaces is, of every phone, nearly always its first so many operations; so it
 * is kept in as little room, and joined as fast, as one number. Nobody's work leaves many gaps, but
 * a forger's might: only the first `MOST` stretches are kept, and forgetting the rest errs on the
 * side of showing a conflict.
 */

export type Stretches = readonly (readonly [number, number])[];

const MOST = 16;

/** Return all the numbers of these together, but no more than the first `MOST` stretches. */
export function joined(parts: readonly Stretches[]): Stretches {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const found: [number, number][] = [];
  for (const [first, last] of parts.flat().sort((one, other) => one[0] - other[0])) {
    const before = found.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else if (found.length < MOST) found.push([first, last]);
    else break;
  }
  return found;
}

/** Return up to which number from 1 on there is no gap; 0 when 1 is missing. */
export function beginning(stretches: Stretches): number {
  const [first] = stretches;
  return first !== undefined && first[0] === 1 ? first[1] : 0;
}
