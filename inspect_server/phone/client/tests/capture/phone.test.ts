/** A visit on a phone without a network: what is saved, shown and cited. */

import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Phone } from "../../src/capture/phone.ts";
import {
  NoConflict,
  NotEnrolled,
  NothingToRetract,
  UnknownItem,
  UnknownTask,
} from "../../src/capture/problems.ts";
import { sha256Hex } from "../../src/core/digests.ts";
import { uuid7 } from "../../src/core/ids.ts";
import { verify } from "../../src/core/keys.ts";
import { BadEntry } from "../../src/core/problems.ts";
import { ofKind } from "../../src/merging/record.ts";
import type { SignatureState } from "../../src/merging/record.ts";
import { PhotoNotKept, StaleHead } from "../../src/store/problems.ts";
import { Sealer } from "../../src/store/sealing.ts";
import { EPOCH, OTHER_TASK, TASK, inUse, show, windowOf } from "../store/keeping.ts";
import { FINDING, ITEM, NUMBER, SECOND, STROKES, exchange, said, signed, withTwo } from "./team.ts";
import type { Held } from "./team.ts";

let held: Held;
let lead: Phone;
let member: Phone;
withTwo((one, other) => {
  held = one;
  [lead, member] = [one.phone, other.phone];
});

afterEach(() => void vi.restoreAllMocks());

async function oneSignature(phone: Phone, document = "record"): Promise<SignatureState> {
  const states = [...(await phone.record(TASK)).signatures.values()];
  const found = states.filter(({ head }) => said1(head.value, "document") === document);
  expect(found.length).toBe(1);
  return found[0] as SignatureState;
}

function said1(value: unknown, field: string): unknown {
  return (value as Record<string, unknown>)[field];
}

describe("a visit", () => {
  test("needs no network; each save is a signed entry that follows the last", async () => {
    await lead.startVisit(TASK, { place: "打磨车间", latitude: "31.1", longitude: "120.1" });
    await lead.answer(TASK, ITEM, "fail", { note: "积尘" });
    const finding = await lead.addFinding(TASK, FINDING);
    const photo = new Uint8Array(2_000_000).fill(5);
    await lead.addPhoto(TASK, photo, { caption: "积尘", finding, answer_item: ITEM });
    await lead.participant(TASK, "responsible", "张三", "经理");
    await lead.note(TASK, "无");
    await lead.declareGap(TASK, "2026-03-02T09:00:00+08:00", "2026-03-02T09:05:00+08:00", "换电池");
    await lead.sign(TASK, "lead", "甲", STROKES);
    await lead.complete(TASK);
    const rows = await lead.entries();
    const entries = await signed(lead);
    const key = (await lead.store.keys()).get(await lead.replica()) as Uint8Array;
    const held = await Promise.all(rows.map((row) => verify(key, row.content, row.signature)));

    expect(held).toEqual(Array.from({ length: 9 }, () => true));
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const before = ["", ...rows.map((row) => row.hash)].slice(0, -1);
    expect(entries.map((entry) => entry.prev)).toEqual(before);
    expect(entries.map((entry) => entry.hlc)).toEqual(entries.map((entry) => entry.hlc).sort());
    expect(entries.map((entry) => entry.ops[0]?.type)).toEqual([
      "visit.start",
      "answer.set",
      "finding.add",
      "photo.add",
      "participant.add",
      "note.add",
      "gap.declare",
      "signature.add",
      "visit.complete",
    ]);
    expect(await sha256Hex(await lead.photo(await sha256Hex(photo)))).toBe(await sha256Hex(photo));
    expect(entries[3]?.ops[0]?.value).toMatchObject({ size: 2_000_000, device: "phone-1" });
    expect(entries[0]).toMatchObject({ tz: "Asia/Shanghai", boot: "boot-1", mono: 1 });
    expect(entries[0]?.last_server_time).toBe("2026-03-02T01:00:00Z");
  });

  test("is read from the storage once, however much is saved and looked at", async () => {
    await lead.item(TASK, ITEM);
    const spies = [vi.spyOn(lead.store, "entriesOf"), vi.spyOn(lead.store, "documentsUnder")];
    for (let n = 0; n < 10; n += 1) {
      await lead.answer(TASK, ITEM, n % 2 === 0 ? "pass" : "fail");
      await lead.item(TASK, ITEM);
      await lead.record(TASK);
    }

    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([0, 0]);
    expect(said(await lead.item(TASK, ITEM), "result")).toEqual(["fail"]);
  });

  test("counts taps in their order, whatever each of them looks at first", async () => {
    const photo = new Uint8Array(400_000).fill(3);
    await Promise.all([
      lead.startVisit(TASK, { place: "" }),
      lead.addPhoto(TASK, photo),
      lead.answer(TASK, ITEM, "fail"),
      lead.retractAnswer(TASK, ITEM),
      lead.answer(TASK, ITEM, "pass"),
      lead.sign(TASK, "lead", "甲", STROKES),
      lead.complete(TASK),
    ]);
    const entries = await signed(lead);

    expect(entries.map((entry) => entry.ops[0]?.type)).toEqual([
      "visit.start",
      "photo.add",
      "answer.set",
      "answer.retract",
      "answer.set",
      "signature.add",
      "visit.complete",
    ]);
    expect((await oneSignature(lead)).stale).toBe(false);
  });

  test("is there again after the app was closed and opened", async () => {
    await lead.answer(TASK, ITEM, "fail", { note: "积尘" });
    const before = await lead.record(TASK);
    lead.close();
    lead = new Phone(await windowOf(held.of), "", held.clock);
    const after = await lead.record(TASK);
    await lead.answer(TASK, ITEM, "pass");

    expect(after).toEqual(before);
    expect((await signed(lead)).map((entry) => entry.seq)).toEqual([1, 2]);
  });

  test("keeps its order on a clock that was put back by a day", async () => {
    await lead.note(TASK, "一");
    held.clock.put("2026-03-01T09:00:00+08:00");
    for (const text of ["二", "三"]) await lead.note(TASK, text);
    const [first, second, third] = await signed(lead);

    expect(second?.wall.slice(0, 10)).toBe("2026-03-01");
    expect((first?.hlc ?? "") < (second?.hlc ?? "")).toBe(true);
    expect((second?.hlc ?? "") < (third?.hlc ?? "")).toBe(true);
  });

  test("of taps that come faster than they are saved is one chain; the last counts", async () => {
    const answers = fc.array(fc.constantFrom("pass", "fail", "not_applicable"), {
      minLength: 2,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(answers, async (results) => {
        await Promise.all(results.map((result) => lead.answer(TASK, ITEM, result)));
        const item = await lead.item(TASK, ITEM);

        expect([said(item, "result"), item?.conflict]).toEqual([[results.at(-1)], false]);
      }),
      { numRuns: 10 },
    );
    const entries = await signed(lead);
    expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, at) => at + 1));
  });
});

