"""tuspy, an ordinary tus client, uploads to the real server and goes on when that is killed."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusUploadFailed
from tusclient.uploader import Uploader

from tests.faces.tus.real_server import MIB, RealServer, picture, real_server
from tests.sampling import rows_in


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """tuspy obeys the proxies of the environment, and the server is on this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """One server for all tests that leave it alive."""
    with real_server(tmp_path_factory.mktemp("tuspy")) as server:
        server.start()
        yield server


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[RealServer]:
    """A server that a test starts and kills."""
    with real_server(tmp_path / "data") as server:
        yield server


def uploader(server: RealServer, content: bytes, token: str, **options: Any) -> Uploader:
    """Everything that docs/sync.md says an integrator gives to tuspy."""
    client = TusClient(server.uploads, headers={"Authorization": f"Bearer {token}"})
    metadata = {"sha256": sha256(content).hexdigest(), "filename": "照片.jpg"}
    stream = io.BytesIO(content)
    return client.uploader(file_stream=stream, metadata=metadata, **options)


@pytest.mark.parametrize("checksum", [False, True], ids=["plain", "sha1"])
@pytest.mark.parametrize("chunk", [MIB, 64 * MIB], ids=["chunks", "whole"])
def test_a_file_arrives_byte_for_byte(running: RealServer, chunk: int, checksum: bool) -> None:
    content = picture(5 * MIB // 2, seed=chunk + checksum)
    token = running.token(content)

    uploader(running, content, token, chunk_size=chunk, upload_checksum=checksum).upload()

    assert running.stored(content)
    assert running.parts() == []


@pytest.mark.parametrize(
    ("chunk", "checksum"),
    rows_in(2, [(MIB, True), (64 * MIB, False)]),
    ids=["chunks with sha1", "whole"],
)
def test_a_server_killed_in_the_middle_of_a_chunk_gets_the_rest_from_the_same_client(
    mortal: RealServer, chunk: int, checksum: bool
) -> None:
    content = picture(4 * MIB)
    token = mortal.token(content)

    with mortal.dying_once(after=5 * MIB // 2):
        uploader(
            mortal,
            content,
            token,
            chunk_size=chunk,
            upload_checksum=checksum,
            retries=100,
            retry_delay=0.1,
        ).upload()

    assert mortal.interrupted_at == [5 * MIB // 2]
    assert mortal.stored(content)


def test_another_client_goes_on_where_the_first_ended_and_sends_only_the_rest(
    mortal: RealServer,
) -> None:
    content = picture(4 * MIB)
    token = mortal.token(content)
    mortal.start()
    first = uploader(mortal, content, token, chunk_size=MIB)
    first.upload(stop_at=2 * MIB)
    mortal.stop()
    mortal.start()

    second = uploader(mortal, content, token, chunk_size=MIB, url=first.url)
    began_at = second.offset
    second.upload()

    assert began_at == 2 * MIB
    assert mortal.stored(content)


def test_several_files_come_in_at_once(running: RealServer) -> None:
    contents = [picture(2 * MIB, seed=seed) for seed in range(100, 106)]
    work = [
        uploader(running, content, running.token(content), chunk_size=MIB // 2)
        for content in contents
    ]
    with ThreadPoolExecutor(len(work)) as pool:
        list(pool.map(Uploader.upload, work))

    assert all(running.stored(content) for content in contents)


def test_what_is_refused_is_said_with_its_status(running: RealServer) -> None:
    content = picture(1000, seed=7)
    token = running.token(content)
    other = uploader(running, content, token)
    other.file_stream = io.BytesIO(content[::-1])
    with pytest.raises(TusUploadFailed) as refused:
        other.upload()

    uploader(running, content, token).upload()

    assert refused.value.status_code == 422
    assert running.stored(content)
