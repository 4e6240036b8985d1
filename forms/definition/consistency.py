"""What the parts of a checklist say of each other: identities, references, choices, grades."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from functools import partial

from forms.definition.lengths import overlong
from forms.definition.tables import Table
from forms.errors import BadDefinition
from forms.evaluation.ordering import Member, circles, conditions_of, members_of
from forms.expressions.parsing import columns_of, references, uses_self
from forms.model import (
    CHOICES,
    NUMBERS,
    Basis,
    ChoiceList,
    Condition,
    Form,
    Item,
    Kind,
    Major,
    Penalty,
    Section,
    placed,
)

SELF = ("constraint", "fails_if", "required", "read_only")
"""Where `.` may stand: conditions that are asked about a value which is there."""


def contradictions(form: Form, table: Table) -> Iterator[BadDefinition]:
    """
    Yield every way in which the parts of a checklist do not fit together, in paper order.

    Args:
        table: Where the checklist was read from; each error names file, item and field, and as
            `spot` which of all sections and items it is about, as sections may share a title.
    """
    yield from _repeated(form, table)
    spots = {id(member): spot for spot, member in enumerate(members_of(form.sections))}
    for member, error in _misfits(form, table):
        yield BadDefinition(**error.facts, spot=spots[id(member)])


def lapses(form: Form, table: Table) -> Iterator[BadDefinition]:
    """
    Yield every item whose citations all do not apply on the checklist's first day.

    Its finding would cite nothing. Asked of who writes a checklist, once its first day is right.
    """
    day = form.effective_from
    for item in form.judged:
        for field in ("basis", "penalties"):
            cited: tuple[Basis | Penalty, ...] = getattr(item, field)
            if cited and not any(one.law.in_force(day) for one in cited):
                laws = "、".join(dict.fromkeys(one.law.printed for one in cited))
                reason = f"{laws}在启用日期{day.isoformat()}不适用，请补上当日适用的规定"
                yield _named(item, table).refuse(field, reason)


def _misfits(form: Form, table: Table) -> Iterator[tuple[Member, BadDefinition]]:
    for member, check in _checks(form, table):
        try:
            check()
        except BadDefinition as error:
            yield member, error
    yield from _circles(form.sections, table)
    for member, field, reason in overlong(form):
        yield member, _named(member, table).refuse(field, reason)


def _checks(form: Form, table: Table) -> Iterator[tuple[Member, Callable[[], None]]]:
    """Yield what refuses by raising; each looks at one thing and knows nothing of the others."""
    names = Counter(item.cited_as for item in _all_items(form.sections))
    lists = {one.name: one for one in form.choice_lists}
    judged = {item.code for item in form.judged}
    for member in members_of(form.sections):
        of = _named(member, table)
        for field, condition in conditions_of(member):
            yield member, partial(_refuse_unknown_references, condition, field, names, of)
        if isinstance(member, Section):
            continue
        yield member, partial(_refuse_misfits, member, of)
        yield member, partial(_refuse_foreign_choices, member, lists, of)
        if member.is_judged:
            yield member, partial(_refuse_dangling, member, judged, form, of)
        if member.kind is Kind.TABLE:
            yield member, partial(_refuse_columns, member, of)


def _circles(members: Sequence[Member], table: Table) -> Iterator[tuple[Member, BadDefinition]]:
    for circle in circles(members):
        reason = f"互相依赖，成了循环：{'、'.join(circle.names)}，请改用其他条目"
        yield circle.member, _named(circle.member, table).refuse(circle.field, reason)
    for item, _ in placed(members):
        yield from _circles(item.columns, table)


def _named(member: Member, table: Table) -> Table:
    if isinstance(member, Item):
        return table.named(f"条目 {member.code}")
    return table.named(f"章节“{member.title or member.name}”")


def _all_items(members: tuple[Item | Section, ...]) -> Iterator[Item]:
    return (member for member in members_of(members) if isinstance(member, Item))


def _repeated(form: Form, table: Table) -> Iterator[BadDefinition]:
    seen: set[str] = set()
    for item in _all_items(form.sections):
        if item.code in seen:
            yield table.named(f"条目 {item.code}").refuse("code", "编号重复")
        seen.add(item.code)
    lists = Counter(one.name for one in form.choice_lists)
    for name, count in lists.items():
        if count > 1:
            yield table.named(f"选项表“{name}”").refuse("name", "选项表的名称重复")
    for one in form.choice_lists:
        names = Counter(choice.name for choice in one.choices)
        for name, count in names.items():
            if count > 1:
                yield table.named(f"选项表“{one.name}”").refuse("name", f"选项“{name}”重复")


def _refuse_unknown_references(
    condition: Condition, field: str, names: Counter[str], table: Table
) -> None:
    for name in sorted(references(condition.tree)):
        if names[name] == 0:
            raise table.refuse(field, f"没有名为“{name}”的条目，请核对 ${{…}} 内的名称")
        if names[name] > 1:
            raise table.refuse(field, f"有不止一个条目名为“{name}”，请改名后引用")
    if uses_self(condition.tree) and field not in SELF:
        raise table.refuse(field, "此处不能用“.”指本条目自己的值，请改用其他条目的值")
    if columns_of(condition.tree) and field != "choice_filter":
        column = min(columns_of(condition.tree))
        raise table.refuse(field, f"“{column}”只有写成 ${{{column}}} 才是引用条目")


def _refuse_misfits(item: Item, table: Table) -> None:
    """Refuse fields that the kind of an item has no use for, and those that it needs."""
    if item.kind in CHOICES and not item.choices:
        raise table.refuse("choices", "选择题应写明选项表")
    for field in ("choices", "choice_filter"):
        if getattr(item, field) and item.kind not in CHOICES:
            raise table.refuse(field, "只有选择题才有选项")
    for field in ("unit", "least", "most", "step"):
        if getattr(item, field) and item.kind not in NUMBERS:
            raise table.refuse(field, "只有数值条目才有单位和范围")
    if item.step and Decimal(item.step) <= 0:
        raise table.refuse("step", "步长应大于0，请改正")
    if item.least and item.most and Decimal(item.least) > Decimal(item.most):
        raise table.refuse("most", "最大值小于最小值")
    if item.kind is Kind.TABLE and not item.columns:
        raise table.refuse("columns", "表格至少要有一列")
    if item.kind is not Kind.TABLE and (item.columns or item.count):
        raise table.refuse("columns", "只有表格才有列和行数")
    if item.kind is Kind.CALCULATE and item.calculation is None:
        raise table.refuse("calculation", "计算条目应写明算式")
    if item.kind is Kind.TABLE and item.calculation is not None:
        raise table.refuse("calculation", "表格由各行组成，不能由算式得出")
    if item.kind is Kind.CHECK and item.calculation is not None:
        raise table.refuse("calculation", "检查项由检查人员判定，不能由算式得出")


def _refuse_foreign_choices(item: Item, lists: Mapping[str, ChoiceList], table: Table) -> None:
    if not item.choices:
        return
    if item.choices not in lists:
        raise table.refuse("choices", f"没有名为“{item.choices}”的选项表")
    choices = lists[item.choices].choices
    if item.kind is Kind.SELECT_MULTIPLE:
        for choice in choices:
            if " " in choice.name:
                raise table.refuse("choices", f"多选的选项名“{choice.name}”不能有空格")
    if item.choice_filter is None:
        return
    known = {"name", "label"} | {column for choice in choices for column, _ in choice.columns}
    texts = {text for choice in choices for _, text in choice.columns}
    for column in sorted(columns_of(item.choice_filter.tree) - known):
        hint = f"，若是文字请加引号，写成 '{column}'" if column in texts else ""
        raise table.refuse("choice_filter", f"选项表“{item.choices}”没有“{column}”这一列{hint}")


def _refuse_columns(item: Item, table: Table) -> None:
    for column in _all_items(item.columns):
        if column.is_judged:
            raise table.refuse("columns", f"检查项“{column.code}”不能放在表格的行内")


def _refuse_dangling(item: Item, judged: Set[str], form: Form, table: Table) -> None:
    for code in item.major_needs:
        if code not in judged or code == item.code:
            raise table.refuse("major_needs", f"“{code}”不是本表其他条目的编号")
    if item.major_needs and item.major is not Major.YES:
        raise table.refuse("major_needs", "只有 major 为 yes 的条目才能写并存条件")
    if item.major is Major.POSSIBLE and not item.major_note:
        raise table.refuse("major_note", "major 为 possible 时应写明需结合什么情形判断")
    if item.major is Major.NO and item.major_note:
        raise table.refuse("major_note", "major 为 no 的条目不写判定条件")
    if item.device_clause and form.device_clause is None:
        raise table.refuse("device_clause", "本表没有写明监控报警防护设施失效的判定依据")
    if item.device_clause and item.major is Major.NO:
        raise table.refuse("device_clause", "major 为 no 的条目不适用该判定")
