/** What the code at an enterprise's gate says: which enterprise this is. */

import type { EnterpriseBody } from "../../reading/bodies.ts";

/** The alphabet of 统一社会信用代码 (GB 32100-2015): no I, O, S, V, Z. */
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CODE = /(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])/gu;
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/u;
/** How the code begins that the bureau prints for an enterprise's gate (入企码). */
const BUREAU = /\bixg1\//u;

/** An enterprise that a code was found to name. */
export interface Found {
  readonly kind: "same" | "other";
  readonly code: "enterprise" | "bureau";
  /** A 统一社会信用代码, or in the bureau's code the enterprise's id. */
  readonly named: string;
  /** As the phone's documents have it, "" where they do not know it; so is the name. */
  readonly uscc: string;
  readonly name: string;
}

/** What a code was found to name. */
export type Named = Found | { readonly kind: "none" };

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
  const low = plain(text).toLowerCase();
  const id = ID.exec(low)?.[0] ?? "";
  const uscc = usccIn(text);
  const known = [expected, ...others].find(
    (one) => one.id === id || (uscc !== "" && one.uscc === uscc),
  );
  const kind = known?.id === expected.id ? "same" : "other";
  const { name = "", uscc: number = uscc } = known ?? {};
  if (known ? known.id === id : uscc === "" && id !== "" && BUREAU.test(low)) {
    return { kind, code: "bureau", named: id, uscc: number, name };
  }
  if (uscc === "") return { kind: "none" };
  return { kind, code: "enterprise", named: uscc, uscc, name };
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
