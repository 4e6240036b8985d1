/**
 * The point of no return in removing an account: from it on nothing more is saved there.
 *
 * Another window may take over and save while it is still being counted what receipts cover. So the
 * replicas go first, and only if everything is as it was when counting began: what would be saved
 * later finds no head of its chain, and is refused instead of lost.
 */

import type { Reading } from "../database.ts";
import { vault } from "../schema.ts";
import type { VaultSchema } from "../schema.ts";

/** Return what changes with everything that is saved in an account. */
export async function standing(id: string): Promise<string> {
  return await within(id, (db) => db.read(["replicas", "entries"], told));
}

/** Make saving impossible if an account stands as it did; return whether that was so. */
export async function sealedOff(id: string, before: string): Promise<boolean> {
  return await within(id, (db) =>
    db.change(["replicas", "entries"], async (tx) => {
      if ((await told(tx as unknown as Reading<VaultSchema>)) !== before) return false;
      await tx.objectStore("replicas").clear();
      return true;
    }),
  );
}

/** Return whether nothing can be saved in an account any more: its data may go. */
export async function isSealedOff(id: string): Promise<boolean> {
  return await within(id, async (db) => {
    const left = await db.read(["replicas"], (tx) => tx.objectStore("replicas").count());
    return left === 0;
  });
}

async function told(tx: Reading<VaultSchema>): Promise<string> {
  const replicas = await tx.objectStore("replicas").getAll();
  const heads = replicas.map(({ id, uptoSeq, headHash }) => [id, uptoSeq, headHash]);
  return JSON.stringify([heads, await tx.objectStore("entries").count()]);
}

async function within<T>(
  id: string,
  work: (db: ReturnType<typeof vault>) => Promise<T>,
): Promise<T> {
  const db = vault(id);
  try {
    return await work(db);
  } finally {
    db.close();
  }
}
