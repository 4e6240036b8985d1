"""
Positions of a chain that void draws used up, by the certificates that say so.

To show a value exposes all before it, so those between must belong to nobody any more. A holder's
word does not show that; the certificate of the void draw does, and in it the signature of the
chain's own key. A void on paper gives the chain up, so nothing of it is skipped. Nor do rows of
replacements skip anything: no signature of the witness covers them, and what they used was shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.checks.comparing import Mismatch
from inspect_server.domain.draw.checks.structure import beside
from inspect_server.domain.draw.entropy import CHAINS
from inspect_server.domain.draw.replacement.void import VOID_NAMES, Void
from inspect_server.domain.errors import InspectError

Sign = Callable[[bytes], bytes]
"""Signs as the keeper of a chain does; Ed25519 signs the same bytes alike."""


class NotGivenUp(InspectError):
    """A certificate does not show that a position of this chain is given up."""

    code, kind = "draw.not_given_up", "invalid"
    message = "{name} 不能证明该链的序号已经停用（{reason}），请取得该次抽取作废后签发的证书。"


class VoidEndsChain(InspectError):
    """The void gave the whole chain up: no value of it is due any more."""

    code, kind = "draw.void_ends_chain", "conflict"
    message = (
        "按 {name}，抽取 {draw_no} 由见证方{how}作废（{reason}），这条链已随之停用，不再取值："
        "请另行生成新链（draw chain new），由抽取机关公布锚值后再用；"
        "本单位没有签署过的，立即告知监督单位。"
    )


@dataclass(frozen=True)
class GivenUp:
    """What a void draw used up of one chain."""

    name: str  # of the certificate's file
    draw_no: str
    positions: frozenset[int]
    void: Void
    message: bytes  # what the witness signed

    @property
    def told(self) -> str:
        """What the keeper compares with what they signed."""
        numbers = "、".join(map(str, sorted(self.positions)))
        return (
            f"第 {numbers} 个值：抽取 {self.draw_no} 已作废（{VOID_NAMES[self.void.reason]}，"
            f"见证方{self.void.signed_how}，申请记录 {self.void.request_leaf[:16]}…），"
            "请与本单位签署的作废文书核对。"
        )

    def check_cosigned(self, sign: Sign | None) -> None:
        """
        Refuse a void that the chain's own key did not sign.

        Args:
            sign: With the key in the chain's file; None where it holds none.

        Raises:
            NotGivenUp: Signed by another, or there is no key to compare with.
        """
        if sign is None:
            raise NotGivenUp(name=self.name, reason="本文件没有签名密钥，不曾签署作废")
        if sign(self.message).hex() != self.void.signature_hex:
            raise NotGivenUp(name=self.name, reason="其中的签名不是用本文件的密钥签署的")


def given_up(certificate: Mapping[str, Any], anchor: str, name: str = "证书") -> GivenUp:
    """
    Return the position of a chain that a void draw's commit named; who signed is for `GivenUp`.

    Args:
        name: Of the file, for the error.

    Raises:
        NotGivenUp: Unreadable, not void, or not of this chain.
        VoidEndsChain: Void on paper or for a lost file, so that the chain is used no further.
    """
    try:
        body = beside(certificate)
        if cert.VOID not in certificate:
            raise Mismatch(f"抽取 {body.data['draw_no']} 没有作废")
        void, number = Void.from_json(certificate[cert.VOID]), str(body.data["draw_no"])
        message = void.message(body.hash, number, certificate["commit"])
    except (Mismatch, InspectError) as error:
        raise NotGivenUp(name=name, reason=str(error)) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotGivenUp(name=name, reason=f"内容不可读：{error}") from None
    positions = frozenset(
        int(one.issue) for one in body.sources if one.kind in CHAINS and one.name == anchor
    )
    if not positions:
        raise NotGivenUp(name=name, reason=f"抽取 {number} 的承诺没有用到这条链")
    if void.ends_chain:
        raise VoidEndsChain(
            name=name, draw_no=number, how=void.signed_how, reason=VOID_NAMES[void.reason]
        )
    return GivenUp(name, number, positions, void, message)
