"""
All versions of all checklists, read again only when something was published or retired.

What is kept follows from the hashes of what was published and the days of what was retired, which
every call reads; so several databases in one process never share what differs between them.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from forms import load
from forms.body import from_json
from forms.errors import FormError
from forms.library import Library
from forms.model import Form
from inspect_server.domain.record import BROKEN, canonical
from inspect_server.store import record
from inspect_server.store.models.checklists import ChecklistRetirement, PublishedChecklist
from inspect_server.store.models.record import RecordLeaf

Version = tuple[str, int]
PUBLISHED = "checklist.published"
"""The event of the record that says which body was published, by its hash."""
RETIRED = "checklist.retired"
"""The event of the record that says from which day on a version is no longer handed out."""


def case_of(name: str) -> str:
    """Return the case of the record in which a checklist's events stand, all versions together."""
    return f"checklist/{name}"


def lock(session: Session, name: str) -> None:
    """Keep everybody else from publishing, retiring or confirming versions of a checklist."""
    record.lock(session, case_of(name))


def body_sha256(body: Mapping[str, Any]) -> str:
    """Return the hash of a whole body, `retired_on` included, as the record has it."""
    return hashlib.sha256(canonical(body).encode("utf-8")).hexdigest()


class PublishedUnreadable(FormError):
    """What the bureau published cannot be read any more; nothing is handed out without it."""

    code, kind = "forms.published_unreadable", "broken"
    message = (
        "发布的检查表 {ref} 不能使用：内容与发布时登记的不一致，或者发布它的程序版本更新；"
        "请运行 inspect-server record verify 核验，核验通过的，升级程序后重试，"
        "核验不通过的，从备份恢复数据库。"
    )


class RetirementChanged(FormError):
    """A row says otherwise than the record when a version is retired; nothing is handed out."""

    code, kind = "forms.retirement_changed", "broken"
    message = (
        "检查表 {ref} 的停用登记与执法全过程记录不一致，不能下发检查表；"
        "请运行 inspect-server record verify 核验，并从备份恢复数据库。"
    )


@dataclass(frozen=True)
class _Kept:
    hashes: Mapping[Version, str]
    retired_rows: Mapping[Version, str]
    retired: Mapping[Version, date]
    changed: Collection[str]  # as name@version: retired otherwise than the record says
    as_published: Library
    handed_out: Library


_kept: dict[Library, _Kept] = {}
"""What was read last, by the packaged library that it was put together with."""


def library(session: Session) -> Library:
    """
    Return every version, each with the day on which the bureau retires it: for handing out.

    Raises:
        PublishedUnreadable: A published text was changed, or is of a later program.
        RetirementChanged: A row says otherwise than the record when a version is retired.
    """
    return _agreed(_libraries(session)).handed_out


def published(session: Session) -> Library:
    """
    Return every version as it was published: what a task pins and a phone is sent.

    Raises:
        PublishedUnreadable: A published text was changed, or is of a later program.
    """
    return _libraries(session).as_published


def retirements(session: Session) -> Mapping[Version, date]:
    """
    Return the first day without it of every version that the bureau retired.

    Raises:
        PublishedUnreadable, RetirementChanged: As of `library`.
    """
    return _agreed(_libraries(session)).retired


def _agreed(kept: _Kept) -> _Kept:
    if kept.changed:
        raise RetirementChanged(ref=min(kept.changed))
    return kept


def _libraries(session: Session) -> _Kept:
    packaged = load.packaged()
    hashes, rows = _hashes(session), _retirement_rows(session)
    last = _kept.get(packaged)
    if last is not None and (last.hashes, last.retired_rows) == (hashes, rows):
        return last
    made = _read(session, packaged, hashes, rows)
    # A step on PostgreSQL may find in the record, read after the rows, a retirement that somebody
    # committed in between. Rows that did not move meanwhile are of the same moment as the record.
    while made.changed and (now := _retirement_rows(session)) != rows:
        hashes, rows = _hashes(session), now
        made = _read(session, packaged, hashes, rows)
    _kept.clear()
    _kept[packaged] = made
    return made


