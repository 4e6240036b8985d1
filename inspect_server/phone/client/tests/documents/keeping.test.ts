/** What is kept of documents is sealed, is found again, and says whether anything changed. */

import { renderToString } from "vue/server-renderer";
import { createSSRApp, h } from "vue";
import { describe, expect, test } from "vitest";
import ComparedBy from "../../src/app/documents/ComparedBy.vue";
import {
  compared,
  fileName,
  isSigned,
  keep,
  keptOf,
  witness,
  witnessedOf,
} from "../../src/app/documents/keeping.ts";
import { vaultName } from "../../src/store/schema.ts";
import { ITEM, STROKES } from "../capture/team.ts";
import { OTHER_TASK, TASK, dumped, emptyBrowser } from "../store/keeping.ts";
import { RECORD, SHOWN, signAll, working } from "./kept.ts";

emptyBrowser();

describe("what was shown", () => {
  test("is found again by document and paper, and lies sealed", async () => {
    const { store } = await working();
    await keep(store, RECORD, SHOWN, [TASK]);

    expect(await keptOf(store, RECORD)).toEqual(SHOWN);
    expect(await keptOf(store, { ...RECORD, paper: "80mm" })).toBeNull();
    expect(await keptOf(store, { ...RECORD, document: "order" })).toBeNull();
    expect(await dumped(vaultName(store.vault))).not.toContain(SHOWN.title);
  });

  test("goes with its task; other drafts stay", async () => {
    const { store } = await working();
    const other = { ...RECORD, task: OTHER_TASK };
    await store.putDraft(`note:${OTHER_TASK}`, "…");
    await keep(store, other, SHOWN, []);
    await witness(store, other, SHOWN);
    await keep(store, RECORD, SHOWN, [TASK]);

    expect(await keptOf(store, other)).toBeNull();
    expect(await witnessedOf(store, other)).toBeNull();
    expect(await store.draft(`note:${OTHER_TASK}`)).toBe("…");
  });
});

describe("a document that was issued", () => {
  const issued = { ...SHOWN, stage: "issued" } as const;
  const seen = { said: SHOWN.said, at: SHOWN.at };

  test.each([
    [issued, seen, "same"],
    [{ ...issued, said: "2".repeat(64) }, seen, "changed"],
    [{ ...issued, stage: "closed" }, seen, "same"],
    [issued, null, "unseen"],
    [SHOWN, seen, null],
  ] as const)("compares with what was read after signing (%#)", (shown, witnessed, expected) => {
    expect(compared(shown, witnessed)).toBe(expected);
  });

  test("is called by its number, a preview by that it is one", () => {
    const numbered = { ...issued, number: "（苏·云）应急检记〔2026〕1号" };
    expect(fileName(numbered, RECORD)).toBe("现场检查记录_（苏·云）应急检记〔2026〕1号.pdf");
    expect(fileName(SHOWN, { ...RECORD, paper: "80mm" })).toBe(
      "现场检查记录_2026-0007_预览_80毫米.pdf",
    );
    expect(fileName({ ...SHOWN, number: "a/b" }, RECORD)).not.toContain("/");
  });
});

describe("a record is signed", () => {
  test("once all have signed, until something changes", async () => {
    const phone = await working();
    await phone.answer(TASK, ITEM, "pass");
    const before = isSigned(await phone.record(TASK), "record");
    await signAll(phone);
    const signed = isSigned(await phone.record(TASK), "record");
    const order = isSigned(await phone.record(TASK), "order");
    await phone.note(TASK, "补充");

    expect([before, signed, order]).toEqual([false, true, false]);
    expect(isSigned(await phone.record(TASK), "record")).toBe(false);
  });

  test("also by a refusal: the witness that it calls for has to sign nothing", async () => {
    const phone = await working();
    await phone.answer(TASK, ITEM, "pass");
    const worker = await phone.participant(TASK, "operator", "孙工");
    await phone.participant(TASK, "witness", "赵六");
    await signAll(phone);
    const refused = { refused: true, refusal_reason: "不了解情况" };
    await phone.sign(TASK, "participant", "孙工", [], { ...refused, participant: worker });
    const byOne = isSigned(await phone.record(TASK), "record");
    await phone.sign(TASK, "enterprise", "", [], refused);
    const byParty = isSigned(await phone.record(TASK), "record");
    await phone.sign(TASK, "witness", "赵六", STROKES);

    expect([byOne, byParty]).toEqual([true, true]);
    expect(isSigned(await phone.record(TASK), "record")).toBe(true);
  });
});

test.each(["open", "closed", "issued"] as const)(
  "the value compared has a name of its own, and %s is not taken for the paper's",
  async (stage) => {
    const of = { said: "0".repeat(64), stage };
    const shown = await renderToString(createSSRApp({ render: () => h(ComparedBy, of) }));
    expect(shown).toContain("内容比对值");
    expect(shown).toContain(of.said);
    // 内容摘要 is the value in the QR code of the paper: it is named to tell them apart only.
    const named = shown.match(/[^，。]*内容摘要/gu) ?? [];
    const isIssued = stage === "issued";
    expect(named.some((one) => one.endsWith("不是纸质文书二维码中的内容摘要"))).toBe(isIssued);
    expect(shown.includes("内容摘要")).toBe(isIssued);
  },
);
