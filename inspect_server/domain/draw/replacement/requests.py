"""Who may go out of a drawn result, and for which reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

OFFICER, ENTERPRISE = "officer", "enterprise"


class Reason(StrEnum):
    """The closed list of reasons for a replacement; what stands before the dot is its kind."""

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
    Reason.LEAVE: "人员请假",
    Reason.ILLNESS: "人员因病",
    Reason.CLOSED: "企业注销或关闭",
    Reason.MOVED: "企业迁出",
    Reason.STOPPED: "企业停产",
}
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
