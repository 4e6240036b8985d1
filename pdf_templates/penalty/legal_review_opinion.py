"""法制审核意见书: what the legal section finds about a penalty before it is decided."""

from dataclasses import dataclass

from pdf_templates.fields import choice, day, moment, part, several, text
from pdf_templates.parts.opinions import Said, opinion
from pdf_templates.parts.people import Party, party_block
from pdf_templates.setting.forms import Field, Opinion
from pdf_templates.setting.records import FORMS
from pdf_templates.setting.stationery import Content, Stationery
from pdf_templates.template import Composed, Template
from pdf_templates.wording import ended, long_date, ticked

TITLE = "法制审核意见书"
CONCLUSIONS = {
    "agree": "同意",
    "amend": "补正后同意",
    "return": "退回补充调查",
    "refuse": "不同意",
}


@dataclass(frozen=True)
class Reviewed:
    """One matter that is reviewed."""

    matter: str = text("审核事项，如主体合法、人员具备资格")
    passes: bool = part("是否符合")
    remark: str = text("审核情况，没有说明为空", optional=True)


@dataclass(frozen=True)
class LegalReviewOpinion:
    """The facts of a 法制审核意见书."""

    doc_no: str = text("文号")
    authority: str = text("机关全称")
    made_at: str = moment("文书制作时间")
    cause: str = text("案由")
    section: str = text("送审机构")
    submitted_on: str = day("送审")
    party: Party = part("当事人")
    summary: str = text("案情摘要")
    basis: str = text("作出决定的依据")
    proposal: str = text("建议作出的行政决定")
    reviewed: tuple[Reviewed, ...] = several("审核事项及情况")
    conclusion: str = choice("审核结论", CONCLUSIONS)
    opinion: Said = part("法制审核意见及签名")
    qualification_no: str = text("审核人员法律职业资格证书编号，依法不需要的为空", optional=True)


def content(facts: LegalReviewOpinion, on: Stationery) -> Content:
    """Return the form."""
    return Content(
        on.form(
            [
                (Field("案由", facts.cause, 16, 84),),
                (
                    Field("送审机构", facts.section, 16, 44),
                    Field("送审日期", long_date(facts.submitted_on), 14, 26),
                ),
                party_block(facts.party, "当事人"),
                Opinion("案情摘要", facts.summary, ()),
                Opinion("作出决定的依据", facts.basis, ()),
                Opinion("建议作出的行政决定", facts.proposal, ()),
                *((Field(one.matter, _result(one), 30, 70),) for one in facts.reviewed),
                (Field("审核人员法律职业资格证书编号", facts.qualification_no, 30, 70),),
                (Field("审核结论", _conclusions(facts.conclusion), 16, 84),),
                opinion("法制审核意见", facts.opinion, "法制审核人员"),
            ]
        )
    )


def _result(one: Reviewed) -> str:
    ticks = ticked((("符合", one.passes), ("不符合", not one.passes)))
    return f"{ticks}　{ended(one.remark)}".rstrip()


def _conclusions(conclusion: str) -> str:
    return ticked((name, code == conclusion) for code, name in CONCLUSIONS.items())


TEMPLATE = Template(
    kind="legal_review_opinion",
    title=TITLE,
    mark="法审",
    version="2026.1",
    effective_from="2026-01-01",
    facts=LegalReviewOpinion,
    layout=Composed(TITLE, content, FORMS),
    source=(
        "自编：字段取自重大执法决定法制审核意见书的通行格式，文种代字自定；《行政处罚法》第五十八条"
    ),
)
