"""The page by which phones come to trust a bureau's own root, and the two files on it."""

import base64
import hashlib
import html
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from inspect_server.app import create_app
from inspect_server.usecases.certificates import Root, default_folder, issue, make_root
from inspect_server.usecases.work import Backend
from inspect_server.web.plain_door import PlainDoor

FILES = {
    "/phone/ca.crt": "application/x-x509-ca-cert",
    "/phone/ca.mobileconfig": "application/x-apple-aspen-config",
}
DOCS = Path(__file__).parents[2] / "docs" / "deploy.md"
PLAIN, SECURE = "http://jiancha.lan", "https://jiancha.lan"


@pytest.fixture
def client(sqlite_backend: Backend) -> FlaskClient:
    return create_app(sqlite_backend).test_client()


@pytest.fixture
def root(sqlite_backend: Backend) -> Root:
    folder = default_folder(sqlite_backend.settings.data_dir)
    return make_root(folder, ("jiancha.lan",), "云湾区<应急>局", "", datetime.now(UTC))


def shown(page: str) -> str:
    """Return what a page says, without spaces."""
    return "".join(
        html.unescape(re.sub(r"<style>.*</style>|<[^>]*>", "", page, flags=re.S)).split()
    )


@pytest.mark.parametrize("site", [PLAIN, SECURE])
def test_both_files_are_the_root_and_say_what_they_are(
    client: FlaskClient, root: Root, site: str
) -> None:
    sent = {path: client.get(path, base_url=site) for path in FILES}

    assert {path: answer.content_type for path, answer in sent.items()} == FILES
    assert [answer.data for answer in sent.values()] == [root.der, root.mobileconfig]
    crt, profile = sent.values()
    assert crt.headers["Content-Disposition"] == "attachment; filename=inspect-root.crt"
    assert "Content-Disposition" not in profile.headers  # iOS asks at once whether to take it
    assert {answer.headers["Cache-Control"] for answer in sent.values()} == {"no-cache"}
    assert not any("Set-Cookie" in answer.headers for answer in sent.values())


@pytest.mark.parametrize("site", [PLAIN, SECURE])
def test_the_page_shows_what_to_compare_and_that_it_is_not_to_be_believed(
    client: FlaskClient, root: Root, site: str
) -> None:
    answer = client.get("/phone/trust", base_url=site, headers={"Accept": "text/html"})
    said = shown(answer.text)
    digest = hashlib.sha256(root.der).hexdigest().upper()
    groups = [":".join(re.findall("..", digest)[at : at + 8]) for at in range(0, 32, 8)]

    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert "<br>".join(groups) in answer.text
    assert root.name.replace(" ", "") in said
    assert "云湾区<应急>局" in said
    assert "<应急>" not in answer.text
    assert "安装前必须核对指纹" in said
    assert "本页显示的指纹不能代替管理员给出的指纹" in said
    assert re.findall(r'href="([^"]*)"', answer.text) == ["ca.crt", "ca.mobileconfig"]


@pytest.mark.parametrize(
    ("site", "apps"),
    [
        (SECURE, ["https://jiancha.lan/phone/"]),
        (f"{SECURE}:8443", ["https://jiancha.lan:8443/phone/"]),
        (f"{PLAIN}:8080", ["https://jiancha.lan/phone/"]),
        ("https://[FD00::1]", ["https://[fd00::1]/phone/"]),
        ("http://bank.example", ["https://jiancha.lan/phone/", "https://[fd00::1]/phone/"]),
        (
            "http://jiancha.lan.bank.example",
            ["https://jiancha.lan/phone/", "https://[fd00::1]/phone/"],
        ),
        ("http://jiancha.lan:99999", ["https://jiancha.lan/phone/", "https://[fd00::1]/phone/"]),
    ],
)
def test_the_page_leads_on_to_the_app_by_a_certified_name_only(
    sqlite_backend: Backend, client: FlaskClient, root: Root, site: str, apps: list[str]
) -> None:
    folder = default_folder(sqlite_backend.settings.data_dir)
    issue(folder, ("jiancha.lan", "fd00::1"), lambda: "", datetime.now(UTC))

    scheme, _, host = site.partition("://")
    page = client.get("/phone/trust", base_url=f"{scheme}://x", headers={"Host": host}).text

    assert re.findall(r'href="([^"]*)"', page)[2:] == apps
    assert ("管理员所给的一个" in page) == (len(apps) > 1)


@pytest.mark.parametrize(("port", "behind"), [(443, ""), (8443, ":8443")])
def test_by_the_http_port_the_page_leads_to_the_port_of_https(
    sqlite_backend: Backend, root: Root, port: int, behind: str
) -> None:
    folder = default_folder(sqlite_backend.settings.data_dir)
    issue(folder, ("jiancha.lan",), lambda: "", datetime.now(UTC))
    app = create_app(sqlite_backend)
    door = PlainDoor(app.wsgi_app, frozenset({"/phone/trust"}), port)

    for site in ("http://jiancha.lan:8080", "http://elsewhere.lan"):
        page = Client(door).get("/phone/trust", base_url=site).text

        assert re.findall(r'href="(h[^"]*)"', page) == [f"https://jiancha.lan{behind}/phone/"]


def test_the_page_runs_nothing_and_loads_nothing(client: FlaskClient, root: Root) -> None:
    answer = client.get("/phone/trust")
    style = re.search("<style>(.*)</style>", answer.text, flags=re.S)
    assert style
    allowed = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()

    assert answer.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{allowed}'; form-action 'none'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    assert "<script" not in answer.text
    assert "style=" not in answer.text


def test_the_page_has_the_steps_of_the_manual(client: FlaskClient, root: Root) -> None:
    manual = DOCS.read_text("utf-8").partition("**安卓 11 及以上**")[2].partition("**检验**")[0]
    steps = re.findall(r"^(?:\d\.|-) (.*(?:\n  .*)*)", manual, flags=re.M)
    said = shown(client.get("/phone/trust").text)

    assert len(steps) == 12
    for step in steps:
        assert "".join(step.replace("**", "").replace("`", "").split()) in said


@pytest.mark.parametrize("path", ["/phone/trust", *FILES])
def test_where_there_is_no_root_or_a_damaged_one_nothing_is_found_and_no_path_is_told(
    sqlite_backend: Backend, client: FlaskClient, path: str
) -> None:
    missing = client.get(path)
    folder = default_folder(sqlite_backend.settings.data_dir)
    folder.mkdir(parents=True)
    (folder / "root.crt").write_text("x")
    damaged = client.get(path)
    (folder / "root.crt").unlink()
    make_root(folder, (), "", "", datetime.now(UTC))

    assert (missing.status_code, damaged.status_code) == (404, 404)
    assert "tls" not in damaged.text
    assert client.get(path).status_code == 200  # found without a restart
    assert client.head(path).status_code == 200


def test_nothing_secret_of_the_folder_is_sent(client: FlaskClient, root: Root) -> None:
    for name in ("root.key", "ca.key", "root.crt", "tls/root.key"):
        assert client.get(f"/phone/{name}").status_code == 404
    for path in ("/phone/trust", *FILES):
        assert b"PRIVATE" not in client.get(path).data
