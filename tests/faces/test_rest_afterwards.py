"""Replacement and void by REST, and how the console's page of the draw shows them."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from inspect_server.app import create_app
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.domain.draw.replacement.void import PaperReason, VoidReason, void_message
from inspect_server.domain.enums import Role
from inspect_server.gateways.signatures import ed25519_signed
from inspect_server.store.models.identity import AuditEvent
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import PASSWORD, Program, connect
from tests.usecases import draw_world
from tests.usecases.draw_world import World

PROOF = "诊断证明（扫描件）".encode()
SHA256 = hashlib.sha256(PROOF).hexdigest()


@dataclass
class Office:
    """A revealed draw whose schemes are made, and who works on it."""

    world: World
    app: Flask
    supervisor: Program
    at: str

    def tasks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.supervisor.get(self.at).get_json()["tasks"]
        return found

    def ask(self, reason: str, **changes: Any) -> TestResponse:
        form = {
            "reason": reason,
            "uscc": self.tasks()[0]["uscc"],
            "approver": "zhaoliu",
            "password": PASSWORD,
            "evidence": (io.BytesIO(PROOF), "证明.pdf"),
        }
        return self.supervisor.post(f"{self.at}/replacements", data=form | changes)

    def complete(self, position: int) -> TestResponse:
        value = self.world.witness.value(position).hex()
        return self.supervisor.post(f"{self.at}/replacements/complete", json={"witness": value})

    def ask_void(self, reason: str, **changes: Any) -> TestResponse:
        form = {
            "reason": reason,
            "approver": "zhaoliu",
            "password": PASSWORD,
            "evidence": (io.BytesIO(PROOF), "说明.pdf"),
        }
        return self.supervisor.post(f"{self.at}/voids", data=form | changes)

    def agree(self, **consent: Any) -> TestResponse:
        at, form = f"{self.at}/voids/complete", "multipart/form-data"
        return self.supervisor.post(at, data=consent, content_type=form)

    def page(self) -> str:
        return self.supervisor.client.get(self.at).text


@pytest.fixture
def office(sqlite_backend: Backend, tmp_path: Path) -> Office:
    world = draw_world.build(sqlite_backend, tmp_path)
    drawn = world.reveal(world.commit())
    app = create_app(sqlite_backend)
    connect(sqlite_backend, app, "zhaoliu", Role.APPROVER)
    bureau = sqlite_backend.settings.authority
    supervisor = connect(sqlite_backend, app, "zhangsan", Role.SUPERVISOR, unit=bureau)
    office = Office(world, app, supervisor, f"/draws/{drawn.id}")
    supervisor.post(f"{office.at}/schemes")
    return office


def test_an_officer_and_an_enterprise_are_replaced_and_their_cases_follow(office: Office) -> None:
    task = office.tasks()[0]
    asked = office.ask("officer.leave", officer_id=task["officers"][0]["officer_id"])
    position = asked.get_json()["position"]
    waiting = office.supervisor.get(f"{office.at}/replacements").get_json()
    done = office.complete(position).get_json()
    closed = office.ask("enterprise.closed").get_json()
    ended = office.complete(closed["position"]).get_json()
    report = office.supervisor.get(f"{office.at}/verification").get_json()

    assert asked.status_code == 201, asked.text
    assert (waiting[0]["came_in"], waiting[0]["completed_at"]) == ("", None)
    assert waiting[0]["evidence_sha256"] == SHA256
    assert (waiting[0]["requested_by"], waiting[0]["approved_by"]) == ("zhangsan", "zhaoliu")
    assert [step["what"] for step in done["cases"]] == ["reassign"]
    assert {step["what"] for step in ended["cases"]} == {"end", "draft"}
    assert not any(step["refused"] for step in ended["cases"]), ended["cases"]
    assert all(one["came_in"] for one in ended["replacements"])
    assert task["uscc"] not in {one["uscc"] for one in office.tasks()}
    assert report["ok"], report


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"password": "wrong"}, 403, "login.refused"),
    ({"approver": "zhangsan"}, 403, "approval.author_may_not_approve"),
    ({"evidence": (io.BytesIO(b""), "证明.pdf")}, 422, "common.bad_input"),
    ({"uscc": "91320000000000000X"}, 409, "draw.replacement_not_allowed"),
]


@pytest.mark.parametrize(("change", "status", "code"), REFUSED, ids=[one[2] for one in REFUSED])
def test_a_request_needs_proof_and_somebody_else_who_is_there(
    office: Office, change: dict[str, Any], status: int, code: str
) -> None:
    answer = office.ask("enterprise.closed", **change)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert office.supervisor.get(f"{office.at}/replacements").get_json() == []


def test_a_value_that_is_not_awaited_completes_nothing(office: Office) -> None:
    nothing = office.complete(2)
    position = office.ask("enterprise.moved").get_json()["position"]
    wrong = office.complete(position + 1)
    idle = office.supervisor.post(f"{office.at}/replacements/complete", json={})

    assert nothing.get_json()["code"] == "draw.no_replacement_pending"
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "draw.bad_chain_value")
    assert idle.get_json()["cases"] == []
    assert idle.get_json()["replacements"][0]["came_in"] == ""


def test_a_draw_is_void_with_the_witness_s_signature_and_lists_why(office: Office) -> None:
    at = f"{office.at}/voids"
    early = office.agree(signature="00" * 64)
    asked = office.ask_void("pool.wrong")
    named = asked.get_json()
    message = void_message(
        suite("sha256"),
        draw_no=named["draw_no"],
        commit=named["commit"],
        reason=VoidReason(named["reason"]),
        request_leaf=named["request_leaf"],
    )
    secret = bytes.fromhex(office.world.witness.signing_key_hex)
    forged = office.agree(signature="00" * 64)
    signature = ed25519_signed(secret, message).hex()
    done = office.agree(signature=signature)
    (listed,) = office.supervisor.get(at).get_json()

    assert early.get_json()["code"] == "draw.void_not_allowed"
    assert asked.status_code == 201, asked.text
    assert forged.get_json()["code"] == "draw.bad_cosignature"
    assert done.get_json()["ended"] == len(office.tasks())
    assert [one["ends_chain"] for one in (named, done.get_json(), listed)] == [False] * 3
    assert (listed["reason"], listed["evidence_sha256"]) == ("抽取池有误", SHA256)
    assert listed["witness_key"]
    assert (listed["requested_by"], listed["approved_by"]) == ("zhangsan", "zhaoliu")
    assert office.supervisor.get(f"{office.at}/verification").get_json()["ok"]


def test_a_void_signed_on_paper_keeps_the_scan(office: Office) -> None:
    at, scan = f"{office.at}/voids", b"%PDF-1.7 scan"
    office.ask_void("rules.wrong")
    unsaid = office.agree(paper=(io.BytesIO(scan), "签署.pdf"))
    asked = office.ask_void("rules.wrong", paper_because="key.lost").get_json()
    neither = office.agree(signature="")
    same = office.agree(paper=(io.BytesIO(PROOF), "签署.pdf"))
    done = office.agree(paper=(io.BytesIO(scan), "签署.pdf"))

    assert (same.status_code, same.get_json()["code"]) == (422, "draw.bad_cosignature")
    assert "与申请所附的证明材料是同一个文件" in same.get_json()["detail"]
    assert neither.status_code == 422
    assert done.status_code == 200, done.text
    assert (unsaid.status_code, unsaid.get_json()["code"]) == (409, "draw.witness_has_key")
    listed = office.supervisor.get(at).get_json()[-1]
    assert listed["paper_sha256"] == hashlib.sha256(scan).hexdigest()
    assert listed["on_paper_because"] == "见证方的签名密钥遗失或者损坏"
    assert [one["ends_chain"] for one in (asked, done.get_json(), listed)] == [True] * 3


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"password": "wrong"}, 403, "login.refused"),
        ({"approver": "zhangsan"}, 403, "approval.author_may_not_approve"),
        ({"approver": ""}, 422, "http.422"),
        ({"evidence": (io.BytesIO(b""), "说明.pdf")}, 422, "common.bad_input"),
    ],
)
def test_nobody_asks_for_a_void_alone(
    office: Office, change: dict[str, Any], status: int, code: str
) -> None:
    answer = office.ask_void("pool.wrong", **change)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert office.supervisor.get(f"{office.at}/voids").get_json() == []


def test_the_console_shows_reason_proof_approver_and_the_value_that_decides(office: Office) -> None:
    task = office.tasks()[0]
    asked = office.ask("officer.leave", officer_id=task["officers"][1]["officer_id"]).get_json()
    waiting = office.page()
    office.complete(asked["position"])
    done = office.page()
    office.ask_void("law.changed", paper_because="key.lost")
    office.agree(paper=(io.BytesIO(b"scan"), "签署.pdf"))
    void = office.page()

    assert "待见证方的值" in waiting
    assert "由见证方的值决定" in waiting
    away, member = "人员因故不能参加检查", task["officers"][1]["name"]
    for text in (away, SHA256, "zhaoliu", asked["anchor"], member):
        assert text in done
    assert f"第 {asked['position']} 个值" in done
    assert "由见证方的值决定" not in done
    assert "法律、法规、规章或上级规定变动" in void
    assert "见证方的签名密钥遗失或者损坏" in void
    assert hashlib.sha256(b"scan").hexdigest() in void


def test_who_decides_or_audits_opens_the_evidence_again_and_the_audit_notes_it(
    office: Office,
) -> None:
    scan = b"%PDF-1.7 scan"
    office.ask("enterprise.closed")
    office.ask_void("rules.wrong", paper_because="key.lost")
    office.agree(paper=(io.BytesIO(scan), "签署.pdf"))
    at, files = f"{office.at}/evidence", {SHA256: PROOF, hashlib.sha256(scan).hexdigest(): scan}
    backend = office.world.backend
    desk = connect(backend, office.app, "desk", Role.OFFICE)
    auditor = connect(backend, office.app, "eye", Role.AUDITOR)
    stranger = connect(backend, office.app, "other", Role.SUPERVISOR, unit="二科")
    opened = {sha256: auditor.get(f"{at}/{sha256}") for sha256 in files}
    page = office.page()
    with backend.reading() as session:
        noted = list(
            session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "draw.evidence"))
        )

    assert {sha256: answer.data for sha256, answer in opened.items()} == files
    assert all("attachment" in one.headers["Content-Disposition"] for one in opened.values())
    assert desk.get(f"{at}/{SHA256}").status_code == 403
    assert stranger.get(f"{at}/{SHA256}").get_json()["code"] == "draw.identities_sealed"
    assert auditor.get(f"{at}/{'0' * 64}").status_code == 404
    assert all(f"{office.at}/evidence/{sha256}" in page for sha256 in files)
    assert office.supervisor.client.get(f"{at}/{SHA256}").data == PROOF
    draw = office.at.removeprefix("/draws/")
    assert sorted(noted) == sorted(f"draw:{draw}/evidence/{sha256[:16]}" for sha256 in files)


def test_a_draw_is_voided_on_the_console_by_two_people_and_the_witness(office: Office) -> None:
    client, at = office.supervisor.client, f"{office.at}/voids"
    form = {"csrf_token": office.supervisor.csrf, "reason": "pool.wrong", "approver": "zhaoliu"}

    def ask(**changes: str) -> TestResponse:
        evidence = (io.BytesIO(PROOF), "说明.pdf")
        return client.post(at, data=form | {"evidence": evidence, "password": PASSWORD} | changes)

    def agree(**consent: Any) -> TestResponse:
        return client.post(f"{at}/complete", data={"csrf_token": form["csrf_token"], **consent})

    alone, wrong = ask(approver="zhangsan"), ask(password="wrong")
    odd = ask(reason="because")
    connect(office.world.backend, office.app, "neiqin", Role.OFFICE)
    unfit = ask(approver="neiqin")
    before = client.get(at).text
    asked = ask()
    waiting = client.get(at).text
    paper = agree(paper=(io.BytesIO(b"scan"), "签署.pdf"))
    named = office.supervisor.get(at).get_json()[-1]
    message = void_message(
        suite("sha256"),
        draw_no="2026-01",
        commit=office.supervisor.get(office.at).get_json()["commit"],
        reason=VoidReason.POOL_WRONG,
        request_leaf=named["request_leaf"],
    )
    secret = bytes.fromhex(office.world.witness.signing_key_hex)
    done = agree(signature=ed25519_signed(secret, message).hex())

    assert (alone.status_code, wrong.status_code, odd.status_code) == (403, 403, 422)
    assert "作废申请不能由申请人自己审批" in alone.text
    assert "批准人的账号无权批准作废抽取" in unfit.text
    assert 'value="zhaoliu"' in wrong.text
    assert (asked.status_code, done.status_code) == (303, 303), asked.text
    assert "等待见证方签署" in waiting
    assert "见证方的哈希链随作废停用" in before
    assert before.count("（见证方的哈希链停用）") == len(PaperReason)
    assert 'value="entropy.unavailable"' not in before  # refused once the result is out
    assert 'value="witness.lost"' not in before  # no replacement waits for the witness
    assert 'value="pool.wrong"' in before
    assert "作废后继续使用" in waiting
    assert "zhaoliu" in waiting
    assert paper.status_code == 409
    assert "已随锚值公布公钥" in paper.text
    assert "已经作废" in client.get(at).text
    assert office.supervisor.get(f"{office.at}/verification").get_json()["ok"]
