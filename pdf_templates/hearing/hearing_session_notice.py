"""行政处罚听证会通知书: when and where the hearing is, who holds it, and what to bring."""

from dataclasses import dataclass
from datetime import datetime

from pdf_templates.constraints import Constraint
from pdf_templates.fields import count, moment, part, text
from pdf_templates.hearing.panel import Panel, panel_fields
from pdf_templates.parts.legal import Desk, desk_fields
from pdf_templates.parts.people import Addressee
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Content, Stationery
from pdf_templates.template import TWO_COPIES, Composed, Template
from pdf_templates.wording import long_date, long_time

TITLE = "行政处罚听证会通知书"


def _closed_for(reason: str, is_public: bool) -> str:
    return "不公开举行的应当写明原因，公开举行的为空" if is_public == bool(reason) else ""


def _announced(held_at: str, made_at: str) -> str:
    is_later = datetime.fromisoformat(held_at) > datetime.fromisoformat(made_at)
    return "" if is_later else "听证会应当在通知之后举行"


@dataclass(frozen=True)
class HearingSessionNotice:
    """The facts of a 行政处罚听证会通知书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    applicant: Addressee = part("申请听证人")
    cause: str = text("案由")
    requested_at: str = moment("申请听证的时间")
    held_at: str = moment("听证会时间")
    place: str = text("听证会地点")
    is_public: bool = part("是否公开举行")
    closed_reason: str = text("不公开举行的原因，公开举行为空", optional=True)
    panel: Panel = part("听证主持人、听证员、书记员")
    basis: str = text("听证依据（法律及条款）")
    most_agents: int = count("可以委托的代理人人数上限（人）", least=1)
    desk: Desk = part("部门地址及联系方式")
    copies_note: str = text("份数说明")

    CONSTRAINTS = (
        Constraint("closed_reason", ("is_public",), _closed_for),
        Constraint("held_at", ("made_at",), _announced),
    )


def content(facts: HearingSessionNotice, on: Stationery) -> Content:
    """Return what 存档联 and 当事人联 say."""
    you = facts.applicant.you
    return Content(
        body=[
            *on.prose("{申请听证人}：", {"申请听证人": facts.applicant.name}, first=0, keep=True),
            *on.prose(
                f"{you}于{{申请日期}}就{{案由}}一案申请听证。依据{{听证依据}}的规定，本机关决定举行听证，"
                "现将有关事项通知如下：",
                {
                    "申请日期": long_date(facts.requested_at[:10]),
                    "案由": facts.cause,
                    "听证依据": facts.basis,
                },
            ),
            *on.fields(Cell("听证会时间", long_time(facts.held_at))),
            *on.fields(Cell("听证会地点", facts.place)),
            *on.fields(Cell("听证方式", _manner(facts))),
            *panel_fields(on, facts.panel),
            *on.prose(f"{you}认为听证主持人、听证员、书记员与本案有直接利害关系的，可以申请回避。"),
            *_reminders(facts, on),
            *desk_fields(on, facts.desk),
        ],
        closing=on.seal(facts.authority, long_date(facts.made_at[:10])),
        note=facts.copies_note,
    )


def _manner(facts: HearingSessionNotice) -> str:
    return "公开举行" if facts.is_public else f"不公开举行（{facts.closed_reason}）"


def _reminders(facts: HearingSessionNotice, on: Stationery) -> list[Strip]:
    you = facts.applicant.you
    return [
        *on.prose("注意事项：", keep=True),
        *on.items(
            (
                "请携带身份证明和有关证据参加听证；需要证人作证的，请提前通知证人到场。",
                f"{you}可以亲自参加听证，也可以委托1至{facts.most_agents}人代理；"
                "委托代理人的，应当在听证会前提交授权委托书，写明委托权限。",
                "因正当理由不能按时参加需要延期的，应当在听证会前向本机关提出申请，由本机关决定是否延期。",
                f"{you}及代理人无正当理由拒不出席听证，或者未经许可中途退出听证的，视为放弃听证权利，"
                "本机关终止听证。",
            ),
            "注意事项",
        ),
    ]


TEMPLATE = Template(
    kind="hearing_session_notice",
    title=TITLE,
    mark="听通",
    version="2026.2",
    effective_from="2026-01-01",
    facts=HearingSessionNotice,
    layout=Composed(TITLE, content, copies=TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）行政处罚听证会通知书；"
        "《行政处罚法》第六十四条"
    ),
)
