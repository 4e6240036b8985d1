/**
 * What a phone may let go of: entries and photos that a receipt has covered for 30 days.
 *
 * Always from the beginning of a chain up to the end of a receipt, which is kept: should the server
 * ever be restored to before it, this receipt stands for what is no longer here (docs/sync.md,
 * "After a restore"). What a task that is still on the phone shows stays as well. A partner's
 * photos go with their task: a record is closed only once the server has every file of it, and it
 * leaves the phones 30 days after that.
 */

import { fromUtf8 } from "../../core/bytes.ts";
import { covers, coverOf } from "./covering.ts";
import type { EntryPlace, LocalReceipt, LocalStore } from "../local.ts";

const TASK = "task/";
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** What was removed. */
export interface Removed {
  readonly entries: number;
  readonly photos: number;
}

/** Remove what may go; the time that counts is the server's, as last told. */
export async function removeCovered(store: LocalStore): Promise<Removed> {
  const [now, epoch, forked] = await Promise.all([
    store.get("server_time"),
    store.get("epoch"),
    store.get("forked"),
  ]);
  const removed = { entries: 0, photos: 0 };
  for (const replica of await store.replicas()) {
    if (replica.id === forked) continue; // which branch the server speaks of is not certain
    const places = (await store.places()).filter((one) => one.replica === replica.id);
    const old = (await store.receipts()).filter((one) => one.replica === replica.id);
    for (const receipt of old.sort((one, other) => other.uptoSeq - one.uptoSeq)) {
      const upto = places.filter((one) => one.seq <= receipt.uptoSeq);
      if (upto.length === 0) break;
      if (!isOld(receipt, now)) continue;
      const cover = await coverOf(store, receipt, [replica], epoch);
      if (!cover) continue;
      if (!upto.every((one) => covers(cover, one)) || (await isShown(store, upto))) continue;
      const gone = await store.removeUpto(replica.id, receipt.uptoSeq);
      removed.entries += gone.entries;
      removed.photos += gone.photos;
      break;
    }
  }
  removed.photos += await store.forgetBrought(await tasksHere(store));
  return removed;
}

/** Whether a receipt says that it is that old; if it is to count, it is verified as well. */
function isOld(receipt: LocalReceipt, now: string): boolean {
  const { time } = JSON.parse(fromUtf8(receipt.content)) as { readonly time: string };
  return Date.parse(now) - Date.parse(time) >= KEPT_MS; // of no time false
}

/** Return the tasks that are on the phone: what a partner gave of another one shows nowhere. */
async function tasksHere(store: LocalStore): Promise<ReadonlySet<string>> {
  const tasks = (await store.versions()).filter(([id]) => id.startsWith(TASK));
  return new Set(tasks.map(([id]) => id.slice(TASK.length)));
}

async function isShown(store: LocalStore, places: readonly EntryPlace[]): Promise<boolean> {
  for (const task of new Set(places.map((one) => one.task))) {
    if (await store.document(`task/${task}`)) return true;
  }
  return false;
}
