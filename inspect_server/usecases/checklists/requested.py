"""Checklists that are not handed out by themselves: somebody asks for them in a scheme."""

from collections.abc import Collection, Iterable
from datetime import date

from forms.library import Library
from forms.model import Form
from inspect_server.domain.errors import InspectError


class NotOnRequest(InspectError):
    """No checklist of that name can be asked for on that day."""

    code, kind = "checklist.not_on_request", "invalid"
    message = (
        "检查时段第一天（{on}）没有可以另选的检查表 {name}；可以另选的有：{choices}，请改选后重试。"
    )


def on_request(library: Library, on: date) -> dict[str, Form]:
    """Return what may be asked for on a day, by name: of each checklist the newest that began."""
    newest = {form.name: form for form in library if form.effective_from <= on}
    return {
        name: form
        for name, form in newest.items()
        if form.on_request and not (form.retired_on is not None and form.retired_on <= on)
    }


def requested(library: Library, names: Collection[str], on: date) -> tuple[Form, ...]:
    """
    Return the checklists that somebody asks for by name, each once.

    Raises:
        NotOnRequest: Naming what could be asked for.
    """
    choices = on_request(library, on)
    for name in names:
        if name not in choices:
            said = "、".join(f"{one}（{form.title}）" for one, form in choices.items())
            raise NotOnRequest(on=on, name=name, choices=said or "无")
    return tuple(choices[name] for name in sorted(set(names)))


def requested_before(published: Library, form_set: str) -> tuple[str, ...]:
    """Return the names of those that a scheme pins because they were asked for."""
    refs = form_set.split("+")
    return tuple(form.name for form in published if form.ref in refs and form.on_request)


def requested_everywhere(
    library: Library, published: Library, form_sets: Iterable[str], on: date
) -> tuple[str, ...]:
    """Return the names that all of these schemes ask for and that may still be asked for."""
    asked = [set(requested_before(published, one)) for one in form_sets]
    common = set.intersection(*asked) if asked else set()
    return tuple(sorted(common & set(on_request(library, on))))
