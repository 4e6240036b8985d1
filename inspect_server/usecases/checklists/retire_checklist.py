"""The end of a checklist's version: no new task gets it, tasks that carry it keep it."""

from dataclasses import dataclass
from datetime import date

from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.domain.identity import require
from inspect_server.store import checklists
from inspect_server.store.models.checklists import ChecklistRetirement
from inspect_server.usecases.checklists import KEEPS
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work


class RetiredAlready(InspectError):
    """A version's end is said once: schemes were drafted by it."""

    code, kind = "checklist.retired_already", "conflict"
    message = "检查表 {ref} 已定于 {day} 起停用，停用日期不得更改；需要继续使用的，请发布新的版本。"


@dataclass(frozen=True)
class RetiredVersion:
    """A version and the first day without it; `successor` is handed out then, "" for none."""

    ref: str
    title: str
    retired_on: date
    successor: str


def retire_checklist(work: Work, name: str, version: int, first_day: date) -> RetiredVersion:
    """
    Set the first day on which a version is no longer handed out, packaged ones included.

    Raises:
        Forbidden: The actor does not keep checklists.
        FormNotFound: There is no such version.
        BadInput: The day is over.
        RetiredAlready: Its last day was said before.
    """
    require(work.actor.roles, *KEEPS, action="停用检查表")
    checklists.lock(work.session, name)
    form = checklists.library(work.session).get(name, version)
    if first_day < work.now.astimezone(work.settings.zone).date():
        raise BadInput(field="停用日期", reason=f"{first_day} 已过，最早为今日")
    is_said = (name, version) in checklists.retirements(work.session)
    if form.retired_on is not None and (is_said or form.retired_on <= first_day):
        raise RetiredAlready(ref=form.ref, day=form.retired_on)
    work.session.add(
        ChecklistRetirement(
            name=name,
            version=version,
            retired_on=first_day,
            retired_at=work.now,
            retired_by=work.actor.label,
        )
    )
    work.session.flush()
    note(
        work,
        "checklist.retired",
        checklists.case_of(name),
        {"checklist": name, "version": version, "retired_on": first_day.isoformat()},
    )
    return RetiredVersion(form.ref, form.title, first_day, _successor(work, name, first_day))


def _successor(work: Work, name: str, on: date) -> str:
    """Return the version that new tasks get on that day: the newest that has begun, or none."""
    begun = [
        form
        for form in checklists.library(work.session)
        if form.name == name and form.effective_from <= on
    ]
    newest = max(begun, key=lambda form: form.version, default=None)
    if newest is None or (newest.retired_on is not None and newest.retired_on <= on):
        return ""
    return newest.ref
