"""询问笔录: what was asked and answered, read back, and signed on each page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import choice, count, moment, part, several, text
from pdf_templates.parts.people import (
    SHOWN,
    Attendee,
    Officer,
    Person,
    attendees,
    certs_of,
    names_of,
)
from pdf_templates.parts.records import (
    NO_REFUSAL_DRAWN,
    READ_BACK,
    Correction,
    confirmed,
    corrected,
)
from pdf_templates.parts.signing import (
    Signature,
    each_signs,
    given_by,
    notes_on,
    running_places,
    side_signs,
)
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Cell, Content, Stationery, kept
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_time

TITLE = "询问笔录"
INTERVIEWED = "被询问人"


@dataclass(frozen=True)
class Exchange:
    """One question and its answer, in the words that were used."""

    question: str = text("问")
    answer: str = text("答", personal=True)


def _signed_or_refused(
    refusal: str, name: str, signers: Sequence[str], names: Sequence[str]
) -> str:
    has_signed = ("enterprise", name) in zip(signers, names, strict=True)
    return "被询问人既签名又拒绝签名" if refusal and has_signed else ""


@dataclass(frozen=True)
class InterviewRecord:
    """The facts of a 询问笔录; one record for each interviewed person."""

    doc_no: str = text("文号，笔录不编文号，为空", optional=True)
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    started_at: str = moment("询问开始时间")
    ended_at: str = moment("询问结束时间")
    which: int = count("第几次询问（次）", least=1)
    place: str = text("询问地点")
    interviewed: Person = part("被询问人")
    interviewers: tuple[Attendee, ...] = several("询问人及单位职务")
    recorder: Attendee = part("记录人及单位职务")
    present: tuple[Attendee, ...] = part("在场人及单位职务，没有则为空列表")
    officers: tuple[Officer, ...] = several("表明身份的执法人员及证号", least=2)
    matter: str = text("询问的问题，不含“就”字")
    understood: str = text("被询问人是否听清权利义务的回答")
    recusal: str = text("被询问人是否申请回避的回答")
    exchanges: tuple[Exchange, ...] = several("询问记录")
    corrections: tuple[Correction, ...] = part("核对时的更正，没有则为空列表")
    read_back: str = choice("笔录的核对方式，须由被询问人抄写", READ_BACK)
    refusal: str = text("被询问人拒绝签名的理由，签名的为空", personal=True, optional=True)
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签名，用笔签名的不列")

    CONSTRAINTS = (
        NO_REFUSAL_DRAWN,
        Constraint(
            "refusal",
            ("interviewed.name", "signatures[].signer", "signatures[].name"),
            _signed_or_refused,
        ),
    )


def content(facts: InterviewRecord, on: Stationery) -> Content:
    """Return the record."""
    return Content(
        body=[
            *_particulars(facts, on),
            *_told(facts, on),
            *(
                strip
                for number, one in enumerate(facts.exchanges, 1)
                for strip in _exchange(on, one.question, one.answer, field=f"询问记录第{number}项")
            ),
            *corrected(on, facts.corrections, INTERVIEWED),
        ],
        closing=_closing(facts, on),
        running=_running(facts, on),
    )


def _running(facts: InterviewRecord, on: Stationery) -> Strip:
    """Return the line on which all sides sign each page."""
    places = {
        "询问人": [("officer", one.name) for one in facts.interviewers],
        "记录人": [("officer", facts.recorder.name)],
        "被询问人": [] if facts.refusal else [("enterprise", facts.interviewed.name)],
        "在场人": [("witness", one.name) for one in facts.present],
    }
    drawn = {
        label: [one for signer in who for one in given_by(facts.signatures, *signer)]
        for label, who in places.items()
    }
    return running_places(on, *(label for label, who in places.items() if who), drawn=drawn)


def _particulars(facts: InterviewRecord, on: Stationery) -> list[Strip]:
    known = facts.interviewed
    span = f"{long_time(facts.started_at)}至{long_time(facts.ended_at)}"
    return [
        *on.fields(Cell("询问时间", span)),
        *on.fields(Cell("询问次数", f"第{facts.which}次", 30), Cell("询问地点", facts.place, 70)),
        *on.fields(
            Cell("被询问人姓名", known.name, 46),
            Cell("性别", known.gender, 22),
            Cell("年龄", f"{known.age}", 32),
        ),
        *on.fields(Cell("居民身份证号", known.id_no, 56), Cell("联系电话", known.phone, 44)),
        *on.fields(Cell("工作单位", known.employer)),
        *on.fields(Cell("职务（工种）", known.position)),
        *on.fields(Cell("住址", known.address)),
        *on.fields(Cell("询问人及单位职务", attendees(facts.interviewers))),
        *on.fields(Cell("记录人及单位职务", attendees([facts.recorder]))),
        *on.fields(Cell("在场人", attendees(facts.present) or "无")),
    ]


def _told(facts: InterviewRecord, on: Stationery) -> list[Strip]:
    """Return who asks by what right, and which duties and rights the interviewed was told."""
    return [
        *on.prose(
            "问：我们是{机关名称}行政执法人员{执法人员}，" + SHOWN + "我们依法就{询问事由}"
            "的有关问题向您了解情况。您有如实回答询问、协助调查的义务，也有陈述、申辩和申请回避的"
            "权利。您听清楚了吗？",
            {
                "机关名称": facts.authority,
                "执法人员": names_of(facts.officers),
                "执法证号": certs_of(facts.officers),
                "询问事由": facts.matter,
            },
            keep=True,
        ),
        *on.said(f"答：{ended(facts.understood)}", "听清权利义务的回答"),
        *_exchange(on, "您是否申请我们回避？", facts.recusal, field="申请回避的回答"),
    ]


def _exchange(on: Stationery, question: str, answer: str, *, field: str) -> Iterator[Strip]:
    yield from on.said(f"问：{ended(question)}", field, keep=True)
    yield from on.said(f"答：{ended(answer)}", field)


def _closing(facts: InterviewRecord, on: Stationery) -> list[Strip]:
    given, known = facts.signatures, facts.interviewed.name
    officers = [("询问人（签名）", one.name) for one in facts.interviewers]
    officers.append(("记录人（签名）", facts.recorder.name))
    signs = [*each_signs(on, officers, given), *notes_on(on, given)]
    witnesses = [
        strip
        for one in facts.present
        for strip in side_signs(on, "在场人", given_by(given, "witness", one.name))
    ]
    if facts.refusal:
        said = f"被询问人拒绝在本笔录上签名，理由：{ended(facts.refusal)}执法人员已当场注明。"
        return [*kept(on.said(said, "拒签情况")), *witnesses, *signs]
    signed = given_by(given, "enterprise", known)
    return [*confirmed(on, facts.read_back, "被询问人", signed), *witnesses, *signs]


TEMPLATE = Template(
    kind="interview_record",
    title=TITLE,
    mark="",
    version="2026.1",
    effective_from="2026-01-01",
    facts=InterviewRecord,
    layout=Composed(TITLE, content),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后，增询问回避）询问笔录；"
        "《行政处罚法》第四十三条、第五十五条"
    ),
)
