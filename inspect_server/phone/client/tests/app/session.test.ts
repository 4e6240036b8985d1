/** An account that is open: what it shows follows every save, and a lock leaves nothing running. */

import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { waitingTasks } from "../../src/app/session/waiting.ts";
import { outbox } from "../../src/app/session/outbox.ts";
import { demandsOf, signerRows } from "../../src/app/session/signing.ts";
import {
  begin,
  delivery,
  enter,
  lock,
  logOut,
  session,
  setIdleMinutes,
  setWifiOnly,
  unlock,
  vaults,
  waiting,
} from "../../src/app/session/state.ts";
import { standingOf } from "../../src/app/session/tasks.ts";
import { said, secondsToWait } from "../../src/app/session/saying.ts";
import { kindOf } from "../../src/app/session/device/secrets.ts";
import { isInVisit, noteVisit } from "../../src/app/session/device/updating.ts";
import { Driver } from "../../src/network/driver.ts";
import type { EntryPlace } from "../../src/store/local.ts";
import { NewerData, SecretWait, VaultLocked } from "../../src/store/problems.ts";
import { emptyLocalStorage } from "../local-storage.ts";
import { FINDING, ITEM, STROKES, exchange, holding } from "../capture/team.ts";
import { FORM, OTHER_TASK, TASK, emptyBrowser, show } from "../store/keeping.ts";

const PIN = "258369";

emptyBrowser();
beforeEach(() => {
  const events = new EventTarget();
  vi.stubGlobal("window", events);
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  vi.stubGlobal("addEventListener", events.addEventListener.bind(events));
  vi.stubGlobal("removeEventListener", events.removeEventListener.bind(events));
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  emptyLocalStorage();
});
afterEach(async () => {
  await lock();
  vi.unstubAllGlobals();
});

function visits(): string[] {
  const names = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "");
  return names.filter((name) => name.startsWith("visit-until:"));
}

