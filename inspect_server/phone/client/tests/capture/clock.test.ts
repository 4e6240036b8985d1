/** Moments as entries say them. */

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { browserClock, moment } from "../../src/capture/clock.ts";
import { isMoment } from "../../src/core/texts.ts";
import { StepClock } from "./team.ts";

function aside(minutes: number): StepClock {
  return Object.assign(new StepClock(), { offset: () => minutes });
}

describe("a moment", () => {
  test.each([
    [480, "2026-03-02T09:00:00.120+08:00"],
    [0, "2026-03-02T01:00:00.120+00:00"],
    [-210, "2026-03-01T21:30:00.120-03:30"],
    [345, "2026-03-02T06:45:00.120+05:45"],
  ])("%i minutes from UTC is %s", (minutes, said) => {
    expect(moment(aside(minutes), Date.parse("2026-03-02T01:00:00.120Z"))).toBe(said);
  });

  test("is the same moment wherever it is said, and valid in an entry", () => {
    const years = { min: new Date("1901-01-01"), max: new Date("9990-01-01"), noInvalidDate: true };
    const minutes = fc.integer({ min: -720, max: 840 });
    fc.assert(
      fc.property(fc.date(years), minutes, (date, offset) => {
        const said = moment(aside(offset), date.getTime());

        expect(Date.parse(said)).toBe(date.getTime());
        expect(isMoment(said)).toBe(true);
      }),
    );
  });
});

test("the browser's clocks are what an entry may hold", () => {
  expect(browserClock.tz.length).toBeGreaterThan(0);
  expect(browserClock.boot.length).toBeLessThanOrEqual(64);
  expect(Number.isInteger(browserClock.mono())).toBe(true);
  expect(isMoment(moment(browserClock, browserClock.now()))).toBe(true);
});
