"""`deploy`: units that systemd accepts, and an nginx site that does what it should."""

import configparser
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from forms.model import Form
from inspect_server.cli import root
from inspect_server.cli.deploying.units import JOBS, RENEW, SERVER, TIMER
from inspect_server.usecases.certificates import default_folder, make_root
from inspect_server.usecases.work import Backend
from inspect_server.web.slow_clients import HEAD_SECONDS, STALL_SECONDS
from sync.protocol import CHUNK_BYTES, NONCE, PUSH, UPLOADS
from tests.faces.https import Trusted, trusted
from tests.faces.test_sync_phone import A1, PHOTO, Evening, evening, small_form

__all__ = ["evening", "small_form"]
PROGRAM = str(Path(sys.executable).with_name("inspect-server"))
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
needs_nginx = pytest.mark.skipif(
    not NGINX, reason="nginx is missing: install nginx-light, as .ci/run does"
)
EXPOSED = {"proxy": 20, "alone": 20}
"""Tenths that `systemd-analyze security` may say at most; 10.0 is a service without any limit."""


def written(folder: Path, *words: str) -> dict[str, str]:
    done = CliRunner().invoke(root, ["deploy", *words, "--to", str(folder)])
    assert done.exit_code == 0, done.output
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


def parsed(text: str) -> dict[str, dict[str, list[str]]]:
    """Return sections, keys and all values of a unit."""
    sections: dict[str, dict[str, list[str]]] = {}
    for line in filter(None, text.splitlines()):
        if line.startswith("["):
            held = sections.setdefault(line.strip("[]"), {})
            continue
        key, equals, value = line.partition("=")
        assert equals, line
        held.setdefault(key, []).append(value)
    return sections


ALONE = ("--cert", "/etc/ssl/inspect.crt", "--key", "/etc/ssl/inspect.key")


