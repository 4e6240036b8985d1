"""Failures: one shape for programs, one page for people, and nothing of the inside shows."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, abort
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from forms.errors import BadDefinition, ContentMismatch, FormNotFound
from inspect_server.app import create_app
from inspect_server.domain.errors import BadInput, Forbidden, InspectError, NotFound, StaleVersion
from inspect_server.gateways.blobs import BlobDamaged
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.work import Backend
from inspect_server.web.errors import STATUS
from inspect_server.web.guard import PUBLIC, declare
from pdf_templates.errors import MissingGlyph
from sync.errors import StorageFull
from tests.actors import ALL_ROLES
from tests.faces.town import TEST, Town

HTML = {"Accept": "text/html"}


class Busy(InspectError):
    """Something is away for the moment."""

    code, kind = "test.busy", "unavailable"
    message = "暂时繁忙，请稍后重试。"


def failing(backend: Backend, error: Callable[[], Exception]) -> Flask:
    app = create_app(backend)

    def fail() -> str:
        raise error()

    for path in ("/api/v1/fail", "/fail"):
        app.add_url_rule(path, path, fail)
        declare(app, path, PUBLIC)
    return app


CASES: list[tuple[Callable[[], Exception], int, str]] = [
    (lambda: BadInput(field="年份", reason="太早"), 422, "common.bad_input"),
    (lambda: Forbidden(action="办理"), 403, "common.forbidden"),
    (lambda: NotFound(what="该企业"), 404, "common.not_found"),
    (lambda: StaleVersion(what="该计划"), 409, "common.stale"),
    (Busy, 503, "test.busy"),
    (lambda: BlobDamaged(sha256="0" * 64), 500, "blob.damaged"),
    (lambda: FormNotFound(ref="dust@9"), 404, "forms.not_found"),
    (lambda: ContentMismatch(ref="dust@1"), 500, "forms.content_mismatch"),
    (
        lambda: BadDefinition(file="f", item="i", field="x", reason="r"),
        422,
        "forms.bad_definition",
    ),
    (lambda: MissingGlyph(field="名称", char="x", point="U+1"), 422, "document.missing_glyph"),
    (StorageFull, 507, "sync.full"),
    (lambda: StaleDataError("row"), 409, "common.stale"),
    (
        lambda: IntegrityError("s", {}, Exception("UNIQUE constraint failed: t.c")),
        409,
        "common.stale",
    ),
    (lambda: IntegrityError("s", {}, Exception("NOT NULL constraint failed")), 500, "http.500"),
    (lambda: OperationalError("s", {}, Exception("database is locked")), 503, "store.unavailable"),
    (lambda: RuntimeError("secret inside"), 500, "http.500"),
]


@pytest.mark.parametrize(("error", "status", "code"), CASES, ids=[case[2] for case in CASES])
def test_each_failure_is_a_problem_with_a_stable_code_and_a_chinese_sentence(
    sqlite_backend: Backend, error: Callable[[], Exception], status: int, code: str
) -> None:
    answer = failing(sqlite_backend, error).test_client().get("/api/v1/fail", headers=HTML)
    problem = answer.get_json()

    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["detail"].endswith("。")
    assert "secret" not in answer.text
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.parametrize(("error", "status", "code"), CASES, ids=[case[2] for case in CASES])
def test_a_browser_gets_a_page_for_the_same_failure(
    sqlite_backend: Backend, error: Callable[[], Exception], status: int, code: str
) -> None:
    answer = failing(sqlite_backend, error).test_client().get("/fail", headers=HTML)

    assert answer.status_code == status
    assert answer.content_type == "text/html; charset=utf-8"
    assert "返回" in answer.text
    assert "secret" not in answer.text


def test_the_log_holds_where_it_failed_and_nobodys_name(
    sqlite_backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    name = "李" + "建国"

    def error() -> Exception:
        driver = Exception(f"NOT NULL constraint failed\nDETAIL: Failing row contains ({name})")
        made = IntegrityError("INSERT", {"name": name}, driver)
        made.__cause__ = ValueError(name)
        return made

    failing(sqlite_backend, error).test_client().get("/api/v1/fail")

    assert "sqlalchemy.exc.IntegrityError" in caplog.text
    assert "caused by builtins.ValueError" in caplog.text
    assert "in fail" in caplog.text
    assert name not in caplog.text


def test_every_kind_has_a_status() -> None:
    from typing import get_args

    from inspect_server.domain.errors import Kind

    assert set(STATUS) == set(get_args(Kind))


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 429])
def test_errors_of_the_framework_look_the_same(sqlite_backend: Backend, status: int) -> None:
    app = create_app(sqlite_backend)
    app.add_url_rule("/api/v1/fail", "fail", lambda: abort(status))
    declare(app, "fail", PUBLIC)

    answer = app.test_client().get("/api/v1/fail")

    assert answer.status_code == status
    assert answer.get_json()["code"] == f"http.{status}"


def test_an_address_that_leads_nowhere_is_a_page_or_a_problem(town: Town) -> None:
    supervisor = town.sign_in("supervisor")

    page = supervisor.get("/nowhere", headers=HTML)
    problem = supervisor.get("/api/v1/nowhere", headers=HTML)
    hidden = supervisor.get(f"/inspections/{town.other.inspection}", headers=HTML)
    forbidden = town.sign_in("system_admin").get("/documents", headers=HTML)

    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "没有找到" in page.text
    assert "退出" in page.text  # the menu is there to go on
    assert (problem.status_code, problem.mimetype) == (404, "application/problem+json")
    assert hidden.status_code == 404
    assert forbidden.status_code == 403
    assert "无权" in forbidden.text


OUTSIDE: list[tuple[str, str, dict[str, Any], int]] = [
    ("GET", "/api/nowhere", {}, 404),
    ("GET", "/api/v2/enterprises", {}, 404),
    ("GET", "/api/v1/%FF%00", {}, 404),
    ("GET", "/api/v1/enterprises/not-a-uuid", {}, 404),
    ("GET", "/api/assets/../../secret", {}, 404),
    ("POST", "/api/openapi.json", {}, 405),
    ("PATCH", "/api/v1/draws", {}, 405),
    ("BREW", "/api/v1/draws", {}, 405),
    ("POST", "/api/v1/session", {"data": b" " * 1_100_000}, 413),
    ("POST", "/api/v1/session", {"data": b"login=a", "content_type": "text/plain"}, 415),
    ("POST", "/api/v1/session", {"json": {"login": 1}}, 422),
    ("GET", "/sync/v1/nowhere", {}, 404),
    ("PUT", "/sync/v1/nonce", {}, 405),
]


@pytest.mark.parametrize(("method", "path", "sent", "status"), OUTSIDE)
def test_every_failure_below_the_api_is_a_problem_whether_or_not_a_view_was_reached(
    town: Town, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    headers = HTML | ({"Content-Type": "application/json"} if status == 413 else {})

    answer = town.app.test_client().open(path, method=method, headers=headers, **sent)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == status


BODIES: list[tuple[bytes, str, int]] = [
    (b"{", "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b'{"year": ' + b"9" * 5_000 + b"}", "application/json", 400),
    (b'{"year": NaN}', "application/json", 400),
    (b'{"year": 1e400}', "application/json", 422),
    (b'{"year": 2026.5}', "application/json", 422),
    (b'{"year": "2026"}', "application/json", 422),
    (b'{"year": true}', "application/json", 422),
    (b'{"year": null}', "application/json", 422),
    (b'{"year": 2026, "more": 1}', "application/json", 422),
    (b"[]", "application/json", 422),
    (b'"text"', "application/json", 422),
    (b"", "application/json", 422),
    (b"year=2026", "application/x-www-form-urlencoded", 415),
    (b"<year/>", "text/xml", 415),
    (b" " * 1_100_000, "application/json", 413),
]


@pytest.mark.parametrize(("body", "kind", "status"), BODIES)
def test_a_hostile_body_is_the_sender_s_fault(
    town: Town, body: bytes, kind: str, status: int
) -> None:
    answer = town.sign_in("supervisor").post("/api/v1/plans", data=body, content_type=kind)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_a_wrong_field_is_named_in_chinese(town: Town) -> None:
    answer = town.sign_in("system_admin").post(
        "/api/v1/users", json={"login": "a\u0000b", "name": "", "more": 1}
    )
    errors: dict[str, Any] = answer.get_json()["errors"]

    assert answer.status_code == 422
    assert set(errors) == {"login", "name", "unit", "password", "more"}
    assert errors["unit"] == ["必须填写。"]
    assert all(said.endswith("。") for field in errors.values() for said in field)


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=1000001", "size=0", "size=201", "page=x", "size=1e3"]
)
@pytest.mark.parametrize("path", ["enterprises", "inspections", "documents", "inbox"])
def test_a_page_out_of_bounds_is_refused(town: Town, path: str, query: str) -> None:
    answer = town.sign_in("supervisor").get(f"/api/v1/{path}?{query}")

    assert answer.status_code == 422


def test_pages_cover_a_list_without_gap_or_repeat(town: Town) -> None:
    supervisor = town.sign_in("supervisor")
    whole = supervisor.get("/api/v1/enterprises?size=200").get_json()
    parts = [
        supervisor.get(f"/api/v1/enterprises?size=17&page={page}").get_json()["rows"]
        for page in range(1, 6)
    ]
    beyond = supervisor.get("/api/v1/enterprises?page=1000000").get_json()

    assert whole["total"] == len(whole["rows"]) == 60
    assert [row["uscc"] for part in parts for row in part] == [row["uscc"] for row in whole["rows"]]
    assert (beyond["rows"], beyond["total"]) == ([], 60)


@pytest.mark.parametrize("path", ["enterprises", "inspections", "documents", "inbox"])
def test_a_list_that_grows_meanwhile_is_read_without_gap_or_repeat(town: Town, path: str) -> None:
    auditor = town.sign_in("auditor")
    key = {"inbox": "hash", "enterprises": "uscc"}.get(path, "id")
    whole = auditor.get(f"/api/v1/{path}?size=200").get_json()
    read: list[str] = []
    after = ""
    while True:
        page = auditor.get(f"/api/v1/{path}?size=1&after={after}").get_json()
        read += [row[key] for row in page["rows"]]
        after = page["next"]
        if len(read) == 1 and path == "enterprises":
            with town.backend.begin(TEST) as work:  # before what was read
                work.session.execute(
                    update(Enterprise).where(Enterprise.uscc == read[0]).values(uscc="0" * 18)
                )
        if not after:
            break
        assert page["total"] == whole["total"]

    assert read == [row[key] for row in whole["rows"]]
    assert len(read) > 1


def test_a_place_in_a_list_that_nobody_gave_is_refused(town: Town) -> None:
    auditor = town.sign_in("auditor")

    for after in ("x", str(uuid4())):
        answer = auditor.get(f"/api/v1/documents?after={after}")
        assert (answer.status_code, answer.get_json()["code"]) == (422, "common.bad_input")


def test_a_database_without_tables_says_so_and_the_server_lives(
    sqlite_backend: Backend,
) -> None:
    client = create_app(sqlite_backend).test_client()
    with sqlite_backend.begin(ALL_ROLES) as work:
        work.session.execute(text("ALTER TABLE login_session RENAME TO gone"))
    client.set_cookie("inspect", uuid4().hex)

    away = client.get("/api/v1/session")
    with sqlite_backend.begin(ALL_ROLES) as work:
        work.session.execute(text("ALTER TABLE gone RENAME TO login_session"))
    back = client.get("/api/v1/session")

    assert (away.status_code, back.status_code) == (503, 401)
