/** Accounts on a phone: opened by their own secret, waiting after wrong ones, wiped when safe. */

import { afterEach, describe, expect, test, vi } from "vitest";
import { PhoneError } from "../../src/core/problems.ts";
import type { LocalStore } from "../../src/store/local.ts";
import {
  DataGone,
  KeysNotKept,
  NewerData,
  NotCovered,
  OtherWindow,
  SecretWait,
  StorageFull,
  VaultLocked,
  WeakSecret,
  WrongSecret,
} from "../../src/store/problems.ts";
import { vaultName } from "../../src/store/schema.ts";
import { Vaults, waitAfter } from "../../src/store/vaults.ts";
import { fullAfter } from "./failing.ts";
import { DEVICE, EPOCH, Receipts, dumped, emptyBrowser, saveNote } from "./keeping.ts";

const PIN = "735201";
const USER = "0198cccc-0000-4000-8000-000000000001";
const START = Date.parse("2026-03-02T01:00:00Z");

emptyBrowser();
const opened: LocalStore[] = [];
let now = START;

afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  now = START;
  vi.restoreAllMocks();
});

/** The list of accounts as the app has it after a reload. */
function reloaded(): Vaults {
  return new Vaults(() => now);
}

async function created(login: string, secret = PIN): Promise<LocalStore> {
  const store = await reloaded().create(login, secret);
  opened.push(store);
  const server_time = "2026-03-02T01:00:00Z";
  await store.put({ user: USER, device: DEVICE, epoch: EPOCH, server_time });
  return store;
}

async function unlocked(id: string, secret = PIN): Promise<LocalStore> {
  const store = await reloaded().unlock(id, secret);
  opened.push(store);
  return store;
}

async function failed(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("a shared phone", () => {
  test("lists its accounts, and neither sees what the other keeps", async () => {
    const one = await created("zf01");
    const other = await created("zf02", "808152");
    await saveNote(one, USER, "甲的记录");
    await other.putDraft("page", "乙的草稿");
    one.close();
    other.close();
    const vaults = reloaded();
    await vaults.update(one.vault, { name: "张三" });
    const accounts = await vaults.accounts();
    const again = await unlocked(other.vault, "808152");

    expect(accounts.map(({ login, name }) => [login, name]).sort()).toEqual([
      ["zf01", "张三"],
      ["zf02", ""],
    ]);
    expect(await again.entries()).toEqual([]);
    expect(await again.draft("page")).toBe("乙的草稿");
    expect(await failed(reloaded().unlock(one.vault, "808152"))).toBeInstanceOf(WrongSecret);
  });

  test("is one device to the server, whoever enrols", async () => {
    const vaults = reloaded();

    expect(await vaults.device()).toBeNull();
    await vaults.setDevice({ id: DEVICE, label: "执法一号机" });
    const store = await vaults.create("zf03", PIN);
    opened.push(store);

    expect(await reloaded().device()).toEqual({ id: DEVICE, label: "执法一号机" });
    expect(await store.get("device")).toBe(DEVICE);
  });
});

describe("an account", () => {
  test("opens after a reload with all it had, and forgets its key when it is locked", async () => {
    const store = await created("zf01");
    const hash = await saveNote(store, USER, "一");
    store.close();
    const again = await unlocked(store.vault);

    expect((await again.entries()).map((row) => row.hash)).toEqual([hash]);
    expect((await again.replicas())[0]?.uptoSeq).toBe(1);
    expect(await failed(store.get("user"))).toBeInstanceOf(VaultLocked);
  });

  test("is not made with a secret that anybody would guess", async () => {
    expect(await failed(reloaded().create("zf01", "123456"))).toBeInstanceOf(WeakSecret);
    expect(await reloaded().accounts()).toEqual([]);
  });

  test("keeps nothing of its secret or its key in plain", async () => {
    const store = await created("zf01", "corn on the cob");
    await store.put({ token: "secret-token" });
    const registry = await dumped("inspect-phone");

    expect(registry).not.toContain("corn");
    expect(await dumped(vaultName(store.vault))).not.toContain("secret-token");
  });

  test("of which the browser lost the data says so, and can be taken off the list", async () => {
    const store = await created("zf01");
    store.close();
    await new Promise<void>((resolve, reject) => {
      const gone = indexedDB.deleteDatabase(vaultName(store.vault));
      gone.onsuccess = () => resolve();
      gone.onerror = () => reject(gone.error);
    });

    expect(await failed(reloaded().unlock(store.vault, PIN))).toBeInstanceOf(DataGone);
    await reloaded().forgetGone(store.vault);
    expect(await reloaded().accounts()).toEqual([]);
  });

  test("whose data is there is not taken off the list", async () => {
    const store = await created("zf01");
    await reloaded().forgetGone(store.vault);

    expect((await reloaded().accounts()).length).toBe(1);
  });
});

describe("a browser that does not keep signing keys", () => {
  test("is refused, and nothing of the account is left", async () => {
    const original = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (
      this: IDBObjectStore,
      value: { readonly key?: unknown },
    ) {
      if (value.key instanceof CryptoKey) throw new DOMException("no keys", "DataCloneError");
      return original.call(this, value);
    });
    const refused = await failed(reloaded().create("zf01", PIN));

    expect(refused).toBeInstanceOf(KeysNotKept);
    expect(await reloaded().accounts()).toEqual([]);
    expect((await indexedDB.databases()).map((one) => one.name)).toEqual(["inspect-phone"]);
  });

  test.each(["sign", "verify"] as const)("is refused if it cannot %s with them", async (step) => {
    const spy = vi.spyOn(crypto.subtle, step);
    if (step === "verify") spy.mockResolvedValue(false as never);
    else spy.mockRejectedValue(new DOMException("gone", "InvalidAccessError"));

    expect(await failed(reloaded().create("zf01", PIN))).toBeInstanceOf(KeysNotKept);
    expect(await reloaded().accounts()).toEqual([]);
  });

  test("keys are made so that no script reads them", async () => {
    const store = await created("zf01");
    const key = (await store.replicas())[0]?.key as CryptoKey;

    expect(key.extractable).toBe(false);
    expect(await failed(crypto.subtle.exportKey("pkcs8", key))).toBeInstanceOf(DOMException);
  });
});

