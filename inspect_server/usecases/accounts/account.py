"""An account as the rest of the program knows it, and the trace that every change of it leaves."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput
from inspect_server.domain.identity import check_login
from inspect_server.store import identity as store
from inspect_server.store.models.identity import User
from inspect_server.usecases.work import Actor, Work


@dataclass(frozen=True)
class SignedIn:
    """An account whose password, or whose session, held."""

    user_id: UUID
    login: str
    name: str
    unit: str
    roles: frozenset[Role]
    officer_id: UUID | None

    @property
    def actor(self) -> Actor:
        """Who then acts."""
        return Actor(
            label=f"user:{self.user_id}",
            roles=self.roles,
            user_id=self.user_id,
            officer_id=self.officer_id,
            unit=self.unit,
        )


def signed_in(user: User) -> SignedIn:
    """Return an account without what belongs to the store."""
    return SignedIn(
        user_id=user.id,
        login=user.login,
        name=user.name,
        unit=user.unit,
        roles=frozenset(Role(role) for role in user.roles),
        officer_id=user.officer_id,
    )


def plain_login(login: str) -> str:
    """Return the one form of a login that somebody typed; "" when it can be nobody's."""
    try:
        return check_login(login)
    except BadInput:
        return ""


def token_digest(token: str) -> str:
    """Return the SHA-256 under which a session's token is stored."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def audit(work: Work, action: str, subject: UUID | None, outcome: str) -> None:
    """Append to the audit what was done with an account."""
    store.audit(
        work.session,
        at=work.now,
        actor=work.actor.label,
        action=action,
        subject=None if subject is None else f"user:{subject}",
        outcome=outcome,
    )
