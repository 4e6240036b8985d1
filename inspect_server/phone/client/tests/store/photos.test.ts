/** A file is there only after it was written, read back, unsealed and found to be what it was. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sha256Hex } from "../../src/core/digests.ts";
import type { LocalStore } from "../../src/store/local.ts";
import { PIECE_BYTES } from "../../src/store/photos.ts";
import { PhotoNotKept, StorageFull } from "../../src/store/problems.ts";
import { vaultName } from "../../src/store/schema.ts";
import type { PieceRow } from "../../src/store/schema.ts";
import { Sealer } from "../../src/store/sealing.ts";
import { fullAfter } from "./failing.ts";
import type { Failure } from "./failing.ts";
import { account, dumped, emptyBrowser, enrolled, inUse, spoilt, tamper } from "./keeping.ts";
import type { Account } from "./keeping.ts";

emptyBrowser();
let of: Account;
let store: LocalStore;
let replica = "";

beforeEach(async () => {
  of = await account();
  store = await enrolled(of);
  replica = (await inUse(store)).id;
});

afterEach(() => {
  store.close();
  vi.restoreAllMocks();
});

function bytes(size: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) * seed) & 0xff);
}

describe("a file", () => {
  test.each([1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 7])(
    "of %i bytes comes back as it was, whole and in parts",
    async (size) => {
      const content = bytes(size);
      const sha256 = await store.addBlob(content, replica);
      const middle = Math.floor(size / 2);

      expect(sha256).toBe(await sha256Hex(content));
      expect(await sha256Hex(await store.blob(sha256))).toBe(sha256);
      expect(await store.blobSize(sha256)).toBe(size);
      for (const [start, end] of [[0, size], [middle, size], [0, middle], [middle, middle + 10]]) {
        const slice = await store.blobSlice(sha256, start as number, end as number);
        expect(await sha256Hex(slice)).toBe(await sha256Hex(content.slice(start, end)));
      }
    },
  );

  test("is counted as a film where it was kept as one", async () => {
    const photo = await store.addBlob(bytes(10), replica, true);
    const film = await store.addBlob(bytes(11), replica, true, true);
    const found = await store.files([photo, film, film, "0".repeat(64)]);

    expect(Object.fromEntries(found)).toEqual({
      [photo]: { size: 10, film: false },
      [film]: { size: 11, film: true },
    });
    expect(await store.counted([photo, film, film])).toEqual({ photos: 1, films: 1 });
  });

  test("that is not here is empty", async () => {
    const name = "0".repeat(64);

    expect((await store.blob(name)).length).toBe(0);
    expect((await store.blobSlice(name, 0, 9)).length).toBe(0);
    expect(await store.blobSize(name)).toBe(0);
  });

  test("that comes back from the storage as something else is not kept", async () => {
    const unseal = vi.spyOn(Sealer.prototype, "unseal").mockResolvedValue(new Uint8Array([1]));
    const refused = store.addBlob(bytes(1000), replica);
    await expect(refused).rejects.toBeInstanceOf(PhotoNotKept);
    unseal.mockRestore();

    expect((await store.uploads([await sha256Hex(bytes(1000))])).size).toBe(0);
    expect(JSON.parse(await dumped(vaultName(of.id))).pieces).toEqual([]);
  });

  test.each<[Failure, number]>([
    ["thrown", 0],
    ["thrown", 2],
    ["aborted", 1],
    ["aborted", 3],
  ])("for which there is no room (%s at write %i) leaves nothing", async (how, left) => {
    const before = await dumped(vaultName(of.id));
    const freed = fullAfter(left, how);
    const refused = store.addBlob(bytes(3 * PIECE_BYTES), replica);
    await expect(refused).rejects.toBeInstanceOf(StorageFull);
    freed();

    expect(await dumped(vaultName(of.id))).toBe(before);
  });

  test("that was damaged is named, empty, and whole again once it is added again", async () => {
    const content = bytes(2 * PIECE_BYTES);
    const sha256 = await store.addBlob(content, replica);
    await store.setUpload(sha256, "/sync/v1/uploads/7");
    await tamper<PieceRow>(vaultName(of.id), "pieces", (rows) => [spoilt(rows[1] as PieceRow)]);

    expect((await store.blob(sha256)).length).toBe(0);
    expect(store.damagedRows.map((row) => row.store)).toContain("photos");
    await store.addBlob(content, replica);
    expect(await sha256Hex(await store.blob(sha256))).toBe(sha256);
  });

  test("of which a piece is gone is not taken for a shorter one", async () => {
    const sha256 = await store.addBlob(bytes(3 * PIECE_BYTES), replica);
    await tamper<PieceRow>(vaultName(of.id), "pieces", (rows) => [
      { ...(rows[2] as PieceRow), start: 9 * PIECE_BYTES },
      { ...(rows[1] as PieceRow), sealed: (rows[0] as PieceRow).sealed },
    ]);

    expect((await store.blob(sha256)).length).toBe(0);
  });

  test("of which the browser lost a piece is named and empty, and throws nothing", async () => {
    const sha256 = await store.addBlob(bytes(3 * PIECE_BYTES), replica);
    const { get } = IDBObjectStore.prototype;
    const lost = (): never => {
      throw new DOMException("lost", "NotReadableError");
    };
    vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(lost);
    vi.spyOn(IDBObjectStore.prototype, "get").mockImplementation(function (
      this: IDBObjectStore,
      key,
    ) {
      return this.name === "pieces" && Array.isArray(key) && key[1] === PIECE_BYTES
        ? lost()
        : get.call(this, key);
    });

    expect((await store.blob(sha256)).length).toBe(0);
    expect(store.damagedRows.map((row) => row.store)).toEqual(["pieces", "photos"]);
  });

  test("remembers where it is being uploaded to", async () => {
    const [one, other] = [
      await store.addBlob(bytes(10), replica),
      await store.addBlob(bytes(11), replica),
    ];
    await store.setUpload(one, "/sync/v1/uploads/7");
    await store.setUpload("0".repeat(64), "/nowhere");

    expect(await store.uploads([one, other, "0".repeat(64)])).toEqual(
      new Map([
        [one, "/sync/v1/uploads/7"],
        [other, ""],
      ]),
    );
  });
});

describe("files that no entry cites", () => {
  test("go when the account is opened, if they were taken here; fetched ones stay", async () => {
    const taken = await store.addBlob(bytes(10), replica, true);
    const fetched = await store.addBlob(bytes(11), replica);

    expect(await store.forgetUncited()).toBe(1);
    expect([...(await store.uploads([taken, fetched])).keys()]).toEqual([fetched]);
  });
});

describe("a file that is being fetched", () => {
  test("is put together from its parts, up to a gap", async () => {
    const name = "a".repeat(64);
    await store.addPart(name, 0, bytes(5));
    await store.addPart(name, 5, bytes(3));
    await store.addPart(name, 100, bytes(3));

    expect((await store.parts(name)).length).toBe(8);
    await store.forgetParts(name);
    expect((await store.parts(name)).length).toBe(0);
  });
});
