"""The pack that phones get: it alone sets the previews of a visit to the server's bytes."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from inspect_server.app import create_app, prepare
from inspect_server.cli import root
from inspect_server.config import SAID_IN_DOCUMENTS
from inspect_server.phone.pack import PATH
from inspect_server.usecases.documents.fonts import bureau_fonts
from inspect_server.usecases.print_pack import NAME
from inspect_server.usecases.print_pack.packing import NotPyodide, Pack, write_pack
from inspect_server.usecases.work import Backend
from tests.browser_rendering.conftest import SAME_ZLIB
from tests.browser_rendering.test_pyodide import PYODIDE
from tests.unit.own_fonts import make_font
from tests.usecases.phone_questions import pictures, question
from tests.usecases.test_previews import preview
from tests.usecases.test_previews_on_phones import PAPERS, form_with_values, settled

__all__ = ["form_with_values"]

pytestmark = [
    pytest.mark.skipif(
        not PYODIDE.is_dir(),
        reason="Pyodide is not installed: `make test` fetches it from the npm registry",
    ),
    pytest.mark.skipif(
        not SAME_ZLIB, reason="zlib-ng compresses differently: the bytes are others"
    ),
]
BARE = """
import sys
sys.path.insert(0, sys.argv[1])
import json, pathlib
from hashlib import sha256
from inspect_server.usecases.print_pack.on_phone import opened
pack = opened(pathlib.Path(sys.argv[1]))
for line in sys.stdin:
    asked = json.loads(line)
    shown = {name: bytes.fromhex(content) for name, content in asked["pictures"].items()}
    print(sha256(pack.answer(asked["question"], shown)["pdf"]).hexdigest())
"""
STARTING = """() => new Promise((resolve) => {
    window.worker = new Worker("/phone/pack/worker.js", {type: "module"});
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => resolve({error: event.message ?? "not loaded"});
})"""
ASKING = """({question, pictures}) => new Promise((resolve, reject) => {
    setTimeout(reject, 60000, new Error("no answer"));
    const shown = {};
    for (const [name, hex] of Object.entries(pictures)) {
        shown[name] = Uint8Array.from(hex.match(/../g), (byte) => parseInt(byte, 16)).buffer;
    }
    worker.onmessage = ({data}) => {
        const told = {...data};
        if (data.pdf) told.pdf = btoa(Array.from(data.pdf, (b) => String.fromCharCode(b)).join(""));
        resolve(told);
    };
    worker.postMessage({id: 7, question, pictures: shown});
})"""


@pytest.fixture
def bureau(sqlite_backend: Backend, tmp_path: Path) -> Backend:
    """A bureau that has a font of its own before those that ship."""
    font, made = make_font(tmp_path / "own.ttf", "云湾"), tmp_path / "own.glyphs"
    done = CliRunner().invoke(root, ["documents", "font", str(font), "-o", str(made)])
    assert done.exit_code == 0, done.output
    settings = replace(sqlite_backend.settings, fonts_body=str(made))
    return replace(sqlite_backend, settings=settings, fonts=bureau_fonts(settings))


@pytest.fixture
def folder(bureau: Backend) -> Path:
    """Where the pack of this bureau lies."""
    folder = bureau.settings.data_dir / NAME
    write(bureau, folder)
    return folder


def write(backend: Backend, folder: Path) -> Pack:
    return write_pack(folder, PYODIDE, backend.settings, backend.fonts)


@pytest.fixture
def asked(sqlite_backend: Backend, bureau: Backend) -> list[tuple[dict[str, Any], str]]:
    """What a phone asks of one visit, and the digest of what the server sets."""
    visit = settled(sqlite_backend)
    visit.bureau.backend = bureau
    shown = {name: content.hex() for name, content in pictures(visit).items()}
    return [
        (
            {"question": json.dumps(question(visit, *what)), "pictures": shown},
            sha256(preview(visit, *what).pdf_b64).hexdigest(),
        )
        for what in PAPERS
        if what[0] == "record" or what[1] == "a4"
    ]


@contextmanager
def served(backend: Backend) -> Iterator[str]:
    """Serve everything; yield a page of the phone's face, as strict as all of them."""
    server = make_server("127.0.0.1", 0, create_app(backend), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/phone/licences.md"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_python_with_the_pack_alone_sets_the_servers_bytes(
    asked: list[tuple[dict[str, Any], str]], folder: Path
) -> None:
    with ZipFile(folder / "code.zip") as packed:
        packed.extractall(folder)
    lines = "\n".join(json.dumps(one) for one, _ in asked)
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", BARE, folder],
        input=lines,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.split() == [digest for _, digest in asked]


