"""
All versions of all checklists, read again only when something was published or retired.

What is kept follows from the hashes of what was published and the days of what was retired, which
every call reads; so several databases in one process never share what differs between them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import load
from forms.body import from_json
from forms.errors import FormError
from forms.library import Library
from forms.model import Form
from inspect_server.domain.record import canonical
from inspect_server.store import record
from inspect_server.store.models.checklists import ChecklistRetirement, PublishedChecklist

Version = tuple[str, int]
PUBLISHED = "checklist.published"
"""The event of the record that says which body was published, by its hash."""


def case_of(name: str) -> str:
    """Return the case of the record in which a checklist's events stand, all versions together."""
    return f"checklist/{name}"


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


@dataclass(frozen=True)
class _Kept:
    hashes: Mapping[Version, str]
    retired: Mapping[Version, date]
    as_published: Library
    handed_out: Library


_kept: dict[Library, _Kept] = {}
"""What was read last, by the packaged library that it was put together with."""


def library(session: Session) -> Library:
    """
    Return every version, each with the day on which the bureau retires it: for handing out.

    Raises:
        PublishedUnreadable: A published text was changed, or is of a later program.
    """
    return _libraries(session).handed_out


def published(session: Session) -> Library:
    """
    Return every version as it was published: what a task pins and a phone is sent.

    Raises:
        PublishedUnreadable: A published text was changed, or is of a later program.
    """
    return _libraries(session).as_published


def retirements(session: Session) -> dict[Version, date]:
    """Return the first day without it of every version that the bureau retired."""
    query = select(
        ChecklistRetirement.name, ChecklistRetirement.version, ChecklistRetirement.retired_on
    )
    return {(name, version): day for name, version, day in session.execute(query)}


def _libraries(session: Session) -> _Kept:
    packaged = load.packaged()
    hashes, retired = _hashes(session), retirements(session)
    last = _kept.get(packaged)
    if last is not None and (last.hashes, last.retired) == (hashes, retired):
        return last
    if last is not None and last.hashes == hashes:
        as_published = last.as_published
    else:
        as_published = _with_published(session, packaged, hashes) if hashes else packaged
    handed_out = _with_retirements(as_published, retired) if retired else as_published
    _kept.clear()
    _kept[packaged] = made = _Kept(hashes, retired, as_published, handed_out)
    return made


def _hashes(session: Session) -> dict[Version, str]:
    query = select(
        PublishedChecklist.name, PublishedChecklist.version, PublishedChecklist.content_sha256
    )
    return {(name, version): sha256 for name, version, sha256 in session.execute(query)}


def _with_published(session: Session, packaged: Library, hashes: Mapping[Version, str]) -> Library:
    """Add what was published; it comes before a text that a later program brings along."""
    said = _hashes_on_record(session, {name for name, _ in hashes})
    own = [_form(session, version, said.get(version)) for version in sorted(hashes)]
    taken = {form.ref for form in own}
    return Library([*(form for form in packaged if form.ref not in taken), *own])


def _hashes_on_record(session: Session, names: Iterable[str]) -> dict[Version, str]:
    """Return the hash of the body of every version, as the record said when it was published."""
    found: dict[Version, str] = {}
    leaves = (leaf for name in sorted(names) for leaf in record.leaves(session, case_of(name)))
    for leaf in leaves:
        if leaf.type == PUBLISHED:
            with suppress(ValueError, KeyError, TypeError):  # a leaf that was changed says nothing
                said = json.loads(leaf.content)["body"]
                found[said["checklist"], said["version"]] = said["body_sha256"]
    return found


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
    except (FormError, ValueError, RecursionError):  # ValueError: no JSON, or none of ours
        pass
    raise PublishedUnreadable(ref=f"{name}@{number}")


def _with_retirements(forms: Library, retired: Mapping[Version, date]) -> Library:
    return Library(
        replace(form, retired_on=retired.get((form.name, form.version), form.retired_on))
        for form in forms
    )
