"""
A checklist as plain JSON for programs that look at it: flat, with conditions as authored.

What phones pull is another thing (`forms.body`): that holds the whole, as nested as the checklist.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from forms.body import content_sha256
from forms.comparing.standing import Place, places_of
from forms.model import Basis, Choice, Condition, Form, Item, Kind, Penalty, Section

Json = dict[str, Any]

TYPES = {Kind.SIGNATURE: "image"}
"""Kinds that XLSForm calls otherwise; its signature is an image with that appearance."""


def shown(form: Form) -> Json:
    """
    Return a checklist, its keys in a fixed order.

    `items` are all questions in paper order, those in tables too; `groups` are the sections and
    `repeats` the tables, and `path` names the ones around each, outermost first. What is absent is
    null. Only judged items have what a failure means.
    """
    places = places_of(form)
    return {
        "name": form.name,
        "version": form.version,
        "title": form.title,
        "content_sha256": content_sha256(form),
        "effective_from": form.effective_from.isoformat(),
        "retired_on": form.retired_on.isoformat() if form.retired_on is not None else None,
        "sectors": list(form.sectors),
        "on_request": form.on_request,
        "instead_of": list(form.instead_of),
        "language": form.language or None,
        "device_clause": _basis(form.device_clause) if form.device_clause is not None else None,
        "items": [*_items(form, places)],
        "groups": [*_groups(places)],
        "repeats": [*_repeats(places)],
        "kept": dict(form.kept),
    }


def _items(form: Form, places: Sequence[Place]) -> Iterator[Json]:
    for place in places:
        if isinstance(place.member, Item) and place.member.kind is not Kind.TABLE:
            yield {
                **_asked(form, place.member, _path(place, places)),
                **(_judged(place.member) if place.member.is_judged else {}),
                "kept": dict(place.member.kept),
            }


def _groups(places: Sequence[Place]) -> Iterator[Json]:
    for place in places:
        if isinstance(place.member, Section) and _name(place.member):
            yield {
                "path": _path(place, places),
                "name": _name(place.member),
                "label": place.member.title or None,
                "hint": place.member.hint or None,
                "relevant": _text(place.member.relevant),
                "appearance": place.member.appearance or None,
            }


def _repeats(places: Sequence[Place]) -> Iterator[Json]:
    for place in places:
        table = place.member
        if isinstance(table, Item) and table.kind is Kind.TABLE:
            yield {
                "path": _path(place, places),
                "name": table.cited_as,
                "code": table.code,
                "label": table.question or None,
                "hint": table.hint or None,
                "relevant": _text(table.relevant),
                "count": _text(table.count),
                "appearance": table.appearance or None,
            }


def _asked(form: Form, item: Item, path: Sequence[str]) -> Json:
    return {
        "name": item.cited_as,
        "code": item.code,
        "type": TYPES.get(item.kind, item.kind.value),
        "kind": item.kind.value,
        "label": item.question or None,
        "hint": item.hint or None,
        "guidance": item.guidance or None,
        "path": list(path),
        "choice_list": item.choices or None,
        "choices": [_choice(one) for one in form.choices_of(item)] if item.choices else None,
        "choice_filter": _text(item.choice_filter),
        "relevant": _text(item.relevant),
        "required": _text(item.required),
        "required_message": item.required_message or None,
        "read_only": _text(item.read_only),
        "constraint": _text(item.constraint),
        "constraint_message": item.constraint_message or None,
        "calculation": _text(item.calculation),
        "default": _text(item.default),
        "appearance": item.appearance or ("signature" if item.kind is Kind.SIGNATURE else None),
        "unit": item.unit or None,
        "least": item.least or None,
        "most": item.most or None,
        "step": item.step or None,
        "focus": item.focus,
    }


def _judged(item: Item) -> Json:
    return {
        "fails_if": _text(item.fails_if),
        "how_to_check": item.how_to_check,
        "basis": [_basis(basis) for basis in item.basis],
        "major": item.major.value,
        "major_note": item.major_note or None,
        "major_needs": list(item.major_needs),
        "device_clause": item.device_clause,
        "penalties": [_penalty(penalty) for penalty in item.penalties],
        "rectify": item.rectify or None,
        "finding": item.finding,
        "photos_on_failure": item.photos_on_failure,
        "correctable_on_site": item.correctable_on_site,
        "competence": item.competence.value,
        "verified": item.verified,
        "verification": item.verification,
    }


def _choice(choice: Choice) -> Json:
    return {"name": choice.name, "label": choice.label, **dict(choice.columns)}


def _basis(basis: Basis) -> Json:
    return {
        "law": basis.law.code,
        "article": basis.article or None,
        "printed": basis.printed,
        "verified": basis.verified and basis.law.verified,
    }


def _penalty(penalty: Penalty) -> Json:
    return {
        "code": penalty.code,
        "law": penalty.law.code,
        "article": penalty.article or None,
        "clause": penalty.clause or None,
        "printed": penalty.printed,
        "unit_range": penalty.unit_range or None,
        "person_range": penalty.person_range or None,
        "aggravated_range": penalty.aggravated_range or None,
        "verified": penalty.verified and penalty.law.verified,
    }


def _path(place: Place, places: Sequence[Place]) -> list[str]:
    """Return the names of the sections and tables around a place; a nameless one has no level."""
    names: list[str] = []
    while place.within is not None:
        place = places[place.within]
        names.insert(0, _name(place.member))
    return [name for name in names if name]


def _name(member: Item | Section) -> str:
    return member.cited_as if isinstance(member, Item) else member.name or member.title


def _text(condition: Condition | None) -> str | None:
    return condition.text if condition is not None else None
