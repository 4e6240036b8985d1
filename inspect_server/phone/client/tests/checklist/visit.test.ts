/** A task on the screen: what is read, what is saved, and what comes in meanwhile. */

import { beforeEach, describe, expect, test, vi } from "vitest";

import { Sheet } from "../../src/app/checklist/sheet.ts";
import { formsOf, openVisit, placesOf } from "../../src/app/checklist/visit.ts";
import type { Visit } from "../../src/app/checklist/visit.ts";
import type { TaskBody } from "../../src/app/reading/bodies.ts";
import { listed } from "../../src/app/findings/listing.ts";
import { citedBy, saveFinding } from "../../src/app/findings/saving.ts";
import type { Phone } from "../../src/capture/phone.ts";
import { PhoneError } from "../../src/core/problems.ts";
import { seenOf } from "../../src/capture/seen.ts";
import type { Seen } from "../../src/capture/seen.ts";
import type { Form } from "../../src/forms/body.ts";
import type { Item } from "../../src/merging/items.ts";
import { ME, PARTNER, head, item } from "./folded.ts";

const TASK = "0198aaaa-0000-4000-8000-000000000001";
const D01 = "answer/dust/D01";
const FORM = {
  name: "dust",
  version: 1,
  title: "粉尘涉爆",
  device_clause: null,
  sections: [
    {
      title: "一节",
      items: [
        { code: "D01", kind: "check", question: "甲", finding: "积尘", rectify: 10, major: "yes" },
        { code: "D02", kind: "check", question: "乙" },
      ],
    },
  ],
};
const BODY = {
  id: TASK,
  form_set: "dust@1",
  team: [
    { user_id: ME, name: "张建国", role: "lead" },
    { user_id: PARTNER, name: "李慧敏", role: "member" },
  ],
  others: [],
};
const FOUND = {
  answer_item: D01,
  level: "major",
  text: "积尘",
  place: "打磨车间",
  basis: "《甲法》第一条",
  penalty_basis: "",
  measure: "suspend",
  deadline: "2026-03-12",
  corrected_on_site: false,
};

/** A phone in memory; what is saved in one go stands in one list of `entries`. */
class Bench {
  readonly items = new Map<string, Item>();
  readonly entries: string[][] = [];
  readonly listeners = new Set<(task: string, item: string) => void>();
  #group: string[] | undefined;

  body: Record<string, unknown> | undefined = BODY;
  forms: object[] = [FORM];
  laws: object[] = [];

