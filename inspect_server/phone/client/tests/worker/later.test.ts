/** What shows documents is large: it is kept once a page has asked for it, and checked. */

import { afterEach, expect, test, vi } from "vitest";
import { Browser } from "./hand.ts";

const VIEWER = "assets/pdf-1.js";
const ONE = { "index.html": "<p>one</p>", "assets/a-1.js": "a", [VIEWER]: "pages" };

afterEach(() => vi.unstubAllGlobals());

async function installed(files: Record<string, string> = ONE): Promise<Browser> {
  const browser = new Browser();
  browser.serve(files);
  await browser.start(ONE);
  await browser.install();
  return browser;
}

test("it is not fetched before, and needs no network after", async () => {
  const browser = await installed();
  const before = browser.asked.some((one) => one.includes("pdf"));
  const first = await (await browser.get(VIEWER)).text();
  browser.files = {};
  const second = await (await browser.get(VIEWER)).text();

  expect([before, first, second]).toEqual([false, "pages", "pages"]);
});

test("what is not what was built is not handed out", async () => {
  const browser = await installed({ ...ONE, [VIEWER]: "damaged" });

  await expect(browser.get(VIEWER)).rejects.toThrow("not what was built");
});

test("the next version has it from the one before", async () => {
  const browser = await installed();
  await browser.get(VIEWER);
  await browser.start(ONE, "two");
  await browser.install();
  await browser.say("activate");
  browser.files = {};

  expect(await (await browser.get(VIEWER)).text()).toBe("pages");
});
