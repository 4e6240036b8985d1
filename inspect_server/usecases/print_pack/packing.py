"""
Writing the print pack: all that a phone needs to set previews with no network.

    worker.js       what a page starts; it answers questions (docs/sync.md, docs/documents.md)
    code.zip        the modules, the bureau's names and its time zone
    pdf_templates/  the prepared glyphs that ship; own/ holds a bureau's own
    pyodide/        Python for browsers, as its makers publish it
    manifest.json   of each file its size and SHA-256; with which fonts, templates and law it sets

Of other people's packages it holds what a fresh process has loaded once it has set a page. Pillow
is replaced by an empty module: ReportLab imports it and, for what is used here, never asks it for
anything.
"""

import fcntl
import hashlib
import io
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import forms
import inspect_server
import pdf_templates
from inspect_server.config import Settings
from inspect_server.domain.errors import InspectError
from inspect_server.domain.law import fingerprint
from inspect_server.usecases.documents.fonts import KEYS
from inspect_server.usecases.documents.previewing import KINDS
from pdf_templates.catalogue import versions
from pdf_templates.setting.faces import FOLDER as FONTS
from pdf_templates.setting.faces import SHIPPED, Fonts

PYODIDE_VERSION = "314.0.7"
PYODIDE: Mapping[str, str] = {
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
    "pyodide-lock.json": "5dc2fc119108bc148c7457dc86e7675b5c87e1cafd420b9c34c1eaef7b36c010",
}
"""Its files with their SHA-256: another version may set other bytes, and is tried here first."""
WHOLE = {
    "pdf_templates": (Path(pdf_templates.__file__).parent, ("examples/", "fonts/", "photos.py")),
    "forms": (Path(forms.__file__).parent, ("workbook/", "definitions/")),
}
"""Our packages that come whole, and what of them tells stories, reads workbooks, prepares."""
LAW = "domain/law"
OTHERS = ("reportlab", "segno")
STUB = {"PIL/__init__.py": b"", "PIL/Image.py": b""}
OF_PYODIDE = f"""\
Pyodide {PYODIDE_VERSION}, MPL-2.0, unchanged; its source: https://github.com/pyodide/pyodide
It contains CPython (PSF-2.0) and Emscripten's runtime (MIT).
"""
LOADING = """
import sys
from datetime import UTC, datetime
import inspect_server.usecases.print_pack.on_phone
from pdf_templates.file.document import Meta
from pdf_templates.file.drawing import write
from pdf_templates.setting.page import Page
from pdf_templates.setting.qr import qr
import pdf_templates.setting.receipt

write([Page.of([qr("1", 0.0, 0.0, 90.0)])], Meta("", "", "", datetime.now(UTC)), {})
for name, module in sorted(sys.modules.items()):
    if name.partition(".")[0] in sys.argv[1:]:
        print(name, module.__file__, sep="\\t")
"""
"""Prints the modules of these packages that setting a preview takes, and their files."""


class NotPyodide(InspectError):
    """The folder does not hold the Pyodide that the pack is made of."""

    code, kind = "pack.not_pyodide", "invalid"
    message = (
        "{folder} 中的 {file} {why}。离线打印包用 npm 包 pyodide {version}，"
        "请在可联网的电脑上运行 npm pack pyodide@{version}，解压后指明其中的 package 目录。"
    )


@dataclass(frozen=True)
class Pack:
    """What was written."""

    folder: Path
    files: int
    size: int
    sha256: str  # of its manifest: another pack, another digest


