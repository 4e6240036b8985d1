/** Codes that are drawn here are read, by the browser where it can, by the library where not. */

import { afterEach, expect, test, vi } from "vitest";

import { framesOf } from "../../../src/capture/frames.ts";
import { codeReader, drawn, outline } from "../../../src/capture/qr.ts";
import type { Modules, Picture } from "../../../src/capture/qr.ts";

const SCALE = 4;

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A canvas that shows a code; what is drawn on others is its pixels. */
function showing(modules: Modules): Picture {
  const width = modules.length * SCALE;
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      getContext(): unknown {
        return { drawImage: () => undefined, getImageData: () => pixelsOf(modules) };
      }
    },
  );
  return { width, height: width } as HTMLCanvasElement;
}

function pixelsOf(modules: Modules): ImageData {
  const width = modules.length * SCALE;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (let at = 0; at < width * width; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)].map((one) => Math.floor(one / SCALE));
    const shade = modules[y!]![x!] ? 30 + (at % 20) : 230 - (at % 20);
    data.fill(shade, at * 4, at * 4 + 3);
  }
  return { data, width, height: width } as ImageData;
}

async function longest(): Promise<string> {
  const [first] = await framesOf(Uint8Array.from({ length: 1252 }, (_, at) => (at * 31) % 256));
  return first!;
}

test("the longest frame is a code of version 20, with its quiet zone", async () => {
  const modules = await drawn(await longest());

  expect(modules.length).toBe(20 * 4 + 17 + 2 * 4);
  expect(modules.slice(0, 4).flat().includes(true)).toBe(false);
  expect(modules.map((row) => row.slice(0, 4)).flat().includes(true)).toBe(false);
});

test("what is drawn is read by the library where the browser reads nothing", async () => {
  const text = await longest();
  const picture = showing(await drawn(text));

  expect(await (await codeReader())(picture)).toEqual([text]);
});

test("a picture without a code, or without pixels yet, holds none", async () => {
  const blank = Array.from({ length: 60 }, () => new Array<boolean>(60).fill(false));
  const read = await codeReader();

  expect(await read(showing(blank))).toEqual([]);
  expect(await read({ width: 0, height: 0 } as HTMLCanvasElement)).toEqual([]);
});

test("the browser's own reader is used where it reads these codes", async () => {
  const detect = vi.fn(async (_: Picture) => [{ rawValue: "A" }, { rawValue: "B" }]);
  vi.stubGlobal("BarcodeDetector", detector(["aztec", "qr_code"], detect));
  const picture = {} as HTMLCanvasElement;

  expect(await (await codeReader())(picture)).toEqual(["A", "B"]);
  expect(detect).toHaveBeenCalledExactlyOnceWith(picture);
});

test.each([
  [false, ["qr_code"]],
  [true, ["aztec", "ean_13", "qr_code"]],
])("with bars %s, the browser looks for %j", async (bars, wanted) => {
  const asked: unknown[] = [];
  class Told extends (detector(["aztec", "ean_13", "qr_code", "unknown"], async () => []) as Kind) {
    constructor(options: { formats: readonly string[] }) {
      super(options);
      asked.push(options.formats);
    }
  }
  vi.stubGlobal("BarcodeDetector", Told);
  await codeReader(bars);

  expect(asked).toEqual([wanted]);
});

test.each([
  ["knows no such codes", async () => ["aztec"]],
  ["cannot say what it knows", async () => Promise.reject(new Error("no service"))],
])("a browser that %s gets the library", async (_, formats) => {
  const detect = vi.fn(async () => []);
  vi.stubGlobal("BarcodeDetector", detector(formats, detect));
  const picture = showing(await drawn("IX1/A"));

  expect(await (await codeReader())(picture)).toEqual(["IX1/A"]);
  expect(detect).not.toHaveBeenCalled();
});

test("a reader that fails is given up for the library's", async () => {
  const detect = vi.fn(async () => Promise.reject(new Error("service unavailable")));
  vi.stubGlobal("BarcodeDetector", detector(["qr_code"], detect));
  const picture = showing(await drawn("IX1/B"));
  const read = await codeReader();

  expect(await read(picture)).toEqual(["IX1/B"]);
  expect(await read(picture)).toEqual(["IX1/B"]);
  expect(detect).toHaveBeenCalledTimes(1);
});

test("a camera that has not begun is no reason to give a reader up", async () => {
  const detect = vi.fn(async () => Promise.reject(new Error("not ready")));
  vi.stubGlobal("BarcodeDetector", detector(["qr_code"], detect));
  const read = await codeReader();

  for (const [videoWidth, readyState] of [[0, 4], [640, 1]]) {
    expect(await read({ videoWidth, readyState } as HTMLVideoElement)).toEqual([]);
  }
  expect(detect).not.toHaveBeenCalled();
});

test("a code's path covers its dark modules and no others", () => {
  const modules = [
    [true, true, false, true],
    [false, false, false, false],
    [false, true, true, true],
  ];

  expect(outline(modules)).toBe("M0 0h2v1h-2zM3 0h1v1h-1zM1 2h3v1h-3z");
});

type Kind = new (options: { formats: readonly string[] }) => object;
type Found = readonly { readonly rawValue: string }[];

function detector(
  formats: readonly string[] | (() => Promise<readonly string[]>),
  detect: (picture: Picture) => Promise<Found>,
): unknown {
  return class {
    detect = detect;

    static async getSupportedFormats(): Promise<readonly string[]> {
      return typeof formats === "function" ? await formats() : formats;
    }
  };
}
