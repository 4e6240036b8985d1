import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { PATHS } from "../../src/network/asking/messages.ts";
import { Hand } from "./hand.ts";
import { problem } from "./server/replying.ts";

test("enrolling makes a key, proves it, and keeps what the server shows", async () => {
  const hand = await Hand.fresh();
  const reply = await hand.enrol();
  const { id } = await hand.replica();

  expect(reply.replica_id).toBe(id);
  expect(await hand.store.get("user")).toBe(reply.user_id);
  expect(await hand.store.get("device")).toBe(reply.device_id);
  expect(await hand.store.get("token")).toBe(reply.pull_token);
  expect(hand.server.enrolments[0]).toMatchObject({
    label: "测试机",
    device_id: "",
    code: "",
    storage: { persisted: true, installed: false, quota: 5_000_000_000 },
  });
  expect(hand.server.seen).toEqual([`GET ${PATHS.nonce}`, `POST ${PATHS.replicas}`]);
});

test("it is also the login that renews the token, with the same key and device", async () => {
  const hand = await Hand.enrolled();
  const before = await hand.replica();
  hand.server.loggedOut = true;
  await hand.enrol();

  expect((await hand.replica()).id).toBe(before.id);
  expect(hand.server.enrolments[1]?.["device_id"]).toBe(await hand.store.get("device"));
  expect((await hand.sync()).complete).toBe(true);
});

test("an answer that was lost is asked for again with the same key", async () => {
  const hand = await Hand.fresh();
  hand.server.faults.push([PATHS.replicas, "lose_answer"]);
  const lost = hand.enrol();
  await expect(lost).rejects.toMatchObject({ code: "phone.out_of_reach" });
  const reply = await hand.enrol();

  expect(await hand.store.replicas()).toHaveLength(1);
  expect(reply.replica_id).toBe((await hand.replica()).id);
});

test("a wrong password says so, in Chinese, and keeps nothing", async () => {
  const hand = await Hand.fresh();
  const refused = hand.enrol("lead", "wrong");

  await expect(refused).rejects.toMatchObject({ code: "phone.wrong_login" });
  await expect(refused).rejects.toThrow("账号、密码或动态口令不正确");
  expect(await hand.store.get("user")).toBe("");
});

test("another refusal says what the server says", async () => {
  const hand = await Hand.fresh();
  const said = { detail: "该账号须先设置二次验证。" };
  hand.server.before = ({ path }) =>
    path === PATHS.replicas ? problem(403, "account.second_factor_wanted", said) : undefined;
  const refused = hand.enrol();

  await expect(refused).rejects.toMatchObject({ remote: "account.second_factor_wanted" });
  await expect(refused).rejects.toThrow("该账号须先设置二次验证。");
});

test("other receipt keys than those pinned are refused, more of them are not", async () => {
  const hand = await Hand.enrolled();
  const genuine = await hand.server.useReceiptKey();
  await expect(hand.enrol()).rejects.toMatchObject({ code: "sync.bad_receipt" });
  await hand.server.useReceiptKey(genuine);
  await hand.enrol();

  expect(await hand.store.get("server_keys")).toContain("k1");
});

test("somebody else's login does not open what is kept here", async () => {
  const hand = await Hand.enrolled();
  hand.server.users.set("other", "0198cccc-0000-4000-8000-000000000002");
  const before = await hand.store.get("user");

  await expect(hand.enrol("other")).rejects.toMatchObject({ code: "phone.other_account" });
  expect(await hand.store.get("user")).toBe(before);
  expect(await hand.store.replicas()).toHaveLength(1);
});

test("somebody else's login after a fork does not either", async () => {
  const hand = await Hand.enrolled();
  hand.server.users.set("other", "0198cccc-0000-4000-8000-000000000002");
  await hand.store.put({ forked: (await hand.replica()).id });

  await expect(hand.enrol("other")).rejects.toMatchObject({ code: "phone.other_account" });
  await hand.enrol();
  expect((await hand.sync()).complete).toBe(true);
});

test("a key that the server knows as another's gives way", async () => {
  const hand = await Hand.fresh();
  hand.server.users.set("other", "0198cccc-0000-4000-8000-000000000002");
  hand.server.faults.push([PATHS.replicas, "lose_answer"]);
  await expect(hand.enrol("other")).rejects.toMatchObject({ code: "phone.out_of_reach" });
  const reply = await hand.enrol("lead");

  expect(await hand.store.replicas()).toHaveLength(2);
  expect(reply.replica_id).toBe((await hand.replica()).id);
});

test("nothing is synced before a phone is enrolled", async () => {
  const hand = await Hand.fresh();

  await expect(hand.sync()).rejects.toMatchObject({ code: "phone.not_enrolled" });
});
