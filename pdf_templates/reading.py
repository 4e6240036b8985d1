"""Reading facts from plain JSON: what they are, and everything that is wrong with them at once."""

import re
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any

from pdf_templates.constraints import constraints
from pdf_templates.fields import Form

MOST = 2**53 - 1
"""The largest whole number that canonical JSON (RFC 8785) carries unchanged."""
HALVES, CONTROLS = re.compile("[\ud800-\udfff]"), re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0f]")


@dataclass
class Reading:
    """
    What plain JSON says as facts of a kind.

    Attributes:
        made: The facts, of use where there are no problems.
        problems: Everything that is wrong, each with its place: path and Chinese name.
        texts: Every text that is right by itself, with its place.
    """

    made: Any = None
    problems: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)


def hidden(reading: Reading) -> list[str]:
    """
    Return the texts with a character that nobody sees on paper, or that turns what follows.

    They are refused where facts are written by hand. A phone's keyboard may leave one in a record,
    which keeps its documents once it is sealed: there it is not printed.
    """
    found = ((at, INVISIBLE.search(text)) for at, text in reading.texts)
    return [
        f"{at} 含有看不见的字符（U+{ord(one[0]):04X}），请删去"
        for at, one in found
        if one is not None
    ]


def read(kind: type, plain: object) -> Reading:
    """Return what plain JSON says as facts of a kind."""
    reader = _Reader()
    made = reader.value(kind, plain, _Place())
    reader.judge()
    return Reading(made, reader.problems, reader.texts)


@dataclass(frozen=True)
class _Place:
    """Where a value stands: its path in the JSON, its Chinese name, the form it must have."""

    path: str = ""
    doc: str = ""
    form: Form | None = None

    def __str__(self) -> str:
        named = f"〔{self.doc}〕" if self.doc else ""
        return f"{self.path or '文书内容'}{named}"

    def inner(self, name: str, doc: str = "", form: Form | None = None) -> "_Place":
        """Return the place of a field in it."""
        return _Place(f"{self.path}.{name}" if self.path else name, doc, form)

    def entry(self, number: int, form: Form | None = None) -> "_Place":
        """Return the place of an entry of this list."""
        return _Place(f"{self.path}[{number}]", self.doc, form)


class _Reader:
    """Goes through the facts once by itself, field by field, and once by the constraints."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self._sound: dict[str, Any] = {}
        """What is right by itself, by its path: a group also where something in it is wrong."""
        self._places: dict[str, _Place] = {}
        self._groups: list[tuple[type, str]] = []

    def value(self, hint: Any, value: Any, at: _Place) -> Any:
        """Return what a value stands for, and note it as sound or told."""
        if isinstance(hint, types.UnionType):
            if value is not None:
                inner = next(one for one in typing.get_args(hint) if one is not types.NoneType)
                return self.value(inner, value, at)
            return self._noted(value, value, at)
        if wrong := _mistyped(hint, value) or _unsayable(value):
            self._tell(at, wrong)
            return None
        if is_dataclass(hint) and isinstance(hint, type):
            return self._noted(self._group(hint, value, at), value, at)
        if typing.get_origin(hint) is tuple:
            return self._noted(self._list(typing.get_args(hint), value, at), value, at)
        return self._noted(value, value, at)

    def judge(self) -> None:
        """Tell what is wrong between fields."""
        for kind, path in self._groups:
            for one in constraints(kind):
                for told, wrong in one.broken(self._sound, path):
                    self._tell(self._places[told], wrong)

    def _group(self, kind: type, value: Mapping[str, Any], at: _Place) -> Any:
        self._groups.append((kind, at.path))
        hints, before = _hints(kind), len(self.problems)
        for name in value:
            if name not in hints:
                self._tell(at.inner(name), "不是该文书的字段")
        made = {}
        for one in fields(kind):
            place = at.inner(one.name, one.metadata.get("doc", ""), one.metadata.get("form"))
            if one.name in value:
                made[one.name] = self.value(hints[one.name], value[one.name], place)
            elif one.default is MISSING and one.default_factory is MISSING:
                self._tell(place, "缺失")
        return None if len(self.problems) > before else kind(**made)

    def _list(self, hints: tuple[Any, ...], value: list[Any], at: _Place) -> tuple[Any, ...]:
        inner = hints if hints[-1] is not Ellipsis else hints[:1] * len(value)
        return tuple(
            self.value(hint, entry, at.entry(number, _SAID if hint is str else None))
            for number, (hint, entry) in enumerate(zip(inner, value, strict=True), 1)
        )

    def _noted(self, made: Any, value: Any, at: _Place) -> Any:
        """Return what was made of a value that has the right type, and hold it to its form."""
        if value is not None and at.form is not None and (wrong := at.form.wrong(value)):
            self._tell(at, wrong)
            return None
        self._sound[at.path], self._places[at.path] = value, at
        if isinstance(value, str):
            self.texts.append((str(at), value))
        return made

    def _tell(self, at: _Place, wrong: str) -> None:
        self.problems.append(f"{at} {wrong}")


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the types of a group's fields; finding them out takes longer than all the rest."""
    return typing.get_type_hints(kind)


def _mistyped(hint: Any, value: Any) -> str:
    """Return what a value of another type is told, or ""."""
    if is_dataclass(hint):
        return "" if isinstance(value, Mapping) else "应为一组字段"
    if typing.get_origin(hint) is tuple:
        return _mislisted(typing.get_args(hint), value)
    if isinstance(value, hint) and (hint is bool or not isinstance(value, bool)):
        return ""
    return f"应为{_TYPES[hint]}"


def _mislisted(hints: tuple[Any, ...], value: Any) -> str:
    if not isinstance(value, list | tuple):
        return "应为列表"
    if hints[-1] is not Ellipsis and len(value) != len(hints):
        return f"应有 {len(hints)} 项"
    return ""


def _unsayable(value: Any) -> str:
    """Return why a value cannot be carried by canonical JSON and said on paper, or ""."""
    if isinstance(value, str) and HALVES.search(value):
        return "含有不成对的代理码位，不是有效的文字"
    if isinstance(value, str) and (control := CONTROLS.search(value)):
        return f"含有控制字符（U+{ord(control[0]):04X}），无法印制"
    if isinstance(value, int) and abs(value) > MOST:
        return f"超出范围（至多 {MOST}）"
    return ""


_TYPES = {str: "文字", int: "整数", bool: "是或否"}
_SAID = Form("不能为空", lambda said: bool(said.strip()))
"""What each text of a list must be."""
