"""`serve --cert --key`: real TLS connections to a real server, and what it refuses at start."""

import os
import signal
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from pathlib import Path
from subprocess import Popen
from threading import Thread

import pytest
from click.testing import CliRunner

from inspect_server.app import make_backend, prepare
from inspect_server.cli import root
from inspect_server.config import Settings
from inspect_server.domain.certificates import CertificateNotUsable
from inspect_server.domain.enums import Role
from inspect_server.gateways.certificates.making import key_bytes, new_key
from inspect_server.gateways.certificates.pairs import Pair
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import SystemClock
from inspect_server.web.encrypted import LiveCertificate
from inspect_server.web.slow_clients import IN_A_ROW
from sync.protocol import PUSH, UPLOADS
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU
from tests.faces.https import Trusted, odd_pair, trusted
from tests.faces.test_serving import running

PASSWORD = "correct horse battery 7"


@dataclass
class Office:
    """A server that speaks HTTPS itself."""

    trusted: Trusted
    port: int
    process: Popen[str]
    said: list[str] = field(default_factory=list)  # what it wrote on stderr, line by line

    def connection(self) -> HTTPSConnection:
        return HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.trusted.context())

    def plain(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def serial(self) -> object:
        """Return the serial number of the certificate that is shown to whoever comes."""
        with self.trusted.context().wrap_socket(self.plain(), server_hostname="localhost") as tls:
            shown = tls.getpeercert()
        assert shown is not None
        return shown["serialNumber"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("https")
    settings = prepare(Settings(data_dir=folder / "data", **BUREAU))
    backend = make_backend(settings)
    with backend.begin(ALL_ROLES) as work:
        add_user(work, "zhangsan", "张三", "一科", [Role.SUPERVISOR], PASSWORD)
    backend.engine.dispose()
    made = trusted(folder / "tls")
    files = ("--cert", str(made.pair.certificate), "--key", str(made.pair.key))
    with running(settings.data_dir, "serve", "--port", "0", *files) as (process, line):
        assert line.startswith("服务已启动：https://127.0.0.1:"), line
        opened = Office(made, int(line.split("127.0.0.1:")[1].split()[0]), process)
        assert process.stderr is not None
        listening = Thread(target=lambda: opened.said.extend(process.stderr or ()))
        listening.start()
        yield opened
        process.send_signal(signal.SIGTERM)
        listening.join(timeout=30)
        assert process.wait(timeout=30) == 0


def test_whoever_trusts_the_root_gets_in_and_cookies_and_hsts_count_on_https(
    office: Office,
) -> None:
    with office.trusted.client(office.port) as client:
        page = client.get("/login", headers={"Accept": "text/html"})
        opened = client.post("/api/v1/session", json={"login": "zhangsan", "password": PASSWORD})
        inside = client.get("/api/v1/session")

    assert (page.status_code, opened.status_code, inside.status_code) == (200, 200, 200)
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = opened.headers["Set-Cookie"]
    assert cookie.startswith("__Host-inspect=")
    assert "Secure" in cookie


def test_whoever_does_not_trust_the_root_or_calls_it_by_another_name_gets_nowhere(
    office: Office,
) -> None:
    with office.plain() as one, pytest.raises(ssl.SSLCertVerificationError, match="unable to get"):
        ssl.create_default_context().wrap_socket(one, server_hostname="localhost")
    with office.plain() as one, pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        office.trusted.context().wrap_socket(one, server_hostname="other.lan")


@pytest.mark.parametrize(
    ("newest", "agreed"), [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")]
)
def test_tls_1_2_and_1_3_are_spoken(office: Office, newest: ssl.TLSVersion, agreed: str) -> None:
    context = office.trusted.context()
    context.maximum_version = newest
    with context.wrap_socket(office.plain(), server_hostname="127.0.0.1") as connection:
        found = connection.version()

    assert found == agreed


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_older_tls_is_refused(office: Office) -> None:
    context = office.trusted.context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with office.plain() as one, pytest.raises(ssl.SSLError, match="protocol version"):
        context.wrap_socket(one, server_hostname="127.0.0.1")


def test_plain_http_is_sent_to_https_where_nothing_is_lost_by_it(office: Office) -> None:
    answers = []
    for sent in (
        b"GET /phone/?a=b HTTP/1.1\r\nAccept: */*\r\nHost: inspect.lan:8443\r\n\r\n",
        b"POST /login HTTP/1.1\r\nHost: inspect.lan\r\nContent-Length: 3\r\n\r\na=b",
        b"GET / HTTP/1.1\r\nX: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
        b"\x00\x01\x02",
        b"GET / HTTP/1.1\r\n" + (b":".join([b"x"] * 30) + b"\r\n") * 100,
    ):
        with office.plain() as one:
            one.sendall(sent)
            answers.append(one.recv(2000).decode().split("\r\n")[:2])

    assert answers[0] == [
        "HTTP/1.1 308 Permanent Redirect",
        "Location: https://inspect.lan:8443/phone/?a=b",
    ]
    assert [answer[0] for answer in answers[1:]] == ["HTTP/1.1 400 Bad Request"] * 5


def test_one_connection_carries_many_requests_and_large_bodies(office: Office) -> None:
    connection = office.connection()
    connection.connect()
    place, statuses = connection.sock.getsockname(), []
    for _ in range(IN_A_ROW + 2):
        connection.request("PATCH", f"{UPLOADS}/x", bytes(200_000))
        answer = connection.getresponse()
        statuses.append((answer.status, len(answer.read()) > 0))
        assert connection.sock.getsockname() == place
    connection.request("POST", PUSH, bytes(6 * 1024 * 1024))
    refused = connection.getresponse()
    told = refused.read()
    connection.close()

    assert len(set(statuses)) == 1
    assert statuses[0][0] < 500
    assert (refused.status, refused.getheader("Connection"), b"sync" in told) == (
        413,
        "close",
        True,
    )


HALF_A_HELLO = b"\x16\x03\x01\x02\x00\x01\x00"


@pytest.mark.parametrize("sent", [b"", HALF_A_HELLO, b"GET / HT"], ids=["none", "hello", "plain"])
def test_stalled_handshakes_keep_nobody_from_an_answer(office: Office, sent: bytes) -> None:
    with ExitStack() as open_:
        for _ in range(40):
            open_.enter_context(office.plain()).sendall(sent)
        began = time.monotonic()
        with office.trusted.client(office.port) as client:
            pages = [client.get("/login") for _ in range(3)]
        took = time.monotonic() - began

    assert {page.status_code for page in pages} == {200}
    assert took < 5


def test_a_renewed_certificate_is_shown_without_a_restart_and_a_bad_one_never(
    office: Office,
) -> None:
    first = office.serial()
    office.trusted.renewed()
    second = office.serial()
    good = office.trusted.pair.key.read_bytes()
    office.trusted.pair.key.write_bytes(key_bytes(new_key()))
    third = office.serial()
    office.trusted.pair.key.write_bytes(good)
    fourth = office.serial()

    assert first != second
    assert second == third == fourth
    told = "".join(office.said)
    assert "已换用新证书，有效期至 " in told
    assert "证书文件有变化，仍使用原证书。服务器证书不能使用：" in told
    assert "不是一对" in told


def test_clients_that_break_off_leave_no_line_in_the_log(office: Office) -> None:
    for sent in (b"", HALF_A_HELLO, HALF_A_HELLO + b"\xff" * 600, b"\x80\x00"):
        with office.plain() as one:
            one.sendall(sent)
    with office.trusted.context().wrap_socket(office.plain(), server_hostname="localhost") as tls:
        tls.sendall(b"GET /login HTTP/1.1\r\n")
    with office.trusted.context().wrap_socket(office.plain(), server_hostname="localhost") as tls:
        os.write(tls.fileno(), b"no record of TLS at all")
        with pytest.raises(OSError):  # noqa: PT011  # an alert or a reset, as it comes
            assert tls.recv(1) == b""
            raise OSError
    assert office.serial()

    assert [line for line in office.said if "证书" not in line and "提醒" not in line] == []


def serve(pair: Pair, *more: str) -> tuple[int, str]:
    words = ["serve", "--cert", str(pair.certificate), "--key", str(pair.key), *more]
    done = CliRunner().invoke(root, words)
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"days": (-30, -1)}, "到期"),
        ({"days": (1, 30)}, "起才有效"),
        ({"names": ()}, "没有 subjectAltName"),
        ({"purpose": "1.3.6.1.5.5.7.3.2"}, "用途不含服务器身份验证"),
    ],
)
def test_a_certificate_that_no_phone_takes_is_refused_before_anything_listens(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    code, output = serve(odd_pair(tmp_path, **changes))  # type: ignore[arg-type]

    assert (code, output.count("\n")) == (1, 1)
    assert said in output


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda pair: pair.certificate.unlink(), "找不到证书文件"),
        (lambda pair: pair.key.unlink(), "找不到密钥文件"),
        (lambda pair: pair.certificate.write_text("x"), "不是 PEM 格式的证书"),
        (lambda pair: pair.key.write_text("x"), "不是 PEM 格式的密钥"),
        (lambda pair: pair.key.write_bytes(key_bytes(new_key())), "不是一对"),
        (lambda pair: pair.key.write_bytes(key_bytes(new_key(), "geheim")), "设有口令"),
        (lambda pair: pair.key.write_bytes(bytes(2_000_000)), "过大"),
        (lambda pair: (pair.key.unlink(), os.mkfifo(pair.key)), "不是普通文件"),
    ],
    ids=["no cert", "no key", "bad cert", "bad key", "other", "passphrase", "large", "pipe"],
)
def test_files_that_cannot_be_used_are_one_sentence(
    tmp_path: Path, spoil: Callable[[Pair], object], said: str
) -> None:
    pair = odd_pair(tmp_path)
    spoil(pair)
    code, output = serve(pair)

    assert (code, output.count("\n")) == (1, 1)
    assert said in output


