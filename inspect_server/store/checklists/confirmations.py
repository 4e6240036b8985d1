"""What people compared with the text since a checklist was published."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.body import content_sha256
from forms.confirming import Confirmation, with_confirmations
from forms.model import Form
from inspect_server.store.models.checklists import CitationConfirmation


def rows_of(session: Session, form: Form) -> Sequence[CitationConfirmation]:
    """Return every confirmation of this very text, withdrawn ones included, by time."""
    return session.scalars(
        select(CitationConfirmation)
        .where(
            CitationConfirmation.name == form.name,
            CitationConfirmation.version == form.version,
            CitationConfirmation.content_sha256 == content_sha256(form),
        )
        .order_by(CitationConfirmation.confirmed_at, CitationConfirmation.id)
    ).all()


def standing(session: Session, form: Form) -> tuple[Confirmation, ...]:
    """Return the confirmations of this very text that nobody withdrew."""
    return tuple(
        Confirmation(row.code, row.citation, row.article)
        for row in rows_of(session, form)
        if row.withdrawn_at is None
    )


def confirmed(session: Session, form: Form) -> Form:
    """Return the checklist with what is confirmed by now: for reading and suggesting only."""
    return with_confirmations(form, standing(session, form))
