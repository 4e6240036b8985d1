"""
An enterprise's own proof: its salt, its line, and the path from the line to the committed root.

It stands by itself: whoever has the file and the published commit needs nothing else. RFC 9162
section 2.1.3 is the form of the path.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.hashes.merkle import path, root_from_path
from inspect_server.domain.draw.hashes.tagged import SIZE
from inspect_server.domain.draw.pool import commitment, is_hash
from inspect_server.domain.errors import InspectError

KIND = "sjc/inclusion/1"
POOL, EXCLUDED = "pool", "excluded"
ROOTS: Mapping[str, str] = {POOL: "pool_root", EXCLUDED: "excluded_root"}
LIST_NAMES: Mapping[str, str] = {POOL: "抽取池", EXCLUDED: "排除清单"}
KEYS = frozenset(
    (
        *("kind", "draw_no", "commit", "commit_body", "list"),
        *("index", "size", "line", "path", "record", "salt"),
    )
)
LARGEST_BYTES = 1024 * 1024
_LONGEST_PATH = 64
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)
_BYTES = re.compile(r"(?:[0-9a-f]{2})*")


class BadProof(InspectError):
    """The file proves nothing."""

    code, kind = "disclosure.bad_proof", "invalid"
    message = "证明不成立：{reason}，请核对文件是否完整，或向出具机关重新索取。"


@dataclass(frozen=True)
class Proved:
    """What a proof that holds says."""

    draw_no: str
    commit: str
    list: str  # pool | excluded
    label: str  # cell id, or the reason code of an exclusion
    commitment: str
    index: int  # from 0
    size: int
    record: Mapping[str, Any]
    p_ppm: int | None  # odds of the cell, None for the excluded


def make(
    commit_body: Mapping[str, Any],
    which: str,
    lines: Sequence[str],
    line: str,
    salt: bytes,
    record: Mapping[str, Any],
) -> dict[str, Any]:
    """
    Return the proof of one published line.

    Args:
        which: pool or excluded.
        lines: All lines of that list, sorted bytewise.
        line: The enterprise's own.

    Raises:
        ValueError: The line is not among them.
    """
    body = checked_body(commit_body)
    index = bisect_left(lines, line)
    if index == len(lines) or lines[index] != line:
        raise ValueError("the line is not in the list")
    proof = path(body.hash, [text.encode("ascii") for text in lines], index)
    return {
        "kind": KIND,
        "draw_no": body.data["draw_no"],
        "commit": body.digest().hex(),
        "commit_body": dict(body.data),
        "list": which,
        "index": index,
        "size": len(lines),
        "line": line,
        "salt": salt.hex(),
        "record": dict(record),
        "path": [step.hex() for step in proof],
    }


def check(proof: Mapping[str, Any]) -> Proved:
    """
    Recompute a proof from its bytes alone; the reader compares the commit with the published one.

    Raises:
        BadProof: Says what does not hold.
    """
    try:
        return _check(proof)
    except BadProof:
        raise
    except InspectError as error:
        raise BadProof(reason=f"承诺内容不可用（{error}）") from None
    except _UNREADABLE:
        raise BadProof(reason="内容不可读") from None


def read(content: bytes) -> dict[str, Any]:
    """
    Read a proof's file.

    Raises:
        BadProof: It is no JSON object of the size of a proof.
    """
    if len(content) > LARGEST_BYTES:
        raise BadProof(reason="文件过大")
    try:
        found = json.loads(content.decode("utf-8"))
    except _UNREADABLE:
        raise BadProof(reason="不是有效的 JSON 文件") from None
    if not isinstance(found, dict):
        raise BadProof(reason="不是 JSON 对象")
    return found


def _check(proof: Mapping[str, Any]) -> Proved:
    _need(set(proof) == KEYS and proof["kind"] == KIND, "字段不全、多余，或不是包含证明")
    body = checked_body(proof["commit_body"])
    _need(body.digest().hex() == proof["commit"], "承诺值与承诺内容不符")
    _need(body.data["draw_no"] == proof["draw_no"] and not body.is_compute, "抽取编号与承诺不符")
    _need(proof["list"] in ROOTS, "清单种类不明")
    index, size = _number(proof["index"]), _number(proof["size"])
    counts = {POOL: "included", EXCLUDED: "excluded"}
    _need(size == body.data["counts"][counts[proof["list"]]], "清单家数与承诺不符")
    label, tab, c = str(proof["line"]).partition("\t")
    _need(bool(tab) and is_hash(c), "清单行格式不符")
    salt = _bytes(proof["salt"])
    _need(len(salt) == SIZE, "盐值应为 32 字节")
    made = commitment(body.hash, salt, proof["record"])
    _need(made.hex() == c, "企业身份和盐值得不出清单行中的承诺值")
    steps = proof["path"]
    _need(isinstance(steps, list) and len(steps) <= _LONGEST_PATH, "路径格式不符")
    hashes = [_bytes(step) for step in steps]
    _need(all(len(step) == SIZE for step in hashes), "路径应为 32 字节的哈希值")
    root = root_from_path(body.hash, proof["line"].encode("ascii"), index, size, hashes)
    wanted = body.data[ROOTS[proof["list"]]]
    _need(root is not None and root.hex() == wanted, "由清单行和路径得不出已承诺的根哈希")
    odds = dict(body.cells)
    _need(proof["list"] == EXCLUDED or label in odds, "清单行的单元未在承诺中声明")
    return Proved(
        draw_no=proof["draw_no"],
        commit=proof["commit"],
        list=proof["list"],
        label=label,
        commitment=c,
        index=index,
        size=size,
        record=proof["record"],
        p_ppm=odds.get(label) if proof["list"] == POOL else None,
    )


def _need(holds: bool, reason: str) -> None:
    if not holds:
        raise BadProof(reason=reason)


def _number(value: object) -> int:
    _need(isinstance(value, int) and not isinstance(value, bool), "序号和家数应为整数")
    assert isinstance(value, int)
    return value


def _bytes(text: object) -> bytes:
    _need(isinstance(text, str) and _BYTES.fullmatch(text) is not None, "应为小写十六进制")
    assert isinstance(text, str)
    return bytes.fromhex(text)