def test_one_of_the_two_files_alone_is_refused(tmp_path: Path) -> None:
    pair = odd_pair(tmp_path)
    done = CliRunner().invoke(root, ["serve", "--cert", str(pair.certificate)])

    assert done.exit_code == 2
    assert "--cert 和 --key 须同时写明" in done.output


def test_a_key_that_others_may_read_is_told_and_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "none"))
    pair = odd_pair(tmp_path, days=(-1, 10))
    private = serve(pair)
    pair.key.chmod(0o640)
    of_a_group = serve(pair)
    pair.key.chmod(0o644)
    open_to_all = serve(pair)

    assert [code for code, _ in (private, of_a_group, open_to_all)] == [1, 1, 1]  # no database
    assert ["chmod 600" in told for _, told in (private, of_a_group, open_to_all)] == [
        *(False, False),
        True,
    ]
    assert "还有 9 天到期" in private[1]


def test_files_changed_while_they_are_read_are_read_once_more(tmp_path: Path) -> None:
    made, told = trusted(tmp_path / "tls"), list[str]()
    live = LiveCertificate(made.pair, SystemClock(), told.append)
    first = live.context()
    unchanged = live.context()
    made.pair.certificate.unlink()
    kept = live.context()
    kept_still = live.context()
    made.renewed()
    last = live.context()

    assert first is unchanged is kept is kept_still
    assert last is not first
    assert ["找不到证书文件" in told[0], "已换用新证书" in told[1], len(told)] == [True, True, 2]


def test_what_the_tls_library_refuses_is_said_by_its_own_word(tmp_path: Path) -> None:
    pair = odd_pair(tmp_path)
    pair.key.unlink()
    with pytest.raises(CertificateNotUsable, match="加密库不接受"):
        pair.load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
