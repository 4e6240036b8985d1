/** A partner's file with photos: each is what an entry of the file names, or nothing is kept. */

import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { questionOf } from "../../../src/app/documents/pack/setting.ts";
import { giftOf, takeIn, withPhotos } from "../../../src/app/exchange/taking.ts";
import { standingOf } from "../../../src/app/camera/viewing/facts.ts";
import type { PhotoValue } from "../../../src/app/camera/viewing/facts.ts";
import { BadFile, NoPartnerFile, RefusedFile } from "../../../src/capture/problems.ts";
import { UNCITED, lookedAt, takenFrom } from "../../../src/capture/partner/carrying.ts";
import type { Phone } from "../../../src/capture/phone.ts";
import { base64, concat, utf8 } from "../../../src/core/bytes.ts";
import { sha256Hex } from "../../../src/core/digests.ts";
import { outstanding } from "../../../src/network/progress.ts";
import { uncovered } from "../../../src/store/leaving/covering.ts";
import { removeCovered } from "../../../src/store/leaving/removal.ts";
import { vaultName } from "../../../src/store/schema.ts";
import { fullAfter } from "../../store/failing.ts";
import { ENTERPRISE, EPOCH, TASK, dumped, show } from "../../store/keeping.ts";
import { ITEM, SECOND, holding, withTwo } from "../team.ts";

const BEGIN = 19 + 8;
const film = { answer_item: SECOND, mime: "video/mp4" };

let lead: Phone;
let member: Phone;
withTwo((one, other) => ([lead, member] = [one.phone, other.phone]));

/** Bytes that no other photo has. */
function picture(seed: number, size = 300): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => (seed * 31 + at * 7 + (at >> 8)) % 256);
}

async function file(phone: Phone): Promise<Blob> {
  return await withPhotos(phone, await giftOf(phone, TASK), () => undefined);
}

async function bytes(of: Blob): Promise<Uint8Array> {
  return new Uint8Array(await of.arrayBuffer());
}

/** The same file with another list. */
async function relisted(of: Blob, change: (list: Listed[]) => unknown): Promise<Blob> {
  const content = await bytes(of);
  const view = new DataView(content.buffer);
  const [entries, listed] = [view.getUint32(19), view.getUint32(23)];
  const [first, rest] = [BEGIN + entries, content.subarray(BEGIN + entries + listed)];
  const list = JSON.parse(new TextDecoder().decode(content.subarray(first, first + listed)));
  const other = utf8(JSON.stringify(change(list as Listed[])));
  const head = concat(content.subarray(0, first));
  new DataView(head.buffer).setUint32(23, other.length);
  return new Blob([head, other, rest as BlobPart]);
}

interface Listed {
  sha256: string;
  size: number;
}

async function hashes(phone: Phone): Promise<readonly string[]> {
  return (await phone.store.places()).flatMap((row) => row.blobs);
}

async function nothingCame(): Promise<void> {
  expect(await lead.entries()).toEqual([]);
  expect((await lead.store.keys()).size).toBe(1);
  for (const one of await hashes(member)) expect(await lead.store.blobSize(one)).toBe(0);
}

