"""The 检查方案 of one inspection, and who may be sent to whom, when and how often."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from inspect_server.domain.enums import TeamRole
from inspect_server.domain.errors import InspectError


class ReassignReason(StrEnum):
    """The closed list of reasons to replace an officer (draw.md, 替补)."""

    RECUSAL = "recusal"
    LEAVE = "leave"
    ILLNESS = "illness"
    CERTIFICATE = "certificate"
    TRANSFER = "transfer"


REASON_NAMES: Mapping[ReassignReason, str] = {
    ReassignReason.RECUSAL: "回避",
    ReassignReason.LEAVE: "请假",
    ReassignReason.ILLNESS: "因病",
    ReassignReason.CERTIFICATE: "执法证失效",
    ReassignReason.TRANSFER: "岗位调动",
}

SOURCE_NAMES: Mapping[str, str] = {
    "draw": "双随机抽查",
    "key": "重点企业计划检查",
    "complaint": "投诉举报",
    "assigned": "转办交办",
    "recheck": "整改复查",
}
SOURCE_TOLD: Mapping[str, str] = dict(SOURCE_NAMES) | dict.fromkeys(
    ("complaint", "assigned"), "个案检查安排"
)
"""
What a paper that the enterprise gets says of the source: who reported is kept secret, and that
somebody did would point at them; both sources have one name, so that none tells by being another.

Source: 安全生产法 第七十三条 (举报制度); 安监总财〔2018〕19号, not compared with its text.
"""
DRAWN_AT_CAP = (
    "请由承办机构负责人在该次抽取的公示页面（或者“disclosure result”）登记结果"
    "“未检查（已达年度频次上限）”，任务随之终止，结果随批次公示"
)
ORDERED_AT_CAP = "请在下一年度另行编制方案；投诉举报、转办交办不受此限，请核对任务来源"
"""The ways out when the cap is reached: of a check that a draw chose, and of any other."""
PLANNED_SOURCES = ("draw", "key")
"""
The checks of the year's plan: only they cover a key enterprise's round and count for recency,
and only they, while open, keep an enterprise out of the pool.

A 投诉举报, 转办交办 or 复查 looks at what was reported or ordered (有针对性检查): it is no round.
It says nothing good of the enterprise, either: a report against oneself must not lower the odds.

Source: 优化营商环境条例 第五十四条; 国办发〔2015〕58号 (who is reported often is drawn more often).
"""


class DirectedReason(StrEnum):
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


DIRECTED_NAMES: Mapping[DirectedReason, str] = {
    DirectedReason.HAZARD: "举报事故隐患",
    DirectedReason.VIOLATION: "举报安全生产违法行为",
    DirectedReason.SUPERIOR: "上级机关交办",
    DirectedReason.TRANSFERRED: "其他机关转办、移送",
    DirectedReason.DEADLINE: "整改期限届满复查",
    DirectedReason.REQUEST: "企业申请复查",
}
RECHECK = "recheck"


class NothingToRecheck(InspectError):
    """A recheck follows a check of the same enterprise."""

    code, kind = "directed.nothing_to_recheck", "conflict"
    message = "检查 {number} 不是该企业已办结记录的检查，请填写需要复查的那次检查的编号。"


class DirectedAlready(InspectError):
    """The same letter, enterprise, days and team have a draft with other words."""

    code, kind = "directed.already", "conflict"
    message = (
        "同一来件、企业、检查时段和检查人员的检查方案 {number} 已经编制，待审批，没有重复编制；"
        "请在检查任务中查看，确需另行检查的，改填检查时段或者检查人员。"
    )


class TeamNotAllowed(InspectError):
    """This team must not be sent, and why."""

    code, kind = "assignment.team_not_allowed", "conflict"
    message = "检查组不符合派出条件：{reason}，请调整检查人员后重试。"


class CapReached(InspectError):
    """The enterprise was already checked as often as the year allows."""

    code, kind = "assignment.cap_reached", "conflict"
    message = (
        "{enterprise} {year} 年已有 {checks} 次检查计入频次（{counted}），达到年度上限 {cap} 次，"
        "不能再派发；{next}。"
    )


class VisitDaysOver(InspectError):
    """The days of the scheme have passed."""

    code, kind = "assignment.visit_days_over", "conflict"
    message = "检查期限已于 {last_day} 届满，请重新编制检查方案。"


class NoChecklist(InspectError):
    """No checklist covers the enterprise's sectors on that day."""

    code, kind = "assignment.no_checklist", "conflict"
    message = "没有适用于该企业行业标签的检查表，请先补全行业标签或导入检查表。"


@dataclass(frozen=True)
class SchemeOfficer:
    """One officer of the scheme (行政执法人员)."""

    officer_id: str
    name: str
    cert_no: str
    unit: str
    role: str  # lead | member


@dataclass(frozen=True)
class SchemeHelper:
    """An expert or helper: assists only, has no enforcement power (procedure 2.3)."""

    name: str
    unit: str
    field: str


