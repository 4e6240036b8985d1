/** Who took part signs, refuses, is corrected or withdrawn: one row for each, on every phone. */

import { renderToString } from "vue/server-renderer";
import { createSSRApp, h } from "vue";
import { beforeEach, describe, expect, test } from "vitest";
import SignerCard from "../../src/app/pages/visit/signing/SignerCard.vue";
import { nameOf, remainingOf, unsignedOf } from "../../src/app/pages/visit/signing/remaining.ts";
import { itemsTold } from "../../src/app/pages/visit/signing/unseen.ts";
import { masked, personTold, shownToSigners } from "../../src/app/reading/people.ts";
import { attendeeRows, partyOf, signerRows, stateOf } from "../../src/app/session/signing.ts";
import type { SignerRow } from "../../src/app/session/signing.ts";
import { said } from "../../src/app/session/visit.ts";
import type { Participant, SeenVisit } from "../../src/app/session/visit.ts";
import type { Phone } from "../../src/capture/phone.ts";
import { STROKES, exchange, holding } from "../capture/team.ts";
import type { StepClock } from "../capture/team.ts";
import { TASK, emptyBrowser } from "../store/keeping.ts";

emptyBrowser();
let lead: Phone;
let member: Phone;
let clock: StepClock;
const REFUSED = { refused: true, refusal_reason: "不了解情况" };
const OPERATOR: Participant = { kind: "operator", name: "马春生", position: "砂光工", phone: "" };

beforeEach(async () => {
  lead = (await holding(1)).phone;
  ({ phone: member, clock } = await holding(2));
});

async function signs(phone: Phone, item: string, name: string, how = {}): Promise<string> {
  const strokes = "refused" in how ? [] : STROKES;
  return await phone.sign(TASK, "participant", name, strokes, { participant: item, ...how });
}

async function rowsOf(phone: Phone): Promise<SignerRow[]> {
  return attendeeRows(await phone.record(TASK));
}

async function states(phone: Phone): Promise<[string, string][]> {
  return (await rowsOf(phone)).map((row) => [nameOf(row), stateOf(row)]);
}

async function visitOf(phone: Phone): Promise<SeenVisit> {
  const record = await phone.record(TASK);
  return {
    record,
    task: { id: TASK, forms: [], team: [], scheme: {} },
    user: "",
    arrivals: new Map(),
    participants: said<Participant>(record, "participant/"),
    notes: [],
  } as unknown as SeenVisit;
}

async function shown(row: SignerRow, phone: Phone): Promise<string> {
  const visit = await visitOf(phone);
  const card = { render: () => h(SignerCard, { row, visit, overview: undefined }) };
  return await renderToString(createSSRApp(card));
}

