"""The rows of the survey in their groups and repeats; what other tools refuse is refused here."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from forms.definition.parse import DEEPEST
from forms.definition.tables import YES_AND_NO
from forms.errors import Problem
from forms.expressions.parsing import BadExpression, parse
from forms.expressions.tree import NAME
from forms.model import NOT_ASKED, Kind
from forms.workbook.assembling import Part
from forms.workbook.xlsforms import kinds, parameters
from forms.workbook.xlsforms.grid import Grid, Record
from forms.workbook.xlsforms.headers import TRANSLATED
from forms.workbook.xlsforms.parameters import BadParameters
from forms.workbook.xlsforms.reading import ends
from forms.workbook.xlsforms.reading.choices import Choices
from forms.workbook.xlsforms.reading.naming import unfit
from forms.workbook.xlsforms.reading.questions import NEVER, Questions
from forms.workbook.xlsforms.reading.sections import in_sections, named_apart

OTHER_QUESTION = "请注明其他情况"
"""What is asked where somebody chose what is not in the list."""

_MEDIA = frozenset({"image", "big-image", "audio", "video"})
_RESERVED = "meta"
_EXTERNAL = re.compile(r".*\.(csv|xml|geojson)", re.IGNORECASE)
_REFERENCE = re.compile(rf"\$\{{{NAME}\}}")
_TABLE_LIST = "table-list"
_TITLES = frozenset({"form_title", "set_form_title"})
_IDS = frozenset({"form_id", "set_form_id"})


@dataclass
class _Level:
    """What stands in one group or repeat, or outside of all."""

    kind: str  # group, repeat or "" outside
    name: str
    record: Record | None
    parts: list[Part] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)  # names and the rows that have them
    made: dict[str, Part] = field(default_factory=dict)  # by names that tools add by themselves
    table_list: str | None = None  # None: no table-list; "": its list is not known yet


class Survey:
    """
    Reads the survey row by row.

    `problems` are authoring errors, `notices` what is left out; `settings` what rows of the survey
    say of the form as a whole; `names` the names that `${…}` may cite, and how often each is there;
    `unnamed` the rows without a name that can be used.
    """

    def __init__(self, grid: Grid, questions: Questions, choices: Choices, root: str) -> None:
        """
        Prepare to read.

        Args:
            grid: The sheet.
            questions: The reader of single rows.
            choices: The choice lists.
            root: The name of the form's outermost element, which no repeat may have.
        """
        self.problems: list[Problem] = []
        self.notices: list[str] = []
        self.settings: dict[str, str] = {}
        self.names: Counter[str] = Counter()
        self.unnamed = 0
        self._grid = grid
        self._questions = questions
        self._choices = choices
        self._root = root
        self._repeats: set[str] = set()
        self._counts: dict[str, Record] = {}  # names that repeats get for their calculated counts
        self._levels = [_Level("", "", None)]
        self._has_audit = False
        self._idle: dict[str, None] = {}  # headers of what rows say that end something

    def sections(self, records: Sequence[Record]) -> tuple[Part, ...]:
        """Return the sections; questions outside of groups stand in sections without a title."""
        for record in records:
            self._read(record)
        for level in reversed(self._levels[1:]):
            assert level.record is not None
            self._refuse(level.record, "kind", f"begin_{level.kind} 没有对应的 end_{level.kind}")
            self._levels.pop()
            self._put_level(level, level.record)
        self._refuse_made(self._levels[0])
        for name, record in self._counts.items():
            if name in self.names:
                self._refuse(record, "name", f"会自动生成名为“{name}”的条目，与已有的重复，请改名")
        if self._idle:
            what = "、".join(self._idle)
            self.notices.append(f"{self._grid.name}：end 行的 {what} 不起作用，未导入")
        parts = named_apart(self._levels[0].parts, self._questions.coded)
        return tuple(in_sections(parts))

    def _read(self, record: Record) -> None:
        if record.is_disabled:
            self.notices.append(f"{self._grid.name}：第{record.number}行标为停用，未导入")
            return
        written = record.text("type")
        if written:
            self._refuse_trigger(record)
        if not written:
            self._read_without_type(record)
        elif written == parameters.AUDIT:
            self._leave_out(record, written)
        elif written in _TITLES | _IDS | {"prefix"}:
            self._read_setting(record, written)
        elif found := kinds.END.fullmatch(written):
            self._end(record, "repeat" if found["what"] in kinds.REPEATS else "group")
        else:
            self._read_named(record, written)

    def _read_without_type(self, record: Record) -> None:
        if record.has("name") or record.has("label"):
            self._refuse(record, "kind", "这一行没有类型，请填写 type")
        else:
            self.notices.append(f"{self._grid.name}：第{record.number}行没有类型和名称，未导入")

    def _read_setting(self, record: Record, written: str) -> None:
        key = "title" if written in _TITLES else "id_string" if written in _IDS else ""
        if written in _IDS and not record.text("name"):
            self._refuse(record, "name", "这一行没有写代号，请填写 name，或者删去这一行")
        if key:
            self.settings[key] = record.text("name")
        else:
            self._note_left_out(record, written)

    def _read_named(self, record: Record, written: str) -> None:
        name = self._name(record, written)
        self.unnamed += not name
        begin = kinds.BEGIN.fullmatch(written)
        if not name:
            if begin is None:
                return
            name = f"_{record.number}"  # so that what stands in it is read all the same
        self._refuse_bad_media(record)
        if begin:
            if begin["what"] == "loop":
                self._refuse(record, "kind", kinds.unsupported(written))
            self._begin(record, name, "repeat" if begin["what"] in kinds.REPEATS else "group")
            return
        if written in kinds.LEFT_OUT:
            self._leave_out(record, written)
            return
        if select := kinds.SELECT.fullmatch(written):
            self._select(record, name, kinds.SELECTS[select["command"]], select)
        elif written in kinds.CONSTRAINED:
            self._constrained(record, name, written)
        elif written in kinds.TYPES:
            self._put_item(record, self._questions.item(record, name, kinds.TYPES[written]))
        else:
            self._refuse(record, "kind", kinds.unsupported(written))
            self._put(self._questions.stand_in(record, name))

    def _refuse_trigger(self, record: Record) -> None:
        if record.text("trigger"):
            reason = "不支持 trigger，请删去，用 calculation 随时计算"
            header = self._grid.header("trigger")
            self.problems.append(Problem(self._grid.name, record.number, header, reason))

    # Names

    def _name(self, record: Record, written: str) -> str:
        """Return the name of a row, "" where it has none that can be used."""
        name = record.text("name")
        if not name and written == "note":
            name = f"generated_note_name_{record.number}"
        if not name:
            self._refuse(record, "name", "这一行没有名称，请填写 name")
            return ""
        if reason := unfit(name):
            self._refuse(record, "name", reason)
            return ""
        self.names[name] += 1
        if name == _RESERVED:
            self._refuse(record, "name", f"“{_RESERVED}”是保留的名称，请改名")
            return ""
        rows = self._levels[-1].rows
        if name in rows:
            self._refuse(record, "name", f"名称“{name}”与第{rows[name]}行重复，请改名")
            return ""
        rows[name] = record.number
        return name

    def _refuse_made(self, level: _Level) -> None:
        for name, part in level.made.items():
            if name in level.rows:
                level.parts = [one for one in level.parts if one is not part]
                reason = f"会自动生成名为“{name}”的条目，与第{level.rows[name]}行重复，请改名"
                self.problems.append(part.place.problem("name", reason))

    # Groups and repeats

    def _begin(self, record: Record, name: str, kind: str) -> None:
        self._check_parameters(record, "")
        if kind == "repeat":
            self._refuse_repeat(record, name)
        else:
            self._leave_out_required(record)
        count = record.text("control", "jr:count")
        if kind == "repeat" and count and not _REFERENCE.fullmatch(count):
            self._counts[f"{name}_count"] = record
        level = _Level(kind, name, record)
        if _TABLE_LIST in record.text("control", "appearance").split():
            level.table_list = ""
        elif self._levels[-1].table_list is not None:
            level.table_list = self._levels[-1].table_list
        self._levels.append(level)
        if self._depth() == DEEPEST + 1:
            self._refuse(record, "kind", f"分组和重复组的嵌套不能超过{DEEPEST}层")

    def _depth(self) -> int:
        """Return how many levels are open; a repeat outside of groups gets a section around it."""
        open_ones = self._levels[1:]
        return len(open_ones) + bool(open_ones and open_ones[0].kind == "repeat")

    def _refuse_repeat(self, record: Record, name: str) -> None:
        if name == self._root:
            self._refuse(record, "name", f"重复组不能名为“{name}”，与整张表的名称相同，请改名")
        elif name in self._repeats:
            self._refuse(record, "name", f"已有名为“{name}”的重复组，请改名")
        self._repeats.add(name)

    def _leave_out_required(self, record: Record) -> None:
        """Tell that nothing requires a group as a whole; what cannot be read is an error there."""
        text = record.text("bind", "required")
        if not text or text in NEVER:
            return
        try:
            if text not in YES_AND_NO:
                parse(text)
        except BadExpression as bad:
            self._refuse(record, "required", f"第{bad.position}个字符：{bad.reason}")
        self.notices.append(
            f"{self._grid.name}：第{record.number}行是分组，它的必填不起作用，未导入"
        )

    def _end(self, record: Record, kind: str) -> None:
        for field_name, reason in ends.refused(record, kind):
            self._refuse(record, field_name, reason)
        self._idle.update(dict.fromkeys(ends.idle(record)))
        level = self._levels[-1]
        if level.record is None or level.kind != kind:
            self._refuse(record, "kind", f"end_{kind} 没有对应的 begin_{kind}")
            return
        self._levels.pop()
        for one in self._levels:
            one.table_list = None
        self._put_level(level, level.record)

    def _put_level(self, level: _Level, record: Record) -> None:
        """Put what a group or repeat holds into the level around it."""
        self._refuse_made(level)
        if self._depth() >= DEEPEST:  # refused already
            self._levels[-1].parts += level.parts
            return
        if not level.parts:
            self.notices.append(f"{self._grid.name}：第{record.number}行的组里没有题目，未导入")
            return
        if level.kind == "group":
            part = self._questions.section(record, level.name)
            self._put(replace(part, parts=tuple(level.parts), under="items"))
            return
        table = self._questions.item(record, level.name, Kind.TABLE)
        self._put_item(record, replace(table, parts=tuple(level.parts), under="columns"))

    # Questions

    def _select(self, record: Record, name: str, kind: Kind, select: re.Match[str]) -> None:
        wanted, or_other = select["list"], bool(select["other"])
        if reason := self._wrong_list(wanted):
            self._refuse(record, "choices", reason)
            self._put(self._questions.stand_in(record, name))
            return
        if or_other and record.text("choice_filter"):
            self._refuse(record, "choice_filter", "or_other 的题目不能有 choice_filter")
        self._refuse_in_table_list(record, wanted)
        is_single = kind is Kind.SELECT_ONE and not or_other
        if is_single and self._choices.makes_check(wanted, record):
            self._put_check(record, name)
            return
        self._choices.offer(wanted)
        self._put_item(record, self._questions.item(record, name, kind, wanted))
        if or_other:
            self._put_other(record, name, wanted)

    def _put_check(self, record: Record, name: str) -> None:
        if any(level.kind == "repeat" for level in self._levels):
            self._refuse(record, "kind", "检查项不能放在重复组内")
            self._put(self._questions.stand_in(record, name))
            return
        self._put_item(record, self._questions.item(record, name, Kind.CHECK))

    def _put_other(self, record: Record, name: str, wanted: str) -> None:
        self._choices.add_other(wanted)
        other = f"{name}_other"
        fields = {
            "code": other,
            "kind": Kind.TEXT.value,
            "question": OTHER_QUESTION,
            "relevant": f"selected(${{{name}}}, 'other')",
        }
        part = self._levels[-1].made[other] = Part(fields, self._questions.place(record))
        self._put(part)

    def _wrong_list(self, wanted: str) -> str:
        if "${" in wanted:
            return "不支持以其他题目的答案作选项，请把选项写在 choices 表中"
        if wanted in self._choices:
            return ""
        if _EXTERNAL.fullmatch(wanted):
            return "不支持外部选项文件，请把选项写在 choices 表中"
        return f"choices 表中没有选项表“{wanted}”，请补上或核对名称"

    def _refuse_in_table_list(self, record: Record, wanted: str) -> None:
        level = self._levels[-1]
        if level.table_list is None:
            return
        if not level.table_list:
            level.table_list = wanted
            if record.text("choice_filter"):
                self._refuse(record, "choice_filter", "table-list 的题目不能有 choice_filter")
        elif level.table_list != wanted:
            reason = f"table-list 的各题应用同一张选项表“{level.table_list}”"
            self._refuse(record, "choices", reason)

    def _constrained(self, record: Record, name: str, written: str) -> None:
        kind, constraint = kinds.CONSTRAINED[written]
        item = self._questions.item(record, name, kind)
        if "constraint" not in item.fields:
            item = replace(item, fields={**item.fields, "constraint": constraint})
        self._put_item(record, item)

    def _leave_out(self, record: Record, written: str) -> None:
        if written == parameters.AUDIT and record.text("name") not in ("", written):
            self._refuse(record, "name", "audit 的名称应留空或写 audit")
        if written == parameters.AUDIT and self._has_audit:
            self._refuse(record, "kind", "audit 只能有一行，请删去其余的")
        self._has_audit |= written == parameters.AUDIT
        self._check_parameters(record, written)
        self._note_left_out(record, written)

    def _note_left_out(self, record: Record, written: str) -> None:
        self.notices.append(f"{self._grid.name}：第{record.number}行是 {written}，未导入")

    def _check_parameters(self, record: Record, kind: str) -> None:
        try:
            parameters.refuse_bad(parameters.parse(record.text("parameters")), kind)
        except BadParameters as bad:
            header = self._grid.header("parameters")
            self.problems.append(Problem(self._grid.name, record.number, header, str(bad)))

    def _put_item(self, record: Record, item: Part) -> None:
        self._refuse_lone_big_image(record)
        kind = item.fields["kind"]
        is_shown = kind not in NOT_ASKED or kind == Kind.NOTE
        if is_shown and kind != Kind.TABLE and "calculation" not in item.fields:
            self._refuse_without_label(record)
        self._put(item)

    def _refuse_without_label(self, record: Record) -> None:
        if record.text("control", "appearance") == "label":
            return  # a heading of columns, which has none by intent
        if not any(record.has(*tokens) for tokens in (("label",), ("hint",))) and not any(
            column.tokens[0] == "media" for column in record.cells
        ):
            self._refuse(record, "question", "这一题没有标题，请填写 label 或 hint")

    def _refuse_bad_media(self, record: Record) -> None:
        for column in record.cells:
            if column.tokens[0] != "media" or len(column.tokens) == 1:
                continue
            if column.tokens not in TRANSLATED:
                reason = f"没有这种媒体，可以用的是 {'、'.join(sorted(_MEDIA))}"
                self.problems.append(Problem(self._grid.name, record.number, column.header, reason))

    def _refuse_lone_big_image(self, record: Record) -> None:
        if record.has("media", "image"):
            return
        for column in record.cells:
            if column.tokens == ("media", "big-image"):
                reason = "有 big-image 就要有 image，请补上 image，或者删去 big-image"
                self.problems.append(Problem(self._grid.name, record.number, column.header, reason))

    def _put(self, part: Part) -> None:
        self._levels[-1].parts.append(part)

    def _refuse(self, record: Record, field_name: str, reason: str) -> None:
        self._questions.refuse(record, field_name, reason)
