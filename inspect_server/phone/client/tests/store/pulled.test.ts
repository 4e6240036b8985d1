/** A pull becomes the view at once; until then, and if it breaks, everything is as it was. */

import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LocalDocument, LocalStore } from "../../src/store/local.ts";
import { StorageFull } from "../../src/store/problems.ts";
import { vaultName } from "../../src/store/schema.ts";
import type { DocumentRow } from "../../src/store/schema.ts";
import { fullAfter } from "./failing.ts";
import { TASK, account, dumped, emptyBrowser, enrolled, show, spoilt, tamper } from "./keeping.ts";
import type { Account } from "./keeping.ts";

emptyBrowser();
let of: Account;
let store: LocalStore;

beforeEach(async () => {
  of = await account();
  store = await enrolled(of);
});

afterEach(() => {
  store.close();
  vi.restoreAllMocks();
});

function document(id: string, ver: number, scope = "law"): LocalDocument {
  return { id, scope, kind: id.split("/", 1)[0] as string, ver, pos: ver, body: { id, ver } };
}

async function flip(fresh = false): Promise<void> {
  await store.flip({ fresh, settings: { cursor: "c", log_pos: "9" } });
}

describe("a pull", () => {
  test("is not in view before it is flipped, and then all of it with its cursor", async () => {
    await store.stage([[document("law/b", 1), false]], []);
    await store.stage([[document("law/a", 2), false]], []);

    expect(await store.documents("law")).toEqual([]);
    expect(await store.stagedVersions({ fresh: false })).toEqual([
      ["law/a", 2],
      ["law/b", 1],
    ]);
    await flip();
    expect((await store.documents("law")).map((one) => one.body)).toEqual([
      { id: "law/a", ver: 2 },
      { id: "law/b", ver: 1 },
    ]);
    expect(await store.get("cursor")).toBe("c");
    expect(await store.document("law/a")).toEqual(document("law/a", 2));
    expect(await store.document("law/none")).toBeNull();
  });

  test("that never came to its end is forgotten", async () => {
    await store.stage([[document("law/a", 1), false]], ["form"]);
    await store.clearStaging();
    await flip();

    expect(await store.versions()).toEqual([]);
  });

  test("hides the scopes that it leaves, but not what comes in them afterwards", async () => {
    await show(store, { "law/a": 1, "law/b": 1 }, "left");
    await show(store, { "law/c": 1 }, "stays");
    await store.stage([[document("law/d", 1, "left"), false]], []);
    await store.stage([[document("law/a", 2, "left"), false]], ["left"]);
    await flip();

    expect((await store.versions()).map(([id]) => id)).toEqual(["law/a", "law/c"]);
  });

  test("from nothing replaces all that was in view", async () => {
    await show(store, { "law/a": 1, "law/b": 1 });
    await store.stage([[document("law/b", 2), false]], []);
    await flip(true);

    expect(await store.versions()).toEqual([["law/b", 2]]);
  });

  test("finds the items of one task without those of another", async () => {
    await show(store, { [`item/${TASK}/note/1`]: 1, [`item/${TASK}x/note/2`]: 2, "law/x": 3 });
    const found = await store.documentsUnder(`item/${TASK}/`);

    expect(found.map((one) => one.body)).toEqual([1]);
  });

  test("comes to exactly the versions that it said before", async () => {
    const id = fc.constantFrom("law/a", "law/b", "form/a", "form/b");
    const scope = fc.constantFrom("s1", "s2");
    const one = fc.record({ id, scope, ver: fc.nat(9), gone: fc.boolean() });
    const page = fc.record({
      documents: fc.array(one, { maxLength: 3 }),
      leave: fc.subarray(["s1", "s2"]),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(page, { maxLength: 4 }), fc.boolean(), async (pages, fresh) => {
        for (const { documents, leave } of pages) {
          await store.stage(
            documents.map((each) => [document(each.id, each.ver, each.scope), each.gone]),
            leave,
          );
        }
        const told = await store.stagedVersions({ fresh });
        await flip(fresh);

        expect([...(await store.versions())].sort()).toEqual([...told].sort());
      }),
      { numRuns: 60 },
    );
  });

  test.each(["thrown", "aborted"] as const)(
    "for which there is no room (%s) leaves the view as it was",
    async (how) => {
      await show(store, { "law/a": 1, "law/b": 1 });
      await store.stage([[document("law/c", 1), false]], ["law"]);
      const before = await dumped(vaultName(of.id));
      const freed = fullAfter(1, how);
      await expect(flip()).rejects.toBeInstanceOf(StorageFull);
      freed();

      expect(await dumped(vaultName(of.id))).toBe(before);
    },
  );
});

describe("a damaged document", () => {
  test("of which the browser lost the file does not keep others from being read", async () => {
    await show(store, { "law/a": 1, "law/b": 2, "law/c": 3 });
    const { get } = IDBObjectStore.prototype;
    const lost = (): never => {
      throw new DOMException("Failed to read large IndexedDB value", "DataError");
    };
    for (const from of [IDBObjectStore.prototype, IDBIndex.prototype]) {
      vi.spyOn(from, "getAll").mockImplementation(lost);
    }
    vi.spyOn(IDBObjectStore.prototype, "get").mockImplementation(function (
      this: IDBObjectStore,
      key,
    ) {
      return key === "law/b" ? lost() : get.call(this, key);
    });
    const found = await store.documents("law");
    vi.restoreAllMocks();

    expect(found.map((one) => one.id)).toEqual(["law/a", "law/c"]);
    expect(store.damagedRows).toEqual([{ store: "documents", row: "law/b" }]);
    expect((await store.versions()).map(([id]) => id)).toEqual(["law/a", "law/c"]);
    expect(await store.get("cursor")).toBe("");
  });

  test("is passed over, and the next pull brings everything anew", async () => {
    await show(store, { "law/a": 1, "law/b": 2 });
    await tamper<DocumentRow>(vaultName(of.id), "documents", (rows) => [
      spoilt(rows[0] as DocumentRow),
    ]);

    expect((await store.documents("law")).map((one) => one.id)).toEqual(["law/b"]);
    expect(store.damagedRows).toEqual([{ store: "documents", row: "law/a" }]);
    expect(await store.get("cursor")).toBe("");
    expect((await store.versions()).map(([id]) => id)).toEqual(["law/b"]);
  });
});
