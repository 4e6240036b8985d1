"""Values as people read them: whole where nothing stands beside them, else where they differ."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from inspect_server.domain.saying.given import digest
from inspect_server.domain.saying.names import KIND_NAMES
from inspect_server.domain.saying.parts import DONE, SAVED, Part, Shown, Words

Value = Mapping[str, Any]
"""A value as phones save it, plain JSON."""
SUBJECT = ("text", "caption", "name", "place")
"""Which texts of a value say what it is about, the first that is there."""


def in_words(item: str, value: Value | None, beside: Sequence[Value | None] = ()) -> str:
    """
    Return a value of an item in words: 不符合（砖混结构，二层）; None is 已撤回.

    Values that differ never read the same, if each is given the other ones.

    Args:
        item: Whose value it is.
        value: As a phone saved it.
        beside: What else is said of the item. The words are then kept to what comes first and to
            what the sides differ in.
    """
    if value is None:
        return "已撤回"
    return _told(next(SAVED[start] for start in SAVED if item.startswith(start)), value, beside)


def deed(type: str, item: str, value: Value, beside: Sequence[Value | None] = ()) -> str:
    """
    Return what an operation did, in words: 符合, 撤回（填错）, 采用：不符合（现场复核）.

    Args:
        type: Of the operation.
        item: What it is about.
        value: As the operation carries it.
        beside: What else is said of the item.
    """
    if type in DONE:
        return _told(DONE[type], value, beside)
    if type.endswith(".retract"):
        return f"撤回（{value['reason']}）"
    if type == "conflict.resolve":
        return f"采用：{in_words(item, value['chosen'], beside)}（{value['reason']}）"
    return in_words(item, value, beside)


def subject(value: Value | None) -> str:
    """Return what an item is about, where it answers no question of a checklist; "" if nothing."""
    texts = (str((value or {}).get(key) or "") for key in SUBJECT)
    return next((text for text in texts if text), "")


def kind_of(item: str) -> str:
    """Return what kind of thing an item is: 问题隐患, 照片 …"""
    return KIND_NAMES.get(item.partition("/")[0], "记录")


def _told(words: Words, value: Value, beside: Sequence[Value | None]) -> str:
    others = [other for other in beside if other is not None and other != value]
    is_whole = not others or None in beside
    said = _said(words, value, others, is_whole)
    twins = (_said(words, other, [value, *others], is_whole) for other in others)
    if _look(said) not in map(_look, twins):
        return said
    return f"{said}〔与另一份显示相同而数据不同，摘要 {digest(value)}〕"


def _said(words: Words, value: Value, others: Sequence[Value], is_whole: bool) -> str:
    def is_shown(part: Part) -> bool:
        if part.shown is Shown.ALWAYS or (part.shown is Shown.WHOLE and is_whole):
            return True
        return any(part.differs(value, other) for other in others)

    head = words.head.of(value)
    said = "；".join(filter(None, (part.of(value) for part in words.parts if is_shown(part))))
    return f"{head}（{said}）" if said else head


def _look(text: str) -> str:
    """Return what people see of a text: no blanks, nothing that does not print."""
    seen = unicodedata.normalize("NFC", text)
    return "".join(char for char in seen if char.isprintable() and not char.isspace())