describe("a file with photos", () => {
  test("brings them with their entries, and they show as the partner's", async () => {
    await member.addPhoto(TASK, picture(1), { answer_item: ITEM });
    await member.addPhoto(TASK, picture(2), film);
    const taken = await takeIn(lead, TASK, await file(member));
    const [first, second] = (await hashes(member)) as [string, string];

    expect(taken).toMatchObject({ total: 2, files: 2, unkept: 0, missing: 0 });
    expect(await lead.photo(first)).toEqual(picture(1));
    expect(await lead.store.counted([first, second])).toEqual({ photos: 1, films: 1 });
    expect(await standingOf(lead, { sha256: first } as PhotoValue)).toBe("brought");
    expect(await standingOf(member, { sha256: first } as PhotoValue)).toBe("waiting");
  });

  test("is on the paper that is set without a network", async () => {
    await member.addPhoto(TASK, picture(1), { answer_item: ITEM });
    await takeIn(lead, TASK, await file(member));
    const task = (await lead.store.document(`task/${TASK}`))?.body as object;
    await show(lead.store, {
      [`task/${TASK}`]: { ...task, id: TASK },
      [`enterprise/${ENTERPRISE}`]: { id: ENTERPRISE },
    });
    const wanted = { task: TASK, document: "record", paper: "a4" } as const;
    const { photos } = await questionOf(lead, wanted, "2026-03-02T02:00:00.000Z");

    expect(photos).toEqual(await hashes(member));
    expect(await lead.photo(photos[0] as string)).toEqual(picture(1));
  });

  test("once more brings nothing, and after a break what is missing", async () => {
    for (const seed of [1, 2, 3]) await member.addPhoto(TASK, picture(seed), { answer_item: ITEM });
    const whole = await file(member);
    const freed = fullAfter(1 + 3 + 2); // a key, the entries, a photo and its piece
    const broken = await takenFrom(lead.store, whole).finally(freed);

    expect(broken).toMatchObject({ entries: 3, files: 1, unkept: 2 });
    expect(await takenFrom(lead.store, whole)).toMatchObject({ entries: 0, files: 2, unkept: 0 });
    expect(await takenFrom(lead.store, whole)).toMatchObject({ entries: 0, files: 0, unkept: 0 });
  });

  test("whose photos find no room keeps the entries, and says so", async () => {
    await member.addPhoto(TASK, picture(1), { answer_item: ITEM });
    const whole = await file(member);
    await takenFrom(lead.store, new Blob([await member.exportEntries(TASK)]));
    const freed = fullAfter(1); // the key, which is here already
    const taken = await takenFrom(lead.store, whole).finally(freed);

    expect(taken).toMatchObject({ entries: 0, files: 0, unkept: 1, problem: "phone.storage_full" });
    expect((await lead.entries()).length).toBe(1);
    expect(await takenFrom(lead.store, whole)).toMatchObject({ files: 1, unkept: 0 });
  });

  test("is never what this phone has to deliver, nor does it keep the account", async () => {
    await lead.addPhoto(TASK, picture(9), { answer_item: ITEM });
    await member.addPhoto(TASK, picture(1), { answer_item: ITEM });
    await takeIn(lead, TASK, await file(member));
    const [own] = (await lead.entries()).filter((row) => row.task === TASK);
    const { photos, entries } = await outstanding(lead.store, await lead.store.places());

    expect(entries).toBe(2); // the partner's entry is carried
    expect([...photos.keys()]).toEqual([await sha256Hex(picture(9))]);
    expect((await uncovered(lead.store)).photos).toEqual([await sha256Hex(picture(9))]);
    expect(own).toBeDefined();
  });

  test("lies sealed: nothing of a photo can be read in the database", async () => {
    const told = utf8("这是企业的现场照片，不得外泄");
    await member.addPhoto(TASK, concat(told, picture(1)), { answer_item: ITEM });
    await takeIn(lead, TASK, await file(member));
    const [name] = await hashes(member);

    expect(await lead.photo(name as string)).toEqual(concat(told, picture(1)));
    // Groups of three bytes, at the start or behind a seal's 12: unsealed they would stand so.
    expect(await dumped(vaultName(lead.store.vault))).not.toContain(base64(told));
  });

  test("leaves out what was withdrawn and what would go back to its author", async () => {
    const id = await member.addPhoto(TASK, picture(1), { answer_item: ITEM });
    await member.addPhoto(TASK, picture(2), { answer_item: ITEM });
    await member.retract(TASK, id, "拍错了");
    await takeIn(lead, TASK, await file(member));
    const kept = await giftOf(member, TASK);

    expect(kept.photos.map(({ sha256 }) => sha256)).toEqual([await sha256Hex(picture(2))]);
    expect((await giftOf(lead, TASK)).photos).toEqual([]);
    expect((await giftOf(lead, TASK)).entries).toBe(3);
  });

  test("goes on through a second phone to a third", async () => {
    const [first, second, third] = await Promise.all(
      [1, 2, 3].map(async (number) => (await holding(number, [1, 2, 3])).phone),
    ) as [Phone, Phone, Phone];
    await third.addPhoto(TASK, picture(5), { answer_item: ITEM });
    await takeIn(second, TASK, await file(third));
    const taken = await takeIn(first, TASK, await file(second));
    const back = await takenFrom(third.store, await file(second));
    for (const phone of [first, second, third]) phone.close();

    expect(taken).toMatchObject({ total: 1, files: 1 });
    expect(back).toMatchObject({ entries: 0, files: 0, unkept: 0 });
  });

  test("whatever photos go in come out as they were", async () => {
    const photo = fc.uint8Array({ minLength: 1, maxLength: 3000 });
    await fc.assert(
      fc.asyncProperty(fc.array(photo, { minLength: 1, maxLength: 4 }), async (photos) => {
        const [one, other] = [(await holding(1)).phone, (await holding(2)).phone];
        for (const content of photos) {
          await other.addPhoto(TASK, Uint8Array.from(content), { answer_item: ITEM });
        }
        await takeIn(one, TASK, await file(other));
        for (const content of photos) {
          expect(await one.photo(await sha256Hex(content))).toEqual(Uint8Array.from(content));
        }
        for (const phone of [one, other]) phone.close();
      }),
      { numRuns: 8 },
    );
  });

  test("of a phone that lost a photo brings the others", async () => {
    await member.addPhoto(TASK, picture(1), { answer_item: ITEM });
    await member.addPhoto(TASK, picture(2), { answer_item: ITEM });
    const gift = await giftOf(member, TASK);
    const lost = { sha256: "0".repeat(64), size: 9 };
    const given = { ...gift, photos: [lost, ...gift.photos] };
    const whole = await withPhotos(member, given, () => undefined);

    expect(await takenFrom(lead.store, whole)).toMatchObject({ entries: 2, files: 2 });
  });
});

