/** What the app makes of the phone around it: browser, network, position, time without a touch. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import {
  installing,
  isApple,
  obstacle,
  suggestedLabel,
} from "../../src/app/session/device/browser.ts";
import type { Surroundings } from "../../src/app/session/device/browser.ts";
import { Idle } from "../../src/app/session/device/idle.ts";
import { litScreen } from "../../src/app/session/device/waking.ts";
import { Metering, networkOf } from "../../src/app/session/device/metered.ts";
import { NoPosition, locate, written } from "../../src/app/session/position.ts";
import { room } from "../../src/app/session/storage.ts";
import { isInVisit, noteVisit } from "../../src/app/session/device/updating.ts";
import { endVisit } from "../../src/app/session/visit.ts";
import { emptyLocalStorage } from "../local-storage.ts";
import { holding } from "../capture/team.ts";
import { TASK, emptyBrowser } from "../store/keeping.ts";
import { checkOperation } from "../../src/core/entries.ts";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1";
const IPAD = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.0 Safari/605.1.15";
const ANDROID = "Mozilla/5.0 (Linux; Android 13; ALN-AL00 Build/X) Chrome/114.0 Mobile";
const REDUCED = "Mozilla/5.0 (Linux; Android 10; K) Chrome/130.0 Mobile";

function browser(values: Partial<Surroundings>): Surroundings {
  return {
    agent: ANDROID,
    touchPoints: 5,
    isSecure: true,
    isInstalled: false,
    lacking: [],
    ...values,
  };
}

describe("a browser", () => {
  test.each([
    ["of an Android phone is fit", {}, null],
    ["of an iPhone is not, in a tab", { agent: IPHONE }, "not_installed"],
    ["of an iPhone is fit, from the home screen", { agent: IPHONE, isInstalled: true }, null],
    ["of an iPad is not, in a tab", { agent: IPAD }, "not_installed"],
    ["of a Mac has no home screen", { agent: IPAD, touchPoints: 0 }, null],
    ["without https is not", { isSecure: false, lacking: ["数据加密"] }, "insecure"],
    ["that is old is not", { lacking: ["窗口锁"] }, "outdated"],
    ["inside another app is not", { agent: `${ANDROID} MicroMessenger/8.0` }, "embedded"],
  ] as const)("%s", (_, values, why) => {
    expect(obstacle(browser(values))).toBe(why);
  });

  test("says by whose menus the app comes to the home screen, and nothing once it is there", () => {
    expect(installing(browser({}))).toBe("android");
    expect(installing(browser({ agent: `${ANDROID} HuaweiBrowser/14.0` }))).toBe("harmony");
    expect(installing(browser({ agent: "Phone; OpenHarmony 5.0 ArkWeb" }))).toBe("harmony");
    expect(installing(browser({ agent: IPAD, touchPoints: 5 }))).toBe("safari");
    expect(installing(browser({ isInstalled: true }))).toBeNull();
  });

  test("says what its phone may be called", () => {
    expect(suggestedLabel(browser({}))).toBe("ALN-AL00");
    expect(suggestedLabel(browser({ agent: REDUCED }))).toBe("安卓手机");
    expect(suggestedLabel(browser({ agent: IPHONE }))).toBe("iPhone");
    expect(suggestedLabel(browser({ agent: IPAD }))).toBe("iPad");
    expect(suggestedLabel(browser({ agent: "Linux x86_64" }))).toBe("执法终端");
    expect(isApple(browser({ agent: IPAD, touchPoints: 0 }))).toBe(false);
  });
});

describe("photos on a network", () => {
  test.each([
    [undefined, "unknown"],
    [{}, "unknown"],
    [{ type: "wifi" }, "free"],
    [{ type: "ethernet" }, "free"],
    [{ type: "cellular" }, "metered"],
    [{ type: "wifi", saveData: true }, "metered"],
  ] as const)("that says %j", (connection, network) => {
    expect(networkOf(connection)).toBe(network);
  });

  test("wait only if they were told to, and not for one that costs nothing", () => {
    const metering = new Metering();
    expect(metering.mayUpload("metered")).toBe(true);
    metering.wifiOnly = true;
    expect(metering.mayUpload("metered")).toBe(false);
    expect(metering.mayUpload("unknown")).toBe(false);
    expect(metering.mayUpload("free")).toBe(true);
    metering.allowOnce();
    expect(metering.mayUpload("metered")).toBe(true);
  });
});

describe("a position", () => {
  test("is written as the protocol takes it, wherever on earth", () => {
    const latitude = fc.double({ min: -90, max: 90, noNaN: true });
    const longitude = fc.double({ min: -180, max: 180, noNaN: true });
    const accuracy = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(latitude, longitude, accuracy, (of, at, metres) => {
        const place = written({ latitude: of, longitude: at, accuracy: metres });
        const rest = { badge_shown: true, rights_told: true, recording: "", place: "" };
        const replica = "0".repeat(64);
        const item = `visit/start/${replica}`;
        const op = { type: "visit.start", item, parents: [], value: { ...place, ...rest } };

        checkOperation(op, 0, replica, "0198aaaa-0000-4000-8000-000000000001");
        expect(Number(place.latitude)).toBeCloseTo(of, 5);
        expect(place.latitude).not.toMatch(/^-0\.0*$/);
      }),
    );
  });

  test.each([
    [1, "denied"],
    [2, "unavailable"],
    [3, "timeout"],
    [9, "unavailable"],
  ])("that is refused by code %i is %s", async (code, refusal) => {
    const getCurrentPosition = (_: unknown, refuse: (error: { code: number }) => void): void =>
      refuse({ code });
    const asked = locate({ getCurrentPosition } as unknown as Geolocation);

    await expect(asked).rejects.toThrow(new NoPosition(refusal as "denied"));
  });
});

test("room is low where a day's photos might not fit; unknown room is not", async () => {
  const storage = (quota: number): StorageManager =>
    ({
      estimate: () => Promise.resolve({ usage: 100, quota }),
      persisted: () => Promise.resolve(true),
    }) as unknown as StorageManager;

  expect(await room(storage(200_000_000))).toMatchObject({ isLow: true, persisted: true });
  expect((await room(storage(20_000_000_000))).isLow).toBe(false);
  expect((await room(storage(0))).isLow).toBe(false);
});

describe("nobody touches the phone", () => {
  const target = new EventTarget();
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("addEventListener", target.addEventListener.bind(target));
    vi.stubGlobal("removeEventListener", target.removeEventListener.bind(target));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test("for so long that it locks, once", () => {
    const lapsed = vi.fn();
    new Idle(5, lapsed);
    vi.advanceTimersByTime(4.5 * 60_000);
    expect(lapsed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60 * 60_000);
    expect(lapsed).toHaveBeenCalledTimes(1);
  });

  test("a touch begins the wait again; to come back is none", () => {
    const lapsed = vi.fn();
    new Idle(5, lapsed);
    vi.advanceTimersByTime(4 * 60_000);
    target.dispatchEvent(new Event("pointerdown"));
    vi.advanceTimersByTime(4 * 60_000);
    expect(lapsed).not.toHaveBeenCalled();
    target.dispatchEvent(new Event("visibilitychange"));
    vi.advanceTimersByTime(2 * 60_000);
    expect(lapsed).toHaveBeenCalledTimes(1);
  });

  test("and its page slept: waking up locks before anything else", () => {
    let now = 0;
    const lapsed = vi.fn();
    new Idle(5, lapsed, () => now);
    now = 6 * 60_000;
    target.dispatchEvent(new Event("visibilitychange"));
    expect(lapsed).toHaveBeenCalledTimes(1);
  });

  test("and the clock was put back a day meanwhile", () => {
    let now = 0;
    let elapsed = 0;
    const lapsed = vi.fn();
    const idle = new Idle(5, lapsed, () => now, () => elapsed);
    now = -24 * 60 * 60_000;
    elapsed = 4 * 60_000;
    idle.look();
    expect(lapsed).not.toHaveBeenCalled();
    elapsed = 5 * 60_000;
    idle.look();
    expect(lapsed).toHaveBeenCalledTimes(1);
  });
});

emptyBrowser();

describe("a visit under way", () => {
  beforeEach(() => {
    emptyLocalStorage();
  });
  afterEach(() => vi.unstubAllGlobals());
  const began = "2026-03-02T09:00:00.000+08:00";
  const now = Date.parse(began);

  test("holds a new version back until it ends", () => {
    expect(isInVisit(now)).toBe(false);
    noteVisit("v", "task", began);
    expect(isInVisit(now + 1000)).toBe(true);
    noteVisit("v", "other", "");
    expect(isInVisit(now + 1000)).toBe(true);
    noteVisit("v", "task", "");
    expect(isInVisit(now + 1000)).toBe(false);
  });

  test("is over as soon as it was ended, though nobody looks at its page any more", async () => {
    const { phone } = await holding(1);
    await phone.startVisit(TASK, { place: "一号车间" });
    noteVisit(phone.store.vault, TASK, began);
    const during = isInVisit(now);
    await endVisit(phone, TASK);

    expect([during, isInVisit(now)]).toEqual([true, false]);
  });

  test("that nobody ended holds it back for a day", () => {
    noteVisit("v", "task", began);
    expect(isInVisit(now + 23 * 3_600_000)).toBe(true);
    expect(isInVisit(now + 25 * 3_600_000)).toBe(false);
  });
});

describe("a screen that is to stay on", () => {
  class Lamp {
    released = false;
    release(): Promise<void> {
      this.released = true;
      return Promise.resolve();
    }
  }
  let lamps: Lamp[];
  let page: EventTarget & { visibilityState: string };

  beforeEach(() => {
    lamps = [];
    page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    const request = async (): Promise<Lamp> => {
      lamps.push(new Lamp());
      return lamps.at(-1) as Lamp;
    };
    vi.stubGlobal("document", page);
    vi.stubGlobal("navigator", { wakeLock: { request } });
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  /** The page goes out of sight, as the system sees to it, or comes back. */
  async function turned(state: string): Promise<void> {
    page.visibilityState = state;
    if (state === "hidden") await lamps.at(-1)?.release();
    page.dispatchEvent(new Event("visibilitychange"));
    await Promise.resolve();
  }

  test("is kept on until it is let go, also after the page was out of sight", async () => {
    const release = litScreen();
    await vi.waitFor(() => expect(lamps).toHaveLength(1));
    await turned("visible"); // it is on
    await turned("hidden");
    expect(lamps).toHaveLength(1);
    await turned("visible");
    await vi.waitFor(() => expect(lamps).toHaveLength(2));
    release();
    await turned("visible");

    expect(lamps.map((one) => one.released)).toEqual([true, true]);
  });

  test("goes dark where that came too late, and where a browser cannot", async () => {
    litScreen()();
    await vi.waitFor(() => expect(lamps.map((one) => one.released)).toEqual([true]));
    vi.stubGlobal("navigator", {});

    expect(() => litScreen()()).not.toThrow();
  });
});
