"""What the documents of cut-off supplies share: what is cut off, which decision was not obeyed."""

from dataclasses import dataclass

from pdf_templates.fields import day, text

POWER = "power"
SUPPLIES = {POWER: "停止供电", "explosives": "停止供应民用爆炸物品"}
RESTORED = {POWER: "恢复供电", "explosives": "恢复供应民用爆炸物品"}


@dataclass(frozen=True)
class Ordered:
    """The earlier decision that the enterprise had to carry out."""

    decided_on: str = day("原决定作出")
    doc_no: str = text("原决定文号")
    content: str = text("原决定内容")