describe("a file with photos is refused, and nothing of it kept,", () => {
  let whole: Blob;

  beforeEach(async () => {
    await member.addPhoto(TASK, picture(1), { answer_item: ITEM });
    await member.addPhoto(TASK, picture(2), { answer_item: ITEM });
    whole = await file(member);
  });

  async function refused(changed: Blob, kind: unknown, reason: string): Promise<void> {
    const problem = await takenFrom(lead.store, changed).catch((error: unknown) => error);

    await expect(lookedAt(lead.store, changed)).rejects.toThrow(reason);
    expect(problem).toBeInstanceOf(kind);
    expect(String(problem)).toContain(reason);
    await nothingCame();
  }

  test("when a photo is not what its entry names", async () => {
    const content = await bytes(whole);
    content[content.length - 1]! ^= 1;
    await refused(new Blob([content as BlobPart]), BadFile, "照片与记录的摘要不一致");
  });

  test("when a photo is cited by no entry of it", async () => {
    const strange = picture(7);
    const sha256 = await sha256Hex(strange);
    const list = await relisted(whole, (all) => [...all, { sha256, size: strange.length }]);
    await refused(new Blob([list, strange as BlobPart]), RefusedFile, UNCITED);
  });

  test("when a photo has another size than its entry says", async () => {
    const cut = await relisted(whole, ([one, two]) => [one, { ...two, size: 299 }]);
    await refused(cut.slice(0, -1), RefusedFile, UNCITED);
  });

  test("wherever it is cut", async () => {
    for (const left of [20, BEGIN, BEGIN + 40, whole.size - 301, whole.size - 1]) {
      await refused(whole.slice(0, left), BadFile, left < 27 ? "" : "文件不完整");
    }
  });

  test("when something follows it", async () => {
    await refused(new Blob([whole, "x"]), BadFile, "文件已损坏");
  });

  test.each<[string, (list: Listed[]) => unknown]>([
    ["no list", () => ({})],
    ["a hash that is none", ([one, two]) => [{ ...one, sha256: "../x" }, two]],
    ["an empty photo", ([one, two]) => [one, { ...two, size: 0 }]],
    ["a photo that is larger than any", ([one, two]) => [one, { ...two, size: 2 ** 31 }]],
    ["a size that is none", ([one, two]) => [{ ...one, size: 1.5 }, two]],
    ["a photo twice", ([one]) => [one, one]],
    ["too many photos", ([one]) => Array.from({ length: 2001 }, () => one)],
  ])("with %s", async (_, change) => {
    await refused(await relisted(whole, change), BadFile, "文件");
  });

  test("with lengths that no file has, before any of it is read", async () => {
    const content = await bytes(whole);
    new DataView(content.buffer).setUint32(19, 2 ** 31);
    await refused(new Blob([content as BlobPart]), BadFile, "文件过大");
  });

  test("of a later version", async () => {
    const content = await bytes(whole);
    content[17] = "3".charCodeAt(0);
    await refused(new Blob([content as BlobPart]), BadFile, "版本不同，请升级手机程序");
  });

  test("of a task that is not here", async () => {
    const stranger = (await holding(3, [3, 4])).phone;
    const before = await stranger.entries();
    const problem = takenFrom(stranger.store, whole);
    await expect(problem).rejects.toBeInstanceOf(RefusedFile);

    expect(await stranger.entries()).toEqual(before);
    stranger.close();
  });

  test("by a program that knows no photos, which takes it for another kind of file", async () => {
    await expect(lead.takeIn(await bytes(whole))).rejects.toBeInstanceOf(NoPartnerFile);
    await nothingCame();
  });
});

