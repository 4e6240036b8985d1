/** What is drawn on a photo stays a layer: beside the picture, read back from its copy. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { concat, utf8 } from "../../src/core/bytes.ts";
import { layerOf, withLayer } from "../../src/app/camera/marking/comment.ts";
import { markedDetails, originalIn } from "../../src/app/camera/marking/copying.ts";
import {
  COLOURS,
  FULL,
  INKS,
  MOST_CHARACTERS,
  TOOLS,
  begun,
  drawnOn,
  fits,
  isSeen,
  marksIn,
} from "../../src/app/camera/marking/marks.ts";
import type { Mark } from "../../src/app/camera/marking/marks.ts";
import { pathOf, placeOf, shareOf, strengths } from "../../src/app/camera/marking/shapes.ts";

const SIZE = { width: 2000, height: 1000 };
const ORIGINAL = "ab".repeat(32);
const ARROW: Mark = { kind: "arrow", colour: "red", points: [[0, 0], [5000, 5000]] };
/** A JPEG as far as its segments go: JFIF, a table, the picture. */
const JPEG = concat(
  Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 6, 0x4a, 0x46, 0x49, 0x46),
  Uint8Array.of(0xff, 0xdb, 0, 4, 1, 2, 0xff, 0xda, 0, 2, 9, 9, 9, 0xff, 0xd9),
);

const mark: fc.Arbitrary<Mark> = fc.record({
  kind: fc.constantFrom(...TOOLS),
  colour: fc.constantFrom(...COLOURS),
  points: fc.array(fc.tuple(fc.nat(FULL), fc.nat(FULL)), { minLength: 1, maxLength: 20 }),
  text: fc.string({ maxLength: 40, unit: "grapheme" }),
});

describe("the layer of a copy", () => {
  test("comes back as it was put in, and the picture is the same", () => {
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 8 }), (marks) => {
        const copy = withLayer(JPEG, { original: ORIGINAL, marks });
        const cut = copy.length - JPEG.length;

        expect(layerOf(copy)).toEqual({ original: ORIGINAL, marks });
        expect(copy.subarray(0, 10)).toEqual(JPEG.subarray(0, 10));
        expect(copy.subarray(10 + cut)).toEqual(JPEG.subarray(10));
      }),
    );
  });

  test("stands first where a file has no JFIF head", () => {
    const bare = concat(JPEG.subarray(0, 2), JPEG.subarray(10));
    const copy = withLayer(bare, { original: ORIGINAL, marks: [ARROW] });

    expect([...copy.subarray(2, 4)]).toEqual([0xff, 0xfe]);
    expect(layerOf(copy)?.marks).toEqual([ARROW]);
  });

  test("is in no other file", () => {
    const other = concat(
      JPEG.subarray(0, 10),
      Uint8Array.of(0xff, 0xfe, 0, 7),
      utf8("photo"),
      JPEG.subarray(10),
    );

    expect(layerOf(other)).toBeUndefined();
    expect(layerOf(JPEG)).toBeUndefined();
    expect(layerOf(utf8("no picture"))).toBeUndefined();
  });

  test("of any bytes is found or not, and never breaks", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(layerOf(concat(Uint8Array.of(0xff, 0xd8), bytes))).toBeUndefined();
      }),
    );
  });

  test("that a comment cannot hold is refused", () => {
    const long = { ...ARROW, kind: "text", text: "长".repeat(30_000) } as const;

    expect(() => withLayer(JPEG, { original: ORIGINAL, marks: [long] })).toThrow(RangeError);
  });
});

describe("marks", () => {
  test("an arrow follows the finger, a line keeps its way", () => {
    const arrow = drawnOn(drawnOn(begun("arrow", "red", [0, 0]), [50, 50]), [900, 900]);
    const line = drawnOn(drawnOn(begun("line", "red", [0, 0]), [500, 0]), [500, 500]);

    expect(arrow.points).toEqual([[0, 0], [900, 900]]);
    expect(line.points).toEqual([[0, 0], [500, 0], [500, 500]]);
    expect(drawnOn(line, [505, 505])).toBe(line);
  });

  test("a tap draws nothing, a text without letters neither", () => {
    expect(isSeen(begun("arrow", "red", [10, 10]))).toBe(false);
    expect(isSeen(drawnOn(begun("circle", "red", [10, 10]), [12, 12]))).toBe(false);
    expect(isSeen({ ...ARROW, kind: "text", text: "  " })).toBe(false);
    expect(isSeen({ ...ARROW, kind: "text", text: "无防护罩" })).toBe(true);
    expect(isSeen(ARROW)).toBe(true);
  });

  test("there may be as many as a comment holds", () => {
    const one = JSON.stringify([ARROW]).length;
    const many = Array.from({ length: Math.floor(MOST_CHARACTERS / one) }, () => ARROW);

    expect(fits([], ARROW)).toBe(true);
    expect(fits([...many, ...many], ARROW)).toBe(false);
  });

  test.each([
    [null],
    [{}],
    [[null]],
    [[{ ...ARROW, kind: "star" }]],
    [[{ ...ARROW, colour: "pink" }]],
    [[{ ...ARROW, points: [] }]],
    [[{ ...ARROW, points: [[0, FULL + 1]] }]],
    [[{ ...ARROW, points: [[0.5, 1]] }]],
    [[{ ...ARROW, text: 3 }]],
  ])("%j are none", (read) => {
    expect(marksIn(read)).toBeUndefined();
  });

  test("lie on the picture at every size", () => {
    const half = { ...ARROW, kind: "line" } as const;

    expect(pathOf(half, SIZE)).toBe("M0 0L1000 500");
    expect(pathOf(half, { width: 20, height: 10 })).toBe("M0 0L10 5");
    expect(placeOf({ ...ARROW, points: [[2500, 5000]] }, SIZE)).toEqual([500, 500]);
    expect(strengths(SIZE).edge).toBeGreaterThan(strengths(SIZE).line);
  });

  test("an arrow has two wings at its head, a circle fills its box", () => {
    expect(pathOf(ARROW, SIZE).match(/L1000 500/gu)).toHaveLength(2);
    expect(pathOf({ ...ARROW, kind: "circle" }, SIZE)).toBe(
      "M0 250a500 250 0 1 0 1000 0a500 250 0 1 0 -1000 0z",
    );
  });

  test("a finger beyond the edge is at the edge", () => {
    const box = { left: 10, top: 20, width: 100, height: 50 } as DOMRectReadOnly;

    expect(shareOf(60, 45, box)).toEqual([5000, 5000]);
    expect(shareOf(-5, 400, box)).toEqual([0, FULL]);
  });

  test("every ink is seen against its edge", () => {
    for (const { ink, edge } of Object.values(INKS)) {
      expect(contrast(ink, edge)).toBeGreaterThan(4.5);
    }
  });
});

test("a copy names its original, with its time and place", () => {
  const details = { caption: "罐区", taken_wall: "2026-03-02T09:00:00+08:00", latitude: "34.1" };
  const of = markedDetails({ ...details, mime: "image/png" }, ORIGINAL);

  expect(of).toMatchObject({ taken_wall: details.taken_wall, latitude: "34.1" });
  expect(of.mime).toBe("image/jpeg");
  expect(originalIn(of.caption ?? "")).toBe(ORIGINAL);
  expect(originalIn("罐区")).toBe("");
});

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
