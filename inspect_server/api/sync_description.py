"""
What the OpenAPI description says of the sync protocol.

The protocol's views speak msgspec and tus, which flask-smorest cannot see: bodies come from the
messages themselves, the rest is written down here. docs/sync.md says how a phone uses them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from apispec import APISpec
from flask import Flask

from inspect_server.api.openapi import template
from sync import protocol as wire

TAG = "sync"
SIGNATURE, PULL_TOKEN, UPLOAD_TOKEN = "signature", "pullToken", "uploadToken"
REF = "#/components/schemas/Sync{name}"
FILE = {"type": "string", "format": "binary"}
TUS = ("application/offset+octet-stream", "application/octet-stream")

MESSAGES = (
    wire.NonceReply, wire.EnrolRequest, wire.EnrolReply, wire.StateReply, wire.PushRequest,
    wire.PushReply, wire.PullRequest, wire.PullReply, wire.HaveRequest, wire.HaveReply,
    wire.ReceiptRequest, wire.ReceiptReply, wire.Problem,
)  # fmt: skip

FAILURES = {
    400: "请求格式有误。",
    401: "签名无效、本机未登记，或登录已失效。",
    403: "本机已停用，账号不是检查员，文件不在可见范围，或上传凭据无效。",
    404: "没有该文件或上传任务，或该文件尚未上传。",
    405: "X-HTTP-Method-Override 不是该地址支持的方法。",
    409: "与服务器现状不一致（数据纪元、文件、上传位置或归属），按 code 处理。",
    410: "下载位置已失效，重新下载。",
    412: "Tus-Resumable 的版本不符；不带正文。",
    413: "超过单次上限，请分批。",
    415: "内容类型应为 application/offset+octet-stream（或 application/octet-stream）。",
    416: "所请求的范围不在文件之内。",
    422: "内容与摘要不符。",
    423: "该文件正在由另一连接上传。",
    429: "请求过于频繁。",
    460: "该块与校验和不符，请重发。",
    500: "服务器内部错误，已记录。",
    503: "暂时繁忙，请按 Retry-After 重试。",
    507: "存储空间不足，未接收。",
}
BODILESS = (412,)


@dataclass(frozen=True)
class Endpoint:
    """One operation of the protocol."""

    method: str
    path: str
    name: str
    summary: str
    failures: tuple[int, ...]
    security: tuple[str, ...] = (SIGNATURE,)
    body: type[msgspec.Struct] | tuple[str, ...] | None = None  # a message, or content types
    answer: type[msgspec.Struct] | tuple[str, ...] | None = None
    body_required: bool = True
    status: int = 200
    parameters: tuple[dict[str, Any], ...] = ()
    headers: tuple[str, ...] = ()
    part_headers: tuple[str, ...] = ()  # of a part (206), where one may be asked for by Range
    description: str = field(default="")


def _header(name: str, example: str, required: bool = True) -> dict[str, Any]:
    schema = {"type": "string", "example": example}
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _query(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": "query", "schema": schema, "description": description}


VERSION = _header("Tus-Resumable", wire.TUS_VERSION)
CHECKSUM = _header("Upload-Checksum", "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=", required=False)
READ = (400, 401, 413, 422, 500, 503)
RANGE = _header("Range", "bytes=0-1048575", required=False)
TUS_FAILURES = (400, 403, 404, 412, 500, 503)
ASKED_FAILURES = (*TUS_FAILURES, 422, 423, 507)
CHUNK_FAILURES = (*ASKED_FAILURES, 409, 413, 415, 460)

ENDPOINTS = (
    Endpoint(
        "get", wire.NONCE, "getNonce", "取登记用的一次性随机数", (429, 500, 503), (),
        answer=wire.NonceReply,
    ),
    Endpoint(
        "post", wire.REPLICAS, "enrolReplica", "登记手机", (*READ, 403, 409, 429),
        body=wire.EnrolRequest, answer=wire.EnrolReply,
        description="以新密钥签名，凭账号密码登记；重复登记无害，并换发下载凭据。",
    ),
    Endpoint(
        "get", wire.STATE, "getSyncState", "查询本机同步状态", (400, 401, 500, 503),
        answer=wire.StateReply,
        parameters=(
            _query("replica", "本机编号；不填即签名者。"),
            _query("cursor", "上次下载的位置。"),
        ),
    ),
    Endpoint(
        "post", wire.PUSH, "pushEntries", "上传记录", (*READ, 409, 507),
        body=wire.PushRequest, answer=wire.PushReply,
        description="答复即已落盘；重复上传同一记录不产生变化。正文可用 gzip 压缩。",
    ),
    Endpoint(
        "post", wire.PULL, "pullDocuments", "下载任务数据", (*READ, 403, 409, 410),
        (SIGNATURE, PULL_TOKEN), body=wire.PullRequest, answer=wire.PullReply,
    ),
    Endpoint(
        "post", wire.RECEIPTS, "issueReceipt", "取得接收回执", (*READ, 409),
        body=wire.ReceiptRequest, answer=wire.ReceiptReply,
    ),
    Endpoint(
        "post", wire.BLOBS_HAVE, "listMissingFiles", "查询还缺哪些文件", READ,
        body=wire.HaveRequest, answer=wire.HaveReply,
    ),
    Endpoint(
        "get", f"{wire.BLOBS}/{{sha256}}", "downloadFile", "下载文件",
        (400, 401, 403, 404, 416, 500, 503), (SIGNATURE, PULL_TOKEN), answer=("*/*",),
        parameters=(RANGE,), headers=("Repr-Digest", "Content-Digest"),
        part_headers=("Repr-Digest", "Content-Range"),
        description="可用 Range 只取一段（206）；Repr-Digest 是整个文件的摘要。",
    ),
    Endpoint(
        "options", wire.UPLOADS, "describeUploads", "查询续传能力（tus 1.0）", (500, 503), (),
        status=204, headers=("Tus-Version", "Tus-Extension", "Tus-Max-Size"),
    ),
    Endpoint(
        "post", wire.UPLOADS, "createUpload", "开始上传一个文件",
        (*TUS_FAILURES, 413, 415, 422, 460, 507),
        (UPLOAD_TOKEN,), status=201, headers=("Location", "Upload-Offset", "Upload-Length"),
        body=TUS, body_required=False,
        parameters=(
            VERSION, _header("Upload-Length", "4003"),
            _header("Upload-Metadata", "sha256 MDAwMA=="), CHECKSUM,
        ),
        description="第一块可随同上传；有第一块时答复即已落盘。",
    ),
    Endpoint(
        "head", f"{wire.UPLOADS}/{{upload_id}}", "getUploadProgress", "查询上传进度",
        ASKED_FAILURES, (UPLOAD_TOKEN,),
        headers=("Upload-Offset", "Upload-Length", "Upload-Metadata"),
        parameters=(VERSION,),
    ),
    Endpoint(
        "patch", f"{wire.UPLOADS}/{{upload_id}}", "appendChunk", "续传一块",
        CHUNK_FAILURES, (UPLOAD_TOKEN,), body=TUS, status=204,
        headers=("Upload-Offset",),
        parameters=(
            VERSION, _header("Upload-Offset", "0"), CHECKSUM,
        ),
    ),
    Endpoint(
        "delete", f"{wire.UPLOADS}/{{upload_id}}", "discardUpload", "放弃上传",
        (*TUS_FAILURES, 423), (UPLOAD_TOKEN,), status=204, parameters=(VERSION,),
    ),
    Endpoint(
        "post", f"{wire.UPLOADS}/{{upload_id}}", "overrideUploadMethod", "以 POST 代替其他方法",
        (*CHUNK_FAILURES, 405), (UPLOAD_TOKEN,), body=TUS, status=204,
        parameters=(
            VERSION, _header("X-HTTP-Method-Override", "PATCH"),
            _header("Upload-Offset", "0", required=False),
        ),
        description="按 X-HTTP-Method-Override（HEAD、PATCH、DELETE）处理，答复与该方法相同。",
    ),
)  # fmt: skip


def describe_sync(app: Flask, spec: APISpec) -> None:
    """Add the protocol's operations, messages and kinds of proof to a description."""
    rules = {
        (template(str(rule)), method.lower()): rule
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    spec.tag({"name": TAG, "description": "手机同步（逐请求签名，不用会话 Cookie）"})
    for name, said in _schemes():
        spec.components.security_scheme(name, said)
    _, components = msgspec.json.schema_components(MESSAGES, ref_template=REF)
    for name, schema in components.items():
        spec.components.schema(f"Sync{name}", _plain(schema))
    for endpoint in ENDPOINTS:
        rule = rules[endpoint.path, endpoint.method]  # what is described here is there
        spec.path(rule=rule, operations={endpoint.method: _operation(endpoint)})


def _schemes() -> Iterator[tuple[str, dict[str, str]]]:
    bearer = {"type": "http", "scheme": "bearer"}
    said = "RFC 9421 签名：Signature-Input 和 Signature，有正文时另带 Content-Digest。"
    yield SIGNATURE, {"type": "apiKey", "in": "header", "name": "Signature", "description": said}
    yield PULL_TOKEN, {**bearer, "description": "登记时发给的下载凭据。"}
    yield UPLOAD_TOKEN, {**bearer, "description": "查询缺少文件时发给的上传凭据。"}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    said: dict[str, Any] = {
        "tags": [TAG],
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "security": [{name: [] for name in endpoint.security}] if endpoint.security else [],
        "responses": {str(endpoint.status): _answer(endpoint, endpoint.headers)},
    }
    if endpoint.part_headers:
        said["responses"]["206"] = _answer(endpoint, endpoint.part_headers)
    if endpoint.description:
        said["description"] = endpoint.description
    if endpoint.parameters:
        said["parameters"] = list(endpoint.parameters)
    if endpoint.body is not None:
        said["requestBody"] = {
            "required": endpoint.body_required,
            "content": _content(endpoint.body),
        }
    for status in sorted(endpoint.failures):
        said["responses"][str(status)] = _failure(status, endpoint.method)
    return said


def _answer(endpoint: Endpoint, headers: tuple[str, ...]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "成功。"}
    if endpoint.answer is not None:
        answer["content"] = _content(endpoint.answer)
    if headers:
        answer["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    return answer


def _failure(status: int, method: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": FAILURES[status]}
    if status not in BODILESS and method != "head":
        answer["content"] = {wire.PROBLEM_JSON: {"schema": {"$ref": REF.format(name="Problem")}}}
    return answer


def _content(what: type[msgspec.Struct] | tuple[str, ...]) -> dict[str, Any]:
    if isinstance(what, tuple):
        return {kind: {"schema": FILE} for kind in what}
    return {wire.JSON: {"schema": {"$ref": REF.format(name=what.__name__)}}}


def _plain(schema: Any) -> Any:
    """Return a JSON Schema as OpenAPI 3.0 writes it, without the source's English comments."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        key: _plain(value)
        for key, value in schema.items()
        if not (key in ("title", "description", "contentEncoding") and isinstance(value, str))
    }
    if schema.get("contentEncoding") == "base64":
        plain["format"] = "byte"
    if isinstance(schema.get("pattern"), str):
        plain["pattern"] = schema["pattern"].replace(r"\Z", "$")
    return plain