describe("wrong secrets", () => {
  test("and right ones open and tell nothing where the try cannot be counted", async () => {
    const { vault: id } = await created("zf01");
    const restore = fullAfter(0, "aborted");
    const tries = [await failed(reloaded().unlock(id, PIN))];
    tries.push(await failed(reloaded().unlock(id, "000111")));
    restore();

    for (const error of tries) expect(error).toBeInstanceOf(StorageFull);
    expect((await unlocked(id)).vault).toBe(id);
  });

  test("make one wait 30 seconds after the fifth, and twice as long after each further one", () => {
    const waits = [0, 4, 5, 6, 7, 11, 12, 40].map(waitAfter);

    expect(waits).toEqual([0, 0, 30, 60, 120, 1920, 3600, 3600]);
  });

  test("are counted over reloads; while waiting not even the right one is tried", async () => {
    const { vault: id } = await created("zf01");
    const seconds: unknown[] = [];
    for (let n = 0; n < 5; n += 1) {
      const error = (await failed(reloaded().unlock(id, "000111"))) as PhoneError;
      expect(error).toBeInstanceOf(WrongSecret);
      seconds.push(error.facts["seconds"]);
    }
    now += 29_000;
    const waiting = (await failed(reloaded().unlock(id, PIN))) as PhoneError;
    const left = await reloaded().secondsToWait(id);
    now += 1_000;
    const wrong = (await failed(reloaded().unlock(id, "000111"))) as PhoneError;
    now += 60_000;
    await unlocked(id);

    expect(seconds).toEqual([0, 0, 0, 0, 30]);
    expect(waiting).toBeInstanceOf(SecretWait);
    expect(waiting.message).toContain("1 秒");
    expect(left).toBe(1);
    expect(wrong.facts).toEqual({ wrong: 6, seconds: 60 });
    expect(await reloaded().secondsToWait(id)).toBe(0);
    expect((await failed(reloaded().unlock(id, "000111")) as PhoneError).facts["wrong"]).toBe(1);
  });

  test("of a clock that was put back make one wait as long, not for years", async () => {
    const { vault: id } = await created("zf01");
    for (let n = 0; n < 5; n += 1) await failed(reloaded().unlock(id, "000111"));
    now -= 365 * 24 * 60 * 60 * 1000;
    const refused = await failed(reloaded().unlock(id, PIN));
    now += 30_000;
    await unlocked(id);

    expect((refused as PhoneError).facts["seconds"]).toBe(30);
    expect(refused).toBeInstanceOf(SecretWait);
  });

  test("are waited out also by who sets the date ahead", async () => {
    let elapsed = 5000;
    const { vault: id } = await created("zf01");
    const page = new Vaults(() => now, () => elapsed);
    for (let n = 0; n < 5; n += 1) await failed(page.unlock(id, "000111"));
    now += 24 * 60 * 60 * 1000;
    elapsed += 10_000;
    const refused = (await failed(page.unlock(id, PIN))) as PhoneError;
    const left = await page.secondsToWait(id);
    elapsed += 20_000;
    opened.push(await page.unlock(id, PIN));

    expect(refused).toBeInstanceOf(SecretWait);
    expect([refused.facts["seconds"], left]).toEqual([20, 20]);
  });

  test("count also where the page is killed before it knows", async () => {
    const { vault: id } = await created("zf01");
    for (let n = 0; n < 4; n += 1) await failed(reloaded().unlock(id, "000111"));
    const spy = vi.spyOn(crypto.subtle, "deriveKey").mockReturnValue(new Promise(() => undefined));
    void reloaded().unlock(id, "000111");
    await vi.waitFor(() => expect(spy).toHaveBeenCalled());
    spy.mockRestore();

    expect(await reloaded().secondsToWait(id)).toBe(30);
  });
});

