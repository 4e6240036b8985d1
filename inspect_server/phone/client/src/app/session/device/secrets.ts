/**
 * What the door shows of an account: whether it is opened by digits or by words, to show the right
 * keys, and since when it is on this phone.
 */

export type SecretKind = "pin" | "phrase";
export const LEAST_DIGITS = 6;
export const LEAST_CHARACTERS = 10;

const PLACE = "secret-kind:";
const MADE = "account-made:";

/** Return how an account was last opened; digits where it is not known. */
export function kindOf(account: string): SecretKind {
  return localStorage.getItem(PLACE + account) === "phrase" ? "phrase" : "pin";
}

/** Remember how an account is opened; the secret itself is kept nowhere. */
export function noteKind(account: string, secret: string): void {
  localStorage.setItem(PLACE + account, /^[0-9]+$/.test(secret) ? "pin" : "phrase");
}

/** Return when an account was enrolled, RFC 3339; "" where an earlier version did it. */
export function madeAt(account: string): string {
  return localStorage.getItem(MADE + account) ?? "";
}

/** Remember that an account was enrolled now. */
export function noteMade(account: string, now = new Date()): void {
  localStorage.setItem(MADE + account, now.toISOString());
}

export function forgetKind(account: string): void {
  for (const place of [PLACE, MADE]) localStorage.removeItem(place + account);
}
