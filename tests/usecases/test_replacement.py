"""Replacement and void on real databases: requested first, decided by the witness, never undone."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from inspect_server.domain.draw import errors
from inspect_server.domain.draw.replacement.requests import REASON_NAMES, Reason
from inspect_server.domain.draw.replacement.void import PaperReason, VoidReason
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, Forbidden
from inspect_server.domain.identity import AuthorMayNotApprove
from inspect_server.gateways.signatures import ed25519_holds, ed25519_public, ed25519_signed
from inspect_server.reads import draws as reads
from inspect_server.reads.record_checks import check_cases
from inspect_server.store import record
from inspect_server.store.drawing import replacements as store
from inspect_server.store.models.planning import ChainValue, Draw, DrawLeaf, DrawTeam
from inspect_server.store.models.replacing import DrawReplacement, DrawVoid
from inspect_server.usecases.drawing.afterwards import replace_drawn
from inspect_server.usecases.drawing.afterwards.replace_drawn import (
    CompletedReplacement,
    RequestedReplacement,
    Wanted,
    complete_replacement,
    request_replacement,
)
from inspect_server.usecases.drawing.afterwards.void_draw import (
    RequestedVoid,
    VoidedDraw,
    request_void,
    void_draw,
)
from inspect_server.usecases.drawing.beforehand.batches import BatchDrawnAlready
from inspect_server.usecases.drawing.chains import ChainGivenUp, CommitOpenOnChain, publish_anchor
from inspect_server.usecases.drawing.commit_draw import CommittedDraw
from inspect_server.usecases.drawing.refusals import noting_refusals
from inspect_server.usecases.work import Actor, Backend
from tests.tampering import unguard
from tests.usecases import draw_world
from tests.usecases.draw_world import (
    APPROVER,
    KL8,
    SUPERVISOR,
    World,
    both,
    build,
    visits_in,
)

pytestmark = pytest.mark.seldom_on_postgresql

PROOF = "诊断证明（扫描件）".encode()


@pytest.fixture
def world(backend: Backend, tmp_path: Path) -> World:
    return build(backend, tmp_path)


@pytest.fixture
def sqlite_world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


def drawn(world: World) -> CommittedDraw:
    draw = world.commit()
    world.reveal(draw)
    return draw


def tasks(world: World, draw: CommittedDraw) -> dict[str, reads.TeamOfTask]:
    with world.backend.reading() as session:
        return {task.uscc: task for task in reads.tasks(session, draw.id)}


def request(
    world: World, draw: CommittedDraw, reason: Reason, uscc: str, officer: UUID | None = None
) -> RequestedReplacement:
    with world.backend.begin(SUPERVISOR) as work:
        return request_replacement(work, draw.id, Wanted(reason, uscc, officer), PROOF, APPROVER)


def complete(world: World, draw: CommittedDraw, position: int) -> CompletedReplacement:
    value = world.witness.value(position).hex()
    with world.backend.begin(SUPERVISOR) as work:
        return complete_replacement(work, draw.id, value, world.signer())


def replace_one(
    world: World, draw: CommittedDraw, reason: Reason, uscc: str, officer: UUID | None = None
) -> CompletedReplacement:
    asked = request(world, draw, reason, uscc, officer)
    return complete(world, draw, asked.position)


def ask_void(
    world: World, draw_id: UUID, reason: VoidReason, because: PaperReason | None = None
) -> RequestedVoid:
    with world.backend.begin(SUPERVISOR) as work:
        return request_void(work, draw_id, reason, PROOF, APPROVER, paper_because=because)


def agree(world: World, draw_id: UUID, **consent: Any) -> VoidedDraw:
    with world.backend.begin(SUPERVISOR) as work:
        return void_draw(work, draw_id, world.signer(), ed25519_holds, **consent)


def signed(world: World, asked: RequestedVoid) -> str:
    secret = bytes.fromhex(world.witness.signing_key_hex)
    return ed25519_signed(secret, asked.message).hex()


def log(world: World) -> list[str]:
    with world.backend.reading() as session:
        return [leaf.type for leaf in record.leaves(session, "draw")]


def first(world: World, draw: CommittedDraw) -> reads.TeamOfTask:
    return next(iter(tasks(world, draw).values()))


def test_officers_and_an_enterprise_are_replaced_and_all_of_it_is_verified(world: World) -> None:
    draw = drawn(world)
    before = tasks(world, draw)
    enterprise = next(iter(before.values()))
    lead, member = (officer for _, officer, _ in enterprise.officers)
    away = replace_one(world, draw, Reason.LEAVE, enterprise.uscc, lead)
    recused = replace_one(world, draw, Reason.RECUSAL, enterprise.uscc, member)
    closed = replace_one(world, draw, Reason.CLOSED, enterprise.uscc)
    after = tasks(world, draw)
    report = world.verify(draw.id)

    assert report.ok, report.wrong
    assert report.level == 2
    assert [away.k, recused.k, closed.k] == [1, 2, 3]
    assert [away.version, recused.version, closed.version] == [2, 3, 4]
    assert enterprise.uscc not in after
    (came_in,) = set(after) - set(before)
    assert after[came_in].cell == enterprise.cell
    assert lead not in {officer for _, officer, _ in after[came_in].officers}
    assert len(after) == len(before)
    with world.backend.reading() as session:
        stored = session.get_one(Draw, draw.id)
        versions = [json.loads(one.text) for one in store.issued(session, stored)]
        originals = set(session.scalars(select(DrawLeaf.commitment).where(DrawLeaf.selected)))
        places = len(session.scalars(select(DrawTeam)).all())
    assert [len(one["replacements"]) for one in versions] == [0, 1, 2, 3]
    assert {one["c"] for one in versions[-1]["selected"]} == originals
    assert len({one["log_head"] for one in versions}) == 4
    assert places == 2 * len(originals)
    assert log(world)[-6:] == ["draw.replacement_requested", "draw.replaced"] * 3


def test_an_interrupted_replacement_leaves_nothing_and_resumes_to_the_same_result(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = drawn(world)
    enterprise = first(world, draw)
    asked = request(world, draw, Reason.LEAVE, enterprise.uscc, enterprise.officers[0][1])
    noted, seen = replace_drawn.note, []

    def power_cut(work: Any, type: str, case: str, body: dict[str, Any]) -> str:
        row = store.pending(work.session, draw.id)
        assert row is None
        seen.append(work.session.scalars(select(DrawReplacement.came_in)).one())
        noted(work, type, case, body)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(replace_drawn, "note", power_cut)
        with pytest.raises(KeyboardInterrupt):
            complete(world, draw, asked.position)
    with world.backend.reading() as session:
        left = store.pending(session, draw.id)
        values = len(session.scalars(select(ChainValue)).all())
        versions = len(store.issued(session, session.get_one(Draw, draw.id)))
    pending = world.verify(draw.id)
    done = complete(world, draw, asked.position)

    assert left is not None
    assert (values, versions) == (2, 1)
    assert pending.ok, pending.wrong
    assert any("尚未完成" in check.detail for check in pending.checks)
    assert seen == [done.came_in]
    assert world.verify(draw.id).ok


def test_while_a_request_waits_no_other_is_made_and_its_value_serves_no_other_draw(
    sqlite_world: World,
) -> None:
    draw = drawn(sqlite_world)
    enterprise = first(sqlite_world, draw)
    asked = request(sqlite_world, draw, Reason.MOVED, enterprise.uscc)

    with pytest.raises(errors.ReplacementPending, match="第 1 次"):
        request(sqlite_world, draw, Reason.STOPPED, enterprise.uscc)
    second = sqlite_world.commit(**visits_in(4))
    assert [int(source.issue) for source in second.sources[:2]] == [2, asked.position + 1]
    with pytest.raises(errors.BadChainValue):
        complete(sqlite_world, draw, asked.position + 1)
    with pytest.raises(BadInput, match="十六进制"), sqlite_world.backend.begin(SUPERVISOR) as work:
        complete_replacement(work, draw.id, "不是", sqlite_world.signer())
    complete(sqlite_world, draw, asked.position)
    with pytest.raises(errors.NoReplacementPending):
        complete(sqlite_world, draw, asked.position)
    sqlite_world.reveal(second)
    assert sqlite_world.verify(draw.id).ok
    assert sqlite_world.verify(second.id).ok


@pytest.mark.parametrize("how", ["reveal", "void"])
def test_while_a_commit_on_the_chain_waits_no_replacement_is_requested(
    how: str, sqlite_world: World
) -> None:
    world = sqlite_world
    draw = drawn(world)
    task = first(world, draw)
    later = world.commit(**visits_in(4))
    with pytest.raises(CommitOpenOnChain, match=f"draw reveal {later.draw_no}.*draw void"):
        request(world, draw, Reason.CLOSED, task.uscc)
    if how == "reveal":
        world.reveal(later)
    else:
        asked = ask_void(world, later.id, VoidReason.POOL_WRONG)
        agree(world, later.id, signature_hex=signed(world, asked))
    done = request(world, draw, Reason.CLOSED, task.uscc)

    assert done.position == 3
    assert complete(world, draw, done.position).k == 1
    assert world.verify(draw.id).ok


def test_of_two_requests_at_once_exactly_one_is_logged(world: World) -> None:
    draw = drawn(world)
    found = list(tasks(world, draw))[:2]
    start = Barrier(2)

    def attempt(uscc: str) -> str:
        start.wait()
        try:
            return str(request(world, draw, Reason.CLOSED, uscc).k)
        except errors.ReplacementPending as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        answers = [job.result() for job in [pool.submit(attempt, uscc) for uscc in found]]

    assert sorted(answers) == ["1", "draw.replacement_pending"]
    assert log(world).count("draw.replacement_requested") == 1


def test_of_two_completions_at_once_exactly_one_happens(world: World) -> None:
    draw = drawn(world)
    asked = request(world, draw, Reason.CLOSED, first(world, draw).uscc)
    start = Barrier(2)

    def attempt() -> str:
        start.wait()
        try:
            return complete(world, draw, asked.position).reason.value
        except errors.NoReplacementPending as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        answers = [job.result() for job in [pool.submit(attempt) for _ in range(2)]]

    assert sorted(answers) == ["draw.no_replacement_pending", "enterprise.closed"]
    assert log(world).count("draw.replaced") == 1
    assert world.verify(draw.id).ok


def test_who_asks_does_not_approve_and_who_is_concerned_neither(sqlite_world: World) -> None:
    draw = drawn(sqlite_world)
    enterprise = first(sqlite_world, draw)
    (_, lead, _), (_, member, _) = enterprise.officers
    wanted = Wanted(Reason.LEAVE, enterprise.uscc, lead)

    def attempt(approver: Actor, asker: Actor = SUPERVISOR, evidence: bytes = PROOF) -> None:
        with sqlite_world.backend.begin(asker) as work:
            request_replacement(work, draw.id, wanted, evidence, approver)

    roles = frozenset({Role.APPROVER, Role.INSPECTOR})
    with pytest.raises(AuthorMayNotApprove):
        attempt(SUPERVISOR)
    for officer in (lead, member):
        with pytest.raises(errors.ApproverConcerned):
            attempt(Actor("user:x", roles, officer_id=officer))
    with pytest.raises(Forbidden):
        attempt(Actor("user:i", frozenset({Role.INSPECTOR})))
    with pytest.raises(Forbidden):
        attempt(APPROVER, asker=Actor("user:i", frozenset({Role.INSPECTOR})))
    with pytest.raises(BadInput, match="证明材料"):
        attempt(APPROVER, evidence=b"")
    assert "draw.replacement_requested" not in log(sqlite_world)


def test_only_who_stands_in_the_result_can_be_replaced(sqlite_world: World) -> None:
    draw = sqlite_world.commit()
    with pytest.raises(errors.NotRevealed):
        request(sqlite_world, draw, Reason.CLOSED, "x")
    sqlite_world.reveal(draw)
    enterprise, other = list(tasks(sqlite_world, draw).values())[:2]
    own = {officer for _, officer, _ in enterprise.officers}
    stranger = next(
        officer
        for task in tasks(sqlite_world, draw).values()
        for _, officer, _ in task.officers
        if officer not in own
    )

    for reason, uscc, officer in (
        (Reason.CLOSED, "913200000000000000", None),
        (Reason.CLOSED, enterprise.uscc, enterprise.officers[0][1]),
        (Reason.LEAVE, enterprise.uscc, None),
        (Reason.LEAVE, enterprise.uscc, stranger),
    ):
        with pytest.raises(errors.ReplacementNotAllowed):
            request(sqlite_world, draw, reason, uscc, officer)
    replace_one(sqlite_world, draw, Reason.CLOSED, enterprise.uscc)
    with pytest.raises(errors.ReplacementNotAllowed):
        request(sqlite_world, draw, Reason.CLOSED, enterprise.uscc)
    assert other.uscc in tasks(sqlite_world, draw)


def test_a_refused_completion_stays_in_the_draw_log(sqlite_world: World) -> None:
    draw = drawn(sqlite_world)
    request(sqlite_world, draw, Reason.CLOSED, first(sqlite_world, draw).uscc)

    with pytest.raises(errors.BadChainValue):
        noting_refusals(
            sqlite_world.backend,
            SUPERVISOR,
            draw.id,
            lambda work: complete_replacement(work, draw.id, "00" * 32, sqlite_world.signer()),
        )
    assert log(sqlite_world)[-1] == "draw.refused"


def test_a_replaced_enterprise_can_be_drawn_again_and_who_came_in_cannot(
    sqlite_world: World,
) -> None:
    draw = drawn(sqlite_world)
    enterprise = first(sqlite_world, draw)
    done = replace_one(sqlite_world, draw, Reason.STOPPED, enterprise.uscc)
    second = sqlite_world.commit(**visits_in(4))

    with sqlite_world.backend.reading() as session:
        came_in = store.enterprise_of(session, draw.id, done.came_in)
        labels = {
            row.enterprise_id: row.label
            for row in session.scalars(select(DrawLeaf).where(DrawLeaf.draw_id == second.id))
        }
    assert came_in is not None
    assert labels[came_in] == "under_way"
    assert labels[enterprise.enterprise_id] != "under_way"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE draw_certificate SET issued_at = '2026-01-01 00:00:00.000000'",
        "UPDATE draw_certificate SET issued_by = 'user:x'",
    ],
)
def test_when_and_by_whom_a_certificate_was_issued_anew_stands_in_the_record(
    sqlite_world: World, statement: str
) -> None:
    draw = drawn(sqlite_world)
    replace_one(sqlite_world, draw, Reason.CLOSED, first(sqlite_world, draw).uscc)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        unguard(work.session, "draw_certificate")
        work.session.execute(text(statement))

    wrong = [check.detail for check in sqlite_world.verify(draw.id).wrong]
    assert any("签发时间或签发人与记录不符" in detail for detail in wrong), wrong


def test_a_replacement_s_value_says_when_it_was_revealed(sqlite_world: World) -> None:
    draw = drawn(sqlite_world)
    replace_one(sqlite_world, draw, Reason.CLOSED, first(sqlite_world, draw).uscc)
    before = faults(sqlite_world)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        unguard(work.session, "chain_value")
        later = "UPDATE chain_value SET revealed_at = '2031-01-01 00:00:00.000000'"
        work.session.execute(text(f"{later} WHERE position = 2"))

    assert before == []
    assert [fault for fault in faults(sqlite_world) if "揭示时间" in fault] == [
        "哈希链第 2 个值：揭示时间与全过程记录不符"
    ]


def faults(world: World) -> list[str]:
    with world.backend.reading() as session:
        return [fault for one in check_cases(session) for fault in one.faults]


def test_a_lost_witness_file_blocks_nothing_once_the_draw_is_void(world: World) -> None:
    draw = world.commit()
    asked = ask_void(world, draw.id, VoidReason.WITNESS_LOST, PaperReason.LOST)
    with pytest.raises(errors.OpenCommitExists):
        world.commit()
    voided = agree(world, draw.id, paper=b"%PDF scan")
    certificate = json.loads(voided.certificate)
    report = world.verify(draw.id)

    assert report.ok, report.wrong
    assert report.level is None
    assert certificate["void"]["request_leaf"] == asked.request_leaf
    assert certificate["void"]["cosigned"]["because"] == "key.lost"
    assert (certificate["entropy"], certificate["seed"], certificate["r"]) == ([], "", 0)
    with pytest.raises(errors.DrawIsVoid):
        world.reveal(draw)
    with pytest.raises(errors.DrawIsVoid):
        ask_void(world, draw.id, VoidReason.POOL_WRONG)
    with world.backend.begin(SUPERVISOR) as work:
        publish_anchor(
            work, kind="witness", holder="区纪委", year=2026, anchor_hex="ab" * 32, length=9
        )
    second = world.commit()
    assert second.sources[1].name == "ab" * 32
    assert second.sources[1].issue == "1"


def test_a_new_witness_chain_needs_a_void_that_gave_the_first_up(sqlite_world: World) -> None:
    draw = sqlite_world.commit()
    asked = ask_void(sqlite_world, draw.id, VoidReason.POOL_WRONG)
    agree(sqlite_world, draw.id, signature_hex=signed(sqlite_world, asked))

    with pytest.raises(errors.ChainExists), sqlite_world.backend.begin(SUPERVISOR) as work:
        publish_anchor(
            work, kind="witness", holder="区纪委", year=2026, anchor_hex="ab" * 32, length=9
        )


@pytest.mark.parametrize("because", PaperReason)
def test_who_voids_on_paper_beside_a_published_key_does_not_go_on_with_its_chain(
    world: World, because: PaperReason
) -> None:
    """Two officials alone could otherwise draw a batch again until they like it."""
    other = drawn(world)
    draw = world.commit(**visits_in(4))
    ask_void(world, draw.id, VoidReason.POOL_WRONG, because)
    voided = agree(world, draw.id, paper=b"scan")

    assert voided.ends_chain
    with pytest.raises(ChainGivenUp, match="见证方的哈希链已随抽取作废停用"):
        world.commit(**visits_in(4))
    with pytest.raises(ChainGivenUp):
        request(world, other, Reason.CLOSED, first(world, other).uscc)
    with world.backend.begin(SUPERVISOR) as work:
        publish_anchor(
            work, kind="witness", holder="区纪委", year=2026, anchor_hex="ab" * 32, length=9
        )
    assert world.commit(**visits_in(4)).sources[1].name == "ab" * 32


def test_a_void_on_paper_ends_the_chain_of_a_witness_without_a_key_as_well(
    sqlite_backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paper is all there is then; two officials alone would draw again with the same chain."""
    monkeypatch.setattr(draw_world, "public_key", lambda _chain: "")
    world = build(sqlite_backend, tmp_path)
    draw = drawn(world)
    asked = ask_void(world, draw.id, VoidReason.POOL_WRONG)
    voided = agree(world, draw.id, paper=b"scan")

    assert (asked.has_key, asked.on_paper, asked.ends_chain) == (False, True, True)
    assert voided.ends_chain
    with pytest.raises(ChainGivenUp, match="书面签署"):
        world.commit()
    with world.backend.begin(SUPERVISOR) as work:
        publish_anchor(
            work, kind="witness", holder="区纪委", year=2026, anchor_hex="ab" * 32, length=9
        )
    assert world.commit().sources[1].name == "ab" * 32


