"""Coming in and staying out: passwords, cookies, CSRF, lockout, ends of sessions, headers."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pyotp import TOTP
from werkzeug.test import TestResponse

from inspect_server.app import create_app
from inspect_server.config import Settings
from inspect_server.domain.enums import Role
from inspect_server.domain.identity import IDLE_TIME, LOCK_TIME, MAX_FAILURES
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock

PASSWORD = "correct horse battery 7"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def client(sqlite_backend: Backend) -> FlaskClient:
    """A browser before a server with one account."""
    with sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "zhangsan", "张三", "一科", [Role.SUPERVISOR], PASSWORD)
    return create_app(sqlite_backend).test_client()


def login(client: FlaskClient, password: str = PASSWORD, **options: object) -> TestResponse:
    return client.post(
        "/api/v1/session", json={"login": "zhangsan", "password": password}, **options
    )


def test_a_login_gives_a_session_and_a_logout_ends_it_on_the_server(client: FlaskClient) -> None:
    opened = login(client)
    cookie = client.get_cookie("inspect")
    inside = client.get("/api/v1/session")
    left = client.delete(
        "/api/v1/session", headers={"X-CSRF-Token": opened.get_json()["csrf_token"]}
    )
    assert cookie is not None
    client.set_cookie("inspect", cookie.value)  # whoever kept the cookie
    after = client.get("/api/v1/session")

    assert opened.status_code == inside.status_code == 200
    assert inside.get_json()["login"] == "zhangsan"
    assert left.status_code == 204
    assert after.status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    set_cookie = login(client).headers["Set-Cookie"]

    for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=28800"):
        assert part in set_cookie


def test_over_https_the_cookie_is_bound_to_this_host(
    sqlite_backend: Backend, client: FlaskClient
) -> None:
    settings = Settings(data_dir=sqlite_backend.settings.data_dir, secure_cookies=True)
    backend = Backend(sqlite_backend.engine, sqlite_backend.blobs, settings, sqlite_backend.clock)

    answer = login(create_app(backend).test_client())

    assert answer.headers["Set-Cookie"].startswith("__Host-inspect=")
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert "Domain=" not in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(client: FlaskClient) -> None:
    wrong = login(client, "wrong")
    unknown = client.post("/api/v1/session", json={"login": "nobody", "password": "wrong"})

    assert wrong.status_code == unknown.status_code == 403
    assert wrong.data == unknown.data


def test_five_failures_lock_the_account_even_for_the_right_password(
    client: FlaskClient, clock: FixedClock
) -> None:
    for _ in range(MAX_FAILURES):
        login(client, "wrong")
    locked = login(client)
    clock.moment += LOCK_TIME + timedelta(seconds=1)
    later = login(client)

    assert locked.status_code == 403
    assert locked.get_json()["code"] == "login.refused"
    assert later.status_code == 200


def test_a_session_ends_when_nobody_uses_it(client: FlaskClient, clock: FixedClock) -> None:
    login(client)
    clock.moment += IDLE_TIME - timedelta(minutes=1)
    used = client.get("/api/v1/session")
    clock.moment += IDLE_TIME - timedelta(minutes=1)
    used_again = client.get("/api/v1/session")
    clock.moment += IDLE_TIME + timedelta(minutes=1)
    idle = client.get("/api/v1/session")

    assert (used.status_code, used_again.status_code, idle.status_code) == (200, 200, 401)


def test_a_session_ends_after_its_hours_however_much_it_is_used(
    client: FlaskClient, clock: FixedClock
) -> None:
    login(client)
    statuses = []
    for _ in range(9):
        clock.forward(hours=1)
        statuses.append(client.get("/api/v1/session").status_code)

    assert statuses == [200] * 7 + [401] * 2


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "wrong"},
        {"X-CSRF-Token": "错误"},
        {"X-CSRF-Token": "right", "Sec-Fetch-Site": "cross-site"},
        {"X-CSRF-Token": "right", "Sec-Fetch-Site": "same-site"},
        {"X-CSRF-Token": "right", "Origin": "https://elsewhere.example"},
        {"X-CSRF-Token": "right", "Origin": "null"},
    ],
)
def test_a_write_that_is_not_from_here_changes_nothing(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    token = login(client).get_json()["csrf_token"]
    sent = {name: token if value == "right" else value for name, value in headers.items()}

    refused = client.delete(
        "/api/v1/session",
        headers={name: value.encode().decode("latin-1") for name, value in sent.items()},
    )
    still = client.get("/api/v1/session")

    assert refused.status_code == 403
    assert refused.get_json()["code"] == "csrf.refused"
    assert still.status_code == 200


def test_a_browser_s_own_word_holds_behind_a_proxy_of_another_name(client: FlaskClient) -> None:
    token = login(client).get_json()["csrf_token"]

    answer = client.delete(
        "/api/v1/session",
        headers={
            "X-CSRF-Token": token,
            "Sec-Fetch-Site": "same-origin",
            "Origin": "https://inspect.example",
        },
    )

    assert answer.status_code == 204


def test_a_form_brings_the_token_as_a_field(client: FlaskClient) -> None:
    token = login(client).get_json()["csrf_token"]

    without = client.post("/logout", headers=HTML)
    answer = client.post(
        "/logout", data={"csrf_token": token}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert without.status_code == 403
    assert answer.status_code == 302
    assert answer.location == "/login"


def test_a_login_from_another_site_is_refused(client: FlaskClient) -> None:
    answer = login(client, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "\t//elsewhere.example",
        "/\t/elsewhere.example",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_login_never_leads_to_another_site(client: FlaskClient, wanted: str) -> None:
    answer = client.post("/login", data={"login": "zhangsan", "password": PASSWORD, "next": wanted})

    assert answer.status_code == 302
    assert answer.location == "/"


def test_a_login_leads_back_to_where_the_visitor_wanted_to_go(client: FlaskClient) -> None:
    sent = client.get("/documents?q=%E4%BA%91", headers=HTML)
    answer = client.post(
        "/login",
        data={"login": "zhangsan", "password": PASSWORD, "next": "/documents?q=%E4%BA%91"},
    )

    assert sent.status_code == 302
    assert sent.location.startswith("/login?next=/documents")
    assert answer.location == "/documents?q=%E4%BA%91"


@pytest.mark.parametrize("path", ["/login", "/api/openapi.json", "/nowhere", "/api/v1/nowhere"])
def test_every_answer_is_hardened(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers=HTML).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_a_withdrawn_role_is_gone_with_the_next_request(
    client: FlaskClient, sqlite_backend: Backend
) -> None:
    from inspect_server.usecases.accounts import disable_user, grant_roles

    login(client)
    before = client.get("/api/v1/plans").status_code
    with sqlite_backend.begin(ALL_ROLES) as work:
        grant_roles(work, "zhangsan", [])
    without = client.get("/api/v1/plans").status_code
    with sqlite_backend.begin(ALL_ROLES) as work:
        disable_user(work, "zhangsan")
    disabled = client.get("/api/v1/plans").status_code

    assert (before, without, disabled) == (200, 403, 401)


def test_a_login_ends_the_session_that_the_browser_had(client: FlaskClient) -> None:
    login(client)
    before = client.get_cookie("inspect")
    login(client)
    after = client.get_cookie("inspect")
    assert before is not None
    assert after is not None
    client.set_cookie("inspect", before.value)

    assert before.value != after.value
    assert client.get("/api/v1/session").status_code == 401
    client.set_cookie("inspect", after.value)
    assert client.get("/api/v1/session").status_code == 200


def test_a_new_password_logs_out_everywhere(sqlite_backend: Backend, client: FlaskClient) -> None:
    elsewhere = create_app(sqlite_backend).test_client()
    opened = [login(one).get_json() for one in (client, elsewhere)]

    client.put(
        "/api/v1/users/zhangsan/password",
        json={"password": PASSWORD + " new"},
        headers={"X-CSRF-Token": opened[0]["csrf_token"]},
    )

    assert [one.get("/api/v1/session").status_code for one in (client, elsewhere)] == [401, 401]


def test_who_needs_a_second_factor_reaches_nothing_before_it(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    with sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "anquan", "安全", "局", [Role.SECURITY_ADMIN], PASSWORD)
    admin = create_app(sqlite_backend).test_client()
    sent = {"login": "anquan", "password": PASSWORD}
    opened = admin.post("/api/v1/session", json=sent).get_json()
    token = {"X-CSRF-Token": opened["csrf_token"]}
    refused = admin.get("/api/v1/users")
    page = admin.get("/", headers=HTML)
    form = {"csrf_token": opened["csrf_token"]}
    begun = admin.post("/second-factor", data=form, headers=HTML)
    made = admin.post("/api/v1/session/second-factor", headers=token).get_json()
    code = TOTP(made["secret"]).at(clock.now())
    confirmed = admin.put("/api/v1/session/second-factor", json={"code": code}, headers=token)
    listed = admin.get("/api/v1/users")
    clock.forward(seconds=30)
    without = admin.post("/api/v1/session", json=sent)
    again = admin.post(
        "/api/v1/session", json={**sent, "code": TOTP(made["secret"]).at(clock.now())}
    )

    assert opened["must_enrol"] is True
    assert (refused.status_code, refused.get_json()["code"]) == (
        403,
        "account.second_factor_wanted",
    )
    assert (page.status_code, page.location) == (302, "/second-factor")
    assert "二维码" in begun.text
    assert len(confirmed.get_json()["recovery_codes"]) == 10
    assert listed.status_code == 200
    assert (without.status_code, again.status_code) == (403, 200)
    assert (again.get_json()["has_second_factor"], again.get_json()["must_enrol"]) == (True, False)
