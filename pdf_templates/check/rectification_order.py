"""责令限期整改指令书: the problems that were not corrected on site, and until when they must be."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from pdf_templates.check.parts import (
    RECEIVED,
    Enterprise,
    Officer,
    Signature,
    kept,
    of,
    officer_rows,
    on_other_phones,
    party_rows,
    receipt_rows,
    small_print,
)
from pdf_templates.facts import fact
from pdf_templates.setting.blocks import (
    Cell,
    blank_below,
    continued,
    field_row,
    heading,
    page_numbers,
    paragraph,
    right_aligned,
)
from pdf_templates.setting.lines import Span
from pdf_templates.setting.page import SIDE, SIZE, Page, Sheet, Strip, flow
from pdf_templates.template import Template
from pdf_templates.wording import ended, listed, long_date, long_days

COPIES = ("存档联", "当事人联")
PARTY = "被检查单位负责人"
REFUSED = PARTY + "拒绝签收本指令书，理由：{reason}。"


@dataclass(frozen=True)
class Demand:
    """One problem to be rectified."""

    number: int = fact("问题序号")
    major: bool = fact("是否重大事故隐患")
    text: str = fact("问题描述")
    place: str = fact("部位")
    basis: str = fact("依据")
    deadline: str = fact("整改期限（日期），立即整改为空")
    former_deadline: str = fact("现场所定、制作时已过的整改期限（日期），未另定为空")


@dataclass(frozen=True)
class RectificationOrder:
    """The facts of a 责令限期整改指令书."""

    doc_no: str = fact("文号")
    replaces: str = fact("所替代的作废文书文号，无则为空")
    record_no: str = fact("现场检查记录文号")
    authority: str = fact("机关全称")
    made_at: str = fact("文书制作时间（RFC 3339，当地时差）")
    enterprise: Enterprise = fact("被检查单位")  # noqa: RUF009 (a field, no instance)
    inspected_on: str = fact("检查开始日期")
    inspected_until: str = fact("检查结束日期")
    demands: tuple[Demand, ...] = fact("存在的问题")
    government: str = fact("行政复议机关")
    court: str = fact("行政诉讼法院")
    reconsideration_days: int = fact("申请行政复议期限（日）")
    litigation_months: int = fact("提起行政诉讼期限（月）")
    copies_note: str = fact("份数说明")
    officers: tuple[Officer, ...] = fact("执法人员，主办在前")
    signatures: tuple[Signature, ...] = fact("在执法终端上对本指令书所作的签名、签收、拒签")
    provisional_no: str = fact("终端上签名时所示的临时编号（检查任务编号）")
    shown_sha256: str = fact("签名时应当所示内容的 SHA-256（企业、临时编号、问题、期限）")


def layout(facts: RectificationOrder, available: Collection[str]) -> list[Page]:  # noqa: ARG001
    """Return the pages of 存档联 and 当事人联: same content, same 文号, each counted for itself."""
    return [page for copy in COPIES for page in _copy(facts, copy)]


def _copy(facts: RectificationOrder, copy: str) -> list[Page]:
    sheet = Sheet(
        head=heading(TEMPLATE.title, facts.doc_no, copy),
        again=continued(facts.doc_no, copy),
        foot=None,
        below=lambda number, total: page_numbers(facts.copies_note, number, total),
    )
    return flow(sheet, _body(facts), _closing(facts), blank=blank_below)


def _body(facts: RectificationOrder) -> list[Strip]:
    rows = [
        *field_row(Cell("被检查单位", facts.enterprise.name, 100)),
        *field_row(Cell("统一社会信用代码", facts.enterprise.uscc, 100)),
    ]
    if facts.replaces:
        rows += paragraph([Span(f"本文书替代{facts.replaces}，原文书已作废。")])
    rows += paragraph(
        [
            Span("经"),
            Span(long_days(facts.inspected_on, facts.inspected_until), line=True, field="检查日期"),
            Span("现场检查（记录文号："),
            Span(facts.record_no, line=True, field="记录文号"),
            Span("），你单位存在下列问题："),
        ],
        keep=True,
    )
    for demand in facts.demands:
        rows += paragraph([Span(_demand(demand), field=f"第{demand.number}项问题")])
    rows += paragraph([Span(_order(facts), field="整改要求")])
    rows += paragraph(
        [
            Span(
                "由此造成事故的，依法追究有关人员的责任。整改期间，你单位应当采取措施，确保安全生产。"
                "对安全生产违法行为，将依法予以行政处罚。"
            )
        ]
    )
    rows += paragraph([Span(_remedy(facts), field="救济途径")])
    return rows


def _demand(demand: Demand) -> str:
    parts = [f"{demand.number}．{ended(demand.text)}"]
    if demand.place:
        parts.append(f"部位：{ended(demand.place)}")
    if demand.basis:
        parts.append(f"依据：{ended(demand.basis)}")
    return "".join(parts)


def _order(facts: RectificationOrder) -> str:
    major = [demand.number for demand in facts.demands if demand.major]
    said = f"其中第{listed(major)}项属于重大事故隐患。" if major else ""
    ordered = sorted(facts.demands, key=lambda d: (d.deadline, d.number))
    groups = []
    for deadline, group in groupby(ordered, key=lambda d: d.deadline):
        numbers = f"对上述第{listed([d.number for d in group])}项问题"
        groups.append(numbers + (f"于{long_date(deadline)}前整改完毕" if deadline else "立即整改"))
    return (
        f"{said}现责令你单位{'，'.join(groups)}，达到有关法律法规规章和标准规定的要求。"
        f"{_renewed(facts)}"
    )


def _renewed(facts: RectificationOrder) -> str:
    """Return which deadlines differ from those that the record of the check names."""
    again = [demand.number for demand in facts.demands if demand.former_deadline]
    if not again:
        return ""
    return f"第{listed(again)}项问题在现场检查记录中所定的整改期限已过，以本指令书另定的期限为准。"


def _remedy(facts: RectificationOrder) -> str:
    return (
        f"如不服本指令，可以自收到本指令书之日起{facts.reconsideration_days}日内向{facts.government}"
        f"申请行政复议，或者自收到本指令书之日起{facts.litigation_months}个月内依法向{facts.court}"
        "提起行政诉讼，但复议、诉讼期间本指令不停止执行，法律另有规定的除外。"
    )


def _closing(facts: RectificationOrder) -> list[Strip]:
    """
    Return the signatures that were given to what stands above, and a line for ink for each other.

    A signature that was given to another content is not drawn; that it was given is said.
    """
    given = [one for one in facts.signatures if not one.stale]
    return [
        Strip(SIZE / 2, (), keep=True),
        *officer_rows("执法人员（签名）", facts.officers, given),
        *_receipt(given),
        *_notes(facts, given),
        *_seal(facts),
    ]


def _receipt(given: list[Signature]) -> list[Strip]:
    """Return how the unit received the order, or refused to before a witness."""
    party, witnesses = of(given, "enterprise"), of(given, "witness")
    rows = (
        party_rows(f"{PARTY}（签名）", REFUSED, party, RECEIVED) if party else receipt_rows(PARTY)
    )
    if witnesses or any(one.refused for one in party):
        rows += party_rows("见证人（签名）", "见证人拒绝签名，理由：{reason}。", witnesses)
    return rows


def _notes(facts: RectificationOrder, given: list[Signature]) -> list[Strip]:
    rows = on_other_phones(given)
    if stale := "、".join(dict.fromkeys(one.name for one in facts.signatures if one.stale)):
        said = (
            f"注：{stale}在执法终端上签名时所示内容与本指令书不一致，"
            "该签名不用于本指令书，请当面重签。"
        )
        rows += kept(paragraph([Span(said, field="签名说明")], first=0))
    if given:
        rows += small_print(
            "以上带时间的签名、签收或者拒签，系阅看执法终端所示本指令书后作出；"
            f"所示临时编号为 {facts.provisional_no}，所示内容 SHA-256 为 {facts.shown_sha256}。",
            field="签名说明",
        )
    return rows


def _seal(facts: RectificationOrder) -> list[Strip]:
    """Return name, seal position and date; the seal itself is put on later, never drawn."""
    four = 4 * SIZE
    return [
        Strip(24, (right_aligned(facts.authority, SIZE, 18, "body", SIDE + four / 2),), keep=True),
        Strip(19, (right_aligned("（印章）", SIZE, 13, "body", SIDE + four),), keep=True),
        Strip(
            21, (right_aligned(long_date(facts.made_at[:10]), SIZE, 14, "body", SIDE + four / 2),)
        ),
    ]


TEMPLATE = Template(
    kind="rectification_order",
    title="责令限期整改指令书",
    mark="责改",
    version="2026.3",
    effective_from="2026-01-01",
    facts=RectificationOrder,
    layout=layout,
    photos=lambda facts: [],  # noqa: ARG005
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）责令限期整改指令书；"
        "救济条款依《行政复议法》第二十、二十四条、《行政诉讼法》第四十六条"
    ),
)