def test_a_revealed_draw_is_void_by_the_witness_signature_and_keeps_its_result(
    world: World,
) -> None:
    draw = drawn(world)
    replace_one(world, draw, Reason.CLOSED, first(world, draw).uscc)
    asked = ask_void(world, draw.id, VoidReason.RULES_WRONG)
    for wrong in (
        "ab" * 64,
        ed25519_signed(b"x" * 32, asked.message).hex(),
        ed25519_signed(bytes.fromhex(world.witness.signing_key_hex), b"other").hex(),
    ):
        with pytest.raises(errors.BadCosignature):
            agree(world, draw.id, signature_hex=wrong)
    voided = agree(world, draw.id, signature_hex=signed(world, asked))
    certificate = json.loads(voided.certificate)
    report = world.verify(draw.id)

    assert report.ok, report.wrong
    assert certificate["selected"]
    assert len(certificate["replacements"]) == 1
    assert certificate["void"]["reason"] == "rules.wrong"
    with pytest.raises(errors.DrawIsVoid):
        request(world, draw, Reason.CLOSED, first(world, draw).uscc)
    assert world.commit().draw_no == "2026-02"


def test_a_signature_holds_for_its_own_request_whatever_is_requested_since(
    sqlite_world: World,
) -> None:
    draw = drawn(sqlite_world)
    asked = ask_void(sqlite_world, draw.id, VoidReason.RULES_WRONG)
    ask_void(sqlite_world, draw.id, VoidReason.POOL_WRONG)
    ask_void(sqlite_world, draw.id, VoidReason.LAW_CHANGED, PaperReason.LOST)
    voided = agree(sqlite_world, draw.id, signature_hex=signed(sqlite_world, asked))
    void = json.loads(voided.certificate)["void"]

    assert (void["reason"], void["request_leaf"]) == ("rules.wrong", asked.request_leaf)
    assert not voided.ends_chain
    assert sqlite_world.verify(draw.id).ok