@dataclass(frozen=True)
class Scheme:
    """
    现场检查方案, plain texts and integers only.

    Source: reference enforcement-documents 4.1, with the fields wanted since 2025.
    """

    enterprise: str
    address: str
    contact: str
    contact_phone: str
    industry: str
    visit_from: str  # ISO date
    visit_to: str  # ISO date, included
    officers: tuple[SchemeOfficer, ...]
    contents: tuple[str, ...]
    methods: tuple[str, ...]
    source: str  # key of SOURCE_NAMES
    draw_no: str
    legal_basis: tuple[str, ...]
    category: str  # 日常检查 | 专项检查 | 个案检查
    checks_this_year: int
    cap: int
    announced: bool  # 是否事先通知
    helpers: tuple[SchemeHelper, ...]
    remark: str
    follows: str = ""  # number of the check that a recheck follows

    def to_json(self) -> dict[str, Any]:
        """Return plain lists and dicts."""
        plain = asdict(self)
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Scheme":
        """Rebuild the scheme from `to_json`."""
        return Scheme(
            **{
                **data,
                "officers": tuple(SchemeOfficer(**row) for row in data["officers"]),
                "helpers": tuple(SchemeHelper(**row) for row in data["helpers"]),
                "contents": tuple(data["contents"]),
                "methods": tuple(data["methods"]),
                "legal_basis": tuple(data["legal_basis"]),
            }
        )

    def with_officer(self, out_id: str, instead: SchemeOfficer) -> "Scheme":
        """Return the scheme with one officer replaced in place."""
        officers = tuple(
            instead if officer.officer_id == out_id else officer for officer in self.officers
        )
        return replace(self, officers=officers)


@dataclass(frozen=True)
class OfficerToSend:
    """What decides whether an officer may be sent to one enterprise."""

    officer_id: str
    name: str
    cert_no: str
    unit: str
    cert_from: date
    cert_to: date
    active: bool
    may_lead: bool
    leaves: tuple[tuple[date, date], ...]  # both days included
    recused: bool  # 回避 from this enterprise

    def as_scheme(self, role: TeamRole) -> SchemeOfficer:
        """Return the officer as the scheme names them."""
        return SchemeOfficer(self.officer_id, self.name, self.cert_no, self.unit, role.value)


def check_team(
    team: Sequence[tuple[OfficerToSend, TeamRole]],
    visit_from: date,
    visit_to: date,
    min_officers: int,
) -> None:
    """
    Refuse a team that must not be sent.

    Args:
        team: Everybody who goes, with their role.
        visit_from: First local day on which the visit may take place.
        visit_to: Last such day, included.
        min_officers: The least number of certified officers.

    Raises:
        TeamNotAllowed: Too few, not exactly one lead, a certificate that does not cover the days,
            an inactive or recused officer, or no day on which all are there.

    Law: team.min_officers
    Source: 行政处罚法 第四十二条, 第四十三条; 安全生产法 第六十七条.
    """
    check_composition(team, min_officers)
    for officer, role in team:
        check_officer(officer, role, visit_from, visit_to)
    if not days_together([officer for officer, _ in team], visit_from, visit_to):
        raise TeamNotAllowed(reason="检查期限内没有全体人员都在岗的日子（请假）")


def check_composition(team: Sequence[tuple[OfficerToSend, TeamRole]], min_officers: int) -> None:
    """
    Refuse a team that is too small or has not exactly one lead who may lead.

    Raises:
        TeamNotAllowed: Says which.

    Law: team.min_officers
    """
    if len({officer.officer_id for officer, _ in team}) != len(team):
        raise TeamNotAllowed(reason="同一人员在检查组中出现两次")
    if len(team) < min_officers:
        raise TeamNotAllowed(reason=f"执法人员不得少于 {min_officers} 人")
    leads = [officer for officer, role in team if role is TeamRole.LEAD]
    if len(leads) != 1:
        raise TeamNotAllowed(reason="应当有且只有一名主办人员")
    if not leads[0].may_lead:
        raise TeamNotAllowed(reason="主办人员不具备主办资格")


def check_officer(officer: OfficerToSend, role: TeamRole, visit_from: date, visit_to: date) -> None:
    """
    Refuse one officer who must not visit this enterprise in these days.

    Raises:
        TeamNotAllowed: Inactive, recused, certificate not valid on every day, or on leave on all.
    """
    what = "主办人员" if role is TeamRole.LEAD else "协办人员"
    if not officer.active:
        raise TeamNotAllowed(reason=f"{what}已不在执法人员名录中")
    if officer.cert_from > visit_from or officer.cert_to < visit_to:
        raise TeamNotAllowed(reason=f"{what}的执法证在检查期限内无效或将到期")
    if officer.recused:
        raise TeamNotAllowed(reason=f"{what}对该企业应当回避")
    if not days_together([officer], visit_from, visit_to):
        raise TeamNotAllowed(reason=f"{what}在检查期限内请假")


def window(visit_from: date, visit_to: date, today: date) -> tuple[date, date]:
    """
    Return the days that are left for a visit.

    Raises:
        VisitDaysOver: The last day has passed.
    """
    if today > visit_to:
        raise VisitDaysOver(last_day=visit_to.isoformat())
    return max(visit_from, today), visit_to


def days_together(
    team: Collection[OfficerToSend], visit_from: date, visit_to: date
) -> tuple[date, ...]:
    """Return the days of the window on which nobody of the team is on leave."""
    days = [visit_from + timedelta(n) for n in range((visit_to - visit_from).days + 1)]
    return tuple(
        day
        for day in days
        if not any(first <= day <= last for one in team for first, last in one.leaves)
    )


def check_cap(
    enterprise: str, counted: Sequence[tuple[date, str]], cap: int, *, year: int, is_drawn: bool
) -> None:
    """
    Refuse one more check of an enterprise that has reached its annual cap.

    Args:
        enterprise: Its name and code.
        counted: Day and source of each check of this local year that counts, without this one.
        cap: The most that the year allows.
        is_drawn: Whether a draw waits for a result of this check.

    Raises:
        CapReached: One more would exceed the cap; it says what counted and the way out.

    Law: cap.annual_checks
    """
    if len(counted) < cap:
        return
    raise CapReached(
        enterprise=enterprise,
        year=year,
        checks=len(counted),
        counted="、".join(f"{day} {SOURCE_NAMES.get(source, source)}" for day, source in counted),
        cap=cap,
        next=DRAWN_AT_CAP if is_drawn else ORDERED_AT_CAP,
    )
