"""What both notices before a penalty say: the facts, the evidence, the law, what is intended."""

from dataclasses import dataclass

from pdf_templates.fields import fen, part, several, text
from pdf_templates.parts.legal import Desk
from pdf_templates.parts.people import Party, party_lines
from pdf_templates.parts.violations import TOTAL_FINE, Violation, acts, applied, penalties, weighed
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Stationery
from pdf_templates.wording import ended


@dataclass(frozen=True)
class Notified:
    """The content of the facts, reasons, basis and penalty that a party is told."""

    party: Party = part("拟处罚当事人")
    cause: str = text("案由")
    violations: tuple[Violation, ...] = several("违法行为、依据及拟处罚")
    evidence: tuple[str, ...] = several("主要证据")
    total_fine_fen: int = fen("拟处罚款合计")
    desk: Desk = part("部门地址及联系方式")

    CONSTRAINTS = (TOTAL_FINE,)


def told(on: Stationery, what: Notified) -> list[Strip]:
    """Return the notice up to what the party may do."""
    you = what.party.you
    return [
        *on.prose("{当事人}：", {"当事人": what.party.name}, first=0, keep=True),
        *party_lines(on, what.party),
        *on.prose(
            f"本机关对{you}{{案由}}一案进行了调查。现查明，{you}存在下列行为：",
            {"案由": what.cause},
            keep=True,
        ),
        *acts(on, what.violations),
        *on.prose("以上事实主要证据如下：", keep=True),
        *on.items(map(ended, what.evidence), "证据"),
        *applied(on, what.violations),
        *weighed(on, what.violations),
        *on.said(
            f"本机关拟对{you}作出如下行政处罚：{penalties(what.violations, what.total_fine_fen)}",
            "拟处罚",
        ),
    ]
