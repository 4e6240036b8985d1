"""
What a checklist says that can never hold: it is read as written, and its author should know.

Nothing here is an error, as other tools for XLSForm take it too. Only what is certain is told: a
constant beside a name, `.` or a column whose values the checklist itself fixes. Codes that keep it
from being published are told as well, as only here their rows are known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from math import isnan

from forms.definition.codes import SENDABLE, unsendable
from forms.definition.contrary import Contrary, contraries
from forms.definition.misread import misread
from forms.definition.possible import (
    MANY,
    ORDER,
    RESULTS,
    Answers,
    Constant,
    Possible,
)
from forms.errors import beginning
from forms.evaluation.judging import MOST_ROWS
from forms.evaluation.ordering import Member, conditions_of, members_of
from forms.expressions.functions import words
from forms.expressions.tree import Tree, nodes
from forms.expressions.values import XML_BLANKS, to_number, to_text
from forms.model import Condition, Form, Item, Kind, Section
from forms.workbook.words import ITEM_HEADERS

CHECK_RESULT = "check_result"
"""The list whose questions are check items where it has their four answers, in workbooks."""

SELECTED = "selected"
VALUES = frozenset({"calculation", "count", "default"})
"""Fields whose expressions are values; all others hold or do not."""
UNCERTAIN = frozenset({Kind.TABLE, Kind.HIDDEN, Kind.CALCULATE})
"""Kinds whose values may be lists or truths, which equal more than one constant."""

MIRRORED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
IN_WORDS: Mapping[str, str] = {"<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}


@dataclass(frozen=True)
class Doubt:
    """
    One thing that has no effect, or never holds.

    `part` is Chinese as in errors (条目 C04), `field` that of the model, "" for the part as a
    whole; `reason` ends with what to do and has no full stop. `spot` is the place of the item or
    section among all of them in paper order, from 0; None for a choice list.
    """

    part: str
    field: str
    reason: str
    spot: int | None = None

    def __str__(self) -> str:
        """Return the whole as one line, the field as workbooks call it."""
        field = f"的{ITEM_HEADERS.word(self.field)}" if self.field else ""
        return f"{self.part}{field}：{self.reason}"


@dataclass(frozen=True)
class Compared:
    """Something beside a constant at its right, under a sign or `selected`."""

    subject: Tree
    sign: str
    constant: Constant


def doubts(form: Form) -> Iterator[Doubt]:
    """Yield everything doubtful once, in paper order, then about choice lists."""
    members = list(members_of(form.sections))
    items = {member.cited_as: member for member in members if isinstance(member, Item)}
    mute = {item.code for item in unsendable(form)}
    tables = (item.columns for item in items.values())
    in_rows = {
        column.cited_as
        for columns in tables
        for column in members_of(columns)
        if isinstance(column, Item)
    }
    answers = Answers(form)
    for spot, member in enumerate(members):
        reader = _Reader(answers, items, in_rows, member, spot)
        if isinstance(member, Item) and member.code in mute:
            yield reader.doubt(
                "code", f"手机不能按这个编号上报结果，不能发布，请改为{SENDABLE}的编号"
            )
        yield from dict.fromkeys(reader.doubts())
    yield from _mistaken_lists(form, items.values())


class _Reader:
    """Reads the conditions of one item or section."""

    def __init__(
        self,
        answers: Answers,
        items: Mapping[str, Item],
        in_rows: Set[str],
        member: Member,
        spot: int,
    ) -> None:
        self._answers = answers
        self._items = items
        self._in_rows = in_rows
        self._member = member
        self._spot = spot

    def doubts(self) -> Iterator[Doubt]:
        for field, condition in conditions_of(self._member):
            for reason in misread(condition.tree, is_condition=field not in VALUES):
                yield self.doubt(field, reason)
            for node in nodes(condition.tree):
                for compared in _compared(node):
                    if reason := self._never(compared):
                        yield self.doubt(field, reason)
            for contrary in contraries(condition.tree):
                if reason := self._contrary(contrary):
                    yield self.doubt(field, reason)
        if isinstance(self._member, Item):
            yield from self._of_default(self._member)
            yield from self._of_check(self._member)
            yield from self._of_locked(self._member)
            yield from self._of_count(self._member)

    def doubt(self, field: str, reason: str) -> Doubt:
        """Return one about a field of the item or section."""
        return Doubt(_called(self._member), field, reason, self._spot)

    def _of_default(self, item: Item) -> Iterator[Doubt]:
        """Yield whether a default that is a plain text is none of the values."""
        possible = self._answers.of(item)
        if item.default is None or possible is None or item.default.tree[0] != "text":
            return
        text = item.default.tree[1]
        fits = all(map(possible.can_be, words(text))) if item.choices else possible.can_be(text)
        if text and not fits:
            yield self.doubt(
                "default", _other_value("本条目", possible, text, possible.meant(text))
            )

    def _of_check(self, item: Item) -> Iterator[Doubt]:
        """Yield conditions that judge values, where 符合 and 不符合 are all there is to judge."""
        if item.kind is not Kind.CHECK:
            return
        if item.fails_if is not None:
            reason = "检查项只在答“不符合”时为不符合，这个条件不起作用，请删去"
            yield self.doubt("fails_if", f"{reason}，或者改用单选、数值等类型")
        if item.constraint is not None:
            reason = "检查项的答案不按填写要求核对，这个条件不起作用，请删去"
            yield self.doubt("constraint", reason)

    def _of_locked(self, item: Item) -> Iterator[Doubt]:
        """Yield whether nobody can give what is asked for, as it is blank and cannot be changed."""
        is_required = _is_always(item.required) or (
            item.kind is Kind.CHECK and item.required is None
        )
        if is_required and _is_always(item.read_only) and item.is_asked and item.default is None:
            reason = "必填而只读，又没有默认值，谁也填不了，检查不能完成"
            yield self.doubt("read_only", f"{reason}，请删去只读，或者写明默认值")

    def _of_count(self, item: Item) -> Iterator[Doubt]:
        """Yield whether a constant sets no number of rows, or one that no table can have."""
        constant = None if item.count is None else _constant(item.count.tree)
        if constant is None:
            return
        number = to_number(constant)
        if isnan(number) or number < 0 or number % 1:
            reason = f"{_shown(constant)}不是0以上的整数，不起作用，表格可以填任意行"
            yield self.doubt("count", f"{reason}，请改为整数，不限行数的请留空")
        elif number > MOST_ROWS:
            reason = f"表格最多{MOST_ROWS}行，{to_text(constant)}按{MOST_ROWS}行计，请改小"
            yield self.doubt("count", reason)

    def _contrary(self, contrary: Contrary) -> str:
        """Return what comparisons mean that exclude each other, "" where several values fit."""
        match contrary.subject:
            case ("column", name):
                return contrary.told(f"“{name}”一列", is_several=False)
            case ("ref", name):
                item, called = self._items.get(name), f"“{name}”"
                if name in self._in_rows:  # from outside it is the values of all rows
                    return ""
            case _:
                item = self._member if isinstance(self._member, Item) else None
                called = "本条目"
        if item is None or item.calculation is not None or item.kind in UNCERTAIN:
            return ""
        return contrary.told(called, is_several=item.kind is Kind.SELECT_MULTIPLE)

    def _never(self, compared: Compared) -> str:
        """Return why a comparison never holds (with `!=`: always does), "" where it may."""
        sign, constant = compared.sign, compared.constant
        if sign in ORDER and isnan(to_number(constant)):
            reason = f"{_shown(constant)}不是数值，也不是 2026-01-01 这样的日期"
            return f"{reason}，不能比较大小，请改写"
        if self._is_table(compared.subject):
            return _rows_compared(compared)
        called, possible = self._subject(compared.subject)
        if possible is None or _may_hold(possible, sign, constant):
            return ""
        if sign in ORDER:
            return _wrong_size(called, possible, compared)
        meant = possible.meant(constant)
        return _other_value(called, possible, constant, f"'{meant}'" if meant else "")

    def _subject(self, tree: Tree) -> tuple[str, Possible | None]:
        """Return what a node is called and which values it can have, None where they are free."""
        match tree:
            case ("ref", name):
                return f"“{name}”", self._values_of(name)
            case ("self",) if isinstance(self._member, Item):
                return "本条目", self._answers.of(self._member)
            case ("column", name) if isinstance(self._member, Item):
                called = f"选项表“{self._member.choices}”中“{name}”一列"
                return called, self._answers.in_column(self._member, name)
        return "", None

    def _is_table(self, tree: Tree) -> bool:
        match tree:
            case ("ref", name) if name in self._items:
                return self._items[name].kind is Kind.TABLE
        return False

    def _values_of(self, name: str) -> Possible | None:
        return self._answers.of(self._items[name]) if name in self._items else None


def _is_always(condition: Condition | None) -> bool:
    """Tell whether a condition is a plain yes, as workbooks have it in a cell."""
    return condition is not None and condition.tree == ("true",)


def _called(member: Member) -> str:
    if isinstance(member, Section):
        return f"章节“{member.title or member.name}”"
    return f"条目 {member.code}"


def _compared(node: Tree) -> Iterator[Compared]:
    """Yield the node as a comparison, where a constant is on one of its sides."""
    if node[0] == SELECTED:
        constant = _constant(node[2])
        if constant is not None:
            yield Compared(node[1], SELECTED, constant)
    elif node[0] in ("=", "!=", *ORDER):
        sign, left, right = node
        if (constant := _constant(right)) is not None:
            yield Compared(left, sign, constant)
        elif (constant := _constant(left)) is not None:
            yield Compared(right, MIRRORED.get(sign, sign), constant)


def _may_hold(possible: Possible, sign: str, constant: Constant) -> bool:
    """Tell whether a comparison can hold; a blank answer is as possible as any value."""
    if sign in ORDER:
        return possible.can_stand(sign, constant)
    if sign == SELECTED:
        return not to_text(constant).strip(XML_BLANKS) or possible.can_have(constant)
    return constant == "" or possible.can_be(constant)


def _constant(tree: Tree) -> Constant | None:
    match tree:
        case ("text", text):
            return str(text)
        case ("number", str(digits)):
            return float(digits)
        case ("neg", ("number", str(digits))):
            return -float(digits)
    return None


def _rows_compared(compared: Compared) -> str:
    """Return what a comparison with a table is about: the places of its rows, from 1."""
    name, sign, constant = compared.subject[1], compared.sign, compared.constant
    rows = f"count(${{{name}}})"
    if isnan(to_number(constant)):
        meant = f"请改写：有行的写成 {rows} > 0，没有行的写成 {rows} = 0"
    else:
        meant = f"请写成 {rows} {'=' if sign == SELECTED else sign} {to_text(constant)}"
    return f"“{name}”是表格，这里比较的是每一行的行号，不是行数，{meant}"


def _other_value(called: str, possible: Possible, constant: Constant, instead: str) -> str:
    advice = f"请改写为 {instead}" if instead else "请改写"
    return f"{called}的{possible.described}，不会是{_shown(constant)}，{advice}"


def _wrong_size(called: str, possible: Possible, compared: Compared) -> str:
    constant = _shown(compared.constant)
    wrong = f"不会{IN_WORDS[compared.sign]}{constant}"
    if not possible.has_numbers:
        wrong = f"不能与{constant}比较大小"
    return f"{called}的{possible.described}，{wrong}，请改写"


def _shown(constant: Constant) -> str:
    return f"“{beginning(constant)}”" if isinstance(constant, str) else to_text(constant)


def _mistaken_lists(form: Form, items: Iterable[Item]) -> Iterator[Doubt]:
    """Yield the list that would make check items of its questions, had it their answers."""
    found = [one for one in form.choice_lists if one.name == CHECK_RESULT]
    if not found or {choice.name for choice in found[0].choices} == set(RESULTS):
        return
    asked = [
        item.code
        for item in items
        if item.choices == CHECK_RESULT and item.kind is Kind.SELECT_ONE and not item.is_judged
    ]
    if asked:
        yield Doubt(f"选项表“{CHECK_RESULT}”", "", mistaken_list(asked))


def mistaken_list(asked: Sequence[str]) -> str:
    """Return what to do where the list of check items has other names; by codes whose it is."""
    shown = "、".join(asked[:MANY]) + (f"等{len(asked)}个" if len(asked) > MANY else "")
    reason = f"选项代码不是{'、'.join(RESULTS)}这四个，条目 {shown}是普通单选，不会不符合"
    return f"{reason}；要作检查项的，请改用这四个代码；不是检查项的，请给选项表改名"
