/** The service worker keeps a version that opens without a network, whatever becomes of the next. */

import { afterEach, expect, test, vi } from "vitest";
import { Browser } from "./hand.ts";

const ONE = { "index.html": "<p>one</p>", "assets/a-1.js": "a", "icons/i.svg": "<svg/>" };
const TWO = { "index.html": "<p>two</p>", "assets/a-1.js": "a", "assets/b-2.js": "b" };

afterEach(() => vi.unstubAllGlobals());

async function installed(): Promise<Browser> {
  const browser = new Browser();
  browser.serve(ONE);
  await browser.start(ONE);
  await browser.install();
  browser.files = {};
  browser.asked = [];
  return browser;
}

async function page(browser: Browser): Promise<string> {
  return await (await browser.get("")).text();
}

test("a worker of the same files keeps them without a network, and loses nothing", async () => {
  const browser = await installed();
  await browser.start(ONE);
  await browser.install();

  expect(await page(browser)).toBe("<p>one</p>");
  expect(browser.asked).toEqual([]);
});

test("what is served stays where it cannot be kept anew", async () => {
  const browser = await installed();
  const [name = ""] = (await browser.caches.keys()).filter((one) => one !== "phone");
  browser.caches.named.get(name)?.delete("/phone/icons/i.svg");
  await browser.start(ONE);
  await expect(browser.install()).rejects.toThrow("Failed to fetch");

  expect(await page(browser)).toBe("<p>one</p>");
});

test("another worker around the same files is another version", async () => {
  const browser = await installed();
  const before = (await browser.caches.keys()).length;
  browser.serve(ONE);
  await browser.start(ONE, "two");
  await browser.install();
  const both = (await browser.caches.keys()).length;
  await browser.say("activate");

  expect([both - before, browser.told]).toEqual([1, ["activated"]]);
  expect((await browser.caches.keys()).length).toBe(before);
});

test("a version that is not whole leaves nothing, and the one before goes on", async () => {
  const browser = await installed();
  const before = await browser.caches.keys();
  browser.serve({ ...TWO, "assets/b-2.js": "damaged" });
  await browser.start(TWO);
  await expect(browser.install()).rejects.toThrow("not what was built");

  expect(await browser.caches.keys()).toEqual(before);
  expect(await page(browser)).toBe("<p>one</p>");
});

test.each([
  ["the choice", (name: string) => name === "phone"],
  ["the chosen version", (name: string, chosen: string) => name === chosen],
])("where the browser lost %s another one that is kept opens", async (_, isLost) => {
  const browser = await installed();
  const chosen = (await browser.caches.keys()).find((name) => name !== "phone") ?? "";
  browser.serve(TWO);
  await browser.start(TWO);
  await browser.install();
  browser.files = {};
  for (const name of await browser.caches.keys()) {
    if (isLost(name, chosen)) await browser.caches.delete(name);
  }
  await browser.start(TWO);

  expect(await page(browser)).toMatch(/^<p>(?:one|two)<\/p>$/);
  expect(await (await browser.get("assets/a-1.js")).text()).toBe("a");
});