describe("a participant", () => {
  test("has not signed, has, has refused, or has to sign again after a change", async () => {
    const item = await lead.participant(TASK, "operator", "马春生", "砂光工");
    expect(await states(lead)).toEqual([["岗位操作员工马春生", "unsigned"]]);
    await signs(lead, item, "马春生");
    expect(await states(lead)).toEqual([["岗位操作员工马春生", "signed"]]);
    await signs(lead, item, "马春生", REFUSED);
    expect(await states(lead)).toEqual([["岗位操作员工马春生", "refused"]]);
    await lead.note(TASK, "补记");
    expect(await states(lead)).toEqual([["岗位操作员工马春生", "stale"]]);

    const visit = await visitOf(lead);
    expect(unsignedOf(visit).filter((one) => one.text.includes("马春生"))).toEqual([
      {
        text: "检查记录：岗位操作员工马春生签名后有改动，须重新签名",
        spot: { at: "signer", document: "record", key: item },
      },
    ]);
  });

  test("who is corrected stays who signed, and signs again", async () => {
    const item = await lead.participant(TASK, "operator", "马春");
    await signs(lead, item, "马春");
    const seen = await lead.item(TASK, item);
    await lead.amendParticipant(TASK, item, OPERATOR, seen);

    const [row] = await rowsOf(lead);
    expect([row?.key, row?.person?.value, stateOf(row as SignerRow)]).toEqual([
      item,
      OPERATOR,
      "stale",
    ]);
    await exchange(lead, member);
    expect(await states(member)).toEqual([["岗位操作员工马春生", "stale"]]);
  });

  test("who is corrected on two phones at once is in conflict, and has one row", async () => {
    const item = await lead.participant(TASK, "operator", "马春");
    await exchange(lead, member);
    await lead.amendParticipant(TASK, item, OPERATOR);
    await member.amendParticipant(TASK, item, { ...OPERATOR, name: "马春升" });
    await exchange(lead, member);

    expect((await lead.record(TASK)).conflicts).toEqual([item]);
    expect(await rowsOf(lead)).toHaveLength(1);
  });

  test("who is withdrawn has no row, and nobody is asked to sign again in that place", async () => {
    const item = await lead.participant(TASK, "operator", "马春生");
    await signs(lead, item, "马春生");
    await lead.retract(TASK, item, "不在现场");

    expect(await rowsOf(lead)).toEqual([]);
    expect(unsignedOf(await visitOf(lead)).some((one) => one.text.includes("马春生"))).toBe(false);
    const { signatures } = await lead.record(TASK);
    expect([...signatures.values()].map((one) => one.stale)).toEqual([true]);
  });

  test("who signed on two phones has the last of both, the same on each", async () => {
    const item = await lead.participant(TASK, "safety", "钱敏");
    await exchange(lead, member);
    await signs(lead, item, "钱敏");
    await signs(member, item, "钱敏", REFUSED);
    await member.sign(TASK, "member", "李四", STROKES);
    await exchange(lead, member);

    const of = async (phone: Phone): Promise<unknown> => (await rowsOf(phone))[0]?.signature?.item;
    expect((await lead.record(TASK)).conflicts).toEqual([]);
    expect(await of(lead)).toBe(await of(member));
    expect((await lead.record(TASK)).signatures.size).toBe(3);
  });

  test("who signs again has signed, though the other phone was a year ahead", async () => {
    const item = await lead.participant(TASK, "safety", "钱敏");
    await exchange(lead, member);
    clock.put("2027-03-02T09:00:00+08:00");
    const first = await signs(member, item, "钱敏");
    await exchange(lead, member);
    await lead.note(TASK, "补记");
    const again = await signs(lead, item, "钱敏");
    await exchange(lead, member);

    for (const phone of [lead, member]) {
      const [row] = await rowsOf(phone);
      expect([row?.signature?.item, row?.stale, row?.unseenItems]).toEqual([again, false, []]);
    }
    expect((await lead.record(TASK)).signatures.get(first)?.stale).toBe(true);
  });

  test("sees what is unseen like everybody, and cites exactly what was shown", async () => {
    const item = await lead.participant(TASK, "safety", "钱敏");
    const record = await lead.record(TASK);
    const late = await lead.participant(TASK, "expert", "孙建国", "高工", "", "省安科院");
    await signs(lead, item, "钱敏", { seen: record });

    const [row] = await rowsOf(lead);
    const [state] = [...(await lead.record(TASK)).signatures.values()];
    expect((state?.head.value as { view: string }).view).toBe(record.view);
    expect([row?.stale, row?.unseenItems]).toEqual([true, [late]]);
    expect(itemsTold([late], await lead.record(TASK), [])).toEqual([
      "参加人员：专家孙建国（省安科院，高工）",
    ]);
  });

  test("who signs for the enterprise has signed, unless two are called so", async () => {
    await lead.participant(TASK, "responsible", "周大勇", "车间主任");
    await lead.participant(TASK, "safety", "钱敏");
    await lead.sign(TASK, "enterprise", "周大勇", STROKES);
    const rows = await rowsOf(lead);
    expect(rows.map((row) => [nameOf(row), stateOf(row), row.forEnterprise])).toEqual([
      ["现场负责人周大勇", "signed", true],
      ["安全管理人员钱敏", "unsigned", false],
    ]);
    const html = await shown(rows[0] as SignerRow, lead);
    expect(html).toContain("已代表被检查单位签名");
    expect(html).not.toContain("<button");

    await lead.participant(TASK, "operator", "周大勇");
    expect((await rowsOf(lead)).map((row) => row.forEnterprise)).toEqual([false, false, false]);
  });

  test("in charge signs for the enterprise before who is on the spot", async () => {
    expect(partyOf(await lead.record(TASK))).toBe("");
    await lead.participant(TASK, "responsible", "周大勇");
    await lead.participant(TASK, "in_charge", "陈立");
    expect(partyOf(await lead.record(TASK))).toBe("陈立");
  });

  test("signs no order", async () => {
    const item = await lead.participant(TASK, "safety", "钱敏");
    const order = { participant: item, document: "order" as const, seen: await lead.record(TASK) };
    await expect(lead.sign(TASK, "participant", "钱敏", STROKES, order)).rejects.toThrow();
    expect((await lead.record(TASK)).signatures.size).toBe(0);
  });
});

