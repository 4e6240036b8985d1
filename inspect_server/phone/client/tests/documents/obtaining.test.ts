/** A document comes from the server, else from the pack, else from what was kept, and says so. */

import { describe, expect, test, vi } from "vitest";
import { compared, keptOf, witnessedOf } from "../../src/app/documents/keeping.ts";
import { obtain } from "../../src/app/documents/obtaining.ts";
import { NowhereToBeHad } from "../../src/app/documents/problems.ts";
import { ITEM } from "../capture/team.ts";
import { problem } from "../network/server/replying.ts";
import { EPOCH, TASK, emptyBrowser } from "../store/keeping.ts";
import { RECORD, SAID, SHOWN, offline, sending, signAll, working } from "./kept.ts";

emptyBrowser();

const nothing = (): Promise<void> => Promise.resolve();
const noPack = (): Promise<null> => Promise.resolve(null);

describe("with a network", () => {
  test("the server's document is shown, with what it lacks, and kept", async () => {
    const phone = await working();
    const { fetch } = sending({ pictures_left_out: 2 });
    const { source, shown } = await obtain(phone, RECORD, nothing, noPack, { fetch });

    expect(source).toBe("server");
    expect(shown).toMatchObject({ stage: "open", lacking: ["企业尚未签名。"], leftOut: 2 });
    expect(await keptOf(phone.store, RECORD)).toEqual(shown);
  });

  test("what waits is delivered first, and what still waits is said", async () => {
    const phone = await working();
    const { fetch, asked } = sending();
    const deliver = vi.fn(() => Promise.resolve(expect(asked()).toBe(0)));
    await obtain(phone, RECORD, deliver, noPack, { fetch });
    expect(deliver).not.toHaveBeenCalled();

    await phone.answer(TASK, ITEM, "pass");
    const late = sending();
    const { shown } = await obtain(phone, RECORD, nothing, noPack, late);
    expect(shown.waiting).toBe(1);

    const results = (await phone.entries()).map(({ hash }) => hash);
    const acknowledge = (): Promise<void> =>
      phone.store.acknowledge(
        EPOCH,
        results.map((hash) => ({ hash, effect: "applied", reason: "" })),
      );
    const whole = await obtain(phone, RECORD, acknowledge, noPack, late);
    expect(whole.shown.waiting).toBe(0);
  });

  test("a refusal is the server's sentence, and no pack is asked instead", async () => {
    const phone = await working();
    const setHere = vi.fn(noPack);
    const detail = "没有须责令限期整改的问题，不制作责令限期整改指令书。";
    const fetch = (): Promise<Response> =>
      Promise.resolve(problem(409, "preview.nothing_ordered", { detail }));

    await expect(obtain(phone, RECORD, nothing, setHere, { fetch })).rejects.toThrow(detail);
    expect(setHere).not.toHaveBeenCalled();
  });
});

describe("what was read after signing", () => {
  test("is noted once all signed and all is delivered, and compared later", async () => {
    const phone = await working();
    await phone.answer(TASK, ITEM, "pass");
    await signAll(phone);
    await obtain(phone, RECORD, nothing, noPack, sending());
    const undelivered = await witnessedOf(phone.store, RECORD);
    const hashes = (await phone.entries()).map(({ hash }) => hash);
    const results = hashes.map((hash) => ({ hash, effect: "applied", reason: "" }));
    await phone.store.acknowledge(EPOCH, results);
    await obtain(phone, RECORD, nothing, noPack, sending());
    const noted = await witnessedOf(phone.store, RECORD);
    const issued = sending({ stage: "issued", lacking: [] });
    const { shown } = await obtain(phone, RECORD, nothing, noPack, issued);
    const other = sending({ stage: "issued", said_sha256: "2".repeat(64) });
    const changed = await obtain(phone, RECORD, nothing, noPack, other);

    expect(undelivered).toBeNull();
    expect(noted?.said).toBe(SAID);
    expect(compared(shown, noted)).toBe("same");
    expect(compared(changed.shown, await witnessedOf(phone.store, RECORD))).toBe("changed");
  });

  test("is not what was read before", async () => {
    const phone = await working();
    await obtain(phone, RECORD, nothing, noPack, sending());

    expect(await witnessedOf(phone.store, RECORD)).toBeNull();
  });
});

describe("without a network", () => {
  test("the pack sets it, and it is kept", async () => {
    const phone = await working();
    const setHere = (): Promise<typeof SHOWN> => Promise.resolve(SHOWN);
    const { source, shown } = await obtain(phone, RECORD, nothing, setHere, { fetch: offline });

    expect([source, shown]).toEqual(["pack", SHOWN]);
    expect(await keptOf(phone.store, RECORD)).toEqual(SHOWN);
  });

  test("without a pack what was kept is shown; nowhere is said in words", async () => {
    const phone = await working();
    const nowhere = obtain(phone, RECORD, nothing, noPack, { fetch: offline });
    await expect(nowhere).rejects.toThrow(NowhereToBeHad);
    const { shown } = await obtain(phone, RECORD, nothing, noPack, sending());
    const fetch = (): Promise<Response> => Promise.resolve(new Response("", { status: 502 }));

    expect(await obtain(phone, RECORD, nothing, noPack, { fetch })).toEqual({
      source: "kept",
      shown,
    });
  });

  test("what the office has issued is not replaced by a preview of the pack", async () => {
    const phone = await working();
    await obtain(phone, RECORD, nothing, noPack, sending({ stage: "issued", number: "检记1号" }));
    const setHere = vi.fn(() => Promise.resolve(SHOWN));
    const { source, shown } = await obtain(phone, RECORD, nothing, setHere, { fetch: offline });

    expect([source, shown.number]).toEqual(["kept", "检记1号"]);
    expect(setHere).not.toHaveBeenCalled();
  });
});
