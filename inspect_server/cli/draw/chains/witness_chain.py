"""
见证方哈希链工具：单个文件，只用 Python 3.11 以上的标准库，不联网。

python witness_chain.py new|paper|next|check|restore --help

The witness's own tool: it reads and writes the same file as `inspect-server draw chain`, shares no
code with it, and can be read in one sitting. Encrypted files and signatures need the package: so
does passing over positions of draws that are void, for nothing but a signature shows that.
"""

import argparse
import datetime
import hashlib
import json
import os
import re
import secrets
import sys
from typing import Any


def digest(suite: str, data: bytes) -> bytes:
    """Return H(data)."""
    return hashlib.new(suite, data).digest()


def value_at(chain: dict[str, Any], position: int) -> bytes:
    """Return the value of a position: the secret end, hashed as often as it is away from it."""
    value = bytes.fromhex(chain["secret_hex"])
    for _ in range(chain["length"] - position):
        value = digest(chain["suite"], value)
    return value


def check(name: str, part: str) -> str:
    """Return the four digits that end a line of the paper copy."""
    return hashlib.sha256(f"sjc/paper/1 {name} {part}".encode("ascii")).hexdigest()[:4]


def read(path: str) -> dict[str, Any]:
    """Return a chain's file; an encrypted one needs the package."""
    with open(path, encoding="utf-8") as file:
        chain: dict[str, Any] = json.load(file)
    if "sealed" in chain:
        sys.exit("该文件已用口令加密，请改用 inspect-server draw chain 同名命令。")
    if chain.get("anchor_hex") not in (None, value_at(chain, 0).hex()):
        sys.exit("该文件内容不完整或被改动，请用纸质备份恢复（restore）。")
    return chain


def write(path: str, chain: dict[str, Any]) -> None:
    """Write a file that only its owner reads, where there is none."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        sys.exit(f"文件 {path} 已存在，不能覆盖，请另写文件名。")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(chain, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def made(given: argparse.Namespace, secret: bytes) -> dict[str, Any]:
    """Return a new chain's file."""
    chain = {"v": 1, "kind": "witness", "holder": given.holder, "year": given.year}
    chain |= {"suite": given.suite, "length": given.length, "secret_hex": secret.hex()}
    return chain | {"anchor_hex": value_at(chain, 0).hex()}


def new(given: argparse.Namespace) -> None:
    """Make a chain and say what to publish."""
    chain = made(given, secrets.token_bytes(32))
    write(given.file, chain)
    print(f"已生成，秘密文件：{given.file}\n锚值：{chain['anchor_hex']}\n链长：{given.length}")
    print("只把锚值和链长交给抽取机关；秘密文件离线保管，并用 paper 抄印纸质备份。")


def paper(given: argparse.Namespace) -> None:
    """Print the secret as lines that check themselves."""
    chain = read(given.file)
    print("哈希链纸质备份（秘密，密封保管；每行末四位为该行校验）")
    print(
        f"年度 {chain['year']}　链长 {chain['length']}　套件 {chain['suite']}　{chain['holder']}\n"
        f"锚值 {value_at(chain, 0).hex()}"
    )
    for number in range(4):
        part = chain["secret_hex"][16 * number : 16 * number + 16]
        name, groups = f"K{number + 1}", " ".join(re.findall("....", part))
        print(f"  {name}  {groups}  {check(name, part)}")


def alike(first: str, second: str) -> bool:
    """Return whether two purposes are one: digits copied from paper may be its first row only."""
    return first.startswith(second) or second.startswith(first)


def show(given: argparse.Namespace) -> None:
    """Show the one value that a commit or a request names, once the file has noted for which."""
    chain, position = read(given.file), given.position
    shown = chain.get("shown", [])
    purpose = re.sub(r"[\s-]+", "", getattr(given, "for")).lower()
    if not re.fullmatch("[0-9a-f]{32,64}", purpose):
        sys.exit("--for 应照承诺书的承诺值或者申请单的申请记录抄写，至少第一行（32 位）。")
    if not 1 <= position <= chain["length"]:
        sys.exit(f"该链只有第 1 到第 {chain['length']} 个值，请核对纸上所列序号。")
    places = {line["position"] for line in shown}
    last = max(places, default=0)
    if position > last + 1:
        sys.exit(
            f"下一个应取的是第 {last + 1} 个值。其间的抽取由本单位电子签名作废的，改用"
            " inspect-server draw chain next --skip；书面签署作废的，这条链已经停用，"
            "请另行生成新链（new），由抽取机关公布锚值后再用。"
        )
    if position < last and position not in places:
        sys.exit(f"第 {position} 个值已随第 {last} 个值显现，不能再用于承诺或者替补，没有取值。")
    for line in shown:
        noted = line.get("for")
        if noted and (line["position"] == position) is not alike(noted, purpose):
            sys.exit(
                f"第 {line['position']} 个值已为 {noted[:16]}… 取出；一个值只用于一份承诺或者一次"
                "替补申请，没有取值。请逐组核对纸面，确有两份的，不要交出任何值，并告知监督单位。"
            )
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    line = {"position": position, "at": now, "for": purpose}
    beside = given.file + ".new"
    if os.path.exists(beside):
        os.remove(beside)
    more = {"draw": given.draw} if given.draw else {}
    write(beside, chain | {"shown": [*shown, line | more]})
    os.replace(beside, given.file)
    print(value_at(chain, position).hex())


