"""Whom a step concerns is asked by the step itself, whichever face, command or job calls it."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from inspect_server import usecases
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import Forbidden, InspectError, NotFound
from inspect_server.domain.inspection import EndReason, StepNotAllowed
from inspect_server.gateways.pdf_signing.errors import NotSigned
from inspect_server.gateways.pdf_signing.said import Said
from inspect_server.reads.visibility import may_see
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.documents.issue_document import issue_documents, void_document
from inspect_server.usecases.documents.signing.sign_document import sign_document
from inspect_server.usecases.inspecting.close_record import close_record
from inspect_server.usecases.inspecting.dispatch import (
    approve_scheme,
    dispatch,
    reassign,
    refresh_scheme,
)
from inspect_server.usecases.inspecting.end_inspection import end_inspection
from inspect_server.usecases.journal.inbox import accept_entry, decline_entry, revoke_replica
from inspect_server.usecases.journal.settle_conflict import settle_conflict
from inspect_server.usecases.work import Actor, Backend, Work
from sync.entries import make_op
from sync.ids import uuid7
from tests.scenes import scene
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

Step = Callable[[Work, "Things"], object]
WHY = "核对后处理"
SUPERVISOR, INSPECTOR = Role.SUPERVISOR, Role.INSPECTOR


class Things:
    """One inspection of 一科 and what belongs to it."""

    def __init__(self, backend: Backend) -> None:
        self.bureau = open_bureau(backend)
        self.inspection, self.undone = self.bureau.dispatched()
        visit = Visit(self.bureau, self.inspection, at=datetime(2026, 3, 5, 1, 30, tzinfo=UTC))
        visit.start(0, 1)
        visit.answer_all()
        visit.sign_all()
        with backend.begin(self.bureau.inspector(0)) as work:
            close_record(work, self.inspection)
            self.document = issue_documents(work, self.inspection).documents[0].id
        note = make_op(
            "note.add", f"note/{uuid7(int(visit.at.timestamp() * 1000))}", {"text": "迟"}
        )
        self.entry = visit.phone(0).save(note, effect="quarantined")[0].partition("#")[0]
        self.phone = visit.phone(0).replica


class _Unwilling:
    """A signer that gives nothing: whoever gets as far as to it was let in."""

    certificate_sha256 = ""

    def sign(self, pdf: bytes, said: Said) -> bytes:
        raise NotSigned(reason="试验")


def _sign(work: Work, things: Things) -> None:
    """Sign as the command line does: in transactions of its own."""
    work.session.rollback()
    sign_document(things.bureau.backend, work.actor, _Unwilling(), things.document)


STEPS: dict[str, tuple[Step, set[Role]]] = {
    "approve_scheme": (lambda w, it: approve_scheme(w, it.inspection), {SUPERVISOR, Role.APPROVER}),
    "dispatch": (lambda w, it: dispatch(w, it.inspection), {SUPERVISOR, Role.APPROVER}),
    "refresh_scheme": (lambda w, it: refresh_scheme(w, it.inspection), {SUPERVISOR, Role.APPROVER}),
    "reassign": (
        lambda w, it: reassign(w, it.inspection, uuid4(), uuid4(), "illness"),
        {SUPERVISOR, Role.APPROVER},
    ),
    "end_inspection": (
        lambda w, it: end_inspection(w, it.inspection, EndReason.CLOSED),
        {SUPERVISOR, Role.APPROVER},
    ),
    "close_record": (
        lambda w, it: close_record(w, it.inspection),
        {INSPECTOR, SUPERVISOR, Role.APPROVER},
    ),
    "issue_documents": (
        lambda w, it: issue_documents(w, it.inspection),
        {INSPECTOR, SUPERVISOR, Role.APPROVER, Role.OFFICE},
    ),
    "void_document": (
        lambda w, it: void_document(w, it.document, WHY),
        {SUPERVISOR, Role.APPROVER, Role.OFFICE},
    ),
    "sign_document": (
        _sign,
        {SUPERVISOR, Role.APPROVER, Role.OFFICE},
    ),
    "settle_conflict": (
        lambda w, it: settle_conflict(w, it.inspection, "answer/small/A1", "0#0", WHY),
        {INSPECTOR},
    ),
    "accept_entry": (lambda w, it: accept_entry(w, it.entry, WHY), {SUPERVISOR}),
    "decline_entry": (lambda w, it: decline_entry(w, it.entry, WHY), {SUPERVISOR}),
    "revoke_replica": (
        lambda w, it: revoke_replica(w, it.phone, WHY),
        {SUPERVISOR, Role.SYSTEM_ADMIN},
    ),
}
NAMING = {"inspection_id", "document_id", "entry_hash", "replica_id"}
WITHIN = {
    # Called by steps that asked already, or the question itself.
    *("open_case", "publish_task", "withdraw_task", "close_task", "show_task"),
    # Reads that keep to what `reads.visibility` shows, and leave a trace of it.
    "note_photo_opened",
    # Prepares photos for the step that asks, and shows them to nobody.
    "prints_of",
    # A phone proves itself by its key and its token, and pulls what its account's scopes hold.
    *("public_key", "check_token", "replica_state", "wanted"),
}


@pytest.fixture
def things(sqlite_backend: Backend) -> Things:
    return scene(Things)(sqlite_backend)


def _anybody(role: Role, unit: str, officer: UUID | None = None) -> Actor:
    return Actor(f"user:{uuid4()}", frozenset({role}), uuid4(), officer, unit)


def _try(things: Things, name: str, actor: Actor) -> InspectError | None:
    """Take a step and take it back; return why it was refused."""
    try:
        with things.bureau.backend.begin(actor) as work:
            STEPS[name][0](work, things)
            work.session.rollback()
            return None
    except InspectError as refused:
        return refused


def _is_kept_out(refused: InspectError | None) -> bool:
    return type(refused) in (Forbidden, NotFound)


def test_every_step_that_names_a_case_stands_in_this_table() -> None:
    modules = [
        importlib.import_module(one.name)
        for one in pkgutil.walk_packages(usecases.__path__, "inspect_server.usecases.")
    ]
    found = {
        name
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if NAMING & set(inspect.signature(function).parameters)
    }

    assert found - WITHIN == set(STEPS)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_asks_the_role_and_whose_case_it_is(things: Things, name: str) -> None:
    allowed, wrong = STEPS[name][1], []
    whole = {Role.APPROVER, Role.OFFICE, Role.SYSTEM_ADMIN}
    for role in Role:
        for unit in ("一科", "二科"):
            refused = _try(things, name, _anybody(role, unit, things.bureau.officers[4]))
            is_own = role in whole or (role is SUPERVISOR and unit == "一科")
            if _is_kept_out(refused) == (role in allowed and is_own):
                wrong.append((role, unit, refused))

    assert wrong == []


@pytest.mark.parametrize("name", STEPS)
def test_what_concerns_somebody_in_no_way_is_not_there_for_them(things: Things, name: str) -> None:
    role = SUPERVISOR if SUPERVISOR in STEPS[name][1] else INSPECTOR

    refused = _try(things, name, _anybody(role, "二科", things.bureau.officers[4]))

    assert type(refused) is NotFound


@pytest.mark.parametrize("name", STEPS)
def test_the_server_itself_takes_no_step_in_a_case(things: Things, name: str) -> None:
    refused = _try(things, name, Actor.system("jobs"))

    assert (type(refused) is Forbidden) == (name != "revoke_replica")


@pytest.mark.parametrize("name", ["approve_scheme", "dispatch", "reassign", "refresh_scheme"])
def test_who_supervises_one_unit_supervises_nothing_where_they_only_inspect(
    things: Things, name: str
) -> None:
    own = things.bureau.inspector(1)
    both = Actor(own.label, frozenset({INSPECTOR, SUPERVISOR}), own.user_id, own.officer_id, "二科")

    refused = _try(things, name, both)

    with things.bureau.backend.reading() as session:
        assert may_see(session, both, things.inspection)
    assert type(refused) is Forbidden


def test_a_member_who_supervises_elsewhere_does_not_close_for_the_lead(things: Things) -> None:
    own = things.bureau.inspector(1)
    both = Actor(own.label, frozenset({INSPECTOR, SUPERVISOR}), own.user_id, own.officer_id, "二科")

    refused = {
        who: type(_try(things, "close_record", actor))
        for who, actor in (("member", both), ("lead", things.bureau.inspector(0)))
    }

    assert refused["member"] is Forbidden
    assert refused["lead"] not in (Forbidden, NotFound)


def test_a_withdrawn_role_takes_the_lead_with_it(things: Things) -> None:
    lead = things.bureau.inspector(0)
    bare = Actor(lead.label, frozenset(), lead.user_id, lead.officer_id, lead.unit)

    for name in ("close_record", "issue_documents", "settle_conflict"):
        assert type(_try(things, name, bare)) is Forbidden


def test_a_unit_that_moves_takes_its_cases_along(things: Things) -> None:
    with things.bureau.backend.begin(things.bureau.author) as work:
        work.session.get_one(Inspection, things.undone).unit = "二科"
    things.inspection = things.undone

    assert type(_try(things, "dispatch", _anybody(SUPERVISOR, "一科"))) is NotFound
    assert type(_try(things, "dispatch", _anybody(SUPERVISOR, "二科"))) is StepNotAllowed
