"""
What is different between two versions of a checklist, as facts and as lines that a person reads.

Items are the same under the same code, sections as `comparing.standing` tells. A law or a penalty
clause that reads otherwise is told once, not at every item that cites it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from itertools import groupby
from typing import Any, TypeVar

from forms.comparing.standing import Place, items_by_code, places_of, relocated, same_sections
from forms.comparing.wording import (
    CHOICE_FIELDS,
    FORM_FIELDS,
    GRADES,
    ITEM_FIELDS,
    LAW_FIELDS,
    PENALTY_FIELDS,
    SECTION_FIELDS,
    in_words,
)
from forms.evaluation.ordering import Member, members_of
from forms.model import Basis, ChoiceList, Condition, Form, Item, Law, Penalty, Section


class Part(StrEnum):
    """Which part of a checklist is different."""

    FORM = "form"
    SECTION = "section"
    ITEM = "item"
    CHOICE_LIST = "choice_list"
    CHOICE = "choice"
    LAW = "law"
    PENALTY = "penalty"
    OTHER = "other"


class Action(StrEnum):
    """What happened to it."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """
    One difference.

    `which` is the code of an item, a law or a penalty clause, the title of a section, the name of a
    choice or of a list, "" for the checklist as a whole. `place` is the section, table or list
    around it, in words. `field` is the field that changed, "" where the part as a whole did;
    `old` and `new` are in words, "" where there was or is nothing.
    """

    part: Part
    action: Action
    which: str
    place: str = ""
    field: str = ""
    old: str = ""
    new: str = ""

    @property
    def field_name(self) -> str:
        """The word for the field, "" where no single field changed."""
        return WORDS[self.part].get(self.field, self.field)


HEADINGS = {
    Part.FORM: "基本信息",
    Part.SECTION: "章节",
    Part.ITEM: "条目",
    Part.CHOICE_LIST: "选项表",
    Part.CHOICE: "选项",
    Part.LAW: "法规",
    Part.PENALTY: "处罚依据",
    Part.OTHER: "其他",
}
WORDS: Mapping[Part, Mapping[str, str]] = {
    Part.FORM: FORM_FIELDS,
    Part.SECTION: SECTION_FIELDS,
    Part.ITEM: ITEM_FIELDS,
    Part.CHOICE_LIST: {},
    Part.CHOICE: CHOICE_FIELDS,
    Part.LAW: LAW_FIELDS,
    Part.PENALTY: PENALTY_FIELDS,
    Part.OTHER: {},
}
ONE_LINE = 60
"""Signs of old and new together that still stand on one line."""


def differences(before: Form, after: Form) -> tuple[Change, ...]:
    """Return all differences, by part and there in the order of the new version; none if equal."""
    old, new = places_of(before), places_of(after)
    same = same_sections(old, new)
    laws, penalties = _cited(before), _cited(after)
    found = (
        *_fields(Part.FORM, "", before, after, FORM_FIELDS),
        *_sections(old, new, same),
        *_items(old, new, same),
        *_choices(before.choice_lists, after.choice_lists),
        *_rows(Part.LAW, laws[0], penalties[0], LAW_FIELDS),
        *_rows(Part.PENALTY, laws[1], penalties[1], PENALTY_FIELDS),
    )
    if not found and before != after:
        return (Change(Part.OTHER, Action.CHANGED, ""),)
    return found


def told(changes: Sequence[Change]) -> tuple[str, ...]:
    """Return lines under headings; one line that says so where nothing is different."""
    if not changes:
        return ("内容没有变化。",)
    lines: list[str] = []
    for part, those in groupby(changes, lambda change: change.part):
        lines.append(HEADINGS[part])
        for _, details in groupby(those, lambda change: (change.place, change.which)):
            lines += _under([*details])
    return tuple(map(_flat, lines))


def _sections(
    old: Sequence[Place], new: Sequence[Place], same: Mapping[int, int]
) -> Iterator[Change]:
    elsewhere = relocated(old, new, same)
    for place in new:
        if not isinstance(place.member, Section):
            continue
        title = _title(place.member)
        if place.number not in same:
            yield Change(Part.SECTION, Action.ADDED, title, _path(place, new))
            continue
        was = old[same[place.number]]
        which = _title(was.member)
        if place.number in elsewhere:
            spots = _spot(was, old), _spot(place, new)
            yield Change(Part.SECTION, Action.MOVED, which, _path(place, new), "", *spots)
        yield from _fields(Part.SECTION, which, was.member, place.member, SECTION_FIELDS)
    for place in old:
        if isinstance(place.member, Section) and place.number not in same.values():
            which = _title(place.member)
            yield Change(Part.SECTION, Action.REMOVED, which, _path(place, old))


def _items(old: Sequence[Place], new: Sequence[Place], same: Mapping[int, int]) -> Iterator[Change]:
    elsewhere = relocated(old, new, same)
    befores, afters = items_by_code(old), items_by_code(new)
    for code, (place, item) in afters.items():
        path = _path(place, new)
        if code not in befores:
            yield Change(Part.ITEM, Action.ADDED, code, path, new=_asked(item))
            continue
        was, before = befores[code]
        if place.number in elsewhere:
            spots = _spot(was, old), _spot(place, new)
            yield Change(Part.ITEM, Action.MOVED, code, path, "", *spots)
        yield from _fields(Part.ITEM, code, before, item, ITEM_FIELDS, path)
    for code, (place, item) in befores.items():
        if code not in afters:
            yield Change(Part.ITEM, Action.REMOVED, code, _path(place, old), old=_asked(item))


def _choices(old: Sequence[ChoiceList], new: Sequence[ChoiceList]) -> Iterator[Change]:
    befores, afters = ({one.name: one for one in lists} for lists in (old, new))
    yield from _gone_and_new(Part.CHOICE_LIST, befores, afters, _labels)
    if _order(befores, afters) != _order(afters, befores):
        orders = "、".join(befores), "、".join(afters)
        yield Change(Part.CHOICE_LIST, Action.MOVED, "", "", "", *orders)
    for name in _order(afters, befores):
        yield from _choices_of(name, befores[name], afters[name])


def _choices_of(name: str, before: ChoiceList, after: ChoiceList) -> Iterator[Change]:
    befores, afters = ({one.name: one for one in whole.choices} for whole in (before, after))
    yield from _gone_and_new(Part.CHOICE, befores, afters, lambda one: one.label, name)
    if _order(befores, afters) != _order(afters, befores):
        yield Change(Part.CHOICE, Action.MOVED, "", name, "", _labels(before), _labels(after))
    for code in _order(afters, befores):
        yield from _fields(Part.CHOICE, code, befores[code], afters[code], CHOICE_FIELDS, name)


def _labels(whole: ChoiceList) -> str:
    return "、".join(one.label for one in whole.choices)


def _order(these: Mapping[str, Any], others: Mapping[str, Any]) -> list[str]:
    """Return what both have, in the order of these."""
    return [name for name in these if name in others]


Told = TypeVar("Told")


def _gone_and_new(
    part: Part,
    before: Mapping[str, Told],
    after: Mapping[str, Told],
    tell: Callable[[Told], str],
    place: str = "",
) -> Iterator[Change]:
    for name, one in after.items():
        if name not in before:
            yield Change(part, Action.ADDED, name, place, new=tell(one))
    for name, one in before.items():
        if name not in after:
            yield Change(part, Action.REMOVED, name, place, old=tell(one))


def _cited(form: Form) -> tuple[Mapping[str, Law], Mapping[str, Penalty]]:
    """Return the laws and penalty clauses of a checklist by code, in the order of citing."""
    items = [member for member in members_of(form.sections) if isinstance(member, Item)]
    penalties = [penalty for item in items for penalty in item.penalties]
    bases = [basis for item in items for basis in item.basis]
    bases += [form.device_clause] if form.device_clause is not None else []
    laws = [*(basis.law for basis in bases), *(penalty.law for penalty in penalties)]
    return {one.code: one for one in laws}, {one.code: one for one in penalties}


def _rows(
    part: Part, before: Mapping[str, Any], after: Mapping[str, Any], words: Mapping[str, str]
) -> Iterator[Change]:
    """Yield what reads otherwise; what is newly or no longer cited is told where it is."""
    for code in _order(after, before):
        yield from _fields(part, code, before[code], after[code], words)


def _fields(
    part: Part, which: str, before: Any, after: Any, words: Mapping[str, str], place: str = ""
) -> Iterator[Change]:
    for one in fields(before):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if one.name in words and _told_by(old) != _told_by(new):
            said = in_words(one.name, old), in_words(one.name, new)
            if said[0] == said[1]:
                said = _authored(old), _authored(new)
            yield Change(part, Action.CHANGED, which, place, one.name, *said)


def _authored(value: Any) -> str:
    """Return a value that reads as another one does, as its author wrote it."""
    return value.text if isinstance(value, Condition) else str(value)


def _told_by(value: Any) -> Any:
    """Return what of a value is told where it stands: of a citation not what its law says."""
    match value:
        case Law():
            return value.code
        case Basis():
            return value.law.code, value.article, value.verified
        case Penalty():
            return value.code, value.clause
        case tuple():
            return tuple(_told_by(part) for part in value)
    return value


def _title(member: Member) -> str:
    if isinstance(member, Item):
        return member.code
    return member.title or member.name or "（未分章）"


def _path(place: Place, places: Sequence[Place]) -> str:
    """Return the sections and the table around a place, outermost first."""
    titles: list[str] = []
    while place.within is not None:
        place = places[place.within]
        titles.insert(0, _title(place.member))
    return "／".join(titles)


def _spot(place: Place, places: Sequence[Place]) -> str:
    path = _path(place, places)
    behind = f" {_title(place.behind)} 之后" if place.behind is not None else "最前"
    return f"“{path}”中{behind}" if path else behind.strip()


def _asked(item: Item) -> str:
    mark = GRADES[item.major] if item.is_judged else f"〔{in_words('kind', item.kind)}〕"
    return f"{mark} {item.question}".rstrip()


def _under(changes: Sequence[Change]) -> Iterator[str]:
    """Yield the lines about one part: a heading with what changed below it, or one line."""
    first = changes[0]
    named = _named(first)
    if first.action in (Action.ADDED, Action.REMOVED):
        verb, text = ("新增", first.new) if first.action is Action.ADDED else ("删除", first.old)
        blank = " " if named[:1].isascii() else ""
        yield f"  {verb}{blank}{named}{f'：{text}' if text else ''}"
        return
    if named:
        yield f"  {named}"
    indent = "    " if named else "  "
    for change in changes:
        yield from (indent + line for line in _changed(change))


def _named(change: Change) -> str:
    match change.part:
        case Part.SECTION:
            return f"“{change.which}”" + (f"〔{change.place}〕" if change.place else "")
        case Part.CHOICE:
            which = f"“{change.which}”" if change.which else ""
            return f"选项表“{change.place}”的选项{which}"
        case Part.CHOICE_LIST:
            return f"“{change.which}”" if change.which else "先后次序"
        case Part.ITEM:
            return f"{change.which}〔{change.place}〕"
    return change.which


def _changed(change: Change) -> Iterator[str]:
    name = "移动" if change.action is Action.MOVED else change.field_name
    if change.part is Part.OTHER:
        yield "内容有其他变化，请对照两个版本的定义文件。"
        return
    old, new = change.old, change.new
    if len(old) + len(new) <= ONE_LINE:
        yield f"{name}：{old} → {new}"
        return
    yield f"{name}："
    yield f"  原：{old}"
    yield f"  新：{new}"


def _flat(text: str) -> str:
    """Return a text of several lines on one."""
    return " ⏎ ".join(text.splitlines())
