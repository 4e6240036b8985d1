import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { PATHS } from "../../src/network/asking/messages.ts";
import { Hand, picture } from "./hand.ts";

const MIB = 1024 * 1024;

function uploads(hand: Hand): readonly string[] {
  const lines = hand.server.seen.filter((line) => line.includes(PATHS.uploads));
  return lines.map((line) => line.split(" ")[0] ?? "");
}

test("a photo within one chunk is one request", async () => {
  const hand = await Hand.enrolled();
  await hand.photo(picture(MIB));
  const report = await hand.sync();

  expect([report.complete, report.uploaded]).toEqual([true, 1]);
  expect(uploads(hand)).toEqual(["POST"]);
});

for (const fault of ["lose_request", "lose_answer"] as const) {
  test(`after a beginning without an answer (${fault}) the next one carries no bytes`, async () => {
    const hand = await Hand.enrolled();
    await hand.photo(picture(1000));
    hand.server.faults.push([PATHS.uploads, fault]);

    expect((await hand.sync()).complete).toBe(true);
    expect(uploads(hand)).toEqual(["POST", "POST", "PATCH"]);
  });
}

for (const status of [403, 404, 409, 410, 423, 460]) {
  test(`an upload that lost its place (${status}) finds it again`, async () => {
    const hand = await Hand.enrolled();
    const name = await hand.photo(picture(2 * MIB + 1));
    hand.server.faults.push([`${PATHS.uploads}/`, status]);
    const report = await hand.sync();

    expect([report.complete, report.problems]).toEqual([true, []]);
    expect(hand.server.journal.files.get(name)).toEqual(await hand.store.blob(name));
  });
}

test("a cut upload goes on where the server stands, also after the app was closed", async () => {
  const hand = await Hand.enrolled();
  await hand.photo(picture(4 * MIB));
  let patches = 0;
  hand.server.before = ({ method }) => {
    patches += method === "PATCH" ? 1 : 0;
    if (patches > 1) throw new TypeError("Failed to fetch");
  };
  const cut = await hand.sync();
  hand.server.before = () => undefined;
  hand.server.seen.length = 0;
  await hand.restart();
  const report = await hand.sync();

  expect([cut.complete, report.complete]).toEqual([false, true]);
  expect(uploads(hand)).toEqual(["HEAD", "PATCH", "PATCH"]);
  expect(hand.server.uploads.size).toBe(1);
});

test("an upload that takes back what it acknowledged is left", async () => {
  const hand = await Hand.enrolled();
  await hand.photo(picture(3 * MIB));
  let sent = 0;
  hand.server.before = ({ method, path, headers, body }) => {
    if (!path.startsWith(PATHS.uploads)) return undefined;
    sent += 1;
    if (method === "PATCH") {
      const offset = Number(headers.get("Upload-Offset")) + (body?.length ?? 0);
      if (sent % 3 > 0) return new Response(null, { status: 503 });
      return new Response(null, { status: 204, headers: { "Upload-Offset": `${offset}` } });
    }
    const begun = { Location: `${PATHS.uploads}/x`, "Upload-Offset": "0" };
    return new Response(null, { status: 201, headers: begun });
  };
  const report = await hand.sync();

  expect(report.complete).toBe(false);
  expect(sent).toBeLessThan(100);
});

for (const [lie, headers] of Object.entries({
  "an offset that is none": { Location: `${PATHS.uploads}/x`, "Upload-Offset": "2b" },
  "no address": { Location: "http://[", "Upload-Offset": "0" },
  "an address elsewhere": { Location: "http://evil.example/take", "Upload-Offset": "0" },
})) {
  test(`${lie} is no answer to a beginning`, async () => {
    const hand = await Hand.enrolled();
    await hand.photo(picture(1000));
    hand.server.before = ({ method, path }) =>
      path === PATHS.uploads && method === "POST"
        ? new Response(null, { status: 201, headers })
        : undefined;
    const first = await hand.sync();
    hand.server.before = () => undefined;

    expect([first.complete, first.problems]).toEqual([false, ["phone.out_of_reach"]]);
    expect((await hand.sync()).complete).toBe(true);
    expect(await hand.isHonest()).toBe(true);
  });
}

test("file and token go nowhere else, whatever address was kept", async () => {
  const hand = await Hand.enrolled();
  const name = await hand.photo(picture(1000));
  await hand.store.setUpload(name, "http://evil.example/take");
  const report = await hand.sync();

  expect(report.complete).toBe(true);
  expect(hand.server.seen.every((line) => line.split(" ")[1]?.startsWith("/sync/v1/"))).toBe(true);
});

