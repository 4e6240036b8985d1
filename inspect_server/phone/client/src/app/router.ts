/**
 * Where the app is: one hash per page, so that reload, back and a second start find it again.
 *
 * A hash that leads nowhere is the list of tasks.
 */

import { shallowRef } from "vue";

export const STEPS = ["arrive", "checklist", "findings", "feedback", "signing"] as const;
export type Step = (typeof STEPS)[number];

export type Route =
  | { readonly page: "tasks" }
  | { readonly page: "sync" }
  | { readonly page: "me" }
  | { readonly page: "enrol" }
  | { readonly page: "task"; readonly task: string }
  | { readonly page: "enterprise"; readonly task: string }
  | { readonly page: "notice"; readonly task: string }
  | { readonly page: "exchange"; readonly task: string }
  | { readonly page: "documents"; readonly task: string }
  | { readonly page: "visit"; readonly task: string; readonly step: Step };

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const PARTS = ["enterprise", "notice", "exchange", "documents"] as const;
const PART = [...PARTS, "visit"].join("|");
const OF_TASK = new RegExp(`^#/task/(${UUID})(?:/(${PART})(?:/([a-z]+))?)?$`);
const PLAIN = ["tasks", "sync", "me", "enrol"] as const;

/** Return the page that a hash names. */
export function read(hash: string): Route {
  const plain = PLAIN.find((page) => hash === `#/${page}`);
  if (plain !== undefined) return { page: plain };
  const [, task, part, step] = OF_TASK.exec(hash) ?? [];
  if (task === undefined) return { page: "tasks" };
  if (part === "visit") {
    return { page: "visit", task, step: STEPS.find((one) => one === step) ?? "arrive" };
  }
  if (step !== undefined) return { page: "task", task };
  return { page: PARTS.find((one) => one === part) ?? "task", task };
}

/** Return the hash of a page, to be put into a link. */
export function to(route: Route): string {
  if (!("task" in route)) return `#/${route.page}`;
  const base = `#/task/${route.task}`;
  if (route.page === "task") return base;
  return route.page === "visit" ? `${base}/visit/${route.step}` : `${base}/${route.page}`;
}

/** Return the page above, for the arrow in the bar; null on the pages of the bottom bar. */
export function above(route: Route): Route | null {
  if (route.page === "task") return { page: "tasks" };
  if (route.page === "notice") return { page: "visit", task: route.task, step: "arrive" };
  if (route.page === "exchange" || route.page === "documents") {
    return { page: "visit", task: route.task, step: "signing" };
  }
  return "task" in route ? { page: "task", task: route.task } : null;
}

export const route = shallowRef<Route>({ page: "tasks" });

/** Follow the address bar from now on. */
export function follow(): void {
  const take = (hash: string): void => {
    const next = read(hash);
    if (to(next) !== to(route.value)) route.value = next;
  };
  addEventListener("hashchange", () => take(location.hash));
  // The page turns with the tap; the address follows it a frame later.
  addEventListener("click", (event) => {
    const hash = event.defaultPrevented ? "" : linkOf(event);
    if (hash) take(hash);
  });
  take(location.hash);
}

/** Return where within the app a click leads, "" for one that does something else. */
function linkOf({ target, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): string {
  const link = target instanceof Element ? target.closest("a") : null;
  if (link === null || ctrlKey || metaKey || shiftKey || altKey) return "";
  const href = link.getAttribute("href") ?? "";
  return href.startsWith("#/") && link.target === "" ? href : "";
}

/** Open a page; `replace` leaves no step back to the present one. */
export function go(next: Route, { replace = false } = {}): void {
  if (to(next) === location.hash) return;
  if (replace) location.replace(to(next));
  else location.hash = to(next);
}