def test_a_scan_is_taken_for_the_newest_request_that_allows_one(sqlite_world: World) -> None:
    draw = drawn(sqlite_world)
    asked = ask_void(sqlite_world, draw.id, VoidReason.RULES_WRONG, PaperReason.LOST)
    ask_void(sqlite_world, draw.id, VoidReason.POOL_WRONG)
    voided = agree(sqlite_world, draw.id, paper=b"scan")

    assert json.loads(voided.certificate)["void"]["request_leaf"] == asked.request_leaf
    assert sqlite_world.verify(draw.id).ok


def test_a_void_needs_a_request_a_fitting_reason_and_one_consent(sqlite_world: World) -> None:
    draw = sqlite_world.commit()

    with pytest.raises(errors.VoidNotAllowed, match="尚未登记"):
        agree(sqlite_world, draw.id, paper=b"scan")
    asked = ask_void(sqlite_world, draw.id, VoidReason.ENTROPY_UNAVAILABLE)
    with pytest.raises(BadInput, match="签署"):
        agree(sqlite_world, draw.id)
    with pytest.raises(BadInput, match="签署"):
        agree(sqlite_world, draw.id, paper=b"scan", signature_hex=signed(sqlite_world, asked))
    sqlite_world.reveal(draw, entries=[both(KL8)])
    with pytest.raises(errors.VoidNotAllowed, match="已揭示"):
        agree(sqlite_world, draw.id, paper=b"scan")
    for reason in (VoidReason.ENTROPY_UNAVAILABLE, VoidReason.WITNESS_LOST):
        with pytest.raises(errors.VoidNotAllowed):
            ask_void(sqlite_world, draw.id, reason)
    with pytest.raises(Forbidden), sqlite_world.backend.begin(APPROVER) as work:
        request_void(work, draw.id, VoidReason.POOL_WRONG, PROOF, SUPERVISOR)
    assert sqlite_world.verify(draw.id).ok


