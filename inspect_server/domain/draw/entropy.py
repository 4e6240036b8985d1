"""
The sources of a seed: what a commit declares about them, and the grammar of their values.

A source is `{kind, name, issue}`. For a hash chain `name` is the anchor in hex and `issue` the
position that is revealed, so two commits can be seen to name the same value. For a public value
and for dice the value is ASCII `name/issue/values`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inspect_server.domain.draw.errors import BadEntropy
from inspect_server.domain.draw.hashes.chain import apart, steps_to
from inspect_server.domain.draw.hashes.tagged import SIZE, Hash
from inspect_server.domain.draw.pool import is_hash
from inspect_server.domain.draw.publications.issues import ISSUES

LONGEST_CHAIN = 100_000


class SourceKind(StrEnum):
    """Where entropy comes from, in the order in which the sources are declared."""

    AUTHORITY = "authority_chain"
    WITNESS = "witness_chain"
    PUBLIC = "public"
    DICE = "dice"


KIND_NAMES: Mapping[SourceKind, str] = {
    SourceKind.AUTHORITY: "本机关哈希链",
    SourceKind.WITNESS: "见证方哈希链",
    SourceKind.PUBLIC: "公开随机值",
    SourceKind.DICE: "现场掷骰",
}
CHAINS = frozenset({SourceKind.AUTHORITY, SourceKind.WITNESS})


@dataclass(frozen=True)
class Source:
    """One declared source."""

    kind: SourceKind
    name: str
    issue: str

    def to_json(self) -> dict[str, str]:
        """Return the object that stands in the commit body."""
        return {"kind": self.kind.value, "name": self.name, "issue": self.issue}

    @staticmethod
    def from_json(data: Mapping[str, str]) -> "Source":
        """
        Read a declared source.

        Raises:
            BadEntropy: Unknown kind, or a name or issue that its kind does not allow.
        """
        if set(data) != {"kind", "name", "issue"} or data["kind"] not in set(SourceKind):
            raise BadEntropy(source=data.get("name", "?"), reason="来源种类未知")
        source = Source(SourceKind(data["kind"]), data["name"], data["issue"])
        source.check()
        return source

    def check(self) -> None:
        """Raise BadEntropy when the declaration is not usable."""
        if self.kind in CHAINS:
            if not (is_hash(self.name) and _POSITION.fullmatch(self.issue)):
                raise BadEntropy(source=self.label(), reason="应写明链的锚值和序号")
            return
        if self.kind is SourceKind.DICE:
            if self.name != DICE or not _CEREMONY.fullmatch(self.issue):
                reason = f"掷骰应写 {DICE} 和场次编号，{CEREMONY}"
                raise BadEntropy(source=self.label(), reason=reason)
            return
        if self.name not in ISSUES:
            raise BadEntropy(source=self.label(), reason=f"应为 {'、'.join(ISSUES)} 之一")
        if not (issues := ISSUES[self.name]).fits(self.issue):
            raise BadEntropy(source=self.label(), reason=f"期号应为{issues.how}")

    def may_be_known(self, at: datetime) -> bool:
        """Whether anybody could know this public value at that moment."""
        known_from = self.known_from()
        return known_from is not None and at >= known_from

    def known_from(self) -> datetime | None:
        """Return the moment from which this public value may be known; None for any other."""
        return ISSUES[self.name].known_from(self.issue) if self.kind is SourceKind.PUBLIC else None

    def earliest(self) -> datetime | None:
        """Return the moment before which this public value cannot exist; None for any other."""
        return ISSUES[self.name].earliest(self.issue) if self.kind is SourceKind.PUBLIC else None

    def label(self) -> str:
        """Return how people call it."""
        return f"{KIND_NAMES[self.kind]} {self.name[:16]} {self.issue}"


DICE = "dice.d6"
CEREMONY = "场次编号只用半角字母、数字、点和短横，以字母或者数字开头，不超过 40 个，如 2026-1"
_POSITION = re.compile(r"[1-9][0-9]{0,4}|100000")  # to LONGEST_CHAIN
_CEREMONY = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,39}")


@dataclass(frozen=True)
class Written:
    """
    How the values of a source are written.

    Attributes:
        title: What people call the publication.
        how: In words.
        pattern: As a regular expression that Python and JavaScript read alike.
        rising: Whether the numbers before a + are distinct and ascending.
    """

    title: str
    how: str
    pattern: str
    rising: bool = False

    def fits(self, values: str) -> bool:
        """Whether the values are written like this."""
        if not re.fullmatch(self.pattern, values):
            return False
        drawn = values.partition("+")[0].split(",")
        return not self.rising or drawn == sorted(set(drawn))


_TO_16, _TO_33, _TO_80 = "(0[1-9]|1[0-6])", "(0[1-9]|[12][0-9]|3[0-3])", "(0[1-9]|[1-7][0-9]|80)"
PUBLISHED: Mapping[str, Written] = {
    "cwl.kl8": Written(
        "福彩快乐8", "20 个两位数，从小到大，逗号分隔", f"{_TO_80}(,{_TO_80}){{19}}", rising=True
    ),
    "cwl.ssq": Written(
        "福彩双色球",
        "6 个红球从小到大，加号后为蓝球",
        rf"{_TO_33}(,{_TO_33}){{5}}\+{_TO_16}",
        rising=True,
    ),
    "sse.000001": Written("上证指数收盘", "两位小数，如 3456.78", r"[1-9][0-9]{2,4}\.[0-9]{2}"),
    DICE: Written("掷骰", "1 到 6，逗号分隔，至少 10 枚", "[1-6](,[1-6]){9,}"),
}
"""Name -> how its values are written. A value without a published grammar proves nothing."""


def public_bytes(source: Source, text: str) -> bytes:
    """
    Return the bytes of a public value or of dice.

    Raises:
        BadEntropy: Not ASCII `name/issue/values`, another name or issue, or values that the named
            publication cannot have.
    """
    parts = text.split("/")
    if not text.isascii() or len(parts) != 3:
        raise BadEntropy(source=source.label(), reason="应为半角“名称/期号/数值”")
    name, issue, values = parts
    if (name, issue) != (source.name, source.issue):
        raise BadEntropy(
            source=source.label(),
            reason=f"承诺的是 {source.name}/{source.issue}，不是 {name}/{issue}",
        )
    form = PUBLISHED[name]
    if not form.fits(values):
        raise BadEntropy(source=source.label(), reason=f"写法应为：{form.title}{form.how}")
    return text.encode("ascii")


def chain_proof(h: Hash, source: Source, value: bytes) -> str | None:
    """
    Return the preceding value in hex when `value` stands at the declared position of the chain.

    The preceding value was published by the draw before, so it can be checked by eye.
    """
    position = int(source.issue)
    if len(value) != SIZE:
        return None
    steps = steps_to(h, value, bytes.fromhex(source.name), position)
    return h(value).hex() if steps == position else None


def place_of(h: Hash, source: Source, anchor: str) -> int | None:
    """
    Return the position that a source names, counted on the chain of an anchor.

    Any value of a chain may be called its anchor. Below 1 where it lies before that anchor; None
    where the two are of different chains.
    """
    steps = apart(h, bytes.fromhex(source.name), bytes.fromhex(anchor), LONGEST_CHAIN)
    return None if steps is None else steps + int(source.issue)
