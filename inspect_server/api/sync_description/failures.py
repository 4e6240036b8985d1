"""With which statuses and codes the sync face refuses."""

from collections import defaultdict
from typing import Any

from inspect_server.api.sync.answers import RETRIED
from inspect_server.api.sync_description.headers import RETRY_AFTER, given
from inspect_server.domain.errors import InspectError, StaleVersion
from inspect_server.domain.identity import SecondFactorWanted
from inspect_server.gateways.blobs import BlobDamaged, BlobMissing
from inspect_server.gateways.keys import KeyUnusable
from inspect_server.gateways.uploads import ChecksumMismatch
from inspect_server.usecases.documents.previewing import NothingOrdered, NotPreviewable
from inspect_server.usecases.phones.enrol_replica import ReplicaOfAnother
from inspect_server.usecases.phones.preview_document import NotBegun
from inspect_server.usecases.phones.upload_tokens import UploadTokenInvalid
from inspect_server.web.errors import STATUS
from sync import protocol
from sync.errors import BY_CODE, BadEntry, BadReceipt, SyncError

FAILURES = {
    400: "请求格式有误，或缺少必须的 Content-Digest、Content-Length。",
    401: "签名无效、本机未登记，或登录已失效。",
    403: "本机已停用，账号不是检查员或须先启用动态口令，文件或任务不在可见范围，或上传凭据无效。",
    404: "没有该文件或上传任务，或该文件尚未上传。",
    405: "X-HTTP-Method-Override 不是该地址支持的方法。",
    409: "与服务器现状不一致（数据纪元、文件、上传位置或归属），或文书尚不能预览，按 code 处理。",
    410: "下载位置已失效，重新下载。",
    412: "Tus-Resumable 的版本不符；不带正文。",
    413: "超过单次上限，请分批。",
    415: "内容类型应为 application/offset+octet-stream（或 application/octet-stream）。",
    416: "所请求的范围不在文件之内。",
    422: "内容与摘要不符。",
    423: "该文件正在由另一连接上传。",
    460: "该块与校验和不符，请重发。",
    500: "服务器内部错误，已记录。",
    503: "暂时繁忙，请按 Retry-After 重试。",
    507: "存储空间不足，未接收。",
}
BODILESS = (412,)
NAMED: dict[int, tuple[str, ...]] = {
    412: ("Tus-Version",),
    416: ("Content-Range",),
    **dict.fromkeys(RETRIED, (RETRY_AFTER,)),
}
"""Headers that say what to do about a status."""

ON_THE_PHONE = (BadEntry, BadReceipt)
"""Failures that no server answers with."""
OWN: tuple[type[SyncError], ...] = (UploadTokenInvalid, ChecksumMismatch)
"""What the server adds to the protocol's."""
OTHERS: tuple[type[InspectError], ...] = (
    ReplicaOfAnother, SecondFactorWanted, StaleVersion, BlobDamaged, BlobMissing, KeyUnusable,
    NotBegun, NothingOrdered, NotPreviewable,
)  # fmt: skip
OF_HTTP = (404, 405, 416, 500)
"""Statuses that the web framework, or a mistake of ours, answers with."""


def codes() -> dict[int, list[str]]:
    """Return the codes that each status may have, sorted."""
    found: dict[int, set[str]] = defaultdict(set)
    for error in (*BY_CODE.values(), *OWN):
        if error not in ON_THE_PHONE:
            found[error.status].add(error.code)
    for other in OTHERS:
        found[STATUS[other.kind]].add(other.code)
    for status in OF_HTTP:
        found[status].add(f"http.{status}")
    return {status: sorted(names) for status, names in sorted(found.items())}


def problem_name(status: int) -> str:
    """Return what the schema of a status's problem is called, without the prefix of all."""
    return f"Problem{status}"


def failure(status: int, ref: str, *, bodiless: bool, always: tuple[str, ...]) -> dict[str, Any]:
    """
    Return how an operation answers with a status.

    Args:
        status: One of FAILURES.
        ref: A schema's address, with `{name}` for what it is called.
        bodiless: No answer of the operation has a body, as with HEAD.
        always: Headers that its refusals carry, too.
    """
    answer: dict[str, Any] = {"description": FAILURES[status]}
    if status not in BODILESS and not bodiless:
        schema = {"$ref": ref.format(name=problem_name(status))}
        answer["content"] = {protocol.PROBLEM_JSON: {"schema": schema}}
    if headers := (*always, *NAMED.get(status, ())):
        answer["headers"] = given(headers)
    return answer