  readonly phone = {
    tasks: () => Promise.resolve(this.body ? [this.body] : []),
    documents: (kind: string) => Promise.resolve(kind === "form" ? this.forms : this.laws),
    record: () => Promise.resolve({ items: new Map(this.items) }),
    item: (_: string, id: string) => Promise.resolve(this.items.get(id)),
    user: () => Promise.resolve(ME),
    onChange: (listener: (task: string, item: string) => void) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
    answer: (_: string, id: string, result: string, behind: object) =>
      this.put("answer.set", id, { result, ...behind }),
    addFinding: (_: string, value: unknown) => this.put("finding.add", "finding/1", value),
    amendFinding: (_: string, id: string, value: unknown) => this.put("finding.amend", id, value),
    together: async (_: string, work: (group: unknown) => Promise<unknown>) => {
      this.#group = [];
      const done = await work(this.phone);
      this.entries.push(this.#group);
      this.#group = undefined;
      return done;
    },
  };

  put(type: string, id: string, value: unknown, user = ME): Promise<string> {
    this.items.set(id, item(id, head(value, user, type)));
    if (this.#group) this.#group.push(type);
    else this.entries.push([type]);
    for (const listener of this.listeners) listener(TASK, id);
    return Promise.resolve(id);
  }

  /** Something changed: of a task, or "" for whatever a sync brought. */
  hear(task: string): void {
    for (const listener of this.listeners) listener(task, "");
  }

  open(): Promise<Visit> {
    const phone = this.phone as unknown as Phone;
    return openVisit(phone, TASK, false, () => Promise.resolve([]));
  }
}

type Member = (typeof BODY.team)[number];
let bench: Bench;

beforeEach(() => {
  bench = new Bench();
  vi.stubGlobal("document", { visibilityState: "hidden" }); // nobody looks: nothing is painted
});

describe("a visit", () => {
  test("is of the day on which somebody arrived first, whoever that was", async () => {
    const start = { place: "厂区门口" };
    await bench.put("visit.start", "visit/start/b", start, PARTNER);
    const visit = await bench.open();

    expect(visit).toMatchObject({ day: "2026-03-02", user: ME, isLead: true, leadName: "张建国" });
    expect(visit.names.get(PARTNER)).toBe("李慧敏");
    expect(placesOf(visit.items)).toEqual(["厂区门口"]);
  });

  test("follows the office: another lead, other names and law values, after any sync", async () => {
    const visit = await bench.open();
    const before = [visit.isLead, visit.leadName, visit.laws.size];
    const [me, partner] = BODY.team as [Member, Member];
    bench.body = { ...BODY, team: [{ ...partner, role: "lead" }, { ...me, role: "member" }] };
    bench.laws = [{ id: "L1" }];
    bench.hear("");
    await vi.waitFor(() => expect(visit.isLead).toBe(false));
    bench.body = { ...BODY, team: [me, { ...partner, name: "李慧" }] };
    bench.hear("");
    bench.hear("");
    await vi.waitFor(() => expect(visit.isLead).toBe(true));

    expect(before).toEqual([true, "张建国", 0]);
    expect(visit).toMatchObject({ leadName: "张建国", laws: new Map([["L1", { id: "L1" }]]) });
    expect(visit.names.get(PARTNER)).toBe("李慧");
    expect(visit.isOutdated.value).toBe(false);
  });

  test("is outdated once other checklists are here; a task that left is kept", async () => {
    const visit = await bench.open();
    bench.body = { ...BODY, form_set: "dust@2" };
    const asked = vi.spyOn(bench.phone, "tasks");
    bench.hear("");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(1));
    await new Promise((resolve) => setTimeout(resolve)); // it was read to its end
    const without = visit.isOutdated.value;
    bench.forms = [FORM, { ...FORM, version: 2 }];
    bench.hear("");
    await vi.waitFor(() => expect(visit.isOutdated.value).toBe(true));
    bench.body = undefined;
    bench.hear("");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(3));

    expect([without, visit.isLead]).toEqual([false, true]);
  });

  test("without one of its checklists says which is missing", async () => {
    bench.phone.documents = () => Promise.resolve([]);

    await expect(bench.open()).rejects.toThrow("本机没有检查表“dust@1”，请先联网同步。");
  });

  test("hears of its own task only, and reads all of it where it may have changed", async () => {
    const visit = await bench.open();
    const heard: (readonly string[] | undefined)[] = [];
    visit.onTaken((ids) => heard.push(ids));
    bench.items.set(D01, item(D01, head({ result: "pass" }, PARTNER)));
    for (const listener of bench.listeners) listener("another", D01);
    await visit.refresh([""]);

    expect(heard).toEqual([undefined]);
    expect(visit.items.get(D01)?.users).toEqual([PARTNER]);
    visit.close();
    expect(bench.listeners.size).toBe(0);
  });
});

describe("a checklist of it", () => {
  test("saves an answer and shows it as the record has it", async () => {
    const visit = await bench.open();
    const sheet = new Sheet(visit.forms[0] as Visit["forms"][number], visit);
    sheet.queue.put("D01", { result: "pass", reason: "", note: "" });
    expect(sheet.row("D01").value.saving).toBe("saving");
    await sheet.queue.settled();

    expect(bench.entries).toEqual([["answer.set"]]);
    expect(sheet.row("D01").value).toMatchObject({ saving: "", isAnswered: true });
    expect(sheet.progress().value).toEqual({
      total: 2,
      answered: 1,
      failed: 0,
      settled: 1,
      open: 1,
    });
  });

  test("shows what a partner's phone said, and nothing twice", async () => {
    const visit = await bench.open();
    const sheet = new Sheet(visit.forms[0] as Visit["forms"][number], visit);
    visit.onTaken((ids) => sheet.take(visit.items, ids));
    await bench.put("answer.set", D01, { result: "fail", reason: "", note: "" }, PARTNER);
    await visit.refresh([]);
    const shown = sheet.row("D01").value;
    sheet.take(visit.items, [D01]);

    expect(shown).toMatchObject({ isFailed: true });
    expect(sheet.row("D01").value).toBe(shown);
    expect(sheet.wanted("failed")).toEqual(new Set(["D01"]));
    expect(sheet.wanted("open")).toEqual(new Set(["D01", "D02"]));
  });

  test("takes nothing back that was never saved", async () => {
    const visit = await bench.open();
    const sheet = new Sheet(visit.forms[0] as Visit["forms"][number], visit);
    sheet.queue.put("D01", null);
    await sheet.queue.settled();

    expect(bench.entries).toEqual([]);
    expect(sheet.row("D01").value.problem).toBe("");
  });
});

