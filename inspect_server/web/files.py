"""Sending stored files to browsers."""

from urllib.parse import quote

from flask import Response

PDF = "application/pdf"


def pdf(content: bytes, name: str, *, inline: bool) -> Response:
    """
    Return a PDF under its Chinese name.

    The browser's own viewer sets styles of its own inside the page that shows a PDF, and nothing
    else may run there.
    """
    answer = Response(content, mimetype=PDF)
    kind = "inline" if inline else "attachment"
    answer.headers["Content-Disposition"] = (
        f"{kind}; filename=document.pdf; filename*=UTF-8''{quote(name, safe='')}"
    )
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
