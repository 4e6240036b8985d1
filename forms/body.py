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
from datetime import date
from typing import Any

from forms.errors import ContentMismatch
from forms.model import Basis, Form, Item, Law, Penalty
from forms.parse import ITEM_FIELDS, LAW_FIELDS, PENALTY_FIELDS, parse_form
from forms.reading import Table


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

    Raises:
        BadDefinition: A field is missing, unknown or unusable.
        ContentMismatch: The content is not the one that the hash in the body names.
    """
    table = Table(body, "（收到的数据）", "检查表")
    stated = table.text("content_sha256", pattern="[0-9a-f]{64}")
    form = parse_form(table, "content_sha256")
    if content_sha256(form) != stated:
        raise ContentMismatch(ref=form.ref)
    return form


def _form(form: Form) -> dict[str, Any]:
    return {
        "name": form.name,
        "version": form.version,
        "title": form.title,
        "effective_from": form.effective_from.isoformat(),
        "retired_on": _day(form.retired_on),
        "sectors": list(form.sectors),
        "device_clause": None if form.device_clause is None else _basis(form.device_clause),
        "sections": [
            {"title": section.title, "items": [_item(item) for item in section.items]}
            for section in form.sections
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        **{name: getattr(item, name) for name in ITEM_FIELDS},
        "kind": item.kind.value,
        "basis": [_basis(basis) for basis in item.basis],
        "major": item.major.value,
        "major_needs": list(item.major_needs),
        "penalties": [penalty_json(penalty) for penalty in item.penalties],
    }


def _basis(basis: Basis) -> dict[str, Any]:
    return {"law": law_json(basis.law), "article": basis.article, "verified": basis.verified}


def penalty_json(penalty: Penalty) -> dict[str, Any]:
    """Return a penalty clause with its law in place."""
    fields = {name: getattr(penalty, name) for name in PENALTY_FIELDS}
    return {**fields, "law": law_json(penalty.law)}


def law_json(law: Law) -> dict[str, Any]:
    """Return one law."""
    return {
        **{name: getattr(law, name) for name in LAW_FIELDS},
        "effective_from": law.effective_from.isoformat(),
        "effective_until": _day(law.effective_until),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
