"""Published copies: the newest of each subject, what a batch is made of, and adding to them."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, func, insert, select
from sqlalchemy.orm import Session, aliased

from inspect_server.domain.disclosure import Result
from inspect_server.domain.record import canonical, moment
from inspect_server.store.documents import keep_blob
from inspect_server.store.drawing.replacements import was_chosen
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.disclosure import (
    NoticeKind,
    PublishedFile,
    PublishedNotice,
    PublishedResult,
    StatedResult,
)
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.planning import Draw, DrawLeaf, DrawState, HashChain, Plan
from inspect_server.store.models.planning import PlanState as State
from inspect_server.store.models.registry import Enterprise
from inspect_server.store.models.replacing import DrawCertificate, DrawVoid


@dataclass(frozen=True)
class TaskRow:
    """One enterprise that a draw chose, with its check as far as there is one."""

    commitment: str
    cell: str
    salt: bytes
    record: str
    enterprise_id: UUID
    visit_id: UUID | None  # of its inspection, None while no scheme was made
    number: str
    closed_at: datetime | None
    closed_record: Mapping[str, Any] | None
    stated: Result | None
    stated_reason: str
    stated_on: date | None

    @property
    def identity(self) -> dict[str, str]:
        """Return the record as it was committed to."""
        found: dict[str, str] = json.loads(self.record)
        return found


def add_notice(
    session: Session,
    kind: NoticeKind,
    subject: str,
    *,
    year: int,
    body: dict[str, Any],
    at: datetime,
    by: str,
    reason: str = "",
) -> PublishedNotice:
    """Add a notice as the next revision of its subject."""
    before = newest_notice(session, kind, subject)
    row = PublishedNotice(
        id=uuid4(),
        kind=kind,
        subject=subject,
        revision=1 if before is None else before.revision + 1,
        year=year,
        body=body,
        reason=reason,
        published_at=at,
        published_by=by,
    )
    session.add(row)
    session.flush()
    return row


def newest_notice(session: Session, kind: NoticeKind, subject: str) -> PublishedNotice | None:
    """Return the notice of a subject that is in force."""
    return session.scalar(
        select(PublishedNotice)
        .where(PublishedNotice.kind == kind, PublishedNotice.subject == subject)
        .order_by(PublishedNotice.revision.desc())
        .limit(1)
    )


def newest_notices(session: Session, *kinds: NoticeKind) -> Sequence[PublishedNotice]:
    """Return the notices in force of these kinds, the last published first."""
    later = aliased(PublishedNotice)
    is_newest = ~(
        select(later.id)
        .where(
            later.kind == PublishedNotice.kind,
            later.subject == PublishedNotice.subject,
            later.revision > PublishedNotice.revision,
        )
        .exists()
    )
    return session.scalars(
        select(PublishedNotice)
        .where(PublishedNotice.kind.in_(kinds), is_newest)
        .order_by(PublishedNotice.published_at.desc(), PublishedNotice.subject.desc())
    ).all()


def notices_of(session: Session, kind: NoticeKind, subject: str) -> Sequence[PublishedNotice]:
    """Return every revision of a notice, the first one first."""
    return session.scalars(
        select(PublishedNotice)
        .where(PublishedNotice.kind == kind, PublishedNotice.subject == subject)
        .order_by(PublishedNotice.revision)
    ).all()


def files_of(session: Session, notice_id: UUID) -> Sequence[PublishedFile]:
    """Return the files of a notice, by name."""
    return session.scalars(
        select(PublishedFile)
        .where(PublishedFile.notice_id == notice_id)
        .order_by(PublishedFile.name)
    ).all()


def add_file(
    session: Session,
    notice_id: UUID,
    name: str,
    sha256: str,
    size: int,
    mime: str,
    at: datetime,
) -> None:
    """Add a file to a batch's notice; its bytes are read again in the nights like all others."""
    keep_blob(session, Blob(sha256=sha256, size=size, mime=mime, created_at=at))
    session.add(PublishedFile(notice_id=notice_id, name=name, sha256=sha256, size=size))
    session.flush()