def write_pack(folder: Path, pyodide: Path, settings: Settings, fonts: Fonts) -> Pack:
    """
    Write the pack in the place of an earlier one, whole or not at all, one process at a time.

    What a killed one left beside it is removed. The same program, fonts and names give the same
    files.

    Args:
        folder: Where it will lie; the folder above it must be there.
        pyodide: The npm package, unpacked.
        settings: Whose names stand in documents.
        fonts: The faces of the bureau.

    Raises:
        NotPyodide: A file of Pyodide is missing or another one.
        OSError: No room or no right to write.
    """
    files = {
        "worker.js": (Path(__file__).parent / "worker.js").read_bytes(),
        "code.zip": zipped(_code() | _bureau(settings)),
        **_glyphs(settings),
        **dict(_of_pyodide(pyodide)),
    }
    manifest = _manifest(files, fonts)
    with _alone(folder.parent):
        for left in folder.parent.glob(f".{folder.name}-*"):
            shutil.rmtree(left, ignore_errors=True)
        part = folder.with_name(f".{folder.name}-{secrets.token_hex(8)}")
        try:
            for path, content in {**files, "manifest.json": manifest}.items():
                (part / path).parent.mkdir(parents=True, exist_ok=True)
                (part / path).write_bytes(content)
            _put_in_place(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    size = sum(map(len, files.values()))
    return Pack(folder, len(files), size, hashlib.sha256(manifest).hexdigest())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes a pack there; who is killed lets go of it."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _put_in_place(part: Path, folder: Path) -> None:
    if not folder.exists():
        part.rename(folder)
        return
    former = folder.with_name(f"{part.name}-former")
    folder.rename(former)
    part.rename(folder)
    shutil.rmtree(former)


def _code() -> dict[str, bytes]:
    """Return the modules that are needed, and the licences of what others wrote, by path."""
    return STUB | dict(_whole()) | dict(_law()) | dict(_loaded()) | _licences()


def _whole() -> Iterator[tuple[str, bytes]]:
    for name, (home, left_out) in WHOLE.items():
        for path in home.rglob("*.py"):
            place = path.relative_to(home).as_posix()
            if not place.startswith(left_out):
                yield f"{name}/{place}", path.read_bytes()


def _law() -> Iterator[tuple[str, bytes]]:
    home = Path(inspect_server.__file__).parent
    for path in (home / LAW).glob("*.toml"):
        yield f"{home.name}/{LAW}/{path.name}", path.read_bytes()


@cache
def _loaded() -> Mapping[str, bytes]:
    """Return what a fresh process loads of the server, of `sync` and of others."""
    packages = ("inspect_server", "sync", *OTHERS)
    run = subprocess.run(
        [sys.executable, "-c", LOADING, *packages], check=True, capture_output=True, text=True
    )
    found = {}
    for line in run.stdout.splitlines():
        name, file = line.split("\t")
        path, place = Path(file), name.replace(".", "/")
        is_package = path.stem == "__init__"
        found[f"{place}/__init__.py" if is_package else f"{place}{path.suffix}"] = path.read_bytes()
    return found


def _licences() -> dict[str, bytes]:
    texts = {name: _licence(name) for name in OTHERS}
    texts |= {path.parent.name + "/" + path.name: path for path in FONTS.glob("licences/*")}
    texts |= {path.parent.name + "/" + path.name: path for path in FONTS.glob("fandol/[A-Z]*")}
    found = {f"licences/{name}": path.read_bytes() for name, path in texts.items()}
    return {**found, "licences/pyodide": OF_PYODIDE.encode("ascii")}


def _licence(name: str) -> Path:
    listed = distribution(name).files or ()
    return Path(str(next(file for file in listed if file.name == "LICENSE").locate()))


def _bureau(settings: Settings) -> dict[str, bytes]:
    """Return who issues documents, and the rules of the zone in which they speak."""
    names = {
        "authority": settings.authority,
        "authority_short": settings.authority_short,
        "government": settings.government,
        "court": settings.court,
        "fonts": dict(_own(settings)),
    }
    said = json.dumps(names, ensure_ascii=False, sort_keys=True).encode("utf-8")
    zone = resources.files("tzdata").joinpath("zoneinfo", *settings.time_zone.split("/"))
    return {"bureau.json": said, "zone.tzif": zone.read_bytes()}


def _own(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield style and place in the pack of each face of the bureau's own."""
    for style, key in KEYS.items():
        if getattr(settings, key):
            yield style, f"own/{style}.glyphs"


def _glyphs(settings: Settings) -> dict[str, bytes]:
    """Return the prepared glyphs of all faces, by path."""
    shipped = {
        f"pdf_templates/fonts/{name}": (FONTS / name).read_bytes() for name in SHIPPED.values()
    }
    own = {
        place: Path(getattr(settings, KEYS[style])).read_bytes()  # type: ignore[index]
        for style, place in _own(settings)
    }
    return shipped | own


def _of_pyodide(folder: Path) -> Iterator[tuple[str, bytes]]:
    for name, expected in PYODIDE.items():
        told = {"folder": folder, "file": name, "version": PYODIDE_VERSION}
        try:
            content = (folder / name).read_bytes()
        except OSError:
            raise NotPyodide(**told, why="不存在或不能读取") from None
        if hashlib.sha256(content).hexdigest() != expected:
            raise NotPyodide(**told, why="与该版本的不同")
        yield f"pyodide/{name}", content


def _manifest(files: Mapping[str, bytes], fonts: Fonts) -> bytes:
    said = {
        "files": {
            path: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for path, content in files.items()
        },
        "fonts": fonts.edition(),
        "templates": {kind: versions(kind)[0].version for kind in KINDS.values()},
        "law": fingerprint.digest(),
        "program": inspect_server.__version__,
        "pyodide": PYODIDE_VERSION,
    }
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return an archive without the time at which it was made."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for path, content in sorted(files.items()):
            archive.writestr(ZipInfo(path), content, ZIP_DEFLATED)
    return out.getvalue()
