/** Versions of a database: each step leads from one to the next, and all data comes along. */

import { afterEach, describe, expect, test, vi } from "vitest";
import type { DBSchema } from "idb";
import { Database } from "../../src/store/database.ts";
import type { Step } from "../../src/store/database.ts";
import { NewerData, OlderWindow, StorageFailed, VaultLocked } from "../../src/store/problems.ts";
import { emptyBrowser } from "./keeping.ts";

interface Schema extends DBSchema {
  words: { key: string; value: { readonly word: string; readonly length?: number } };
  others: { key: string; value: string };
}

const first: Step<Schema> = (db) => {
  db.createObjectStore("words", { keyPath: "word" });
};
const second: Step<Schema> = async (db, tx) => {
  db.createObjectStore("others");
  for (const row of await tx.objectStore("words").getAll()) {
    await tx.objectStore("words").put({ ...row, length: row.word.length });
  }
};
const broken: Step<Schema> = () => {
  throw new RangeError("a step that fails");
};

emptyBrowser();
const opened: Database<Schema>[] = [];

afterEach(() => {
  for (const db of opened.splice(0)) db.close();
});

function database(...steps: readonly Step<Schema>[]): Database<Schema> {
  const db = new Database<Schema>("words", steps);
  opened.push(db);
  return db;
}

async function put(db: Database<Schema>, word: string): Promise<unknown> {
  return await db.change(["words"], (tx) => tx.objectStore("words").put({ word }));
}

async function all(db: Database<Schema>): Promise<readonly unknown[]> {
  return await db.read(["words"], (tx) => tx.objectStore("words").getAll());
}

describe("an update of the program", () => {
  test("takes the data along to the next version, and opens an empty phone in it", async () => {
    const old = database(first);
    await put(old, "积尘");
    const next = database(first, second);
    const found = await all(next);

    expect(found).toEqual([{ word: "积尘", length: 2 }]);
    await expect(all(old)).rejects.toBeInstanceOf(NewerData);
    await expect(all(database(first))).rejects.toBeInstanceOf(NewerData);
    globalThis.indexedDB = new IDBFactory();
    expect(await all(database(first, second))).toEqual([]);
  });

  test("of which a step fails leaves the data in the version before", async () => {
    const old = database(first);
    await put(old, "积尘");
    old.close();
    await expect(all(database(first, broken))).rejects.toBeInstanceOf(StorageFailed);

    expect(await all(database(first))).toEqual([{ word: "积尘" }]);
  });

  test("waits for no window that does not let go: it says which to close", async () => {
    await put(database(first), "积尘");
    const raw = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("words");
      request.onsuccess = () => resolve(request.result);
    });
    const next = database(first, second);
    await expect(all(next)).rejects.toBeInstanceOf(OlderWindow);
    raw.close();

    await vi.waitFor(async () => expect(await all(next)).toEqual([{ word: "积尘", length: 2 }]));
  });
});

test("a closed database is used by nobody", async () => {
  const db = database(first);
  await put(db, "一");
  db.close();

  await expect(all(db)).rejects.toBeInstanceOf(VaultLocked);
});

test("work that fails by itself undoes what it did and says what it was", async () => {
  const db = database(first);
  const failing = db.change(["words"], async (tx) => {
    await tx.objectStore("words").put({ word: "一" });
    throw new RangeError("a mistake of the program");
  });
  await expect(failing).rejects.toThrow("a mistake of the program");

  expect(await all(db)).toEqual([]);
});
