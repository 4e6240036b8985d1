"""Why a file could not be signed: nothing was written, and each sentence says what to do next."""

from inspect_server.domain.errors import InspectError


class KeyNotUsable(InspectError):
    """The configured key or certificate cannot sign."""

    code, kind = "signature.key", "invalid"
    message = "签名密钥或证书不可用：{reason}。请改正 signature 各配置项后重试。"


class KeyExposed(InspectError):
    """Others on this machine can read the key."""

    code, kind = "signature.exposed", "invalid"
    message = (
        "{path} 可被其他用户读取，不用于签名。"
        "请执行 chmod 600 {path} 后重试，并检查密钥是否已泄露。"
    )


class NotSigned(InspectError):
    """Signing one file failed."""

    code, kind = "signature.not_made", "unavailable"
    message = "未能签名，原文件未受影响：{reason}。"


class SealRefused(InspectError):
    """What an external signer returned is not a signature on our bytes."""

    code, kind = "signature.refused", "broken"
    message = "外部签章程序交回的结果不可接受，未予保存：{reason}。请联系签章厂商。"
