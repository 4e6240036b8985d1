/*
 * The verifier of a 双随机 draw (SJC-DRAW/1) in the browser: no server, no library, plain http.
 *
 * Written from docs/draw.md, sharing nothing with the server's own code. It recomputes everything
 * from the files and says of each part whether it agrees; without the pool the result stays 未查.
 * `proof.json` is an enterprise's own proof, `others` are certificates of other draws. Run as a
 * worker it takes `{name: text, others: [text]}`, posts `{check}` for each part, then `{report}`.
 */
"use strict";

if (typeof importScripts === "function") {
  importScripts("sjc-hashes.js", "sjc-forms.js", "sjc-teams.js", "sjc-together.js", "sjc-proof.js");
}

// eslint-disable-next-line no-unused-vars
const SjcVerify = (() => {
  const RIGHT = "符合", WRONG = "不符", UNCHECKED = "未查";
  const {
    Mismatch, NotGiven, CHAINS, HEX64, PPM, PUBLIC, PAPERS, UNREVEALED, need, fits, hex, bytes, parse, utf8, jcs, same,
    isObject, checkSources, checkCertificate, checkTimestamps, checkVoid, checkKeys, checkSignature, told,
  } = SjcForms;
  const LEVELS = [
    "L0 只有本机关自己的随机源，无独立见证", "L1 有见证方参与，无公开随机值",
    "L2 有见证方参与，并使用公开随机值",
  ];
  const LINE = /^[!-~]{1,120}\t[0-9a-f]{64}$/;

  class Draw {
    constructor(files, wrong) {
      // `wrong` are the parts so far; `anchors` of the chains from which this draw takes values.
      Object.assign(this, { files, wrong, tags: new Map(), anchors: [] });
      need(files["certificate.json"] !== undefined, "没有 certificate.json");
      this.cert = parse(files["certificate.json"].replace(/^\ufeff/, ""));
      const body = this.cert.commit_body;
      need(isObject(body), "证书中没有承诺内容");
      need(body.suite === "sha256" || body.suite === "sm3", "哈希算法未知");
      Object.assign(this, { body, hash: SjcHashes[body.suite] });
      this.ceremony = body.draw_no !== "compute";
      this.isVoid = "void" in this.cert;
      this.hasPool = "pool.txt" in files;
      this.tool = { th: this.th.bind(this), hex, bytes, need };
    }

    th(tag, data) {
      if (!this.tags.has(tag)) this.tags.set(tag, this.hash.of(utf8(tag)));
      return this.hash.of(SjcTeams.joined([this.tags.get(tag), data]));
    }

    json(name) { // an object; the file may be left out
      const found = parse((this.files[name] ?? "{}").replace(/^\ufeff/, ""));
      need(isObject(found), `${name} 应为 JSON 对象`);
      return found;
    }

    structure() {
      checkCertificate(this.cert);
      this.digest = this.th("sjc/commit/1", jcs(this.body));
      this.revealed = !(this.isVoid && this.cert.entropy.length === 0);
    }

    commit() {
      same(this.cert.commit, hex(this.digest), "承诺值与承诺内容不符");
      return this.cert.commit;
    }

    /* A list's lines: complete, sorted, unique, and under the committed root (RFC 9162). */
    lines(name, root) {
      const text = this.files[name];
      if (text === undefined) throw new NotGiven(`没有 ${name}`);
      need(text === "" || text.endsWith("\n"), `${name} 的最后一行没有换行，文件可能不完整`);
      const lines = text.split("\n").slice(0, -1);
      need(lines.every((line, n) => !n || lines[n - 1] < line), `${name} 的行未排序或有重复`);
      same(SjcProof.root(this.hash, lines), this.body[root], `${name} 与承诺的根哈希不符`);
      return lines;
    }

    pool() {
      const lines = this.lines("pool.txt", "pool_root");
      this.leaves = new Map(this.body.cells.map((cell) => [cell[0], []]));
      this.listed = new Set();
      for (const line of lines) {
        need(LINE.test(line), "抽取池有一行写法不对");
        const [cell, c] = line.split("\t");
        need(this.leaves.has(cell), `单元 ${cell} 未在承诺中声明`);
        this.leaves.get(cell).push(c);
        this.listed.add(c);
      }
      need(this.listed.size === lines.length, "同一承诺值出现两次");
      if (this.ceremony) same(lines.length, this.body.counts.included, "行数与承诺不符");
      return `${lines.length} 家`;
    }

    excluded() {
      const lines = this.lines("excluded.txt", "excluded_root"), seen = new Set();
      for (const line of lines) {
        need(LINE.test(line), "排除清单有一行写法不对");
        const c = line.split("\t")[1];
        need(!seen.has(c) && (this.wrong.has("抽取池") || !this.listed.has(c)), "同一承诺值出现两次");
        seen.add(c);
      }
      same(lines.length, this.body.counts.excluded, "行数与承诺不符");
      return `${lines.length} 家`;
    }

    eligibility() {
      const lines = this.lines("eligibility.txt", "eligibility_root");
      this.officers = SjcTeams.readOfficers(lines, need);
      return `${this.officers.officers.size} 名执法人员`;
    }

    /* The proof of a value that leads to its anchor: the value before it. */
    chain(source, value) {
      need(value.length === 32, "链值应为 32 字节");
      const end = SjcHashes.onward(this.hash, value, Number(source.issue));
      need(hex(end) === source.name, `第 ${source.issue} 个链值接不到锚值 ${source.name.slice(0, 16)}`);
      return hex(this.hash.of(value));
    }

    /* A chain that comes into the draw is no part of one that is in it: its holder would know. */
    anotherChain(name) {
      const isOne = this.anchors.some((other) => !Number.isNaN(SjcTogether.apart(this.body.suite, name, other)));
      need(!isOne, "两条链相接，实为一条");
      this.anchors.push(name);
    }

    oneSource(source, value, part) {
      if (CHAINS.includes(source.kind)) {
        this.anotherChain(source.name);
        return this.chain(source, value);
      }
      if (source.kind === "given") return "";
      const text = String.fromCharCode(...value), start = `${source.name}/${source.issue}/`;
      need(text.startsWith(start), `承诺的是 ${start}`);
      need(PUBLIC[source.name](text.slice(start.length)), `${source.name} 的数值写法不对`);
      need(source.kind !== "dice" || fits(HEX64, part.proof), "掷骰应写明其在抽取日志中的一条");
      return source.kind === "dice" ? part.proof : "";
    }

    entropy() {
      const given = this.cert.entropy;
      const sources = this.ceremony ? this.body.sources
        : given.map((_, n) => ({ kind: "given", name: "given", issue: String(n + 1) }));
      need(given.length && given.length === sources.length, "随机源个数与承诺不符");
      this.values = given.map((part) => bytes(part.bytes_hex));
      const wanted = sources.map((source, n) => ({
        source: source.name, issue: source.issue, bytes_hex: hex(this.values[n]),
        proof: this.oneSource(source, this.values[n], given[n]),
      }));
      same(given, wanted, "随机源与承诺或证明不符");
      return sources.map((source, n) => told(source, this.values[n])).join("；");
    }

    seed() {
      const parts = [this.digest];
      for (const value of this.values) parts.push(SjcTeams.number32(value.length), value);
      this.drawSeed = this.th("sjc/seed/1", SjcTeams.joined(parts));
      same(this.cert.seed, hex(this.drawSeed), "种子与随机源不符");
      return this.cert.seed;
    }

    offset() {
      const limit = ((1n << 256n) / BigInt(PPM)) * BigInt(PPM);
      for (let n = 0; ; n++) {
        const data = SjcTeams.joined([this.drawSeed, SjcTeams.number32(n)]);
        const value = BigInt(`0x${hex(this.th("sjc/round/1", data))}`);
        if (value < limit) return Number(value % BigInt(PPM));
      }
    }

    counts() {
      const r = this.offset();
      let total = r;
      this.shares = this.body.cells.map(([cell, p]) => {
        const before = total;
        total += this.leaves.get(cell).length * p;
        return Math.floor(total / PPM) - Math.floor(before / PPM);
      });
      same(this.cert.r, r, "取整偏移 r 不符");
      same(this.cert.counts, this.shares, "各单元抽取数不符");
      return `共 ${this.shares.reduce((sum, n) => sum + n, 0)} 家`;
    }

    selected() {
      const data = new Uint8Array(96), out = new Uint8Array(32);
      this.th("sjc/ticket/1", data);
      data.set(this.tags.get("sjc/ticket/1"));
      data.set(this.drawSeed, 32);
      this.chosen = this.body.cells.flatMap(([cell], n) => {
        if (!this.shares[n]) return [];
        const tickets = this.leaves.get(cell).map((c) => {
          data.set(bytes(c), 64);
          this.hash.into(data, 96, out, 0);
          return hex(out) + c;
        });
        return tickets.sort().slice(0, this.shares[n])
          .map((one) => ({ cell, c: one.slice(64), ticket: one.slice(0, 64) }));
      });
      same(this.cert.selected.map(({ opening, ...bare }) => bare), this.chosen, "抽中名单不符");
      return `${this.chosen.length} 家`;
    }

    openings() {
      const opened = SjcProof.opened(this, this.json("openings.json"));
      if (!opened) throw new NotGiven("尚未公开身份");
      return `${opened} 家`;
    }

    teams() {
      if (!this.ceremony) { same(this.cert.teams, [], "不应有检查人员"); return "不含检查人员"; }
      if (!this.officers) throw new NotGiven("没有 eligibility.txt");
      this.places = this.body.rules.teams.flatMap((rules) => {
        const found = SjcTeams.staff(this.tool, this.officers, this.drawSeed, rules, this.chosen);
        need(found, "按承诺的规则无法组队，证书却写有人员");
        return found;
      });
      same(this.cert.teams, this.places, "检查人员不符");
      return `${this.places.length} 人次`;
    }

    replacements() {
      const rows = this.cert.replacements;
      if (!rows.length) return "无";
      need(this.ceremony && this.revealed, "不应有替补");
      const { teams } = this.body.rules;
      if (!this.officers) throw new NotGiven("没有 eligibility.txt，不给出保证等级");
      const witness = this.body.sources.find((source) => source.kind === "witness_chain");
      need(witness, "承诺没有见证方哈希链，不能替补");
      const chains = new Set([witness.name]);
      const ground = { ...this.officers, rules: teams, leaves: this.leaves };
      const standing = SjcTeams.asDrawn(this.chosen, this.places || [], witness);
      rows.forEach((row, n) => {
        const source = { kind: "witness_chain", name: row.source, issue: row.issue };
        checkSources([source]);
        need(fits(HEX64, row.request_leaf), "申请记录不可读");
        const value = bytes(row.bytes_hex), proof = this.chain(source, value);
        if (!chains.has(row.source)) this.anotherChain(row.source);
        chains.add(row.source);
        const made = SjcTeams.replacement(
          this.tool, ground, standing, row, n + 1, this.drawSeed, value);
        same(row, { ...made, proof }, `第 ${n + 1} 次替补与重新计算的结果不符`);
      });
      if (chains.size > 1) {
        throw new NotGiven(`${rows.length} 次均可重算，其中用了承诺以外的链，是否为见证方公布的新链需核对其公布，不给出保证等级`);
      }
      return `${rows.length} 次`;
    }

    neverRevealed() {
      const { seed, r, counts, selected, teams, replacements } = this.cert;
      same([seed, r, counts, selected, teams, replacements], ["", 0, [], [], [], []],
        "尚未揭示即作废，结果应为空");
      return "揭示前作废，没有结果";
    }
  }

  /* Who answers for the certificate: void, timestamps, signatures, the place in the record. */
  class Answering extends Draw {
    keys(name, what) {
      if (this.files[name] === undefined) throw new NotGiven(`没有 ${name}，未提供${what}公钥`);
      return this.json(name);
    }

    timestamps() {
      const { timestamps } = this.cert;
      if (!timestamps.length) return "无";
      need(this.ceremony, "不应有时间戳");
      const imprint = String.fromCharCode(4, 32, ...SjcHashes.sha256.of(this.digest));
      checkTimestamps(timestamps, imprint);
      throw new NotGiven(`${timestamps.length} 个，对应本承诺值；签发机构的签名请用命令行程序核验`);
    }

    voided() {
      const keys = checkKeys(this.json("witness-keys.json"));
      if (!this.isVoid) return "未作废";
      const { void: given, draw_no: drawNo, commit, entropy } = this.cert;
      checkVoid(given);
      need(this.ceremony && (!entropy.length || !UNREVEALED.includes(given.reason)), "揭示之后不能以此理由作废");
      if ("paper_sha256" in given.cosigned) {
        const { because } = given.cosigned, why = because ? `（见证方的${PAPERS[because]}）` : "";
        need(because || !Object.keys(keys).length, "见证方的公钥已经公布，却为书面签署且未写明原因");
        throw new NotGiven(`见证方书面签署${why}，需对照原件`);
      }
      const named = { draw_no: drawNo, commit, reason: given.reason, request_leaf: given.request_leaf };
      this.signedBy(this.keys("witness-keys.json", "见证方"), given.cosigned, this.th("sjc/void/1", jcs(named)));
      return "已作废，见证方签名有效";
    }

    signedBy(keys, one, content) {
      need(one.key_id in keys, `公钥 ${one.key_id} 未公布`);
      need(SjcHashes.signed(bytes(keys[one.key_id]), bytes(one.ed25519_hex), content), "签名与内容不符");
    }

    logHead() {
      if (!this.ceremony) { same(this.cert.log_head, "", "不应有记录位置"); return "无"; }
      need(fits(HEX64, this.cert.log_head), "应为 64 位小写十六进制");
      throw new NotGiven("需对照全过程记录");
    }

    signatures() {
      const { signatures, ...bare } = this.cert;
      checkKeys(this.json("keys.json"));
      signatures.forEach(checkSignature);
      need(new Set(signatures.map((one) => one.key_id)).size === signatures.length, "同一公钥签了两次");
      if (!this.ceremony && !signatures.length) return "无";
      const keys = this.keys("keys.json", "");
      need(signatures.length, "证书没有签名");
      const content = this.th("sjc/cert/1", jcs(bare));
      for (const one of signatures) this.signedBy(keys, one, content);
      return `${signatures.length} 个`;
    }

    ownProof() {
      this.proved = SjcProof.check(this, parse(this.files["proof.json"].replace(/^\ufeff/, "")));
      return `${this.proved.list.name}第 ${this.proved.proof.index + 1} 行`;
    }

    /* Dice lie in the draw log before the public value; when, only that log can show. */
    dice() {
      const { proof } = this.cert.entropy.find((one) => one.source === "dice.d6") || { proof: "" };
      throw new NotGiven(`是否在公开随机值可能产生之前录入，需对照抽取日志 ${proof.slice(0, 16)}`);
    }

    /* The parts, each with those from which it is computed: where one is wrong nothing is said. */
    steps() {
      const notGiven = () => { throw new NotGiven("没有 pool.txt，抽取结果没有重新算"); };
      const lists = [["抽取池", this.pool], ["排除清单", this.excluded], ["资格清单", this.eligibility]];
      const chosen = ["抽取池", "随机源"], staffed = [...chosen, "资格清单"];
      const recomputed = [
        ["各单元抽取数", this.counts, chosen], ["抽中企业", this.selected, chosen],
        ["检查人员", this.teams, staffed], ["替补", this.replacements, [...staffed, "检查人员"]],
      ];
      const drawn = [["随机源", this.entropy], ["种子", this.seed, ["随机源"]], ...(this.hasPool ? recomputed : [])];
      return [
        ["承诺值", this.commit],
        ...(this.hasPool ? lists.slice(0, this.ceremony ? 3 : 1) : [["抽取池和抽取结果", notGiven]]),
        ...(this.revealed ? drawn : [["未揭示", this.neverRevealed]]),
        ...(this.hasPool ? [["抽中企业身份", this.openings, ["未揭示", "抽中企业", "替补"]]] : []),
        ["时间戳", this.timestamps], ["作废", this.voided], ["记录位置", this.logHead],
        ["签名", this.signatures],
        ...(this.revealed && this.ceremony && this.body.sources.some((one) => one.kind === "dice")
          ? [["掷骰登记", this.dice, ["随机源"]]] : []),
        ...(this.files.others ? [["其他证书", () => SjcTogether.check(this)]] : []),
        ...("proof.json" in this.files ? [["本企业的证明", this.ownProof]] : []),
      ];
    }

    level() {
      const kinds = new Set(this.body.sources.map((source) => source.kind));
      if (!kinds.has("witness_chain")) return 0; // dice are no witness: whoever types them comes last
      return kinds.has("public") ? 2 : 1;
    }
  }

  /* All checks, each also told to `tell` as soon as it is made. */
  function verify(files, tell = () => {}) {
    const checks = [], wrong = new Set();
    function run(what, step, bases = []) {
      const check = { what, verdict: RIGHT, detail: "" };
      try {
        const basis = bases.find((one) => wrong.has(one));
        if (basis) throw new NotGiven(`${basis}不符，没有推算`);
        check.detail = step() || "";
      } catch (error) {
        check.verdict = error instanceof NotGiven ? UNCHECKED : WRONG;
        check.detail = error instanceof NotGiven || error instanceof Mismatch
          ? error.message : "内容不可读，写法与公布的格式不符";
      }
      checks.push(check);
      if (check.verdict === WRONG) wrong.add(what);
      tell(check);
      return check.verdict !== WRONG;
    }
    let draw;
    const readable = run("证书结构", () => { draw = new Answering(files, wrong); draw.structure(); });
    if (readable) for (const [what, step, bases] of draw.steps()) run(what, step.bind(draw), bases);
    const ok = checks.every((check) => check.verdict !== WRONG);
    const isReplaced = checks.some((one) => one.what === "替补" && one.verdict === UNCHECKED);
    const stands = ok && draw.ceremony && draw.hasPool && !draw.isVoid && !isReplaced;
    const level = stands ? draw.level() : null;
    return {
      ok, checks, level, levelName: level === null ? "" : LEVELS[level],
      isVoid: Boolean(draw && draw.isVoid), said: ok && draw.proved ? SjcProof.say(draw.proved, draw) : [],
    };
  }

  return { verify };
})();

if (typeof importScripts === "function") {
  self.onmessage = (event) => {
    const report = SjcVerify.verify(event.data, (check) => self.postMessage({ check }));
    self.postMessage({ report });
  };
}
