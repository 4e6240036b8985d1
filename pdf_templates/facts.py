"""Facts of a document: frozen dataclasses, plain JSON, and a hash that stands for the content."""

import hashlib
import json
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, Protocol, TypeVar, runtime_checkable

from pdf_templates.errors import BadFacts
from pdf_templates.fields import Form

F = TypeVar("F")
MOST = 2**53 - 1
"""The largest whole number that canonical JSON (RFC 8785) carries unchanged."""
HALVES, CONTROLS = re.compile("[\ud800-\udfff]"), re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@runtime_checkable
class Judging(Protocol):
    """Facts whose fields must fit each other."""

    def contradiction(self) -> str:
        """Return what is wrong, or ""."""


@runtime_checkable
class Doubted(Protocol):
    """
    Facts that are printed as they are though they look wrong.

    A visit's times are those of phones, whose clocks may have been set back: a sealed record keeps
    its documents. Who writes facts by hand is told.
    """

    def doubts(self) -> list[str]:
        """Return what is most likely a mistake, each in a Chinese sentence without its stop."""


def to_json(value: Any) -> Any:
    """Return facts as plain lists, dicts, texts, integers and booleans."""
    if is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, list | tuple):
        return [to_json(part) for part in value]
    return value


def canonical_json(plain: Mapping[str, Any]) -> bytes:
    """
    Return the canonical JSON (RFC 8785) of facts.

    Facts hold no floats and only ASCII keys, so sorted compact JSON is the canonical form.
    """
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def content_sha256(plain: Mapping[str, Any]) -> str:
    """Return the hex SHA-256 of the canonical JSON of facts."""
    return hashlib.sha256(canonical_json(plain)).hexdigest()


def from_json(kind: type[F], plain: Mapping[str, Any]) -> F:
    """
    Rebuild facts of a kind from plain JSON.

    Raises:
        BadFacts: Names every missing, unknown or wrongly typed field at once.
    """
    problems: list[str] = []
    made = _read(kind, plain, _Place(), problems)
    if problems:
        raise BadFacts(problems)
    rebuilt: F = made
    return rebuilt


def personal_fields(kind: type) -> list[str]:
    """Return the dotted names of the fields that hold personal data."""
    found = []
    for name, hint in typing.get_type_hints(kind).items():
        meta = next(f for f in fields(kind) if f.name == name).metadata
        inner = _inner(hint)
        if meta.get("personal"):
            found.append(name)
        elif is_dataclass(inner) and isinstance(inner, type):
            found.extend(f"{name}.{part}" for part in personal_fields(inner))
    return found


def texts(facts: Any) -> Iterator[tuple[str, str]]:
    """Yield every text in facts with its place: path and Chinese name."""
    yield from _texts(facts, _Place())


def _texts(value: Any, at: "_Place") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield str(at), value
    elif is_dataclass(value):
        for f in fields(value):
            place = at.inner(f.name, f.metadata.get("doc", ""))
            yield from _texts(getattr(value, f.name), place)
    elif isinstance(value, list | tuple):
        for number, entry in enumerate(value, 1):
            yield from _texts(entry, at.entry(number))


def _inner(hint: Any) -> Any:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple and arguments:
        return arguments[0]
    if isinstance(hint, types.UnionType):
        return next(a for a in arguments if a is not type(None))
    return hint


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

    def entry(self, number: int) -> "_Place":
        """Return the place of an entry of this list."""
        return _Place(f"{self.path}[{number}]", self.doc)


def _read(hint: Any, value: Any, at: _Place, problems: list[str]) -> Any:
    if isinstance(hint, types.UnionType):
        return None if value is None else _read(_inner(hint), value, at, problems)
    if is_dataclass(hint):
        return _read_object(hint, value, at, problems)
    if typing.get_origin(hint) is tuple:
        made = _read_list(hint, value, at, problems)
    elif not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        problems.append(f"{at} 应为{_KIND_NAMES.get(hint, str(hint))}")
        return value
    elif wrong := _unsayable(value):
        problems.append(f"{at} {wrong}")
        return value
    else:
        made = value
    if at.form is not None and (wrong := at.form.wrong(made)):
        problems.append(f"{at} {wrong}")
    return made


def _unsayable(value: Any) -> str:
    """Return why a value cannot be carried by canonical JSON and said on paper, or ""."""
    if isinstance(value, str) and HALVES.search(value):
        return "含有不成对的代理码位，不是有效的文字"
    if isinstance(value, str) and (control := CONTROLS.search(value)):
        return f"含有控制字符（U+{ord(control[0]):04X}），无法印制"
    if isinstance(value, int) and abs(value) > MOST:
        return f"超出范围（至多 {MOST}）"
    return ""


def _read_object(hint: Any, value: Any, at: _Place, problems: list[str]) -> Any:
    if not isinstance(value, Mapping):
        problems.append(f"{at} 应为一组字段")
        return None
    hints, before = typing.get_type_hints(hint), len(problems)
    problems.extend(f"{at.inner(name)} 不是该文书的字段" for name in value if name not in hints)
    made = {}
    for f in fields(hint):
        place = at.inner(f.name, f.metadata.get("doc", ""), f.metadata.get("form"))
        if f.name in value:
            made[f.name] = _read(hints[f.name], value[f.name], place, problems)
        elif f.default is MISSING and f.default_factory is MISSING:
            problems.append(f"{place} 缺失")
    if len(problems) > before:
        return None
    known = hint(**made)
    if isinstance(known, Judging) and (wrong := known.contradiction()):
        problems.append(f"{at} {wrong}")
    return known


def _read_list(hint: Any, value: Any, at: _Place, problems: list[str]) -> Any:
    arguments = typing.get_args(hint)
    if not isinstance(value, list | tuple):
        problems.append(f"{at} 应为列表")
        return ()
    if len(arguments) == 2 and arguments[1] is not Ellipsis:
        if len(value) != len(arguments):
            problems.append(f"{at} 应有 {len(arguments)} 项")
            return ()
        pairs = zip(arguments, value, strict=True)
        return tuple(_read(a, v, at.entry(n), problems) for n, (a, v) in enumerate(pairs, 1))
    return tuple(
        _read(arguments[0], part, at.entry(number), problems)
        for number, part in enumerate(value, 1)
    )


_KIND_NAMES = {str: "文字", int: "整数", bool: "是或否"}
