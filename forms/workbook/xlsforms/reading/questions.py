"""One row of the survey into the plain table of an item or a section."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from forms.definition.parse import ITEM_DEFAULTS, JUDGED_FIELDS
from forms.definition.tables import YES_AND_NO
from forms.errors import Problem
from forms.expressions.parsing import BadExpression, columns_of, parse_filter
from forms.model import ATTACHMENTS, CHOICES, Competence, Kind
from forms.workbook.assembling import Part, Place
from forms.workbook.office import cells
from forms.workbook.office.cells import Wrong
from forms.workbook.office.items import JUDGED_NEEDS, OWN_MATTER, judged_readers
from forms.workbook.words import ITEM_HEADERS
from forms.workbook.xlsforms import defaults, parameters
from forms.workbook.xlsforms.grid import Grid, Record
from forms.workbook.xlsforms.headers import Column, Tokens
from forms.workbook.xlsforms.parameters import BadParameters
from forms.workbook.xlsforms.reading.choices import Choices
from forms.workbook.xlsforms.reading.languages import Language
from forms.workbook.xlsforms.reading.laws import Cited

SIGNATURE = "signature"
"""In the appearance of an image: the drawing of a name, which is a kind of its own here."""

UNBOUNDED = "不限"
"""In a bureau's column of a slider's bound: there is none."""

UNTITLED = "无标题"
"""The bureau's column of questions whose label stands there because other tools ask for one."""

GENERATED = re.compile(r"_(item|section)_[0-9]+")
"""Names that a workbook needs where the checklist has none."""

TEXTS: Mapping[str, Tokens] = {
    "question": ("label",),
    "hint": ("hint",),
    "guidance": ("guidance_hint",),
    "required_message": ("bind", "jr:requiredMsg"),
    "constraint_message": ("bind", "jr:constraintMsg"),
}
CONDITIONS: Mapping[str, tuple[Tokens, str]] = {
    "relevant": (("bind", "relevant"), "relevant"),
    "required": (("bind", "required"), "required"),
    "read_only": (("bind", "readonly"), "readonly"),
    "constraint": (("bind", "constraint"), "constraint"),
    "calculation": (("bind", "calculate"), "calculation"),
}
"""Fields by the column that holds them, and its usual header."""

BUREAU = (
    "code",
    "name",
    "how_to_check",
    "basis",
    "major",
    "major_note",
    "major_needs",
    "device_clause",
    "penalties",
    "rectify",
    "finding",
    "photos_on_failure",
    "correctable_on_site",
    "competence",
    "focus",
    "fails_if",
    "unit",
    "least",
    "most",
    "step",
    "default",
    "verification",
)
"""Fields that have a Chinese column of their own in the survey."""

_OTHER_TYPES: frozenset[Tokens] = frozenset(
    {
        ("bind", "type"),
        ("bind", "jr:preload"),
        ("bind", "jr:preloadParams"),
        ("control", "tag"),
        ("control", "mediatype"),
    }
)
"""Columns that would make another question of one than its type says."""

_STRUCTURE: frozenset[Tokens] = frozenset({("type",), ("name",), ("trigger",), ("disabled",)})
_OTHER_HEADERS = {
    "kind": (("type",), "type"),
    "choices": (("type",), "type"),
    "code": (("name",), "name"),
    "name": (("name",), "name"),
    "default": (("default",), "default"),
    "choice_filter": (("choice_filter",), "choice_filter"),
    "appearance": (("control", "appearance"), "appearance"),
    "count": (("control", "jr:count"), "repeat_count"),
}
_SEARCH = re.compile(r"\bsearch\s*\(", re.IGNORECASE)
"""In the appearance of a select: a file's rows take the place of its choices."""

NEVER = frozenset({"false()", *(word for word, tree in YES_AND_NO.items() if tree == ("false",))})
"""What says of a condition that it never holds."""

_MEANT: Mapping[str, str] = {
    **dict.fromkeys(("是", "必填", "√", "✓", "y", "Y"), "yes"),
    **dict.fromkeys(("否", "非必填", "选填", "×", "n", "N"), "no"),
}
_MANY = 2
"""Columns from which the type of a question is told as wrong, and not the columns."""

_WITHOUT_DEFAULT = ATTACHMENTS | {Kind.TABLE}
_UNFIT_FOR_GROUPS = ("read_only", "constraint", "calculation")


def bureau_field(column: Column) -> str:
    """Return the field of a bureau's column, "" for others."""
    field = ITEM_HEADERS.value(column.header) if column.tokens == (column.header,) else None
    return field if field in BUREAU else ""


class _Row:
    """A record whose columns are taken one after the other; what is left is kept."""

    def __init__(self, record: Record, language: Language) -> None:
        self.record = record
        self._language = language
        self._taken: set[Column] = set()

    def take(self, *tokens: str) -> str:
        column = next((one for one in self.record.cells if one.tokens == tokens), None)
        if column is None:
            return ""
        self._taken.add(column)
        return self.record.cells[column]

    def take_text(self, *tokens: str) -> str:
        text, columns = self._language.pick(self.record, *tokens)
        self._taken.update(columns)
        return text

    def take_own(self) -> Iterator[tuple[str, str, str]]:
        """Yield the bureau's columns: field, header and text."""
        for column, text in self.record.cells.items():
            if field := bureau_field(column):
                self._taken.add(column)
                yield field, column.header, text

    def left(self) -> list[list[str]]:
        return [
            [column.header, text]
            for column, text in self.record.cells.items()
            if column not in self._taken and column.tokens not in _STRUCTURE
        ]