describe("a disagreement", () => {
  test("is shown on both phones alike until the lead settles it", async () => {
    await lead.answer(TASK, ITEM, "pass");
    await member.answer(TASK, ITEM, "fail");
    await exchange(lead, member);
    const seen = [await lead.record(TASK), await member.record(TASK)];
    const chosen = { result: "fail", reason: "", note: "" };
    await lead.resolve(TASK, ITEM, chosen, "现场复核");
    await exchange(lead, member);
    const item = await member.item(TASK, ITEM);

    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.conflicts).toEqual([ITEM]);
    expect([item?.conflict, item?.value]).toEqual([false, chosen]);
    expect(item?.heads[0]?.settledReason).toBe("现场复核");
    await expect(lead.resolve(TASK, ITEM, null, "再次")).rejects.toBeInstanceOf(NoConflict);
  });

  test("stays where a new answer replaces only the user's own", async () => {
    await lead.answer(TASK, ITEM, "pass");
    await member.answer(TASK, ITEM, "fail");
    await exchange(lead, member);
    const own = (await member.item(TASK, ITEM))?.heads.filter(
      (head) => said1(head.value, "result") === "fail",
    );
    const user = await member.user();
    await member.answer(TASK, ITEM, "fail", { note: "再次确认" });
    await exchange(lead, member);
    const cited = (await signed(member)).filter((entry) => entry.user === user).at(-1)?.ops[0];

    expect(cited?.parents).toEqual(own?.map((head) => head.id));
    expect([...said(await lead.item(TASK, ITEM), "note")].sort()).toEqual(["", "再次确认"]);
  });
});

