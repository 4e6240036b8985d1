import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { PATHS } from "../../src/network/asking/messages.ts";
import { Driver, sentence } from "../../src/network/driver.ts";
import type { DriverOptions, Surroundings, SyncState } from "../../src/network/driver.ts";
import { Hand, eventually, picture } from "./hand.ts";
import { SERVER_SECONDS } from "./server/server.ts";

/** A browser whose time the test makes. */
class Around implements Surroundings {
  readonly window = new EventTarget();
  readonly connection = new EventTarget();
  readonly page = Object.assign(new EventTarget(), { visibilityState: "visible" as const });
  readonly locks = navigator.locks;
  readonly timers = new Map<() => void, number>();

  get document(): Surroundings["document"] {
    return this.page as unknown as Surroundings["document"];
  }

  random(): number {
    return 0.5;
  }

  after(seconds: number, call: () => void): () => void {
    const once = (): void => {
      this.timers.delete(once);
      call();
    };
    this.timers.set(once, seconds);
    return () => this.timers.delete(once);
  }

  /** The waits that are set, without those of counting. */
  get waits(): readonly number[] {
    return [...this.timers.values()].filter((seconds) => seconds > 1);
  }

  /** Let the time of every timer come. */
  elapse(): void {
    for (const call of [...this.timers.keys()]) call();
  }
}

interface Stage {
  readonly hand: Hand;
  readonly around: Around;
  readonly driver: Driver;
  readonly states: SyncState[];
}

async function stage(options: Partial<DriverOptions> = {}, hand?: Hand): Promise<Stage> {
  const used = hand ?? (await Hand.enrolled());
  const around = new Around();
  const driver = new Driver(used, {
    fetch: used.server.fetch,
    unixNow: () => SERVER_SECONDS,
    mayUpload: () => true,
    backoff: [],
    surroundings: around,
    ...options,
  });
  const states: SyncState[] = [];
  driver.onChange((state) => states.push(state));
  return { hand: used, around, driver, states };
}

async function settled({ around }: Stage): Promise<void> {
  await eventually(() => expect(around.waits).toHaveLength(1));
}

function states(hand: Hand): number {
  return hand.server.seen.filter((line) => line.endsWith(PATHS.state)).length;
}

test("films are told apart from photos", () => {
  const amount = (total: number) => ({ sent: 1, total });
  const state = {
    phase: "idle",
    entries: amount(3),
    photos: amount(2),
    films: amount(3),
    bytes: amount(9),
    lastDelivered: "",
    problems: [],
    photosWait: false,
  } as const;

  expect(sentence(state).text).toBe("待送 2 项、1 张照片、2 段录像");
  expect(sentence({ ...state, entries: amount(1), photos: amount(1) }).text).toBe(
    "待送 2 段录像",
  );
});

test("it syncs at start, says what it does, and comes again after five minutes", async () => {
  const set = await stage();
  await set.hand.note("一");
  set.driver.start();
  await settled(set);
  const said = set.states.map((state) => sentence(state).text);

  expect(said[0]).toBe("正在同步");
  expect(said.at(-1)).toBe("全部送达");
  expect(set.driver.state.phase).toBe("idle");
  expect(set.driver.state.lastDelivered).toBe("2026-03-02T09:00:00.000+08:00");
  expect(set.around.waits).toEqual([300]);
  await set.driver.stop();
});

test("it syncs when the page comes back, when the network does, and by the button", async () => {
  const set = await stage();
  set.driver.start();
  await settled(set);
  const asked: number[] = [states(set.hand)];
  for (const go of [
    () => set.around.page.dispatchEvent(new Event("visibilitychange")),
    () => set.around.window.dispatchEvent(new Event("online")),
    () => void set.driver.syncNow(),
    () => set.around.elapse(),
  ]) {
    go();
    await eventually(() => expect(states(set.hand)).toBe((asked.at(-1) ?? 0) + 1));
    await settled(set);
    asked.push(states(set.hand));
  }

  expect(asked).toEqual([1, 2, 3, 4, 5]);
  await set.driver.stop();
});

test("a page that goes into the background asks for nothing", async () => {
  const set = await stage();
  set.driver.start();
  await settled(set);
  Object.assign(set.around.page, { visibilityState: "hidden" });
  set.around.page.dispatchEvent(new Event("visibilitychange"));
  await new Promise((resolve) => setTimeout(resolve, 20));

  expect(states(set.hand)).toBe(1);
  await set.driver.stop();
});

