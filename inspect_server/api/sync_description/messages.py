"""The messages of the sync protocol as JSON Schemas, with what their fields mean and may hold."""

from collections.abc import Iterator
from math import ceil
from typing import Any

import msgspec

from inspect_server.api.sync_description.failures import codes, problem_name
from sync import previews
from sync import protocol as wire
from sync.entries import MAX_ENTRY_BYTES

REF = "#/components/schemas/Sync{name}"
MESSAGES = (
    wire.NonceReply, wire.EnrolRequest, wire.EnrolReply, wire.StateReply, wire.PushRequest,
    wire.PushReply, wire.PullRequest, wire.PullReply, wire.HaveRequest, wire.HaveReply,
    wire.ReceiptRequest, wire.ReceiptReply, previews.PreviewRequest, previews.PreviewReply,
    wire.Problem,
)  # fmt: skip
DROPPED = ("title", "description", "contentEncoding")
"""What the source's classes say of themselves, in English, and what OpenAPI 3.0 does not know."""


def base64_length(size: int) -> int:
    """Return how many characters so many bytes are in base64."""
    return 4 * ceil(size / 3)


LIMITS: dict[str, dict[str, int]] = {
    "PushRequest.entries": {"maxItems": wire.MAX_PUSH_ENTRIES},
    "PushedEntry.bytes_b64": {"maxLength": base64_length(MAX_ENTRY_BYTES)},
}
"""What is refused otherwise than by the message's own type: 413, or an entry set aside."""

