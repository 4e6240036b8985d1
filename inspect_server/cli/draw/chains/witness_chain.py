"""
见证方哈希链工具：单个文件，只用 Python 3.11 以上的标准库，不联网。用法：witness_chain.py --help

It reads and writes the same file as `inspect-server draw chain`, and shares no code with it. What
is encrypted or signed needs the package, and so does passing over positions of void draws.
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

if sys.platform != "win32":
    import fcntl


def need(truth: object, why: str) -> None:
    """End with a sentence for the witness, unless it holds."""
    if not truth:
        sys.exit(why)


def value_at(chain: dict[str, Any], position: int) -> bytes:
    """Return the value of a position: the secret end, hashed as often as it is away from it."""
    value = bytes.fromhex(chain["secret_hex"])
    for _ in range(chain["length"] - position):
        value = hashlib.new(chain["suite"], value).digest()
    return value


def check(name: str, part: str) -> str:
    """Return the four digits that end a line of the paper copy."""
    return hashlib.sha256(f"sjc/paper/1 {name} {part}".encode("ascii")).hexdigest()[:4]


def read(path: str) -> dict[str, Any]:
    """Return a chain's file; an encrypted one needs the package."""
    try:
        with open(path, encoding="utf-8") as file:
            chain: dict[str, Any] = json.load(file)
        need("sealed" not in chain, "该文件已加密，请改用 inspect-server draw chain 同名命令。")
        notes, length = chain.setdefault("shown", []), chain["length"]
        numbers = [length, *(one["position"] for one in notes)]  # older notes do not say for what
        fits = [re.fullmatch("[0-9a-f]{32,64}", one.get("for", "0" * 32)) for one in notes]
        sound = type(notes) is list and all(fits) and len(chain["secret_hex"]) == 64
        sound = sound and {*map(type, numbers)} == {int} and min(numbers) > 0
        sound = sound and max(numbers) == length <= 100_000
        sound = sound and chain.get("anchor_hex") in (None, value_at(chain, 0).hex())
    except Exception:  # whatever is broken in it
        sound = False
    need(sound, "该文件不能读取，或者内容不完整、被改动，请核对路径，或用纸质备份恢复（restore）。")
    return chain


