"""Facts of a document: frozen dataclasses, plain JSON, and a hash that stands for the content."""

import hashlib
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from typing import Any, Protocol, TypeVar, runtime_checkable

from pdf_templates.errors import BadFacts
from pdf_templates.reading import read

F = TypeVar("F")


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
    """
    Return facts as plain lists, dicts, texts, integers and booleans.

    What came later than the facts beside it stands only where it says something.
    """
    if is_dataclass(value):
        said = {f.name: getattr(value, f.name) for f in fields(value) if not _unsaid(f, value)}
        return {name: to_json(part) for name, part in said.items()}
    if isinstance(value, list | tuple):
        return [to_json(part) for part in value]
    return value


def _unsaid(field: Field[Any], facts: Any) -> bool:
    return bool(field.metadata.get("added")) and not getattr(facts, field.name)


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
        BadFacts: Names every missing, unknown or wrong field and every contradiction at once.
    """
    reading = read(kind, plain)
    if reading.problems:
        raise BadFacts(reading.problems)
    rebuilt: F = reading.made
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


def _inner(hint: Any) -> Any:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple and arguments:
        return arguments[0]
    if isinstance(hint, types.UnionType):
        return next(a for a in arguments if a is not type(None))
    return hint
