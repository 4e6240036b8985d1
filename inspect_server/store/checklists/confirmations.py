"""What people compared with the text since a checklist was published."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.body import content_sha256
from forms.confirming import Confirmation, with_confirmations
from forms.errors import FormError
from forms.model import Form
from inspect_server.domain.record import BROKEN
from inspect_server.store.models.checklists import CitationConfirmation


class ConfirmationsUnreadable(FormError):
    """A row of what was confirmed holds what nobody confirmed; it is no basis for a document."""

    code, kind = "forms.confirmations_unreadable", "broken"
    message = (
        "检查表 {ref} 的核对登记不能读取，请运行 inspect-server record verify 核验，"
        "并从备份恢复数据库。"
    )


def rows_of(session: Session, form: Form) -> Sequence[CitationConfirmation]:
    """
    Return every confirmation of this very text, withdrawn ones included, by time.

    Raises:
        ConfirmationsUnreadable: A row was changed into something that is none.
    """
    query = (
        select(CitationConfirmation)
        .where(
            CitationConfirmation.name == form.name,
            CitationConfirmation.version == form.version,
            CitationConfirmation.content_sha256 == content_sha256(form),
        )
        .order_by(CitationConfirmation.confirmed_at, CitationConfirmation.id)
    )
    try:
        rows = session.scalars(query).all()
    except BROKEN:
        raise ConfirmationsUnreadable(ref=form.ref) from None
    if not all(map(_is_of_texts, rows)):
        raise ConfirmationsUnreadable(ref=form.ref)
    return rows


def _is_of_texts(row: CitationConfirmation) -> bool:
    """Return whether the columns of texts hold texts; SQLite keeps bytes there, too."""
    said = (row.code, row.citation, row.article, row.source, row.confirmed_by)
    later = (row.withdrawn_by, row.withdraw_reason)
    return all(isinstance(one, str) for one in (*said, *filter(None, later)))


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
