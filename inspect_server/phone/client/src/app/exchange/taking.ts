/** What two phones tell each other: who has how much, what goes out, and what came in from whom. */

import { fileWith, takenFrom } from "../../capture/partner/carrying.ts";
import type { Listed } from "../../capture/partner/carrying.ts";
import type { Phone } from "../../capture/phone.ts";
import { parse } from "../../core/entries.ts";
import type { Entry } from "../../core/entries.ts";
import type { Item } from "../../merging/items.ts";
import type { Files } from "../../store/counted.ts";
import type { LocalEntry } from "../../store/local.ts";
import type { TaskBody } from "../reading/bodies.ts";

/** What one officer captured, as far as it came in. */
export interface Brought {
  readonly user: string;
  readonly entries: number;
  /** Items by the type of what was captured of them. */
  readonly kinds: ReadonlyMap<string, number>;
}

/** What a partner's file brought. */
export interface TakenIn {
  readonly total: number;
  readonly by: readonly Brought[];
  /** Entries of other tasks that the same team has. */
  readonly elsewhere: number;
  /** Photos and films that came along and are new here. */
  readonly files: number;
  /** Photos and films that came along and found no room here. */
  readonly unkept: number;
  /** Files that are cited and not on this phone. */
  readonly missing: number;
  readonly conflicts: number;
  /** Whether the checklists settle them all; what else there is the page of signatures lists. */
  readonly isByChecklist: boolean;
}

/** How much of one officer is on this phone. */
export interface Held {
  readonly items: number;
  readonly last: string;
}

/** What can be given to the partner. */
export interface Gift {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly entries: number;
  /** The photos and films that can go with it, their bytes, and how many of each. */
  readonly photos: readonly Listed[];
  readonly size: number;
  readonly counted: Files;
  /** Photos and films that it names and that cannot go with it. */
  readonly absent: number;
}

/** Return by user what this phone shows of a task, by whichever way it came. */
export function heldBy(items: Iterable<Item>): ReadonlyMap<string, Held> {
  const held = new Map<string, Held>();
  for (const { heads } of items) {
    for (const [user, head] of new Map(heads.map((one) => [one.user, one]))) {
      const { items: count, last } = held.get(user) ?? { items: 0, last: "" };
      const isLater = last === "" || Date.parse(head.wall) > Date.parse(last);
      held.set(user, { items: count + 1, last: isLater ? head.wall : last });
    }
  }
  return held;
}

/** Return the entries of a task on this phone. */
export async function entriesOf(phone: Phone, task: string): Promise<readonly Entry[]> {
  return (await phone.entries()).filter((row) => row.task === task).map(parsed);
}

/** Return what the partner may be given of a task. */
export async function giftOf(phone: Phone, task: string): Promise<Gift> {
  const entries = await entriesOf(phone, task);
  const wanted = await photosWanted(phone, task, new Set(entries.flatMap(filesIn)));
  const here = await phone.store.files(wanted);
  const photos = wanted.flatMap((sha256) => {
    const size = here.get(sha256)?.size ?? 0;
    return size > 0 ? [{ sha256, size }] : [];
  });
  const films = photos.filter(({ sha256 }) => here.get(sha256)?.film).length;
  return {
    content: await phone.exportEntries(task),
    entries: entries.length,
    photos,
    size: photos.reduce((sum, one) => sum + one.size, 0),
    counted: { photos: photos.length - films, films },
    absent: wanted.length - photos.length,
  };
}

/** Return the file of a gift with its photos. */
export async function withPhotos(
  phone: Phone,
  gift: Gift,
  onFile: (count: number) => void,
): Promise<Blob> {
  return await fileWith(phone.store, gift.content, gift.photos, onFile);
}

/**
 * Return the name of the file for the partner: of which check, and from whom.
 *
 * Two phones of one team give each other files of one check: their names differ, or one's own is
 * picked by mistake.
 */
export function fileName(number: string, name: string, how: "whole" | "entries"): string {
  const from = name.replaceAll(/[^\p{L}\p{N}·-]/gu, "");
  const kind = how === "whole" ? "inspect" : "inspect.gz";
  return `${[number, from].filter(Boolean).join("-")}.${kind}`;
}

/**
 * Return the photos and films of a task that a partner may lack, in the order of their taking.
 *
 * What was withdrawn shows nowhere. And where nobody but its author is left on the team it would
 * only go back to where it came from.
 */
async function photosWanted(
  phone: Phone,
  task: string,
  cited: ReadonlySet<string>,
): Promise<readonly string[]> {
  const [{ items }, document, user] = await Promise.all([
    phone.record(task),
    phone.store.document(`task/${task}`),
    phone.user(),
  ]);
  const { team = [] } = (document?.body ?? {}) as Partial<TaskBody>;
  const others = team.map((one) => one.user_id).filter((one) => one !== user);
  const heads = [...items.values()]
    .filter((item) => item.id.startsWith("photo/") && item.live)
    .flatMap((item) => item.heads)
    .filter((head) => cited.has(head.blob))
    .filter((head) => others.length === 0 || others.some((one) => one !== head.user));
  const inOrder = heads.sort((one, other) => (one.hlc < other.hlc ? -1 : 1));
  return [...new Set(inOrder.map((head) => head.blob))];
}

/**
 * Take in a partner's file and say what it brought.
 *
 * @throws BadFile if it is damaged, or an entry's signature does not hold; nothing was taken in.
 */
export async function takeIn(phone: Phone, task: string, file: Blob): Promise<TakenIn> {
  const known = new Set((await phone.entries()).map((row) => row.hash));
  const { entries: total, files, unkept } = await takenFrom(phone.store, file);
  const fresh = (await phone.entries()).filter((row) => !known.has(row.hash));
  const ours = fresh.filter((row) => row.task === task).map(parsed);
  const { conflicts } = await phone.record(task);
  return {
    total,
    by: broughtBy(ours),
    elsewhere: fresh.length - ours.length,
    files,
    unkept,
    missing: await missingOf(phone, ours),
    conflicts: conflicts.length,
    isByChecklist: conflicts.every((item) => item.startsWith("answer/")),
  };
}

/** Return what entries bring, by user, in the order of their first one. */
export function broughtBy(entries: readonly Entry[]): readonly Brought[] {
  const users = [...new Set(entries.map((entry) => entry.user))];
  return users.map((user) => {
    const own = entries.filter((entry) => entry.user === user);
    const kinds = new Map<string, number>();
    const seen = new Set<string>();
    for (const { type, item } of own.flatMap((entry) => entry.ops)) {
      if (seen.has(`${type} ${item}`)) continue;
      seen.add(`${type} ${item}`);
      kinds.set(type, (kinds.get(type) ?? 0) + 1);
    }
    return { user, entries: own.length, kinds };
  });
}

async function missingOf(phone: Phone, entries: readonly Entry[]): Promise<number> {
  const sizes = await Promise.all(
    [...new Set(entries.flatMap(filesIn))].map((sha256) => phone.store.blobSize(sha256)),
  );
  return sizes.filter((size) => size === 0).length;
}

function filesIn(entry: Entry): readonly string[] {
  return entry.ops.flatMap((op) => (op.blob === undefined ? [] : [op.blob]));
}

function parsed(row: LocalEntry): Entry {
  return parse(row.content);
}