test("without a network it says what waits, and tries later and later", async () => {
  const set = await stage();
  await set.hand.notes("一", "二", "三");
  await set.hand.photo(picture(500));
  set.hand.server.before = () => {
    throw new TypeError("Failed to fetch");
  };
  set.driver.start();
  await settled(set);
  const waits: number[] = [];
  for (let n = 0; n < 9; n += 1) {
    waits.push(...set.around.waits);
    const before = states(set.hand);
    set.around.elapse();
    await eventually(() => expect(states(set.hand)).toBe(before + 1));
    await settled(set);
  }

  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  expect(set.driver.state.phase).toBe("offline");
  expect(set.driver.state.problems).toEqual([]);
  expect(sentence(set.driver.state)).toEqual({
    kind: "waiting",
    text: "待送 4 项、1 张照片",
    detail: "暂未连上服务器，连上后自动同步",
  });
  set.hand.server.before = () => undefined;
  await set.driver.syncNow();
  expect(sentence(set.driver.state).text).toBe("全部送达");
  expect(set.around.waits).toEqual([300]);
  await set.driver.stop();
});

test("what is saved is counted at once and delivered soon after", async () => {
  const set = await stage();
  set.driver.start();
  await settled(set);
  await set.hand.note("一");
  set.around.elapse(); // of counting, and the five minutes
  await eventually(async () => expect(await set.hand.stored()).toEqual([1]));
  await settled(set);
  await set.hand.note("二");
  const counting = [...set.around.timers].filter(([, seconds]) => seconds < 1);
  for (const [call] of counting) call();
  await eventually(() => expect(set.around.waits).toEqual([5]));

  expect(sentence(set.driver.state).text).toBe("待送 1 项");
  set.around.elapse();
  await eventually(async () => expect(await set.hand.stored()).toEqual([1, 2]));
  await set.driver.stop();
});

test("asked for again while it syncs, it does so once more, never two at once", async () => {
  const set = await stage();
  let [now, most] = [0, 0];
  const slow = await stage(
    {
      fetch: async (address, init) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 3));
        now -= 1;
        return await set.hand.server.fetch(address, init);
      },
    },
    set.hand,
  );
  slow.driver.start();
  await Promise.all([slow.driver.syncNow(), slow.driver.syncNow(), slow.driver.syncNow()]);
  await settled(slow);

  expect([most, states(set.hand)]).toEqual([1, 2]);
  expect(slow.around.waits).toEqual([300]);
  await slow.driver.stop();
});

test("asked for when its requests are over and it is not, it syncs once more", async () => {
  const set = await stage();
  set.driver.onChange(({ phase }) => {
    if (phase === "idle" && states(set.hand) === 1) void set.driver.syncNow();
  });
  await set.driver.syncNow();

  expect(states(set.hand)).toBe(2);
  await set.driver.stop();
});

test("while another window syncs this one does not", async () => {
  const set = await stage();
  await set.hand.note("一");
  const name = `inspect-sync-${set.hand.store.vault}`;
  await navigator.locks.request(name, async () => {
    set.driver.start();
    await settled(set);
    expect(states(set.hand)).toBe(0);
    expect(sentence(set.driver.state).text).toBe("待送 1 项");
  });
  await set.driver.syncNow();

  expect(await set.hand.stored()).toEqual([1]);
  await set.driver.stop();
});

test("a window that may not write only shows", async () => {
  const set = await stage();
  await set.hand.note("一");
  set.hand.store.writing.end();
  set.driver.start();
  await settled(set);

  expect(states(set.hand)).toBe(0);
  expect(sentence(set.driver.state).text).toBe("待送 1 项");
  await set.driver.stop();
});

test("where photos wait for another network it says so, and sends them then", async () => {
  let isFree = false;
  const set = await stage({ mayUpload: () => isFree });
  await set.hand.photo(picture(700));
  set.driver.start();
  await settled(set);
  const waiting = sentence(set.driver.state);
  isFree = true;
  set.around.connection.dispatchEvent(new Event("change"));
  await eventually(() => expect(set.driver.state.photosWait).toBe(false));

  expect(waiting).toEqual({
    kind: "waiting",
    text: "待送 1 张照片",
    detail: "照片、录像等连上 Wi-Fi 后上传",
  });
  await eventually(() => expect(set.driver.state.bytes).toEqual({ sent: 0, total: 0 }));
  await set.driver.stop();
});

