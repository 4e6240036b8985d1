"""A double click, or two people at once: no step that issues a number happens twice."""

import threading
from pathlib import Path
from typing import Any

from flask import Flask

from forms.model import Form
from inspect_server.app import create_app
from inspect_server.domain.enums import Role
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import PASSWORD, Program, connect
from tests.usecases import draw_world
from tests.usecases.bureau import small_form
from tests.usecases.draw_world import KL8
from tests.usecases.test_documents import closed_visit

__all__ = ["small_form"]
DAYS = {"visit_from": "2026-03-09", "visit_to": "2026-03-20"}
LOTTERY = {"kind": "public", "name": "cwl.kl8", "issue": "2026051"}


def at_once(one: Program, other: Program, path: str, json: Any = None) -> list[Any]:
    """Send the same request twice at the same moment, and return both answers."""
    answers: list[Any] = []
    ready = threading.Barrier(2)

    def send(program: Program) -> None:
        ready.wait()
        answers.append(program.post(path, json=json) if json else program.post(path))

    threads = [threading.Thread(target=send, args=[program]) for program in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def two(backend: Backend, app: Flask, role: Role) -> tuple[Program, Program]:
    """Open two accounts of the whole bureau."""
    unit = backend.settings.authority
    return (
        connect(backend, app, "lisi", role, unit=unit),
        connect(backend, app, "wangwu", role, unit=unit),
    )


def test_a_double_click_issues_each_document_once(backend: Backend, small_form: Form) -> None:
    visit = closed_visit(backend)
    pair = two(backend, create_app(backend), Role.OFFICE)

    answers = at_once(*pair, f"/inspections/{visit.inspection}/documents")
    listed = pair[0].get("/documents").get_json()

    assert [one.status_code for one in answers] == [200, 200]
    issued = [[row["doc_no"] for row in one.get_json()["documents"]] for one in answers]
    assert issued[0] == issued[1]
    made = [row["created"] for one in answers for row in one.get_json()["documents"]]
    assert sorted(made) == [False, False, True, True]
    assert listed["total"] == 2


def test_two_commits_at_once_open_one_draw_and_its_schemes_are_made_once(
    backend: Backend, tmp_path: Path
) -> None:
    world = draw_world.build(backend, tmp_path)
    pair = two(backend, create_app(backend), Role.SUPERVISOR)
    commits = at_once(*pair, "/draws", {**DAYS, "sources": [LOTTERY]})
    draw = next(one.get_json() for one in commits if one.status_code == 201)
    witness = world.witness.value(int(draw["sources"][1]["issue"])).hex()
    typists = [{"login": who, "password": PASSWORD, "values": [KL8]} for who in ("lisi", "wangwu")]
    given = {"witness": witness, "typists": typists}
    reveals = at_once(*pair, f"/draws/{draw['id']}/reveal", given)
    schemes = at_once(*pair, f"/draws/{draw['id']}/schemes")
    numbers = [row["number"] for row in pair[0].get("/inspections?size=200").get_json()["rows"]]

    assert sorted(one.status_code for one in commits) == [201, 409]
    assert sorted(one.status_code for one in reveals) == [200, 409]
    assert sorted(one.status_code for one in schemes) == [201, 409]
    assert len(set(numbers)) == len(numbers) > 0
