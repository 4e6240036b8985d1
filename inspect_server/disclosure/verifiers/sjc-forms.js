/*
 * SJC-DRAW/1: the forms in which bytes and JSON enter a draw, checked strictly.
 *
 * Used by the browser's verifier; written from docs/draw.md, sharing nothing with the server's code.
 */
"use strict";

// eslint-disable-next-line no-unused-vars
const SjcForms = (() => {
  const PPM = 1000000;
  const CHAINS = ["authority_chain", "witness_chain"];
  const KINDS = [...CHAINS, "public", "dice"];
  const SHORT = "v suite draw_no pool_root cells";
  const LONG = `${SHORT} authority rules excluded_root counts eligibility_root snapshot_sha256`
    + " sources deadline prev_leaf";
  const HEX64 = /^[0-9a-f]{64}$/, LABEL = /^[!-~]{1,120}$/, PLACE = /^([1-9][0-9]{0,4}|100000)$/;
  const KEYS = "v suite draw_no commit_body commit timestamps entropy seed r counts selected teams"
    + " replacements log_head signatures";
  const LISTS = ["timestamps", "entropy", "counts", "selected", "teams", "replacements", "signatures"];
  const PAPERS = { "key.lost": "签名密钥遗失或者损坏", "key.locked": "秘密文件已加密，口令无人知悉", "key.exposed": "签名密钥可能已经泄露" };
  const UNREVEALED = ["entropy.unavailable", "teams.infeasible"]; // no reasons once there is a result
  const VOIDS = ["witness.lost", "pool.wrong", "rules.wrong", "law.changed", ...UNREVEALED];
  const HAN = "\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{2f7ff}\\u{30000}-\\u{323af}";
  const SIGNS = "\\u00b7\\u2014\\u2018\\u2019\\u201c\\u201d\\u2026\\u3001\\u3002\\u3008-\\u3011\\u3014\\u3015\\uff01-\\uff5e";
  const NUMBER = new RegExp(`^[0-9A-Za-z_〔〕${HAN}-]{1,60}$`, "u");
  const NAME = new RegExp(`^(?! |.* {2}|.* $)[ -~${SIGNS}${HAN}]+$`, "u");
  const KEY_ID = /^[0-9a-f]{16}$/, SIGNATURE = /^[0-9a-f]{128}$/;
  const MOST = 12; // departments, and places in the team of each
  const MOST_SOURCES = 8; // of a commit; and of chains that a certificate names
  const BATCHES = [1, 2, 3, 4, 6, 12];
  const rising = (text) => text.split(",").every((n, at, all) => !at || all[at - 1] < n);
  const PUBLIC = {
    "cwl.kl8": (v) => /^(0[1-9]|[1-7]\d|80)(,(0[1-9]|[1-7]\d|80)){19}$/.test(v) && rising(v),
    "cwl.ssq": (v) => /^(0[1-9]|[12]\d|3[0-3])(,(0[1-9]|[12]\d|3[0-3])){5}\+(0[1-9]|1[0-6])$/.test(v)
      && rising(v.split("+")[0]),
    "sse.000001": (v) => /^[1-9]\d{2,4}\.\d{2}$/.test(v),
    "dice.d6": (v) => /^[1-6](,[1-6]){9,}$/.test(v),
  };

  const TITLES = {
    authority_chain: "本机关哈希链", witness_chain: "见证方哈希链", given: "给定的值",
    "cwl.kl8": "福彩快乐8", "cwl.ssq": "福彩双色球", "sse.000001": "上证指数收盘", "dice.d6": "掷骰",
  };

  /* A value and where it is from, for people. */
  function told({ kind, name, issue }, value) {
    if (kind === "given") return `${TITLES.given} ${issue}`;
    if (CHAINS.includes(kind)) return `${TITLES[kind]}（锚值 ${name.slice(0, 16)}）第 ${issue} 个值`;
    const text = String.fromCharCode(...value);
    return `${TITLES[name]} ${issue}：${text.slice(name.length + issue.length + 2)}`;
  }

  const numbered = (last) => (issue) => /^20\d{5}$/.test(issue) && Number(issue.slice(4)) >= 1
    && Number(issue.slice(4)) <= last;
  const isDay = (text) => {
    const day = new Date(`${text}T00:00:00Z`);
    return typeof text === "string" && /^(?!0000)\d{4}-\d\d-\d\d$/.test(text)
      && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  };
  const weekday = (issue) => isDay(issue) && issue.startsWith("20")
    && new Date(`${issue}T00:00:00Z`).getUTCDay() % 6 !== 0;
  const ISSUE = {
    "cwl.kl8": numbered(366),
    "cwl.ssq": numbered(160),
    "sse.000001": weekday,
    "dice.d6": (issue) => /^[0-9A-Za-z][0-9A-Za-z.-]{0,39}$/.test(issue),
  };

  const DRAWN_ON = { "cwl.kl8": [0, 1, 2, 3, 4, 5, 6], "cwl.ssq": [2, 4, 0] }; // 0 is Sunday

  /* The first day on which a public value can exist, as if no market ever closed. */
  function earliest({ name, issue }) {
    if (!Object.hasOwn(DRAWN_ON, name)) return issue;
    const year = issue.slice(0, 4), day = new Date(`${year}-01-01T00:00:00Z`);
    for (let left = Number(issue.slice(4)); ; day.setUTCDate(day.getUTCDate() + 1)) {
      if (DRAWN_ON[name].includes(day.getUTCDay())) left -= 1;
      if (!left || day.getUTCFullYear() > Number(year)) return day.toISOString().slice(0, 10);
    }
  }

  class Mismatch extends Error {}
  class NotGiven extends Error {}

  function need(truth, why) {
    if (!truth) throw new Mismatch(why);
  }

  /* Only text can fit: a list of one text would be read as that text. */
  const fits = (pattern, value) => typeof value === "string" && pattern.test(value);
  const isText = (value) => typeof value === "string" && value !== "";
  /* Text that people can tell from any other by eye. */
  const isName = (value) => fits(NAME, value);
  const isTexts = (value) => Array.isArray(value) && value.every(isText);

  const TABLE = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, "0"));

  function hex(data, from = 0, to = data.length) {
    let text = "";
    for (let n = from; n < to; n++) text += TABLE[data[n]];
    return text;
  }

  const digit = (code) => (code > 96 ? code - 87 : code - 48);

  function bytes(text) {
    need(typeof text === "string" && /^([0-9a-f]{2})*$/.test(text), "应为小写十六进制");
    const out = new Uint8Array(text.length / 2);
    for (let n = 0; n < out.length; n++) {
      out[n] = digit(text.charCodeAt(2 * n)) * 16 + digit(text.charCodeAt(2 * n + 1));
    }
    return out;
  }

  /* JSON without null, fractions, repeated keys and numbers that have more than one form. */
  function parse(text) {
    const token = /[ \t\r\n]*(?:([{}[\]:,])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*))(?![0-9.eE])|(true|false))/y;
    let at = 0;
    const next = () => {
      token.lastIndex = at;
      const found = token.exec(text);
      need(found, `JSON 第 ${at + 1} 个字符处不可读`);
      at = token.lastIndex;
      return found;
    };
    function listed(close, item) {
      const before = at;
      if (next()[1] === close) return;
      at = before;
      for (;;) {
        item();
        const mark = next()[1];
        if (mark === close) return;
        need(mark === ",", "JSON 缺少逗号");
      }
    }
    function value(depth) {
      const [, mark, string, number, word] = next();
      if (string) return JSON.parse(string);
      if (word) return word === "true";
      if (number) {
        need(Number.isSafeInteger(Number(number)), "整数过大");
        return Number(number);
      }
      need(depth < 100, "JSON 嵌套过深");
      if (mark === "[") {
        const list = [];
        listed("]", () => list.push(value(depth + 1)));
        return list;
      }
      need(mark === "{", "JSON 不可读");
      const object = Object.create(null);
      listed("}", () => {
        const key = next()[2];
        need(key && next()[1] === ":", "JSON 的键不可读");
        const name = JSON.parse(key);
        need(!(name in object), `JSON 的键 ${name} 重复`);
        object[name] = value(depth + 1);
      });
      return object;
    }
    const found = value(0);
    need(/^[ \t\r\n]*$/.test(text.slice(at)), "JSON 之后还有内容");
    return found;
  }

  /* RFC 8785; strings are NFC, keys are ASCII. */
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value !== null && typeof value === "object") {
      const keys = Object.keys(value).sort();
      need(keys.every((key) => /^[\x00-\x7f]*$/.test(key)), "JSON 的键不是 ASCII");
      return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
    }
    need(value !== null && value !== undefined, "JSON 中有空值");
    if (typeof value === "string") {
      need(value.normalize("NFC") === value && !/\p{Surrogate}/u.test(value), "文本不是 NFC");
    }
    return JSON.stringify(value);
  }

  const utf8 = (text) => new TextEncoder().encode(text);
  const jcs = (value) => utf8(canonical(value));
  const same = (found, wanted, why) => need(canonical(found) === canonical(wanted), why);
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const fields = (object, names, why) => {
    need(isObject(object), why);
    same(Object.keys(object).sort(), names.split(" ").sort(), why);
  };
  const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

  function checkSources(sources) {
    need(Array.isArray(sources) && sources.length, "没有声明随机源");
    need(sources.length <= MOST_SOURCES, `随机源超过 ${MOST_SOURCES} 个`);
    let last = 0;
    for (const source of sources) {
      fields(source, "kind name issue", "随机源声明的字段不全或多余");
      const at = KINDS.indexOf(source.kind);
      need(at >= last, "随机源种类未知或顺序不对");
      last = at;
      if (CHAINS.includes(source.kind)) {
        need(fits(HEX64, source.name) && fits(PLACE, source.issue), "应写明锚值和序号");
        continue;
      }
      need(isText(source.name) && Object.hasOwn(ISSUE, source.name), "公开随机值没有公布的写法");
      need(isText(source.issue) && ISSUE[source.name](source.issue), "公开随机值的期号不对");
      need((source.kind === "dice") === (source.name === "dice.d6"), "掷骰的名称应为 dice.d6");
    }
    need(new Set(sources.map(canonical)).size === sources.length, "同一随机源声明了两次");
  }

  function checkRules(rules) {
    fields(rules, "plan law batch visits pairs teams", "rules 的字段不全或多余");
    need(Array.isArray(rules.teams) && rules.teams.length, "承诺应写明组队规则");
    fields(rules.batch, "year number of", "承诺应写明批次：年份、第几批、全年分几批");
    const { year, number, of } = rules.batch;
    need(Number.isSafeInteger(year) && year >= 2000 && year < 2100 && BATCHES.includes(of)
      && Number.isSafeInteger(number) && number >= 1 && number <= of, "全年没有这一批次");
    need(isName(rules.plan) && Array.isArray(rules.law) && rules.law.every(isName), "应写明计划和依据");
    fields(rules.pairs, "recent_draws", "pairs 的字段不全或多余");
    need(isCount(rules.pairs.recent_draws), "recent_draws 应为非负整数");
    const { visits } = rules;
    need(Array.isArray(visits) && visits.length === 2 && visits.every(isDay) && visits[0] <= visits[1]
      && Number(visits[0].slice(0, 4)) === year
      && Math.ceil(Number(visits[0].slice(5, 7)) * of / 12) === number, "检查的首日不在批次之内，或者末日不对");
    for (const part of rules.teams) {
      fields(part, "dept stages specialty relaxations", "组队规则不可读");
      const { dept, stages, specialty, relaxations } = part;
      need(isName(dept) && !dept.includes("/") && Array.isArray(stages) && stages.length
        && stages.every((stage) => isTexts(stage) && stage.length === 2 && isName(stage[0]))
        && isTexts(specialty) && isTexts(relaxations), "组队规则不可读");
      need(Math.max(stages.length, specialty.length, rules.teams.length) <= MOST, `部门或者岗位超过 ${MOST} 个`);
      const known = ["pair", ...specialty.map((role) => `specialty/${role}`)];
      need(relaxations.every((one) => known.includes(one)), "组队规则不可读");
      for (const list of [stages.map((stage) => stage[0]), specialty, relaxations]) {
        need(new Set(list).size === list.length, "组队规则中有一项写了两次");
      }
    }
    const depts = rules.teams.map((part) => part.dept);
    need(new Set(depts).size === depts.length, "同一部门的组队规则写了两次");
  }

  function checkBody(body, ceremony) {
    fields(body, ceremony ? LONG : SHORT, "承诺内容的字段不全或多余");
    need(body.v === 1, "承诺的版本号应为 1");
    need(Array.isArray(body.cells) && body.cells.length, "没有声明抽取单元");
    for (const cell of body.cells) {
      need(Array.isArray(cell) && cell.length === 2, "抽取单元应为 [编号, 概率]");
      need(fits(LABEL, cell[0]) && isCount(cell[1]) && cell[1] <= PPM, `单元 ${cell[0]} 不可用`);
    }
    need(new Set(body.cells.map((cell) => cell[0])).size === body.cells.length, "抽取单元重复");
    need(fits(HEX64, body.pool_root), "根哈希不可读");
    if (!ceremony) return;
    for (const key of ["excluded_root", "eligibility_root", "snapshot_sha256", "prev_leaf"]) {
      need(fits(HEX64, body[key]), `${key} 应为 64 位小写十六进制`);
    }
    fields(body.counts, "included excluded", "counts 的字段不全或多余");
    need(isCount(body.counts.included) && isCount(body.counts.excluded), "counts 应为非负整数");
    need(fits(NUMBER, body.draw_no) && isName(body.authority) && isDay(body.deadline),
      "抽取编号、机关名称或者期限的写法不对");
    checkRules(body.rules);
    checkSources(body.sources);
    const { batch: { year }, visits } = body.rules, from = `${year - 1}-01-01`;
    need(body.deadline >= from && body.deadline <= visits[1], "最迟揭示日早于批次的上一年度，或者晚于检查末日");
    for (const source of body.sources.filter((one) => one.kind === "public")) {
      const first = earliest(source);
      need(first >= from && first <= body.deadline, `${source.name} 第 ${source.issue} 期不可能在批次的上一年度至最迟揭示日之间产生`);
    }
  }

  /* The outer form of a certificate. */
  function checkCertificate(cert) {
    fields(cert, "void" in cert ? `${KEYS} void` : KEYS, "证书的字段不全或多余");
    need(cert.v === 1, "版本号 v 应为 1");
    const { commit_body: body } = cert;
    checkBody(body, body.draw_no !== "compute");
    same([cert.suite, cert.draw_no], [body.suite, body.draw_no], "与承诺内容不一致");
    for (const key of LISTS) {
      need(Array.isArray(cert[key]), `${key} 应为数组`);
      need(key === "counts" || cert[key].every(isObject), `${key} 中有一项不可读`);
    }
    const chains = [
      ...(body.sources || []).filter((one) => CHAINS.includes(one.kind)).map((one) => one.name),
      ...cert.replacements.map((row) => row.source).filter(isText),
    ];
    need(new Set(chains).size <= MOST_SOURCES, `证书用的哈希链超过 ${MOST_SOURCES} 条`);
  }

  /* Tokens that hold the imprint of one commit; who signed them is not verified here. */
  function checkTimestamps(timestamps, imprint) {
    for (const one of timestamps) {
      fields(one, "kind tsa token_b64", "时间戳的字段不全或多余");
      need(one.kind === "rfc3161" && isText(one.tsa), "时间戳种类未知");
      const token = atob(one.token_b64);
      need(btoa(token) === one.token_b64, "时间戳不是规范的 Base64");
      need(token.includes(imprint), "时间戳不是对本承诺值签发的");
    }
    need(new Set(timestamps.map((one) => one.token_b64)).size === timestamps.length, "同一时间戳写了两次");
  }

  /* A void's reason and how the witness agreed; the signature itself is not verified here. */
  function checkVoid(given) {
    fields(given, "reason request_leaf cosigned", "作废的字段不全或多余");
    need(VOIDS.includes(given.reason) && fits(HEX64, given.request_leaf), "作废的理由或申请不可读");
    const { cosigned } = given;
    need(cosigned && typeof cosigned === "object", "见证方签署不可读");
    if (!("paper_sha256" in cosigned)) { checkSignature(cosigned); return; }
    const { because, paper_sha256: paper } = cosigned, said = "because" in cosigned;
    fields(cosigned, said ? "paper_sha256 because" : "paper_sha256", "见证方签署的字段不全或多余");
    need(fits(HEX64, paper) && (!said || (isText(because) && Object.hasOwn(PAPERS, because))), "见证方签署不可读");
  }

  /* Published keys, each under its own id: the beginning of the key's SHA-256. */
  function checkKeys(keys) {
    need(isObject(keys), "公钥文件应为 JSON 对象");
    for (const [id, key] of Object.entries(keys)) {
      const own = fits(HEX64, key) && hex(SjcHashes.sha256.of(bytes(key))).slice(0, 16);
      need(id === own, `编号 ${id} 下的公钥不是这个编号所指的公钥`);
      need(SjcHashes.binds(bytes(key)), `编号 ${id} 下的公钥不可用`);
    }
    return keys;
  }

  function checkSignature(one) {
    fields(one, "key_id ed25519_hex", "签名的字段不全或多余");
    need(fits(KEY_ID, one.key_id) && fits(SIGNATURE, one.ed25519_hex), "签名的写法不对");
  }

  return {
    Mismatch, NotGiven, CHAINS, HEX64, PPM, PUBLIC, PAPERS, UNREVEALED, need, fits, isText, isObject, hex, bytes, parse,
    canonical, utf8, jcs, same, fields, checkSources, checkCertificate, checkTimestamps, checkVoid,
    checkKeys, checkSignature, told,
  };
})();