def named(path: str, anchor: str, suite: str) -> list[tuple[int, str, str, bool]]:
    """Return what a certificate names of a chain: position, for what, in words, whether known."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            told: dict[str, Any] = json.load(file)
        body, commit, tag = told["commit_body"], told["commit"], digest(suite, b"sjc/commit/1")
        plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if digest(suite, tag + plain.encode()).hex() != commit:
            sys.exit(f"{path} 的承诺值与其承诺内容不符，不是完整的证书。")
        title, is_revealed = f"抽取 {body['draw_no']} 的", bool(told["entropy"])
        return [
            (int(one["issue"]), commit, title + "承诺", is_revealed)
            for one in body["sources"]
            if one["name"] == anchor
        ] + [
            (int(one["issue"]), one["request_leaf"], f"{title}第 {k} 次替补申请", True)
            for k, one in enumerate(told["replacements"], 1)
            if one["source"] == anchor
        ]
    except (OSError, ValueError, KeyError, TypeError):
        sys.exit(f"{path} 不是可读的证书，请取得抽取机关签发或者公示的 certificate.json。")


def compare(given: argparse.Namespace) -> None:
    """Say of every position that certificates name whether it was shown for just that."""
    chain, wrong = read(given.file), False
    shown = chain.get("shown", [])
    anchor = value_at(chain, 0).hex()
    claims = {one for path in given.certificates for one in named(path, anchor, chain["suite"])}
    for position, purpose, title, is_known in sorted(claims):
        noted = [one.get("for", "") for one in shown if one["position"] == position]
        if other := next((one for one in noted if not alike(one, purpose)), ""):
            said = f"不符　是为 {other[:16]}… 取出的，证书却用于 {purpose[:16]}…"
        elif not noted and is_known:
            said = "不符　证书用到了该值，本文件却没有取值记录"
        elif not all(noted):
            said = "未查　取值时没有记下用途"
        else:
            said = f"符合　{'为' if noted else '没有揭示，也没有为'} {purpose[:16]}… 取出"
        wrong |= said.startswith("不符")
        print(f"第 {position} 个值，{title}：{said}")
    for position in sorted({one["position"] for one in shown}):
        if position not in {one[0] for one in claims}:
            print(f"第 {position} 个值：未查　已经取出，所给证书中没有用到")
    if wrong:
        sys.exit("有不符，请不要再为该链取值，并告知监督单位。")


def restore(given: argparse.Namespace) -> None:
    """Write the file again from paper, when it is the chain of that anchor."""
    parts = []
    for name in ("K1", "K2", "K3", "K4"):
        typed = re.sub(r"[\s-]+", "", input(f"{name} 行：" if sys.stdin.isatty() else "")).lower()
        found = re.fullmatch(rf"{name.lower()}([0-9a-f]{{16}})([0-9a-f]{{4}})", typed)
        if not found or found[2] != check(name, found[1]):
            sys.exit(f"{name} 行有误，请对照纸质备份重新输入。")
        parts.append(found[1])
    chain = made(given, bytes.fromhex("".join(parts)))
    if len(given.anchor) < 16 or not chain["anchor_hex"].startswith(given.anchor.lower()):
        sys.exit("算出的锚值与纸上的不符，未写入文件，请核对年度、链长和套件。")
    write(given.file, chain)
    print(f"已恢复，秘密文件：{given.file}\n锚值：{chain['anchor_hex']}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="见证方哈希链工具")
    steps = parser.add_subparsers(required=True, metavar="new|paper|next|check|restore")
    chosen = {"new": new, "paper": paper, "next": show, "check": compare, "restore": restore}
    for name, step in chosen.items():
        one = steps.add_parser(name)
        one.set_defaults(step=step)
        one.add_argument("--file", required=True)
        if name in ("new", "restore"):
            one.add_argument("--year", type=int, required=True)
            one.add_argument(
                "--length", type=int, choices=range(1, 100_001), metavar="N", default=60
            )
            one.add_argument("--holder", required=True)
            one.add_argument("--suite", choices=("sha256", "sm3"), default="sha256")
        if name == "restore":
            one.add_argument("--anchor", required=True)
        if name == "next":
            one.add_argument("--position", type=int, required=True)
            one.add_argument("--for", required=True, metavar="承诺值或申请记录")
            one.add_argument("--draw", default="")
        if name == "check":
            one.add_argument("certificates", nargs="+", metavar="证书")
    given = parser.parse_args()
    given.step(given)


if __name__ == "__main__":
    main()
