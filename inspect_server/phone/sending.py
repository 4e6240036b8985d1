"""How the files of the phone app are sent: compressed where that is wanted, and not twice."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.datastructures import Accept
from werkzeug.wrappers import Response as BaseResponse

from inspect_server.phone.bundle import CODINGS, BuiltFile
from inspect_server.web.guard import PUBLIC, policy

PATH = "/phone"
START = "index.html"
FOR_GOOD = "public, max-age=31536000, immutable"
"""For files whose names change with their content."""
ASK_FIRST = "no-cache"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
        "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    ),
    # The app photographs, films, reads QR codes and says where it was; no other page here does.
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self)",
}


def create_phone_blueprint(files: Mapping[str, BuiltFile]) -> Blueprint:
    """Return the face that sends `files` below `/phone/`."""
    blueprint = Blueprint("phone", __name__, url_prefix=PATH)

    @policy(PUBLIC)
    def start() -> Response:
        """Send the page that everything else follows from."""
        return _send(START, files[START])

    @policy(PUBLIC)
    def onward() -> BaseResponse:
        """Lead from the address without its last stroke, wherever the request came from."""
        return redirect(f"{request.script_root}{PATH}/", code=308)

    @policy(PUBLIC)
    def file(name: str) -> Response:
        """Send one file of the bundle; the start page has one address only."""
        if name == START or name not in files:
            abort(404)
        return _send(name, files[name])

    blueprint.add_url_rule("/", "start", start)
    # Left to werkzeug, it would name the host that the request names.
    blueprint.add_url_rule("", "onward", onward)
    blueprint.add_url_rule("/<path:name>", "file", file)
    return blueprint


def _send(name: str, file: BuiltFile) -> Response:
    coding = _coding(request.accept_encodings, file)
    answer = Response(file.contents[coding], content_type=file.kind)
    answer.headers.update(HEADERS)
    answer.headers["Cache-Control"] = FOR_GOOD if name.startswith("assets/") else ASK_FIRST
    if coding != "identity":
        answer.content_encoding = coding
    if len(file.contents) > 1:
        answer.vary.add("Accept-Encoding")
    answer.set_etag(f"{file.sha256}-{coding}")
    answer.make_conditional(request)
    return answer


def _coding(wanted: Accept, file: BuiltFile) -> str:
    """Return the coding that the client likes best, the shortest of those it likes as much."""
    best, liking = "identity", 0.0
    for coding in CODINGS:
        if coding in file.contents and wanted.quality(coding) > liking:
            best, liking = coding, wanted.quality(coding)
    return best
