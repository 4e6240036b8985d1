/** Who took part, in words. */

import type { Participant } from "../../capture/phone.ts";
import { PARTICIPANTS, word } from "../words/names.ts";

type Noted = Partial<Participant>;

/** Return who somebody is: 专家孙建国. */
export function personNamed({ kind = "", name = "" }: Noted): string {
  return `${word(PARTICIPANTS, kind)}${name}`;
}

/** Return whose somebody is, as what, and how to reach them; what is not noted is left out. */
export function personAbout({ unit = "", position = "", phone = "" }: Noted): string[] {
  return [unit, position, phone].filter(Boolean);
}

/** Return all that is noted of somebody: 专家孙建国（省安科院，高级工程师）. */
export function personTold(noted: Noted): string {
  const about = personAbout(noted).join("，");
  return personNamed(noted) + (about && `（${about}）`);
}

/** Return what a signer is shown of somebody: not how to reach them, which the paper alone has. */
export function shownToSigners<Value extends Noted>(noted: Value): Value {
  return noted.phone ? { ...noted, phone: masked(noted.phone) } : noted;
}

/** Return a telephone number with its middle hidden: 138****1234; of a short one the end stays. */
export function masked(phone: string): string {
  const count = phone.match(/\d/g)?.length ?? 0;
  const [first, last] = count >= 11 ? [3, 4] : [0, 2];
  let at = 0;
  return phone.replace(/\d/g, (digit) => {
    at += 1;
    return at <= first || at > count - last ? digit : "*";
  });
}
