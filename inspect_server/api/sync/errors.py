"""What can be wrong with a request before its meaning is looked at."""

from inspect_server.domain.errors import InspectError


class LengthRequired(InspectError):
    """A body without Content-Length cannot be told from one that was cut."""

    code, kind = "sync.length_required", "invalid"
    message = "请求缺少 Content-Length，请升级手机端后重试。"


class BodyTooLarge(InspectError):
    """The body passes the limit, as sent or inflated."""

    code, kind = "sync.body_too_large", "invalid"
    message = "本次提交的数据超过限制，请将这一批减半后重试。"


class BodyIncomplete(InspectError):
    """Fewer bytes came than announced; nothing was looked at."""

    code, kind = "sync.body_incomplete", "invalid"
    message = "网络中断，数据未完整到达，请重试。"


class BadEncoding(InspectError):
    """The content coding is unknown, or the compressed bytes are damaged."""

    code, kind = "sync.bad_encoding", "invalid"
    message = "数据压缩格式不正确，请重试；仍然失败请升级手机端。"


class BadEnvelope(InspectError):
    """The JSON is not a message of this endpoint."""

    code, kind = "sync.bad_envelope", "invalid"
    message = "数据格式不符合同步协议（{reason}），请升级手机端后重试。"


class DigestMismatch(InspectError):
    """The body is not the one that was digested."""

    code, kind = "sync.digest_mismatch", "invalid"
    message = "数据在传输中发生变化，请重试。"


class SignatureInvalid(InspectError):
    """The request is not signed by the replica that it names."""

    code, kind = "sync.signature_invalid", "forbidden"
    message = "请求签名无法验证，请在手机上重新登记设备。"


class LoginNeeded(InspectError):
    """Pulls and downloads need the user's device-bound token."""

    code, kind = "sync.login_needed", "forbidden"
    message = "登录已失效，请在手机上重新登录后再下载任务；已采集的数据不受影响。"


class Busy(InspectError):
    """The database or the disk could not take it now; nothing was half-written."""

    code, kind = "sync.busy", "unavailable"
    message = "服务器繁忙，请稍后自动重试。"


class DiskFull(InspectError):
    """No room is left; nothing was half-written."""

    code, kind = "sync.disk_full", "unavailable"
    message = "服务器存储空间不足，请联系系统管理员清理后重试；手机上的数据请勿删除。"
