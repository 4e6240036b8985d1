"""Where the enterprises of an import lie: names looked up, and what stayed open counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.registry.divisions import By, Divisions, is_elsewhere, one_code_each
from inspect_server.domain.registry.enterprises import Assembler
from inspect_server.domain.registry.headers import Header
from inspect_server.store import registry
from inspect_server.usecases.registry.batches import Batches, Tally
from inspect_server.usecases.work import Work

_NAMED = 5
_COLUMNS = frozenset({"division", "division_name"})
_NEXT_STEP = (
    "这些企业编制计划时没有区划级别；请在表中加一列“行政区划代码”填写 6 位代码后重新导入，"
    "以后同名的地区自动对应"
)


class Places:
    """The lookup of one import, by the bureau's configuration and the registry's own codes."""

    def __init__(self, work: Work) -> None:
        self._home = work.settings.division
        learned = one_code_each(iter(registry.named_divisions(work.session)))
        self._divisions = Divisions(self._home, work.settings.authority, learned)
        self._towns: set[str] = set()
        self._in_towns = 0
        self._open: Counter[str] = Counter()
        self._unasked = 0
        self._created = 0
        self._outside: Counter[str] = Counter()

    def assembler(self, header: Header) -> Assembler:
        """Return what puts the rows under this header together."""
        self._unasked += not header.fields & _COLUMNS
        return Assembler(header, self.code_of)

    def code_of(self, name: str) -> str | None:
        """Return the division code of a name, None where it stays open."""
        found = self._divisions.find(name)
        if found is None:
            return None
        code, by = found
        if by is By.BUREAU:
            self._towns.add(name)
        return code

    def count(self, rows: Sequence[dict[str, Any]]) -> None:
        """Count rows that are about to be saved."""
        if not rows or _COLUMNS.isdisjoint(rows[0]):
            return
        for row in rows:
            name, division = row.get("division_name"), row.get("division")
            if division is None:
                self._open[name or ""] += 1
            elif name in self._towns:
                self._in_towns += 1
            elif is_elsewhere(division, self._home):
                self._outside[division] += 1

    def saved(self, created: int) -> None:
        """Take note of how many enterprises are new so far."""
        self._created = created

    def notes(self) -> list[str]:
        """Say what was assumed and what stayed open, with the next step."""
        said = []
        if self._in_towns:
            said.append(f"{self._in_towns} 行只写了街道、乡镇，按本机关辖区记为 {self._home}")
        if self._outside:
            said.append(self._elsewhere())
        still_open = self._still_open()
        if still_open:
            said.append(f"{'；'.join(still_open)}。{_NEXT_STEP}")
        return said

    def _elsewhere(self) -> str:
        most = self._outside.most_common(_NAMED)
        shown = "、".join(f"{division} {rows} 行" for division, rows in most)
        more = f"等 {len(self._outside)} 个区划" if len(self._outside) > _NAMED else ""
        return (
            f"{self._outside.total()} 行的企业不在本机关辖区（{self._home}）：{shown}{more}。"
            "这些企业不纳入检查计划和抽取；区划有误的，请改正行政区划代码后重新导入"
        )

    def _still_open(self) -> list[str]:
        named = {name: rows for name, rows in self._open.items() if name}
        said = []
        if named:
            first = sorted(named, key=lambda name: -named[name])[:_NAMED]
            shown = "、".join(f"“{name[:30]}”" for name in first)
            more = f"等 {len(named)} 个名称" if len(named) > _NAMED else ""
            said.append(f"{sum(named.values())} 行的地区没有对应到区划代码：{shown}{more}")
        if self._open[""]:
            said.append(f"{self._open['']} 行没有填写地区或行政区划代码")
        if self._unasked and self._created:
            said.append("表中没有“地区”或“行政区划代码”列，新增的企业没有区划")
        if named and not self._home:
            said.append("尚未配置本机关的 division，同名区县无法区分")
        return said


@dataclass(frozen=True)
class Located:
    """Batches whose places are counted on the way."""

    batches: Batches
    places: Places

    def save(self, rows: Sequence[dict[str, Any]], tally: Tally) -> None:
        """Count, then save."""
        self.places.count(rows)
        self.batches.save(rows, tally)
        self.places.saved(tally.created)
