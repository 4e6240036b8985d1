"""
A checklist as JSON: the body that phones pull and the bytes that its content hash covers.

The hash is SHA-256 over the canonical JSON of the parsed checklist (keys sorted, no blanks, UTF-8,
no floats: RFC 8785 for these values), not over the bytes of its file: a comment or an indent does
not make another checklist, a changed letter of a question, a basis or a penalty range does. The
one field that it leaves out is `retired_on`, which is set long after a version was published.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from forms.definition.parse import JUDGED_FIELDS, read_form
from forms.definition.tables import Table
from forms.errors import ContentMismatch
from forms.expressions.parsing import to_json as to_tree
from forms.model import Condition, Form, Item, Law, Penalty

# What a judged item says whatever it is. The first published versions had no other fields, and one
# that came later stands in a body only where it says something: so their hashes stay.
JUDGED_ALWAYS = frozenset(JUDGED_FIELDS) - {"competence"}


def to_json(form: Form) -> dict[str, Any]:
    """Return the body that phones pull: plain lists and dicts, with the content hash."""
    return {**_form(form), "content_sha256": content_sha256(form)}


def content_sha256(form: Form) -> str:
    """Return the hex hash that identifies this version's content."""
    content = _form(form)
    del content["retired_on"]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def from_json(body: Mapping[str, Any]) -> Form:
    """
    Rebuild the checklist from `to_json`.

    Whether its parts fit together was asked when it was published; a rule that came later must not
    take a version from the tasks that pin it.

    Raises:
        BadDefinition: A field is missing, unknown or unusable.
        ContentMismatch: The content is not the one that the hash in the body names.
    """
    table = Table(body, "（收到的数据）", "检查表")
    stated = table.text("content_sha256", pattern="[0-9a-f]{64}")
    form = read_form(table, "content_sha256")
    if content_sha256(form) != stated:
        raise ContentMismatch(ref=form.ref)
    return form


def _form(form: Form) -> dict[str, Any]:
    return _fields(form)


def _fields(whole: Any, always: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the fields of a dataclass, without those that say what is assumed anyway."""
    return {
        one.name: _plain(value)
        for one in fields(whole)
        if (value := getattr(whole, one.name)) != one.default or one.name in always
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Item):
        return _fields(value, JUDGED_ALWAYS if value.is_judged else frozenset())
    if isinstance(value, Law | Penalty):
        return _fields(value, frozenset(type(value).__dataclass_fields__))
    if isinstance(value, Condition):
        return {"text": value.text, "tree": to_tree(value.tree)}
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def law_json(law: Law) -> dict[str, Any]:
    """Return one law."""
    content: dict[str, Any] = _plain(law)
    return content


def penalty_json(penalty: Penalty) -> dict[str, Any]:
    """Return a penalty clause with its law in place."""
    content: dict[str, Any] = _plain(penalty)
    return content
