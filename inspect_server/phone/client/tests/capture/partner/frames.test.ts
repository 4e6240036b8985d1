/** A file as a series of codes: any order, any repetition, and nothing but the whole. */

import fc from "fast-check";
import { expect, test } from "vitest";

import { MOST_CHARACTERS, MOST_FRAMES, Series, framesOf } from "../../../src/capture/frames.ts";
import type { Taken } from "../../../src/capture/frames.ts";

const bytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 7919 + (at >> 8)) % 256);

function readAll(frames: readonly string[]): Series {
  const series = new Series();
  for (const frame of frames) series.take(frame);
  return series;
}

test("whatever comes in whatever order comes out whole", async () => {
  const content = fc.uint8Array({ minLength: 1, maxLength: 3000 });
  await fc.assert(
    fc.asyncProperty(content, fc.infiniteStream(fc.nat()), async (one, chance) => {
      const frames = await framesOf(one);
      const seen = [...frames, ...frames].sort(() => ((chance.next().value as number) % 2) - 0.5);
      const series = readAll(seen);
      expect(series.isWhole).toBe(true);
      expect(await series.content()).toEqual(Uint8Array.from(one));
    }),
    { numRuns: 40 },
  );
});

const SIZES = [1, 2, 625, 626, 627, 628, 1252, 1253, 40_000];

test.each(SIZES)("%i bytes fit their codes", async (size) => {
  const frames = await framesOf(bytes(size));

  for (const [at, frame] of frames.entries()) {
    expect(frame.length).toBeLessThanOrEqual(MOST_CHARACTERS);
    expect(frame).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
    expect(frame.split("/").slice(2, 4)).toEqual([String(at + 1), String(frames.length)]);
  }
  expect(await readAll(frames).content()).toEqual(bytes(size));
});

test("frames are about as long as each other, so that none is harder to read", async () => {
  const lengths = (await framesOf(bytes(700))).map((frame) => frame.length);

  expect(lengths.length).toBe(2);
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(4);
});

test("the payload is base45 as in RFC 9285", async () => {
  const payload = async (text: string): Promise<string | undefined> =>
    (await framesOf(new TextEncoder().encode(text)))[0]?.split("/1/1/")[1];

  expect(await payload("AB")).toBe("BB8");
  expect(await payload("Hello!!")).toBe("%69 VD92EX0");
  expect(await payload("base-45")).toBe("UJCLQE7W581");
});

test("what is too much for a series is said, with what to do instead", async () => {
  await expect(framesOf(bytes(626 * MOST_FRAMES))).resolves.toHaveLength(MOST_FRAMES);
  await expect(framesOf(bytes(626 * MOST_FRAMES + 1))).rejects.toMatchObject({
    code: "phone.too_many_frames",
    message: expect.stringContaining("发送文件") as string,
  });
});

test("a series says what it lacks", async () => {
  const frames = await framesOf(bytes(2000));
  const series = new Series();

  expect([series.of, series.isWhole, series.missing]).toEqual([0, false, []]);
  expect(series.take(frames[2]!)).toBe("new" satisfies Taken);
  expect(series.take(frames[2]!)).toBe("known" satisfies Taken);
  expect([series.of, series.isWhole, series.missing]).toEqual([4, false, [1, 2, 4]]);
  await expect(series.content()).rejects.toMatchObject({ code: "phone.bad_file" });
});

test("another series, and what is no frame, changes nothing", async () => {
  const [one, other] = [await framesOf(bytes(700)), await framesOf(bytes(701))];
  const series = new Series();
  series.take(one[0]!);

  expect(series.take(other[1]!)).toBe("another" satisfies Taken);
  const strange = [
    ...["", "https://example.org/", "IX1/", one[1]!.toLowerCase(), ` ${one[1]!}`],
    ...[one[1]!.replace("IX1", "IX2"), one[1]!.replace("/2/2/", "/3/2/"), `${one[1]!}\n`],
    one[1]!.replace("/2/2/", "/02/2/"),
    one[1]!.replace("/2/2/", "/0/2/"),
    one[1]!.replace("/2/2/", "/2/101/"),
    one[1]!.replace(/\/2\/2\/.*/, "/2/2/"),
    one[1]!.replace(/\/2\/2\/.*/, "/2/2/A"),
    one[1]!.replace(/\/2\/2\/.*/, "/2/2/:::"),
    one[1]!.replace(/\/2\/2\/.*/, "/2/2/::"),
  ];
  expect(strange.map((text) => series.take(text))).toEqual(strange.map(() => "none"));
  expect(series.missing).toEqual([2]);
});

test("frames that were changed are no file", async () => {
  const [first, second] = await framesOf(bytes(700));
  const changed = second!.replace(/.$/, (last) => (last === "0" ? "1" : "0"));

  await expect(readAll([first!, changed]).content()).rejects.toThrow("二维码内容不一致");
});
