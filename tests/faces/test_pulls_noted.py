"""A visit to come that a phone is given is noted, once; so is each look of an inspector."""

import pytest
from sqlalchemy import event, select

from inspect_server.domain.enums import Role
from inspect_server.store.models.identity import AuditEvent, User
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.accounts import acting_as, start_session
from inspect_server.usecases.disclosing import identities
from tests.actors import ALL_ROLES
from tests.faces.test_sync_phone import Evening, evening, small_form

__all__ = ["evening", "small_form"]
UNVISITED = "inspection.unannounced"


def looks(evening: Evening) -> list[tuple[str, str | None]]:
    with evening.bureau.backend.reading() as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == UNVISITED))
        found = [(row.actor, row.at, row.subject) for row in rows]
    return [(actor, subject) for actor, _, subject in sorted(found, key=lambda one: one[1:])]


def numbers(evening: Evening) -> list[str]:
    """All visits: the first officer is on the team of each."""
    with evening.bureau.backend.reading() as session:
        return sorted(session.scalars(select(Inspection.number)))


def user(evening: Evening, login: str) -> User:
    with evening.bureau.backend.reading() as session:
        return session.scalars(select(User).where(User.login == login)).one()


def test_the_first_pull_of_a_visit_to_come_is_noted_once_for_each_phone(evening: Evening) -> None:
    phone, other = evening.phone(0), evening.phone(0, "second")
    engine, statements = evening.bureau.backend.engine, []

    def heard(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    evening.sync(phone)
    once = looks(evening)
    event.listen(engine, "before_cursor_execute", heard)
    evening.sync(phone)
    event.remove(engine, "before_cursor_execute", heard)
    again = looks(evening)
    evening.sync(other)
    actor = f"user:{user(evening, 'officer0').id}"

    def given(replica: str) -> list[tuple[str, str]]:
        return [(actor, f"phone:{replica}/inspection:{one}") for one in numbers(evening)]

    assert once == again == given(phone.replica)
    assert not [one for one in statements if "audit_event" in one or "INSERT" in one]
    assert looks(evening) == sorted(given(phone.replica) + given(other.replica))


def test_nothing_is_handed_over_where_it_cannot_be_noted(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    phone = evening.phone(0)
    monkeypatch.setattr(identities, "_note", full)
    evening.sync(phone)

    assert not phone.tasks()


def test_a_look_of_an_inspector_on_the_console_is_noted_like_any_other(evening: Evening) -> None:
    held = evening.bureau.backend
    inspector, (first, last) = acting_as(held, "officer0"), numbers(evening)
    assert inspector.actor.roles == {Role.INSPECTOR}
    with held.begin(ALL_ROLES) as work:
        opened = start_session(work, inspector)
    with evening.client() as client:
        client.cookies.set("inspect", opened.token)
        assert first in client.get("/").text

    assert looks(evening) == [(inspector.actor.label, f"inspection:{first}..{last} (2)")]
