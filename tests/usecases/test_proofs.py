"""Proofs for enterprises: given after publication only, whole, and noted."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from inspect_server.domain.disclosure.inclusion import check
from inspect_server.domain.draw.replacement.void import VoidReason
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import Forbidden, NotFound
from inspect_server.gateways.signatures import ed25519_holds, ed25519_signed
from inspect_server.store import record
from inspect_server.store.models.planning import Draw, DrawLeaf
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.disclosing.proofs import (
    EarlierDrawSealed,
    NotPublishedYet,
    give_proof,
    why_not_yet,
)
from inspect_server.usecases.drawing.afterwards.void_draw import request_void, void_draw
from inspect_server.usecases.work import Actor, Backend
from tests.conftest import FixedClock
from tests.usecases.disclosed_world import close, drawn, open_checks
from tests.usecases.draw_world import APPROVER, SUPERVISOR, build, visits_in

OFFICE = Actor("user:office", frozenset({Role.OFFICE}))


def published(backend: Backend, folder: Path) -> UUID:
    world = build(backend, folder)
    draw_id = drawn(world)
    close(backend, open_checks(backend, draw_id))
    with backend.begin(SUPERVISOR) as work:
        publish_batch(work, draw_id)
    return draw_id


def one_of(backend: Backend, draw_id: UUID, **wanted: Any) -> str:
    with backend.reading() as session:
        found = session.scalars(
            select(Enterprise.uscc)
            .join(DrawLeaf, DrawLeaf.enterprise_id == Enterprise.id)
            .where(DrawLeaf.draw_id == draw_id)
            .where(*(getattr(DrawLeaf, name).is_(value) for name, value in wanted.items()))
        ).first()
    assert found is not None
    return found


def given(backend: Backend, draw_id: UUID, uscc: str) -> Any:
    with backend.begin(OFFICE) as work:
        return give_proof(work, draw_id, uscc)


def test_each_enterprise_gets_a_proof_against_the_published_commit(
    backend: Backend, tmp_path: Path
) -> None:
    draw_id = published(backend, tmp_path)
    with backend.reading() as session:
        commit = session.get_one(Draw, draw_id).commit_hex
    for wanted, words in (
        ({"selected": True}, "抽中。"),
        ({"selected": False, "included": True}, "未抽中。"),
        ({"included": False}, "已注销或关闭"),
    ):
        uscc = one_of(backend, draw_id, **wanted)
        made = given(backend, draw_id, uscc)
        proved = check(made.proof)

        assert (proved.commit, proved.record["uscc"]) == (commit, uscc)
        assert words in made.explanation
        assert commit in made.explanation


def test_no_proof_leaves_the_bureau_before_the_batch_is_public(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path)
    draw_id = drawn(world)

    with pytest.raises(NotPublishedYet, match="公示之后"):
        given(sqlite_backend, draw_id, one_of(sqlite_backend, draw_id, included=True))


def test_every_proof_given_stands_in_the_record_without_the_enterprise(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    draw_id = published(sqlite_backend, tmp_path)
    uscc = one_of(sqlite_backend, draw_id, included=True)
    given(sqlite_backend, draw_id, uscc)
    given(sqlite_backend, draw_id, uscc)

    with sqlite_backend.reading() as session:
        leaves = [
            json.loads(leaf.content)
            for leaf in record.leaves(session, "disclosure")
            if leaf.type == "disclosure.proof_given"
        ]
    assert [leaf["actor"] for leaf in leaves] == ["user:office", "user:office"]
    assert uscc not in json.dumps(leaves)
    assert len(leaves[0]["body"]["leaf"]) == 64


def test_proofs_are_for_the_office_and_for_enterprises_of_that_day(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    draw_id = published(sqlite_backend, tmp_path)
    uscc = one_of(sqlite_backend, draw_id, included=True)

    with sqlite_backend.begin(APPROVER) as work, pytest.raises(Forbidden):
        give_proof(work, draw_id, uscc)
    with pytest.raises(NotFound, match="当日名录"):
        given(sqlite_backend, draw_id, "9132" + "9" * 14)


def refusals(backend: Backend, draw_id: UUID) -> set[str]:
    """What is said of every enterprise of that day, and of one that nobody knows."""
    with backend.reading() as session:
        known = session.scalars(select(Enterprise.uscc)).all()
    said = set()
    for uscc in (*known, "9132" + "9" * 14):
        with pytest.raises(EarlierDrawSealed) as refused:
            given(backend, draw_id, uscc)
        said.add(str(refused.value))
    return said


def test_no_proof_tells_whom_an_earlier_draw_chose_before_that_is_public(
    sqlite_backend: Backend, tmp_path: Path, clock: FixedClock
) -> None:
    world = build(sqlite_backend, tmp_path, enterprises=30)
    first = drawn(world)
    clock.forward(hours=1)
    second = drawn(world, **visits_in(4))
    close(sqlite_backend, open_checks(sqlite_backend, second))
    with sqlite_backend.begin(SUPERVISOR) as work:
        publish_batch(work, second)
    chosen = one_of(sqlite_backend, first, selected=True)

    (said,) = refusals(sqlite_backend, second)
    assert "请先公示抽取 2026-01" in said
    with sqlite_backend.reading() as session:
        assert why_not_yet(session, second) == said
    close(sqlite_backend, open_checks(sqlite_backend, first))
    with sqlite_backend.begin(SUPERVISOR) as work:
        publish_batch(work, first)
    assert "尚未办结" in given(sqlite_backend, second, chosen).explanation
    assert "抽中。" in given(sqlite_backend, first, chosen).explanation


def test_the_proofs_of_a_void_draw_wait_for_the_earlier_one_as_well(
    sqlite_backend: Backend, tmp_path: Path, clock: FixedClock
) -> None:
    world = build(sqlite_backend, tmp_path, enterprises=30)
    drawn(world)
    clock.forward(hours=1)
    second = world.commit(**visits_in(4)).id
    with sqlite_backend.begin(SUPERVISOR) as work:
        asked = request_void(work, second, VoidReason.POOL_WRONG, b"x", APPROVER)
    signed = ed25519_signed(bytes.fromhex(world.witness.signing_key_hex), asked.message).hex()
    with sqlite_backend.begin(SUPERVISOR) as work:
        void_draw(work, second, world.signer(), ed25519_holds, signature_hex=signed)
        publish_batch(work, second)

    assert len(refusals(sqlite_backend, second)) == 1