describe("an account", () => {
  test("is opened by its secret, and closed by a lock", async () => {
    const made = await vaults.create("zf01", PIN, "赵兰玉");
    const id = made.vault;
    made.close();
    await begin();
    expect(session.accounts).toContainEqual(expect.objectContaining({ id, name: "赵兰玉" }));

    await unlock(id, PIN);
    expect(session.account?.id).toBe(id);
    expect(session.writes).toBe(true);
    expect(kindOf(id)).toBe("pin");

    const { phone } = session;
    await lock();
    expect(session.phone).toBeNull();
    await expect(phone?.store.put({ any: "thing" })).rejects.toThrow();
  });

  test.each([
    ["hangs", () => new Promise<void>(() => undefined)],
    ["fails", () => Promise.reject(new TypeError("broken"))],
  ])("is closed by a lock also where the end of delivering %s", async (_, end) => {
    const noted = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const stop = vi.spyOn(Driver.prototype, "stop").mockImplementation(end);
    const made = await vaults.create("zf01", PIN);
    await enter(made);
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const locking = lock();
    await vi.advanceTimersByTimeAsync(3000);
    vi.useRealTimers();
    await locking;
    for (const spy of [stop, noted]) spy.mockRestore();

    await expect(made.get("user")).rejects.toThrow(VaultLocked);
    await unlock(made.vault, PIN);
    expect(session.writes).toBe(true);
  });

  test("is not shown while the list cannot be read, and the reason is", async () => {
    const reading = vi.spyOn(vaults, "accounts").mockRejectedValueOnce(new NewerData());
    await begin();
    expect(session.trouble).toContain("更新版本的程序");

    reading.mockRestore();
    await begin();
    expect(session.trouble).toBe("");
    expect(session.ready).toBe(true);
  });

  test("says that its enrolment was broken off, and asks for a login", async () => {
    await enter(await vaults.create("zf01", PIN));

    await vi.waitFor(() => {
      expect(session.sync.problems.map(({ code }) => code)).toEqual(["phone.not_enrolled"]);
    });
    expect(session.sync.phase).toBe("attention");
    expect(session.sync.problems[0]?.explanation.title).toBe("登记没有完成");
  });

  test("stays closed to another secret, which is said", async () => {
    const made = await vaults.create("zf01", PIN);
    made.close();
    const refused = await unlock(made.vault, "147258").catch((problem: unknown) => problem);

    expect(said(refused)).toContain("本机密码不正确");
    expect(session.phone).toBeNull();
    expect(secondsToWait(new SecretWait(30))).toBe(30);
    expect(secondsToWait(refused)).toBe(0);
  });

  test("keeps its settings, each account its own", async () => {
    const made = await vaults.create("zf01", PIN);
    await enter(made);
    await setIdleMinutes(60);
    await setWifiOnly(true);
    await lock();
    await unlock(made.vault, PIN);
    expect(session.idleMinutes).toBe(60);
    expect(session.wifiOnly).toBe(true);

    await enter(await vaults.create("zf02", PIN));
    expect(session.idleMinutes).toBe(30);
    expect(session.wifiOnly).toBe(false);
  });

  test("is not left as long as something is not delivered", async () => {
    const { phone } = await holding(1);
    await enter(phone.store);
    session.account = { id: phone.store.vault, login: "zf01", name: "", replica: "" };
    await session.phone?.note(TASK, "一");

    await expect(logOut()).rejects.toThrow("没有取得服务器回执");
    expect(session.phone).not.toBeNull();
    await session.phone?.note(TASK, "二");
  });

  test("is gone when it was left, with the visits that hold back an update", async () => {
    const [made, stays] = [await vaults.create("zf01", PIN), await vaults.create("zf02", PIN)];
    stays.close();
    const began = new Date().toISOString();
    for (const { vault } of [made, stays]) noteVisit(vault, TASK, began);
    noteVisit(made.vault, OTHER_TASK, began);
    await enter(made);
    await logOut();

    expect(visits()).toEqual([`visit-until:${stays.vault}/${TASK}`]);
    expect(isInVisit()).toBe(true);

    expect(session.phone).toBeNull();
    const left = (await vaults.accounts()).map((one) => one.id);
    expect(left).not.toContain(made.vault);
    expect(session.accounts.map((one) => one.id)).toEqual(left);
  });
});

test("a visit left behind of an account that is gone is forgotten at the door", async () => {
  noteVisit("0198aaaa-gone", TASK, new Date().toISOString());
  await begin();
  expect(visits()).toEqual([]);
  expect(isInVisit()).toBe(false);
});

describe("what waits", () => {
  test("is counted with every save, also while a sync waits for a network", async () => {
    const { phone } = await holding(1);
    await enter(phone.store);
    const body = { id: TASK, number: "2026-0007", form_set: FORM, scheme: { enterprise: "木业" } };
    await show(phone.store, { [`task/${TASK}`]: body });
    await session.phone?.note(TASK, "一");
    await session.phone?.addPhoto(TASK, new Uint8Array([1, 2, 3]));
    await session.phone?.addPhoto(TASK, new Uint8Array([4, 5]), { mime: "video/webm" });

    const left = { entries: 3, photos: 1, films: 1 };
    const counted = (): void => expect(session.waiting).toEqual(left);
    await vi.waitFor(counted, { timeout: 20_000 }); // other tests keep the machine busy
    expect(waiting.value).toBe(5);
    if (session.sync.phase !== "syncing") expect(delivery.value.entries.total).toBe(3);
    const tasks = session.phone ? await outbox(session.phone) : [];
    expect(tasks).toMatchObject([{ task: TASK, entries: 3, enterprise: "木业" }]);
    expect([tasks[0]?.photos.length, tasks[0]?.films.length]).toEqual([1, 1]);
  });

  test("is listed by task: what is not acknowledged, and photos of what is", () => {
    const place = (values: Partial<EntryPlace>): EntryPlace =>
      ({ task: TASK, ackedEpoch: "now", blobs: [], ...values }) as EntryPlace;
    const places = [
      place({ blobs: ["there", "lacking"] }),
      place({ ackedEpoch: "", blobs: ["new"] }),
      place({ ackedEpoch: "before", task: OTHER_TASK }),
      place({}),
    ];

    const lacked = new Set(["lacking", "new"]);

    expect(waitingTasks(places, "now", lacked, new Set(["new"]))).toEqual([
      { task: TASK, entries: 1, photos: ["lacking"], films: ["new"] },
      { task: OTHER_TASK, entries: 1, photos: [], films: [] },
    ]);
    expect(waitingTasks(places, "", new Set())[0]?.entries).toBe(3);
  });
});

