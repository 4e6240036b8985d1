"""Checklists that somebody asks for, over the API, on the command line and on the console."""

from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from inspect_server.app import create_app
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.faces.rest_client import Program, connect
from tests.faces.test_console_directed import AT, draft, form
from tests.faces.town import Town
from tests.usecases.bureau import USCC, Bureau, open_bureau, small_form
from tests.usecases.checklist_samples import publish
from tests.usecases.test_requested_checklists import MANAGEMENT

__all__ = ["form", "small_form"]

BOTH = "management@1+small@1"


def program(bureau: Bureau) -> Program:
    backend = bureau.backend
    publish(backend, MANAGEMENT)
    return connect(backend, create_app(backend), "wangwu", Role.SUPERVISOR, unit="一科")


def form_set(backend: Backend, inspection: str | UUID) -> str:
    with backend.reading() as session:
        return session.get_one(Inspection, UUID(str(inspection))).form_set


@pytest.mark.usefixtures("small_form")
def test_a_program_asks_for_lists_when_it_makes_and_renews_schemes(
    sqlite_backend: Backend,
) -> None:
    bureau = open_bureau(sqlite_backend)
    client = program(bureau)
    at = f"/draws/{bureau.draw_id}/schemes"
    refused = client.post(at, json={"checklists": ["small"]})
    made = client.post(at, json={"checklists": ["management"]})
    first = made.get_json()["schemes"][0]["inspection_id"]
    before = form_set(sqlite_backend, first)
    answers = [
        client.post(f"/inspections/{first}/refresh", json=body)
        for body in ({"checklists": None}, {"checklists": []})
    ]

    assert (refused.status_code, refused.get_json()["code"]) == (422, "checklist.not_on_request")
    assert made.status_code == 201
    assert before == BOTH
    assert [answer.status_code for answer in answers] == [200, 200]
    assert form_set(sqlite_backend, first) == "small@1"


@pytest.mark.usefixtures("small_form")
def test_a_program_that_asks_for_nothing_sends_what_it_always_sent(
    sqlite_backend: Backend,
) -> None:
    bureau = open_bureau(sqlite_backend)
    client = program(bureau)
    made = client.post(f"/draws/{bureau.draw_id}/schemes")
    first = made.get_json()["schemes"][0]["inspection_id"]

    assert made.status_code == 201
    assert client.post(f"/inspections/{first}/refresh").status_code == 200
    assert form_set(sqlite_backend, first) == "small@1"


@pytest.mark.usefixtures("small_form")
def test_a_program_asks_for_lists_of_a_check_outside_of_the_draw(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    made = program(bureau).post(
        "/inspections/directed",
        json={
            "reason": "complaint.hazard",
            "text": "反映除尘器长期不清灰",
            "reference": "举报2026-017",
            "uscc": USCC[0],
            "lead": str(bureau.officers[0]),
            "members": [str(bureau.officers[1])],
            "visit_from": "2026-03-09",
            "visit_to": "2026-03-13",
            "checklists": ["management"],
        },
    )

    assert made.status_code == 201
    assert form_set(sqlite_backend, made.get_json()["inspection_id"]) == BOTH


def run(*words: str) -> Result:
    return CliRunner().invoke(root, ["dispatch", *words, "--as", "author"])


@pytest.mark.usefixtures("small_form")
def test_the_command_line_keeps_replaces_and_drops_lists(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(sqlite_backend.settings.data_dir))
    monkeypatch.setenv("INSPECT_DATABASE_URL", sqlite_backend.settings.database_url)
    open_bureau(sqlite_backend)
    publish(sqlite_backend, MANAGEMENT)
    with sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "author", "编制人", "一科", [Role.SUPERVISOR], "correct horse battery")
    made = run("schemes", "--draw", "2026-D01", "--checklist", "management")
    number = made.stdout.split()[-1]
    both = run("refresh", number, "--checklist", "management", "--no-checklist")
    sets = []
    for words in ((), ("--no-checklist",), ("--checklist", "management")):
        assert run("refresh", number, *words).exit_code == 0
        with sqlite_backend.reading() as session:
            visit = session.scalars(select(Inspection).where(Inspection.number == number)).one()
            sets.append(visit.form_set)

    assert made.exit_code == 0, made.output
    assert both.exit_code == 2
    assert sets == [BOTH, "small@1", BOTH]


def test_the_console_offers_them_by_title(town: Town, form: dict[str, object]) -> None:
    publish(town.backend, MANAGEMENT)
    supervisor = town.sign_in("supervisor")
    page = supervisor.get(AT).text
    made = draft(supervisor, {**form, "reference": "举报2026-099", "checklist": ["management"]})

    assert "管理检查表" in page
    assert made.status_code == 303
    assert form_set(town.backend, Path(made.location).name) == BOTH
