/*
 * SJC-DRAW/1: trees of hashes (RFC 9162), and an enterprise's own proof of its place in a draw.
 *
 * Used by the browser's verifier; written from docs/draw.md and docs/disclosure.md.
 */
"use strict";

// eslint-disable-next-line no-unused-vars
const SjcProof = (() => {
  const { need, isText, hex, bytes, jcs, same, fields } = SjcForms;
  const KIND = "sjc/inclusion/1";
  const KEYS = "kind draw_no commit commit_body list index size line path record salt";
  const LISTS = {
    pool: { root: "pool_root", count: "included", name: "抽取池" },
    excluded: { root: "excluded_root", count: "excluded", name: "排除清单" },
  };
  const REASONS = {
    elsewhere: "不在本机关辖区", closed: "已注销或关闭", stopped: "已停产停业",
    recused: "本机关整体回避",
    under_way: "已抽中或已派发，尚未办结", cap_reached: "已达年度检查频次上限",
    key_at_cap: "重点企业本轮未检查，已达年度检查频次上限",
    key_covered: "重点企业本轮已检查", checked_recently: "近期已检查",
  };
  const WORDS = [ // of a cell's code, part by part
    { province: "省级", city: "市级", county: "县级", unlocated: "区划不明" },
    {
      dust_explosion: "粉尘涉爆", confined_space: "有限空间", metal_smelting: "金属冶炼",
      ammonia_refrigeration: "液氨制冷", hazardous_chemicals: "危险化学品", none: "无行业标签",
    },
    { red: "红", orange: "橙", yellow: "黄", blue: "蓝", unknown: "风险未定" },
    { A: "A级", B: "B级", C: "C级", D: "D级", unknown: "信用未评" },
    { never: "未检查过", recent: "近期检查过", earlier: "以前检查过", key: "重点企业" },
  ];
  const LINE = /^([!-~]{1,120})\t([0-9a-f]{64})$/;

  const odds = (ppm) => `${(ppm / 10000).toFixed(4)}%`;

  /* What people read for a cell's code; one that no plan makes is read as it stands. */
  function cellName(label) {
    const parts = label.split("."), [, ppm] = /^p([0-9]{1,7})$/.exec(parts[WORDS.length]) || [];
    const isCell = parts.length === WORDS.length + (ppm ? 1 : 0)
      && WORDS.every((names, n) => parts[n] === "any" || Object.hasOwn(names, parts[n]));
    if (!isCell) return label;
    const said = WORDS.map((names, n) => names[parts[n]]), name = said.filter(Boolean).join("·") || "其余";
    return ppm ? `${name}${said.slice(2).some(Boolean) ? "" : "各类"}，概率 ${odds(ppm)}` : name;
  }

  function leafInto(hash, line, room, level, at) {
    room[0] = 0;
    for (let n = 0; n < line.length; n++) {
      need(line.charCodeAt(n) < 128, "有不允许的字符");
      room[n + 1] = line.charCodeAt(n);
    }
    hash.into(room, line.length + 1, level, at);
  }

  function root(hash, lines) {
    let count = lines.length;
    if (!count) return hex(hash.of(new Uint8Array(0)));
    const level = new Uint8Array(32 * count);
    const longest = lines.reduce((most, line) => Math.max(most, line.length), 0);
    const room = new Uint8Array(longest + 1), pair = new Uint8Array(65);
    lines.forEach((line, n) => leafInto(hash, line, room, level, 32 * n));
    pair[0] = 1;
    for (; count > 1; count = (count + 1) >> 1) {
      for (let n = 0; n + 1 < count; n += 2) {
        pair.set(level.subarray(32 * n, 32 * n + 64), 1);
        hash.into(pair, 65, level, 16 * n);
      }
      if (count % 2) level.copyWithin(16 * (count - 1), 32 * (count - 1), 32 * count);
    }
    return hex(level, 0, 32);
  }

  /* The root to which a line and its path lead. */
  function rootFromPath(hash, line, index, size, path) {
    const found = new Uint8Array(32), pair = new Uint8Array(65), rest = [...path];
    leafInto(hash, line, new Uint8Array(line.length + 1), found, 0);
    pair[0] = 1;
    for (let at = index, last = size - 1; last; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
      if (at % 2 === 0 && at === last) continue;
      need(rest.length, "路径过短");
      pair.set(rest.shift(), at % 2 ? 1 : 33);
      pair.set(found, at % 2 ? 33 : 1);
      hash.into(pair, 65, found, 0);
    }
    need(!rest.length, "路径过长");
    return hex(found);
  }

  /* Check a proof against the commit of a certificate, and return what it says. */
  function check(draw, proof) {
    const { body, cert, hash } = draw;
    fields(proof, KEYS, "证明的字段不全或多余");
    need(draw.ceremony && proof.kind === KIND, "不是包含证明");
    need(proof.draw_no === body.draw_no, `证明属于抽取 ${proof.draw_no}，证书属于抽取 ${body.draw_no}`);
    same([proof.commit, proof.commit_body], [hex(draw.digest), body],
      "证明中的承诺与证书中的不同，请立即向本机关和监督部门反映");
    need(Object.keys(LISTS).includes(proof.list), "清单种类不明");
    const list = LISTS[proof.list], { index, size } = proof;
    same(size, body.counts[list.count], "清单家数与承诺不符");
    need(Number.isSafeInteger(index) && index >= 0 && index < size, "序号不对");
    const [, label, c] = LINE.exec(proof.line) || [];
    need(c, "清单行写法不对");
    same(committed(draw, proof), c, "企业身份和盐值得不出清单行中的承诺值");
    need(Array.isArray(proof.path), "路径不可读");
    const path = proof.path.map(bytes);
    need(path.every((step) => step.length === 32), "路径应为 32 字节的哈希值");
    same(rootFromPath(hash, proof.line, index, size, path), body[list.root],
      "由清单行和路径得不出已承诺的根哈希");
    const cell = body.cells.find((one) => one[0] === label);
    need(proof.list === "excluded" || cell, "清单行的单元未在承诺中声明");
    return { proof, list, label, c, ppm: cell && proof.list === "pool" ? cell[1] : null, came: cameOf(cert, c) };
  }

  /* How many identities are open: of whom the draw chose, and as they were committed to. */
  function opened(draw, beside) {
    const { selected, replacements } = draw.cert;
    const rows = replacements.filter((row) => row.kind === "enterprise");
    const chosen = new Set([...selected.map((one) => one.c), ...rows.map((row) => row.in)]);
    const shown = Object.entries(beside);
    for (const one of selected) if ("opening" in one) shown.push([one.c, one.opening]);
    for (const [c, opening] of shown) {
      need(chosen.has(c), `公开了既未抽中也未替补的企业身份（承诺值 ${c.slice(0, 16)}）`);
      fields(opening, "salt record", "身份信息的字段不全或多余");
      same(committed(draw, opening), c, `身份与承诺值 ${c.slice(0, 16)} 不符`);
    }
    const whose = new Map(shown.map(([c, { record }]) => [c, draw.ceremony ? record.uscc : c]));
    need(new Set(whose.values()).size === whose.size, "同一企业在抽取池中写了两次，概率加倍");
    return whose.size;
  }

  /* What an identity and its salt are committed to as. */
  function committed(draw, { salt: text, record }) {
    const salt = bytes(text), isObject = typeof record === "object" && !Array.isArray(record);
    need(salt.length === 32 && isObject, "盐值或企业身份不可读");
    if (draw.ceremony) {
      fields(record, "uscc name", "企业身份应有且只有 uscc 和 name");
      need(isText(record.uscc) && isText(record.name), "企业身份的 uscc 和 name 应为文本");
    }
    return hex(draw.th("sjc/id/1", SjcTeams.joined([salt, jcs(record)])));
  }

  /* How the certificate says the draw ended for one enterprise. */
  function cameOf(cert, c) {
    const rows = cert.replacements.filter((row) => row.kind === "enterprise");
    if (rows.some((row) => row.out === c)) return "抽中，后来按规定被替换";
    if (rows.some((row) => row.in === c)) return "替补抽中";
    return cert.selected.some((one) => one.c === c) ? "抽中" : "未抽中";
  }

  /* What a proof that holds says, in sentences for the enterprise. */
  function say({ proof, list, label, ppm, came }, draw) {
    const { name, uscc } = proof.record;
    const said = [
      `${name}（${uscc}）在抽取 ${proof.draw_no} 的${list.name}中，是第 ${proof.index + 1} 行，共 ${proof.size} 行。`
        + "抽取之前清单已经封进承诺值，封存之后没有增删，也没有改动。",
    ];
    if (ppm === null) said.push(`没有进入抽取池的原因：${REASONS[label] || label}（${label}）。`);
    else {
      said.push(`所在单元是“${cellName(label)}”（${label}），这个单元里每家企业被抽中的概率都是 ${odds(ppm)}。`);
      if (!draw.revealed) said.push("本次抽取在揭示之前作废，没有抽取结果。");
      else if (draw.hasPool) said.push(`本次抽取结果：${came}。本页已用抽取池重新算过。`);
      else said.push(`证书所写的抽取结果：${came}。本页没有重新算，请同时选择 pool.txt 等文件。`);
    }
    if (draw.isVoid && draw.revealed) said.push("这次抽取已经作废。");
    said.push(
      `它证明不了两件事：承诺值 ${proof.commit} 是不是抽取之前公布的那一个，请与当时的公告对照；`
        + "名录里登记的等级、行业等是否属实。",
      "证明文件中有本单位的盐值，请自行保管，不要转给无关的人。",
    );
    return said;
  }

  return { KIND, REASONS, cellName, root, opened, check, say };
})();
