/** Enrolling: the server judges the login first, and nothing is kept before a secret is chosen. */

import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Enrolling } from "../../src/app/session/enrolling.ts";
import { vaults } from "../../src/app/session/state.ts";
import { PATHS } from "../../src/network/asking/messages.ts";
import type { Account } from "../../src/store/vaults.ts";
import { emptyLocalStorage } from "../local-storage.ts";
import { Server } from "../network/server/server.ts";

const FORM = { login: " lead ", password: "lead", code: "", label: "张三的手机" };
const PIN = "258369";
let server: Server;
let before: readonly string[] = [];

/** The accounts that a test made: the list of them is one for all. */
async function made(): Promise<readonly Account[]> {
  return (await vaults.accounts()).filter(({ id }) => !before.includes(id));
}

beforeEach(async () => {
  emptyLocalStorage();
  before = (await vaults.accounts()).map(({ id }) => id);
  server = new Server();
  server.users.set("lead", "0198cccc-0000-4000-8000-000000000001");
  server.users.set("other", "0198cccc-0000-4000-8000-000000000002");
  vi.stubGlobal("fetch", server.fetch);
  const persisted = (): Promise<boolean> => Promise.resolve(true);
  const estimate = (): Promise<object> => Promise.resolve({ quota: 5e9 });
  vi.stubGlobal("navigator", { locks: navigator.locks, storage: { estimate, persisted } });
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
});
afterEach(() => vi.unstubAllGlobals());

test("a wrong password is told before a secret is asked for, and leaves nothing", async () => {
  const wrong = new Enrolling().logIn({ ...FORM, password: "wrong" });

  await expect(wrong).rejects.toMatchObject({ code: "phone.wrong_login" });
  expect(await made()).toEqual([]);
  expect(await vaults.device()).toBeNull();
});

test("one request logs in and enrols: a code that serves once is sent once", async () => {
  const enrolling = new Enrolling();
  await enrolling.logIn({ ...FORM, code: " 123456 " });
  expect(await made()).toEqual([]);
  const steps: string[] = [];
  const result = await enrolling.keep(PIN, (step) => steps.push(step));
  const store = enrolling.take();

  expect(server.enrolments).toMatchObject([{ login: "lead", code: "123456" }]);
  expect(server.seen.filter((one) => one === `POST ${PATHS.replicas}`)).toHaveLength(1);
  expect(result).toEqual({ name: "lead", persisted: true, synced: true });
  expect(steps).toEqual(["account", "storage", "sync"]);
  expect(await store.replicas()).toMatchObject([{ id: (await made())[0]?.replica }]);
  expect(await vaults.device()).toMatchObject({ label: "张三的手机" });
  store.close();
});

test("a secret that is too weak is chosen again without another login", async () => {
  const enrolling = new Enrolling();
  await enrolling.logIn(FORM);
  const weak = enrolling.keep("123456", () => undefined);
  await expect(weak).rejects.toMatchObject({ code: "phone.weak_secret" });
  await enrolling.keep(PIN, () => undefined);

  expect(server.enrolments).toHaveLength(1);
  expect(await made()).toHaveLength(1);
  enrolling.giveUp();
});

test("a login whose answer was lost goes on with its key, another login with another", async () => {
  const enrolling = new Enrolling();
  server.faults.push([PATHS.replicas, "lose_answer"]);
  const lost = enrolling.logIn(FORM);
  await expect(lost).rejects.toMatchObject({ code: "phone.out_of_reach" });
  await enrolling.logIn(FORM);
  await enrolling.logIn({ ...FORM, login: "other", password: "other" });
  await enrolling.keep(PIN, () => undefined);
  const [first, second, third] = server.enrolments.map((one) => one["public_key_b64"]);

  expect(first).toBe(second);
  expect(third).not.toBe(first);
  expect(await made()).toMatchObject([{ login: "other" }]);
  enrolling.giveUp();
});
