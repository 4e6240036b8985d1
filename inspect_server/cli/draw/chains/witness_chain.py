"""
见证方哈希链工具：单个文件，只用 Python 3.11 以上的标准库，不联网。

python witness_chain.py new|paper|next|restore --help

The witness's own tool: it reads and writes the same file as `inspect-server draw chain`, shares no
code with it, and can be read in one sitting. Encrypted files and signatures need the package.
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


def given_up(path: str, anchor: str, suite: str) -> set[int]:
    """
    Return the positions of this chain that a void draw named, by its certificate.

    The certificate is checked as far as it speaks for itself: commit, void, positions. Who signed
    the void is for the keeper to compare with their own copy.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            told: dict[str, Any] = json.load(file)
        body, tag = told["commit_body"], digest(suite, b"sjc/commit/1")
        plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if digest(suite, tag + plain.encode()).hex() != told["commit"]:
            sys.exit(f"{path} 的承诺值与其承诺内容不符，不是完整的证书。")
        if "void" not in told:
            sys.exit(f"{path} 中抽取 {body['draw_no']} 没有作废，其序号不能跳过。")
        named = {int(one["issue"]) for one in body["sources"] if one["name"] == anchor}
        named |= {int(one["issue"]) for one in told["replacements"] if one["source"] == anchor}
        if not named:
            sys.exit(f"{path} 中抽取 {body['draw_no']} 没有用到这条链。")
        void = [told["void"][key] for key in ("reason", "request_leaf", "cosigned")]
    except (OSError, ValueError, KeyError, TypeError):
        sys.exit(f"{path} 不是可读的证书，请取得该次抽取作废后签发的 certificate.json。")
    numbers = "、".join(map(str, sorted(named)))
    said = f"抽取 {body['draw_no']} 已作废，停用第 {numbers} 个值。本工具不验签名，"
    print(f"{said}交出值之前，请与本单位签署的作废文书逐项核对：", file=sys.stderr)
    print("理由 {}\n申请记录 {}\n签署 {}".format(*void), file=sys.stderr)
    return named


def show(given: argparse.Namespace) -> None:
    """Show the one value that a commit names, once the file has noted it."""
    chain = read(given.file)
    following = max((line["position"] for line in chain.get("shown", [])), default=0) + 1
    if not 1 <= given.position <= chain["length"]:
        sys.exit(f"该链只有第 1 到第 {chain['length']} 个值，请核对承诺书所列序号。")
    free: set[int] = set()
    for path in given.skip:
        free |= given_up(path, value_at(chain, 0).hex(), chain["suite"])
    held = next((n for n in range(following, given.position) if n not in free), 0)
    if held:
        sys.exit(f"下一个应取的是第 {held} 个值；其抽取确已作废的，用 --skip 给出作废的证书。")
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    line = {"position": given.position, "at": now} | ({"draw": given.draw} if given.draw else {})
    beside = given.file + ".new"
    if os.path.exists(beside):
        os.remove(beside)
    write(beside, chain | {"shown": [*chain.get("shown", []), line]})
    os.replace(beside, given.file)
    print(value_at(chain, given.position).hex())


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
    steps = parser.add_subparsers(required=True, metavar="new|paper|next|restore")
    for name, step in (("new", new), ("paper", paper), ("next", show), ("restore", restore)):
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
            one.add_argument("--draw", default="")
            one.add_argument("--skip", action="append", default=[], metavar="作废的证书")
    given = parser.parse_args()
    given.step(given)


if __name__ == "__main__":
    main()
