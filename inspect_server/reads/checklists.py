"""The checklists of the office: versions, what nobody compared yet, and who confirmed what."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import load
from forms.body import content_sha256
from forms.confirming import Unconfirmed, unconfirmed
from forms.errors import FormError
from forms.model import Form, Major
from inspect_server.reads.people import names_of
from inspect_server.store import checklists
from inspect_server.store.models.checklists import PublishedChecklist


@dataclass(frozen=True)
class VersionRow:
    """One version of a checklist."""

    ref: str  # name@version
    title: str
    effective_from: date
    retired_on: date | None  # the first day without it
    on_request: bool
    is_own: bool  # published by the bureau, not brought along by the program
    items: int  # that somebody answers
    major: int  # items of which a failure is a 重大事故隐患 (★)
    focus: int  # items of the bureau's 执法检查重点事项清单
    unconfirmed: int  # citations of items that nobody compared with the text
    confirmed: int  # citations that were compared after publication
    content_sha256: str


@dataclass(frozen=True)
class ConfirmationRow:
    """A citation that somebody compared with the text after publication."""

    code: str
    citation: str
    article: str  # of a citation that had none
    source: str
    at: datetime
    by: str  # the account's name
    withdrawn_at: datetime | None
    withdrawn_by: str
    reason: str  # of the withdrawal


@dataclass(frozen=True)
class VersionPage:
    """One version with what is confirmed of it, and what is not."""

    row: VersionRow
    form: Form  # as published
    unconfirmed: tuple[Unconfirmed, ...]
    confirmations: tuple[ConfirmationRow, ...]  # by time, withdrawn ones included


def versions(session: Session) -> tuple[VersionRow, ...]:
    """Return every version of every checklist, by name and version."""
    own = _own(session)
    return tuple(
        _row(form, checklists.confirmed(session, form), own) for form in checklists.library(session)
    )


def packaged_versions() -> tuple[VersionRow, ...]:
    """Return the versions that come with the program: all there are before there is a database."""
    return tuple(_row(form, form, frozenset()) for form in load.packaged())


def one(session: Session, name: str, version: int) -> VersionPage:
    """
    Return one version.

    Raises:
        FormNotFound: There is no such version.
    """
    form = checklists.published(session).get(name, version)
    handed_out = checklists.library(session).get(name, version)
    seen = checklists.confirmed(session, form)
    return VersionPage(
        row=_row(handed_out, seen, _own(session)),
        form=form,
        unconfirmed=unconfirmed(seen),
        confirmations=_confirmations(session, form),
    )


@dataclass(frozen=True)
class Choice:
    """A checklist that is used only where somebody asks for it."""

    name: str
    title: str
    items: int


def on_request(session: Session) -> tuple[Choice, ...]:
    """Return what may be asked for by name, now or later, as its newest version says."""
    newest = {form.name: form for form in checklists.library(session)}
    return tuple(
        Choice(form.name, form.title, sum(item.is_asked for item in form.items))
        for form in newest.values()
        if form.on_request and form.retired_on is None
    )


def titles(session: Session, pinned: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return what pinned checklists are called; one no longer carried keeps its short name."""
    try:
        library = checklists.published(session)
    except FormError:
        library = None
    known = {(form.name, form.version): form.title for form in library or ()}
    return {key: known.get(key, key[0]) for key in pinned}


def _own(session: Session) -> Set[tuple[str, int]]:
    query = select(PublishedChecklist.name, PublishedChecklist.version)
    return {(name, version) for name, version in session.execute(query)}


def _row(form: Form, seen: Form, own: Set[tuple[str, int]]) -> VersionRow:
    """Return a version; `seen` is it with what was confirmed since."""
    now = unconfirmed(seen)
    return VersionRow(
        ref=form.ref,
        title=form.title,
        effective_from=form.effective_from,
        retired_on=form.retired_on,
        on_request=form.on_request,
        is_own=(form.name, form.version) in own,
        items=sum(item.is_asked for item in form.items),
        major=sum(item.major is Major.YES for item in form.items),
        focus=sum(item.focus for item in form.items),
        unconfirmed=len(now),
        confirmed=len(unconfirmed(form)) - len(now),
        content_sha256=content_sha256(form),
    )


def _confirmations(session: Session, form: Form) -> tuple[ConfirmationRow, ...]:
    rows = checklists.rows_of(session, form)
    labels = [label for row in rows for label in (row.confirmed_by, row.withdrawn_by or "")]
    names = names_of(session, labels)
    return tuple(
        ConfirmationRow(
            code=row.code,
            citation=row.citation,
            article=row.article,
            source=row.source,
            at=row.confirmed_at,
            by=names[row.confirmed_by],
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=names[row.withdrawn_by or ""],
            reason=row.withdraw_reason or "",
        )
        for row in rows
    )
