/** The worker keeps a version that opens without a network, whatever becomes of the next. */

import { readFileSync } from "node:fs";
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
  await browser.say("activate");

  expect([both - before, browser.told]).toEqual([1, ["activated"]]);
});

/** A phone on which the second version took over while a page of the first is at work. */
async function replaced(): Promise<Browser> {
  const browser = await installed();
  browser.serve(TWO);
  await browser.start(TWO);
  await browser.install();
  await browser.say("activate");
  return browser;
}

test("a page of the version before has its parts until nobody is at work there", async () => {
  const browser = await replaced();
  browser.files = {};
  const old = await (await browser.get("icons/i.svg")).text();
  await browser.start(TWO);
  await browser.say("tidy");
  const names = (await browser.caches.keys()).filter((name) => name !== "phone");

  expect([old, await page(browser)]).toEqual(["<svg/>", "<p>two</p>"]);
  expect(names).toHaveLength(1);
  await expect(browser.get("icons/i.svg")).rejects.toThrow("Failed to fetch");
});

test.each(["installing", "waiting"] as const)(
  "a version that is %s loses none of its files to one that tidies up",
  async (how) => {
    const browser = await replaced();
    const before = await browser.caches.keys();
    browser.others[how] = {};
    await browser.say("tidy");

    expect(await browser.caches.keys()).toEqual(before);
  },
);

test("a version that is not served removes nothing", async () => {
  const browser = await installed();
  browser.serve(TWO);
  await browser.start(TWO);
  await browser.install();
  const before = await browser.caches.keys();
  await browser.say("tidy");

  expect(await browser.caches.keys()).toEqual(before);
  expect(await page(browser)).toBe("<p>one</p>");
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

test("a wrong copy that the browser took for the server's is asked for once more", async () => {
  const browser = await installed();
  browser.serve(TWO);
  browser.stale = { "assets/b-2.js": "damaged" };
  await browser.start(TWO);
  await browser.install();
  await browser.say("activate");

  expect(await (await browser.get("assets/b-2.js")).text()).toBe("b");
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

/** The texts that stand in a module of the server, joined as Python joins them. */
function server(module: string): string {
  const path = new URL(`../../../${module}.py`, import.meta.url);
  return readFileSync(path, "utf8").replaceAll(/"\n\s*"/g, "");
}

test("what is kept says what the server says, not what came with its bytes", async () => {
  const browser = new Browser();
  browser.serve(ONE);
  browser.headers = {
    "Content-Type": "text/plain",
    "Content-Security-Policy": "default-src *",
    "Set-Cookie": "a=b",
    Refresh: "0; url=https://elsewhere.example",
  };
  await browser.start(ONE);
  await browser.install();
  const { headers } = await browser.get("");
  const script = (await browser.get("assets/a-1.js")).headers.get("Content-Type");
  const [policy, permissions] = ["Content-Security-Policy", "Permissions-Policy"].map(
    (name) => headers.get(name) ?? "",
  );

  expect(headers.get("Content-Type")).toBe("text/html; charset=utf-8");
  expect(script).toBe("text/javascript; charset=utf-8");
  expect(policy).toMatch(/^default-src 'none'; /);
  expect(server("sending")).toContain(policy);
  expect(server("sending")).toContain(permissions);
  expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(headers.get("Refresh")).toBeNull();
});

test("every kind of file that the server sends has its type here", async () => {
  const kinds = [...server("bundle").matchAll(/^ {4}"\.(\w+)": "([^"]+)",$/gm)];
  const files = Object.fromEntries(kinds.map(([, ending]) => [`assets/x.${ending}`, "x"]));
  const browser = new Browser();
  browser.serve(files);
  await browser.start(files);
  await browser.install();
  const said = await Promise.all(
    kinds.map(async ([, ending]) => {
      return (await browser.get(`assets/x.${ending}`)).headers.get("Content-Type");
    }),
  );

  expect(kinds.length).toBeGreaterThan(6);
  expect(said).toEqual(kinds.map(([, , kind]) => kind));
});
