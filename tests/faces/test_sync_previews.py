"""Previews over the wire: whose they are, and that the description says what comes."""

import hashlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
import schemathesis
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from inspect_server.app import create_app
from inspect_server.store.models.journal import Replica
from inspect_server.usecases.phones import preview_document as previews
from inspect_server.usecases.work import Backend
from sync import protocol
from sync.previews import PREVIEWS, PreviewReply, PreviewRequest
from tests.actors import ALL_ROLES
from tests.conformance_journal import Hand
from tests.faces.sync_wire import Wire, problem
from tests.usecases.bureau import small_form
from tests.usecases.closing_visits import answered_visit
from tests.usecases.phones import Phone, Visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")
TOKEN = "token"


@pytest.fixture
def visit(sqlite_backend: Backend) -> Visit:
    return answered_visit(sqlite_backend)


@pytest.fixture
def lead(visit: Visit) -> Wire:
    return wire(visit, visit.phone(0))


def wire(visit: Visit, phone: Phone, client: FlaskClient | None = None) -> Wire:
    """Return the connection of an enrolled phone that has logged in."""
    with visit.backend.begin(ALL_ROLES) as work:
        token = hashlib.sha256(TOKEN.encode()).hexdigest()
        change = update(Replica).where(Replica.id == phone.replica)
        work.session.execute(change.values(pull_token_sha256=token))
    hand = cast(Hand, SimpleNamespace(id=phone.replica, key=phone.key))
    return Wire(client or create_app(visit.backend).test_client(), hand, TOKEN)


def ask(wire: Wire, inspection: object, document: Any = "record", paper: Any = "a4") -> Any:
    return wire.post(PREVIEWS, PreviewRequest(str(inspection), document, paper))


def described(wire: Wire, reply: TestResponse) -> None:
    """Hold an answer to the OpenAPI description."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", wire.client.application)
    schema[PREVIEWS]["POST"].validate_response(reply)


def test_a_phone_of_the_team_gets_the_document_and_what_it_lacks(visit: Visit, lead: Wire) -> None:
    reply = ask(lead, visit.inspection)
    made = protocol.decode(PreviewReply, reply.get_data())

    described(lead, reply)
    assert reply.headers["Cache-Control"] == "no-store"
    assert made.pdf_b64.startswith(b"%PDF-")
    assert [one.code for one in made.lacking] == ["record.signature_missing"] * 3
    assert (made.stage, made.number) == ("open", "2026-0001")


def test_a_refusal_is_the_described_one(visit: Visit, lead: Wire) -> None:
    nothing = ask(lead, visit.inspection, "order")
    unknown = ask(lead, uuid4())
    for reply in (nothing, unknown):
        described(lead, reply)

    assert problem(nothing) == (409, "preview.nothing_ordered")
    assert problem(unknown) == (403, "sync.not_in_scope")


def test_neither_a_stranger_nor_a_revoked_phone_sees_it(visit: Visit, lead: Wire) -> None:
    stranger, member = (wire(visit, visit.phone(n), lead.client) for n in (2, 1))
    before = ask(member, visit.inspection).status_code
    with visit.backend.begin(ALL_ROLES) as work:
        revoked = update(Replica).where(Replica.id == member.hand.id)
        work.session.execute(revoked.values(revoked_at=work.now))

    assert before == 200
    assert problem(ask(member, visit.inspection)) == (403, "sync.revoked")
    assert problem(ask(stranger, visit.inspection)) == (403, "sync.not_in_scope")
    assert ask(lead, visit.inspection).status_code == 200


def test_who_finds_no_place_is_told_when_to_come_again(visit: Visit, lead: Wire) -> None:
    places = previews.AT_ONCE + previews.WAITING
    for _ in range(places):
        assert previews._places.acquire(blocking=False)
    try:
        told = ask(lead, visit.inspection)
        elsewhere = ask(lead, uuid4())
    finally:
        previews._places.release(places)

    described(lead, told)
    assert problem(told) == (503, "sync.unavailable")
    assert int(told.headers["Retry-After"]) > 0
    assert problem(elsewhere) == (403, "sync.not_in_scope")  # before any place is looked for


def test_without_the_login_or_the_signature_nothing_is_shown(visit: Visit, lead: Wire) -> None:
    logged_out = replace(lead, token="another")
    unsigned = lead.client.post(PREVIEWS, json={"inspection": str(visit.inspection)})

    assert problem(ask(logged_out, visit.inspection)) == (401, "sync.login")
    assert problem(unsigned)[0] == 401


def test_what_is_no_question_is_told_so(lead: Wire) -> None:
    task = str(UUID(int=10))
    questions = [
        ("2026-0001", "record", "a4"),
        (task.upper(), "record", "a4"),
        (task, "letter", "a4"),
        (task, "record", "80"),
    ]

    told = {problem(ask(lead, *question)) for question in questions}

    assert told == {(400, "sync.envelope")}
