"""Errors -> HTTP: the only place that maps a kind to a status. Answers are RFC 9457 problems."""

import json
import logging
from typing import Any

from flask import Flask, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from inspect_server.domain.errors import InspectError, Kind

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
    422: "提交的内容不符合要求，请按提示改正后重试。",
    429: "请求过于频繁，请稍后重试。",
    500: "服务器内部错误，已记录，请稍后重试或联系系统管理员。",
    503: "服务暂时不可用，请稍后重试。",
}

log = logging.getLogger("inspect_server")


def problem(status: int, code: str, detail: str, **extra: Any) -> Response:
    """Return a problem document: a stable code for programs, one Chinese sentence for people."""
    body = {"type": "about:blank", "status": status, "code": code, "detail": detail, **extra}
    answer = Response(
        json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json"
    )
    if status == 503:
        answer.headers["Retry-After"] = "2"
    return answer


def register_errors(app: Flask) -> None:
    """Let every failure of `app` end as a problem document."""
    app.register_error_handler(InspectError, _expected)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _unexpected)


def _expected(error: InspectError) -> Response:
    return problem(STATUS[error.kind], error.code, str(error))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # werkzeug types it as its own Response
    data = getattr(error, "data", None) or {}
    fields = data.get("messages") or data.get("errors")
    extra = {"errors": fields} if fields else {}
    answer = problem(status, f"http.{status}", SENTENCES.get(status, SENTENCES[400]), **extra)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _stale(_error: StaleDataError) -> Response:
    return problem(409, "common.stale", "该内容已被他人修改，请刷新后重新操作。")


def _database(error: OperationalError) -> Response:
    log.error("database unavailable: %s", type(error.orig).__name__)
    return problem(503, "store.unavailable", SENTENCES[503])


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected failure", exc_info=error)
    return problem(500, "http.500", SENTENCES[500])