describe("another secret", () => {
  test("opens the account from then on; nothing that lies there is written again", async () => {
    const store = await created("zf01");
    await saveNote(store, USER, "一");
    const before = await dumped(vaultName(store.vault));
    store.close();
    await reloaded().changeSecret(store.vault, PIN, "new-secret-8");
    const refused = await failed(reloaded().unlock(store.vault, PIN));
    const again = await unlocked(store.vault, "new-secret-8");

    expect(await dumped(vaultName(store.vault))).toBe(before);
    expect(refused).toBeInstanceOf(WrongSecret);
    expect((await again.entries()).length).toBe(1);
  });

  test("needs the old one, and must not be weak", async () => {
    const { vault: id } = await created("zf01");

    expect(await failed(reloaded().changeSecret(id, "000111", "135790"))).toBeInstanceOf(
      WrongSecret,
    );
    expect(await failed(reloaded().changeSecret(id, PIN, "654321"))).toBeInstanceOf(WeakSecret);
    await unlocked(id);
  });
});

describe("wiping", () => {
  test("is refused with what is missing while anything has no receipt", async () => {
    const store = await created("zf01");
    const receipts = await Receipts.pinnedBy(store);
    await saveNote(store, USER, "一");
    await receipts.cover(store);
    await saveNote(store, USER, "二");
    const refused = (await failed(reloaded().wipe(store))) as PhoneError;

    expect(refused).toBeInstanceOf(NotCovered);
    expect(refused.facts).toEqual({ entries: 1, photos: 0, partners: 0 });
    expect(refused.message).toContain("请先联网同步");
    expect((await store.entries()).length).toBe(2);
  });

  test.each([
    ["of another life of the server", { epoch: "0198ffff-0000-4000-8000-000000000002" }],
    ["that does not verify", { spoilt: true }],
    ["that begins behind it", { afterSeq: 1 }],
    ["of another branch", { of: { headHash: "b".repeat(64) } }],
  ])("does not count a receipt %s", async (_, options) => {
    const store = await created("zf01");
    const receipts = await Receipts.pinnedBy(store);
    await saveNote(store, USER, "一");
    await saveNote(store, USER, "二");
    await receipts.cover(store, options);

    expect(await failed(reloaded().wipe(store))).toBeInstanceOf(NotCovered);
  });

  test("under a receipt removes the account and nothing of another one", async () => {
    const other = await created("zf02", "808152");
    const store = await created("zf01");
    const receipts = await Receipts.pinnedBy(store);
    await saveNote(store, USER, "一");
    await receipts.cover(store);
    await reloaded().wipe(store);
    const names = (await indexedDB.databases()).map((one) => one.name).sort();

    expect((await reloaded().accounts()).map((one) => one.login)).toEqual(["zf02"]);
    expect(names).toEqual(["inspect-phone", vaultName(other.vault)].sort());
    expect(await failed(store.entries())).toBeInstanceOf(VaultLocked);
  });

  test("that was cut short is finished when the accounts are next listed", async () => {
    const store = await created("zf01");
    vi.spyOn(indexedDB, "deleteDatabase").mockImplementation(() => {
      throw new Error("killed here");
    });
    await expect(reloaded().wipe(store)).rejects.toThrow("killed here");
    vi.restoreAllMocks();

    expect(await reloaded().accounts()).toEqual([]);
    expect((await indexedDB.databases()).map((one) => one.name)).toEqual(["inspect-phone"]);
  });

  test("is for the window that writes", async () => {
    const store = await created("zf01");
    const second = await unlocked(store.vault);

    expect(await failed(reloaded().wipe(second))).toBeInstanceOf(OtherWindow);
    expect((await reloaded().accounts()).length).toBe(1);
  });

  test("closes what other windows of the account have open", async () => {
    const store = await created("zf01");
    const second = await unlocked(store.vault);
    await second.get("user");
    await reloaded().wipe(store);

    expect(await failed(second.get("user"))).toBeInstanceOf(DataGone);
  });
});

describe("data of a newer version of the program", () => {
  async function raised(name: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open(name, 2);
      request.onsuccess = () => resolve(request.result.close());
      request.onerror = () => reject(request.error);
    });
  }

  test("is told as such and not touched", async () => {
    const store = await created("zf01");
    await saveNote(store, USER, "一");
    store.close();
    const before = await dumped(vaultName(store.vault));
    await raised(vaultName(store.vault));
    const refused = (await failed(reloaded().unlock(store.vault, PIN))) as PhoneError;

    expect(refused).toBeInstanceOf(NewerData);
    expect(refused.message).toContain("请联网更新本程序");
    expect(await dumped(vaultName(store.vault))).toBe(before);
  });

  test("is told of the list of accounts as well", async () => {
    await raised("inspect-phone");

    expect(await failed(reloaded().accounts())).toBeInstanceOf(NewerData);
  });

  test("waits for no old window: that one ends and says why", async () => {
    const store = await created("zf01");
    await store.get("user");
    await raised(vaultName(store.vault));

    expect(await failed(store.get("user"))).toBeInstanceOf(NewerData);
  });
});