def _read(
    session: Session, packaged: Library, hashes: Mapping[Version, str], rows: Mapping[Version, str]
) -> _Kept:
    """Put everything together anew, from the rows that were read and what the record says now."""
    names = {form.name for form in packaged} | {name for name, _ in (*hashes, *rows)}
    bodies, retired = _said(session, filter(_is_name, names))
    last = _kept.get(packaged)
    if last is not None and last.hashes == hashes:
        as_published = last.as_published
    else:
        as_published = _with_published(session, packaged, hashes, bodies) if hashes else packaged
    days = {version: day.isoformat() for version, day in retired.items()}
    changed = {f"{name}@{number}" for (name, number), _ in rows.items() ^ days.items()}
    handed_out = _with_retirements(as_published, retired) if retired else as_published
    return _Kept(hashes, rows, retired, changed, as_published, handed_out)


def _retirement_rows(session: Session) -> dict[Version, str]:
    """Return what the rows have as days, whatever that is."""
    query = select(
        ChecklistRetirement.name,
        ChecklistRetirement.version,
        cast(ChecklistRetirement.retired_on, String),
    )
    return {(name, version): day for name, version, day in session.execute(query)}


def _hashes(session: Session) -> dict[Version, str]:
    query = select(
        PublishedChecklist.name, PublishedChecklist.version, PublishedChecklist.content_sha256
    )
    found: dict[Version, str] = {}
    for name, version, sha256 in session.execute(query):
        if not (_is_name(name) and isinstance(version, int)):
            raise PublishedUnreadable(ref=f"{name}@{version}")
        found[name, version] = sha256
    return found


def _is_name(stored: object) -> bool:
    """Return whether a name is a text; SQLite keeps whatever somebody writes."""
    return isinstance(stored, str)


def _with_published(
    session: Session, packaged: Library, hashes: Mapping[Version, str], said: Mapping[Version, str]
) -> Library:
    """Add what was published; it comes before a text that a later program brings along."""
    own = [_form(session, version, said.get(version)) for version in sorted(hashes)]
    taken = {form.ref for form in own}
    return Library([*(form for form in packaged if form.ref not in taken), *own])


def _said(session: Session, names: Iterable[str]) -> tuple[dict[Version, str], dict[Version, date]]:
    """Return what the record says of versions: the hash of a body, and the day without it."""
    bodies: dict[Version, str] = {}
    days: dict[Version, date] = {}
    for leaf in (leaf for name in sorted(names) for leaf in _leaves(session, name)):
        with suppress(*BROKEN):  # a leaf that was changed says nothing
            said = json.loads(leaf.content)["body"]
            version = said["checklist"], said["version"]
            if leaf.type == PUBLISHED:
                bodies[version] = said["body_sha256"]
            elif leaf.type == RETIRED:
                days[version] = date.fromisoformat(said["retired_on"])
    return bodies, days


def _leaves(session: Session, name: str) -> list[RecordLeaf]:
    """Return the events of a checklist; none of them where one is no row of its table any more."""
    with suppress(*BROKEN):
        return list(record.leaves(session, case_of(name)))
    return []


def _form(session: Session, version: Version, said: str | None) -> Form:
    """Return a version from its row, if that is what the record says was published."""
    name, number = version
    query = select(PublishedChecklist.body).where(
        PublishedChecklist.name == name, PublishedChecklist.version == number
    )
    try:
        body = session.scalars(query).one()
        if body_sha256(body) == said:
            return from_json(body)
    except (FormError, *BROKEN):  # no JSON, or none of ours
        pass
    raise PublishedUnreadable(ref=f"{name}@{number}")


def _with_retirements(forms: Library, retired: Mapping[Version, date]) -> Library:
    return Library(
        replace(form, retired_on=retired.get((form.name, form.version), form.retired_on))
        for form in forms
    )
