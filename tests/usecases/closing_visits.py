"""Visits of which the record is closed, and what it then says."""

from inspect_server.domain.inspection import ClosedRecord
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.inspecting.close_record import RecordClosed, close_record
from inspect_server.usecases.work import Actor, Backend
from sync.entries import Op, make_op
from sync.ids import uuid7
from tests.usecases.bureau import open_bureau
from tests.usecases.phones import Phone, Visit


def dispatched_visit(backend: Backend) -> Visit:
    """A visit that nobody has begun."""
    bureau = open_bureau(backend)
    return Visit(bureau, bureau.dispatched()[0])


def answered_visit(backend: Backend) -> Visit:
    """A visit at which two arrived and all was found in order; nobody signed yet."""
    visit = dispatched_visit(backend)
    visit.start(0, 1)
    visit.answer_all()
    return visit


def signed_visit(backend: Backend) -> Visit:
    """A visit at which everything was as it should be."""
    visit = answered_visit(backend)
    visit.sign_all()
    return visit


def fail(visit: Visit, code: str) -> Phone:
    """The lead fails an item that had passed; return the phone for what is noted of it."""
    phone = visit.phone(0)
    before = [op.id for op in visit.operations() if op.item == f"answer/small/{code}"]
    phone.answer(code, "fail", before)
    return phone


def fresh_id() -> str:
    """An id as phones make them."""
    return uuid7(1_770_000_000_000)


def note(text: str) -> Op:
    """A note as a phone adds it."""
    return make_op("note.add", f"note/{fresh_id()}", {"text": text})


def close(visit: Visit, actor: Actor | None = None, stale_reason: str = "") -> RecordClosed:
    """Close the record, as its lead unless told otherwise."""
    with visit.backend.begin(actor or visit.bureau.inspector(0)) as work:
        return close_record(work, visit.inspection, stale_reason)


def record_of(visit: Visit) -> ClosedRecord:
    """Return the closed record."""
    with visit.backend.reading() as session:
        content = session.get_one(Inspection, visit.inspection).record
    assert content is not None
    return ClosedRecord.from_json(content)
