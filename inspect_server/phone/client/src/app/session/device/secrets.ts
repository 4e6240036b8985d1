/** Whether an account on this phone is opened by digits or by words, to show the right keys. */

export type SecretKind = "pin" | "phrase";
export const LEAST_DIGITS = 6;
export const LEAST_CHARACTERS = 10;

const PLACE = "secret-kind:";

/** Return how an account was last opened; digits where it is not known. */
export function kindOf(account: string): SecretKind {
  return localStorage.getItem(PLACE + account) === "phrase" ? "phrase" : "pin";
}

/** Remember how an account is opened; the secret itself is kept nowhere. */
export function noteKind(account: string, secret: string): void {
  localStorage.setItem(PLACE + account, /^[0-9]+$/.test(secret) ? "pin" : "phrase");
}

export function forgetKind(account: string): void {
  localStorage.removeItem(PLACE + account);
}
