"""Who may go out of a drawn result, and for which reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

OFFICER, ENTERPRISE = "officer", "enterprise"


class Reason(StrEnum):
    """
    The closed list of reasons for a replacement; what stands before the dot is its kind.

    The certificate publishes the code. So `officer.leave` says of whoever cannot go only that,
    whatever keeps them (个人信息保护法 arts. 6, 28: an illness is health data); the ground itself
    stays in the evidence. `officer.illness` is read in earlier certificates and given no more.
    """

    RECUSAL = "officer.recusal"
    LEAVE = "officer.leave"
    ILLNESS = "officer.illness"
    CLOSED = "enterprise.closed"
    MOVED = "enterprise.moved"
    STOPPED = "enterprise.stopped"

    @property
    def kind(self) -> str:
        """Whether an officer or an enterprise goes out."""
        return self.value.partition(".")[0]


REASON_NAMES: Mapping[Reason, str] = {
    Reason.RECUSAL: "人员回避",
    Reason.LEAVE: "人员因故不能参加检查",
    Reason.ILLNESS: "人员因故不能参加检查",
    Reason.CLOSED: "企业注销或关闭",
    Reason.MOVED: "企业迁出",
    Reason.STOPPED: "企业停产",
}
GIVEN: Mapping[Reason, str] = {
    reason: name for reason, name in REASON_NAMES.items() if reason is not Reason.ILLNESS
}
"""What a request may give."""
AWAY = frozenset({Reason.LEAVE, Reason.ILLNESS})
"""Reasons that keep an officer from every task of the draw; a recusal keeps from one."""


@dataclass(frozen=True)
class Request:
    """Who goes out and why, fixed by a leaf of the draw log. Commitments are in hex."""

    k: int  # 1, 2, …: its place among the replacements of the draw
    reason: Reason
    task: str  # as the task stands before
    dept: str  # "" for an enterprise
    role: str  # the stage's label, "" for an enterprise
    out: str  # the officer, or the enterprise itself
    leaf: str  # of the request in the draw log
