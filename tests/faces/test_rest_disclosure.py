"""REST of the disclosure: previewed, published once, corrected, proved and audited."""

from pathlib import Path

import pytest

from inspect_server.app import create_app
from inspect_server.domain.disclosure.inclusion import check
from inspect_server.domain.enums import Role
from inspect_server.store import publications
from inspect_server.usecases.work import Backend
from tests.conftest import FixedClock
from tests.faces.rest_client import connect
from tests.faces.town import Signed, Town
from tests.usecases.disclosed_world import close, drawn_bureau, open_checks
from tests.usecases.draw_world import build


@pytest.fixture
def town(sqlite_backend: Backend, clock: FixedClock) -> Town:
    _, draw_id = drawn_bureau(sqlite_backend)
    town = Town(sqlite_backend, create_app(sqlite_backend), clock)
    town.draw_id = draw_id
    for name, role in (("boss", Role.SUPERVISOR), ("desk", Role.OFFICE), ("eye", Role.AUDITOR)):
        town.add_account(name, role, unit=sqlite_backend.settings.authority)
    return town


def sent(who: Signed, town: Town, what: str, **body: str) -> tuple[int, dict[str, object]]:
    answer = who.post(f"/api/v1/draws/{town.draw_id}/{what}", json=body)
    return answer.status_code, answer.get_json()


def selected(town: Town) -> list[str]:
    with town.backend.reading() as session:
        return [one.identity["uscc"] for one in publications.tasks(session, town.draw_id)]


def test_a_batch_is_previewed_published_corrected_and_proved(town: Town) -> None:
    boss, desk = town.sign_in("boss"), town.sign_in("desk")
    early = boss.get(f"/api/v1/draws/{town.draw_id}/disclosure").get_json()
    refused = sent(boss, town, "disclosure")
    close(town.backend, open_checks(town.backend, town.draw_id))
    preview = boss.get(f"/api/v1/draws/{town.draw_id}/disclosure").get_json()
    made = sent(boss, town, "disclosure")
    again = sent(boss, town, "disclosure")
    uscc = selected(town)[0]
    corrected = sent(boss, town, "corrections", uscc=uscc, result="ordered", reason="复核")
    proof = sent(desk, town, "proofs", uscc=uscc)

    assert (early["may_publish"], early["due_on"]) == (False, None)
    assert (refused[0], refused[1]["code"]) == (409, "disclosure.batch_not_over")
    assert (preview["may_publish"], preview["due_on"]) == (True, "2026-04-16")
    assert preview["results"][0]["result_name"] == "未发现问题"
    assert (made[0], made[1]["results"]) == (201, len(preview["results"]))
    assert (again[0], again[1]["code"]) == (409, "disclosure.already_published")
    assert (corrected[0], corrected[1]["revision"]) == (201, 2)
    assert proof[0] == 201
    given = proof[1]["proof"]
    assert isinstance(given, dict)
    assert check(given).record["uscc"] == uscc


def test_a_result_without_a_record_is_stated(town: Town) -> None:
    boss = town.sign_in("boss")
    uscc = selected(town)[0]
    stated = sent(boss, town, "results", uscc=uscc, result="unreachable", reason="地址无此单位")
    twice = sent(boss, town, "results", uscc=uscc, result="unreachable", reason="地址无此单位")
    wrong = sent(boss, town, "results", uscc=selected(town)[1], result="clear", reason="x")

    assert (stated[0], stated[1]["revision"]) == (201, 0)
    assert (twice[0], twice[1]["code"]) == (409, "disclosure.result_there")
    assert wrong[0] == 422


def test_an_auditor_audits_the_draw_against_the_registry(town: Town) -> None:
    found = town.sign_in("eye").get(f"/api/v1/draws/{town.draw_id}/audit").get_json()

    assert (found["ok"], found["enterprises"], found["differences"]) == (True, 60, [])


def test_an_inspection_that_ended_says_why_when_and_by_whom(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world, app = build(sqlite_backend, tmp_path), create_app(sqlite_backend)
    bureau = sqlite_backend.settings.authority
    boss = connect(sqlite_backend, app, "zhangsan", Role.SUPERVISOR, unit=bureau)
    draw = f"/draws/{world.reveal(world.commit()).id}"
    boss.post(f"{draw}/schemes")
    gone, kept = boss.get("/inspections").get_json()["rows"][:2]
    body = {"uscc": gone["uscc"], "result": "unreachable", "reason": "登记住所无此单位"}
    stated = boss.post(f"{draw}/results", json=body)
    ended = boss.get(f"/inspections/{gone['id']}").get_json()
    ending = ended["ending"]

    assert stated.status_code == 201
    assert ended["state"] == "ended"
    assert ending["reason"] == "check.unreachable"
    assert ending["reason_name"] == "无法联系，已登记结果"
    assert ending["ended_by"] == "zhangsan"
    assert ending["ended_at"].startswith("2026-")
    assert boss.get(f"/inspections/{kept['id']}").get_json()["ending"] is None