def add_results(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert results; every row is complete."""
    if listed := [{"id": uuid4(), **row} for row in rows]:
        session.execute(insert(PublishedResult), listed)


def newest_results(draw_no: str) -> ColumnElement[bool]:
    """Return the condition for the results in force of one draw."""
    later = aliased(PublishedResult)
    is_newest = ~(
        select(later.id)
        .where(
            later.draw_no == PublishedResult.draw_no,
            later.commitment == PublishedResult.commitment,
            later.revision > PublishedResult.revision,
        )
        .exists()
    )
    return and_(PublishedResult.draw_no == draw_no, is_newest)


def results(session: Session, draw_no: str, *, every: bool = False) -> Sequence[PublishedResult]:
    """Return the results of one draw in force, or with every earlier one, by code."""
    condition = PublishedResult.draw_no == draw_no if every else newest_results(draw_no)
    return session.scalars(
        select(PublishedResult)
        .where(condition)
        .order_by(PublishedResult.uscc, PublishedResult.commitment, PublishedResult.revision)
    ).all()


def results_sha256(session: Session, draw_no: str) -> str:
    """Return the hash over every published result of a draw, each column but the row's own name."""
    columns = [one for one in PublishedResult.__table__.columns if one.name != "id"]
    found = session.execute(
        select(*columns)
        .where(PublishedResult.draw_no == draw_no)
        .order_by(PublishedResult.commitment, PublishedResult.revision)
    )
    plain = [{name: _plain(value) for name, value in row.items()} for row in found.mappings()]
    return hashlib.sha256(canonical(plain).encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case _:
            return value


def draws_with_results(session: Session) -> set[str]:
    """Return the numbers of the draws of which results are public."""
    return set(session.scalars(select(PublishedResult.draw_no).distinct()))


def certificate_of(session: Session, draw: Draw) -> str | None:
    """Return the draw's certificate in force: the first, or the last one issued anew."""
    newest = session.scalar(
        select(DrawCertificate.certificate)
        .where(DrawCertificate.draw_id == draw.id)
        .order_by(DrawCertificate.version.desc())
        .limit(1)
    )
    return draw.certificate if newest is None else newest


def voided_at(session: Session, draw_id: UUID) -> datetime | None:
    """Return when a draw became void."""
    return session.scalar(select(func.max(DrawVoid.voided_at)).where(DrawVoid.draw_id == draw_id))


def tasks(session: Session, draw_id: UUID) -> list[TaskRow]:
    """Return every enterprise that a draw chose, those that came in later too, by commitment."""
    found = session.execute(
        select(DrawLeaf, Inspection, StatedResult)
        .outerjoin(
            Inspection,
            and_(
                Inspection.draw_id == DrawLeaf.draw_id,
                Inspection.enterprise_id == DrawLeaf.enterprise_id,
            ),
        )
        .outerjoin(
            StatedResult,
            and_(
                StatedResult.draw_id == DrawLeaf.draw_id,
                StatedResult.enterprise_id == DrawLeaf.enterprise_id,
            ),
        )
        .where(DrawLeaf.draw_id == draw_id, was_chosen())
        .order_by(DrawLeaf.commitment)
    )
    return [_task(leaf, visit, stated) for leaf, visit, stated in found]


def _task(leaf: DrawLeaf, visit: Inspection | None, stated: StatedResult | None) -> TaskRow:
    return TaskRow(
        commitment=leaf.commitment,
        cell=leaf.label,
        salt=leaf.salt,
        record=leaf.record,
        enterprise_id=leaf.enterprise_id,
        visit_id=visit.id if visit else None,
        number=visit.number if visit else "",
        closed_at=visit.closed_at if visit else None,
        closed_record=visit.record if visit else None,
        stated=stated.result if stated else None,
        stated_reason=stated.reason if stated else "",
        stated_on=stated.stated_on if stated else None,
    )


@dataclass(frozen=True)
class LeafRow:
    """One enterprise of a draw's registry, in the pool or out of it."""

    commitment: str
    label: str
    included: bool
    salt: bytes
    record: dict[str, str]


def leaf_of(session: Session, draw_id: UUID, uscc: str) -> LeafRow | None:
    """Return the leaf that a draw committed to for the enterprise of this code."""
    leaf = session.scalar(
        select(DrawLeaf)
        .join(Enterprise, Enterprise.id == DrawLeaf.enterprise_id)
        .where(DrawLeaf.draw_id == draw_id, Enterprise.uscc == uscc)
    )
    if leaf is None:
        return None
    return LeafRow(leaf.commitment, leaf.label, leaf.included, leaf.salt, json.loads(leaf.record))


def draws_with_a_result(session: Session) -> Sequence[Draw]:
    """Return every revealed or void draw, the oldest first."""
    return session.scalars(
        select(Draw).where(Draw.state != DrawState.COMMITTED).order_by(Draw.committed_at)
    ).all()


def sealed_before(session: Session, draw: Draw) -> list[str]:
    """Return the numbers of the draws revealed before a draw's commit that are not public yet."""
    is_public = (
        select(PublishedNotice.id)
        .where(PublishedNotice.kind == NoticeKind.BATCH, PublishedNotice.subject == Draw.draw_no)
        .exists()
    )
    return list(
        session.scalars(
            select(Draw.draw_no)
            .where(Draw.id != draw.id, Draw.revealed_at <= draw.committed_at, ~is_public)
            .order_by(Draw.draw_no)
        )
    )


def unpublished(
    session: Session,
) -> tuple[Sequence[HashChain], Sequence[Plan], Sequence[Draw]]:
    """Return the chains, plans in force and draws of which there is no notice at all."""

    def missing(kind: NoticeKind, subject: Any) -> ColumnElement[bool]:
        return ~(
            select(PublishedNotice.id)
            .where(PublishedNotice.kind == kind, PublishedNotice.subject == subject)
            .exists()
        )

    chains = select(HashChain).where(missing(NoticeKind.ANCHOR, HashChain.anchor_hex))
    draws = select(Draw).where(missing(NoticeKind.COMMIT, Draw.draw_no))
    years = {row.subject for row in newest_notices(session, NoticeKind.RULES)}
    plans = session.scalars(select(Plan).where(Plan.state == State.APPROVED)).all()
    return (
        session.scalars(chains.order_by(HashChain.created_at)).all(),
        [plan for plan in plans if str(plan.year) not in years],
        session.scalars(draws.order_by(Draw.committed_at)).all(),
    )
