/** What a phone holds of one replica, and the server's signed word that all of it is safe there. */

import { fromBase64 } from "../../core/bytes.ts";
import { blobRoot } from "../../core/digests.ts";
import { BadReceipt } from "../../core/problems.ts";
import { verifyReceipt } from "../../core/receipts.ts";
import { pinnedKeys } from "../../store/leaving/covering.ts";
import type { EntryPlace, LocalStore } from "../../store/local.ts";
import { PATHS, isReceiptReply } from "./messages.ts";
import type { Patience } from "./waiting.ts";
import type { Wire } from "../wire.ts";

/** What was on the phone at one moment; what is captured later is of the next sync. */
export interface Held {
  readonly replica: string;
  /** The end of its chain. */
  readonly uptoSeq: number;
  readonly headHash: string;
  /** The seq of its last entry that is here no more. */
  readonly removed: number;
  /** Of all entries, of whichever replica. */
  readonly places: readonly EntryPlace[];
}

/** Read what is on the phone. */
export async function readHeld(store: LocalStore, replica: string): Promise<Held> {
  const own = (await store.replicas()).find(({ id }) => id === replica);
  const { uptoSeq, headHash } = own ?? { uptoSeq: 0, headHash: "" };
  const removed = await store.removedUpto(replica);
  const places = (await store.places()).filter(
    (row) => row.replica !== replica || row.seq <= uptoSeq,
  );
  return { replica, uptoSeq, headHash, removed, places };
}

/**
 * Get the receipt for the end of a replica's chain, unless it is here.
 *
 * @throws RemoteProblem while a photo or an entry is missing there.
 * @throws BadReceipt if what comes is not a receipt for what this phone holds.
 */
export async function getReceipt(
  store: LocalStore,
  wire: Wire,
  patience: Patience,
  held: Held,
): Promise<void> {
  const { replica, uptoSeq, headHash } = held;
  if (uptoSeq === 0) return;
  const epoch = await store.get("epoch");
  if ((await store.receiptPos(replica, epoch, headHash)) >= 0) return;
  const { removed: after } = held;
  if (after >= uptoSeq) return; // nothing is left here that a receipt could cover
  const covered = held.places.filter((row) => row.replica === replica && row.seq > after);
  const asked = {
    replica,
    upto_seq: uptoSeq,
    head_hash: headHash,
    blob_root: await blobRoot(covered.flatMap(({ blobs }) => blobs)),
    after_seq: after,
  };
  const reply = await patience.ask(() => wire.post(PATHS.receipts, asked, isReceiptReply));
  const receipt = await verifyReceipt(reply, await pinnedKeys(store));
  const wanted = Object.entries({ ...asked, epoch });
  if (wanted.some(([name, value]) => receipt[name as keyof typeof receipt] !== value)) {
    throw new BadReceipt("回执与本机记录不符");
  }
  await store.addReceipt({
    replica,
    epoch,
    uptoSeq,
    headHash,
    logPos: receipt.log_pos,
    content: fromBase64(reply.receipt_b64),
    signature: fromBase64(reply.sig_b64),
    kid: reply.kid,
  });
}
