import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { PATHS } from "../../src/network/asking/messages.ts";
import { Patience } from "../../src/network/asking/waiting.ts";
import { Pulling } from "../../src/network/pulling.ts";
import { Wire } from "../../src/network/wire.ts";
import { Hand, TASK, picture } from "./hand.ts";
import { json } from "./server/replying.ts";
import { SERVER_SECONDS } from "./server/server.ts";

const STATE = {
  epoch: "epoch-1",
  upto_seq: 0,
  head_hash: "",
  held: [],
  missing_blobs: [],
  pull_needed: true,
  server_time: "2026-03-02T09:00:00+08:00",
};
const LAW = { scope: "law", kind: "law", deleted: false, body: {} };
const DOCUMENT = { id: "law/1", ver: 1, pos: 1, ...LAW };
const PAGE = {
  docs: [DOCUMENT],
  leave: [],
  applied_upto: {},
  cursor: "epoch-1:1:",
  has_more: false,
  scope_digest: "",
  log_pos: 1,
};
const BODY = { item: "note/x", heads: [], gone: [] };
const HEAD = {
  id: `${"0".repeat(64)}#0`,
  type: "note.add",
  value: null,
  blob: null,
  replica: "",
  user: "",
  seq: 1,
  wall: "",
  hlc: "",
  parents: [],
};

test("pages are put aside and become the view at once", async () => {
  const hand = await Hand.enrolled();
  for (let n = 0; n < 7; n += 1) hand.server.journal.publish(`law/${n}`, "law", "law", { n });
  hand.server.maxPage = 3;
  hand.server.faults.push([PATHS.pull, "none"], [PATHS.pull, 500]);
  const cut = await hand.sync();
  const between = await hand.store.documents("law");
  const report = await hand.sync();

  expect([cut.problems, between]).toEqual([["test.fault"], []]);
  expect([report.complete, report.pulled]).toEqual([true, 7]);
  expect(await hand.store.documents("law")).toHaveLength(7);
});

test("a view that does not agree is pulled afresh, once", async () => {
  const hand = await Hand.enrolled();
  hand.server.journal.publish("law/a", "law", "law", 1);
  const stray = { id: "x", scope: "law", kind: "law", ver: 1, pos: 1, body: 1 };
  await hand.store.clearStaging();
  await hand.store.stage([[stray, false]], []);
  const cursor = await hand.store.get("cursor");
  await hand.store.flip({ fresh: false, settings: { cursor } });
  const report = await hand.sync();

  expect(report.complete).toBe(true);
  expect((await hand.store.documents("law")).map(({ id }) => id)).toEqual(["law/a"]);
  expect(hand.server.seen.filter((line) => line.endsWith(PATHS.pull))).toHaveLength(2);
});

test("a cursor of another life starts over and touches nothing captured", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  await hand.store.put({ cursor: "nothing:!:" });
  const report = await hand.sync();

  expect([report.complete, report.problems]).toEqual([true, []]);
  expect((await hand.store.document(`task/${TASK}`))?.id).toBe(`task/${TASK}`);
  expect((await hand.sync()).requests).toBe(1);
});

test("pages that bring nothing new come to an end", async () => {
  const hand = await Hand.enrolled();
  await hand.note("一");
  let asked = 0;
  hand.server.before = ({ path }) => {
    if (path !== PATHS.pull) return undefined;
    asked += 1;
    return new Response(JSON.stringify({ ...PAGE, cursor: `e:${asked % 2}:`, has_more: true }));
  };
  const report = await hand.sync();
  hand.server.before = () => undefined;

  expect(report.problems).toEqual(["phone.view_mismatch"]);
  expect(asked).toBeLessThan(20);
  expect((await hand.sync()).complete).toBe(true);
});

test("a server that invents documents for ever is left", async () => {
  const hand = await Hand.enrolled();
  let asked = 0;
  hand.server.before = () => {
    asked += 1;
    const docs = [{ ...DOCUMENT, id: `law/${asked}` }];
    return new Response(JSON.stringify({ ...PAGE, docs, cursor: `e:${asked}:`, has_more: true }));
  };
  const replica = await hand.replica();
  const wire = new Wire({ fetch: hand.server.fetch, replica, unixNow: () => SERVER_SECONDS });
  const patience = new Patience(() => Promise.resolve(), [], undefined);
  const pulling = new Pulling(hand.store, wire, patience, 7);

  await expect(pulling.run()).rejects.toMatchObject({ code: "phone.view_mismatch" });
  expect(asked).toBe(7);
});

