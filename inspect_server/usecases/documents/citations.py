"""Which citations of a closed record nobody has compared with the original text yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy.orm import Session

from forms.citing import by_law, join_citations
from forms.errors import FormNotFound
from forms.model import Basis, Item, Penalty
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.store import checklists
from inspect_server.store.checklists import PublishedUnreadable

Citation = Basis | Penalty
Pair = tuple[Citation, Citation]
"""A citation as the pinned checklist has it, and with what is confirmed by now."""


@dataclass(frozen=True)
class UncheckedCitation:
    """A finding, by its number in the documents, and what it cites unchecked."""

    problem: int
    citation: str


def unchecked_citations(session: Session, closed: ClosedRecord) -> tuple[UncheckedCitation, ...]:
    """
    Return the unchecked citations of the findings, in the order of the findings.

    The pinned checklists say what was checked when they were published, the bureau's confirmations
    what was since; what an officer cites beyond them is not judged. Where the published checklists
    cannot be read, nobody can say what was checked: every citation counts as unchecked.
    """
    try:
        items = dict(_items(session, closed))
    except PublishedUnreadable:
        return tuple(_all_citations(closed))
    on = datetime.fromisoformat(closed.started_at).date()
    found = []
    for number, finding in enumerate(closed.findings, start=1):
        if finding.item not in items:
            continue
        cited = f"{finding.basis}；{finding.penalty_basis}"
        item, now = items[finding.item]
        for pairs in (
            list(zip(item.basis, now.basis, strict=True)),
            list(zip(item.penalties, now.penalties, strict=True)),
        ):
            found += [UncheckedCitation(number, text) for text in _doubtful(pairs, cited, on)]
    return tuple(found)


def _all_citations(closed: ClosedRecord) -> Iterator[UncheckedCitation]:
    for number, finding in enumerate(closed.findings, start=1):
        for text in (finding.basis, finding.penalty_basis):
            if text:
                yield UncheckedCitation(number, text)


def _doubtful(pairs: Sequence[Pair], cited: str, on: date) -> Iterator[str]:
    """
    Yield what of one item's citations stands in a document and is not confirmed.

    A phone suggests unchecked citations only where there is no other, all articles of a law in one;
    so that whole text is what the document has, whatever of it is confirmed by now.
    """
    in_force = [pair for pair in pairs if pair[0].law.in_force(on)]
    if any(_checked(published) for published, _ in in_force):
        return
    for _, run in groupby(in_force, key=lambda pair: pair[0].law.printed):
        alike = list(run)
        if join_citations(published.printed for published, _ in alike) in cited:
            yield from by_law(before.printed for before, now in alike if not _checked(now))


def _checked(citation: Citation) -> bool:
    return citation.verified and citation.law.verified


def _items(session: Session, closed: ClosedRecord) -> Iterator[tuple[str, tuple[Item, Item]]]:
    for pinned in closed.forms:
        try:
            form = checklists.published(session).get(pinned["name"], int(pinned["version"]))
        except FormNotFound:
            continue  # an old record whose checklist this program no longer carries
        now = checklists.confirmed(session, form)
        for item, one in zip(form.items, now.items, strict=True):
            yield f"answer/{form.name}/{item.code}", (item, one)
