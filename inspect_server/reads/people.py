"""Names for the labels that records carry."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import Replica

PHONE = "replica:"


def names_of(session: Session, labels: Collection[str]) -> dict[str, str]:
    """
    Return what to show for each actor label.

    `user:<uuid>` becomes the account's name, `replica:<id>` the name of the phone's account, a part
    of the system 系统, "" stays empty; what is not known here stays the label itself.
    """
    ids = {UUID(label.removeprefix("user:")) for label in labels if label.startswith("user:")}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    known = {f"user:{id}": name for id, name in rows} | _holders(session, labels)
    return {
        label: "系统" if label.startswith("system:") else known.get(label, label)
        for label in labels
    }


def _holders(session: Session, labels: Collection[str]) -> dict[str, str]:
    ids = {label.removeprefix(PHONE) for label in labels if label.startswith(PHONE)}
    rows = session.execute(
        select(Replica.id, User.name)
        .join(User, User.id == Replica.user_id)
        .where(Replica.id.in_(ids))
    )
    return {f"{PHONE}{id}": f"{name}（手机）" for id, name in rows}