@pytest.mark.long
def test_a_phone_without_a_network_sets_the_servers_bytes(
    bureau: Backend,
    asked: list[tuple[dict[str, Any], str]],
    folder: Path,
    chromium: Browser,
) -> None:
    page = chromium.new_page()
    with served(bureau) as address:
        page.goto(address)
        started = page.evaluate(STARTING)
    assert "error" not in started
    answers = [page.evaluate(ASKING, one) for one, _ in asked]  # nothing is served any more
    nobody = json.dumps({**json.loads(asked[0][0]["question"]), "items": [], "signatures": []})
    refused = page.evaluate(ASKING, {"question": nobody, "pictures": {}})
    page.close()

    assert started["ready"] is True
    assert started["manifest"] == json.loads((folder / "manifest.json").read_text("utf-8"))
    told = [sha256(base64.b64decode(one["pdf"])).hexdigest() for one in answers]
    assert told == [digest for _, digest in asked]
    assert {one["id"] for one in answers} == {7}
    assert refused["code"] == "record.visit_not_started_by_two"


@pytest.mark.long
def test_what_is_not_what_the_manifest_says_starts_nothing(
    bureau: Backend, folder: Path, chromium: Browser
) -> None:
    glyphs = folder / "pdf_templates" / "fonts" / "hei.glyphs"
    glyphs.write_bytes(glyphs.read_bytes()[:-1] + b"?")
    page = chromium.new_page()
    with served(bureau) as address:
        page.goto(address)
        started = page.evaluate(STARTING)
    page.close()

    assert started == {"error": "damaged: pdf_templates/fonts/hei.glyphs"}


def test_the_pack_is_sent_once_it_is_made_and_as_it_is(
    sqlite_backend: Backend,
) -> None:
    phone = create_app(sqlite_backend).test_client()
    before = phone.get(f"{PATH}/manifest.json").status_code
    made = write(sqlite_backend, sqlite_backend.settings.data_dir / NAME)
    with phone.get(f"{PATH}/manifest.json") as reply:
        listed = reply.get_json()["files"]
    kinds = {}
    for name, said in listed.items():
        answer = phone.get(f"{PATH}/{name}")
        kinds[name] = answer.content_type
        assert (len(answer.data), sha256(answer.data).hexdigest()) == (
            said["bytes"],
            said["sha256"],
        )
        assert "wasm-unsafe-eval" in answer.headers["Content-Security-Policy"]
        again = phone.get(f"{PATH}/{name}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        for reply in (answer, again):
            reply.close()

    assert (before, len(listed)) == (404, made.files)
    assert kinds["worker.js"].startswith("text/javascript")
    assert kinds["pyodide/pyodide.asm.wasm"] == "application/wasm"
    assert phone.get(f"{PATH}/../inspect.db").status_code == 404
    assert phone.get(f"{PATH}/bureau.json").status_code == 404


def test_the_same_gives_the_same_pack_and_another_name_another(
    bureau: Backend, folder: Path, tmp_path: Path
) -> None:
    first = (folder / "manifest.json").read_bytes()
    write(bureau, folder)
    again = (folder / "manifest.json").read_bytes()
    settings = replace(bureau.settings, court="云湾区第二人民法院")
    write(replace(bureau, settings=settings), tmp_path / "other")

    assert again == first
    assert (tmp_path / "other" / "manifest.json").read_bytes() != first
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_what_killed_runs_left_is_removed_by_the_next(bureau: Backend, folder: Path) -> None:
    for left in (f".{folder.name}-0011", f".{folder.name}-0011-former"):
        (folder.parent / left / "pyodide").mkdir(parents=True)
        (folder.parent / left / "pyodide" / "pyodide.mjs").write_text("half")
    write(bureau, folder)

    assert not list(folder.parent.glob(f".{folder.name}-*"))
    assert (folder / "manifest.json").is_file()


def test_another_pyodide_is_refused_and_the_pack_stays(
    bureau: Backend, folder: Path, tmp_path: Path
) -> None:
    before = (folder / "manifest.json").read_bytes()
    with pytest.raises(NotPyodide, match=r"pyodide\.mjs 不存在"):
        write_pack(folder, tmp_path, bureau.settings, bureau.fonts)
    (tmp_path / "pyodide.mjs").write_text("other")
    with pytest.raises(NotPyodide, match=r"与该版本的不同.*npm pack pyodide@314"):
        write_pack(folder, tmp_path, bureau.settings, bureau.fonts)

    assert (folder / "manifest.json").read_bytes() == before


def test_the_office_makes_it_with_a_command(
    bureau: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = bureau.settings
    names = {key: getattr(settings, key) for key in (*SAID_IN_DOCUMENTS, "fonts_body")}
    for key, value in {"data_dir": settings.data_dir, **names}.items():
        monkeypatch.setenv(f"INSPECT_{key.upper()}", str(value))
    run = partial(CliRunner().invoke, root, ["documents", "print-pack", "--pyodide", str(PYODIDE)])
    prepare(settings)
    made = run()
    manifest = (settings.data_dir / NAME / "manifest.json").read_bytes()
    monkeypatch.delenv("INSPECT_COURT")
    refused = run()

    assert made.exit_code == 0, made.output
    assert "已制备离线打印包：" in made.output
    assert sha256(manifest).hexdigest() in made.output
    assert "自有字体，能访问服务器的都能下载" in made.output
    assert (refused.exit_code, "行政诉讼管辖法院" in refused.output) == (1, True)
