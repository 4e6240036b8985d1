"""
The print pack (离线打印包) below `/phone/pack/`: there once the office has made it.

It holds no data but the names that stand in every document of the bureau.
"""

import json
from pathlib import Path, PurePosixPath
from typing import Any

from flask import Blueprint, Flask, Response, abort, send_file

from inspect_server.web.guard import PUBLIC, policy

PATH = "/phone/pack"
MANIFEST = "manifest.json"
KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".zip": "application/zip",
}
POLICY = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
"""A worker has a policy of its own: only here WebAssembly may run."""


def register_pack(app: Flask, folder: Path) -> None:
    """Send what the manifest in `folder` lists, as it is at each request; nothing before it is."""
    blueprint = Blueprint("phone_pack", __name__, url_prefix=PATH)

    @blueprint.get("/<path:name>")
    @policy(PUBLIC)
    def pack_file(name: str) -> Response:
        """Send one file of the pack."""
        listed = _listed(folder)
        if name != MANIFEST and name not in listed:
            abort(404)
        sha256 = "" if name == MANIFEST else listed[name]["sha256"]
        return _sent(folder / name, sha256)

    app.register_blueprint(blueprint)


def _listed(folder: Path) -> dict[str, Any]:
    try:
        listed: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
    except FileNotFoundError:
        abort(404)
    return listed


def _sent(path: Path, sha256: str) -> Response:
    kind = KINDS.get(PurePosixPath(path.name).suffix, "application/octet-stream")
    try:
        answer = send_file(path, mimetype=kind, etag=sha256 or True, conditional=True)
    except FileNotFoundError:  # it is just being replaced
        abort(404)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "no-cache"
    return answer
