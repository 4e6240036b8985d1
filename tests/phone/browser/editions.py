"""Another version of the phone app, made of the built one: all names and the version differ."""

import hashlib
import json
import re
import shutil
from pathlib import Path

from inspect_server.phone.bundle import CODINGS, MANIFEST
from tests.phone_build.tools import KEPT

BUILT_NAME = re.compile(r"^(?P<stem>.+-)(?P<hash>[\w-]{8})(?P<ending>\.(?:js|css))$")
TEXTS = {".js", ".css", ".html"}
WORKER = "sw.js"


def version_of(bundle: Path) -> str:
    """What the app calls its version: of the name of its first module, what follows from it."""
    (name,) = re.findall(r"assets/index-([\w-]{8})\.js", (bundle / "index.html").read_text("utf-8"))
    return str(name)


def next_edition(bundle: Path, folder: Path) -> Path:
    """Write a version that follows the one in `bundle`; what it does is the same."""
    shutil.copytree(bundle, folder)
    for copy in [found for found in folder.rglob("*") if found.suffix in CODINGS.values()]:
        copy.unlink()
    renamed = {found.name: renewed(found.name) for found in (folder / "assets").iterdir()}
    for found in [found for found in folder.rglob("*") if found.suffix in TEXTS]:
        text = found.read_text("utf-8")
        for old, new in renamed.items():
            text = text.replace(old, new)
        found.write_text(text, "utf-8")
    for old, new in renamed.items():
        (folder / "assets" / old).rename(folder / "assets" / new)
    told(folder)
    return folder


def renewed(name: str) -> str:
    """A name with another hash in it."""
    parts = BUILT_NAME.match(name)
    if parts is None:
        return name
    turned = parts["hash"][::-1]
    other = turned if turned != parts["hash"] else turned.swapcase()
    return f"{parts['stem']}{other}{parts['ending']}"


def told(folder: Path) -> None:
    """Tell the service worker and the manifest what there is."""
    worker = folder / WORKER
    served = {name for name in hashes(folder) if name not in {WORKER, MANIFEST, "licences.md"}}
    kept = json.dumps([[name, sha] for name, sha in hashes(folder).items() if name in served])
    worker.write_text(KEPT.sub(lambda _: kept, worker.read_text("utf-8")), "utf-8")
    outputs = {name: sha for name, sha in hashes(folder).items() if name != MANIFEST}
    (folder / MANIFEST).write_text(json.dumps({"sources": {}, "outputs": outputs}), "utf-8")


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file, by its path."""
    return {
        found.relative_to(folder).as_posix(): hashlib.sha256(found.read_bytes()).hexdigest()
        for found in sorted(folder.rglob("*"))
        if found.is_file()
    }
