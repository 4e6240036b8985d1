"""Rows of the sheet 检查项 into items in their sections and tables."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from forms.body import law_json, penalty_json
from forms.definition.parse import DEEPEST, parse_item
from forms.definition.tables import Table
from forms.errors import BadDefinition, Problem
from forms.model import Basis, Competence, Kind, Law, Major, Penalty
from forms.workbook.assembling import Part, Place
from forms.workbook.office import cells
from forms.workbook.office.cells import Wrong, shown
from forms.workbook.office.citing import Citations, penalties
from forms.workbook.office.grid import Line
from forms.workbook.office.placing import (
    BETWEEN_LEVELS,
    UNTITLED,
    Row,
    Tables,
    levels_of,
    nested,
)
from forms.workbook.office.wording import in_words
from forms.workbook.words import (
    COMPETENCES,
    ITEM_HEADERS,
    KINDS,
    MAJORS,
    PARENT,
    SECTION,
    UNVERIFIED,
)

OWN_MATTER = ("penalties", "rectify")
JUDGED_NEEDS = ("question", "how_to_check", "basis", "finding", "verification")
"""What a row must say that can fail; `OWN_MATTER` as well where the bureau itself is in charge."""

_DECIDING = ("code", "kind", "fails_if", "choices")
"""Without these nothing else of a row can be judged."""

_LONE = ("code", "question", SECTION)
"""Where authors write a title in a row of its own."""

_NOT_COMPARED = frozenset({"未核对", "未核", "未核实", "没有核对", "均未核对", "条文未核对"})
_COMPARED = frozenset({"已核对", "条文已核对", "均已核对", "全部已核对"})
"""Whole texts of 核实情况 that leave no doubt; others may speak of one citation of several."""

_MIDNIGHT = re.compile(r"(?<=^\d{4}-\d\d-\d\d) 00:00:00$")

_LAW = Law("x", "—", "", date(2000, 1, 1), None, verified=False, source="—")
_STAND_INS: Mapping[str, Any] = {
    "question": "—",
    "how_to_check": "—",
    "basis": [{"law": law_json(_LAW), "article": "", "verified": False}],
    "major": Major.NO.value,
    "penalties": [
        penalty_json(Penalty("X1", _LAW, "", "", "—", "", "", verified=False, source="—"))
    ],
    "rectify": 1,
    "finding": "—",
    "verification": "—",
    "calculation": "0",
}
"""What takes the place of a faulty cell while the rest of its row is looked at."""


def judged_readers(
    citations: Citations, known: Mapping[str, Penalty]
) -> dict[str, Callable[[str], Any]]:
    """
    Return how the cells are read that say what a failure means, by field; plain texts need none.

    Args:
        citations: The laws that a row may cite.
        known: The penalty clauses that it may cite, by code.
    """
    return {
        "basis": lambda text: [basis_json(basis) for basis in citations.bases(text)],
        "penalties": lambda text: [penalty_json(one) for one in penalties(text, known)],
        "major": lambda text: cells.one_of(MAJORS)(text).value,
        "major_needs": cells.codes,
        "device_clause": cells.flag,
        "rectify": cells.period,
        "photos_on_failure": cells.counted("张"),
        "correctable_on_site": cells.flag,
        "competence": lambda text: cells.one_of(COMPETENCES)(text).value,
    }


class Items:
    """
    Reads the rows of items.

    `problems` are what is wrong with single cells and rows, `lacking` the fields without a column
    that some row needs, `unnamed` the rows without a code that can be used, `names` by every code
    and name of an item the name that conditions take for it, `notices` what may be meant otherwise.
    What items say of each other is looked at when the checklist is assembled.
    """

    def __init__(
        self,
        file: str,
        citations: Citations,
        known: Mapping[str, Penalty],
        columns: frozenset[str],
    ) -> None:
        """
        Prepare to read.

        Args:
            file: The workbook's name.
            citations: The laws that a row may cite.
            known: The penalty clauses that it may cite, by code.
            columns: The fields that have a column; a lacking one is told once, not in each row.
        """
        self.problems: list[Problem] = []
        self.lacking: set[str] = set()
        self.unnamed = 0
        self.names: dict[str, str] = {}
        self.notices: list[str] = []
        self._rows_by_code: dict[str, int] = {}
        self._file = file
        self._columns = columns
        self._readers: Mapping[str, Callable[[str], Any]] = {
            "code": cells.code,
            "kind": lambda text: cells.one_of(KINDS)(text).value,
            **judged_readers(citations, known),
            "focus": cells.flag,
            "least": cells.number,
            "most": cells.number,
            "step": cells.number,
            "name": cells.name,
            "required": cells.yes_or_condition,
            "read_only": cells.yes_or_condition,
        }

    def sections(
        self, lines: Sequence[Line], said: Mapping[tuple[str, ...], Part]
    ) -> tuple[Part, ...]:
        """
        Return the sections with all items in them.

        Args:
            lines: The rows of the sheet.
            said: What the sheet of sections says of some, by their titles from the outermost on.
        """
        rows = self._sound(list(self._rows(lines)))
        self._remind_of_return(rows)
        tables: dict[str, list[Row]] = {}
        for row in rows:
            if row.parent:
                tables.setdefault(row.parent, []).append(row)
        top = [row for row in rows if not row.parent]
        return tuple(nested(top, (), said, tables, frozenset()))

    def _rows(self, lines: Sequence[Line]) -> Iterator[Row]:
        above: tuple[str, ...] = (UNTITLED,)
        for line in lines:
            if self._is_title(line):
                continue
            self._remind_of_slash(line)
            parent = line.texts.get(PARENT, "")
            path = levels_of(line.texts.get(SECTION, ""))
            if "" in path:
                reason = f"“{BETWEEN_LEVELS}”的前后都应有章节名称，请补上"
                self.problems.append(line.place.problem(SECTION, reason))
            if not parent:
                path = above = path or above
            yield Row(self._item(line), path, parent)

    def _is_title(self, line: Line) -> bool:
        """Tell whether a row says nothing but one thing, as titles between the items do; refuse."""
        (field, *more) = line.texts or [""]
        if more or field not in _LONE or line.unseen:
            return False
        reason = "这一行只填了这一列，如果是章节名称，请删去这一行，写在所属各条目的“章节”列"
        self.problems.append(line.place.problem(field, f"{reason}，如果是条目，请填写其余各列"))
        self.unnamed += 1
        return True

    def _remind_of_slash(self, line: Line) -> None:
        title = line.texts.get(SECTION, "")
        if "/" in title:
            self.notices.append(
                f"工作表“{line.place.sheet}”第{line.place.row}行：“{shown(title)}”按一个章节读入，"
                f"分为上下级的请改用“{BETWEEN_LEVELS}”"
            )

    def _remind_of_return(self, rows: Sequence[Row]) -> None:
        """Say which chapters begin anew below another one: each time they are another chapter."""
        top = [row for row in rows if not row.parent]
        begun: set[tuple[str, ...]] = set()
        before: tuple[str, ...] = ()
        for row in top:
            levels = [row.path[: depth + 1] for depth in range(len(row.path))]
            new = [level for level in levels if level != before[: len(level)]]
            again = next((level for level in new if level in begun), None)
            if again is not None:
                place, title = row.part.place, shown(BETWEEN_LEVELS.join(again))
                self.notices.append(
                    f"工作表“{place.sheet}”第{place.row}行：章节“{title}”在上面出现过，"
                    "读作另一个同名的章节，应为同一章节的请把条目移到一起"
                )
            begun.update(levels)
            before = row.path

    def _remind_of_contradictions(self, fields: Mapping[str, Any], place: Place) -> None:
        """Say where two cells of a row contradict each other for certain."""
        said = fields.get("verification", "").rstrip("。")
        marked = {not basis["verified"] for basis in fields.get("basis", ())}
        where = f"工作表“{place.sheet}”第{place.row}行"
        if said in _NOT_COMPARED and False in marked:
            self.notices.append(
                f"{where}：“核实情况”为“{said}”，“依据”没有{UNVERIFIED}的条款却视为已核对，"
                f"请加上{UNVERIFIED}，核对过的请改写核实情况"
            )
        if said in _COMPARED and True in marked:
            self.notices.append(
                f"{where}：“核实情况”为“{said}”，“依据”却有{UNVERIFIED}，请删去一处"
            )
        if "required_message" in fields and not ("required" in fields or _is_check(fields)):
            self.notices.append(
                f"{where}：填了“必填说明”而没有填“必填”，这一条目可以不答，应当必填的请填“是”"
            )

    def _item(self, line: Line) -> Part:
        place = line.place
        fields: dict[str, Any] = {}
        faulty: set[str] = set(line.unseen)
        for field, text in line.texts.items():
            if field in (SECTION, PARENT):
                continue
            try:
                fields[field] = self._readers.get(field, str)(text)
            except Wrong as wrong:
                self.problems.append(place.problem(field, str(wrong)))
                faulty.add(field)
        if "kind" not in faulty:
            self._refuse_count(fields, place)
        self._name(fields, place, faulty)
        self._correct_default(fields)
        if faulty & set(_DECIDING):
            return Part(_bare(fields), place)
        if _is_judged(fields):
            self._complete(fields, place, faulty)
        if not faulty:
            self._remind_of_contradictions(fields, place)
        if "calculation" in faulty:
            fields["calculation"] = _STAND_INS["calculation"]
        return Part(self._settled(fields, place), place)

    def _name(self, fields: dict[str, Any], place: Place, faulty: set[str]) -> None:
        """Ask for a code of its own; give the row another where it has none."""
        code = fields.get("code", "")
        first = self._rows_by_code.setdefault(code, place.row)
        if code and first == place.row:
            self.unnamed += "name" in faulty
            cited = fields.get("name", code)
            self.names.update({code: cited, cited: cited})
            return
        self.unnamed += 1
        fields["code"] = f"第{place.row}行"
        if code:
            self.problems.append(
                place.problem("code", f"编号“{code}”与第{first}行重复，请换一个编号")
            )
        elif "code" not in faulty and "code" in self._columns:
            self.problems.append(place.problem("code", "请填写编号"))
        if fields.get("kind") == Kind.TABLE:  # no row can name it, so that it has no columns
            fields["kind"] = Kind.TEXT.value
            fields.pop("count", None)

    @staticmethod
    def _correct_default(fields: dict[str, Any]) -> None:
        """Take the midnight away that a day has which the spreadsheet keeps as a day."""
        if fields.get("kind") == Kind.DATE and "default" in fields:
            fields["default"] = _MIDNIGHT.sub("", fields["default"])

    def _refuse_count(self, fields: dict[str, Any], place: Place) -> None:
        if "count" in fields and fields.get("kind") != Kind.TABLE:
            del fields["count"]
            reason = "只有表格才填行数，请清除这一列，或者改类型"
            self.problems.append(place.problem("count", reason))

    def _complete(self, fields: dict[str, Any], place: Place, faulty: set[str]) -> None:
        """Ask for what an item that can fail must say; put something in the place of faults."""
        fields.setdefault("major", _STAND_INS["major"])
        is_own = fields.get("competence", Competence.OWN) == Competence.OWN
        for field in () if is_own else OWN_MATTER:
            if fields.pop(field, None) is not None:
                reason = "不属于本部门职责的条目只移送线索，不填这一列，请清除"
                self.problems.append(place.problem(field, reason))
        for field in (*JUDGED_NEEDS, *(OWN_MATTER if is_own else ())):
            if field in fields:
                continue
            is_told = field in faulty or (field in OWN_MATTER and "competence" in faulty)
            if field not in self._columns:
                self.lacking.add(field)
            elif not is_told:
                reason = f"请填写{ITEM_HEADERS.word(field)}"
                self.problems.append(place.problem(field, reason))
            fields[field] = _STAND_INS[field]

    def _settled(self, fields: dict[str, Any], place: Place) -> dict[str, Any]:
        """Return the fields without those that are refused, each refusal noted."""
        while True:
            try:
                parse_item(Table(fields, self._file, "条目"))
                return fields
            except BadDefinition as error:
                field = error.facts["field"]
                reason = in_words(error.facts["reason"])
                self.problems.append(place.problem(field, reason))
                stand_in = _STAND_INS.get(field)
                if field in _DECIDING or field not in fields or fields[field] is stand_in:
                    return _bare(fields)
                del fields[field]
                if stand_in is not None and (_is_judged(fields) or field == "calculation"):
                    fields[field] = stand_in

    def _sound(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows whose place in sections and tables is one."""
        tables = Tables(rows)
        levels: dict[str, int] = {}
        sound = []
        for said in rows:
            row = said
            if reason := tables.refusal(said) if said.parent else "":
                self.problems.append(said.part.place.problem(PARENT, reason))
                row = replace(said, parent=tables.meant(said))
                if not row.parent:
                    continue  # else the table that is meant would be told to lack columns
            level = levels.get(row.parent, 0) + len(row.path)
            if level > DEEPEST:
                reason = f"章节和表格的嵌套不能超过{DEEPEST}层，请减少层数"
                self.problems.append(row.part.place.problem(SECTION, reason))
            else:
                levels[str(row.part.fields["code"])] = level + 1
                sound.append(self._column(row) if row.parent else row)
        return sound

    def _column(self, row: Row) -> Row:
        """Return a row of a table; one that can fail gives way to one that cannot."""
        part = row.part
        if not _is_judged(part.fields):
            return row
        self.problems.append(
            part.place.problem(PARENT, "能判定不符合的条目不能作表格的列，请清除这一列")
        )
        return replace(row, part=Part(_bare(part.fields), part.place))


def _is_check(fields: Mapping[str, Any]) -> bool:
    return bool(fields.get("kind", Kind.CHECK) == Kind.CHECK)


def _is_judged(fields: Mapping[str, Any]) -> bool:
    return _is_check(fields) or "fails_if" in fields


def _bare(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what other rows may look for in a row that cannot be used itself."""
    kind = Kind.TABLE if fields.get("kind") == Kind.TABLE else Kind.TEXT
    return {"kind": kind.value, **{key: fields[key] for key in ("code", "name") if key in fields}}


def basis_json(basis: Basis) -> dict[str, Any]:
    """Return a citation as a plain table with its law in place."""
    return {"law": law_json(basis.law), "article": basis.article, "verified": basis.verified}
