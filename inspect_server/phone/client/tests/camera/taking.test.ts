/** Files as they come from the camera and the album, and what is refused of them. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { MOST_SECONDS, Recording, kindOf } from "../../src/app/camera/device/recording.ts";
import type { Recorded } from "../../src/app/camera/device/recording.ts";
import { plainType, refusalOf, saveShot, shotOf, shotOfFile } from "../../src/app/camera/shots.ts";
import { saveFiles } from "../../src/app/checklist/attaching.ts";
import { NoCamera, openCamera, reasonOf } from "../../src/app/camera/device/stream.ts";
import { Whereabouts } from "../../src/app/camera/device/whereabouts.ts";
import { ALBUM } from "../../src/app/camera/words.ts";
import { factsOf, grouped, photoOf, standingOf } from "../../src/app/camera/viewing/facts.ts";
import { MAX_BLOB_BYTES } from "../../src/network/asking/messages.ts";
import { ITEM, holding } from "../capture/team.ts";
import { TASK } from "../store/keeping.ts";

const NOW = Date.parse("2026-03-02T09:00:00+08:00");
const HERE = { latitude: "34.5", longitude: "119.2", accuracy_m: "8.0", datum: "WGS-84" };
const WHAT = { item: ITEM, finding: "" };

beforeEach(() => {
  vi.stubGlobal("URL", { createObjectURL: () => "blob:shot", revokeObjectURL: () => undefined });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function file(type: string, lastModified: number, content = "jpeg"): File {
  return new File([content], "1.jpg", { type, lastModified });
}

describe("a file", () => {
  test("that was just taken has the place, one of the album has none and says so", () => {
    const fresh = shotOfFile(file("image/jpeg", NOW - 5000), HERE, NOW);
    const old = shotOfFile(file("image/jpeg", NOW - 86_400_000), HERE, NOW);

    expect([fresh.place, fresh.isOld]).toEqual([HERE, false]);
    expect([old.place, old.isOld]).toEqual([undefined, true]);
    expect(Date.parse(old.taken)).toBe(NOW - 86_400_000);
    expect(Date.parse(fresh.taken)).toBe(NOW - 5000);
  });

  test("of a clock that is ahead was taken now at the latest", () => {
    expect(Date.parse(shotOfFile(file("image/jpeg", NOW + 9000), HERE, NOW).taken)).toBe(NOW);
  });

  test.each([
    [{ name: "a", size: 0, type: "image/jpeg" }, "空文件"],
    [{ name: "a", size: MAX_BLOB_BYTES + 1, type: "video/mp4" }, "超过上限 268.4 MB"],
    [{ name: "a", size: 9, type: "application/pdf" }, "不是照片"],
  ])("is refused with the reason: %j", (given, said) => {
    expect(refusalOf(given)).toContain(said);
  });

  test("of a photo or video up to the limit is taken", () => {
    expect(refusalOf({ name: "a", size: MAX_BLOB_BYTES, type: "image/heic" })).toBe("");
    expect(refusalOf({ name: "a", size: 1, type: "video/webm" })).toBe("");
  });

  test("has a media type as it is sent", () => {
    expect(plainType("video/webm;codecs=vp8", "x/y")).toBe("video/webm");
    expect(plainType("", "image/jpeg")).toBe("image/jpeg");
  });
});

describe("recordings and files of the phone", () => {
  test("obey the same limit: no entry cites what no server takes", async () => {
    const { phone } = await holding(1);
    const large = file("audio/mp4", NOW);
    Object.defineProperty(large, "size", { value: MAX_BLOB_BYTES + 1 });
    const given = [file("audio/mp4", NOW, "音"), large, file("application/pdf", NOW, "")];

    const { saved, refused } = await saveFiles(phone, TASK, given, WHAT);
    const value = photoOf((await phone.item(TASK, saved[0]!))!);

    expect(saved).toHaveLength(1);
    expect(value).toMatchObject({ mime: "audio/mp4", answer_item: ITEM, size: 3 });
    expect(refused).toMatch(/超过上限 268\.4 MB，没有加入。.*空文件/u);
    expect(await phone.entries()).toHaveLength(1);
  });
});

describe("saving", () => {
  test("keeps the very bytes, with place, time, kind and what they are of", async () => {
    const { phone } = await holding(1);
    const shot = shotOf(new Blob(["raw"], { type: "video/webm;codecs=vp8" }), HERE, NOW);

    const [id] = await saveShot(phone, TASK, shot, WHAT, undefined);
    const value = photoOf((await phone.item(TASK, id!))!);

    expect(value).toMatchObject({ ...HERE, mime: "video/webm", answer_item: ITEM });
    expect(value.device).toBe("phone-1");
    expect(Date.parse(value.taken_wall)).toBe(NOW);
    expect(new TextDecoder().decode(await phone.photo(value.sha256))).toBe("raw");
    expect(await standingOf(phone, value)).toBe("waiting");
  });

  test("takes the place that came later, but never for what lay in the album", async () => {
    const { phone } = await holding(1);
    const now = shotOf(new Blob(["1"], { type: "image/jpeg" }), undefined, NOW);
    const old = shotOfFile(file("image/jpeg", NOW - 86_400_000), HERE, NOW);

    const ids = [
      ...(await saveShot(phone, TASK, now, WHAT, HERE)),
      ...(await saveShot(phone, TASK, old, WHAT, HERE)),
    ];
    const values = await Promise.all(ids.map(async (id) => photoOf((await phone.item(TASK, id))!)));

    expect(values.map((one) => one.latitude)).toEqual(["34.5", ""]);
    expect(values.map((one) => one.caption)).toEqual(["", ALBUM]);
  });
});

describe("what is told of a photo", () => {
  test("is when and where it was taken, by whom and with what", async () => {
    const { phone } = await holding(1);
    const made = shotOf(new Blob(["raw"], { type: "image/jpeg" }), HERE, NOW);
    const shot = { ...made, taken: "2026-03-02T09:00:00.000+08:00" };
    const [id] = await saveShot(phone, TASK, shot, WHAT, undefined);
    const facts = new Map(factsOf((await phone.item(TASK, id!))!, "张三"));

    expect(facts.get("拍摄时间")).toBe("2026年3月2日 09:00:00");
    expect(facts.get("拍摄位置")).toBe("纬度 34.5，经度 119.2（误差约 8 米，WGS-84）");
    expect([facts.get("拍摄人"), facts.get("拍摄手机")]).toEqual(["张三", "phone-1"]);
    expect(facts.has("说明")).toBe(false);
  });

  test("a hash is grouped by eight, a file that is not here is absent", async () => {
    const { phone } = await holding(1);
    const sha256 = "0123456789abcdef".repeat(4);

    const pair = ["01234567", "89abcdef"];
    expect(grouped(sha256)).toEqual([...pair, ...pair, ...pair, ...pair]);
    expect(await standingOf(phone, { sha256 } as never)).toBe("absent");
  });
});

describe("the camera", () => {
  test.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "absent"],
    ["NotReadableError", "busy"],
    ["TypeError", "unable"],
  ])("that fails with %s is %s", (name, reason) => {
    expect(reasonOf(Object.assign(new Error("no"), { name }))).toBe(reason);
  });

  test("of a browser that has none is told, not broken", async () => {
    vi.stubGlobal("navigator", {});

    await expect(openCamera()).rejects.toEqual(new NoCamera("unable"));
  });
});

describe("the position", () => {
  class Sky {
    tell: ((at: { coords: object }) => void) | undefined;
    refuse: (() => void) | undefined;
    cleared = 0;

    watchPosition(tell: (at: { coords: object }) => void, refuse: () => void): number {
      [this.tell, this.refuse] = [tell, refuse];
      return 7;
    }

    clearWatch(id: number): void {
      this.cleared = id;
    }

    getCurrentPosition(): void {
      this.tell?.({ coords: { latitude: 1, longitude: 2, accuracy: 3 } });
    }
  }

  test("is known as long as it is fresh", () => {
    const sky = new Sky();
    let now = NOW;
    const where = new Whereabouts(sky as never, () => now);
    expect(where.here).toBeUndefined();

    sky.tell?.({ coords: { latitude: 34.5, longitude: 119.2, accuracy: 8 } });
    expect(where.here?.latitude).toBe("34.500000");

    now += 61_000;
    expect(where.here).toBeUndefined();
    where.end();
    expect(sky.cleared).toBe(7);
  });

  test("that is refused nobody waits for", async () => {
    const sky = new Sky();
    const where = new Whereabouts(sky as never);
    sky.refuse?.();

    expect(where.state.isRefused).toBe(true);
    expect(await where.soon()).toBeUndefined();
  });

  test("that does not come is waited for a few seconds only", async () => {
    vi.useFakeTimers();
    const where = new Whereabouts(new Sky() as never);
    Object.assign(Sky.prototype, { getCurrentPosition: () => undefined });
    const soon = where.soon();
    await vi.advanceTimersByTimeAsync(4000);

    expect(await soon).toBeUndefined();
  });
});

describe("a video", () => {
  class Recorder extends EventTarget {
    static last: Recorder;
    state = "inactive";
    readonly mimeType = "video/webm";

    readonly how: Readonly<Record<string, unknown>>;
    slice = 0;

    constructor(_: unknown, how: Readonly<Record<string, unknown>>) {
      super();
      this.how = how;
      Recorder.last = this;
    }

    start(slice: number): void {
      this.state = "recording";
      this.slice = slice;
    }

    stop(): void {
      this.state = "inactive";
      this.dispatchEvent(Object.assign(new Event("dataavailable"), { data: new Blob(["film"]) }));
      this.dispatchEvent(new Event("stop"));
    }
  }

  const lamp = { released: true, release: async () => void (lamp.released = true) };
  const LIT = { released: false };
  const picture = { getVideoTracks: () => [] } as unknown as MediaStream;

  beforeEach(() => {
    vi.stubGlobal("MediaRecorder", Recorder);
    vi.stubGlobal("MediaStream", class {});
    lamp.released = true;
    const request = (): Promise<typeof lamp> => Promise.resolve(Object.assign(lamp, LIT));
    vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
    vi.stubGlobal("navigator", { wakeLock: { request } });
  });

  test("is of the first kind that the browser records", () => {
    expect(kindOf((kind) => kind.startsWith("video/webm"))).toBe("video/webm;codecs=vp8,opus");
    expect(kindOf(() => true)).toMatch(/^video\/mp4/u);
    expect(kindOf(() => false)).toBe("");
  });

  test("ends by itself after half a minute", async () => {
    vi.useFakeTimers();
    Object.assign(Recorder, { isTypeSupported: () => true });
    const steps: Recorded[] = [];
    const recording = new Recording(picture, undefined, (step) => steps.push(step));
    await vi.advanceTimersByTimeAsync(MOST_SECONDS * 1000 - 1000);
    expect(Recorder.last.state).toBe("recording");
    expect(lamp.released).toBe(false); // the screen stays on
    await vi.advanceTimersByTimeAsync(1500);

    expect(Recorder.last.state).toBe("inactive");
    expect((await recording.done).size).toBe(4);
    expect(lamp.released).toBe(true);
    expect(steps.at(-1)?.seconds).toBe(MOST_SECONDS);
  });

  test("gives its pieces away each second, which needs as many key frames", async () => {
    Object.assign(Recorder, { isTypeSupported: () => true });
    const pieces: Blob[] = [];
    const keep = (piece: Blob): number => pieces.push(piece);
    const recording = new Recording(picture, undefined, () => undefined, keep);
    const { last } = Recorder;
    const data = new Blob(["one "]);
    last.dispatchEvent(Object.assign(new Event("dataavailable"), { data }));
    expect(await pieces[0]?.text()).toBe("one ");
    recording.stop();

    expect(await (await recording.done).text()).toBe("one film");
    expect(pieces).toHaveLength(2);
    expect([last.slice, last.how["videoKeyFrameIntervalDuration"]]).toEqual([1000, 1000]);
  });

  test("that breaks off says so", async () => {
    Object.assign(Recorder, { isTypeSupported: () => true });
    const recording = new Recording(picture, undefined, () => undefined);
    Recorder.last.dispatchEvent(new Event("error"));

    await expect(recording.done).rejects.toThrow("broke off");
  });
});
