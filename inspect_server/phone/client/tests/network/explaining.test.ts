import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  OF_ENTRIES,
  OF_SYNCS,
  explainEntry,
  explainProblem,
} from "../../src/network/explaining.ts";

const root = new URL("../../../../../", import.meta.url);
const protocol = readFileSync(new URL("sync/protocol.py", root), "utf8");
const document = readFileSync(new URL("docs/sync.md", root), "utf8");

/** The codes of the table of errors, but for those that other parts of the phone handle. */
function codesOfDocument(): readonly string[] {
  const table = /### Errors\n([\s\S]*?)\n### /.exec(document)?.[1] ?? "";
  const codes = [...table.matchAll(/^\| \d{3} \| `([a-z_.0-9]+)` \|/gm)].map((one) => one[1] ?? "");
  const elsewhere = [
    "account.second_factor_wanted", // said by enrolling itself
    "replica.other_user",
    "sync.not_in_scope", // of one partner's photo
    "sync.not_here_yet",
    "http.416",
    "blob.missing", // of previews, as all that begin so
    "sync.media_type", // a program's mistake, as any other unknown code
    "sync.schema",
  ];
  const ofSyncs = codes.filter((code) => !code.startsWith("preview."));
  return ofSyncs.filter((code) => !elsewhere.includes(code));
}

test("every reason that the server may give is explained", () => {
  const listed = /Reason = Literal\[([\s\S]*?)\]/.exec(protocol)?.[1] ?? "";
  const reasons = [...listed.matchAll(/"([a-z_]+)"/g)].map((one) => one[1] ?? "");

  expect(reasons.length).toBeGreaterThan(9);
  expect(reasons.filter((reason) => !OF_ENTRIES.has(reason))).toEqual([]);
});

test("every error of the protocol that a sync meets is explained", () => {
  const codes = codesOfDocument();

  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !OF_SYNCS.has(code))).toEqual([]);
});

test("each says what happened, that nothing is lost, and what comes next", () => {
  for (const [code, one] of [...OF_ENTRIES, ...OF_SYNCS]) {
    for (const sentence of [one.happened, one.kept, one.next]) {
      expect(sentence, code).toMatch(/[\u4e00-\u9fff].*。$/);
    }
    expect(one.title, code).not.toMatch(/[。，]$/);
    expect(one.kept, code).toContain("没有丢失");
    expect(`${one.title}${one.happened}${one.next}`, code).not.toMatch(/[a-z]{4,}\./);
  }
});

test("who has to act is named in what comes next", () => {
  const words = {
    supervisor: /承办机构负责人|系统管理员/,
    admin: /系统管理员|管理员/,
    lead: /主办人员/,
    officer: /请|升级/,
    nobody: /./,
  };
  for (const [code, one] of [...OF_ENTRIES, ...OF_SYNCS]) {
    expect(one.next, code).toMatch(words[one.acting]);
  }
});

test("an entry that counts needs no words, one with an unknown reason gets some", () => {
  expect(explainEntry("applied", "")).toBeUndefined();
  expect(explainEntry("conflict", "")).toBeUndefined();
  expect(explainEntry("applied", "fork")?.title).toBe("本机数据曾被复制");
  expect(explainEntry("held", "")?.title).toBe("等待前面的内容");
  expect(explainEntry("quarantined", "closed")?.title).toBe("记录已办结");
  expect(explainEntry("quarantined", "of_tomorrow")?.acting).toBe("supervisor");
});

test("an unknown code is told as it is, for whoever is asked for help", () => {
  expect(explainProblem("of.tomorrow").happened).toContain("of.tomorrow");
});