def write(path: str, chain: dict[str, Any], over: str = "") -> None:
    """Write a file that only its owner reads, where there is none; then put it over another."""
    need(not os.path.lexists(path), f"文件 {path} 已存在，不能覆盖，请另写文件名。")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(chain, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        if over:
            os.replace(path, over)
    except BaseException:
        os.remove(path)  # it holds the secret, or half of it
        raise


def made(given: argparse.Namespace, secret: bytes) -> dict[str, Any]:
    """Return a new chain's file."""
    need(given.year and given.holder, "请写明使用年度（--year）和持有单位（--holder）。")
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
    print(f"年度 {chain['year']}　链长 {chain['length']}　套件 {chain['suite']}　{chain['holder']}")
    print(f"锚值 {value_at(chain, 0).hex()}")
    for number in range(4):
        part = chain["secret_hex"][16 * number : 16 * number + 16]
        name, groups = f"K{number + 1}", " ".join(re.findall("....", part))
        print(f"  {name}  {groups}  {check(name, part)}")


def alike(first: str, second: str) -> bool:
    """Return whether two purposes are one: digits copied from paper may be its first row only."""
    return first.startswith(second) or second.startswith(first)


def show(given: argparse.Namespace) -> None:
    """Show the one value that a commit or a request names, once the file has noted for which."""
    path, at = os.path.realpath(given.file), given.position
    if sys.platform != "win32":  # until this program ends, nobody else takes a value
        fcntl.flock(os.open(os.path.dirname(path), os.O_RDONLY), fcntl.LOCK_EX)
    chain = read(path)
    purpose = re.sub(r"[\s-]+", "", getattr(given, "for")).lower()
    taken, length = {line["position"] for line in chain["shown"]}, chain["length"]
    last, fits = max(taken, default=0), re.fullmatch("[0-9a-f]{32,64}", purpose)
    need(fits, "--for 应照承诺书的承诺值或者申请单的申请记录抄写，至少第一行（32 位）。")
    need(given.draw.isprintable(), "--draw 含有不能识别的字符，请照纸面重新输入。")
    need(1 <= at <= length, f"该链只有第 1 到第 {length} 个值，请核对纸上所列序号。")
    beyond = f"下一个应取的是第 {last + 1} 个值。其间经本单位电子签名作废的，改用 inspect-server"
    beyond += " draw chain next --skip；书面签署作废的，这条链已经停用，请生成新链并公布锚值。"
    need(at <= last + 1, beyond)
    need(at >= last or at in taken, f"第 {at} 个值已随第 {last} 个值显现，不能再用，没有取值。")
    for line in chain["shown"]:
        place, noted = line["position"], line.get("for", "")
        said = f"第 {place} 个值已为 {noted[:16]}… 取出；一个值只用于一份承诺或者一次替补申请，"
        said += "没有取值。请逐组核对纸面，确有两份的，不要交出任何值，并告知监督单位。"
        need(not noted or (place == at) is alike(noted, purpose), said)
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    line = {"position": at, "at": now, "for": purpose}
    chain["shown"].append(line | ({"draw": given.draw[:60]} if given.draw else {}))
    if os.path.exists(path + ".new"):  # of a run that was cut off
        os.remove(path + ".new")
    write(path + ".new", chain, over=path)
    print(value_at(chain, at).hex())


def places(chain: dict[str, Any]) -> dict[str, int]:
    """Return where a value stands in the chain or, below 0, behind its anchor: any may be one."""
    found, value = {}, bytes.fromhex(chain["secret_hex"])
    for position in range(chain["length"], -100_001, -1):
        found[value.hex()] = position
        value = hashlib.new(chain["suite"], value).digest()
    return found


def named(path: str, known: dict[str, int]) -> list[tuple[int, str, str, bool, bool]]:
    """Return what a certificate names of a chain: position, purpose, title, if shown, if so."""
    found, sound = [], False
    try:
        with open(path, encoding="utf-8-sig") as file:
            told: dict[str, Any] = json.load(file)
        body, commit, own = told["commit_body"], told["commit"], told["commit_body"]["suite"]
        plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        tagged = hashlib.new(own, b"sjc/commit/1").digest() + plain.encode()
        sound = hashlib.new(own, tagged).hexdigest() == commit
        used = [(s["name"], s["issue"], commit, "承诺", told["entropy"]) for s in body["sources"]]
        for n, row in enumerate(told["replacements"], 1):
            used += [(row["source"], row["issue"], row["request_leaf"], f"第 {n} 次替补申请", True)]
        for name, issue, purpose, what, is_shown in used:
            if (base := known.get(name)) is not None:
                fits = re.fullmatch("[1-9][0-9]{0,5} [0-9a-f]{64}", f"{issue} {purpose}")
                sound, title = sound and bool(fits), f"抽取 {body['draw_no']} 的{what}"
                found.append((base + int(issue), purpose, title, bool(is_shown), base == 0))
    except Exception:  # whatever is broken in it
        sound = False
    need(sound, f"{path} 不是完整的证书，请取得抽取机关签发或者公示的 certificate.json。")
    return found


def compare(given: argparse.Namespace) -> None:
    """Say of every position that certificates name whether it was shown for just that."""
    chain, wrong = read(given.file), False
    shown, known = chain["shown"], places(chain)
    claims = {one for path in given.certificates for one in named(path, known)}
    for position, purpose, title, is_shown, is_own in sorted(claims):
        noted = [one.get("for", "") for one in shown if one["position"] == position]
        other = next((f"是为 {one[:16]}… 取出" for one in noted if not alike(one, purpose)), "")
        said = f"符合　{'为' if noted else '没有揭示，也没有为'} {purpose[:16]}… 取出"
        if not all(noted):
            said = "未查　取值时没有记下用途"
        if other or (is_shown and not noted):
            said = f"不符　证书用于 {purpose[:16]}…，本文件{other or '没有取值记录'}"
        if not is_own:
            said = "不符　证书以该链的另一个值为锚值，不是公布的锚值"
        wrong |= said.startswith("不符")
        print(f"第 {position} 个值，{title}：{said}")
    for position in sorted({one["position"] for one in shown} - {one[0] for one in claims}):
        print(f"第 {position} 个值：未查　已经取出，所给证书中没有用到")
    need(not wrong, "有不符，请不要再为该链取值，并告知监督单位。")


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
    fits = len(given.anchor) >= 16 and chain["anchor_hex"].startswith(given.anchor.lower())
    need(fits, "算出的锚值与纸上的不符，未写入文件，请核对年度、链长和套件。")
    write(given.file, chain)
    print(f"已恢复，秘密文件：{given.file}\n锚值：{chain['anchor_hex']}")


def main() -> None:
    """Read the command line."""
    chosen = {"new": new, "paper": paper, "next": show, "check": compare, "restore": restore}
    parser = argparse.ArgumentParser(description="见证方哈希链工具")
    add = parser.add_argument
    add("step", choices=chosen, help="生成、抄印纸质备份、取值、核对、凭纸质备份恢复")
    add("--file", required=True, help="秘密文件")
    add("--year", type=int, help="new、restore：使用年度")
    add("--holder", help="new、restore：持有单位")
    add("--length", type=int, choices=range(1, 100_001), metavar="N", default=60, help="链长")
    add("--suite", choices=("sha256", "sm3"), default="sha256", help="哈希套件")
    add("--anchor", default="", help="restore：纸上的锚值，至少前 16 位")
    add("--position", type=int, default=0, help="next：纸上所列序号")
    add("--for", default="", help="next：承诺书的承诺值，或者申请单的申请记录")
    add("--draw", default="", help="next：抽取编号，备查")
    add("certificates", nargs="*", help="check：证书")
    given = parser.parse_intermixed_args()
    try:
        chosen[given.step](given)
    except (OSError, ValueError) as error:
        sys.exit(f"没有完成，也没有取值，请检查磁盘和文件后重试：{error}")


if __name__ == "__main__":
    main()
