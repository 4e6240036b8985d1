/** Which program this is: a number for people, the build for whoever asks exactly. */

import { today } from "../../reading/days.ts";

/** As in pyproject.toml, which a test sees to. */
export const VERSION = "0.1.0";
/** Which build: the part of the main file's name that follows from its content. */
export const BUILD = /-([\w-]{8})\.js/.exec(import.meta.url)?.[1] ?? "";

const PLACE = "build-since";

/** Return the day on which this build first ran on this phone; it is noted the first time. */
export function runsSince(build = BUILD, day = today()): string {
  const [kept, since] = (localStorage.getItem(PLACE) ?? "").split(" ");
  if (kept === build && since) return since;
  localStorage.setItem(PLACE, `${build} ${day}`);
  return day;
}
