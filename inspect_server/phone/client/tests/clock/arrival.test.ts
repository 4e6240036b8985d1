/** An arrival by a wrong clock is known once a sync told, and corrected; nothing stored moves. */

import { expect, test } from "vitest";
import { arrivalOff, mayCorrect, offOf } from "../../src/app/reading/arrival-time.ts";
import { arrivedAt } from "../../src/app/reading/arrivals.ts";
import type { Arrival } from "../../src/app/session/visit.ts";
import { clockNoted, wrongSince } from "../../src/network/asking/timing.ts";
import { holding } from "../capture/team.ts";
import { TASK, emptyBrowser } from "../store/keeping.ts";

emptyBrowser();

const SERVER = "2026-03-03T09:00:00+08:00";
const SECONDS = Date.parse(SERVER) / 1000;
const DAY = 86_400;

test("a phone a day slow is told when it arrived in truth, and a tap moves the day", async () => {
  const { phone, clock } = await holding(1); // the second of March, by a clock that is a day slow
  await phone.startVisit(TASK, { place: "车间" });
  const item = `visit/start/${await phone.replica()}`;
  const head = async () => (await phone.item(TASK, item))?.heads.at(-1);
  const first = await head();
  expect(await arrivalOff(phone, TASK, first)).toBeNull(); // nobody knows it yet

  await phone.store.put(await clockNoted(phone.store, SERVER, SECONDS - DAY));
  const off = await arrivalOff(phone, TASK, first);
  expect(off?.said).toBe(first?.wall);
  expect(Date.parse(off?.should ?? "") - Date.parse(first?.wall ?? "")).toBe(DAY * 1000);
  const should = Date.parse(off?.should ?? "");
  expect([should - 1, should].map((now) => mayCorrect(off!, now))).toEqual([false, true]);

  clock.put("2026-03-03T10:00:00+08:00");
  const before = first?.value as Arrival;
  await phone.startVisit(TASK, { ...before, arrived_at: off!.should });
  const now = await head();
  expect(arrivedAt(now?.value, now?.wall ?? "")).toBe(off?.should);
  expect(await arrivalOff(phone, TASK, now)).toBeNull(); // dealt with
});

test("only what was captured since the sync before a wrong one bears its time", () => {
  const wrong = [{ after: SERVER, ahead: -DAY }];
  const wall = "2026-03-03T10:00:00+08:00";

  expect(offOf({ wall, last_server_time: "" }, wall, wrong)).toBeNull();
  expect(offOf({ wall, last_server_time: SERVER }, wall, wrong)?.said).toBe(wall);
  const stated = "2026-03-03T12:00:00+08:00"; // somebody said otherwise since
  expect(offOf({ wall, last_server_time: SERVER }, stated, wrong)).toBeNull();
});

test("a sync notes the clock and that it was wrong; of a right one no fault", async () => {
  const { phone } = await holding(1);
  const { store } = phone;
  expect(await clockNoted(store, "gestern", SECONDS)).toEqual({});
  await store.put(await clockNoted(store, SERVER, SECONDS + 60));
  expect(await wrongSince(store)).toEqual([]);
  await store.put({ server_time: SERVER });
  await store.put(await clockNoted(store, "2026-03-03T10:00:00+08:00", SECONDS + 3600 + DAY));

  expect(await wrongSince(store)).toEqual([{ after: SERVER, ahead: DAY }]);
});
