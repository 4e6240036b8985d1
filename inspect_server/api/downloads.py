"""Files as answers: named, hashed, and not sent again to whom they are known already."""

import hashlib
from urllib.parse import quote

from flask import Response, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


def attachment(content: bytes, kind: str, name: str) -> Response:
    """Return a file to be saved under its name, or 304 where the client has these very bytes."""
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return unless_known(answer, hashlib.sha256(content).hexdigest())


def unless_known(answer: Response, sha256: str) -> Response:
    """Tag an answer by the hash of its content; If-None-Match with that tag gets 304."""
    answer.set_etag(sha256)
    answer.make_conditional(request)
    return answer
