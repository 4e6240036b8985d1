/** What the code at an enterprise's gate says: which enterprise this is. */

import type { EnterpriseBody } from "../../reading/bodies.ts";

/** The alphabet of 统一社会信用代码 (GB 32100-2015): no I, O, S, V, Z. */
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CODE = /(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])/gu;
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/u;

/** What a code was found to name. */
export type Named =
  | { readonly kind: "same" }
  | { readonly kind: "other"; readonly uscc: string; readonly name: string }
  | { readonly kind: "none" };

/** What is compared of an enterprise. */
export type Known = Pick<EnterpriseBody, "id" | "uscc" | "name">;

/** Whether the last sign of a 统一社会信用代码 follows from those before it. */
export function isUscc(code: string): boolean {
  const signs = [...code].map((sign) => ALPHABET.indexOf(sign));
  if (signs.length !== 18 || signs.includes(-1)) return false;
  const sum = signs.slice(0, 17).reduce((total, sign, at) => total + sign * (3 ** at % 31), 0);
  return (31 - (sum % 31)) % 31 === signs[17];
}

/** Return the 统一社会信用代码 in a text, an address or whatever a code holds; "" for none. */
export function usccIn(text: string): string {
  const found = plain(text).toUpperCase().match(CODE) ?? [];
  return found.find(isUscc) ?? "";
}

/**
 * Compare a code with the enterprise of a task.
 *
 * @param text A 营业执照's code, one of the bureau with the enterprise's id, or what was typed.
 * @param others The enterprises of which this phone knows.
 */
export function namedBy(text: string, expected: Known, others: readonly Known[]): Named {
  const id = ID.exec(plain(text).toLowerCase())?.[0] ?? "";
  const uscc = usccIn(text);
  if (id === expected.id || (uscc !== "" && uscc === expected.uscc)) return { kind: "same" };
  const other = others.find((one) => one.id === id || (uscc !== "" && one.uscc === uscc));
  if (other) return { kind: "other", uscc: other.uscc, name: other.name };
  return uscc === "" ? { kind: "none" } : { kind: "other", uscc, name: "" };
}

/** Return a text in plain signs, without what addresses put in their place. */
function plain(text: string): string {
  const narrow = text.normalize("NFKC");
  try {
    return decodeURIComponent(narrow);
  } catch {
    return narrow;
  }
}