@pytest.mark.parametrize("more", [(), ALONE], ids=["proxy", "alone"])
def test_the_units_say_who_runs_what_and_what_it_may(tmp_path: Path, more: tuple[str, ...]) -> None:
    files = written(tmp_path / "units", "systemd", "--program", PROGRAM, *more)

    assert sorted(files) == sorted([SERVER, JOBS, RENEW, TIMER])
    for name in (SERVER, JOBS, RENEW):
        service = parsed(files[name])["Service"]
        assert service["User"] == ["inspect"]
        assert service["StateDirectory"] == ["inspect"]
        assert (service["NoNewPrivileges"], service["ProtectSystem"]) == (["yes"], ["strict"])
        assert service["CapabilityBoundingSet"] == (
            ["CAP_NET_BIND_SERVICE"] if more and name == SERVER else [""]
        )
    for name in (SERVER, JOBS):
        assert parsed(files[name])["Service"]["Restart"] == ["always"]
    said = parsed(files[SERVER])["Service"]
    assert ("INSPECT_SECURE_COOKIES=true" in said["Environment"]) == (not more)
    assert said["ExecStart"] == [
        f"{PROGRAM} serve"
        + (f" --host 0.0.0.0 --port 443 --http-port 80 {' '.join(ALONE)}" if more else "")
    ]
    for text in files.values():  # another reader of the same form
        configparser.ConfigParser(strict=False, interpolation=None).read_string(text)


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"),
    reason="systemd-analyze is missing: install systemd, as .ci/run does",
)
@pytest.mark.parametrize("more", [(), ALONE], ids=["proxy", "alone"])
def test_systemd_accepts_the_units_and_finds_them_locked_in(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    files = written(tmp_path / "units", "systemd", "--program", PROGRAM, *more)

    for name in files:
        path = tmp_path / "units" / name
        judged = subprocess.run(
            ["systemd-analyze", "verify", path], capture_output=True, text=True, check=False
        )
        assert (judged.returncode, judged.stdout + judged.stderr) == (0, ""), name
    for name in (SERVER, JOBS, RENEW):
        limit = f"--threshold={EXPOSED['alone' if more else 'proxy']}"
        words = ["systemd-analyze", "security", "--offline=true", "--no-pager", limit]
        rated = subprocess.run(
            [*words, tmp_path / "units" / name], capture_output=True, text=True, check=False
        )
        assert rated.returncode == 0, rated.stdout[-400:] + rated.stderr


def test_paths_that_depend_on_where_one_stands_are_refused() -> None:
    for words in (
        ("systemd", "--program", "bin/inspect-server"),
        ("systemd", "--cert", "a.crt", "--key", "/a.key"),
        ("systemd", "--cert", "/a.crt"),
        ("nginx", "a.lan", "--key", "/a.key"),
    ):
        done = CliRunner().invoke(root, ["deploy", *words])
        assert done.exit_code == 2, words
        assert "绝对路径" in done.output or "须同时写明" in done.output


@pytest.mark.parametrize("path", ["/a\nUser=root", "/etc/%h.crt", "/etc/$host.crt"])
@pytest.mark.parametrize("words", [("systemd",), ("nginx", "a.lan")], ids=lambda words: words[0])
def test_paths_that_would_be_read_as_something_else_are_refused(
    words: tuple[str, ...], path: str
) -> None:
    done = CliRunner().invoke(root, ["deploy", *words, "--cert", path, "--key", "/a.key"])

    assert done.exit_code == 2
    assert "--cert 的路径不能含有" in done.output


def directives(text: str) -> list[tuple[str, ...]]:
    """Return each directive of an nginx file with the blocks that it stands in."""
    inside: list[str] = []
    found = []
    words = re.findall(r'"(?:[^"\\]|\\.)*"|[{};]|[^\s{};"]+', re.sub(r"#.*", "", text))
    line: list[str] = []
    for word in words:
        if word == "{":
            inside.append(" ".join(line))
        elif word == "}":
            inside.pop()
        elif word == ";":
            found.append((" > ".join(inside), *line))
        else:
            line.append(word)
            continue
        line = []
    assert (inside, line) == ([], [])
    return found


def test_the_site_leaves_bodies_alone_and_has_the_limits_that_the_program_speaks_of(
    tmp_path: Path,
) -> None:
    names = ("inspect.lan", "192.168.1.10", "fd00::1")
    shown = CliRunner().invoke(root, ["deploy", "nginx", *names])
    text = written(tmp_path, "nginx", *names)["inspect.conf"]
    found = directives(text)

    def value(name: str, where: str = "server") -> list[str]:
        return [" ".join(one[2:]) for one in found if one[:2] == (where, name)]

    assert shown.stdout == text
    assert "还没有证书" in shown.stderr
    assert set(value("server_name")) == {"inspect.lan 192.168.1.10 [fd00::1]"}
    assert value("ssl_protocols") == ["TLSv1.2 TLSv1.3"]
    assert value("proxy_request_buffering") == ["on"]
    assert value("gzip") == ["off"]
    assert int(value("client_max_body_size")[0][:-1]) * 2**20 > CHUNK_BYTES
    assert value("client_header_timeout") == [f"{HEAD_SECONDS:.0f}s"]
    assert value("client_body_timeout") == [f"{STALL_SECONDS:.0f}s"]
    assert value("ssl_certificate")[0].endswith('/keys/tls/inspect.lan.crt"')
    emptied = {"Connection", "Forwarded", "X-Forwarded-Host"}
    headers = dict(one.split(" ", 1) for one in value("proxy_set_header"))
    of_a_person = {"Cookie": '""', "Authorization": '""'}  # by plain http nobody is known
    assert {name for name, said in headers.items() if said == '""'} == emptied | {*of_a_person}
    assert headers["X-Forwarded-For"] == "$remote_addr"
    # A location with headers of its own would lose those of the server.
    assert {one[0] for one in found if one[1] == "proxy_set_header"} == {"server"}
    assert {one[-1] for one in found if one[1] == "proxy_pass"} == {"http://inspect"}
    plain, secure = text.split("\nserver {")[1:]
    for server, more in ((plain, of_a_person), (secure, {})):
        told = dict(re.findall(r"^    proxy_set_header (\S+) (\S+);", server, flags=re.MULTILINE))
        assert told == {
            name: said for name, said in headers.items() if name not in of_a_person
        } | dict(more)
        assert "limit_req zone=inspect_all" in server


@contextmanager
def proxied(folder: Path, port: int) -> Iterator[tuple[Trusted, int, int]]:
    """The site as it is written, run by nginx on two other ports: for https and for http."""
    made = trusted(folder / "tls")
    files = ("--cert", str(made.pair.certificate), "--key", str(made.pair.key))
    text = written(folder / "site", "nginx", "localhost", *files)["inspect.conf"]
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("", 0)) as other:
        secure, plain = one.getsockname()[1], other.getsockname()[1]
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    text = text.replace("listen 443", f"listen 127.0.0.1:{secure}")
    text = text.replace("listen 80", f"listen 127.0.0.1:{plain}")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    (folder / "site.conf").write_text(text)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;"
        f"events {{}} http {{ access_log off; {temporary} include {folder}/site.conf; }}"
    )
    words = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    judged = subprocess.run([*words, "-t"], capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stderr
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", secure)).close()
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.02)
        yield made, secure, plain
    finally:
        process.terminate()
        process.wait(timeout=20)