test("what does not count is told with its reason until the officer has noted it", async () => {
  const set = await stage();
  set.hand.server.journal.verdict = () => "closed";
  const hashes = await set.hand.notes("一", "二");
  await set.driver.syncNow();
  const told = set.driver.state;
  const [problem] = told.problems;
  await set.driver.note(problem as (typeof told.problems)[number]);

  expect([told.phase, sentence(told).text]).toEqual(["attention", "需处理"]);
  expect(told.problems).toHaveLength(1);
  expect(problem).toMatchObject({ code: "closed", count: 2, entries: hashes });
  expect(problem?.explanation.acting).toBe("supervisor");
  expect([set.driver.state.phase, set.driver.state.problems]).toEqual(["idle", []]);
  await set.driver.stop();
});

test("what a supervisor let in is told no more", async () => {
  const set = await stage();
  set.hand.server.journal.verdict = () => "reassigned";
  const hash = await set.hand.note("一");
  await set.driver.syncNow();
  const before = set.driver.state.problems.map(({ code }) => code);
  const [document] = [...set.hand.server.journal.documents.values()].filter(
    ({ kind }) => kind === "item",
  );
  const { id = "", scope = "", body } = document ?? {};
  const shown = { ...(body as object), gone: [`${hash}#0`] };
  set.hand.server.journal.publish(id, scope, "item", shown);
  await set.driver.syncNow();

  expect([before, set.driver.state.problems]).toEqual([["reassigned"], []]);
  await set.driver.stop();
});

test("a login that is over asks for one, with what was delivered delivered", async () => {
  const set = await stage();
  await set.hand.note("一");
  set.hand.server.loggedOut = true;
  await set.driver.syncNow();
  const { phase, problems, entries } = set.driver.state;

  expect([phase, problems.map(({ code }) => code)]).toEqual(["attention", ["sync.login"]]);
  expect(problems[0]?.explanation.acting).toBe("officer");
  expect(entries).toEqual({ sent: 0, total: 0 });
  await set.driver.stop();
});

test("a clock that is wrong by a day is told", async () => {
  const set = await stage({ unixNow: () => SERVER_SECONDS - 86_400 });
  await set.driver.syncNow();

  expect(set.driver.state.problems.map(({ code }) => code)).toEqual(["phone.clock"]);
  await set.driver.stop();
});

test("a storage that fails is told and tried again", async () => {
  const set = await stage();
  await set.hand.note("一");
  set.hand.store.put = () => Promise.reject(new TypeError("broken"));
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await set.driver.syncNow();
  logged.mockRestore();

  expect(set.driver.state.problems.map(({ code }) => code)).toEqual(["phone.unexpected"]);
  expect(set.around.waits).toEqual([5]);
  await set.driver.stop();
});

test("stopped, it asks for nothing more and says nothing more", async () => {
  const set = await stage();
  set.driver.start();
  await settled(set);
  await set.driver.stop();
  const [told, asked] = [set.states.length, states(set.hand)];
  set.around.window.dispatchEvent(new Event("online"));
  set.around.elapse();
  await set.driver.syncNow();
  await set.hand.note("一");

  expect([set.states.length, states(set.hand)]).toEqual([told, asked]);
  expect(set.around.waits).toEqual([]);
});

test("what breaks around a sync is told and tried again, not thrown at whoever waits", async () => {
  const set = await stage();
  await set.hand.note("一");
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const read = vi.spyOn(set.hand.store, "places").mockRejectedValue(new TypeError("broken"));
  const request = vi.spyOn(set.around.locks, "request").mockRejectedValue(new TypeError("broken"));
  await set.driver.syncNow();
  const [told, waits] = [set.driver.state.problems.map(({ code }) => code), set.around.waits];
  request.mockRestore();
  read.mockRestore();
  logged.mockRestore();
  set.around.elapse();
  await eventually(async () => expect(await set.hand.stored()).toEqual([1]));
  await settled(set);

  expect([told, waits]).toEqual([["phone.unexpected"], [5]]);
  expect(set.driver.state.problems).toEqual([]);
  expect(set.around.waits).toEqual([300]);
  await set.driver.stop();
});

test("what cannot be counted after a save is counted again later", async () => {
  const set = await stage();
  set.driver.start();
  await settled(set);
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const read = vi.spyOn(set.hand.store, "places").mockRejectedValue(new TypeError("broken"));
  await set.hand.note("一");
  for (const [call] of [...set.around.timers].filter(([, seconds]) => seconds < 1)) call();
  await eventually(() => expect(set.around.waits).toEqual([5]));
  read.mockRestore();
  logged.mockRestore();
  set.around.elapse();
  await eventually(async () => expect(await set.hand.stored()).toEqual([1]));
  await settled(set);

  expect(set.driver.state.problems).toEqual([]);
  await set.driver.stop();
});
