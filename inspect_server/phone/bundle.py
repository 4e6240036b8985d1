"""The built files of the phone app, with what their manifest says of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

MANIFEST = "manifest.json"
CODINGS = {"br": ".br", "gzip": ".gz"}
"""Content codings and the ending of the copy that has each, the shortest first."""
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
"""Not Python's table: that one asks the system, which may say anything or nothing."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file under one address; `contents` holds it and its compressed copies by coding."""

    kind: str
    sha256: str
    contents: Mapping[str, bytes]


@cache
def read_bundle(folder: Path) -> Mapping[str, BuiltFile]:
    """Return every file that the manifest of `folder` lists, by its path; nothing else is sent."""
    outputs: dict[str, str] = json.loads((folder / MANIFEST).read_text("utf-8"))["outputs"]
    copies = {f"{name}{ending}" for name in outputs for ending in CODINGS.values()}
    found = {}
    for name in outputs.keys() - copies:
        content = {"identity": (folder / name).read_bytes()}
        for coding, ending in CODINGS.items():
            if name + ending in outputs:
                content[coding] = (folder / f"{name}{ending}").read_bytes()
        kind = KINDS[PurePosixPath(name).suffix]
        found[name] = BuiltFile(kind=kind, sha256=outputs[name], contents=content)
    return found