class Questions:
    """
    Reads rows of the survey.

    `problems` are authoring errors, `kept` the headers of columns that mean nothing here, `coded`
    the rows whose author gave them a code of their own.
    """

    def __init__(self, grid: Grid, language: Language, choices: Choices, cited: Cited) -> None:
        """Prepare the headers under which errors are told."""
        self.problems: list[Problem] = []
        self.coded: set[int] = set()
        self.kept: dict[str, None] = {}
        self._grid = grid
        self._language = language
        self._choices = choices
        self._headers = self._all_headers()
        self._readers: Mapping[str, Callable[[str], Any]] = {
            "code": cells.code,
            **judged_readers(cited.citations, cited.penalties),
            "focus": cells.flag,
        }

    def place(self, record: Record) -> Place:
        """Return where a row stands, with the headers of all fields."""
        own = {"code": ITEM_HEADERS.word("code")} if record.number in self.coded else {}
        return Place(self._grid.name, record.number, {**self._headers, **own})

    def refuse(self, record: Record, field: str, reason: str) -> None:
        """Note an error of one row."""
        self.problems.append(self.place(record).problem(field, reason))

    def item(self, record: Record, name: str, kind: Kind, choices: str = "") -> Part:
        """
        Return a question, or a table without its columns.

        Args:
            record: Its row.
            name: Its name in the workbook.
            kind: What its type is.
            choices: The list that its type names.
        """
        row = _Row(record, self._language)
        fields: dict[str, Any] = {"code": name, "kind": kind.value, "choices": choices}
        fields.update((field, row.take_text(*tokens)) for field, tokens in TEXTS.items())
        fields.update(self._meant(record, _conditions(row)))
        self._put_appearance(fields, row, kind)
        self._put_default(fields, row, kind)
        self._put_filter(fields, row, kind)
        if kind is Kind.TABLE and (count := row.take("control", "jr:count")):
            fields["count"] = count
        self._put_parameters(fields, row, kind)
        self._refuse_other_types(record)
        self._put_own(fields, row)
        if fields["code"] != name and not fields.get("name") and not GENERATED.fullmatch(name):
            fields["name"] = name
        if row.take(UNTITLED):
            fields["question"] = ""
        self._keep(fields, row)
        is_judged = kind is Kind.CHECK or "fails_if" in fields
        if not is_judged:
            self._refuse_judging(record, fields)
        elif not self._is_complete(record, fields):
            kept = ("code", "name", *CONDITIONS)
            fields = {field: said for field, said in fields.items() if field in kept}
            fields["kind"] = (Kind.TABLE if kind is Kind.TABLE else Kind.TEXT).value
        return Part(
            {key: value for key, value in fields.items() if value != ""}, self.place(record)
        )

    def stand_in(self, record: Record, name: str) -> Part:
        """Return what is read of a question whose type is refused: its conditions all the same."""
        said = self._meant(record, _conditions(_Row(record, self._language)))
        return Part({"code": name, "kind": Kind.TEXT.value, **said}, self.place(record))

    def section(self, record: Record, name: str) -> Part:
        """Return a group without what stands in it."""
        row = _Row(record, self._language)
        fields: dict[str, Any] = {"title": row.take_text("label")}
        fields["name"] = "" if GENERATED.fullmatch(name) else name
        fields["hint"] = row.take_text("hint")
        fields["appearance"] = row.take("control", "appearance")
        said = _conditions(row)
        if "relevant" in said:
            fields["relevant"] = said["relevant"]
        for field in _UNFIT_FOR_GROUPS:
            if said.get(field, "no") not in NEVER:
                self.refuse(record, field, "分组不能有这一列的内容，请写到各题")
        if row.take("control", "jr:count"):
            self.refuse(record, "count", "分组没有重复次数，要重复的请改用 begin_repeat")
        for field, header, text in row.take_own():
            if field == "name":
                fields["name"] = text
            else:
                self.problems.append(
                    Problem(self._grid.name, record.number, header, "分组没有这一列")
                )
        row.take("bind", "required")
        self._keep(fields, row)
        return Part(fields, self.place(record))

    def _meant(self, record: Record, said: dict[str, str]) -> dict[str, str]:
        """Refuse yes and no in words that other tools take for something else."""
        for field in ("required", "read_only"):
            if instead := _MEANT.get(said.get(field, "")):
                self.refuse(record, field, f"“{said.pop(field)}”请写成 {instead}")
        return said

    def _all_headers(self) -> dict[str, str]:
        own = {field: ITEM_HEADERS.word(field) for field in BUREAU}
        xlsform = {
            field: self._grid.header(*tokens) or usual
            for field, (tokens, usual) in {**CONDITIONS, **_OTHER_HEADERS}.items()
        }
        texts = {field: self._language.header(*tokens) for field, tokens in TEXTS.items()}
        return {**own, **xlsform, **texts, "title": texts["question"]}

    def _refuse_other_types(self, record: Record) -> None:
        for column in record.cells:
            if column.tokens in _OTHER_TYPES:
                reason = "这一列会改变题目的类型，请删去，类型写在 type 列"
                self.problems.append(Problem(self._grid.name, record.number, column.header, reason))

    def _put_appearance(self, fields: dict[str, Any], row: _Row, kind: Kind) -> None:
        text = row.take("control", "appearance")
        if kind in (Kind.CHECK, *CHOICES) and _SEARCH.search(text):
            reason = "不支持从外部文件取选项，请删去 search()，把选项写在 choices 表中"
            self.refuse(row.record, "appearance", reason)
        words = text.split(" ")
        if kind is Kind.PHOTO and SIGNATURE in words:
            words.remove(SIGNATURE)
            fields["kind"] = Kind.SIGNATURE.value
        fields["appearance"] = " ".join(words)

    def _put_default(self, fields: dict[str, Any], row: _Row, kind: Kind) -> None:
        if kind in _WITHOUT_DEFAULT or not row.record.text("default"):
            return  # a picture that stands there is an attachment of the workbook: kept
        text = defaults.plain(row.take("default"), kind)
        if reason := defaults.refusal(text, kind):
            self.refuse(row.record, "default", reason)
        else:
            fields["default"] = text

    def _put_filter(self, fields: dict[str, Any], row: _Row, kind: Kind) -> None:
        if kind not in CHOICES or not row.record.text("choice_filter"):
            return
        text = fields["choice_filter"] = row.take("choice_filter")
        with suppress(BadExpression):  # it is told when the item is read
            self._choices.add_filter(fields["choices"], columns_of(parse_filter(text)))

    def _put_parameters(self, fields: dict[str, Any], row: _Row, kind: Kind) -> None:
        text = row.record.text("parameters")
        try:
            given = parameters.parse(text)
            parameters.refuse_bad(given, kind)
            if kind is Kind.RANGE:
                self._put_slider(fields, row, given)
        except BadParameters as bad:
            header = self._grid.header("parameters")
            self.problems.append(Problem(self._grid.name, row.record.number, header, str(bad)))

    def _put_slider(self, fields: dict[str, Any], row: _Row, given: Mapping[str, str]) -> None:
        start, end, step = parameters.slider(given)
        fields["least"], fields["most"] = map(parameters.plain, sorted((start, end)))
        # Counted from the least value; a slider that ends beside it keeps its steps to itself.
        if start <= end or (end - start) % step == 0:
            fields["step"] = parameters.plain(abs(step))
        if start <= end and step > 0:
            row.take("parameters")

    def _put_own(self, fields: dict[str, Any], row: _Row) -> None:
        for field, header, text in row.take_own():
            if field == "code":
                self.coded.add(row.record.number)
            try:
                fields[field] = self._readers.get(field, str)(text)
            except Wrong as wrong:
                problem = Problem(self._grid.name, row.record.number, header, str(wrong))
                self.problems.append(problem)
            if fields.get(field) == UNBOUNDED and field in ("least", "most", "step"):
                fields[field] = ""

    def _keep(self, fields: dict[str, Any], row: _Row) -> None:
        fields["kept"] = row.left()
        self.kept.update(dict.fromkeys(header for header, _ in fields["kept"]))

    def _refuse_judging(self, record: Record, fields: dict[str, Any]) -> None:
        """Refuse several columns about a failure as one: the type of the question is the cause."""
        said = [one for one in JUDGED_FIELDS if fields.get(one, "") not in ("", ITEM_DEFAULTS[one])]
        if len(said) < _MANY:
            return  # the one column is told as such
        for one in said:
            del fields[one]
        shown = "、".join(ITEM_HEADERS.word(one) for one in said)
        reason = f"这一题不是检查项，却填了检查项的列（{shown}）"
        advice = "要作检查项的，请写 select_one check_result，或者填写“不符合条件”"
        self.refuse(record, "kind", f"{reason}；{advice}；不是检查项的，请清除这些列")

    def _is_complete(self, record: Record, fields: dict[str, Any]) -> bool:
        """Ask for what an item that can fail must say; False where something lacks."""
        fields.setdefault("major", "no")
        is_own = fields.get("competence", Competence.OWN) == Competence.OWN
        lacking = [
            field
            for field in ("question", *JUDGED_NEEDS, *(OWN_MATTER if is_own else ()))
            if not fields.get(field)
        ]
        told = {problem.column for problem in self.problems if problem.row == record.number}
        for field in lacking:
            if self._headers[field] not in told:
                reason = f"检查项应填写{ITEM_HEADERS.word(field)}"
                self.refuse(record, field, reason)
        return not lacking


def _conditions(row: _Row) -> dict[str, str]:
    """Return the conditions that a row says."""
    said = {field: row.take(*tokens) for field, (tokens, _) in CONDITIONS.items()}
    return {field: text for field, text in said.items() if text}
