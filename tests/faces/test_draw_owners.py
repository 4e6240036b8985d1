"""Nobody of another unit decides on a draw, public or not, whichever face they come by."""

import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from werkzeug.test import TestResponse

from inspect_server.app import create_app
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.store import publications
from inspect_server.store.models.identity import AuditEvent
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.work import Backend
from tests.conftest import BUREAU
from tests.faces.rest_client import PASSWORD, connect
from tests.usecases import draw_world
from tests.usecases.disclosed_world import close, drawn, open_checks
from tests.usecases.draw_world import SUPERVISOR

CODE = "draw.of_another_unit"
SAID = "由组织抽取的机构或者本机关的负责人办理"


class Draw:
    """A published draw of the unit above the units, and supervisors here and elsewhere."""

    def __init__(self, backend: Backend, folder: Path) -> None:
        self.backend, self.id = backend, drawn(draw_world.build(backend, folder))
        self.at, self.folder = f"/draws/{self.id}", folder
        app = create_app(backend)
        for login in ("chief", "head"):
            self.own = connect(backend, app, login, Role.SUPERVISOR, unit=BUREAU["authority"])
        for login in ("beside", "other"):
            self.other = connect(backend, app, login, Role.SUPERVISOR, unit="二科")
        connect(backend, app, "leader", Role.APPROVER, unit="二科")

    def publish(self) -> None:
        close(self.backend, open_checks(self.backend, self.id))
        with self.backend.begin(SUPERVISOR) as work:
            publish_batch(work, self.id)

    def uscc(self) -> str:
        with self.backend.reading() as session:
            return publications.tasks(session, self.id)[0].identity["uscc"]

    def ask_void(self, who: Any, approver: str) -> TestResponse:
        form = {
            "reason": "pool.wrong",
            "evidence": (io.BytesIO(b"%PDF-1.7"), "说明.pdf"),
            "approver": approver,
            "password": PASSWORD,
        }
        answer: TestResponse = who.post(f"{self.at}/voids", data=form)
        return answer

    def press(self, what: str, **form: Any) -> TestResponse:
        data = {"csrf_token": self.other.csrf, **form}
        return self.other.client.post(f"{self.at}/{what}", data=data)

    def run(self, *words: str, **options: Any) -> Result:
        return CliRunner().invoke(root, [*words, "--as", "other"], **options)


@pytest.fixture
def draw(sqlite_backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Draw:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path))
    return Draw(sqlite_backend, tmp_path)


def test_programs_of_another_unit_neither_publish_nor_correct_nor_void(draw: Draw) -> None:
    early = draw.other.post(f"{draw.at}/disclosure", json={})
    draw.publish()
    corrected = {"uscc": draw.uscc(), "result": "ordered", "reason": "复核"}
    refused = [
        early,
        draw.other.post(f"{draw.at}/disclosure", json={"reason": "证书重新签发"}),
        draw.other.post(f"{draw.at}/corrections", json=corrected),
        draw.ask_void(draw.other, "chief"),
    ]
    asked = draw.ask_void(draw.own, "leader")  # an approver stands above the units
    scan = {"paper": (io.BytesIO(b"scan"), "签署.pdf")}
    refused.append(draw.other.post(f"{draw.at}/voids/complete", data=scan))
    done = draw.own.post(f"{draw.at}/corrections", json=corrected)

    assert [(one.status_code, one.get_json()["code"]) for one in refused] == [(403, CODE)] * 5
    assert SAID in early.get_json()["detail"]
    assert (asked.status_code, done.status_code) == (201, 201), (asked.text, done.text)


def test_no_supervisor_of_another_unit_approves_what_is_asked_after_a_draw(draw: Draw) -> None:
    void = draw.ask_void(draw.own, "beside")
    form = {
        "reason": "enterprise.closed",
        "uscc": draw.uscc(),
        "approver": "beside",
        "password": PASSWORD,
        "evidence": (io.BytesIO(b"%PDF-1.7"), "证明.pdf"),
    }
    replacement = draw.own.post(f"{draw.at}/replacements", data=form)

    assert [one.get_json()["code"] for one in (void, replacement)] == [CODE, CODE]
    assert "批准替补" in replacement.get_json()["detail"]


def test_the_console_offers_another_unit_no_such_form_and_takes_none(draw: Draw) -> None:
    draw.publish()
    page, own = (who.client.get(f"{draw.at}/disclosure").text for who in (draw.other, draw.own))
    shown, theirs = (who.client.get(draw.at).text for who in (draw.other, draw.own))
    voids = draw.other.client.get(f"{draw.at}/voids")
    replacements = draw.other.client.get(f"{draw.at}/replacements")
    evidence = (io.BytesIO(b"%PDF-1.7"), "说明.pdf")
    refused = [
        replacements,
        draw.press("disclosure", reason="证书重新签发"),
        draw.press(
            "voids", reason="pool.wrong", evidence=evidence, approver="chief", password=PASSWORD
        ),
        draw.press("voids/complete", paper=(io.BytesIO(b"scan"), "签署.pdf")),
    ]

    assert ("再次公示</button>" in page, "再次公示</button>" in own) == (False, True)
    assert (f"{draw.at}/voids" in shown, f"{draw.at}/voids" in theirs) == (False, True)
    assert [one.status_code for one in (voids, *refused)] == [403] * 5
    assert all(SAID in one.text for one in (voids, *refused))


def looks(draw: Draw) -> int:
    """Return how often the audit noted that somebody saw whom the draw chose."""
    with draw.backend.reading() as session:
        seen = select(AuditEvent).where(AuditEvent.subject == f"draw:{draw.id}/replacements")
        return len(session.scalars(seen).all())


def test_nobody_of_another_unit_follows_its_replacements_or_makes_its_schemes(draw: Draw) -> None:
    at = f"{draw.at}/replacements/complete"
    refused = [draw.other.post(at, json={}), draw.other.post(f"{draw.at}/schemes")]
    pressed = draw.press("replacements/complete", witness="")
    commands = [
        draw.run("draw", "replace", "complete", "2026-01"),
        draw.run("dispatch", "schemes", "--draw", "2026-01"),
    ]
    unseen = looks(draw)
    own = draw.own.post(at, json={})

    assert [(one.status_code, one.get_json()["code"]) for one in refused] == [(403, CODE)] * 2
    assert (pressed.status_code, SAID in pressed.text) == (403, True)
    assert [(one.exit_code != 0, CODE in one.output) for one in commands] == [(True, True)] * 2
    assert (own.status_code, unseen, looks(draw)) == (200, 0, 1)


def test_the_command_line_lets_no_other_unit_decide(draw: Draw) -> None:
    draw.publish()
    proof = draw.folder / "说明.pdf"
    proof.write_bytes(b"%PDF-1.7")
    request = ("--reason", "pool.wrong", "--evidence", str(proof), "--approver", "chief")
    refused = [
        draw.run("disclosure", "publish", "2026-01", "--reason", "证书重新签发"),
        draw.run(
            *("disclosure", "correct", "2026-01", "--uscc", draw.uscc()),
            *("--result", "ordered", "--reason", "复核"),
        ),
        draw.run("draw", "void", "2026-01", *request, input=f"{PASSWORD}\n"),
        draw.run("draw", "void", "2026-01", "--paper", str(proof)),
    ]

    assert [(one.exit_code != 0, CODE in one.output) for one in refused] == [(True, True)] * 4
