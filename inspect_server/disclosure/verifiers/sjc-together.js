/*
 * Certificates side by side: one commit has one result, and what it takes is nobody else's.
 *
 * Whoever commits twice to one value of a chain or one issue of a lottery keeps the result that
 * suits, and so does who draws one commit or one month twice; each certificate alone would be
 * perfect. So both are rejected. So are two commits under one number, and two that follow one leaf
 * of the draw log: each commit is a leaf itself, so a log with both was forked. And so are a void on
 * paper, which two officials could make alone, and the draw that repeats its batch with a chain of
 * the witness that it gave up, whatever it calls that chain or its authority.
 */
"use strict";

// eslint-disable-next-line no-unused-vars
const SjcTogether = (() => {
  const {
    need, hex, bytes, parse, canonical, utf8, jcs, same, checkCertificate, checkSignature, checkSources, checkVoid,
  } = SjcForms;
  const LONGEST = 100000; // values of a chain
  const MET = new Map(); // pairs of anchors, and how far they are apart
  const ROWS = {
    entropy: ["source", "issue", "bytes_hex", "proof"],
    selected: ["cell", "c", "ticket"],
    replacements: ["source", "issue", "bytes_hex", "proof"],
  };

  /* Read as strictly as comparing needs; nothing of another draw is recomputed. */
  function read(text) {
    const cert = parse(text.replace(/^\ufeff/, "")), body = cert.commit_body;
    need(body.suite === "sha256" || body.suite === "sm3", "另一份证书的哈希算法未知");
    checkCertificate(cert);
    canonical(cert);
    for (const [name, texts] of Object.entries(ROWS)) {
      const isRead = cert[name].every((row) => typeof row === "object" && texts.every((one) => typeof row[one] === "string"));
      need(isRead, `抽取 ${body.draw_no} 的 ${name} 不可读`);
    }
    cert.signatures.forEach(checkSignature);
    if ("void" in cert) checkVoid(cert.void);
    const { of } = SjcHashes[body.suite];
    const commit = hex(of(SjcTeams.joined([of(utf8("sjc/commit/1")), jcs(body)])));
    same(cert.commit, commit, `抽取 ${body.draw_no} 的承诺值与其承诺内容不符`);
    return cert;
  }

  /* What happened to a commit, in order: versions of it only ever add to the end. */
  function history({ entropy, seed, r, counts, selected, teams, replacements, ...cert }) {
    const chosen = selected.map(({ cell, c, ticket }) => [cell, c, ticket]);
    const drawn = [entropy, seed, r, counts, chosen, teams];
    return [drawn, ...replacements, ...("void" in cert ? [cert.void] : [])].map(canonical);
  }

  /* Any value of a chain may be called its anchor, so the values are compared as well. Dice are
     rolled anew for each draw, and the bureau itself numbers them. */
  function named({ commit_body: body, entropy, replacements }) {
    const declared = (body.sources || []).filter((one) => one.kind !== "dice");
    const shown = entropy.filter((one) => one.proof && one.source !== "dice.d6");
    return [
      ...declared.map((one) => `${one.name} 第 ${one.issue} 个（期）值`),
      ...replacements.map((one) => `${one.source} 第 ${one.issue} 个（期）值`),
      ...[...shown, ...replacements].map((one) => `链值 ${one.bytes_hex}`),
    ];
  }

  /* An authority is known by its name, and by its keys should it write that anew. */
  const known = ({ commit_body: { authority }, signatures }) =>
    [authority, ...signatures.map((one) => one.key_id)];

  const isOneAuthority = (cert, other) => {
    const own = new Set(known(cert));
    return known(other).some((who) => own.has(who));
  };

  /* Whether two draws stand for one month; a computation stands for none. */
  function sameMonths({ commit_body: { rules: one } }, { commit_body: { rules: two } }) {
    if (!one || !two || one.batch.year !== two.batch.year) return false;
    const [first, second] = [one, two].map(({ batch: { number, of } }) => [number - 1, number].map((n) => n * 12 / of));
    return first[0] < second[1] && second[0] < first[1];
  }

  function checkLog(cert, other) {
    const [one, two] = [cert.commit_body, other.commit_body], number = two.draw_no;
    if (!one.rules || !two.rules) return;
    need(number !== one.draw_no || !isOneAuthority(cert, other), `另一次承诺也编号为 ${number}，两次都不可信`);
    need(one.prev_leaf !== two.prev_leaf, `与抽取 ${number} 接在记录的同一位置之后（记录分叉），两次都不可信`);
  }

  /* The position of one anchor on the chain of another one; NaN where they are of two chains. */
  function apart(suite, name, anchor) {
    const pair = `${suite} ${name} ${anchor}`;
    if (!MET.has(pair)) MET.set(pair, SjcHashes.apart(SjcHashes[suite], bytes(name), bytes(anchor), LONGEST));
    return MET.get(pair);
  }

  /* The least and the greatest position of each chain of the witness that a certificate names. */
  function taken({ commit_body: { sources }, replacements }) {
    const rows = replacements.map(({ source, issue }) => ({ kind: "witness_chain", name: source, issue }));
    rows.forEach((row) => checkSources([row]));
    const found = new Map();
    for (const { kind, name, issue } of [...(sources || []), ...rows]) {
      if (kind !== "witness_chain") continue;
      const [least, most] = found.get(name) || [issue, issue];
      found.set(name, [Math.min(least, issue), Math.max(most, issue)]);
    }
    return [...found];
  }

  /* Whether one takes chance from a chain of the witness that the void of the other gave up, by
     commit or replacement and under any anchor. A batch is free before it is drawn again, so what
     an earlier draw of it took lies before everything that a later one did. */
  function goesOn(ended, later) {
    const ends = ended.void && (ended.void.reason === "witness.lost" || "paper_sha256" in ended.void.cosigned);
    if (!ends) return false;
    const { suite } = ended.commit_body, givenUp = taken(ended), again = taken(later);
    return again.some(([anchor, [, most]]) => givenUp.some(
      ([name, [least]]) => apart(suite, name, anchor) + least < most));
  }

  function check({ cert, files }) {
    const others = files.others.map(read), own = history(cert);
    const used = new Set(named(cert));
    const isVoid = new Set([cert, ...others].filter((one) => "void" in one).map((one) => one.commit));
    let count = 0;
    for (const other of others) {
      const number = other.commit_body.draw_no;
      if (other.commit === cert.commit) {
        const alike = history(other).every((step, n) => n >= own.length || step === own[n]);
        need(alike, `抽取 ${number} 的同一承诺有两种结果、两种替补或者两种作废，都不可信`);
        continue;
      }
      const twice = named(other).find((one) => used.has(one));
      need(!twice, `与抽取 ${number} 用了同一个随机值（${twice}），两次都不可信`);
      checkLog(cert, other);
      const stand = !isVoid.has(cert.commit) && !isVoid.has(other.commit), again = sameMonths(cert, other);
      need(!stand || !again || !isOneAuthority(cert, other), `抽取 ${number} 是同一批次的另一次抽取，且都未作废`);
      need(!again || (!goesOn(cert, other) && !goesOn(other, cert)),
        `与抽取 ${number} 是同一批次，作废后见证链已停用，重抽却仍用同一条链`);
      count += 1;
    }
    return `${count} 份，没有共用的随机值`;
  }

  return { apart, check };
})();
