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
