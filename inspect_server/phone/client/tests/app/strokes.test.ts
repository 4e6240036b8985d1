/** Whatever a finger does in the box, what is kept is a signature that the protocol takes. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MOST_POINTS,
  MOST_STROKES,
  begun,
  drawn,
  path,
  place,
  shownPart,
} from "../../src/app/parts/entry/strokes.ts";
import type { Point, Strokes } from "../../src/app/parts/entry/strokes.ts";
import { checkOperation } from "../../src/core/entries.ts";

const BOX = { left: 20, top: 100, width: 300, height: 100 };
const ITEM = "signature/0198bbbb-0000-7000-8000-000000000001";

function check(strokes: Strokes): void {
  const value = {
    signer: "lead",
    name: "赵兰玉",
    officer_id: "",
    view: "0".repeat(64),
    strokes,
    refused: false,
    refusal_reason: "",
    document: "record",
  };
  const op = { type: "signature.add", item: ITEM, parents: [], value };
  checkOperation(op, 0, "0".repeat(64), "0198aaaa-0000-4000-8000-000000000001");
}

describe("a place in the box", () => {
  test.each([
    [20, 100, [0, 0]],
    [320, 200, [1000, 1000]],
    [170, 150, [500, 500]],
    [-50, 999, [0, 1000]],
  ])("%i, %i is %j", (x, y, point) => {
    expect(place(x, y, BOX)).toEqual(point);
  });

  test("that is no number is at the edge", () => {
    expect(place(NaN, 150, BOX)).toEqual([0, 500]);
    expect(place(Infinity, -Infinity, BOX)).toEqual([1000, 0]);
  });

  test("of a box that is not laid out yet is its corner", () => {
    expect(place(5, 5, { left: 0, top: 0, width: 0, height: 0 })).toEqual([0, 0]);
  });
});

describe("a pad that is higher than the box", () => {
  const PAD = { left: 10, top: 20, width: 330, height: 180 };
  const ratio = PAD.width / PAD.height;

  test("shows the middle in full height, so that a circle stays one", () => {
    const shown = shownPart(ratio, []);
    const [[left, top], [right, bottom]] = [
      place(PAD.left, PAD.top, PAD, shown),
      place(PAD.left + PAD.width, PAD.top + PAD.height, PAD, shown),
    ];

    expect([top, bottom]).toEqual([0, 1000]);
    expect(Math.abs(left + right - 1000)).toBeLessThanOrEqual(1); // of whole units
    expect(Math.abs(((right - left) * 3) / (bottom - top) - ratio)).toBeLessThan(0.01);
  });

  test("keeps a hand that leaves it within what it shows", () => {
    const shown = shownPart(ratio, []);
    const beyond = [place(-999, 90, PAD, shown), place(9999, 90, PAD, shown)];

    expect(shownPart(ratio, [beyond])).toEqual(shown);
  });

  test("shows all that was drawn on a wider one, not stretched", () => {
    const wide: Strokes = [[[10, 500], [990, 520]]];
    const shown = shownPart(ratio, wide);

    expect([shown.left, shown.width]).toEqual([0, 3000]);
    expect(shown.width / shown.height).toBeCloseTo(ratio);
    expect(place(PAD.left, PAD.top, PAD, shown)).toEqual([0, 0]);
    expect(place(PAD.left + PAD.width / 2, PAD.top + 90, PAD, shown)).toEqual([500, 500]);
  });

  test("is the box itself where it is three times as wide as high, or not laid out", () => {
    for (const one of [3, 0, NaN]) {
      expect(shownPart(one, [])).toEqual({ left: 0, top: 0, width: 3000, height: 1000 });
    }
  });
});

test("strokes of any movement are what the protocol takes", () => {
  const at = fc.tuple(fc.double(), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
  const moves = fc.array(fc.tuple(fc.boolean(), fc.array(at, { maxLength: 20 })), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(moves, (of) => {
      let strokes: Strokes = begun([], place(30, 120, BOX));
      for (const [isNew, points] of of) {
        const seen = points.map(([x, y]) => place(x, y, BOX));
        strokes = isNew ? begun(strokes, seen[0] ?? [1, 1]) : drawn(strokes, seen);
      }

      check(strokes);
    }),
  );
});

test("a hand that never rests is cut at what the protocol holds", () => {
  const points = Array.from({ length: 5000 }, (_, at): Point => [at % 1001, (at * 13) % 1001]);
  let strokes: Strokes = [];
  for (let at = 0; at < MOST_STROKES + 20; at += 1) strokes = begun(strokes, [at, at % 1000]);
  strokes = drawn(strokes, points);

  expect(strokes).toHaveLength(MOST_STROKES);
  expect(strokes.at(-1)).toHaveLength(MOST_POINTS);
  check(strokes);
});

test("points that nobody could tell apart are one", () => {
  expect(drawn([[[100, 100]]], [[101, 100], [101, 101], [104, 100]])).toEqual([
    [
      [100, 100],
      [104, 100],
    ],
  ]);
});

test("without a stroke begun nothing is drawn", () => {
  expect(drawn([], [[1, 1]])).toEqual([]);
});

test("a stroke is a line, a dot a line of no length", () => {
  expect(path([[0, 0], [500, 1000]])).toBe("M0 0L1500 1000");
  expect(path([[10, 20]])).toBe("M30 20L30 20");
  expect(path([])).toBe("");
});
