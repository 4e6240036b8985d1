"""一公开: what of a draw is published, when, and which result is said of a checked enterprise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inspect_server.domain import law
from inspect_server.domain.calendar import Calendar
from inspect_server.domain.deadlines import Deadline, deadline_of
from inspect_server.domain.errors import InspectError
from inspect_server.domain.inspection import Finding

RESULT_DAYS = "disclosure.draw_result_working_days"


class Result(StrEnum):
    """
    The closed list of what is said of a selected enterprise.

    Source: shared procedure 4.5 (the five usual classes), and who got no check: the replaced, and
    those whose annual cap was reached after the draw.
    """

    CLEAR = "clear"
    ORDERED = "ordered"
    PENDING = "pending"
    UNCOOPERATIVE = "uncooperative"
    UNREACHABLE = "unreachable"
    REPLACED = "replaced"
    CAPPED = "capped"


RESULT_NAMES: Mapping[Result, str] = {
    Result.CLEAR: "未发现问题",
    Result.ORDERED: "发现问题已责令改正",
    Result.PENDING: "发现问题待后续处理",
    Result.UNCOOPERATIVE: "不配合检查",
    Result.UNREACHABLE: "通过登记的住所无法联系",
    Result.REPLACED: "未检查（已按程序替换）",
    Result.CAPPED: "未检查（已达年度频次上限）",
}

FILE_NAMES: Mapping[str, str] = {
    "all.zip": "全部文件（压缩包）",
    "certificate.json": "抽取证书：承诺、随机值、种子、结果和签名",
    "pool.txt": "抽取池：每行一家企业的单元和承诺值，不含名称",
    "excluded.txt": "排除清单：每行一家企业的原因和承诺值，不含名称",
    "eligibility.txt": "人员资格清单：每行一名执法人员的承诺值、可任角色和专业，不含姓名",
    "openings.json": "被抽中企业的名称、统一社会信用代码和盐值，用于对上承诺值",
    "keys.json": "本机关签名公钥",
    "witness-keys.json": "见证方签名公钥（未使用的为空）",
}
"""The files of a published batch, and what each of them is."""

STATED = (Result.UNCOOPERATIVE, Result.UNREACHABLE, Result.CAPPED)
"""What no record shows: a supervisor says it, with a reason, of a check that is not to come."""

NO_CORRECTION = (Result.REPLACED, Result.CAPPED)
"""What its own procedure gives: nothing that is public is corrected to it."""


class BatchNotOver(InspectError):
    """Checks are unannounced, so nothing is published while one of them is still to come."""

    code, kind = "disclosure.batch_not_over", "conflict"
    message = (
        "抽取 {draw_no} 尚有 {count} 家未办结，现在公示会提前暴露检查对象，"
        "请在全部办结后公示；确实无法检查的，先登记结果（公示页面，或“disclosure result”）。"
    )


@dataclass(frozen=True)
class Batch:
    """How far the checks of one draw have come; days are local days."""

    closings: Sequence[date]  # of each check that has its result, in any order
    open_checks: int
    drawn_on: date | None  # the day of the result, or of voiding; None before it

    @property
    def over_on(self) -> date | None:
        """Return the day from which nothing can be given away any more, None before it."""
        if self.drawn_on is None or self.open_checks:
            return None
        return max(self.closings, default=self.drawn_on)


def publication_due(batch: Batch, calendar: Calendar) -> Deadline | None:
    """
    Return by which day the batch has to be published, None while it is not over.

    Counted from the first check that has its result, so that none of them is published late.

    Law: disclosure.draw_result_working_days
    """
    if batch.over_on is None:
        return None
    return result_due(min(batch.closings, default=batch.over_on), calendar)


def result_due(closed_on: date, calendar: Calendar) -> Deadline:
    """
    Return by which day the result of one check has to be published.

    Law: disclosure.draw_result_working_days
    """
    return deadline_of(law.entry(RESULT_DAYS, closed_on), closed_on, calendar)


def result_of(findings: Sequence[Finding]) -> Result:
    """
    Return what a closed record says.

    A measure that binds only by a decision of its own (停产停业, 撤人, 停止使用, of a 重大事故隐患
    立即排除) is not done with the order, so the enterprise's case goes on; so does what was only
    referred to others.
    """
    if not findings:
        return Result.CLEAR
    if any(finding.needs_decision for finding in findings):
        return Result.PENDING
    if all(finding.is_referred for finding in findings):
        return Result.PENDING
    return Result.ORDERED


def over_record(stated: Result, findings: Sequence[Finding]) -> bool:
    """
    Return whether a stated result stands over a closed record.

    Only 不配合检查, and only where nothing was found: who was let in nowhere finds nothing, and the
    record alone would publish 未发现问题.
    """
    return stated is Result.UNCOOPERATIVE and not findings
