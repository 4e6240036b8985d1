"""勘验笔录: what was found at a scene, who saw it, signed on each page."""

from dataclasses import dataclass

from pdf_templates.check.photo_sheet import Photo, sheets
from pdf_templates.fields import moment, part, several, text
from pdf_templates.parts.people import (
    SHOWN,
    Attendee,
    Officer,
    attendees,
    certs_of,
    names_of,
)
from pdf_templates.parts.records import NO_REFUSAL_DRAWN
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

TITLE = "勘验笔录"


@dataclass(frozen=True)
class PartyAtScene:
    """Somebody who stands for the party at the scene."""

    name: str = text("当事人姓名", personal=True)
    post: str = text("当事人单位及职务", personal=True, optional=True)
    phone: str = text("当事人联系方式", personal=True, optional=True)


@dataclass(frozen=True)
class SceneRecord:
    """The facts of a 勘验笔录."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    started_at: str = moment("勘验开始时间")
    ended_at: str = moment("勘验结束时间")
    place: str = text("勘验场所")
    weather: str = text("天气情况")
    surveyors: tuple[Attendee, ...] = several("勘验人及单位职务", least=2)
    parties: tuple[PartyAtScene, ...] = part("在场的当事人，没有到场的为空列表")
    invited: tuple[Attendee, ...] = part("被邀请人及单位职务，没有则为空列表")
    recorder: Attendee = part("记录人及单位职务")
    officers: tuple[Officer, ...] = several("表明身份的执法人员及证号", least=2)
    findings: tuple[str, ...] = several("勘验情况，每段一项")
    refusal: str = text("当事人拒绝签名或者未到场的情况，签名的为空", personal=True, optional=True)
    signatures: tuple[Signature, ...] = part("在执法终端上所作的签名，用笔签名的不列")
    photos: tuple[Photo, ...] = part("勘验照片，没有则为空列表")

    CONSTRAINTS = (NO_REFUSAL_DRAWN,)


def content(facts: SceneRecord, on: Stationery) -> Content:
    """Return the record; its photo sheets follow."""
    photos = f"勘验时拍摄照片{len(facts.photos)}张，附后。" if facts.photos else ""
    return Content(
        body=[
            *_particulars(facts, on),
            *on.prose(
                "我们是{机关名称}行政执法人员{执法人员}，" + SHOWN + "现依法进行勘验，请予以配合。"
                "您有陈述、申辩和申请回避的权利。",
                {
                    "机关名称": facts.authority,
                    "执法人员": names_of(facts.officers),
                    "执法证号": certs_of(facts.officers),
                },
            ),
            *on.prose("勘验情况：", first=0, keep=True),
            *on.items(map(ended, facts.findings), "勘验情况"),
            *on.said(photos, "勘验照片"),
        ],
        closing=_closing(facts, on),
        running=_running(facts, on),
    )


def _running(facts: SceneRecord, on: Stationery) -> Strip:
    """Return the line on which all sides sign each page."""
    places = {
        "勘验人": [("officer", one.name) for one in facts.surveyors],
        "当事人": [] if facts.refusal else [("enterprise", one.name) for one in facts.parties],
        "被邀请人": [("witness", one.name) for one in facts.invited],
        "记录人": [("officer", facts.recorder.name)],
    }
    drawn = {
        label: [one for signer in who for one in given_by(facts.signatures, *signer)]
        for label, who in places.items()
    }
    return running_places(on, *(label for label, who in places.items() if who), drawn=drawn)


def _particulars(facts: SceneRecord, on: Stationery) -> list[Strip]:
    span = f"{long_time(facts.started_at)}至{long_time(facts.ended_at)}"
    there = [Attendee(one.name, one.post) for one in facts.parties]
    return [
        *on.fields(Cell("勘验时间", span)),
        *on.fields(Cell("勘验场所", facts.place)),
        *on.fields(Cell("天气情况", facts.weather)),
        *(
            strip
            for one in facts.surveyors
            for strip in on.fields(Cell("勘验人及单位职务", attendees([one])))
        ),
        *on.fields(Cell("当事人及单位职务", attendees(there) or "未到场")),
        *on.fields(Cell("被邀请人及单位职务", attendees(facts.invited) or "无")),
        *on.fields(Cell("记录人及单位职务", attendees([facts.recorder]))),
    ]


def _closing(facts: SceneRecord, on: Stationery) -> list[Strip]:
    given = facts.signatures
    rows = each_signs(on, [("勘验人（签名）", one.name) for one in facts.surveyors], given)
    if facts.refusal:
        rows += kept(on.said(f"当事人签名情况：{ended(facts.refusal)}", "当事人签名情况", first=0))
    else:
        for one in facts.parties:
            rows += side_signs(on, "当事人", given_by(given, "enterprise", one.name))
            rows += kept(on.fields(Cell("当事人联系方式", one.phone)))
    for guest in facts.invited:
        rows += side_signs(on, "被邀请人", given_by(given, "witness", guest.name))
    rows += each_signs(on, [("记录人（签名）", facts.recorder.name)], given)
    return [*rows, *notes_on(on, given)]


TEMPLATE = Template(
    kind="scene_record",
    title=TITLE,
    mark="勘",
    version="2026.1",
    effective_from="2026-01-01",
    facts=SceneRecord,
    layout=Composed(
        TITLE, content, annexes=lambda facts, available: sheets(facts.photos, available)
    ),
    photos=lambda facts: [photo.sha256 for photo in facts.photos],
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）勘验笔录；"
        "《行政处罚法》第四十六条、第五十五条"
    ),
)
