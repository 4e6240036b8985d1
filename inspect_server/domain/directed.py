"""Checks outside of the draw: 投诉举报, 交办 and 复查, each for a reason of a closed list."""

from collections.abc import Mapping
from enum import StrEnum

from inspect_server.domain.errors import InspectError


class Reason(StrEnum):
    """Why an enterprise is visited that no draw chose; the part before the dot is the source."""

    HAZARD = "complaint.hazard"
    VIOLATION = "complaint.violation"
    SUPERIOR = "assigned.superior"
    TRANSFERRED = "assigned.transferred"
    DEADLINE = "recheck.deadline"
    REQUEST = "recheck.request"

    @property
    def source(self) -> str:
        """The source (事由) of the inspection: complaint, assigned or recheck."""
        return self.value.partition(".")[0]


REASON_NAMES: Mapping[Reason, str] = {
    Reason.HAZARD: "举报事故隐患",
    Reason.VIOLATION: "举报安全生产违法行为",
    Reason.SUPERIOR: "上级机关交办",
    Reason.TRANSFERRED: "其他机关转办、移送",
    Reason.DEADLINE: "整改期限届满复查",
    Reason.REQUEST: "企业申请复查",
}
RECHECK = "recheck"


class NothingToRecheck(InspectError):
    """A recheck follows a check of the same enterprise."""

    code, kind = "directed.nothing_to_recheck", "conflict"
    message = "检查 {number} 不是该企业已办结记录的检查，请填写需要复查的那次检查的编号。"