@needs_nginx
def test_a_phone_delivers_through_nginx_and_is_told_to_wait_while_nobody_answers(
    evening: Evening, tmp_path: Path
) -> None:
    port = int(evening.url.rpartition(":")[2])
    with proxied(tmp_path / "nginx", port) as (made, secure, _), made.client(secure) as client:
        phone = evening.phone(0)
        first = phone.sync(client, pause=lambda _: None, backoff=(0.0,))
        phone.answer(evening.task, A1, "pass")
        phone.add_photo(evening.task, PHOTO)
        report = phone.sync(client, pause=lambda _: None, backoff=(0.0,))
        phone.close()
        too_much = client.post(PUSH, content=bytes(3 * 2**20))
        told = client.post(PUSH, content=bytes(2**20 + 1))
        chunk = client.patch(f"{UPLOADS}/x", content=bytes(CHUNK_BYTES))
        lied = client.get("/login", headers={"X-Forwarded-For": "1.2.3.4", "Forwarded": "x"})
    assert (first.complete, report.complete, report.problems) == (True, True, [])
    assert (too_much.status_code, told.status_code, lied.status_code) == (413, 413, 200)
    assert told.headers["Content-Type"] == "application/problem+json"
    assert chunk.status_code != 413


@needs_nginx
def test_nginx_speaks_http_2_limits_by_address_and_says_when_to_come_back(
    tmp_path: Path, sqlite_backend: Backend, small_form: Form
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        nobody = probe.getsockname()[1]
    with proxied(tmp_path / "nginx", nobody) as (made, secure, _):
        context = made.context()
        context.set_alpn_protocols(["h2", "http/1.1"])
        with (
            socket.create_connection(("127.0.0.1", secure)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            agreed = tls.selected_alpn_protocol()
        with made.client(secure) as client:
            stopped = client.get("/login")
            many = [client.get(NONCE) for _ in range(130)]
    assert agreed == "h2"
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (503, "10")
    assert {one.status_code for one in many} == {503, 429}
    limited = [one for one in many if one.status_code == 429]
    assert {one.headers["Retry-After"] for one in limited} == {"5"}


@needs_nginx
def test_a_phone_that_trusts_nothing_yet_gets_the_root_by_plain_http_and_nothing_else(
    evening: Evening, tmp_path: Path
) -> None:
    port = int(evening.url.rpartition(":")[2])
    folder = default_folder(evening.bureau.backend.settings.data_dir)
    own = make_root(folder, ("a.lan",), "", "", datetime.now(UTC))
    with (
        proxied(tmp_path / "nginx", port) as (_, _, plain),
        httpx.Client(base_url=f"http://127.0.0.1:{plain}", trust_env=False) as client,
    ):
        page, crt = client.get("/phone/trust"), client.get("/phone/ca.crt")
        profile = client.get("/phone/ca.mobileconfig")
        moved = [client.get(f"{path}?a=1") for path in ("/phone/", "/phone/ca.crt/x", "/login")]
        heads = [client.head(path).status_code for path in ("/phone/trust", "/login")]
        sent = [client.post(path, content=b"a=b") for path in ("/phone/trust", "/login", PUSH)]
        known = client.get("/phone/trust", headers={"Cookie": "inspect=x", "Authorization": "x"})

    assert (page.status_code, crt.content, profile.content) == (200, own.der, own.mobileconfig)
    assert "安装前必须核对指纹" in page.text
    assert {one.status_code for one in moved} == {308}
    assert [one.headers["Location"] for one in moved] == [
        f"https://127.0.0.1{path}?a=1" for path in ("/phone/", "/phone/ca.crt/x", "/login")
    ]
    assert heads == [200, 308]
    assert [(one.status_code, "Location" in one.headers) for one in sent] == [(405, False)] * 3
    assert known.status_code == 200
    for one in (page, crt, profile, known):
        assert not {"Set-Cookie", "Strict-Transport-Security"} & {*one.headers}
