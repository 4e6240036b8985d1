/** What waits on this phone, by task; counted without unsealing anything. */

import type { EntryPlace } from "../../store/local.ts";

/** Saves, photos and films of one task that are not with the server. */
export interface WaitingTask {
  readonly task: string;
  readonly entries: number;
  readonly photos: readonly string[];
  readonly films: readonly string[];
}

/**
 * Return what waits, by task, in the order in which it was captured.
 *
 * @param lacked The files that the server lacks, of delivered saves as well.
 * @param films Which of them are films.
 */
export function waitingTasks(
  places: readonly EntryPlace[],
  epoch: string,
  lacked: ReadonlySet<string>,
  films: ReadonlySet<string> = new Set(),
): WaitingTask[] {
  const found = new Map<string, { entries: number; photos: Set<string> }>();
  for (const place of places) {
    const isLeft = epoch === "" || place.ackedEpoch !== epoch;
    const lacking = place.blobs.filter((one) => lacked.has(one));
    if (!isLeft && lacking.length === 0) continue;
    const of = found.get(place.task) ?? { entries: 0, photos: new Set<string>() };
    of.entries += isLeft ? 1 : 0;
    for (const one of lacking) of.photos.add(one);
    found.set(place.task, of);
  }
  return [...found].map(([task, { entries, photos: files }]) => ({
    task,
    entries,
    photos: [...files].filter((one) => !films.has(one)),
    films: [...files].filter((one) => films.has(one)),
  }));
}