def test_nobody_voids_a_draw_alone(sqlite_world: World) -> None:
    draw = drawn(sqlite_world)
    inspector = replace(APPROVER, label="user:inspector", roles=frozenset({Role.INSPECTOR}))
    for approver, refused in (
        (SUPERVISOR, AuthorMayNotApprove),
        (Actor.system("cli"), Forbidden),
        (inspector, Forbidden),
    ):
        with pytest.raises(refused), sqlite_world.backend.begin(SUPERVISOR) as work:
            request_void(work, draw.id, VoidReason.POOL_WRONG, PROOF, approver)
    ask_void(sqlite_world, draw.id, VoidReason.POOL_WRONG)

    with pytest.raises(errors.WitnessHasKey, match="书面签署的原因"):
        agree(sqlite_world, draw.id, paper=b"scan")
    with pytest.raises(BatchDrawnAlready):
        sqlite_world.commit()
    assert sqlite_world.verify(draw.id).ok


def test_paper_in_place_of_a_published_key_is_approved_with_its_reason_and_shown(
    sqlite_world: World,
) -> None:
    draw = drawn(sqlite_world)
    asked = ask_void(sqlite_world, draw.id, VoidReason.POOL_WRONG, PaperReason.EXPOSED)
    with pytest.raises(BadInput, match="书面扫描件"):  # whoever has the key may sign as well
        agree(sqlite_world, draw.id, signature_hex=signed(sqlite_world, asked))
    voided = agree(sqlite_world, draw.id, paper=b"scan")
    report = sqlite_world.verify(draw.id)
    with sqlite_world.backend.reading() as session:
        (logged,) = record.leaves_of_type(session, "draw.void_requested")

    assert (asked.has_key, asked.on_paper) == (True, True)
    assert json.loads(logged.content)["body"]["approved_by"] == APPROVER.label
    assert json.loads(logged.content)["body"]["paper_because"] == "key.exposed"
    assert json.loads(voided.certificate)["void"]["cosigned"]["because"] == "key.exposed"
    (said,) = (one.detail for one in report.checks if one.what == "作废")
    assert said == "见证方书面签署（见证方的签名密钥可能已经泄露），需对照原件"


