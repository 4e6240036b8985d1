/** What a phone is called, and since when it runs which program. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isName } from "../../src/app/pages/me/naming.ts";
import { runsSince } from "../../src/app/session/device/version.ts";
import { rename } from "../../src/app/session/enrolling.ts";
import { vaults } from "../../src/app/session/state.ts";
import { Phone } from "../../src/capture/phone.ts";
import { enrol } from "../../src/network/enrolment.ts";
import { emptyLocalStorage } from "../local-storage.ts";
import { Server } from "../network/server/server.ts";
import { TASK, emptyBrowser, show } from "../store/keeping.ts";

const STORAGE = { persisted: true, installed: false, quota: 5e9 };
const USER = "0198cccc-0000-4000-8000-000000000001";

emptyBrowser();
beforeEach(() => {
  emptyLocalStorage();
});
afterEach(() => vi.unstubAllGlobals());

test("another name goes to the server with a login, and stands on later photos", async () => {
  const server = new Server();
  server.users.set("lead", USER);
  const store = await vaults.create("lead", "258369");
  const storage = (): Promise<typeof STORAGE> => Promise.resolve(STORAGE);
  const given = { login: "lead", password: "lead", label: "旧手机" };
  const { device_id: id } = await enrol(store, given, { fetch: server.fetch, storage });
  await vaults.setDevice({ id, label: "旧手机" });
  await show(store, { [`task/${TASK}`]: { id: TASK, form_set: "dust@1", team: [] } });
  const phone = new Phone(store, "旧手机");
  vi.stubGlobal("fetch", server.fetch);
  const estimate = () => Promise.resolve({ quota: 5e9 });
  const persisted = () => Promise.resolve(true);
  vi.stubGlobal("navigator", { locks: navigator.locks, storage: { estimate, persisted } });
  vi.stubGlobal("matchMedia", () => ({ matches: false }));

  const wrong = rename(phone, { password: "wrong", code: "" }, "新手机");
  await expect(wrong).rejects.toMatchObject({ code: "phone.wrong_login" });
  expect((await vaults.device())?.label).toBe("旧手机");

  await rename(phone, { password: "lead", code: " 123456 " }, "新手机");
  const item = await phone.addPhoto(TASK, new Uint8Array([1, 2, 3]));
  const photo = (await phone.record(TASK)).items.get(item)?.heads[0]?.value;

  expect(server.enrolments.at(-1)).toMatchObject({
    label: "新手机",
    device_id: id,
    code: "123456",
  });
  expect(await vaults.device()).toEqual({ id, label: "新手机" });
  expect(photo).toMatchObject({ device: "新手机" });
  expect(await store.replicas()).toHaveLength(1);
  phone.close();
});

test("a name has no characters that nobody sees", () => {
  expect(["张三的手机", "P40 Pro (2)", "😀"].map(isName)).toEqual([true, true, true]);
  const unfit = ["", "a\tb", "a\u200bb", "a\u00a0b", "a\u2028b", "x".repeat(101)];
  expect(unfit.filter(isName)).toEqual([]);
});

test("a build is known by the day on which it first ran here", () => {
  expect(runsSince("BkuiDblu", "2026-11-23")).toBe("2026-11-23");
  expect(runsSince("BkuiDblu", "2026-12-01")).toBe("2026-11-23");
  expect(runsSince("C1234567", "2026-12-02")).toBe("2026-12-02");
  expect(runsSince("C1234567", "2026-12-09")).toBe("2026-12-02");
});
