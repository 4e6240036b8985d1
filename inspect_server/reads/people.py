"""Names for the labels that records carry."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.store.models.identity import User


def names_of(session: Session, labels: Collection[str]) -> dict[str, str]:
    """
    Return what to show for each actor label.

    `user:<uuid>` becomes the account's name, a part of the system 系统, "" stays empty; an account
    that is not known here stays the label itself.
    """
    ids = {UUID(label.removeprefix("user:")) for label in labels if label.startswith("user:")}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    known = {f"user:{id}": name for id, name in rows}
    return {
        label: "系统" if label.startswith("system:") else known.get(label, label)
        for label in labels
    }
