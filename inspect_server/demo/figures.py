"""The table of a demo: what was done, in numbers, and how it is shown."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Figures:
    """What was done. Counted twice: while it happens, and afterwards from database and files."""

    enterprises: int
    rejected: int
    updated: int
    officers: int
    planned_visits: int
    pool: int
    drawn: int
    visits: int
    phones: int
    entries: int
    photos: int
    conflicts: int
    quarantined: int
    general: int
    major: int
    records: int
    orders: int
    receipts: int
    leaves: int

    def save(self, path: Path) -> None:
        """Write them as JSON."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")

    @staticmethod
    def load(path: Path) -> "Figures":
        """Read what `save` wrote."""
        return Figures(**json.loads(path.read_text("utf-8")))

    def table(self, more: Mapping[str, str]) -> str:
        """Return the table in Chinese, with further lines at its end."""
        lines = {LABELS[field.name]: str(getattr(self, field.name)) for field in fields(self)}
        lines |= more
        wide = max(map(_width, lines))
        high = max(map(_width, lines.values()))
        rule = "─" * ((wide + high + 4) // 2 + 1)
        rows = [
            f"{label}{' ' * (wide - _width(label))}  {' ' * (high - _width(text))}{text}"
            for label, text in lines.items()
        ]
        return "\n".join((rule, *rows, rule))

    def differences(self, other: "Figures") -> list[str]:
        """Return what differs, in Chinese: this one's number first."""
        return [
            f"{LABELS[field.name]}：登记 {getattr(self, field.name)}，"
            f"重新计算 {getattr(other, field.name)}"
            for field in fields(self)
            if getattr(self, field.name) != getattr(other, field.name)
        ]


LABELS: Mapping[str, str] = {
    "enterprises": "导入企业（家）",
    "rejected": "未导入、进入报告的行",
    "updated": "更正后重新导入更新的企业",
    "officers": "导入执法人员（名）",
    "planned_visits": "年度计划检查（次）",
    "pool": "抽取池（家）",
    "drawn": "双随机抽中（家）",
    "visits": "离线完成并办结的检查（次）",
    "phones": "手机（部，各为独立进程）",
    "entries": "手机保存的记录（条）",
    "photos": "照片（张）",
    "conflicts": "两机不一致、由主办人员确认（项）",
    "quarantined": "改派后原人员补传、未并入（条）",
    "general": "一般隐患（项）",
    "major": "重大事故隐患（项）",
    "records": "现场检查记录（份）",
    "orders": "责令限期整改指令书（份）",
    "receipts": "手机持有的同步回执（份）",
    "leaves": "全过程记录事件（条）",
}


def _width(text: str) -> int:
    """Return how many columns a terminal gives to a text."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
