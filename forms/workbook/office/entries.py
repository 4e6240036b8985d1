"""The sheets of laws and penalty clauses that a workbook brings along."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from forms.body import law_json
from forms.definition.parse_law import parse_law, parse_penalty
from forms.definition.tables import Table
from forms.errors import BadDefinition, Problem
from forms.load import LawTables
from forms.model import Law, Penalty
from forms.workbook.office import cells
from forms.workbook.office.cells import Wrong
from forms.workbook.office.citing import UNREAD_NUMBER, Citations, refuse_ill_formed, unstated
from forms.workbook.office.grid import Line
from forms.workbook.words import LAW_HEADERS, PENALTY_HEADERS, Vocabulary

Entry = TypeVar("Entry", Law, Penalty)


def _without_brackets(title: str) -> str:
    """Return a title without the 《》 that enclose all of it: citations put their own around it."""
    depth = 0
    for position, sign in enumerate(title):
        depth += (sign == "《") - (sign == "》")
        if not depth and position < len(title) - 1:
            return title
    return title[1:-1].strip() if len(title) > 2 and title[-1] == "》" and not depth else title


_LAW_READERS: Mapping[str, Callable[[str], Any]] = {
    "code": cells.matching(r"[a-z0-9-]+", "代号请只用小写字母、数字和 -"),
    "title": _without_brackets,
    "effective_from": cells.day,
    "effective_until": cells.day,
    "verified": cells.flag,
}
_LAW_LEFT_OUT: Mapping[str, Any] = {"number": "", "effective_until": None}
_LAW_STAND_INS: Mapping[str, Any] = {
    "effective_from": date(2000, 1, 1),
    "effective_until": None,
    "number": UNREAD_NUMBER,
    "verified": False,
    "source": "—",
}
_PENALTY_LEFT_OUT: Mapping[str, Any] = dict.fromkeys(
    ("article", "clause", "unit_range", "person_range", "aggravated_range"), ""
)
_PENALTY_STAND_INS: Mapping[str, Any] = {
    "article": "",
    "unit_range": "—",
    "verified": False,
    "source": "—",
}


class Entries:
    """
    Reads rows of laws and of penalty clauses.

    `problems` takes every error. A row with an error in a cell that is not its code or title still
    gives an entry, so that nobody who cites it is blamed.
    """

    def __init__(self, file: str, packaged: LawTables, problems: list[Problem]) -> None:
        """Prepare to read; `packaged` are the entries of the program, which stay as they are."""
        self._file = file
        self._packaged = packaged
        self._problems = problems

    def laws(self, lines: Sequence[Line]) -> dict[str, Law]:
        """Return the laws of the rows by code."""
        laws = self._unique(lines, self._law, self._packaged.laws)
        return self._without_twins(laws, {line.texts.get("code", ""): line for line in lines})

    def penalties(self, lines: Sequence[Line], citations: Citations) -> dict[str, Penalty]:
        """Return the penalty clauses of the rows by code."""

        def read(line: Line) -> Penalty | None:
            return self._penalty(line, citations)

        return self._unique(lines, read, self._packaged.penalties)

    def _without_twins(self, laws: dict[str, Law], lines: Mapping[str, Line]) -> dict[str, Law]:
        """Refuse a law that stands there under another code, or no citation of it would be one."""
        first: dict[tuple[str, date], str] = {}
        for law in tuple(laws.values()):
            twin = first.setdefault((law.title, law.effective_from), law.code)
            if twin != law.code:
                row = lines[twin].place.row
                reason = f"《{law.title}》与第{row}行是同一部法规，请只留一行，引用时用留下的代号"
                self._problems.append(lines[law.code].place.problem("title", reason))
                del laws[law.code]
        return laws

    def _unique(
        self,
        lines: Sequence[Line],
        read: Callable[[Line], Entry | None],
        packaged: Mapping[str, Entry],
    ) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        rows: dict[str, int] = {}
        for line in lines:
            errors = len(self._problems)
            entry = read(line)
            if entry is None:
                continue
            code, is_sound = entry.code, len(self._problems) == errors
            if code in rows:
                reason = f"代号“{code}”与第{rows[code]}行重复，请换一个代号"
                self._problems.append(line.place.problem("code", reason))
            elif is_sound and packaged.get(code, entry) != entry:
                reason = f"代号“{code}”在系统中另有内容，请核对各列，或者换一个代号"
                self._problems.append(line.place.problem("code", reason))
            else:
                entries[code] = entry
            rows.setdefault(code, line.place.row)
        return entries

    def _law(self, line: Line) -> Law | None:
        fields = {**_LAW_LEFT_OUT, **self._fields(line, _LAW_READERS)}
        return self._entry(parse_law, fields, line, LAW_HEADERS, _LAW_STAND_INS)

    def _penalty(self, line: Line, citations: Citations) -> Penalty | None:
        readers: Mapping[str, Callable[[str], Any]] = {
            "code": cells.matching(r"[A-Z]+\d+", "代号请用大写字母加数字，如 P99"),
            "law": lambda text: law_json(citations.law(text)),
            "verified": cells.flag,
        }
        fields = {**_PENALTY_LEFT_OUT, **self._fields(line, readers)}
        fields["article"], is_judged = unstated(fields["article"])
        if fields.get("verified") is True and not fields["article"]:
            reason = "没有写条款的不能填“是”，请补上条款或改为“否”"
            self._problems.append(line.place.problem("verified", reason))
            fields["verified"] = False
        penalty = self._entry(parse_penalty, fields, line, PENALTY_HEADERS, _PENALTY_STAND_INS)
        if penalty is not None and penalty.verified and is_judged:
            try:
                refuse_ill_formed(penalty.law, penalty.article)
            except Wrong as wrong:
                self._problems.append(line.place.problem("article", str(wrong)))
        return penalty

    def _fields(self, line: Line, readers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for field, text in line.texts.items():
            try:
                fields[field] = readers.get(field, str)(text)
            except Wrong as wrong:
                self._problems.append(line.place.problem(field, str(wrong)))
        return fields

    def _entry(
        self,
        parse: Callable[[Table], Entry],
        fields: dict[str, Any],
        line: Line,
        headers: Vocabulary[str],
        stand_ins: Mapping[str, Any],
    ) -> Entry | None:
        """Read one row; what is refused is noted and replaced, then it is read on."""
        told = {field for field in line.texts if field not in fields}
        while True:
            try:
                return parse(Table(fields, self._file, ""))
            except BadDefinition as error:
                field, reason = error.facts["field"], error.facts["reason"]
            if field not in told:
                is_blank = field not in line.texts and field != "unit_range"
                said = f"请填写{headers.word(field)}" if is_blank else reason
                self._problems.append(line.place.problem(field, said))
            if field not in stand_ins or fields.get(field, "") == stand_ins[field]:
                return None
            told.add(field)
            fields[field] = stand_ins[field]
