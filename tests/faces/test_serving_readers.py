"""Clients that ask and do not read: they keep nobody else from an answer."""

import hashlib
import io
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from inspect_server.app import prepare
from inspect_server.config import Settings
from inspect_server.usecases.print_pack import NAME
from inspect_server.web.serving import LONGEST_FIELD
from inspect_server.web.slow_clients import SENT_AT_ONCE, InBlocks, sending_seconds
from tests.faces.test_serving import running

LARGE = bytes(range(256)) * 200_000
"""Some 50 MB: more than any buffer between a server and who does not read takes in."""
READERS = 20
"""More than the server has working threads."""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("readers")
    pack = prepare(Settings(data_dir=folder)).data_dir / NAME
    pack.mkdir()
    (pack / "large.wasm").write_bytes(LARGE)
    listed = {"large.wasm": {"sha256": hashlib.sha256(LARGE).hexdigest(), "size": len(LARGE)}}
    (pack / "manifest.json").write_text(json.dumps({"files": listed}))
    with running(folder, "serve", "--port", "0") as (_, line):
        yield int(line.split("127.0.0.1:")[1].split()[0])


def not_reading(port: int, more: bytes = b"") -> socket.socket:
    """Ask for the large file, and read what shows that it is coming."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.settimeout(30)
    one.connect(("127.0.0.1", port))
    one.sendall(b"GET /phone/pack/large.wasm HTTP/1.1\r\nHost: a\r\n" + more + b"\r\n")
    assert one.recv(12).startswith(b"HTTP/1.1 20")
    return one


@pytest.mark.parametrize("more", [b"", b"Range: bytes=1-\r\n"], ids=["whole", "a part"])
def test_who_does_not_read_keeps_nobody_from_an_answer(port: int, more: bytes) -> None:
    with ExitStack() as open_:
        for _ in range(READERS):
            open_.enter_context(not_reading(port, more))
        began = time.monotonic()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            pages = [client.get("/login", timeout=30).status_code for _ in range(3)]
        took = time.monotonic() - began

    assert pages == [200] * 3
    assert took < 10


def test_who_reads_gets_the_file_and_the_next_answer_on_the_same_connection(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
        whole = client.get("/phone/pack/large.wasm")
        part = client.get("/phone/pack/large.wasm", headers={"Range": "bytes=5-300000"})
        page = client.get("/login")

    assert whole.content == LARGE
    assert part.content == LARGE[5:300_001]
    assert page.status_code == 200


def test_a_file_is_sent_in_blocks_for_each_of_which_a_client_has_its_time() -> None:
    blocks = [len(block) for block in InBlocks(io.BytesIO(LARGE[: SENT_AT_ONCE + 5]), 8192)]

    assert blocks == [SENT_AT_ONCE, 5]
    assert 40 < sending_seconds(bytes(SENT_AT_ONCE)) < 45


def test_a_line_of_a_head_has_an_end(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        told = [
            client.get("/login", headers={"X-Said": "x" * size}).status_code
            for size in (LONGEST_FIELD - 100, LONGEST_FIELD + 1)
        ]

    assert told[0] == 200
    assert told[1] in (400, 431)
