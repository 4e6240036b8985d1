"""
Errors -> HTTP: the only place that maps a kind to a status.

Programs get RFC 9457 problems; a browser that asks a page for HTML gets a page.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from forms.errors import FormError
from inspect_server.domain.errors import InspectError, Kind, StaleVersion
from inspect_server.web.traces import trace
from pdf_templates.errors import DocumentError
from sync.errors import SyncError

STATUS: dict[Kind, int] = {
    "invalid": 422,
    "forbidden": 403,
    "missing": 404,
    "conflict": 409,
    "unavailable": 503,
    "broken": 500,
}

SENTENCES = {
    400: "请求格式有误，请检查后重试。",
    401: "尚未登录或登录已失效，请重新登录。",
    403: "当前账号无权进行此操作，请联系系统管理员。",
    404: "没有找到所请求的内容，请核对地址。",
    405: "该地址不支持此操作，请核对请求方法。",
    406: "无法按所要求的格式回答，请接受 application/json。",
    413: "提交的内容过大，请分批提交。",
    415: "不支持所提交内容的格式，请使用 JSON。",
    416: "所请求的范围不在文件之内，请从头下载。",
    422: "提交的内容不符合要求，请按提示改正后重试。",
    429: "请求过于频繁，请稍后重试。",
    500: "服务器内部错误，已记录，请稍后重试或联系系统管理员。",
    503: "服务暂时不可用，请稍后重试。",
}

RETRY_SECONDS = "2"
UNIQUE_VIOLATION = "23505"
"""PostgreSQL's SQLSTATE; SQLite says it in words."""
MACHINES = ("/api/", "/sync/")
"""Below these paths nobody reads pages, whatever the Accept header says."""

ErrorPage = Callable[[int, str], str]
"""A page that shows a status and one Chinese sentence."""

log = logging.getLogger("inspect_server")


def problem(status: int, code: str, detail: str, **extra: Any) -> Response:
    """Return a problem document: a stable code for programs, one Chinese sentence for people."""
    body = {"type": "about:blank", "status": status, "code": code, "detail": detail, **extra}
    answer = Response(
        json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json"
    )
    if status == 503:
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def failure(status: int, code: str, detail: str, **extra: Any) -> Response:
    """Return a problem document, or a page where a person opened an address in a browser."""
    answer = problem(status, code, detail, **extra)
    if wants_page():
        page: ErrorPage = current_app.extensions["inspect_error_page"]
        answer.set_data(page(status, detail))
        answer.content_type = "text/html; charset=utf-8"
    return answer


def wants_page() -> bool:
    """Return whether this request came from somebody who looks at pages."""
    if request.path.startswith(MACHINES):
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


def register_errors(app: Flask, page: ErrorPage) -> None:
    """Let every failure of `app` end as a problem document, or as `page` in a browser."""
    app.extensions["inspect_error_page"] = page
    app.register_error_handler(InspectError, _expected)
    app.register_error_handler(FormError, _checklist)
    app.register_error_handler(DocumentError, _document)
    app.register_error_handler(SyncError, _sync)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _constraint)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(Exception, _unexpected)


def _expected(error: InspectError) -> Response:
    return failure(STATUS[error.kind], error.code, str(error))


def _checklist(error: FormError) -> Response:
    status = {"invalid": 422, "missing": 404}.get(error.kind, 500)
    return failure(status, error.code, str(error))


def _document(error: DocumentError) -> Response:
    return failure(422, error.code, str(error))


def _sync(error: SyncError) -> Response:
    return failure(error.status, error.code, str(error))


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # werkzeug types it as its own Response
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    fields = data.get("messages") or data.get("errors")
    extra = {"errors": fields} if fields else {}
    sentence = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    answer = failure(status, f"http.{status}", sentence, **extra)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _constraint(error: IntegrityError) -> Response:
    """Two people did the same thing at once: the use case judged before the other committed."""
    is_twice = getattr(error.orig, "sqlstate", "") == UNIQUE_VIOLATION
    if is_twice or str(error.orig).startswith("UNIQUE constraint failed"):
        return _stale(error)
    return _unexpected(error)


def _stale(_error: StaleDataError | IntegrityError) -> Response:
    return _expected(StaleVersion(what="该内容"))


def _unstorable(_error: DataError) -> Response:
    return failure(422, "common.bad_input", SENTENCES[422])


def _database(error: OperationalError | PoolTimeout) -> Response:
    log.error("database unavailable: %s", type(getattr(error, "orig", error)).__name__)
    return failure(503, "store.unavailable", SENTENCES[503])


def _unexpected(error: Exception) -> Response:
    log.error("unexpected failure: %s", trace(error))
    return failure(500, "http.500", SENTENCES[500])
