/** What the server's receipts cover of what is on this phone, and what would be lost with it. */

import { base64, fromHex } from "../../core/bytes.ts";
import { verifyReceipt } from "../../core/receipts.ts";
import type { Receipt } from "../../core/receipts.ts";
import type { EntryPlace, LocalReceipt, LocalReplica, LocalStore } from "../local.ts";

/** What only this phone is known to hold. */
export interface Uncovered {
  readonly own: readonly EntryPlace[]; // entries without a receipt
  readonly partners: readonly EntryPlace[]; // entries of others that no server acknowledged
  readonly photos: readonly string[]; // files here that own ones cite
}

/** A receipt that holds for this phone's own chain, in the server's present life. */
export interface Cover {
  readonly kept: LocalReceipt;
  readonly said: Receipt;
}

/** Return kid -> raw Ed25519 key as pinned at enrolment. */
export async function pinnedKeys(store: LocalStore): Promise<ReadonlyMap<string, Uint8Array>> {
  const shown = JSON.parse((await store.get("server_keys")) || "{}") as Record<string, string>;
  return new Map(Object.entries(shown).map(([kid, key]) => [kid, fromHex(key)]));
}

/** Return what would be lost with this phone's data; every receipt is verified again. */
export async function uncovered(store: LocalStore): Promise<Uncovered> {
  const [places, replicas, epoch] = await Promise.all([
    store.places(),
    store.replicas(),
    store.get("epoch"),
  ]);
  const ids = new Set(replicas.map((one) => one.id));
  const partners = places.filter((one) => !ids.has(one.replica) && one.ackedEpoch !== epoch);
  let own = places.filter((one) => ids.has(one.replica));
  for (const receipt of [...(await store.receipts())].reverse()) {
    if (!own.some((one) => mayCover(receipt, one))) continue;
    const cover = await coverOf(store, receipt, replicas, epoch);
    if (cover) own = own.filter((one) => !covers(cover, one));
  }
  return { own, partners, photos: await filesOf(store, own) };
}

/** Return the files of entries that are on this phone. */
export async function filesOf(
  store: LocalStore,
  places: readonly EntryPlace[],
): Promise<readonly string[]> {
  return [...(await store.uploads(places.flatMap((one) => one.blobs))).keys()];
}

/** Return a receipt that verifies and ends at an entry of this phone's chain; else null. */
export async function coverOf(
  store: LocalStore,
  receipt: LocalReceipt,
  replicas: readonly LocalReplica[],
  epoch: string,
): Promise<Cover | null> {
  const { replica, uptoSeq, headHash, content, signature, kid } = receipt;
  const reply = { receipt_b64: base64(content), sig_b64: base64(signature), kid };
  const said = await verifyReceipt(reply, await pinnedKeys(store)).catch(() => null);
  if (said?.replica !== replica || said.upto_seq !== uptoSeq || said.epoch !== epoch) return null;
  const own = replicas.find((one) => one.id === replica);
  const isHead = own?.uptoSeq === uptoSeq && own.headHash === headHash;
  const isOurs = isHead || (await store.hashAt(replica, uptoSeq)) === headHash;
  return isOurs && said.head_hash === headHash ? { kept: receipt, said } : null;
}

/** Return whether an entry is among those that a receipt covers, and was acknowledged as well. */
export function covers(cover: Cover, place: EntryPlace): boolean {
  const { said } = cover;
  const isWithin = place.seq > said.after_seq && place.seq <= said.upto_seq;
  return isWithin && place.replica === said.replica && place.ackedEpoch === said.epoch;
}

function mayCover(receipt: LocalReceipt, place: EntryPlace): boolean {
  return receipt.replica === place.replica && receipt.uptoSeq >= place.seq;
}