describe("a visit", () => {
  test("has begun for who arrived, and ended for who ended it", async () => {
    const [lead, member] = [await holding(1), await holding(2)];
    await lead.phone.startVisit(TASK, { place: "打磨车间" });
    await exchange(lead.phone, member.phone);
    const record = await member.phone.record(TASK);
    expect(standingOf(record, lead.of.user)).toEqual({ begun: true, completed: false });
    expect(standingOf(record, member.of.user)).toEqual({ begun: false, completed: false });

    await lead.phone.complete(TASK);
    expect(standingOf(await lead.phone.record(TASK), lead.of.user).completed).toBe(true);
  });

  test("tells who signed, who refused, and what changed since", async () => {
    const { phone } = await holding(1);
    await phone.answer(TASK, ITEM, "pass");
    await phone.sign(TASK, "lead", "赵兰玉", STROKES);
    let rows = signerRows(await phone.record(TASK), "record");
    expect(rows.map((row) => row.signer)).toEqual(["lead", "member", "enterprise"]);
    expect(rows[0]).toMatchObject({ stale: false, signature: { name: "赵兰玉", refused: false } });
    expect(rows[1]?.signature).toBeNull();

    await phone.note(TASK, "后来的");
    const refusal = { refused: true, refusal_reason: "有异议" };
    await phone.sign(TASK, "enterprise", "", [], refusal);
    rows = signerRows(await phone.record(TASK), "record");
    expect(rows[0]?.stale).toBe(true);
    expect(rows[2]).toMatchObject({ stale: false, signature: { refused: true } });
    expect(rows.map((row) => row.signer)).toContain("witness");
    expect(signerRows(await phone.record(TASK), "order").every((row) => !row.signature)).toBe(true);
  });

  test("orders what is neither corrected on site nor for others", async () => {
    const { phone } = await holding(1);
    const kept = await phone.addFinding(TASK, FINDING);
    await phone.addFinding(TASK, { ...FINDING, corrected_on_site: true });
    await phone.addFinding(TASK, { ...FINDING, measure: "refer" });
    const now = await phone.addFinding(TASK, { ...FINDING, measure: "rectify_now" });
    const demands = demandsOf(await phone.record(TASK));

    expect(demands.map((one) => one.item).sort()).toEqual([kept, now].sort());
    expect(demands.find((one) => one.item === now)?.deadline).toBe("");
  });
});

test("what nobody foresaw is said in plain words, and noted for who looks after it", () => {
  const noted = vi.spyOn(console, "error").mockImplementation(() => undefined);

  expect(said(new TypeError("undefined is not a function"))).toMatch(/程序出现意外.*管理员/);
  expect(noted).toHaveBeenCalledTimes(1);
});

test("the notice has the words of the 行政检查通知书", async () => {
  const { NOTICE } = await import("../../src/app/words/visit.ts");
  const template = readFileSync(
    new URL("../../../../../pdf_templates/check/inspection_notice.py", import.meta.url),
    "utf8",
  );

  for (const right of NOTICE.rightsList) expect(template).toContain(`"${right}"`);
  expect(template).toContain(NOTICE.duty);
});
