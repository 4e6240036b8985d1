"""The audit against the registry: what was drawn from is what the registry was, place by place."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from inspect_server.domain.draw.checks.report import Verdict
from inspect_server.domain.draw.replacement.void import VoidReason
from inspect_server.domain.enums import Risk, Role
from inspect_server.domain.errors import Forbidden
from inspect_server.domain.plan import EnterpriseFacts
from inspect_server.gateways.signatures import ed25519_holds, ed25519_signed
from inspect_server.reads.registry import history as registry_history
from inspect_server.store.models.planning import Draw, DrawLeaf
from inspect_server.store.models.registry import Enterprise, EnterpriseChange, RegistryImport
from inspect_server.usecases.drawing import pool
from inspect_server.usecases.drawing.afterwards.void_draw import request_void, void_draw
from inspect_server.usecases.drawing.auditing.audit_draw import Audit, audit_draw
from inspect_server.usecases.drawing.beforehand.preview import preview_list
from inspect_server.usecases.work import Actor, Backend
from tests.conftest import FixedClock
from tests.tampering import unguard
from tests.usecases.disclosed_world import close, drawn, open_checks
from tests.usecases.draw_world import (
    APPROVER,
    FROM,
    SUPERVISOR,
    TO,
    World,
    add_enterprise,
    build,
)

pytestmark = pytest.mark.seldom_on_postgresql

AUDITOR = Actor("user:auditor", frozenset({Role.AUDITOR}))


@pytest.fixture
def world(backend: Backend, tmp_path: Path) -> World:
    return build(backend, tmp_path)


def audit(world: World, draw_no: str = "2026-01", actor: Actor = AUDITOR) -> Audit:
    with world.backend.reading() as session:
        draw_id = session.scalars(select(Draw.id).where(Draw.draw_no == draw_no)).one()
        return audit_draw(world.backend, session, actor, draw_id)


def failed(found: Audit) -> list[str]:
    return [check.what for check in found.checks if check.verdict is Verdict.WRONG]


def test_a_pool_that_follows_from_the_registry_has_no_difference(world: World) -> None:
    world.commit()
    found = audit(world)

    assert (found.ok, found.enterprises, found.differences) == (True, 60, ())


def test_later_changes_of_the_registry_are_taken_back_before_comparing(
    world: World, clock: FixedClock
) -> None:
    drawn(world)
    clock.forward(days=1)
    with world.backend.begin(SUPERVISOR) as work:
        add_enterprise(work, 900)
        row = work.session.scalars(select(Enterprise).where(Enterprise.name == "企业1")).one()
        _change(work, row, name="企业1改名", risk=Risk.BLUE)
    clock.forward(days=1)
    with world.backend.begin(SUPERVISOR) as work:
        row = work.session.scalars(select(Enterprise).where(Enterprise.name == "企业1改名")).one()
        _change(work, row, risk=Risk.ORANGE)

    assert audit(world).differences == ()


def _change(work: object, row: Enterprise, **values: object) -> None:
    session, now = work.session, work.now  # type: ignore[attr-defined]
    run = RegistryImport(
        id=uuid4(), kind="enterprises", file_name="f", file_sha256="", started_at=now,
        actor="user:a", rows_read=1, rows_created=0, rows_updated=1, rows_unchanged=0,
        rows_rejected=0,
    )  # fmt: skip
    session.add(run)
    session.flush()
    changes = {name: [getattr(row, name), value] for name, value in values.items()}
    session.add(
        EnterpriseChange(
            id=uuid4(), enterprise_id=row.id, import_id=run.id, changed_at=now, changes=changes
        )
    )
    for name, value in values.items():
        setattr(row, name, value)


def test_a_second_draw_stands_on_what_the_first_left(world: World, clock: FixedClock) -> None:
    first = drawn(world)
    still = open_checks(world.backend, first)
    close(world.backend, still[:2], at=clock.now())
    clock.forward(hours=1)
    world.commit(visit_from=date(2026, 4, 7), visit_to=date(2026, 4, 17))
    clock.forward(days=20)
    close(world.backend, still[2:], at=clock.now())
    found = audit(world, "2026-02")

    assert found.differences == ()
    assert found.ok


def test_a_draw_is_void_from_the_request_that_was_completed_on(
    sqlite_backend: Backend, tmp_path: Path, clock: FixedClock
) -> None:
    world = build(sqlite_backend, tmp_path)
    first = world.commit()
    world.reveal(first)
    for reason in (VoidReason.POOL_WRONG, VoidReason.RULES_WRONG):
        clock.forward(minutes=5)
        with sqlite_backend.begin(SUPERVISOR) as work:
            asked = request_void(work, first.id, reason, b"x", APPROVER)
    signed = ed25519_signed(bytes.fromhex(world.witness.signing_key_hex), asked.message).hex()
    with sqlite_backend.begin(SUPERVISOR) as work:
        void_draw(work, first.id, world.signer(), ed25519_holds, signature_hex=signed)
    clock.forward(minutes=5)
    world.reveal(world.commit())

    for draw_no in ("2026-01", "2026-02"):
        assert (audit(world, draw_no).wrong, audit(world, draw_no).differences) == ([], ())


def test_an_enterprise_moved_to_another_cell_or_out_of_the_pool_is_named(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path)
    world.commit()
    with world.backend.begin(SUPERVISOR) as work:
        unguard(work.session, "draw_leaf")
        rows = work.session.scalars(
            select(DrawLeaf).where(DrawLeaf.included).order_by(DrawLeaf.label)
        ).all()
        spared, moved = rows[0], rows[-1]
        spared.included, spared.label = False, "closed"
        moved.label = rows[1].label
        names = {json.loads(row.record)["uscc"] for row in (spared, moved)}
    found = audit(world)

    assert failed(found) == ["承诺的清单", "家数", "单元和排除原因"]
    assert {one.uscc for one in found.differences} == names
    assert any("不列入：已注销或关闭" in str(one) for one in found.differences)


def test_a_registry_edited_behind_the_history_is_named_with_both_values(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path)
    world.commit()
    with world.backend.begin(SUPERVISOR) as work:
        work.session.execute(
            update(Enterprise).where(Enterprise.name == "企业1").values(risk=Risk.ORANGE)
        )
    found = audit(world)

    assert failed(found) == ["快照与当日名录"]
    assert str(found.differences[0]).endswith("风险等级：为“red”，应为“orange（当日名录）”")


def test_whom_the_whole_bureau_may_not_check_is_out_for_that_reason_and_audited(
    world: World, clock: FixedClock
) -> None:
    _recuse(world, "企业1", "本机关下属单位")
    clock.forward(hours=1)
    draw = world.commit()
    with world.backend.reading() as session:
        (listed,) = preview_list(session, world.plan_id, FROM, TO, "recused")
        leaf = session.scalars(
            select(DrawLeaf).join(Enterprise).where(Enterprise.name == "企业1")
        ).one()
        (change,) = registry_history(session, leaf.enterprise_id)
    clock.forward(hours=1)
    _recuse(world, "企业1", None)
    _recuse(world, "企业2", "上级机关举办")
    later = audit(world)
    world.reveal(draw)

    assert (listed.name, listed.text) == ("企业1", "本机关整体回避")
    assert (leaf.included, leaf.label, leaf.selected) == (False, "recused", False)
    assert (change.actor, change.changes) == ("user:a", {"recusal": [None, "本机关下属单位"]})
    assert later.differences == ()


def _recuse(world: World, name: str, reason: str | None) -> None:
    with world.backend.begin(SUPERVISOR) as work:
        row = work.session.scalars(select(Enterprise).where(Enterprise.name == name)).one()
        _change(work, row, recusal=reason)


def test_a_recusal_put_in_behind_the_history_is_named(world: World) -> None:
    world.commit()
    with world.backend.begin(SUPERVISOR) as work:
        work.session.execute(
            update(Enterprise).where(Enterprise.name == "企业1").values(recusal="本机关下属单位")
        )
    found = audit(world)

    assert failed(found) == ["快照与当日名录"]
    assert str(found.differences[0]).endswith(
        "本机关回避：为“无”，应为“本机关下属单位（当日名录）”"
    )


def test_a_snapshot_from_before_recusals_were_noted_is_audited_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(facts: EnterpriseFacts, name: str) -> dict[str, Any]:
        line = now(facts, name)
        del line["recusal"]
        return line

    now = pool._plain
    with monkeypatch.context() as before:
        before.setattr(pool, "_plain", without)
        world.commit()
    found = audit(world)

    assert (found.ok, found.differences) == (True, ())


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE chain_value SET value_hex = :other WHERE position = 1", "随机源与数据库一致"),
        ("UPDATE draw_leaf SET salt = zeroblob(32) WHERE selected", "企业承诺值与登记一致"),
        ("UPDATE draw_team SET officer_id = (SELECT max(id) FROM officer)", "抽取结果与数据库一致"),
        ("UPDATE draw SET certificate = replace(certificate, '2026', '2027')", "承诺值"),
        ("UPDATE draw SET certificate = '{'", "存储的内容"),
        ("UPDATE draw SET revealed_at = '2026-03-02 00:00:00.000000'", "证书各版本"),
    ],
)
def test_an_audit_sees_what_was_changed_of_the_result(
    sqlite_backend: Backend, tmp_path: Path, statement: str, what: str
) -> None:
    world = build(sqlite_backend, tmp_path, officers=20)
    world.reveal(world.commit())
    before = audit(world)
    with world.backend.begin(SUPERVISOR) as work:
        unguard(work.session, "chain_value", "draw_leaf", "draw_team", "draw")
        work.session.execute(text(statement), {"other": "0" * 64} if ":other" in statement else {})
    found = audit(world)

    assert before.ok
    assert (found.ok, what in failed(found)) == (False, True), failed(found)


def test_an_audit_names_the_command_for_what_it_does_not_check(world: World) -> None:
    world.reveal(world.commit())
    found = audit(world)

    (left,) = [
        one for one in found.checks if one.verdict is Verdict.UNCHECKED and "案卷" in one.what
    ]
    assert "inspect-server record verify" in left.detail
    assert [one.what for one in found.checks].count("名录快照") == 1


def test_only_supervisors_and_auditors_see_the_registry_behind_a_draw(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path)
    world.commit()

    with pytest.raises(Forbidden):
        audit(world, actor=APPROVER)
