"""
What a value of a chain was shown for: one commit, or one logged request for a replacement.

Whoever knows a value while that may still be chosen varies it until the result suits them. So a
keeper shows a value only for digits that stand on a paper in their hand, and compares afterwards
what the certificate made of it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inspect_server.domain.draw.checks.comparing import Mismatch
from inspect_server.domain.draw.checks.report import Check, Verdict
from inspect_server.domain.draw.checks.structure import beside
from inspect_server.domain.draw.entropy import CHAINS, Source, SourceKind, place_of
from inspect_server.domain.draw.hashes.tagged import Hash
from inspect_server.domain.draw.pool import is_hash
from inspect_server.domain.errors import BadInput, InspectError

FEWEST_DIGITS = 32
"""One row of the paper. Of sixteen digits two requests that begin alike are found in 2^32 tries."""
TOLD = 16
"""Digits of a purpose in a sentence."""
_BETWEEN = re.compile(r"[\s\-－—]+")
_DIGITS = re.compile(rf"[0-9a-f]{{{FEWEST_DIGITS},64}}")


class ValueShownForAnother(InspectError):
    """One value serves one commit or one request, and each of these has one value."""

    code, kind = "draw.value_shown_for_another", "conflict"
    message = (
        "该链第 {position} 个值已为 {purpose}… 取出；一个值只用于一份承诺或者一次替补申请，"
        "本次没有取值。请与留存的承诺书、替补申请单逐组核对，确有两份的，不要交出任何值，并告知监督单位。"
    )


class ValueExposed(InspectError):
    """A later value is out, and with it this one: it can decide nothing any more."""

    code, kind = "draw.value_exposed", "conflict"
    message = (
        "该链第 {position} 个值没有取过，但已随第 {later} 个值显现，不能再用于承诺或者替补，"
        "没有取值；请核对承诺书、替补申请单所列序号，确实列有该序号的，请本机关作废。"
    )


class NotOfCertificate(InspectError):
    """A file is no certificate whose positions can be compared."""

    code, kind = "draw.not_of_certificate", "invalid"
    message = (
        "{name} 不是完整的证书（{reason}），请取得抽取机关签发或者公示的 certificate.json 后重试。"
    )


@dataclass(frozen=True)
class Shown:
    """One line of what a chain's file notes."""

    position: int
    at: str  # RFC 3339
    purpose: str  # the digits that were given, "" in a line from before they were noted


@dataclass(frozen=True)
class Named:
    """A position that a certificate says a commit or a request used."""

    position: int  # of the keeper's chain, whatever the certificate calls its anchor
    purpose: str  # 64 hex digits
    title: str
    is_known: bool  # whether the certificate holds the value
    anchor: str = ""  # under which it is named, "" for that of the keeper's chain


def purpose_of(text: str) -> str:
    """
    Return the digits of a commit, or of a request's leaf, as a keeper copied them from paper.

    Raises:
        BadInput: Not hex, or fewer digits than one row of the paper.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).lower()
    if not _DIGITS.fullmatch(plain):
        raise BadInput(
            field="--for",
            reason="应为承诺书上的承诺值，或者替补申请单上的申请记录，64 位十六进制，照纸面抄写，"
            f"至少抄完第一行（{FEWEST_DIGITS} 位）",
        )
    return plain


def is_purpose(text: str) -> bool:
    """Whether a text is what `purpose_of` returns."""
    return _DIGITS.fullmatch(text) is not None


def check_purpose(position: int, purpose: str, shown: Sequence[Shown]) -> None:
    """
    Refuse a value that was shown for something else, and one that a later value gave away.

    Raises:
        ValueShownForAnother, ValueExposed: As named.
    """
    for line in shown:
        if line.purpose and (line.position == position) is not _alike(line.purpose, purpose):
            raise ValueShownForAnother(position=line.position, purpose=line.purpose[:TOLD])
    positions = {line.position for line in shown}
    if position not in positions and (later := max(positions, default=0)) > position:
        raise ValueExposed(position=position, later=later)


def named_by(certificate: Mapping[str, Any], h: Hash, anchor: str, name: str) -> tuple[Named, ...]:
    """
    Return the positions of a chain that a certificate names, and for what.

    Any value of a chain may be called its anchor, so every chain of the certificate is followed.

    Args:
        h: Of the chain.
        anchor: Of the chain, as its keeper knows it.
        name: Of the file, for the error.

    Raises:
        NotOfCertificate: Unreadable, or not of its own commit.
    """
    try:
        return tuple(
            replace(one, position=place, anchor="" if source.name == anchor else source.name)
            for source, one in _uses(certificate)
            if (place := place_of(h, source, anchor)) is not None
        )
    except (Mismatch, InspectError) as error:
        raise NotOfCertificate(name=name, reason=str(error)) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotOfCertificate(name=name, reason=f"内容不可读：{error}") from None


def _uses(certificate: Mapping[str, Any]) -> Iterator[tuple[Source, Named]]:
    """Yield every value of a chain that a certificate names, as the certificate counts it."""
    body = beside(certificate)
    number, is_revealed = body.data["draw_no"], bool(certificate["entropy"])
    for one in body.sources:
        if one.kind in CHAINS:
            title, commit = f"抽取 {number} 的承诺", certificate["commit"]
            yield one, Named(int(one.issue), commit, title, is_revealed)
    for k, row in enumerate(certificate["replacements"], 1):
        one = Source.from_json(
            {"kind": SourceKind.WITNESS, "name": row["source"], "issue": row["issue"]}
        )
        if not is_hash(row["request_leaf"]):
            raise Mismatch(f"第 {k} 次替补没有申请记录")
        title = f"抽取 {number} 第 {k} 次替补的申请"
        yield one, Named(int(one.issue), row["request_leaf"], title, is_known=True)


def compared(named: Iterable[Named], shown: Sequence[Shown]) -> tuple[Check, ...]:
    """Return of every position whether it was shown for what the certificates used it for."""
    claims = sorted(set(named), key=lambda one: (one.position, one.title, not one.is_known))
    left = sorted({line.position for line in shown} - {one.position for one in claims})
    unused = "已经取出，所给证书中没有用到"
    return (
        *(_compared(one, [at for at in shown if at.position == one.position]) for one in claims),
        *(Check(f"第 {position} 个值", Verdict.UNCHECKED, unused) for position in left),
    )


def _compared(one: Named, lines: Sequence[Shown]) -> Check:
    value = f"第 {one.position} 个值" if one.position > 0 else "公布的锚值或者更早的值"
    what = f"{value}，{one.title}"
    if one.anchor:
        other = f"证书以 {one.anchor[:TOLD]}… 为锚值，该值也在本链上，不是公布的锚值"
        return Check(what, Verdict.WRONG, other)
    if not lines:
        if one.is_known:
            return Check(what, Verdict.WRONG, "证书用到了该值，本文件却没有取值记录")
        return Check(what, Verdict.RIGHT, "没有揭示，也没有取值")
    for line in lines:
        if line.purpose and not _alike(line.purpose, one.purpose):
            taken, used = line.purpose[:TOLD], one.purpose[:TOLD]
            return Check(what, Verdict.WRONG, f"该值是为 {taken}… 取出的，证书却用于 {used}…")
    if not all(line.purpose for line in lines):
        return Check(what, Verdict.UNCHECKED, "取值时没有记下用途")
    return Check(what, Verdict.RIGHT, f"为 {one.purpose[:TOLD]}… 取出，与证书一致")


def _alike(first: str, second: str) -> bool:
    return first.startswith(second) or second.startswith(first)
