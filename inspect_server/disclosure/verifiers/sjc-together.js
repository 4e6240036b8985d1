/*
 * Certificates side by side: a random value serves one commit, and a batch is drawn once.
 *
 * Whoever commits twice to one value of a chain, or to one issue of a lottery, keeps the result
 * that suits; each certificate alone would be perfect. So both are rejected.
 */
"use strict";

// eslint-disable-next-line no-unused-vars
const SjcTogether = (() => {
  const { need, hex, parse, utf8, jcs, same, checkBody } = SjcForms;

  function read(text) {
    const cert = parse(text.replace(/^\ufeff/, "")), body = cert.commit_body;
    need(body.suite === "sha256" || body.suite === "sm3", "另一份证书的哈希算法未知");
    checkBody(body, body.draw_no !== "compute");
    const { of } = SjcHashes[body.suite];
    const commit = hex(of(SjcTeams.joined([of(utf8("sjc/commit/1")), jcs(body)])));
    same(cert.commit, commit, `抽取 ${body.draw_no} 的承诺值与其承诺内容不符`);
    return cert;
  }

  /* Dice are rolled anew for each draw, and the bureau itself numbers them. */
  function named({ commit_body: body, replacements }) {
    const declared = (body.sources || []).filter((one) => one.kind !== "dice");
    return [
      ...declared.map((one) => `${one.name} 第 ${one.issue} 个（期）值`),
      ...replacements.map((one) => `${one.source} 第 ${one.issue} 个（期）值`),
    ];
  }

  /* The batch that a draw stands for; none when it is void or names none. */
  function batchOf({ commit_body: body, ...cert }) {
    const batch = body.rules && body.rules.batch;
    if (!batch || "void" in cert) return "";
    return JSON.stringify([body.authority, batch.year, batch.number, batch.of]);
  }

  function check({ cert, files }) {
    const used = new Set(named(cert)), batch = batchOf(cert);
    const others = files.others.map(read).filter((other) => other.commit !== cert.commit);
    for (const other of others) {
      const number = other.commit_body.draw_no;
      const twice = named(other).find((one) => used.has(one));
      need(!twice, `与抽取 ${number} 用了同一个随机值（${twice}），两次都不可信`);
      need(!batch || batch !== batchOf(other), `抽取 ${number} 是同一批次的另一次抽取，且都未作废`);
    }
    return `${others.length} 份，没有共用的随机值`;
  }

  return { check };
})();
