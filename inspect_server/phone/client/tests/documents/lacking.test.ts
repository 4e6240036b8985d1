/** Without a server the phone itself says what each document still lacks. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lackingFor } from "../../src/app/documents/lacking.ts";
import { withoutCommands } from "../../src/app/documents/words.ts";
import { overviewOf } from "../../src/app/pages/visit/signing/overview.ts";
import type { Overview } from "../../src/app/pages/visit/signing/overview.ts";
import type { Arrival, SeenVisit } from "../../src/app/session/visit.ts";
import { said } from "../../src/app/session/visit.ts";
import { SIGNING } from "../../src/app/words/signing.ts";
import type { Form } from "../../src/forms/body.ts";
import { FINDING, ITEM, STROKES, holding } from "../capture/team.ts";
import type { Held } from "../capture/team.ts";
import { FORM, TASK, emptyBrowser } from "../store/keeping.ts";

emptyBrowser();

const DUST = {
  name: "dust",
  version: 1,
  title: "粉尘涉爆",
  laws: [],
  sections: [{ title: "一", items: [{ code: "D01", kind: "check", question: "是否清扫" }] }],
} as unknown as Form;

async function seenBy({ phone, of }: Held): Promise<Overview> {
  const record = await phone.record(TASK);
  const lead = { user_id: of.user, officer_id: "", name: "赵兰玉", role: "lead" };
  const task = { id: TASK, form_set: FORM, forms: [{ name: "dust", version: 1 }], team: [lead] };
  const arrivals = said<Arrival>(record, "visit/start/").map((one) => [one.user, one] as const);
  const visit = { task, record, user: of.user, arrivals: new Map(arrivals), participants: [] };
  return overviewOf(visit as unknown as SeenVisit, [DUST]);
}

test("of each document what is left of the visit, and the signatures on that one", async () => {
  const held = await holding(1);
  await held.phone.answer(TASK, ITEM, "fail");
  await held.phone.addFinding(TASK, { ...FINDING, place: "" });
  const overview = await seenBy(held);
  const [record, order] = [lackingFor("record", overview), lackingFor("order", overview)];
  const [left, orderOnly] = [overview.open.length, SIGNING.order];

  expect(left).toBeGreaterThan(1);
  expect(record?.slice(0, left)).toEqual(order?.slice(0, left));
  expect(record?.some((one) => one.includes("缺部位"))).toBe(true);
  expect(record?.slice(left)).toHaveLength(2);
  expect(order?.slice(left)).toHaveLength(2);
  expect(record?.some((one) => one.includes(orderOnly))).toBe(false);
  expect(order?.slice(left).every((one) => one.includes(orderOnly))).toBe(true);
});

test("without anything to be rectified there is no order to lack anything", async () => {
  const held = await holding(1);
  await held.phone.answer(TASK, ITEM, "pass");
  const overview = await seenBy(held);

  expect(lackingFor("order", overview)).toBeNull();
  expect(lackingFor("record", overview)?.length).toBeGreaterThan(0);
});

test("what was done is not named any more", async () => {
  const held = await holding(1);
  await held.phone.startVisit(TASK, { place: "车间" });
  await held.phone.answer(TASK, ITEM, "pass");
  await held.phone.sign(TASK, "lead", "赵兰玉", STROKES, { officer_id: "" });
  await held.phone.sign(TASK, "enterprise", "王五", STROKES);

  expect(lackingFor("record", await seenBy(held))).toEqual([]);
});

/** Why the server does not close a record, as its own module says. */
function reasons(): readonly string[] {
  const module = readFileSync(new URL("../../../../domain/closing.py", import.meta.url), "utf-8");
  return [...module.matchAll(/ message = (\((?:\s+".*")+\s+\)|".*")/gu)].map(([, said = ""]) =>
    [...said.matchAll(/"(.*)"/gu)].map(([, part]) => part).join(""),
  );
}

test("what the server says is missing names no command and no option of one to officers", () => {
  const said = reasons();
  const told = said.map(withoutCommands);

  expect(said.length).toBeGreaterThan(10);
  expect(said.join()).toMatch(/--[a-z]/u); // else there is nothing to leave out
  expect(told.join()).not.toMatch(/--[a-z]|journal|settle/u);
  expect(told.filter((one, at) => one === said[at]).length).toBeGreaterThan(said.length - 4);
  expect(told).toContainEqual(
    expect.stringContaining("确实不能重新签名的，办结时写明理由，理由存入办结记录。"),
  );
  expect(told).toContainEqual(expect.stringContaining("请主办人员逐项确认后再办结。"));
});
