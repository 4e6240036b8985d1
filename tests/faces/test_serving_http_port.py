"""`serve --http-port`: what a phone needs before it trusts the server, and nothing else."""

import signal
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from inspect_server.app import make_backend, prepare
from inspect_server.cli import root
from inspect_server.config import Settings
from inspect_server.domain.enums import Role
from inspect_server.phone.trust import ADDRESSES, PAGE
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.certificates import Root, default_folder, make_root
from inspect_server.web.plain_door import PlainDoor
from sync.protocol import NONCE, PUSH, UPLOADS
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU
from tests.faces.https import Trusted, trusted
from tests.faces.test_serving import running

PASSWORD = "correct horse battery 7"
LOGIN = {"login": "zhangsan", "password": PASSWORD}


@dataclass
class Office:
    """A server that speaks HTTPS on one port and has another one for http."""

    trusted: Trusted
    root: Root
    secure: int
    plain: int

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.plain}", trust_env=False, timeout=30)

    def raw(self, sent: bytes) -> str:
        """Send bytes to the http port and return the beginning of what comes."""
        with socket.create_connection(("127.0.0.1", self.plain), timeout=30) as one:
            one.sendall(sent)
            return one.recv(4000).decode("latin-1")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("both")
    settings = prepare(Settings(data_dir=folder / "data", **BUREAU))
    backend = make_backend(settings)
    with backend.begin(ALL_ROLES) as work:
        add_user(work, "zhangsan", "张三", "一科", [Role.SUPERVISOR], PASSWORD)
    backend.engine.dispose()
    own = make_root(default_folder(settings.data_dir), ("a.lan",), "", "", datetime.now(UTC))
    made = trusted(folder / "tls")
    files = ("--cert", str(made.pair.certificate), "--key", str(made.pair.key))
    words = ("serve", "--port", "0", "--http-port", "0", *files)
    with running(settings.data_dir, *words) as (process, first):
        assert process.stdout is not None
        second = process.stdout.readline()
        assert first.startswith("服务已启动：https://127.0.0.1:"), first
        assert second.startswith("尚未信任证书的手机：http://127.0.0.1:"), second
        assert second.rstrip().endswith(PAGE)
        ports = [
            int(line.split("127.0.0.1:")[1].split("/")[0].split()[0]) for line in (first, second)
        ]
        yield Office(made, own, *ports)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_the_page_and_both_files_come_by_plain_http(office: Office) -> None:
    with office.client() as client:
        sent = {path: client.get(path) for path in sorted(ADDRESSES)}
        heads = [client.head(path).status_code for path in sorted(ADDRESSES)]

    crt, profile, page = sent.values()
    assert (page.status_code, crt.content, profile.content) == (
        200,
        office.root.der,
        office.root.mobileconfig,
    )
    assert "安装前必须核对指纹" in page.text
    assert heads == [200] * 3
    for answer in sent.values():
        assert "Strict-Transport-Security" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_all_else_is_sent_to_https_with_its_path_and_query(office: Office) -> None:
    paths = ("/", "/phone/", "/login?next=%2Fa", f"{PAGE}/x", "/phone/%2e%2e/login")
    with office.client() as client:
        moved = [client.get(path) for path in paths]
        head = client.head("/phone/", headers={"Host": "inspect.lan:8080"})

    assert [(one.status_code, one.headers["Location"]) for one in moved] == [
        (308, f"https://127.0.0.1:{office.secure}{path}") for path in paths
    ]
    assert all("Set-Cookie" not in one.headers and not one.content for one in moved)
    assert head.headers["Location"] == f"https://inspect.lan:{office.secure}/phone/"
    said = office.raw(b"GET //b.lan/x HTTP/1.1\r\nHost: a.lan\r\n\r\n")
    assert f"Location: https://a.lan:{office.secure}//b.lan/x\r\n" in said


@pytest.mark.parametrize("path", ["/login", "/api/v1/session", PUSH, UPLOADS, PAGE])
def test_what_would_carry_something_is_refused_and_not_sent_on(office: Office, path: str) -> None:
    with office.client() as client:
        answers = [
            client.request(method, path, content=b'{"login": "zhangsan"}')
            for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
        ]

    assert {one.status_code for one in answers} == {405}
    assert {one.headers["Allow"] for one in answers} == {"GET, HEAD"}
    assert not any("Location" in one.headers for one in answers)
    assert all("https://" in one.text for one in answers)


