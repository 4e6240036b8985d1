"""核查 of a draw on the console, and the proof that an enterprise is given of its own place."""

import base64
import json
import re
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from inspect_server.app import create_app
from inspect_server.domain.disclosure.inclusion import check
from inspect_server.domain.enums import Role
from inspect_server.store import record
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import Program, connect
from tests.faces.test_console_draws import words
from tests.usecases import draw_world
from tests.usecases.disclosed_world import close, drawn, open_checks
from tests.usecases.draw_world import SUPERVISOR, World


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return draw_world.build(sqlite_backend, tmp_path)


def account(world: World, role: Role) -> Program:
    unit = world.backend.settings.authority
    return connect(world.backend, create_app(world.backend), role.value, role, unit=unit)


def given(world: World) -> int:
    with world.backend.reading() as session:
        return len(list(record.leaves_of_type(session, "disclosure.proof_given")))


def publish(world: World, draw_id: UUID) -> None:
    close(world.backend, open_checks(world.backend, draw_id))
    with world.backend.begin(SUPERVISOR) as work:
        publish_batch(work, draw_id)


def test_an_auditor_sees_what_the_check_against_the_registry_came_to(world: World) -> None:
    draw_id, auditor = drawn(world), account(world, Role.AUDITOR)
    page = auditor.client.get(f"/draws/{draw_id}").text
    right = words(auditor.client.get(f"/draws/{draw_id}/audit").text)
    with world.backend.begin(SUPERVISOR) as work:
        # the day of the change is before the commit: what was drawn from was not the registry
        work.session.execute(
            update(Enterprise).where(Enterprise.name == "企业1").values(division="320101")
        )
    wrong = words(auditor.client.get(f"/draws/{draw_id}/audit").text)

    assert f"/draws/{draw_id}/audit" in page
    assert "/proofs" not in page
    assert "未发现不符" in right
    assert "60 家企业的单元、概率和排除原因与规则和名录相符" in right
    assert "符合 快照中的企业 60 家" in right
    assert "1 项不符，逐家比对有 1 处不同" in wrong
    assert wrong.index(" 不符 ") < wrong.index(" 符合 ")
    assert "行政区划 320799 320101（当日名录）" in wrong


def test_an_open_commit_can_be_audited(world: World) -> None:
    draw, supervisor = world.commit(), account(world, Role.SUPERVISOR)

    assert "未发现不符" in words(supervisor.client.get(f"/draws/{draw.id}/audit").text)


def test_an_enterprise_is_given_its_own_proof_once_the_batch_is_public(world: World) -> None:
    draw_id, office = drawn(world), account(world, Role.OFFICE)
    at = f"/draws/{draw_id}/proofs"
    with world.backend.reading() as session:
        uscc = session.scalars(select(Enterprise.uscc).order_by(Enterprise.uscc)).first()
    form = {"csrf_token": office.csrf, "uscc": f" {uscc} "}
    early, refused = office.client.get(at), office.client.post(at, data=form)
    publish(world, draw_id)
    unknown = office.client.post(at, data=form | {"uscc": "91320799MA1WXXXX00"})
    made = office.client.post(at, data=form)
    found = re.search(
        r'download="([^"]+\.json)" href="data:application/json;base64,([^"]+)"', made.text
    )

    assert found is not None
    proof = json.loads(base64.b64decode(found[2]))
    assert "企业凭盐值可以推知自己是否被抽中" in early.text
    assert 'name="uscc"' not in early.text
    assert (refused.status_code, unknown.status_code, made.status_code) == (409, 404, 200)
    assert 'value="91320799MA1WXXXX00"' in unknown.text
    assert found[1] == f"2026-01-{uscc}.json"
    assert check(proof).record["uscc"] == uscc
    assert "双随机抽取 2026-01 包含证明" in made.text
    assert given(world) == 1
