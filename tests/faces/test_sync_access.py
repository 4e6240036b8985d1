"""Who may no longer come in downloads nothing more, and still delivers what was captured."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from inspect_server.domain.enums import Role
from inspect_server.store import identity
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import Replica
from inspect_server.store.models.registry import Officer
from inspect_server.usecases import accounts
from inspect_server.usecases.work import Work
from sync import entries, protocol
from tests.actors import ALL_ROLES
from tests.conformance_journal import answer
from tests.faces.sync_wire import Scene, Wire, problem, scene

__all__ = ["scene"]


def _new_password(work: Work, user: User) -> None:
    accounts.set_password(work, user.login, "Xin-mima-2026-dust")


def _closed(work: Work, user: User) -> None:
    accounts.disable_user(work, user.login)


def _sessions_ended(work: Work, user: User) -> None:
    identity.delete_sessions_of(work.session, user.id)


def _role_lost(work: Work, user: User) -> None:
    user.roles = [Role.OFFICE.value]


def _locked(work: Work, user: User) -> None:
    user.locked_until = work.now + timedelta(minutes=15)


def _left(work: Work, user: User) -> None:
    officer = Officer(
        id=uuid4(),
        name="李四",
        cert_no="320100001",
        cert_valid_from=work.now.date(),
        cert_valid_to=work.now.date(),
        unit="一科",
        specialties=[],
        may_lead=True,
        active=False,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(officer)
    work.session.flush()
    user.officer_id = officer.id


def _happens(scene: Scene, wire: Wire, step: Callable[[Work, User], None]) -> None:
    with scene.backend.begin(ALL_ROLES) as work:
        step(work, work.session.get_one(User, UUID(wire.hand.user)))


def _pull(wire: Wire) -> Any:
    return wire.post(protocol.PULL, protocol.PullRequest(""))


LOGIN, NO_INSPECTOR = (401, "sync.login"), (403, "sync.not_inspecting")


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (_new_password, LOGIN),
        (_closed, LOGIN),
        (_sessions_ended, LOGIN),
        (_locked, LOGIN),
        (_role_lost, NO_INSPECTOR),  # a login would hold, and change nothing
        (_left, NO_INSPECTOR),
    ],
)
def test_its_phone_downloads_nothing_more_and_still_delivers(
    scene: Scene, step: Callable[[Work, User], None], told: tuple[int, str]
) -> None:
    captured = scene.lead.hand.save(scene.assignment, answer("D01"))
    assert _pull(scene.lead).status_code == 200
    _happens(scene, scene.lead, step)

    assert problem(_pull(scene.lead)) == told
    assert scene.lead.push(scene.epoch, captured).results[0].effect == "applied"
    assert scene.lead.receipt(1, scene.lead.hand.prev, []).status_code == 200
    assert _pull(scene.member).status_code == 200


def test_a_lock_that_is_over_lets_the_phone_download_again(scene: Scene) -> None:
    _happens(scene, scene.lead, _locked)

    def unlock(_work: Work, user: User) -> None:
        user.locked_until = None

    refused = _pull(scene.lead).status_code
    _happens(scene, scene.lead, unlock)

    assert (refused, _pull(scene.lead).status_code) == (401, 200)


def test_a_receipt_walks_its_chain_once_and_others_may_write_meanwhile(scene: Scene) -> None:
    sent = scene.lead.hand.save(scene.assignment, answer())
    scene.lead.push(scene.epoch, sent)

    def walk(journal: SqlJournal, *where: Any) -> Any:
        with scene.backend.begin(ALL_ROLES) as work:
            work.session.execute(update(Replica).values(label="另一部手机"))
        return chain(journal, *where)

    chain = SqlJournal.chain
    with patch.object(SqlJournal, "chain", autospec=True, side_effect=walk) as walked:
        assert scene.lead.receipt(1, scene.lead.hand.prev, []).status_code == 200
    assert walked.call_count == 1


@pytest.mark.parametrize("after", [1, 2**53, 2**63])
def test_no_receipt_covers_nothing(scene: Scene, after: int) -> None:
    scene.lead.push(scene.epoch, scene.lead.hand.save(scene.assignment, answer()))
    root, head = entries.blob_root([]), scene.lead.hand.prev
    asked = protocol.ReceiptRequest(scene.lead.hand.id, 1, head, root, after)

    assert problem(scene.lead.post(protocol.RECEIPTS, asked)) == (409, "sync.receipt_mismatch")


def test_nobody_but_the_author_gets_a_receipt_for_entries(scene: Scene) -> None:
    scene.lead.push(scene.epoch, scene.lead.hand.save(scene.assignment, answer("D01")))
    head, root = scene.lead.hand.prev, entries.blob_root([])
    asked = protocol.ReceiptRequest(scene.lead.hand.id, 1, head, root)

    assert problem(scene.member.post(protocol.RECEIPTS, asked)) == (401, "sync.signature")
    assert scene.lead.post(protocol.RECEIPTS, asked).status_code == 200
