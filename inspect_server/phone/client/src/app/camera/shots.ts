/** What was taken and is not saved yet: photos, short videos, and files of the phone. */

import { browserClock, moment } from "../../capture/clock.ts";
import type { Phone, PhotoDetails } from "../../capture/phone.ts";
import type { Attached } from "../checklist/attaching.ts";
import { inTurn } from "../checklist/visit.ts";
import type { Position } from "../session/position.ts";
import { misfitOf } from "./limits.ts";
import { markedCopy, markedDetails } from "./marking/copying.ts";
import type { Begun } from "./films.ts";
import type { Marks } from "./marking/marks.ts";
import { ALBUM } from "./words.ts";

/** One photo or video before it is saved. */
export interface Shot {
  readonly key: number;
  readonly content: Blob;
  readonly mime: string;
  /** Where it can be seen in full. */
  readonly url: string;
  readonly taken: string;
  readonly place: Position | undefined;
  /** Whether it was taken here and now, or comes from the phone's album. */
  readonly isOld: boolean;
  readonly marks: Marks;
}

/** A file that lies on the phone for longer was not taken for this visit. */
const OLD_MS = 10 * 60_000;
const PLAIN_TYPE = /^[a-z]+\/[a-z0-9.+-]{1,60}$/u;
let count = 0;

/** Return a shot that the camera made at this moment. */
export function shotOf(content: Blob, place: Position | undefined, now = Date.now()): Shot {
  return {
    key: (count += 1),
    content,
    mime: plainType(content.type, "image/jpeg"),
    url: URL.createObjectURL(content),
    taken: moment(browserClock, now),
    place,
    isOld: false,
    marks: [],
  };
}

/** Return what is known of a film when it begins. */
export function beginning(place: Position | undefined, kind: string, now = Date.now()): Begun {
  return { mime: plainType(kind, "video/webm"), taken: moment(browserClock, now), place };
}

/**
 * Return a shot of a file: its bytes are what is kept, as they are.
 *
 * Where an old file was taken nobody knows here; when, the file says.
 */
export function shotOfFile(file: File, place: Position | undefined, now = Date.now()): Shot {
  const isOld = now - file.lastModified > OLD_MS;
  const taken = Math.min(file.lastModified || now, now);
  return { ...shotOf(file, isOld ? undefined : place, taken), isOld };
}

/** Return a shot that was taken before and not saved, as it was. */
export function shotAgain(content: Blob, kept: Omit<Shot, "key" | "content" | "url">): Shot {
  return { ...shotOf(content, kept.place), ...kept };
}

/** Return why a file cannot be taken, "" if it can. */
export function refusalOf(file: Pick<File, "size" | "name" | "type">): string {
  const misfit = misfitOf(file);
  if (misfit !== "" || /^(image|video)\//u.test(file.type)) return misfit;
  return `“${file.name}”不是照片或者录像，没有加入。`;
}

/** Let go of what the strip showed. */
export function dropped(shot: Shot): void {
  URL.revokeObjectURL(shot.url);
}

/** Return a media type without parameters, as it is sent. */
export function plainType(type: string, otherwise: string): string {
  const plain = type.toLowerCase().split(";")[0]?.trim() ?? "";
  return PLAIN_TYPE.test(plain) ? plain : otherwise;
}

/**
 * Save a shot, with its marked copy where somebody drew on it, as one entry.
 *
 * @param soon The place where it was taken, should it not have been known yet.
 * @returns The items.
 */
export async function saveShot(
  phone: Phone,
  task: string,
  shot: Shot,
  what: Pick<Attached, "item" | "finding">,
  soon: Position | undefined,
): Promise<readonly string[]> {
  const content = new Uint8Array(await shot.content.arrayBuffer());
  const details: PhotoDetails = {
    mime: shot.mime,
    caption: shot.isOld ? ALBUM : "",
    answer_item: what.item,
    finding: what.finding,
    taken_wall: shot.taken,
    ...(shot.isOld ? {} : (shot.place ?? soon)),
  };
  const copy = shot.marks.length > 0 ? await markedCopy(content, shot) : undefined;
  return await inTurn(phone, () =>
    phone.together(task, async (group) => {
      const saved = [await group.addPhoto(task, content, details)];
      if (copy) {
        const beside = markedDetails(details, copy.original);
        saved.push(await group.addPhoto(task, copy.content, beside));
      }
      return saved;
    }),
  );
}
