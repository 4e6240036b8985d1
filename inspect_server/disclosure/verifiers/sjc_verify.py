"""双随机抽取（SJC-DRAW/1）独立验证程序：只用 Python 3.8 以上的标准库，不联网，不含抽取系统的代码。
用法：python3 sjc_verify.py 目录…（一次抽取一个，内有 certificate.json、pool.txt 等）。遇不符即停"""

import hashlib
import re
import sys
from datetime import date
from json import JSONDecodeError, JSONDecoder, JSONEncoder
from pathlib import Path

NAMES = ["v", "suite", "draw_no", "commit", "entropy", "counts", "selected", "seed", "r"]
WORDS = "格式版本，哈希算法，抽取编号，承诺值，随机值，各单元家数，抽中企业，种子，取整偏移"
SIGNED = ["commit_body", "teams", "replacements", "timestamps", "log_head", "signatures"]
PARTS, LINES = "certificate.json openings.json keys.json", "([!-~]{1,120}\t[0-9a-f]{64}\n)*"
VALUE = r"""cwl\.kl8/20\d\d(?!000)([0-2]\d\d|3[0-5]\d|36[0-6])/(?!,)(,?\b(0[1-9]|[1-7]\d|80)\b){20}|
cwl\.ssq/20\d\d(?!000)(0\d\d|1[0-5]\d|160)/(?!,)(,?\b(0[1-9]|[12]\d|3[0-3])\b){6}\+(0[1-9]|1[0-6])|
sse\.000001/20..-..-../[1-9]\d{2,4}\.\d\d|dice\.d6/[0-9A-Za-z][0-9A-Za-z.-]*/[1-6](,[1-6]){9,}"""
KINDS = {"authority_chain": "本机关", "witness_chain": "见证方", "public": "公布值", "dice": "骰子"}
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002f7ff\U00030000-\U000323af"
NAMED = f"[0-9A-Za-z_〔〕{HAN}-]{{1,60}}\n(?! |.*  |.* $)[ -~·—‘’“”…、。〈-】〔〕！-～{HAN}]+"
P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519 (RFC 8032)
D, Y = -121665 * pow(121666, P - 2, P) % P, 4 * pow(5, P - 2, P) % P
X = 0x216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A
parse = JSONDecoder(object_pairs_hook=lambda p: need(len(dict(p)) == len(p), "键重复") or dict(p))
jcs = JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode  # RFC 8785


def need(truth, why, error=ValueError):
    if not truth:
        raise error(why)


