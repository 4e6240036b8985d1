/** What is known of a photo, as people read it. */

import type { Phone } from "../../../capture/phone.ts";
import type { Item as Merged } from "../../../merging/items.ts";
import { outstanding } from "../../../network/progress.ts";
import { valueOf } from "../../checklist/filling-state.ts";
import { sizeInWords } from "../../reading/days.ts";
import { originalIn } from "../marking/copying.ts";
import { VIEWER } from "../words.ts";

/** What `photo.add` says. */
export interface PhotoValue {
  readonly sha256: string;
  readonly size: number;
  readonly mime: string;
  readonly caption: string;
  readonly finding: string;
  readonly answer_item: string;
  readonly taken_wall: string;
  readonly latitude: string;
  readonly longitude: string;
  readonly accuracy_m: string;
  readonly datum: string;
  readonly device: string;
}

/** Where the file of a photo is. */
export type Standing = "delivered" | "waiting" | "brought" | "absent";

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/u;

export function photoOf(photo: Merged): PhotoValue {
  return valueOf(photo) as unknown as PhotoValue;
}

/** Return what is told of a photo, name by name, but for its hash. */
export function factsOf(photo: Merged, by: string): readonly (readonly [string, string])[] {
  const value = photoOf(photo);
  return [
    [VIEWER.caption, captionOf(value)],
    [VIEWER.time, momentOf(value.taken_wall)],
    [VIEWER.place, placeOf(value)],
    [VIEWER.device, value.device || VIEWER.unknown],
    [VIEWER.by, by],
    [VIEWER.size, sizeInWords(value.size)],
  ].filter((fact): fact is [string, string] => fact[1] !== "");
}

/** Return a hash in groups of eight, to be compared by eye. */
export function grouped(sha256: string): readonly string[] {
  return sha256.match(/.{1,8}/gu) ?? [];
}

/** Return where the file is: here and there, only here, a partner's copy, or not here. */
export async function standingOf(phone: Phone, { sha256 }: PhotoValue): Promise<Standing> {
  const { store } = phone;
  const file = (await store.files([sha256])).get(sha256);
  if (file === undefined) return "absent";
  const { photos } = await outstanding(store, await store.places());
  if (photos.has(sha256)) return "waiting";
  return file.brought ? "brought" : "delivered";
}

/** Return a moment as the place's own clocks showed it. */
function momentOf(moment: string): string {
  const [, year, month, day, time] = MOMENT.exec(moment) ?? [];
  return year === undefined ? moment : `${year}年${Number(month)}月${Number(day)}日 ${time}`;
}

/** A marked copy is called so; its original's hash stands with the original. */
function captionOf({ caption }: PhotoValue): string {
  const original = originalIn(caption);
  return original === "" ? caption : VIEWER.drawn(original.slice(0, 8));
}

function placeOf({ latitude, longitude, accuracy_m, datum }: PhotoValue): string {
  if (latitude === "" || longitude === "") return VIEWER.unplaced;
  const ends = [accuracy_m && `误差约 ${Math.ceil(Number(accuracy_m))} 米`, datum];
  const aside = ends.filter(Boolean).join("，");
  return `纬度 ${latitude}，经度 ${longitude}${aside ? `（${aside}）` : ""}`;
}
