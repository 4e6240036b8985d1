"""
The print pack: all that a phone needs, beside Pyodide, to set documents with no network.

`python -m tests.browser_rendering.print_pack FOLDER` writes

    code.zip        the modules, to be unpacked into a folder of sys.path
    pdf_templates/  the prepared glyphs, to be put beside them
    manifest.json   of each file its size and SHA-256; what it sets, and with which fonts

Of other people's packages it holds what a fresh process has loaded once it has read all templates
and drawn a page. Pillow is replaced by an empty module: ReportLab imports it and, for what is used
here, never asks it for anything.
"""

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pdf_templates.catalogue import TEMPLATES
from pdf_templates.setting.faces import FOLDER, SHIPPED, STANDARD

LEFT_OUT = ("examples/", "fonts/", "photos.py")
"""Of pdf_templates: what tells stories, prepares glyphs or photos."""
OTHERS = ("reportlab", "segno")
STUB = {"PIL/__init__.py": b"", "PIL/Image.py": b""}
LOADING = """
import sys
from datetime import UTC, datetime
from pdf_templates.catalogue import TEMPLATES
from pdf_templates.file.document import Meta
from pdf_templates.file.drawing import write
from pdf_templates.setting.page import Page
from pdf_templates.setting.qr import qr

list(TEMPLATES.values())
write([Page.of([qr("1", 0.0, 0.0, 90.0)])], Meta("", "", "", datetime.now(UTC)), {})
for name, module in sorted(sys.modules.items()):
    if name.partition(".")[0] in sys.argv[1:]:
        print(name, module.__file__, sep="\\t")
"""
"""Prints the modules of these packages that setting documents takes, and their files."""


def code() -> dict[str, bytes]:
    """Return the modules that are needed, and the licences of what others wrote, by path."""
    return STUB | _own() | _of_others() | _licences()


def _own() -> dict[str, bytes]:
    home = FOLDER.parent
    places = {path.relative_to(home).as_posix(): path for path in home.rglob("*.py")}
    return {
        f"{home.name}/{place}": path.read_bytes()
        for place, path in places.items()
        if not place.startswith(LEFT_OUT)
    }


def _of_others() -> dict[str, bytes]:
    run = subprocess.run(
        [sys.executable, "-c", LOADING, *OTHERS], check=True, capture_output=True, text=True
    )
    found = {}
    for line in run.stdout.splitlines():
        name, file = line.split("\t")
        path, folder = Path(file), name.replace(".", "/")
        is_package = path.stem == "__init__"
        place = f"{folder}/__init__.py" if is_package else f"{folder}{path.suffix}"
        found[place] = path.read_bytes()
    return found


def _licences() -> dict[str, bytes]:
    texts = {name: _licence(name) for name in OTHERS}
    texts |= {path.parent.name + "/" + path.name: path for path in FOLDER.glob("licences/*")}
    texts |= {path.parent.name + "/" + path.name: path for path in FOLDER.glob("fandol/[A-Z]*")}
    return {f"licences/{name}": path.read_bytes() for name, path in texts.items()}


def _licence(name: str) -> Path:
    listed = distribution(name).files or ()
    return Path(str(next(file for file in listed if file.name == "LICENSE").locate()))


def glyphs() -> dict[str, bytes]:
    """Return the prepared glyphs of all faces that ship, by path."""
    return {
        f"pdf_templates/fonts/{name}": (FOLDER / name).read_bytes() for name in SHIPPED.values()
    }


def write_pack(folder: Path) -> None:
    """Write the pack into a folder; the same code and fonts give the same files."""
    files = {"code.zip": zipped(code()), **glyphs()}
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    manifest = {
        "files": {
            path: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for path, content in files.items()
        },
        "fonts": STANDARD.edition(),
        "templates": {kind: form.version for kind, form in TEMPLATES.items()},
    }
    said = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "manifest.json").write_text(said, "utf-8")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return an archive without the time at which it was made."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for path, content in sorted(files.items()):
            archive.writestr(ZipInfo(path), content, ZIP_DEFLATED)
    return out.getvalue()


if __name__ == "__main__":
    write_pack(Path(sys.argv[1]))
