/**
 * PINs and passphrases cost next to nothing in tests: many accounts are made and opened.
 *
 * What is kept beside them still says how many rounds they cost in service. Tests of that cost, and
 * of what was sealed elsewhere, begin with `dearSecrets`.
 */

const CHEAPEST_ROUNDS = 10;

const { subtle } = crypto;
// The prototype's: where several files share a worker, an earlier one may have made its own cheap.
const dear = SubtleCrypto.prototype.deriveKey.bind(subtle);

subtle.deriveKey = (how, ...rest) => {
  const isSecret = typeof how === "object" && "iterations" in how;
  return dear(isSecret ? { ...how, iterations: CHEAPEST_ROUNDS } : how, ...rest);
};

/** Let secrets cost what they do in service, for the rest of a file. */
export function dearSecrets(): void {
  subtle.deriveKey = dear;
}
