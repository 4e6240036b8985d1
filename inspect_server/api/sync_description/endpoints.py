"""What each operation of the sync protocol takes and gives, and up to which limits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from inspect_server.api.sync.uploads import CHUNK_TYPES
from inspect_server.api.sync_description.headers import asked
from inspect_server.usecases.phones.enrol_replica import NONCE_LIFETIME
from inspect_server.usecases.phones.preview_document import AT_ONCE as SET_AT_ONCE
from inspect_server.usecases.phones.preview_document import MOST_PICTURES
from inspect_server.usecases.phones.receive_blob import MAX_EMPTY
from inspect_server.usecases.phones.upload_tokens import LIFETIME as TOKEN_LIFETIME
from sync import previews
from sync import protocol as wire
from sync.engine.drafts import MAX_HELD, MAX_HELD_BYTES
from sync.engine.folding import MAX_LOOKED_AT
from sync.engine.pushing import MAX_BROUGHT
from sync.entries import MAX_ENTRY_BYTES, MAX_OPERATIONS
from sync.ports import UNVERIFIED_BYTES, UNVERIFIED_ROWS

SIGNATURE, PULL_TOKEN, UPLOAD_TOKEN = "signature", "pullToken", "uploadToken"
Content = type[msgspec.Struct] | tuple[str, ...]
"""A message, or content types."""


def size(count: int) -> str:
    """Return a number of bytes as people write it."""
    mib, kib = divmod(count, 1024 * 1024), divmod(count, 1024)
    return f"{mib[0]} MiB" if not mib[1] else f"{kib[0]} KiB" if not kib[1] else f"{count} 字节"


@dataclass(frozen=True)
class Endpoint:
    """One operation of the protocol."""

    method: str
    path: str
    name: str
    summary: str
    failures: tuple[int, ...]
    security: tuple[str, ...] = (SIGNATURE,)
    body: Content | None = None
    answer: Content | None = None
    body_required: bool = True
    status: int = 200
    parameters: tuple[dict[str, Any], ...] = ()
    headers: tuple[str, ...] = ()
    other_headers: tuple[str, ...] = ()  # that some answers have
    part_headers: tuple[str, ...] = ()  # of a part (206), where one may be asked for by Range
    description: str = ""

    @property
    def is_tus(self) -> bool:
        """Whether it is one of tus, whose every answer, refusals too, names the version."""
        return self.path.startswith(wire.UPLOADS)


def _query(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": "query", "schema": schema, "description": description}


TUS_VERSION = "Tus-Resumable"
VERSION = asked(TUS_VERSION)
CHECKSUM = asked("Upload-Checksum", required=False)
READ = (400, 401, 413, 422, 500, 503)
TUS_FAILURES = (400, 403, 404, 412, 500, 503)
ASKED_FAILURES = (*TUS_FAILURES, 422, 423, 507)
CHUNK_FAILURES = (*ASKED_FAILURES, 409, 413, 415, 460)
PROGRESS = ("Upload-Offset", "Upload-Length")
OFFERED = ("Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm")

BODY_LIMITS = (
    f"至多 {size(wire.MAX_PUSH_BYTES)}（压缩后），解压后 {size(wire.MAX_PUSH_INFLATED)}；"
    "须带 Content-Length。"
)
CHUNK_LIMITS = f"每块以 {size(wire.CHUNK_BYTES)} 为宜；须带 Content-Length。"
NONCE_LIMITS = (
    f"用于一次登记，{NONCE_LIFETIME // timedelta(minutes=1)} 分钟内有效。"
    "任何人都可以索取，因此服务器之前的代理应限制次数（代理会以 429 拒绝，服务器不会）。"
)
PUSH_LIMITS = (
    "答复即已落盘；重复上传同一记录不产生变化。"
    f"一次至多 {wire.MAX_PUSH_ENTRIES} 条记录；"
    f"含多条时，合并至多比对 {MAX_LOOKED_AT:,} 次操作和引用；超出均答复 413。"
    f"每条记录至多 {size(MAX_ENTRY_BYTES)}、{MAX_OPERATIONS} 项操作。"
    "结果为 refused 的未保存，留待下次上传："
    f"每部手机等待前序的记录至多 {MAX_HELD:,} 条、{size(MAX_HELD_BYTES)}；"
    f"每个上传者送来的无法验证的内容至多 {UNVERIFIED_ROWS:,} 份、{size(UNVERIFIED_BYTES)}，"
    f"未登记的手机至多 {MAX_BROUGHT} 部。"
)
HAVE_LIMITS = (
    f"一次至多 {wire.MAX_HAVE_HASHES:,} 个文件；"
    f"上传凭据 {TOKEN_LIFETIME // timedelta(hours=1)} 小时内有效，只用于一个文件。"
)
UPLOAD_LIMITS = (
    f"文件至多 {size(wire.MAX_BLOB_BYTES)}，每块以 {size(wire.CHUNK_BYTES)} 为宜。"
    "第一块可随同上传；有第一块时答复即已落盘。"
    f"每部手机尚无内容的上传至多 {MAX_EMPTY} 个，最早的让位。"
)

PREVIEW_LIMITS = (
    "按已送达的填写排版，与正式文书版式相同，印有“预览”字样，不占文号，不写入案卷；"
    "已制作的给出正式文书。"
    f"至多印出 {MOST_PICTURES} 张照片，其余只列出；一台服务器同时排版 {SET_AT_ONCE} 份，"
    "另一份稍候，再多的和同一人员未完又来的答复 503。"
)

ENDPOINTS = (
    Endpoint(
        "get", wire.NONCE, "getNonce", "取登记用的一次性随机数", (500, 503), (),
        answer=wire.NonceReply, description=NONCE_LIMITS,
    ),
    Endpoint(
        "post", wire.REPLICAS, "enrolReplica", "登记手机", (*READ, 403, 409),
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
        description=PUSH_LIMITS,
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
        body=wire.HaveRequest, answer=wire.HaveReply, description=HAVE_LIMITS,
    ),
    Endpoint(
        "get", f"{wire.BLOBS}/{{sha256}}", "downloadFile", "下载文件",
        (400, 401, 403, 404, 416, 500, 503), (SIGNATURE, PULL_TOKEN), answer=("*/*",),
        parameters=(asked("Range", required=False),),
        headers=("Repr-Digest", "Content-Digest"),
        part_headers=("Repr-Digest", "Content-Range"),
        description="可用 Range 只取一段（206）；Repr-Digest 是整个文件的摘要。",
    ),
    Endpoint(
        "post", previews.PREVIEWS, "previewDocument", "预览检查记录、责令限期整改指令书",
        (*READ, 403, 404, 409), (SIGNATURE, PULL_TOKEN),
        body=previews.PreviewRequest, answer=previews.PreviewReply, description=PREVIEW_LIMITS,
    ),
    Endpoint(
        "options", wire.UPLOADS, "describeUploads", "查询续传能力（tus 1.0）", (500, 503), (),
        status=204, headers=OFFERED,
    ),
    Endpoint(
        "post", wire.UPLOADS, "createUpload", "开始上传一个文件",
        (*TUS_FAILURES, 413, 415, 422, 460, 507),
        (UPLOAD_TOKEN,), status=201, headers=("Location", *PROGRESS),
        body=CHUNK_TYPES, body_required=False,
        parameters=(
            VERSION, asked("Upload-Length"), asked("Upload-Metadata"), CHECKSUM,
        ),
        description=UPLOAD_LIMITS,
    ),
    Endpoint(
        "head", f"{wire.UPLOADS}/{{upload_id}}", "getUploadProgress", "查询上传进度",
        ASKED_FAILURES, (UPLOAD_TOKEN,),
        headers=(*PROGRESS, "Upload-Metadata"),
        parameters=(VERSION,),
    ),
    Endpoint(
        "patch", f"{wire.UPLOADS}/{{upload_id}}", "appendChunk", "续传一块",
        CHUNK_FAILURES, (UPLOAD_TOKEN,), body=CHUNK_TYPES, status=204,
        headers=PROGRESS,
        parameters=(VERSION, asked("Upload-Offset"), CHECKSUM),
    ),
    Endpoint(
        "delete", f"{wire.UPLOADS}/{{upload_id}}", "discardUpload", "放弃上传",
        (*TUS_FAILURES, 423), (UPLOAD_TOKEN,), status=204, parameters=(VERSION,),
    ),
    Endpoint(
        "post", f"{wire.UPLOADS}/{{upload_id}}", "overrideUploadMethod", "以 POST 代替其他方法",
        (*CHUNK_FAILURES, 405), (UPLOAD_TOKEN,), body=CHUNK_TYPES, status=204,
        parameters=(
            VERSION, asked("X-HTTP-Method-Override"), asked("Upload-Offset", required=False),
            CHECKSUM,
        ),
        other_headers=PROGRESS,
        description="按 X-HTTP-Method-Override（HEAD、PATCH、DELETE）处理，答复与该方法相同。",
    ),
)  # fmt: skip