describe("what was captured", () => {
  test("can be amended and withdrawn", async () => {
    const finding = await lead.addFinding(TASK, FINDING);
    await lead.amendFinding(TASK, finding, { ...FINDING, level: "major" });
    const photo = await lead.addPhoto(TASK, new Uint8Array([1]));
    await lead.retract(TASK, photo, "模糊");
    await lead.answer(TASK, ITEM, "pass");
    await lead.retractAnswer(TASK, ITEM);
    await exchange(lead, member);
    const record = await member.record(TASK);
    await lead.retract(TASK, finding, "重复");

    expect(ofKind(record, "finding/").map((item) => said1(item.value, "level"))).toEqual(["major"]);
    expect(ofKind(record, "photo/")).toEqual([]);
    expect(ofKind(record, "answer/")).toEqual([]);
    expect(ofKind(await lead.record(TASK), "finding/")).toEqual([]);
    await expect(lead.retract(TASK, `photo/${uuid7(0)}`, "x")).rejects.toBeInstanceOf(
      NothingToRetract,
    );
  });

  test("that breaks its schema is neither signed nor kept", async () => {
    await expect(lead.answer(TASK, ITEM, "not_checked")).rejects.toBeInstanceOf(BadEntry);
    const wrong = lead.addPhoto(TASK, new Uint8Array([1]), { mime: "JPEG" });
    await expect(wrong).rejects.toBeInstanceOf(BadEntry);
    await lead.answer(TASK, ITEM, "not_checked", { reason: "停产" });

    expect((await signed(lead)).map((entry) => entry.seq)).toEqual([1]);
    expect((await lead.photo(await sha256Hex(new Uint8Array([1])))).length).toBe(0);
  });

  test("of an item that no checklist of the task has is refused", async () => {
    for (const item of ["answer/dust/D09", "answer/other/D01"]) {
      await expect(lead.answer(TASK, item, "pass")).rejects.toBeInstanceOf(UnknownItem);
      const finding = lead.addFinding(TASK, { ...FINDING, answer_item: item });
      await expect(finding).rejects.toBeInstanceOf(UnknownItem);
    }
    await lead.addFinding(TASK, { ...FINDING, answer_item: "" });

    expect((await lead.entries()).length).toBe(1);
  });

  test("while a checklist is not on the phone may be of any item", async () => {
    await show(lead.store, {
      [`task/${TASK}`]: { form_set: "dust@1+rooms@2", number: NUMBER, enterprise_id: "e" },
    });
    await lead.answer(TASK, "answer/rooms/R01", "pass");

    expect((await lead.entries()).length).toBe(1);
  });

  test("needs a user and a task; a hidden task that was captured before is known", async () => {
    await lead.note(TASK, "一");
    await lead.store.stage([], ["law"]);
    await lead.store.flip({ fresh: false, settings: {} });
    await lead.note(TASK, "二");
    await expect(lead.note(OTHER_TASK, "无")).rejects.toBeInstanceOf(UnknownTask);
    await lead.store.put({ user: "" });
    await expect(lead.note(TASK, "三")).rejects.toBeInstanceOf(NotEnrolled);

    expect((await signed(lead)).map((entry) => entry.form)).toEqual(["dust@1", "dust@1"]);
  });

  test("and set aside by the server is no longer shown", async () => {
    await lead.answer(TASK, ITEM, "pass");
    await lead.answer(TASK, SECOND, "pass");
    const [row] = await lead.entries();
    await lead.record(TASK);
    const result = { hash: row?.hash ?? "", effect: "quarantined", reason: "closed" };
    await lead.store.acknowledge(EPOCH, [result]);

    expect([...(await lead.record(TASK)).items.keys()]).toEqual([SECOND]);
  });
});

describe("a photo", () => {
  test("that the storage did not keep as it is is cited by nothing", async () => {
    const plain = Sealer.prototype.unseal;
    vi.spyOn(Sealer.prototype, "unseal").mockImplementation(async function (
      this: Sealer,
      ...given: Parameters<typeof plain>
    ) {
      return given[0] === "pieces" ? new Uint8Array([0]) : await plain.apply(this, given);
    });
    const refused = lead.addPhoto(TASK, new Uint8Array([1, 2, 3]));
    await expect(refused).rejects.toBeInstanceOf(PhotoNotKept);

    expect(await lead.entries()).toEqual([]);
    expect((await lead.record(TASK)).items.size).toBe(0);
  });

  test("of which the entry could not be saved does not stay behind", async () => {
    const content = new Uint8Array([1, 2, 3]);
    vi.spyOn(lead.store, "addOwn").mockRejectedValueOnce(new StaleHead());
    await expect(lead.addPhoto(TASK, content)).rejects.toBeInstanceOf(StaleHead);
    const left = await lead.store.uploads([await sha256Hex(content)]);
    await lead.addPhoto(TASK, content);

    expect(left.size).toBe(0);
    expect((await lead.photo(await sha256Hex(content))).length).toBe(3);
  });

  test("taken twice is kept once and cited twice; a failed save leaves the other", async () => {
    const content = new Uint8Array([1, 2, 3]);
    await lead.addPhoto(TASK, content);
    vi.spyOn(lead.store, "addOwn").mockRejectedValueOnce(new StaleHead());
    await expect(lead.addPhoto(TASK, content)).rejects.toBeInstanceOf(StaleHead);
    const left = await lead.photo(await sha256Hex(content));
    await lead.addPhoto(TASK, content);

    expect(left.length).toBe(3);
    expect(ofKind(await lead.record(TASK), "photo/").length).toBe(2);
  });
});

test("a phone knows its user and its name on photos", async () => {
  expect(await lead.user()).toBe(held.of.user);
  expect(await lead.replica()).toBe((await inUse(lead.store)).id);
});
