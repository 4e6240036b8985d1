/** Every page has one address, and no address leads nowhere. */

import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { STEPS, above, follow, read, route as shown, to } from "../../src/app/router.ts";
import type { Route } from "../../src/app/router.ts";

const TASK = "0198aaaa-0000-4000-8000-000000000001";
const ROUTES: readonly Route[] = [
  { page: "tasks" },
  { page: "sync" },
  { page: "me" },
  { page: "enrol" },
  { page: "task", task: TASK },
  { page: "enterprise", task: TASK },
  { page: "notice", task: TASK },
  { page: "exchange", task: TASK },
  { page: "documents", task: TASK },
  ...STEPS.map((step): Route => ({ page: "visit", task: TASK, step })),
];

afterEach(() => vi.unstubAllGlobals());

test.each(ROUTES)("$page is found again by its address", (route) => {
  expect(read(to(route))).toEqual(route);
});

test.each([
  ["", "tasks"],
  ["#", "tasks"],
  ["#/nothing", "tasks"],
  ["#/task/1", "tasks"],
  ["#/task/0198AAAA-0000-4000-8000-000000000001", "tasks"],
  [`#/task/${TASK}/nothing`, "tasks"],
  [`#/task/${TASK}/enterprise/more`, "task"],
  [`#/task/${TASK}/visit`, "visit"],
  [`#/task/${TASK}/visit/nothing`, "visit"],
])("%s leads to %s", (hash, page) => {
  expect(read(hash).page).toBe(page);
});

test("a visit whose step is unknown begins with arriving", () => {
  expect(read(`#/task/${TASK}/visit/nothing`)).toEqual({
    page: "visit",
    task: TASK,
    step: "arrive",
  });
});

test("any text is an address of some page, which has an address of its own", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const route = read(`#/${text}`);

      expect(read(to(route))).toEqual(route);
    }),
  );
});

test("the way up ends at the list of tasks", () => {
  for (const route of ROUTES) {
    let at: Route | null = route;
    let steps = 0;
    while (at !== null && (steps += 1) < 9) at = above(at);

    expect(steps).toBeLessThan(5);
  }
  expect(above({ page: "task", task: TASK })).toEqual({ page: "tasks" });
  expect(above({ page: "notice", task: TASK })).toMatchObject({ page: "visit", step: "arrive" });
});

/** Return the page that is shown at once when somebody taps a link on the page about this phone. */
function tapped(href: string, { isStopped = false, ...keys }: Record<string, boolean> = {}): Route {
  class Link extends EventTarget {
    readonly target = "";
    readonly closest = (): Link => this;
    readonly getAttribute = (): string => href;
  }
  const page = new EventTarget();
  vi.stubGlobal("Element", Link);
  vi.stubGlobal("location", { hash: "#/me" });
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  follow();
  const tap = Object.assign(new Event("click", { cancelable: true }), keys);
  Object.defineProperty(tap, "target", { value: new Link() });
  if (isStopped) tap.preventDefault();
  page.dispatchEvent(tap);
  const now = shown.value;
  Object.assign(location, { hash: to(now) });
  page.dispatchEvent(new Event("hashchange"));
  expect(shown.value).toBe(now); // the address that follows opens nothing a second time
  return now;
}

test("a link within the app turns the page at once, before the address has followed", () => {
  const page = { page: "visit", task: TASK, step: "checklist" };

  expect(tapped(`#/task/${TASK}/visit/checklist`)).toEqual(page);
});

test.each([
  ["out of the app", "https://uri.amap.com/marker", {}],
  ["into a new window", `#/task/${TASK}`, { ctrlKey: true }],
  ["nowhere, as somebody is asked first", `#/task/${TASK}`, { isStopped: true }],
])("a link that leads %s leaves the page as it is", (_, href, how) => {
  expect(tapped(href, how)).toEqual({ page: "me" });
});