def signed(key, signature, content):  # Ed25519 验签：R = sB − kA
    def add(p, q):
        (a, b), (c, d), m = p, q, D * p[0] * p[1] * q[0] * q[1]
        return (a * d + b * c) * pow(1 + m, -1, P) % P, (b * d + a * c) * pow(1 - m, -1, P) % P

    y, s = int.from_bytes(key, "little") % 2**255, int.from_bytes(signature[32:], "little")
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    x = x if ((x := pow(xx, (P + 3) // 8, P)) ** 2 - xx) % P == 0 else x * pow(2, P // 4, P) % P
    r, x = (0, 1), x if x % 2 != key[31] >> 7 else P - x
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + content).digest(), "little") % Q
    parts = {"00": r, "01": (x, y), "10": (X, Y), "11": add((x, y), (X, Y))}
    for bits in zip(f"{s:0253b}", f"{k:0253b}"):
        r = add(add(r, r), parts["".join(bits)])
    made = (r[1] | r[0] % 2 << 255).to_bytes(32, "little")
    return made == signature[:32] and (x * x - xx) % P == 0 and y < P and s < Q


def verify(files, used):  # 逐项重算，给出 (项目, 结果)，结果为空即未查；不符时抛出错误
    def h(data, tag=""):  # 有标签的是 TH(tag, x) = H(H(tag) ‖ x)
        return hashlib.new(body["suite"], h(tag.encode()) + data if tag else data).digest()

    def lines(name, count):  # 核对写法、顺序、行数和默克尔树根（RFC 9162）
        rows = (text := files[f"{name}.txt"].read_bytes().decode("ascii")).splitlines()
        need(re.fullmatch(LINES, text) and rows == sorted(set(rows)), f"{name}.txt 写法或顺序不对")
        up = [h(b"\0" + row.encode()) for row in rows] or [h(b"")]
        while len(up) > 1:
            up = [h(b"\1" + a + b) for a, b in zip(up[::2], up[1::2])] + up[len(up) & -2 :]
        need(up[0].hex() == body[f"{name}_root"], f"{name}.txt 与承诺的根哈希不符")
        need(not ceremony or jcs(len(rows)) == jcs(body["counts"][count]), f"{name}.txt 行数不符")
        return [row.split("\t") for row in rows]

    need({"certificate.json", "pool.txt"} <= {*files}, "缺 certificate.json 或 pool.txt", OSError)
    texts = (files[name].read_bytes().decode() if name in files else "{}" for name in PARTS.split())
    cert, beside, keys = map(parse.decode, texts)
    body, ceremony, rows = cert["commit_body"], cert["draw_no"] != "compute", cert["replacements"]
    void = [cert[key] for key in cert if key == "void"]
    need({*cert} - {"void"} == {*NAMES, *SIGNED} and len(body) == (5, 14)[ceremony], "字段有误")
    need(body["suite"] in {"sha256", "sm3"} & hashlib.algorithms_available, "哈希算法", OSError)
    kinds = [[*KINDS].index(one["kind"]) for one in body.get("sources", [])]  # 1 见证方，2 公布值
    need(not ceremony or (kinds and kinds == sorted(kinds)[:8]), "随机源有误，或者超过 8 个")
    need(re.fullmatch(NAMED, f"{body['draw_no']}\n{body.get('authority')}"), "编号或机关名称有误")
    covered = jcs({key: value for key, value in cert.items() if key != "signatures"}).encode()
    commit, pool = h(jcs(body).encode(), "sjc/commit/1"), lines("pool", "included")
    cells = {name for name, p in body["cells"] if type(p) is int and 0 <= p <= 10**6}
    need(len(cells) == len(body["cells"]) and {n for n, _ in pool} <= cells, "单元或概率有误")
    out = lines("excluded", "excluded") if ceremony and "excluded.txt" in files else None
    need(len({c for _, c in pool + (out or [])}) == len(pool + (out or [])), "同一承诺值出现两次")
    yield f"抽取 {body['draw_no']} 的抽取池", f"{len(pool)} 家"
    yield "排除清单", "" if out is None else f"{len(out)} 家"
    values = [bytes.fromhex(one["bytes_hex"]) for one in cert["entropy"]]
    given = [{"kind": "", "name": "given", "issue": str(n + 1)} for n in range(len(values))]
    drawn, entropy, counts, selected, chains = bool(values) or not void, [], [], [], {}
    sources = body["sources"] if ceremony and drawn else given
    need(len(sources) == len(values) == len({jcs(s) for s in sources if len(s) == 3}), "随机源不全")
    for source, value, one in zip(sources, values, cert["entropy"]):
        name, issue, x, told = source["name"], source["issue"], value, value.decode("latin-1")
        proof = one["proof"] if (name, source["kind"]) == ("dice.d6", "dice") else ""  # 日志的一条
        if source["kind"].endswith("_chain"):
            way = [x] + [x := h(x) for _ in range(min(int(issue), 10**5) * (len(value) == 32))]
            need(all(chains.setdefault(at, source) is source for at in way), "两条链实为一条")
            need(x.hex() == name and issue == str(len(way) - 1) > "0", f"第 {issue} 个链值有误")
            proof, told = h(value).hex(), value.hex()
        elif ceremony:
            need(re.fullmatch("([0-9a-f]{64})?", f"{proof}"), "掷骰没有写明它在抽取日志中的一条")
            numbers = told.split("/")[-1].split("+")[0].split(",")
            fits = re.fullmatch(VALUE, told, re.A | re.X) and told.startswith(f"{name}/{issue}/")
            need(proof or 0 <= int(body["deadline"][:4]) - int(issue[:4]) <= 1, f"{issue} 年份不对")
            need(name[0] != "s" or date.fromisoformat(issue).weekday() < 5, f"{issue} 休市")
            need(fits and (proof or numbers == sorted({*numbers})), f"{told} 写法不对")
        entropy.append({"source": name, "issue": issue, "bytes_hex": value.hex(), "proof": proof})
        yield KINDS.get(source["kind"], "") + f"随机值 {issue}", told if ceremony else value.hex()
    seed = h(commit + b"".join(len(v).to_bytes(4, "big") + v for v in values), "sjc/seed/1")
    total = r = int(h(seed + bytes(4), "sjc/round/1").hex(), 16) % 10**6  # 须重取的机会小于 2^-236
    for cell, p in body["cells"] if drawn else []:
        low = sorted((h(seed + bytes.fromhex(c), "sjc/ticket/1"), c) for n, c in pool if n == cell)
        counts.append((total := total + len(low) * p) // 10**6 - sum(counts))
        selected += [{"cell": cell, "c": c, "ticket": t.hex()} for t, c in low[: counts[-1]]]
    head = [1, *map(body.get, NAMES[1:3]), commit.hex(), entropy, counts, selected]
    known = {one["c"] for one in selected} | {row["in"] for row in rows} & {c for _, c in pool}
    shown = [(one["c"], one.pop("opening")) for one in cert["selected"] if "opening" in one]
    for c, one in [*shown, *beside.items()]:
        made = h((salt := bytes.fromhex(one["salt"])) + jcs(one.pop("record")).encode(), "sjc/id/1")
        need([made.hex(), one] == [c, {"salt": salt.hex()}] and c in known, f"{c} 身份不符或未抽中")
    yield "公开的身份", f"{len({c for c, _ in shown} | set(beside))} 家" if shown or beside else ""
    for key, word, value in zip(NAMES, WORDS.split("，"), [*head, seed.hex() * drawn, r * drawn]):
        need(jcs(cert[key]) == jcs(value), f"{word}（{key}）与重新算出的不符")
        yield word, "与重新算出的相同" if drawn or key in NAMES[:4] else "揭示前作废，没有结果"
    need(ceremony or (values and [cert[k] for k in SIGNED[1:]] == [[], [], [], "", []]), "字段有误")
    taken = [(s["name"], s["issue"]) for s in body.get("sources", []) if s["name"] != "dice.d6"]
    taken += [(row["source"], row["issue"]) for row in rows]
    taken += [(body.get("authority", commit), body["draw_no"]), body.get("prev_leaf", commit)]
    for one in taken + [row["bytes_hex"] for row in entropy + rows if len(row["source"]) == 64]:
        need(used.setdefault(one, commit) == commit, f"两次承诺用了同一个随机值、编号或位置 {one}")
    for n, step in enumerate(map(jcs, [[entropy, selected, cert["teams"]], *rows, *void])):
        need(used.setdefault((commit, n), step) == step, "同一承诺有两种结果，都不可信")
    others = {one for one in used.values() if type(one) is bytes} - {commit}
    yield from [("其他证书", f"{len(others)} 份，没有共用的随机值")] * bool(others)
    for one in cert["signatures"] if "keys.json" in files else []:
        key, signature = map(bytes.fromhex, (keys.pop(one["key_id"], ""), one["ed25519_hex"]))
        told = {"key_id": hashlib.sha256(key).hexdigest()[:16], "ed25519_hex": signature.hex()}
        need(one == told and signed(key, signature, h(covered, "sjc/cert/1")), "签名或公钥不符")
    need(cert["signatures"] or "keys.json" not in files or not ceremony, "证书没有签名")
    yield "签名", f"{len(cert['signatures'])} 个" if "keys.json" in files else ""
    yield f"检查组、人员资格、替补 {len(rows)} 次、作废 {len(void)} 次、时间戳、批次", ""
    yield "保证等级", f"L{(1 in kinds) * (1 + (2 in kinds))}" * (ceremony and not void + rows)


if __name__ == "__main__":
    paths, used, left = [Path(argument) for argument in sys.argv[1:]], {}, []
    try:
        for listed in map(Path.iterdir, paths) if any(map(Path.is_dir, paths)) else [paths]:
            for part, result in verify({path.name: path for path in listed}, used):
                print("符合" if result else left.append(part) or "未查", part, result)
    except Exception as error:
        lacks = "没有核查：缺文件或算法，或者 JSON 不完整，请核对路径，或用网页程序。"
        sys.exit((lacks if isinstance(error, (OSError, JSONDecodeError)) else "不符 ") + str(error))
    print("已查的部分全部符合。公布、掷骰的时间，公开值与官方公布是否一致，记录位置：由人核对。")
    print(f"未查：{'、'.join(dict.fromkeys(left))}。须再用网页程序或者 draw verify 核查。")
