"""
Positions of a chain that void draws used up, by the certificates that say so.

To show a value exposes all before it, so those between must belong to nobody any more. A holder's
word does not show that; the certificate of the void draw does, and the witness's own signature in
it. A draw that was void before its reveal has no values: its commit names the positions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.checks.comparing import Mismatch
from inspect_server.domain.draw.checks.structure import beside
from inspect_server.domain.draw.entropy import CHAINS, Source, SourceKind
from inspect_server.domain.draw.replacement.void import VOID_NAMES, Void
from inspect_server.domain.errors import InspectError

Sign = Callable[[bytes], bytes]
"""Signs as the keeper of a chain does; Ed25519 signs the same bytes alike."""


class NotGivenUp(InspectError):
    """A certificate does not show that a position of this chain is given up."""

    code, kind = "draw.not_given_up", "invalid"
    message = "{name} 不能证明该链的序号已经停用（{reason}），请取得该次抽取作废后签发的证书。"


@dataclass(frozen=True)
class GivenUp:
    """What a void draw used up of one chain."""

    draw_no: str
    positions: frozenset[int]
    void: Void

    @property
    def told(self) -> str:
        """What the keeper compares with what they signed."""
        numbers = "、".join(map(str, sorted(self.positions)))
        return (
            f"第 {numbers} 个值：抽取 {self.draw_no} 已作废（{VOID_NAMES[self.void.reason]}，"
            f"见证方{self.void.signed_how}，申请记录 {self.void.request_leaf[:16]}…），"
            "请与本单位签署的作废文书核对。"
        )


def given_up(
    certificate: Mapping[str, Any], anchor: str, sign: Sign | None = None, name: str = "证书"
) -> GivenUp:
    """
    Return the positions of a chain that a void draw named.

    Args:
        sign: With the keeper's own key, where the chain's file holds one: what they did not sign
            is refused, but for a paper that says why the key could not be used.
        name: Of the file, for the error.

    Raises:
        NotGivenUp: Unreadable, not void, not of this chain, or not signed by its witness.
    """
    try:
        body = beside(certificate)
        if cert.VOID not in certificate:
            raise Mismatch(f"抽取 {body.data['draw_no']} 没有作废")
        void = Void.from_json(certificate[cert.VOID])
        rows = [
            Source(SourceKind.WITNESS, row["source"], row["issue"])
            for row in certificate["replacements"]
        ]
        for row in rows:
            row.check()
        number = str(body.data["draw_no"])
        if sign is not None:
            _check_cosigned(void, void.message(body.hash, number, certificate["commit"]), sign)
    except (Mismatch, InspectError) as error:
        raise NotGivenUp(name=name, reason=str(error)) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotGivenUp(name=name, reason=f"内容不可读：{error}") from None
    named = [*(one for one in body.sources if one.kind in CHAINS), *rows]
    positions = frozenset(int(one.issue) for one in named if one.name == anchor)
    if not positions:
        raise NotGivenUp(name=name, reason=f"抽取 {number} 没有用到这条链")
    return GivenUp(number, positions, void)


def _check_cosigned(void: Void, message: bytes, sign: Sign) -> None:
    if void.paper_sha256:
        if void.because is None:
            raise Mismatch("见证方有签名密钥，却为书面签署且未写明原因")
        return
    if sign(message).hex() != void.signature_hex:
        raise Mismatch("其中的签名不是用本文件的密钥签署的")
