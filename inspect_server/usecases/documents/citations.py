"""Which citations of a closed record nobody has compared with the original text yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from forms.errors import FormNotFound
from forms.evaluate import suggest
from forms.load import get
from forms.model import Form, Item
from inspect_server.domain.inspection import ClosedRecord


@dataclass(frozen=True)
class UncheckedCitation:
    """A finding, by its number in the documents, and what it cites unchecked."""

    problem: int
    citation: str


def unchecked_citations(closed: ClosedRecord) -> tuple[UncheckedCitation, ...]:
    """
    Return the unchecked citations of the findings, in the order of the findings.

    The pinned checklists say what is checked; what an officer cites beyond them is not judged.
    """
    items = dict(_items(closed))
    on = datetime.fromisoformat(closed.started_at).date()
    found = []
    for number, finding in enumerate(closed.findings, start=1):
        if finding.item not in items:
            continue
        form, item = items[finding.item]
        cited = f"{finding.basis}；{finding.penalty_basis}"
        doubtful = suggest(form, item, frozenset(), on).to_verify
        found += [UncheckedCitation(number, text) for text in doubtful if text in cited]
    return tuple(found)


def _items(closed: ClosedRecord) -> Iterator[tuple[str, tuple[Form, Item]]]:
    for pinned in closed.forms:
        try:
            form = get(pinned["name"], int(pinned["version"]))
        except FormNotFound:
            continue  # an old record whose checklist this program no longer carries
        for item in form.items:
            yield f"answer/{form.name}/{item.code}", (form, item)
