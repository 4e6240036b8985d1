"""Disagreements that the lead settled, in words; no database is asked, so a phone can, too."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from forms.evaluation.filling import GIVEN
from forms.evaluation.reading import value_in_words
from forms.model import Form
from inspect_server.domain.inspection import Settlement
from inspect_server.domain.merged import Head, Record
from inspect_server.domain.saying import in_words, kind_of, subject


class Asked:
    """What checklists ask, by the item under which phones answer."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._items = {
            f"answer/{form.name}/{item.code}": (form, item) for form in forms for item in form.items
        }

    def title(self, id: str) -> tuple[str, str] | None:
        """Return code and question of an item, None of what is no checklist's."""
        found = self._items.get(id)
        return None if found is None else (found[1].code, found[1].question)

    def readable(self, id: str, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return an answer with labels and units in the place of what was given."""
        if value is None or GIVEN not in value or id not in self._items:
            return value
        said = value_in_words(*self._items[id], value[GIVEN])
        return {**value, GIVEN: said} if said else value


def settled_in_words(
    record: Record, forms: Iterable[Form], names: Mapping[str, str]
) -> tuple[Settlement, ...]:
    """
    Return the disagreements that were settled and still stand so, by item.

    Args:
        names: What each account behind the record is called.
    """
    asked = Asked(forms)
    return tuple(
        _settlement(item, head, asked, _chosen_from(record, head), names)
        for item, head in settling(record)
    )


def settling(record: Record) -> Iterator[tuple[str, Head]]:
    """Yield every value by which the lead settled a disagreement that has not reopened."""
    for item in record.merged.items.values():
        if not item.conflict:
            yield from ((item.id, head) for head in item.heads if head.settled_reason)


def _chosen_from(record: Record, settled: Head) -> list[tuple[str, dict[str, Any] | None]]:
    """Return the values between which the lead chose, each with its user, by time."""
    cited = [record.operations[id] for id in settled.parents if id in record.operations]
    return [
        (op.user, json.loads(record.effective(op)))
        for op in sorted(cited, key=lambda op: (op.hlc, op.id))
    ]


def _settlement(
    item: str,
    head: Head,
    asked: Asked,
    values: Sequence[tuple[str, dict[str, Any] | None]],
    names: Mapping[str, str],
) -> Settlement:
    chosen = asked.readable(item, head.plain())
    said = [(names[user], asked.readable(item, value)) for user, value in values]
    sides = [chosen, *(value for _, value in said)]
    about = (subject(value) for value in sides)
    code, question = asked.title(item) or (kind_of(item), next(filter(None, about), ""))
    return Settlement(
        item=item,
        code=code,
        question=question,
        said=tuple(dict.fromkeys((who, in_words(item, value, sides)) for who, value in said)),
        chosen=in_words(item, chosen, sides),
        reason=head.settled_reason,
        settled_by=names[head.user],
    )