const LIES: readonly (readonly [string, string, () => Response | Promise<Response>])[] = [
  ["wait so long", PATHS.state, () => busy("2b")],
  ["wait a century", PATHS.state, () => busy("9".repeat(400))],
  [
    "a digest that is none",
    PATHS.state,
    () => new Response(JSON.stringify(STATE), { headers: { "Content-Digest": "sha-256=?" } }),
  ],
  ["further than any number", PATHS.state, () => json({ ...STATE, upto_seq: 2 ** 63 })],
  ["less than nothing", PATHS.state, () => json({ ...STATE, upto_seq: -5 })],
  ["a document beyond all positions", PATHS.pull, () => page({ ...DOCUMENT, pos: 2 ** 63 })],
  ["a document of a huge version", PATHS.pull, () => page({ ...DOCUMENT, ver: 2 ** 63 })],
  ["a list for an answer", PATHS.push, () => new Response("[]")],
  ["half a text", PATHS.push, () => new Response(new Uint8Array([0x7b, 0xff]))],
  [
    "a token that no header carries",
    PATHS.have,
    () => json({ missing: [{ sha256: "0".repeat(64), token: "²\n" }] }),
  ],
  ["a redirection", PATHS.receipts, () => new Response("", { status: 302 })],
];

function busy(wait: string): Response {
  return new Response("", { status: 503, headers: { "Retry-After": wait } });
}

function page(document: object): Promise<Response> {
  return json({ ...PAGE, docs: [document] });
}

for (const [lie, path, answer] of LIES) {
  test(`${lie}, made up by a network, ends a sync and spoils nothing`, async () => {
    const hand = await Hand.enrolled();
    await hand.photo(picture(500));
    const asked = hand.server.fetch;
    const first = await hand.sync({
      fetch: async (address, init) =>
        address.split("?")[0] === path ? await answer() : await asked(address, init),
    });
    await hand.note("仍可填写");
    const second = await hand.sync();

    expect(first.complete).toBe(false);
    expect(Math.max(0, ...hand.waits)).toBeLessThanOrEqual(300);
    expect([second.complete, second.problems]).toEqual([true, []]);
    expect(await hand.stored()).toEqual([1, 2]);
  });
}

test("a time that is none is not kept", async () => {
  const hand = await Hand.enrolled();
  const before = await hand.store.get("server_time");
  hand.server.before = ({ path }) =>
    path === PATHS.state
      ? new Response(JSON.stringify({ ...STATE, pull_needed: false, server_time: "soon" }))
      : undefined;
  await hand.sync();

  expect(await hand.store.get("server_time")).toBe(before);
});

for (const [kind, body] of [
  ["item", { ...BODY, heads: [{ ...HEAD, type: "note.burn" }] }],
  ["item", { ...BODY, heads: [{ ...HEAD, hlc: undefined }] }],
  ["item", { ...BODY, gone: {} }],
  ["item", { ...BODY, heads: [{ ...HEAD, parents: [{}] }] }],
  ["task", { id: TASK, form_sex: "" }],
  ["form", { sections: [{ title: "neither an item nor a section" }] }],
  ["form", { sections: [{ items: [{ items: [3] }] }] }],
] as const) {
  test(`a ${kind} that is none never comes into view: ${JSON.stringify(body)}`, async () => {
    const hand = await Hand.enrolled();
    hand.server.journal.publish("spoilt", "law", kind, body);
    const report = await hand.sync();
    hand.server.journal.publish("spoilt", "law", kind, null, true);
    const after = await hand.sync();

    expect([report.complete, report.problems]).toEqual([false, ["phone.view_mismatch"]]);
    expect((await hand.store.document(`task/${TASK}`))?.id).toBe(`task/${TASK}`);
    expect(after.complete).toBe(true);
  });
}

test("documents of every kind that say what they must come into view", async () => {
  const hand = await Hand.enrolled();
  const { publish } = hand.server.journal;
  const put = publish.bind(hand.server.journal);
  put("item/1", "law", "item", { ...BODY, heads: [HEAD], later: true });
  put("task/2", "law", "task", { form_set: "a@1", team: [{ user_id: "u", role: "lead" }] });
  const items = [{ code: "A1" }, { items: [{ code: "B" }] }];
  put("form/3", "law", "form", { sections: [{ items }] });
  put("thing/4", "law", "something new", [1, "2"]);
  const report = await hand.sync();

  expect([report.complete, report.pulled]).toEqual([true, 4]);
});