WORDS = {
    "NonceReply": "登记用的一次性随机数。",
    "nonce": "一次性随机数，原样使用。",
    "server_time": "服务器时间（RFC 3339）。",
    "EnrolRequest": "登记手机；同一密钥重复登记无害，并换发下载凭据。",
    "login": "账号。",
    "password": "密码。",
    "public_key_b64": "P-256 公钥，65 字节（0x04 ‖ x ‖ y）。",
    "ServerKey.public_key_b64": "Ed25519 公钥，32 字节。",
    "label": "手机名称，不含控制字符。",
    "device_id": "手机编号（UUID）。",
    "EnrolRequest.device_id": "此前登记所得的手机编号（UUID）；新手机为空。",
    "storage": "手机自报的存储情况。",
    "proof_b64": "以新密钥对登记内容所作的签名（r‖s，64 字节）。",
    "EnrolRequest.code": "动态口令；账号未启用时为空。",
    "Storage": "手机自报的存储情况。",
    "persisted": "存储是否不会被系统清理。",
    "installed": "是否安装为应用。",
    "quota": "可用字节数，不知道时为 0。",
    "EnrolReply": "登记结果。",
    "replica_id": "本机编号：公钥的 SHA-256。",
    "user_id": "账号编号。",
    "user_name": "姓名。",
    "officer_id": "执法人员编号；账号不对应执法人员时为空。",
    "dataset_epoch": "数据纪元；服务器恢复备份后改变。",
    "server_keys": "服务器签发回执的公钥，登记时固定下来。",
    "pull_token": "下载凭据，放在 Authorization: Bearer。",
    "ServerKey": "签发回执的公钥。",
    "kid": "回执公钥的编号。",
    "alg": "签名算法。",
    "StateReply": "本机在服务器上的状态。",
    "epoch": "数据纪元；服务器恢复备份后改变。",
    "upto_seq": "服务器连续收到的最后一条记录的序号；没有时为 0。",
    "ReceiptRequest.upto_seq": "回执涵盖的最后一条记录的序号。",
    "head_hash": "序号为 upto_seq 的记录的哈希；没有时为空。",
    "held": "等待前序记录的序号。",
    "StateReply.missing_blobs": "本机记录引用而服务器尚无的文件。",
    "PushReply.missing_blobs": "本次记录引用而服务器尚无的文件。",
    "pull_needed": "是否有内容待下载，或所给的下载位置已失效。",
    "lacking": "只由回执证明、服务器没有原文的记录。",
    "LackedEntry": "服务器只知道序号和哈希的记录。",
    "seq": "记录的序号。",
    "hash": "记录的哈希。",
    "PushRequest": "上传记录；可代他人的手机上传。",
    "replica": "签名的手机，即上传者。",
    "sent_wall": "发送时的手机时间。",
    "entries": f"记录；多于 {wire.MAX_PUSH_ENTRIES} 条答复 413。",
    "keys": "服务器可能不再知道的公钥：本机编号 → 65 字节公钥。",
    "receipts": "本机已按回执清除的部分的回执。",
    "PushedEntry": "一条记录。",
    "bytes_b64": f"记录的原始字节，至多 {MAX_ENTRY_BYTES} 字节；更长的只留存，不采用。",
    "sig": "记录的签名（r‖s，64 字节）。",
    "PushReply": "上传结果；答复即已落盘。",
    "results": "各条记录的结果，次序与上传相同。",
    "PushResult": "一条记录在本次上传结束时的情况。",
    "PushResult.seq": "记录的序号；无法读出时为 0。",
    "stored": "new、duplicate、fork 已落盘；unverified 另行保存；refused 未保存。",
    "effect": "applied 已采用；conflict 已采用且有冲突；held 等待前序；quarantined 留存未采用。",
    "reason": "未采用的原因，或 fork；其余为空。",
    "pos": "在服务器日志中的位置。",
    "PushResult.pos": "在服务器日志中的位置；不在其中时为 0。",
    "flags": "标记，按字母排序：accepted、declined、fork、future_clock、gap。",
    "PullRequest": "下载一页。",
    "cursor": "下载位置，原样使用。",
    "PullRequest.cursor": "上一页答复的下载位置；从头下载时为空。",
    "limit": "一页至多几份。",
    "PullReply": "一页内容；先按 leave 隐藏，再采用 docs。",
    "docs": "文档的最新内容。",
    "leave": "不再可见的范围，只隐藏，不删除。",
    "applied_upto": "各手机连续收到的最后序号；只在最后一页给出。",
    "has_more": "是否还有下一页。",
    "scope_digest": "应有文档的摘要；只在最后一页给出。",
    "log_pos": "服务器日志的位置。",
    "PulledDocument": "一份文档。",
    "id": "文档编号。",
    "scope": "所属范围。",
    "kind": "文档种类。",
    "ver": "版本，只增不减。",
    "deleted": "是否已删除。",
    "body": "内容；已删除时为 null。",
    "HaveRequest": "询问还缺哪些文件。",
    "HaveRequest.sha256": "文件的 SHA-256。",
    "sha256": "文件的 SHA-256。",
    "HaveReply": "本机记录引用而服务器尚无的文件。",
    "HaveReply.missing": "尚无的文件及其上传凭据。",
    "WantedBlob": "待上传的文件。",
    "token": "上传凭据，放在 Authorization: Bearer。",
    "ReceiptRequest": "请求接收回执。",
    "blob_root": "所引用文件的摘要。",
    "after_seq": "此前已按回执清除的最后一条记录的序号；没有时为 0。",
    "ReceiptReply": "接收回执。",
    "receipt_b64": "回执的原始字节。",
    "sig_b64": "服务器对回执的 Ed25519 签名。",
    "PreviewRequest": "预览一份文书。",
    "inspection": "检查任务的编号（UUID）。",
    "document": "record 现场检查记录；order 责令限期整改指令书。",
    "paper": "a4，或便携打印机的 80mm 热敏纸。",
    "PreviewReply": "一份文书，以及距制作还缺什么。",
    "title": "文书名称。",
    "number": "文号；制作之前为检查任务编号（临时编号）。",
    "stage": "open 尚未办结；closed 已办结，文号待编；issued 已制作，所给即正式文书。",
    "said_sha256": "文书所说内容的摘要，不含文号、制作时间、办结记录摘要：预览与正式文书相同。",
    "PreviewReply.lacking": "尚不能办结的全部原因；办结后为空。",
    "pictures_left_out": "因张数、大小所限未印出图像的照片数。",
    "pdf_b64": "PDF 文件。",
    "Lacking": "尚不能办结的一个原因。",
    "Lacking.code": "稳定的代码，供程序判断。",
    "Problem": "拒绝的原因；后四项只在 code 需要时给出。",
    "code": "稳定的代码，供程序判断。",
    "status": "HTTP 状态。",
    "detail": "一句中文，末尾说明下一步。",
    "type": "固定为 about:blank。",
    "missing": "尚未上传的文件。",
}
"""What a message, a field, or the field of a message (which goes first) is, for who reads it."""


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every message by its name, and of every status the problem with its codes."""
    _, components = msgspec.json.schema_components(MESSAGES, ref_template=REF)
    for name, schema in components.items():
        yield name, _message(name, schema)
    for status, names in codes().items():
        code = {"type": "string", "enum": names, "description": WORDS["code"]}
        own = {"type": "object", "properties": {"code": code}}
        yield problem_name(status), {"allOf": [{"$ref": REF.format(name="Problem")}, own]}


def _message(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = _plain(schema)
    plain["description"] = WORDS[name]
    plain["properties"] = {
        field: _described(f"{name}.{field}", said) for field, said in plain["properties"].items()
    }
    return plain


def _described(path: str, said: dict[str, Any]) -> dict[str, Any]:
    words = WORDS.get(path) or WORDS[path.partition(".")[2]]
    if "$ref" in said:  # in OpenAPI 3.0 nothing counts that stands beside one
        return {"allOf": [said], "description": words}
    return {**said, **LIMITS.get(path, {}), "description": words}


def _plain(schema: Any) -> Any:
    """Return a JSON Schema as OpenAPI 3.0 writes it, without the source's English comments."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        key: _plain(value)
        for key, value in schema.items()
        if not (key in DROPPED and isinstance(value, str))
    }
    if schema.get("contentEncoding") == "base64":
        plain["format"] = "byte"
    if isinstance(schema.get("pattern"), str):
        plain["pattern"] = schema["pattern"].replace(r"\Z", "$")
    return plain
