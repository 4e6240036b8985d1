/** What is sealed opens with its key, in its own row of its own store, and nowhere else. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/core/bytes.ts";
import { VaultLocked } from "../../src/store/problems.ts";
import {
  Sealer,
  isWeak,
  newDataKey,
  rewrapped,
  sealerOf,
} from "../../src/store/sealing.ts";
import { dearSecrets } from "../cheap-secrets.ts";

dearSecrets();

const VAULT = "vault-1";

async function someSealer(): Promise<Sealer> {
  const usages: KeyUsage[] = ["encrypt", "decrypt"];
  return new Sealer(
    await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, usages),
  );
}

describe("a sealed value", () => {
  test("opens as what it was", async () => {
    const sealer = await someSealer();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.string(), async (content, row) => {
        const sealed = await sealer.seal("entries", row, content);

        expect(await sealer.unseal("entries", row, sealed)).toEqual(content);
      }),
      { numRuns: 50 },
    );
  });

  test("does not open after any change, in another row or store, under another key", async () => {
    const [sealer, other] = await Promise.all([someSealer(), someSealer()]);
    const content = utf8("积尘未清扫");
    const sealed = await sealer.seal("entries", "row", content);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(254), async (at, by) => {
        const changed = sealed.slice();
        changed[at] = (changed[at] as number) ^ (by + 1);

        expect(await sealer.unseal("entries", "row", changed)).toBeNull();
      }),
      { numRuns: 100 },
    );

    expect(await sealer.unseal("entries", "other", sealed)).toBeNull();
    expect(await sealer.unseal("drafts", "row", sealed)).toBeNull();
    expect(await other.unseal("entries", "row", sealed)).toBeNull();
    expect(await sealer.unseal("entries", "row", sealed.subarray(0, 9))).toBeNull();
  });

  test("does not open once the key was forgotten, and is not called damaged", async () => {
    const sealer = await someSealer();
    const sealed = await sealer.seal("entries", "row", utf8("x"));
    sealer.forget();

    await expect(sealer.unseal("entries", "row", sealed)).rejects.toBeInstanceOf(VaultLocked);
    await expect(sealer.seal("entries", "row", utf8("y"))).rejects.toBeInstanceOf(VaultLocked);
  });

  test("is sealed with a fresh IV each time", async () => {
    const sealer = await someSealer();
    const seals = await Promise.all(
      Array.from({ length: 50 }, () => sealer.seal("drafts", "a", utf8("same"))),
    );

    expect(new Set(seals.map((one) => one.subarray(0, 12).join())).size).toBe(50);
  });
});

describe("a data key", () => {
  test("opens with its secret only, typed in whatever digits", async () => {
    const kept = await newDataKey(VAULT, "735201");
    const sealer = (await sealerOf(VAULT, kept, "735201")) as Sealer;
    const sealed = await sealer.seal("drafts", "a", utf8("x"));
    const typed = (await sealerOf(VAULT, kept, "７３５２０１")) as Sealer;

    expect(await typed.unseal("drafts", "a", sealed)).toEqual(utf8("x"));
    expect(await sealerOf(VAULT, kept, "735202")).toBeNull();
    expect(await sealerOf("vault-2", kept, "735201")).toBeNull();
    expect(kept.iterations).toBe(600_000);
    expect(kept.salt.length).toBe(16);
  });

  test("stays the same under another secret", async () => {
    const kept = await newDataKey(VAULT, "735201");
    const sealed = await ((await sealerOf(VAULT, kept, "735201")) as Sealer).seal(
      "drafts",
      "a",
      utf8("x"),
    );
    const next = await rewrapped(VAULT, kept, "735201", "corn on the cob");
    if (next === null) throw new Error("the old secret opens it");
    const opened = (await sealerOf(VAULT, next, "corn on the cob")) as Sealer;

    expect(await opened.unseal("drafts", "a", sealed)).toEqual(utf8("x"));
    expect(await sealerOf(VAULT, next, "735201")).toBeNull();
    expect(next.salt).not.toEqual(kept.salt);
    expect(await rewrapped(VAULT, kept, "wrong one", "999000")).toBeNull();
  });
});

test.each([
  ["12345", true],
  ["123456", true],
  ["456789", true],
  ["987654", true],
  ["888888", true],
  ["１１１１１１", true],
  ["135790", false],
  ["打磨车间积尘", false],
])("whether %s is a weak secret: %s", (secret, weak) => {
  expect(isWeak(secret)).toBe(weak);
});
