/** A picture comes nearer where the fingers are, and never leaves its frame. */

import fc from "fast-check";
import { expect, test } from "vitest";

import { WHOLE, moved, turned, zoomed } from "../../src/app/camera/viewing/zooming.ts";

const FRAME = { width: 300, height: 400 };
const at = fc.tuple(fc.integer({ min: -150, max: 150 }), fc.integer({ min: -200, max: 200 }));

test("what lies under the fingers stays there", () => {
  const near = zoomed(WHOLE, 2, [50, -40], FRAME);

  expect(near).toEqual({ scale: 2, x: -50, y: 40 });
});

test("it is never smaller than whole, and never beyond its edges", () => {
  const steps = fc.array(fc.tuple(fc.double({ min: 0.2, max: 5, noNaN: true }), at, at));
  fc.assert(
    fc.property(steps, (all) => {
      let view = WHOLE;
      for (const [factor, point, by] of all) {
        view = moved(zoomed(view, factor, point, FRAME), by, FRAME);
        expect(view.scale).toBeGreaterThanOrEqual(1);
        expect(view.scale).toBeLessThanOrEqual(8);
        expect(Math.abs(view.x)).toBeLessThanOrEqual((FRAME.width * (view.scale - 1)) / 2 + 1e-9);
        expect(Math.abs(view.y)).toBeLessThanOrEqual((FRAME.height * (view.scale - 1)) / 2 + 1e-9);
      }
    }),
  );
});

test("two taps bring it near, two more show the whole", () => {
  const near = turned(WHOLE, [0, 0], FRAME);

  expect(near.scale).toBe(2.5);
  expect(turned(near, [10, 10], FRAME)).toEqual(WHOLE);
});
