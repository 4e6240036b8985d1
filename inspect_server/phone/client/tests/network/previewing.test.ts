import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { fromUtf8 } from "../../src/core/bytes.ts";
import { PATHS } from "../../src/network/asking/messages.ts";
import { preview } from "../../src/network/previewing.ts";
import type { Wanted } from "../../src/network/previewing.ts";
import { Hand, TASK } from "./hand.ts";
import { json, problem } from "./server/replying.ts";
import type { Asked } from "./server/replying.ts";

const WANTED: Wanted = { task: TASK, document: "order", paper: "80mm" };
const REPLY = {
  title: "责令限期整改指令书",
  number: "2026-0007",
  stage: "open",
  said_sha256: "0".repeat(64),
  lacking: [{ code: "close.unsigned", detail: "企业尚未签名。" }],
  pictures_left_out: 0,
  pdf_b64: btoa("%PDF-1.7"),
  server_time: "2026-03-02T09:00:00.000+08:00",
};

function asked(hand: Hand, answer: Response): ReturnType<typeof preview> {
  const fetch = (): Promise<Response> => Promise.resolve(answer);
  return preview(hand.store, WANTED, { fetch });
}

test("a preview is asked for with the login and comes as bytes to show", async () => {
  const hand = await Hand.enrolled();
  const seen: Asked[] = [];
  const reply = await json(REPLY);
  hand.server.before = (one) => {
    seen.push(one);
    return reply;
  };
  const shown = await preview(hand.store, WANTED, { fetch: hand.server.fetch });
  const [{ path, headers, body } = {} as Asked] = seen;

  expect([path, headers.get("Authorization")]).toEqual([PATHS.previews, "Bearer pull-token"]);
  expect(JSON.parse(fromUtf8(body ?? new Uint8Array()))).toEqual({
    inspection: TASK,
    document: "order",
    paper: "80mm",
  });
  expect([shown.stage, fromUtf8(shown.pdf)]).toEqual(["open", "%PDF-1.7"]);
  expect(shown.lacking).toEqual(REPLY.lacking);
});

test("where there is none the server's sentence is shown", async () => {
  const hand = await Hand.enrolled();
  const said = { detail: "没有须由企业整改的问题，不制作责令限期整改指令书。" };
  const refused = asked(hand, problem(409, "preview.nothing_ordered", said));

  await expect(refused).rejects.toMatchObject({ remote: "preview.nothing_ordered" });
});

test("what is no preview is no answer", async () => {
  const hand = await Hand.enrolled();

  await expect(asked(hand, await json({ ...REPLY, stage: "?" }))).rejects.toMatchObject({
    code: "phone.out_of_reach",
  });
  await expect(asked(hand, await json({ ...REPLY, pdf_b64: "!" }))).rejects.toMatchObject({
    code: "phone.out_of_reach",
  });
});

test("before a phone is enrolled nothing is asked for", async () => {
  const refused = asked(await Hand.fresh(), await json(REPLY));

  await expect(refused).rejects.toMatchObject({ code: "phone.not_enrolled" });
});