def test_nobody_is_known_by_plain_http(office: Office) -> None:
    with office.trusted.client(office.secure) as client:
        opened = client.post("/api/v1/session", json=LOGIN)
    cookie = opened.headers["Set-Cookie"].split(";")[0]
    with office.client() as client:
        answers = [
            client.get(path, headers={"Cookie": cookie, "X-Forwarded-Proto": "https"})
            for path in ("/api/v1/session", NONCE, "/console/", PAGE)
        ]

    assert opened.status_code == 200
    assert [one.status_code for one in answers] == [308, 308, 308, 200]
    assert all("Set-Cookie" not in one.headers for one in answers)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\tb\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a.lan/x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
        b"GET http://b.lan/ HTTP/1.1\r\nHost: a.lan\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
    ],
    ids=["no host", "tab", "path", "user", "another address", "TLS"],
)
def test_where_nobody_can_be_sent_it_says_so(office: Office, sent: bytes) -> None:
    said = office.raw(sent)

    assert said.startswith(("HTTP/1.1 400", "HTTP/1.0 400")) or said == ""
    assert "Location" not in said


def test_tls_is_not_spoken_on_the_http_port(office: Office) -> None:
    with (
        socket.create_connection(("127.0.0.1", office.plain), timeout=30) as one,
        pytest.raises((ssl.SSLError, ConnectionResetError)),
    ):
        office.trusted.context().wrap_socket(one, server_hostname="localhost")


def test_stalled_connections_there_keep_nobody_from_https(office: Office) -> None:
    with ExitStack() as open_:
        for _ in range(40):
            one = socket.create_connection(("127.0.0.1", office.plain), timeout=30)
            open_.enter_context(one).sendall(b"GET /phone/trust HT")
        began = time.monotonic()
        with office.trusted.client(office.secure) as client:
            pages = [client.get("/login") for _ in range(3)]
        took = time.monotonic() - began

    assert {page.status_code for page in pages} == {200}
    assert took < 5


def test_without_a_certificate_there_is_no_second_port() -> None:
    done = CliRunner().invoke(root, ["serve", "--http-port", "80"])

    assert done.exit_code == 2
    assert "--cert、--key" in done.output


def test_a_port_that_is_taken_is_told_by_the_name_of_its_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(prepare(Settings(data_dir=tmp_path)).data_dir))
    pair = trusted(tmp_path / "tls").pair
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ["--cert", str(pair.certificate), "--key", str(pair.key), "--port", "0"]
        done = CliRunner().invoke(root, ["serve", *words, "--http-port", port])

    assert done.exit_code == 1
    assert f"127.0.0.1:{port} 已被其他程序占用" in done.output
    assert "--http-port 另选端口" in done.output


class App:
    """An app that answers with what browsers must not be told by plain http."""

    def __init__(self) -> None:
        self.seen: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        self.seen = environ
        held = [("set-cookie", "a=b"), ("Strict-Transport-Security", "max-age=1")]
        start("200 OK", [("Content-Type", "text/plain"), *held])
        return [b"ok"]


def test_what_says_who_somebody_is_does_not_reach_the_app_and_none_comes_back() -> None:
    app, told = App(), []
    door = PlainDoor(app, frozenset({PAGE}), 443)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": PAGE,
        "HTTP_COOKIE": "__Host-inspect=x",
        "HTTP_AUTHORIZATION": "Bearer x",
        "HTTP_ACCEPT": "*/*",
    }

    body = door(environ, lambda status, headers: told.append((status, headers)))

    assert body == [b"ok"]
    assert told == [("200 OK", [("Content-Type", "text/plain")])]
    assert {name for name in app.seen if name.startswith("HTTP_")} == {"HTTP_ACCEPT"}


def test_the_usual_port_of_https_is_not_named() -> None:
    told: list[Any] = []
    door = PlainDoor(App(), frozenset(), 443)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "RAW_URI": "/?a=b",
        "HTTP_HOST": "[fd00::1]:80",
    }

    assert door(environ, lambda status, headers: told.append((status, headers))) == []
    assert told[0][1][0] == ("Location", "https://[fd00::1]/?a=b")
