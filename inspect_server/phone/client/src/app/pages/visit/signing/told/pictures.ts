/** The pictures of a visit as they are shown to whoever signs: to be looked at, and no more. */

import { computed } from "vue";
import type { ComputedRef } from "vue";
import type { Phone } from "../../../../../capture/phone.ts";
import type { Item as Merged } from "../../../../../merging/items.ts";
import type { Looked } from "../../../../camera/asking.ts";
import { photoOf } from "../../../../camera/viewing/facts.ts";
import { absentOf } from "../../../../camera/viewing/smalls.ts";
import { dayOf } from "../../../../reading/arrivals.ts";
import { live } from "../../../../session/live.ts";
import type { SeenVisit } from "../../../../session/visit.ts";
import { SUMMARY } from "../../../../words/signing.ts";

export interface Pictures {
  readonly looked: Looked;
  readonly day: string;
  readonly user: string;
  /** By hash, those that are not on this phone; empty until that was read. */
  readonly absent: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Return how the pictures of a visit are shown; those that come in meanwhile are shown, too. */
export function usePictures(visit: () => SeenVisit, phone: Phone): ComputedRef<Pictures> {
  const absent = live(
    (held) => absentOf(held.store, photosIn(visit())),
    () => visit().record,
    () => visit().task.id,
  );
  return computed(() => {
    const { task, record, user } = visit();
    const people = [...task.others, ...task.team];
    const names = new Map(people.map((one) => [one.user_id, one.name]));
    return {
      looked: { phone, task: task.id, names, isReadOnly: true },
      day: dayOf(record.items),
      user,
      absent: absent.value ?? NONE,
    };
  });
}

/** Return what is not shown of some pictures, and where it is; "" where all is shown. */
export function absentInWords(
  photos: readonly Merged[],
  { absent, user }: Pick<Pictures, "absent" | "user">,
): string {
  const missing = photos.filter((one) => absent.has(photoOf(one).sha256));
  const own = missing.filter((one) => one.heads.at(-1)?.user === user);
  const others = missing.filter((one) => !own.includes(one));
  return [
    others.length ? SUMMARY.absent(counted(others)) : "",
    own.length ? SUMMARY.absentOwn(counted(own)) : "",
  ]
    .filter(Boolean)
    .join("；");
}

function counted(photos: readonly Merged[]): string {
  const films = photos.filter((one) => photoOf(one).mime.startsWith("video/")).length;
  return SUMMARY.counted(photos.length - films, films);
}

function photosIn({ record }: SeenVisit): { readonly sha256: string }[] {
  const photos = [...record.items.values()].filter(({ id, live: is }) => is && isPhoto(id));
  return photos.map(photoOf);
}

function isPhoto(id: string): boolean {
  return id.startsWith("photo/");
}
