"""
What the OpenAPI description says of the sync protocol.

The protocol's views speak msgspec and tus, which flask-smorest cannot see: bodies come from the
messages themselves, limits from the engine's constants, codes from its errors; the rest is written
down here. docs/sync.md says how a phone uses them.
"""

from collections.abc import Iterator
from typing import Any

from apispec import APISpec
from flask import Flask

from inspect_server.api.openapi import template
from inspect_server.api.sync_description.endpoints import (
    BODY_LIMITS,
    CHUNK_LIMITS,
    ENDPOINTS,
    PULL_TOKEN,
    SIGNATURE,
    TUS_VERSION,
    UPLOAD_TOKEN,
    Content,
    Endpoint,
)
from inspect_server.api.sync_description.failures import failure
from inspect_server.api.sync_description.headers import (
    ACCEPT_ENCODING,
    CONTENT_ENCODING,
    asked,
    given,
)
from inspect_server.api.sync_description.messages import REF, schemas
from sync import httpsig
from sync import protocol as wire

__all__ = ["ENDPOINTS", "describe_sync"]

TAG = "sync"
FILE = {"type": "string", "format": "binary"}


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
    for name, schema in schemas():
        spec.components.schema(f"Sync{name}", schema)
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
        "responses": {str(endpoint.status): _answer(endpoint)},
    }
    if endpoint.part_headers:
        said["responses"]["206"] = _part(endpoint)
    if endpoint.description:
        said["description"] = endpoint.description
    if parameters := [*_signed(endpoint), *endpoint.parameters]:
        said["parameters"] = parameters
    if endpoint.body is not None:
        said["requestBody"] = {
            "description": CHUNK_LIMITS if endpoint.is_tus else BODY_LIMITS,
            "required": endpoint.body_required,
            "content": _content(endpoint.body),
        }
    refused = (TUS_VERSION,) if endpoint.is_tus else ()
    for status in sorted(endpoint.failures):
        said["responses"][str(status)] = failure(
            status, REF, bodiless=endpoint.method == "head", always=refused
        )
    return said


def _signed(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """Yield the headers that follow from whether an operation is signed and what it brings."""
    if SIGNATURE in endpoint.security:
        yield asked(httpsig.SIGNATURE_INPUT)
        yield asked(httpsig.SIGNATURE)
        if endpoint.body is not None:
            yield asked(httpsig.CONTENT_DIGEST)
            yield asked(CONTENT_ENCODING, required=False)
    if isinstance(endpoint.answer, type):
        yield asked(ACCEPT_ENCODING, required=False)


def _answer(endpoint: Endpoint) -> dict[str, Any]:
    is_message = isinstance(endpoint.answer, type)
    always = (
        *endpoint.headers,
        *((TUS_VERSION,) if endpoint.is_tus else ()),
        *((httpsig.CONTENT_DIGEST,) if is_message else ()),
    )
    sometimes = (*endpoint.other_headers, *((CONTENT_ENCODING,) if is_message else ()))
    answer: dict[str, Any] = {"description": "成功。"}
    if endpoint.answer is not None:
        answer["content"] = _content(endpoint.answer)
    if always or sometimes:
        answer["headers"] = given(always, sometimes)
    return answer


def _part(endpoint: Endpoint) -> dict[str, Any]:
    assert endpoint.answer is not None
    return {
        "description": "成功，只有所取的一段。",
        "content": _content(endpoint.answer),
        "headers": given(endpoint.part_headers),
    }


def _content(what: Content) -> dict[str, Any]:
    if isinstance(what, tuple):
        return {kind: {"schema": FILE} for kind in what}
    return {wire.JSON: {"schema": {"$ref": REF.format(name=what.__name__)}}}