describe("an expert", () => {
  test("stands after the enterprise's people, with the unit, and is asked to sign", async () => {
    const expert = await lead.participant(TASK, "expert", "孙建国", "高工", "", "省安科院");
    await lead.participant(TASK, "operator", "马春生");
    const rows = await rowsOf(lead);
    expect(rows.map(nameOf)).toEqual(["岗位操作员工马春生", "专家孙建国"]);
    expect(await shown(rows[1] as SignerRow, lead)).toMatch(/省安科院 · 高工[^]*未签/);

    const wanted = unsignedOf(await visitOf(lead)).map(({ spot }) => "key" in spot && spot.key);
    expect(wanted).toEqual(["lead", "member", "enterprise", expert]);
    await signs(lead, expert, "孙建国", REFUSED);
    expect(unsignedOf(await visitOf(lead))).toHaveLength(3);
  });

  test("without a unit is told before people sign", async () => {
    await lead.participant(TASK, "expert", "孙建国");
    const filled = { forms: [], day: "2026-03-02", user: "", items: new Map(), states: [] };
    expect(remainingOf(await visitOf(lead), filled)).toEqual([
      { text: "专家孙建国没有填写单位", spot: { at: "step", step: "arrive" } },
    ]);
  });

  test("keeps an empty unit out of what is signed, and is told whole", async () => {
    const item = await lead.participant(TASK, "safety", "钱敏", "", "138");
    expect((await lead.item(TASK, item))?.value).not.toHaveProperty("unit");
    expect(personTold({ kind: "expert", name: "孙建国", unit: "省安科院" })).toBe(
      "专家孙建国（省安科院）",
    );
    expect(personTold({ kind: "of a newer server", name: "某" })).toBe("of a newer server某");
  });
});

test.each([
  ["13800001234", "138****1234"],
  ["+86 138 0000 1234", "+86 1** **** 1234"],
  ["8888-1234", "****-**34"],
  ["", ""],
])("signers are not shown how to reach each other: %s", (phone, shown) => {
  expect(masked(phone)).toBe(shown);
  expect(personTold(shownToSigners({ kind: "safety", name: "钱敏", phone }))).toBe(
    shown ? `安全管理人员钱敏（${shown}）` : "安全管理人员钱敏",
  );
});

describe("witnesses", () => {
  test("who are noted have a row each, and sign as witnesses, not as participants", async () => {
    await lead.participant(TASK, "witness", "孙立");
    await lead.participant(TASK, "witness", "李明");
    await lead.sign(TASK, "witness", "李明", STROKES);
    const rows = signerRows(await lead.record(TASK), "record").slice(3);
    expect(rows.map((row) => [nameOf(row), stateOf(row)])).toEqual([
      ["见证人孙立", "unsigned"],
      ["见证人李明", "signed"],
    ]);
    expect(await rowsOf(lead)).toEqual([]);
    expect(signerRows(await lead.record(TASK), "order")).toHaveLength(3);
  });

  test("are called for by a refusal, and whoever signed as one is shown", async () => {
    const item = await lead.participant(TASK, "safety", "钱敏");
    expect(signerRows(await lead.record(TASK), "record")).toHaveLength(3);
    await signs(lead, item, "钱敏", REFUSED);
    expect(signerRows(await lead.record(TASK), "record").at(-1)?.signer).toBe("witness");
    await lead.participant(TASK, "witness", "孙立");
    await lead.sign(TASK, "witness", "李明", STROKES);
    const rows = signerRows(await lead.record(TASK), "record").slice(3);
    expect(rows.map((row) => [row.person?.value.name, row.signature?.name])).toEqual([
      ["孙立", undefined],
      [undefined, "李明"],
    ]);
  });
});
