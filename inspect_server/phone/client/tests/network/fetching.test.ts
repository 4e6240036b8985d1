import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { sha256Hex } from "../../src/core/digests.ts";
import { PATHS } from "../../src/network/asking/messages.ts";
import { fetchPhoto } from "../../src/network/fetching.ts";
import { Hand, picture } from "./hand.ts";

const MIB = 1024 * 1024;

async function offered(hand: Hand, content: Uint8Array): Promise<string> {
  const name = await sha256Hex(content);
  hand.server.journal.files.set(name, content);
  return name;
}

function fetched(hand: Hand, name: string): ReturnType<typeof fetchPhoto> {
  return fetchPhoto(hand.store, name, { fetch: hand.server.fetch });
}

test("a partner's photo is fetched once and stays", async () => {
  const hand = await Hand.enrolled();
  const photo = picture(5000);
  const name = await offered(hand, photo);
  const both = [await fetched(hand, name), await fetched(hand, name)];

  expect(both.every((content) => Buffer.from(content).equals(photo))).toBe(true);
  expect(hand.server.seen).toEqual([`GET ${PATHS.blobs}/${name}`]);
  expect((await hand.sync()).uploaded).toBe(0);
});

test("bytes with another hash are not kept, and their parts are forgotten", async () => {
  const hand = await Hand.enrolled();
  const photo = picture(2 * MIB);
  const name = await offered(hand, photo);
  hand.server.journal.files.set(name, photo.map((byte) => byte ^ 1));

  await expect(fetched(hand, name)).rejects.toMatchObject({ code: "phone.damaged_photo" });
  expect(await hand.store.blob(name)).toHaveLength(0);
  hand.server.journal.files.set(name, photo);
  expect(await fetched(hand, name)).toHaveLength(photo.length);
});

for (const fault of ["lose_request", "lose_answer", "cut_answer", "portal"] as const) {
  test(`a photo comes on from the part at which the network broke: ${fault}`, async () => {
    const hand = await Hand.enrolled();
    const photo = picture(4 * MIB + 9);
    const name = await offered(hand, photo);
    const path = `${PATHS.blobs}/${name}`;
    hand.server.faults.push([path, "none"], [path, "none"], [path, fault]);
    await expect(fetched(hand, name)).rejects.toMatchObject({ code: "phone.out_of_reach" });
    const between = await hand.store.blob(name);
    await hand.restart();
    const whole = await fetched(hand, name);

    expect([between.length, Buffer.from(whole).equals(photo)]).toEqual([0, true]);
    expect(hand.server.seen.filter((line) => line.endsWith(path))).toHaveLength(3 + 3);
  });
}

test("parts beyond the end of the file are dropped and it comes from the beginning", async () => {
  const hand = await Hand.enrolled();
  const photo = picture(MIB - 5);
  const name = await offered(hand, photo);
  await hand.store.addPart(name, 0, picture(MIB, 7));

  expect(await fetched(hand, name)).toHaveLength(photo.length);
});

test("a photo that is not there, or asks for a login, is refused with the reason", async () => {
  const hand = await Hand.enrolled();
  const strange = fetched(hand, "0".repeat(64));
  await expect(strange).rejects.toMatchObject({ remote: "sync.not_in_scope" });
  hand.server.loggedOut = true;
  await expect(fetched(hand, "0".repeat(64))).rejects.toMatchObject({ remote: "sync.login" });

  const fresh = await Hand.fresh();
  await expect(fetched(fresh, "0".repeat(64))).rejects.toMatchObject({
    code: "phone.not_enrolled",
  });
});
