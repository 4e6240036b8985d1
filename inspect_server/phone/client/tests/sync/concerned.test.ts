/** A problem names the task and the items that it is about, each once. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { createSSRApp, h } from "vue";
import { renderToString } from "vue/server-renderer";
import { concernedBy } from "../../src/app/pages/sync/concerned.ts";
import TopBar from "../../src/app/parts/frame/TopBar.vue";
import { Phone } from "../../src/capture/phone.ts";
import { asides } from "../../src/network/asides.ts";
import {
  EPOCH,
  OTHER_TASK,
  TASK,
  account,
  emptyBrowser,
  enrolled,
  show,
} from "../store/keeping.ts";

const QUESTION = "是否按照规定对除尘系统进行清扫，并且如实记录清扫的时间和人员";
const TEXT = "除尘器灰斗积尘，没有清扫";
const FINDING = {
  answer_item: "",
  level: "general",
  text: TEXT,
  place: "",
  basis: "",
  penalty_basis: "",
  measure: "rectify_now",
  deadline: "",
  corrected_on_site: false,
} as const;

emptyBrowser();
let phone: Phone;

beforeEach(async () => {
  const store = await enrolled(await account());
  const task = { id: TASK, number: "2026-0001", form_set: "dust@1", team: [] };
  const body = { ...task, forms: [{ name: "dust", version: 1 }], scheme: { enterprise: "木业" } };
  const items = ["D01", "D02"].map((code) => ({ code, kind: "check", question: QUESTION }));
  const form = { name: "dust", version: 1, title: "粉尘", sections: [{ title: "一", items }] };
  const gone = { ...body, id: OTHER_TASK, number: "2026-0002" };
  const all = { [`task/${TASK}`]: body, [`task/${OTHER_TASK}`]: gone, "form/dust@1": form };
  await show(store, all);
  phone = new Phone(store, "手机");
});
afterEach(() => phone.close());

test("each item once, photos and films by their count, by task", async () => {
  await phone.answer(TASK, "answer/dust/D01", "pass");
  await phone.answer(TASK, "answer/dust/D01", "fail");
  await phone.addFinding(TASK, FINDING);
  await phone.addPhoto(TASK, new Uint8Array([1]));
  await phone.addPhoto(TASK, new Uint8Array([2]), { mime: "video/webm" });
  await phone.answer(TASK, "answer/dust/D02", "pass");
  await phone.note(OTHER_TASK, "无意见");
  const places = await phone.store.places();
  const [, , , , , counts] = places;
  const aside = places.filter((one) => one !== counts).map(({ hash }) => hash);
  const refused = { effect: "quarantined", reason: "reassigned" };
  await phone.store.acknowledge(EPOCH, aside.map((hash) => ({ hash, ...refused })));
  await phone.store.acknowledge(EPOCH, [
    { hash: counts?.hash ?? "", effect: "applied", reason: "" },
  ]);
  const [problem] = await asides(phone.store, await phone.store.places());
  const told = await concernedBy(phone, problem?.entries ?? []);

  expect(told).toEqual([
    {
      task: TASK,
      enterprise: "木业",
      number: "2026-0001",
      items: [`D01 ${QUESTION.slice(0, 23)}…`, `问题“${TEXT}”`, "1 张照片、1 段录像"],
    },
    { task: OTHER_TASK, enterprise: "木业", number: "2026-0002", items: ["其他情况“无意见”"] },
  ]);
});

test("a task that left the phone has no name, and its items are told all the same", async () => {
  await phone.answer(TASK, "answer/dust/D01", "pass");
  await phone.note(TASK, "无意见");
  const hashes = (await phone.store.places()).map(({ hash }) => hash);
  await show(phone.store, {}, "law");
  await phone.store.clearStaging();
  await phone.store.stage([], ["law"]);
  await phone.store.flip({ fresh: true, settings: {} });
  const [told] = await concernedBy(phone, hashes);

  const items = ["D01", "其他情况“无意见”"];
  expect(told).toEqual({ task: TASK, enterprise: "", number: "", items });
});

test.each([
  ["云湾木业有限公司", false],
  ["云湾博通科家具（集团）有限公司第一分公司", true],
])("the bar sets a long name smaller, so that it is read to its end: %s", async (title, isLong) => {
  const bar = createSSRApp({ render: () => h(TopBar, { title }) });
  const html = await renderToString(bar);

  expect(html).toContain(title);
  expect(/<h1 class="([^"]*)"/.exec(html)?.[1]?.split(" ").includes("long")).toBe(isLong);
});
