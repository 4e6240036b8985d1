"""
Citations that nobody had compared with the text when a checklist was published, and who has since.

A published version never changes, so a confirmation stands beside it. Applied to the checklist, it
gives one for suggesting and for reading only: its content hash is another.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from forms.model import Basis, Form, Item, Penalty, Section

TRANSCRIBED = "第三方抄录"
"""What `verification` says where the text compared with was somebody's transcript (0061)."""


@dataclass(frozen=True)
class Confirmation:
    """
    A citation of one item that was compared with the text.

    `citation` is the citation as the published checklist prints it, or its law alone, as printed:
    then name, number and dates of the law were compared, for every citation of it in the item.
    `article` is what a citation without an article should have, "" for every other.
    """

    code: str
    citation: str
    article: str = ""


@dataclass(frozen=True)
class Unconfirmed:
    """A citation of one item that nobody compared yet; `lacks_article` asks for its article."""

    code: str
    citation: str
    is_penalty: bool
    only_law: bool  # the article was compared, but not the law's name, number and dates
    lacks_article: bool
    verification: str


def unconfirmed(form: Form) -> tuple[Unconfirmed, ...]:
    """
    Return what of a checklist nobody compared, in its order; a citation once for each item.

    The clause about failed devices stands at the first item that is about such devices.
    """
    found = dict.fromkeys(one for item in form.items for one in _unconfirmed(item, item.basis))
    clauses = () if form.device_clause is None else (form.device_clause,)
    for item in [item for item in form.items if item.device_clause][:1]:
        found |= dict.fromkeys(_unconfirmed(item, clauses))
    return tuple(found)


def transcribed(form: Form) -> tuple[str, ...]:
    """Return the codes of the items whose text was compared with a transcript only, in order."""
    return tuple(item.code for item in form.items if TRANSCRIBED in item.verification)


def with_confirmations(form: Form, confirmations: Iterable[Confirmation]) -> Form:
    """Return the checklist with its confirmed citations verified, in the same places."""
    by_code: dict[str, list[Confirmation]] = {}
    for one in confirmations:
        by_code.setdefault(one.code, []).append(one)
    if not by_code:
        return form
    clause = form.device_clause
    about_devices = [by_code.get(item.code, []) for item in form.items if item.device_clause]
    for one in (one for confirmed in about_devices for one in confirmed):
        clause = None if clause is None else _basis(clause, one)
    return replace(
        form,
        device_clause=clause,
        sections=tuple(_section(part, by_code) for part in form.sections),
    )


def _unconfirmed(item: Item, bases: tuple[Basis, ...]) -> Iterator[Unconfirmed]:
    citations: tuple[Basis | Penalty, ...] = (*bases, *item.penalties)
    for citation in citations:
        if citation.verified and citation.law.verified:
            continue
        yield Unconfirmed(
            code=item.code,
            citation=citation.printed,
            is_penalty=isinstance(citation, Penalty),
            only_law=citation.verified,
            lacks_article=not citation.article,
            verification=item.verification,
        )


def _section(section: Section, by_code: dict[str, list[Confirmation]]) -> Section:
    return replace(
        section,
        items=tuple(
            _section(part, by_code)
            if isinstance(part, Section)
            else _item(part, by_code.get(part.code, ()))
            for part in section.items
        ),
    )


def _item(item: Item, confirmations: Iterable[Confirmation]) -> Item:
    for one in confirmations:
        item = replace(
            item,
            basis=tuple(_basis(basis, one) for basis in item.basis),
            penalties=tuple(_penalty(penalty, one) for penalty in item.penalties),
        )
    return item


def _basis(basis: Basis, one: Confirmation) -> Basis:
    if basis.printed == one.citation:
        article = basis.article or one.article
        return Basis(replace(basis.law, verified=True), article, verified=bool(article))
    return replace(basis, law=replace(basis.law, verified=True)) if _is_law(basis, one) else basis


def _penalty(penalty: Penalty, one: Confirmation) -> Penalty:
    if penalty.printed == one.citation:
        law, article = replace(penalty.law, verified=True), penalty.article or one.article
        return replace(penalty, law=law, article=article, verified=bool(article))
    if _is_law(penalty, one):
        return replace(penalty, law=replace(penalty.law, verified=True))
    return penalty


def _is_law(citation: Basis | Penalty, one: Confirmation) -> bool:
    return citation.law.printed == one.citation
