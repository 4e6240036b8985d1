"""
Keeping a hash chain: which of its values may be shown next, and its secrets on paper.

A paper copy is typed back line by line: each line says which it is, holds eight bytes, and ends in
a check of its own, so that a slip is found where it was made.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable

from inspect_server.domain.draw.hashes.tagged import SIZE
from inspect_server.domain.errors import InspectError

CHAIN, SIGNING = "K", "S"
"""Labels of lines: the chain's secret end, and the witness's signing key."""
ON_A_LINE = 8
"""Bytes."""
LINES = SIZE // ON_A_LINE
_LINE = re.compile(r"([ks])([1-4])([0-9a-f]{16})([0-9a-f]{4})")
_BETWEEN = re.compile(r"[\s\-－—]+")


class BadPaperLine(InspectError):
    """A line typed from paper does not fit its check."""

    code, kind = "draw.bad_paper_line", "invalid"
    message = "抄录的 {line} 行有误（{reason}），请对照纸质备份重新输入该行。"


class PaperOfAnother(InspectError):
    """The lines are right, yet they make another chain than the one that was asked for."""

    code, kind = "draw.paper_of_another", "conflict"
    message = (
        "抄录内容算出的锚值是 {found}…，与所给锚值 {expected}… 不符，未写入文件，"
        "请核对年度、链长和哈希套件后重试。"
    )


class PositionTooFar(InspectError):
    """Showing this value would expose others that nobody has asked for."""

    code, kind = "draw.position_too_far", "conflict"
    message = (
        "该链下一个应取的是第 {expected} 个值，取第 {position} 个会同时暴露其间各值；"
        "请核对承诺书、替补申请单所列序号，其间各次抽取确已由见证方电子签名作废的，"
        "用 --skip 逐一给出其作废后的证书重试。"
    )


class PassphraseWanted(InspectError):
    """The file is encrypted and nothing opened it."""

    code, kind = "draw.passphrase_wanted", "invalid"
    message = "哈希链文件 {name} 已加密，请由保管人输入口令后重试。"


class PassphraseWrong(InspectError):
    """The passphrase does not open the file."""

    code, kind = "draw.passphrase_wrong", "forbidden"
    message = "哈希链文件 {name} 的口令不正确或文件已被改动，请重新输入口令；忘记的用纸质备份恢复。"


class PassphraseWeak(InspectError):
    """A passphrase that a found file would not withstand."""

    code, kind = "draw.passphrase_weak", "invalid"
    message = "口令至少 {shortest} 个字符，请另设一个并妥善保管。"


def check_next(position: int, shown: Iterable[int], given_up: Collection[int] = ()) -> None:
    """
    Refuse to show a value that lies beyond the next one; what was shown may be shown again.

    Args:
        position: Of the value that is asked for.
        shown: Positions shown so far.
        given_up: Positions named by draws that are void: their values may come to light.

    Raises:
        PositionTooFar: Values between would be exposed with it.
    """
    first = max(shown, default=0) + 1
    expected = next((n for n in range(first, position) if n not in given_up), position)
    if expected < position:
        raise PositionTooFar(expected=expected, position=position)


def paper_lines(label: str, secret: bytes) -> tuple[str, ...]:
    """Return 32 bytes as four lines such as `K1  1a2b 3c4d 5e6f 7a8b  9c01`."""
    lines = []
    for number in range(LINES):
        part = secret[number * ON_A_LINE : (number + 1) * ON_A_LINE].hex()
        groups = " ".join(part[start : start + 4] for start in range(0, len(part), 4))
        name = f"{label}{number + 1}"
        lines.append(f"{name}  {groups}  {_check(name, part)}")
    return tuple(lines)


def paper_line(text: str, expected: str) -> bytes:
    """
    Return the eight bytes of one line as it was typed; spaces, hyphens and case do not matter.

    Args:
        expected: Which line it should be, such as K1.

    Raises:
        BadPaperLine: Another line, not whole, or its check does not fit.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).lower()
    found = _LINE.fullmatch(plain)
    if found is None:
        raise BadPaperLine(line=expected, reason="应为行号、四组各 4 位、末尾 4 位校验")
    letter, number, part, check = found.groups()
    name = f"{letter.upper()}{number}"
    if name != expected:
        raise BadPaperLine(line=expected, reason=f"输入的是 {name} 行")
    if check != _check(name, part):
        raise BadPaperLine(line=expected, reason="与行末校验不符")
    return bytes.fromhex(part)


def line_names(label: str) -> tuple[str, ...]:
    """Return K1 to K4, or S1 to S4."""
    return tuple(f"{label}{number}" for number in range(1, LINES + 1))


def _check(name: str, part: str) -> str:
    return hashlib.sha256(f"sjc/paper/1 {name} {part}".encode("ascii")).hexdigest()[:4]
