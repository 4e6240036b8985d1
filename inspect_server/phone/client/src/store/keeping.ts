/** Making a replica: a key that the browser keeps, gives back and signs with, or no replica. */

import { utf8 } from "../core/bytes.ts";
import { rawPublicKey, replicaId, sign, verify } from "../core/keys.ts";
import type { Database } from "./database.ts";
import { KeysNotKept } from "./problems.ts";
import type { ReplicaRow, VaultSchema } from "./schema.ts";

const TRIAL = utf8("inspect-phone key trial v1\n");

/**
 * Return a replica whose key was stored, read again and signed with.
 *
 * On trial it lies in the database with the ordinal 0, which no replica in use has.
 *
 * @throws KeysNotKept if this browser cannot do it.
 */
export async function newReplicaRow(
  db: Database<VaultSchema>,
  ordinal: number,
  pair: CryptoKeyPair,
): Promise<ReplicaRow> {
  const publicKey = await rawPublicKey(pair);
  const id = await replicaId(publicKey);
  const row = { id, ordinal: 0, key: pair.privateKey, publicKey, uptoSeq: 0, headHash: "" };
  const kept = await stored(db, row);
  const signature = await sign(kept.key, TRIAL).catch((error: unknown) => {
    throw new KeysNotKept(String(error));
  });
  if (!(await verify(publicKey, TRIAL, signature))) throw new KeysNotKept("signature");
  return { ...kept, ordinal };
}

async function stored(db: Database<VaultSchema>, row: ReplicaRow): Promise<ReplicaRow> {
  try {
    await db.change(["replicas"], (tx) => tx.objectStore("replicas").put(row));
  } catch (error) {
    if (error instanceof DOMException) throw new KeysNotKept(error.name); // DataCloneError
    throw error;
  }
  const kept = await db.read(["replicas"], (tx) => tx.objectStore("replicas").get(row.id));
  if (kept?.key instanceof CryptoKey && !kept.key.extractable) return kept;
  throw new KeysNotKept("not kept as it was");
}
