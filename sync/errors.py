"""Expected failures of the protocol: a stable code, its HTTP status, one Chinese sentence."""

from typing import Any, ClassVar


class SyncError(Exception):
    """
    The base of every expected failure in `sync`.

    A subclass sets `code` (stable, dotted), `status` (HTTP, what faces answer) and `message`
    (simplified Chinese; its end says the next step; formatted with the keyword arguments). No
    personal data belongs into the arguments: messages reach logs.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    message: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))


class BadEnvelope(SyncError):
    """The request is not a message of this protocol."""

    code, status = "sync.envelope", 400
    message = "同步请求格式有误（{reason}），请升级手机程序后重试。"


class NotSigned(SyncError):
    """The request carries no signature of a replica, or one that does not hold."""

    code, status = "sync.signature", 401
    message = "同步请求签名无效（{reason}），请重新登记本机。"


class UnknownReplica(SyncError):
    """No such replica is enrolled here; the phone enrols again with the key it has."""

    code, status = "sync.unknown_replica", 401
    message = "服务器上没有本机的登记，请登录后重新登记（已采集的数据不受影响）。"


class NotLoggedIn(SyncError):
    """Login failed, or the pull token is missing, expired or withdrawn. Pushing goes on."""

    code, status = "sync.login", 401
    message = "账号或密码不正确，或登录已失效，请重新登录（数据仍可上传）。"


class ReplicaRevoked(SyncError):
    """The replica may not pull any more; what it pushes is still stored."""

    code, status = "sync.revoked", 403
    message = "本机已被停用，不能再下载任务；已采集的数据仍可上传，请联系管理员。"


class NotInScope(SyncError):
    """The blob or document is not within what this user may see."""

    code, status = "sync.not_in_scope", 403
    message = "无权读取该文件，请确认任务仍分配给本人。"


class NotInspecting(SyncError):
    """The user logs in, but is no inspector (any more): nothing can be pulled. Pushing goes on."""

    code, status = "sync.not_inspecting", 403
    message = (
        "该账号不能下载检查任务（没有检查员角色，或人员已离岗），"
        "请联系管理员；已采集的数据仍可上传。"
    )


class NotHereYet(SyncError):
    """A task of this user cites the file, and its author has not sent it yet, or not again."""

    code, status = "sync.not_here_yet", 404
    message = "该文件尚未上传到服务器，请待拍摄人的手机同步后再下载。"


class NothingThere(SyncError):
    """No such blob or upload."""

    code, status = "sync.not_found", 404
    message = "没有找到该文件或上传任务，请重新同步。"


class WrongEpoch(SyncError):
    """The server was restored: the phone pushes again from `upto_seq` and pulls anew."""

    code, status = "sync.epoch", 409
    message = "服务器数据已恢复到较早时刻，请重新同步，手机会自动补传。"


class ReceiptMismatch(SyncError):
    """The prefix or blob root named does not agree with the journal."""

    code, status = "sync.receipt_mismatch", 409
    message = "本机记录与服务器不一致（{reason}），请再次同步；如仍出现，请重新登记本机。"


class BlobsMissing(SyncError):
    """A receipt needs every cited blob stored; `missing` in the facts names the rest."""

    code, status = "sync.blobs_missing", 409
    message = "还有 {count} 个文件未上传完成，请继续同步。"


class OffsetConflict(SyncError):
    """A tus PATCH does not start where the upload stands (tus 1.0: 409)."""

    code, status = "sync.offset", 409
    message = "上传位置不一致，请查询当前进度后续传。"


class CursorGone(SyncError):
    """
    The cursor is not of this epoch, or no cursor at all.

    The phone pulls from the beginning, its outbox untouched.
    """

    code, status = "sync.cursor", 410
    message = "下载位置已失效，将重新下载全部任务数据，本机采集的数据不受影响。"


class TooLarge(SyncError):
    """A limit of the protocol is exceeded: the phone halves its batch."""

    code, status = "sync.too_large", 413
    message = "单次同步数据超过上限（{limit}），请分批上传。"


class WrongMediaType(SyncError):
    """What a tus request brings is not called a chunk."""

    code, status = "sync.media_type", 415
    message = "上传内容的类型应为 application/offset+octet-stream，请升级手机程序后重试。"


class DigestMismatch(SyncError):
    """The bytes received are not those that the digest names."""

    code, status = "sync.digest", 422
    message = "收到的数据与摘要不符，请重新上传。"


class UploadLocked(SyncError):
    """Another request is writing to this upload."""

    code, status = "sync.upload_locked", 423
    message = "该文件正在由另一连接上传，请稍后重试。"


class Unavailable(SyncError):
    """The database is locked or down for the moment; nothing was acknowledged."""

    code, status = "sync.unavailable", 503
    message = "服务器暂时繁忙，请稍后重试，数据仍保存在手机上。"


class StorageFull(SyncError):
    """The server has no room; nothing was acknowledged."""

    code, status = "sync.full", 507
    message = "服务器存储空间不足，请联系管理员扩容；数据仍保存在手机上。"


class BadEntry(SyncError):
    """An entry breaks its schema; `field` says where. It is stored all the same."""

    code, status = "sync.schema", 422
    message = "记录内容不符合格式（{field}：{reason}），请修改后重新保存。"


class BadReceipt(SyncError):
    """A receipt does not verify under the pinned key, or does not cover what this phone holds."""

    code, status = "sync.bad_receipt", 422
    message = "服务器回执校验不通过（{reason}），请勿清除本机数据，并联系管理员。"


BY_CODE: dict[str, type[SyncError]] = {error.code: error for error in SyncError.__subclasses__()}
"""Every expected failure under its code; docs/sync.md lists the same."""
