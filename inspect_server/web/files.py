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


def jpeg(content: bytes) -> Response:
    """Return a picture that this server encoded itself; the browser's viewer brings its styles."""
    return _alone(Response(content, mimetype="image/jpeg"))


def original(content: bytes, name: str) -> Response:
    """Return a file from a phone to be saved; whatever it claims to be, no browser opens it."""
    answer = Response(content, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return _alone(answer)


def _alone(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
        "sandbox"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