test("a file without photos, as earlier programs write it, is read as before", async () => {
  await member.addPhoto(TASK, picture(1), { answer_item: ITEM });
  const old = new Blob([await member.exportEntries(TASK)]);
  const [by] = await lookedAt(lead.store, old);

  expect(by).toMatchObject({ entries: 1, isKnown: false });
  expect(await takenFrom(lead.store, old)).toMatchObject({ entries: 1, files: 0 });
  expect(await takeIn(lead, TASK, old)).toMatchObject({ total: 0, missing: 0 });
});

describe("a partner's photos go", () => {
  let name: string;

  beforeEach(async () => {
    await member.addPhoto(TASK, picture(1), { answer_item: ITEM });
    await takeIn(lead, TASK, await file(member));
    [name] = (await hashes(member)) as [string];
  });

  test("with the entries of a phone that was none of the team's", async () => {
    await lead.store.addSmall(name, picture(3, 20));
    await lead.dropPartner(await member.replica());

    expect(await lead.store.blobSize(name)).toBe(0);
    expect((await lead.store.small(name)).length).toBe(0);
  });

  test("with their task, once a server has the entries", async () => {
    await removeCovered(lead.store);
    const here = await lead.store.blobSize(name);
    await leave(lead);
    await removeCovered(lead.store);
    const unsent = await lead.store.blobSize(name);
    const [row] = await lead.entries();
    const acked = { hash: row?.hash ?? "", effect: "applied", reason: "" };
    await lead.store.acknowledge(EPOCH, [acked]);
    await removeCovered(lead.store);

    expect([here, unsent, await lead.store.blobSize(name)]).toEqual([300, 300, 0]);
  });

  test("never where this phone took the very same photo", async () => {
    await lead.addPhoto(TASK, picture(1), { answer_item: SECOND });
    await lead.dropPartner(await member.replica());
    const waits = (await outstanding(lead.store, await lead.store.places())).photos.has(name);
    const acked = (await lead.entries()).map(({ hash }) => ({ hash, effect: "", reason: "" }));
    await lead.store.acknowledge(EPOCH, acked);
    await leave(lead);
    await removeCovered(lead.store); // no receipt yet

    expect([waits, await lead.store.blobSize(name)]).toEqual([true, 300]);
  });
});

/** The task is hidden from a phone, as a pull does. */
async function leave(phone: Phone): Promise<void> {
  await phone.store.clearStaging();
  await phone.store.stage([], ["law"]);
  await phone.store.flip({ fresh: false, settings: {} });
}
