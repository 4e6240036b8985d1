"""`serve` and `jobs` as processes: they say where they are, refuse clearly, and end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from inspect_server.app import prepare
from inspect_server.config import Settings
from inspect_server.store.engine import open_engine
from inspect_server.store.schema import SchemaOutdated, check
from inspect_server.web.slow_clients import IN_A_ROW
from sync.protocol import NONCE, PUSH, UPLOADS

COMPLETE = {"INSPECT_DESK_COMPLAINT_PHONE": "0518-85550110"}
"""Without it a server reminds of it."""


def command(folder: Path, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "inspect_server", *args],
        env=COMPLETE | os.environ | {"INSPECT_DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(folder: Path, *args: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = command(folder, *args)
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    prepare(Settings(data_dir=tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of one server that all stalling clients stall."""
    folder = tmp_path_factory.mktemp("stalled")
    prepare(Settings(data_dir=folder))
    with running(folder, "serve", "--port", "0") as (process, line):
        yield int(line.split("127.0.0.1:")[1].split()[0])
        process.send_signal(signal.SIGTERM)


@pytest.mark.parametrize(("number", "is_told"), [("", True), ("0518-85550110", False)])
def test_a_missing_number_for_complaints_is_told_once_it_serves(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: str, is_told: bool
) -> None:
    monkeypatch.setenv("INSPECT_DESK_COMPLAINT_PHONE", number)
    with running(folder, "serve", "--port", "0") as (process, line):
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        said = process.stderr.read()

    assert "服务已启动" in line
    assert ("没有填写监督投诉电话" in said, "desk_complaint_phone" in said) == (is_told, is_told)


@pytest.mark.parametrize("name", ["serve", "jobs"])
def test_without_a_database_it_says_what_to_do(tmp_path: Path, name: str) -> None:
    _, said = command(tmp_path / "none", name).communicate(timeout=60)

    assert "请先运行 inspect-server init" in said
    assert "Traceback" not in said
    assert not (tmp_path / "none").exists()


def test_a_database_of_another_version_is_refused(folder: Path) -> None:
    engine = open_engine(f"sqlite:///{folder / 'inspect.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'other'")

    with pytest.raises(SchemaOutdated):
        check(engine)
    engine.dispose()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_says_its_address_answers_and_ends_when_told(folder: Path, end: signal.Signals) -> None:
    with running(folder, "serve", "--port", "0") as (process, line):
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found is not None, line
        with httpx.Client(base_url=found[0], trust_env=False, timeout=20) as client:
            page = client.get("/login", headers={"Accept": "text/html"})
            inside = client.get("/api/v1/session")
        process.send_signal(end)
        _, errors = process.communicate(timeout=30)

    assert page.status_code == 200
    assert "执法检查系统" in page.text
    assert inside.status_code == 401
    assert process.returncode == 0
    assert errors == ""


HALF_A_HEAD = b"POST /login HTTP/1.1\r\nHost: "
HALF_A_BODY = (
    b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        HALF_A_HEAD,
        HALF_A_BODY + b"Content-Length: 1000\r\n\r\nlogin=",
        HALF_A_BODY + b"Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n",
        HALF_A_BODY + b"Transfer-Encoding: chunked\r\n\r\n5\r\nlog",
    ],
    ids=["nothing", "head", "body", "expect", "chunked"],
)
def test_stalled_connections_keep_nobody_from_an_answer(port: int, sent: bytes) -> None:
    with ExitStack() as open_:
        stalled = [
            open_.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(40)
        ]
        for connection in stalled:
            connection.sendall(sent)
        time.sleep(1)  # all of them are being waited for
        began = time.monotonic()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            pages = [client.get("/login", timeout=20) for _ in range(3)]
        took = time.monotonic() - began

    assert {page.status_code for page in pages} == {200}
    assert took < 5


def test_a_client_that_stalls_is_let_go_and_leaves_no_line_in_the_log(folder: Path) -> None:
    with running(folder, "serve", "--port", "0") as (process, line):
        port = int(line.split("127.0.0.1:")[1].split()[0])
        with socket.create_connection(("127.0.0.1", port), timeout=30) as stalled:
            stalled.sendall(HALF_A_HEAD)
            answer = stalled.recv(1)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)

    assert answer == b""
    assert errors == ""


def test_a_whole_body_in_small_pieces_arrives(port: int) -> None:
    body = b"login=" + b"x" * 90_000 + b"&password=y"
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        sent = [body[start : start + 7000] for start in range(0, len(body), 7000)]
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        chunked = client.post("/login", content=iter(sent), headers=kind)
        length = kind | {"Content-Length": str(len(body))}
        known = client.post("/login", content=iter(sent), headers=length)

    assert (chunked.status_code, known.status_code) == (403, 403)
    assert "x" * 90_000 in chunked.text
    assert "x" * 90_000 in known.text


def test_one_connection_carries_many_requests_and_bodies_that_are_refused(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    places, statuses = set(), []
    for _ in range(2 * IN_A_ROW + 1):
        connection.request("PATCH", f"{UPLOADS}/{uuid4()}", bytes(200_000))
        answer = connection.getresponse()
        statuses.append((answer.status, answer.read() != b""))
        if connection.sock is not None:
            places.add(connection.sock.getsockname())
    connection.close()

    assert set(statuses) == {(412, False)}  # no version of tus was named
    assert len(places) == 1


def test_whoever_sends_too_much_is_told_so_and_that_the_connection_ends(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    answers = []
    for size in (1024 * 1024 + 1, 6 * 1024 * 1024):
        connection.request("POST", PUSH, bytes(size))
        answer = connection.getresponse()
        answers.append((answer.status, answer.getheader("Connection"), b"sync" in answer.read()))
    connection.request("GET", NONCE)
    following = connection.getresponse()
    following.read()
    connection.close()

    assert answers == [(413, "close", True)] * 2
    assert (following.status, following.getheader("Connection")) == (200, "keep-alive")


def test_a_taken_port_is_one_sentence(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = command(folder, "serve", "--port", port)
        _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert f"127.0.0.1:{port} 已被其他程序占用" in said
    assert len(said.splitlines()) == 1


def test_an_address_of_another_machine_is_one_sentence(folder: Path) -> None:
    process = command(folder, "serve", "--host", "192.0.2.1", "--port", "0")
    _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "无法在 192.0.2.1:0 监听" in said


def test_a_second_jobs_process_is_refused_and_the_first_ends_cleanly(folder: Path) -> None:
    with running(folder, "jobs") as (process, line):
        second = command(folder, "jobs")
        _, said = second.communicate(timeout=60)
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=30)

    assert "已启动" in line
    assert second.returncode == 1
    assert "已有一个定时任务进程在运行" in said
    assert (process.returncode, errors) == (0, "")
    assert "已停止" in rest