def test_a_request_from_before_the_approvals_is_made_anew(sqlite_world: World) -> None:
    draw = drawn(sqlite_world)
    asked = ask_void(sqlite_world, draw.id, VoidReason.POOL_WRONG)
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        unguard(work.session, "draw_void")
        work.session.scalars(select(DrawVoid)).one().approved_by = None

    with pytest.raises(errors.VoidNotAllowed, match="未经批准"):
        agree(sqlite_world, draw.id, signature_hex=signed(sqlite_world, asked))


@pytest.mark.parametrize(
    "part",
    [
        *("entry", "approver", "evidence", "version", "request"),
        *("void reason", "void approver", "paper reason", "paper"),
    ],
)
def test_the_full_check_finds_a_changed_replacement_or_void(sqlite_world: World, part: str) -> None:
    draw = drawn(sqlite_world)
    replace_one(sqlite_world, draw, Reason.CLOSED, first(sqlite_world, draw).uscc)
    ask_void(sqlite_world, draw.id, VoidReason.POOL_WRONG, PaperReason.LOCKED)
    agree(sqlite_world, draw.id, paper=b"scan")
    assert sqlite_world.verify(draw.id).ok

    blobs = sqlite_world.backend.blobs
    with sqlite_world.backend.begin(SUPERVISOR) as work:
        unguard(work.session, "draw_replacement", "draw_void", "draw_certificate")
        row = work.session.scalars(select(DrawReplacement)).one()
        void = work.session.scalars(select(DrawVoid)).one()
        if part == "entry":
            row.entry = (row.entry or "").replace("enterprise.closed", "enterprise.moved")
        elif part == "approver":
            row.approved_by = "user:somebody"
        elif part == "evidence":
            blobs.path(row.evidence_sha256).unlink()
        elif part == "version":
            work.session.connection().exec_driver_sql(
                "DELETE FROM draw_certificate WHERE version = 2"
            )
        elif part == "request":
            row.reason = "enterprise.moved"
        elif part == "void reason":
            void.reason = "rules.wrong"
        elif part == "void approver":
            void.approved_by = "user:somebody"
        elif part == "paper reason":
            void.paper_because = "key.exposed"
        else:
            blobs.path(json.loads(void.cosigned or "{}")["paper_sha256"]).write_bytes(b"other")
    assert not sqlite_world.verify(draw.id).ok


def test_the_witness_key_is_published_with_a_witness_chain_only(sqlite_world: World) -> None:
    key = ed25519_public(b"w" * 32).hex()

    for kind, given in (("authority", key), ("witness", "kein Schlüssel")):
        with pytest.raises(BadInput, match="公钥"), sqlite_world.backend.begin(SUPERVISOR) as work:
            publish_anchor(
                work,
                kind=kind,
                holder="甲",
                year=2027,
                anchor_hex="cd" * 32,
                length=3,
                public_key_hex=given,
            )


def test_an_illness_is_never_asked_for_logged_or_named(sqlite_world: World) -> None:
    draw = drawn(sqlite_world)
    enterprise = first(sqlite_world, draw)
    lead = enterprise.officers[0][1]

    with pytest.raises(BadInput, match="不得写明病情"):
        request(sqlite_world, draw, Reason.ILLNESS, enterprise.uscc, lead)
    away = replace_one(sqlite_world, draw, Reason.LEAVE, enterprise.uscc, lead)

    assert "illness" not in away.certificate
    assert REASON_NAMES[Reason.ILLNESS] == REASON_NAMES[Reason.LEAVE] == "人员因故不能参加检查"
