/** Accounts on a phone: one login may have several, and each is told from the others. */

import type { Account } from "../../store/vaults.ts";
import { madeAt } from "../session/device/secrets.ts";
import { UNLOCK } from "../words/unlock.ts";
import { wholeMoment } from "./days.ts";

const MOST_DIGITS = 16;

/** Return the account that a login has on this phone already. */
export function knownAs(login: string, accounts: readonly Account[]): Account | undefined {
  return accounts.find((one) => isSame(one.login, login));
}

/** Return what is told of an account beside its name: where its login has another one, of which. */
export function aboutAccount(account: Account, accounts: readonly Account[]): string {
  const { id, login, replica } = account;
  if (!accounts.some((one) => one.id !== id && isSame(one.login, login))) return login;
  const when = wholeMoment(madeAt(id));
  const which = UNLOCK.replica(replica.slice(0, MOST_DIGITS));
  return [login, when && UNLOCK.made(when), which].filter(Boolean).join("，");
}

function isSame(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