describe("what comes in while somebody writes in an item", () => {
  test("is shown when the writing ends, and is not what the save replaces", async () => {
    const mine = { result: "pass", reason: "", note: "" };
    await bench.put("answer.set", D01, mine, PARTNER);
    const visit = await bench.open();
    const sheet = new Sheet(visit.forms[0] as Visit["forms"][number], visit);
    visit.onTaken((ids) => sheet.take(visit.items, ids));
    const before = seenOf(visit.items.get(D01));
    const release = sheet.hold("D01");
    await bench.put("answer.set", D01, { ...mine, result: "fail" }, PARTNER);
    await visit.refresh([D01]);
    expect(sheet.row("D01").value.answer?.result).toBe("pass");

    const save = vi.spyOn(bench.phone, "answer");
    sheet.queue.put("D01", { ...mine, note: "写完" });
    release();
    await sheet.queue.settled();
    const [, , result, behind, seen] = save.mock.calls[0] as unknown[];
    expect([result, behind]).toEqual(["pass", { reason: "", note: "写完" }]);
    expect(seenOf(seen as Seen)).toEqual(before);
  });
});

describe("a finding", () => {
  const answer = { result: "fail", reason: "", note: "" };

  test("is one entry with the note of its answer, where that changed", async () => {
    await bench.put("answer.set", D01, answer);
    const visit = await bench.open();
    await saveFinding(visit, "", FOUND, { item: D01, answer, note: "面积不足" });
    await saveFinding(visit, "finding/1", FOUND, { item: D01, answer, note: "" });

    const [, first, second] = bench.entries;
    expect(first).toEqual(["answer.set", "finding.add"]);
    expect(second).toEqual(["finding.amend"]);
    expect(visit.items.get(D01)?.value).toMatchObject({ result: "fail", note: "面积不足" });
  });

  test("replaces what its form showed: that, and the answer's, goes to the save", async () => {
    await bench.put("answer.set", D01, answer);
    await bench.put("finding.add", "finding/1", FOUND);
    const visit = await bench.open();
    const [finding, said] = ["finding/1", D01].map((id) => seenOf(visit.items.get(id)));
    await bench.put("finding.amend", "finding/1", { ...FOUND, text: "同伴改的" }, PARTNER);
    const saves = [vi.spyOn(bench.phone, "amendFinding"), vi.spyOn(bench.phone, "answer")];
    const seen = { finding: finding as Seen, answer: said as Seen };
    const cited = citedBy(D01, { note: "面积不足", answer, seen });
    await saveFinding(visit, "finding/1", FOUND, cited, seen.finding);

    const last = saves.map((save) => (save.mock.calls[0] as unknown[]).at(-1));
    expect(last).toEqual([finding, said]);
    expect(citedBy("", { note: "", answer, seen })).toBeUndefined();
  });

  test("is listed with its item in the order of the paper, those outside behind", async () => {
    await bench.put("finding.add", "finding/0", { ...FOUND, answer_item: "", measure: "refer" });
    await bench.put("finding.add", "finding/1", FOUND);
    await bench.put("answer.set", D01, answer);
    await bench.put("photo.add", "photo/1", { finding: "finding/1", answer_item: "" });
    const all = listed(await bench.open());

    expect(all.map(({ finding, kind, told, photos }) => [finding.id, kind, told, photos.length]))
      .toEqual([
        ["finding/1", "major", "D01 甲", 1],
        ["finding/0", "referred", "检查表以外", 0],
      ]);
    expect(all[0]?.suggestion?.level).toBe("major");
  });
});

test("what changes while a visit is being read is there when it is open", async () => {
  const before = bench.phone.record;
  bench.phone.record = async () => {
    const read = await before();
    await bench.put("answer.set", D01, { result: "pass", reason: "", note: "" }, PARTNER);
    return read;
  };
  const opening = bench.open();
  await vi.waitFor(() => expect(bench.items.size).toBe(1));
  bench.phone.record = before;

  expect((await opening).items.get(D01)?.users).toEqual([PARTNER]);
});

test("a checklist that is not on this phone is told with the next step", () => {
  const task = BODY as unknown as TaskBody;
  expect(() => formsOf(task, [])).toThrow(PhoneError);
  expect(() => formsOf(task, [])).toThrow("本机没有检查表“dust@1”，请先联网同步。");
  expect(formsOf(task, [FORM as unknown as Form])).toEqual([FORM]);
});