test("a damaged photo holds up neither the others nor what is new", async () => {
  const hand = await Hand.enrolled();
  const spoilt = await hand.photo(picture(3000, 1));
  const sound = await hand.photo(picture(3000, 2));
  await hand.spoilPhoto(spoilt);
  const report = await hand.sync();

  expect([report.complete, report.problems]).toEqual([false, ["phone.spoilt_photo"]]);
  expect([...hand.server.journal.files.keys()]).toEqual([sound]);
  expect([report.uploaded, report.pulled > 0]).toEqual([1, true]);
});

test("a photo that the server lost is sent again though its upload was done", async () => {
  const hand = await Hand.enrolled();
  const name = await hand.photo(picture(3000));
  await hand.sync();
  hand.server.journal.files.delete(name);
  const report = await hand.sync();

  expect([report.complete, report.uploaded]).toEqual([true, 1]);
  expect(hand.server.journal.files.has(name)).toBe(true);
});

test("where photos may not be sent the entries are, and the photos wait", async () => {
  const hand = await Hand.enrolled();
  await hand.photo(picture(3000, 1));
  await hand.photo(picture(2 * MIB, 2));
  const waiting = await hand.sync({ mayUpload: () => false });
  const bytes = [...hand.server.journal.files.values()].length;
  const later = await hand.sync();

  expect([waiting.complete, waiting.pushed, waiting.problems]).toEqual([false, 2, []]);
  expect([waiting.photosWaiting, waiting.uploaded, bytes]).toEqual([2, 0, 0]);
  expect([later.complete, later.uploaded, later.photosWaiting]).toEqual([true, 2, 0]);
});

test("photos stop between two chunks when the network changes, and go on from there", async () => {
  const hand = await Hand.enrolled();
  await hand.photo(picture(4 * MIB));
  let isFree = true;
  hand.server.before = ({ method }) => {
    if (method === "PATCH") isFree = false;
  };
  const cut = await hand.sync({ mayUpload: () => isFree });
  hand.server.before = () => undefined;
  hand.server.seen.length = 0;
  const later = await hand.sync();

  expect([cut.problems, cut.photosWaiting]).toEqual([[], 1]);
  expect(later.complete).toBe(true);
  expect(uploads(hand)).toEqual(["HEAD", "PATCH", "PATCH"]);
});

test("at most two files are under way at once", async () => {
  const hand = await Hand.enrolled();
  for (let seed = 1; seed <= 6; seed += 1) await hand.photo(picture(2000, seed));
  let [now, most] = [0, 0];
  const report = await hand.sync({
    fetch: async (address, init) => {
      const isUpload = address.startsWith(PATHS.uploads);
      now += isUpload ? 1 : 0;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, isUpload ? 5 : 0));
      try {
        return await hand.server.fetch(address, init);
      } finally {
        now -= isUpload ? 1 : 0;
      }
    },
  });

  expect([report.complete, report.uploaded, most]).toEqual([true, 6, 2]);
});

test("a partner's photos go up once, with whoever brings their entries", async () => {
  const hand = await Hand.enrolled();
  const partner = await Hand.enrolled(hand.server);
  const name = await partner.photo(picture(1000));
  await hand.takeIn(partner);
  await hand.store.addBrought(picture(1000), (await partner.replica()).id, "photo");
  const own = await hand.photo(picture(2000));
  const report = await hand.sync();
  const [quiet, theirs] = [await hand.sync(), await partner.sync()];

  expect([...hand.server.journal.files.keys()].sort()).toEqual([name, own].sort());
  expect([report.complete, report.uploaded, report.photosWaiting]).toEqual([true, 2, 0]);
  expect([quiet.requests, theirs.uploaded, theirs.complete]).toEqual([1, 0, true]);
});

test("they are left to who took them where that phone was first", async () => {
  const hand = await Hand.enrolled();
  const partner = await Hand.enrolled(hand.server);
  await partner.photo(picture(1000));
  await partner.sync({ mayUpload: () => false });
  await hand.takeIn(partner);
  await hand.store.addBrought(picture(1000), (await partner.replica()).id, "photo");
  const report = await hand.sync();

  expect([report.complete, report.uploaded]).toEqual([true, 0]);
  expect((await partner.sync()).uploaded).toBe(1);
});

test("they hold up nothing: not where photos may not go, nor where they meet a fault", async () => {
  const hand = await Hand.enrolled();
  const partner = await Hand.enrolled(hand.server);
  const name = await partner.photo(picture(1000));
  await hand.takeIn(partner);
  await hand.store.addBrought(picture(1000), (await partner.replica()).id, "photo");
  const metered = await hand.sync({ mayUpload: () => false });
  for (let time = 0; time < 8; time += 1) hand.server.faults.push([PATHS.uploads, 409]);
  const refused = await hand.sync();
  hand.server.faults.length = 0;
  const later = await hand.sync();

  expect([metered, refused].map((one) => [one.complete, one.photosWaiting, one.problems])).toEqual([
    [true, 0, []],
    [true, 0, []],
  ]);
  expect([later.uploaded, hand.server.journal.files.has(name)]).toEqual([1, true]);
});
