"""Void (作废): a witness agreed to give the draw up. It never goes on and is still disclosed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.commit import CommitBody
from inspect_server.domain.draw.hashes.tagged import Hash, jcs, tagged
from inspect_server.domain.draw.pool import is_hash


class VoidReason(StrEnum):
    """The closed list of reasons to make a draw void."""

    WITNESS_LOST = "witness.lost"
    ENTROPY_UNAVAILABLE = "entropy.unavailable"
    POOL_WRONG = "pool.wrong"
    RULES_WRONG = "rules.wrong"
    LAW_CHANGED = "law.changed"
    TEAMS_INFEASIBLE = "teams.infeasible"


VOID_NAMES: Mapping[VoidReason, str] = {
    VoidReason.WITNESS_LOST: "见证方的哈希链遗失或损坏",
    VoidReason.ENTROPY_UNAVAILABLE: "承诺的随机值无法取得",
    VoidReason.POOL_WRONG: "抽取池有误",
    VoidReason.RULES_WRONG: "抽取规则有误",
    VoidReason.LAW_CHANGED: "法律、法规、规章或上级规定变动",
    VoidReason.TEAMS_INFEASIBLE: "抽中的企业配不齐检查组",
}


class PaperReason(StrEnum):
    """The closed list of reasons to sign on paper although the witness's key is published."""

    LOST = "key.lost"
    LOCKED = "key.locked"
    EXPOSED = "key.exposed"


PAPER_NAMES: Mapping[PaperReason, str] = {
    PaperReason.LOST: "见证方的签名密钥遗失或者损坏",
    PaperReason.LOCKED: "见证方的秘密文件已加密，口令无人知悉",
    PaperReason.EXPOSED: "见证方的签名密钥可能已经泄露",
}
BEFORE_REVEAL_ONLY = frozenset({VoidReason.ENTROPY_UNAVAILABLE, VoidReason.TEAMS_INFEASIBLE})
"""Reasons that cannot be given once the result is out."""


def ends_chain(reason: VoidReason, *, on_paper: bool) -> bool:
    """
    Return whether a void gives its witness's chain up, so that the next commit needs another one.

    A scan proves to nobody that the witness agreed: two officials could otherwise void by
    themselves and draw the batch again with the same chain until they like the result. A new one
    is published, for the witness of the old one to see.
    """
    return on_paper or reason is VoidReason.WITNESS_LOST


@dataclass(frozen=True)
class Void:
    """The certificate's `void`: why, which request, and how the witness agreed."""

    reason: VoidReason
    request_leaf: str
    key_id: str = ""  # of the witness's Ed25519 key, "" when they agreed on paper
    signature_hex: str = ""
    paper_sha256: str = ""  # of the scan of what the witness signed by hand
    because: PaperReason | None = None  # why by hand, where their key is published

    @property
    def is_too_late(self) -> bool:
        """Whether this reason cannot be given once the result is out."""
        return self.reason in BEFORE_REVEAL_ONLY

    @property
    def ends_chain(self) -> bool:
        """Whether nobody goes on with the chain of the witness."""
        return ends_chain(self.reason, on_paper=bool(self.paper_sha256))

    @property
    def signed_how(self) -> str:
        """How the witness agreed, in words."""
        why = f"（{PAPER_NAMES[self.because]}）" if self.because else ""
        return f"书面签署{why}" if self.paper_sha256 else "电子签名"

    def to_json(self) -> dict[str, Any]:
        """Return the object of the certificate."""
        cosigned = {"key_id": self.key_id, "ed25519_hex": self.signature_hex}
        if self.paper_sha256:
            why = {"because": self.because.value} if self.because else {}
            cosigned = {"paper_sha256": self.paper_sha256} | why
        return {
            "reason": self.reason.value,
            "request_leaf": self.request_leaf,
            "cosigned": cosigned,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Void":
        """
        Read the object strictly.

        Raises:
            ValueError, TypeError, KeyError: It is not as `to_json` writes it.
        """
        cosigned = data["cosigned"]
        found = Void(
            VoidReason(data["reason"]),
            data["request_leaf"],
            cosigned.get("key_id", ""),
            cosigned.get("ed25519_hex", ""),
            cosigned.get("paper_sha256", ""),
            PaperReason(cosigned["because"]) if "because" in cosigned else None,
        )
        agreed = is_hash(found.paper_sha256) or bool(_SIGNATURE.fullmatch(found.signature_hex))
        if found.to_json() != dict(data) or not is_hash(found.request_leaf) or not agreed:
            raise ValueError("not a void")
        return found

    def message(self, h: Hash, draw_no: str, commit: str) -> bytes:
        """Return what the witness signs."""
        return void_message(
            h,
            draw_no=draw_no,
            commit=commit,
            reason=self.reason,
            request_leaf=self.request_leaf,
        )


_SIGNATURE = re.compile(r"[0-9a-f]{128}")


def never_revealed(body: CommitBody, void: Mapping[str, Any], log_head: str) -> dict[str, Any]:
    """Return the certificate, without signatures, of a draw that became void before its reveal."""
    return {**cert.unrevealed(body, log_head), cert.VOID: dict(void)}


def void_message(
    h: Hash, *, draw_no: str, commit: str, reason: VoidReason, request_leaf: str
) -> bytes:
    """Return what a witness signs to make a draw void."""
    named = {
        "draw_no": draw_no,
        "commit": commit,
        "reason": reason.value,
        "request_leaf": request_leaf,
    }
    return tagged(h, "sjc/void/1", jcs(named))
