"""The signer and the trusted roots that the configuration names."""

from pathlib import Path
from typing import Protocol

from cryptography import x509

from inspect_server.config import Settings
from inspect_server.domain.errors import InspectError
from inspect_server.gateways.pdf_signing.certificates import (
    load_certificates,
    load_key,
    private_bytes,
)
from inspect_server.gateways.pdf_signing.errors import KeyNotUsable
from inspect_server.gateways.pdf_signing.said import Said


class Signer(Protocol):
    """Whatever puts a signature behind a PDF file."""

    certificate_sha256: str
    """Of the certificate that signs; empty where the signer alone knows it."""

    def sign(self, pdf: bytes, said: Said) -> bytes:
        """Return the same bytes with a signature behind them."""


class SigningNotConfigured(InspectError):
    """The bureau has named neither a key nor a program that signs."""

    code, kind = "signature.not_configured", "unavailable"
    message = (
        "尚未配置签名：请在配置文件 [signature] 中写明 key（密钥文件）或 external（外部签章程序），"
        "各项见 inspect-server config；试用可先运行 inspect-server documents demo-ca。"
    )


def configured_signer(settings: Settings) -> Signer:
    """
    Return the signer of this bureau, its key loaded; keep it for as long as the process lasts.

    Raises:
        SigningNotConfigured: There is none.
        KeyExposed, KeyNotUsable: The key, its passphrase or its certificate.
    """
    # Imported here: only what signs need wait for pyHanko.
    from inspect_server.gateways.pdf_signing.external import ExternalSigner
    from inspect_server.gateways.pdf_signing.signing import OwnSigner
    from inspect_server.gateways.pdf_signing.stamping import NetworkTimestamps

    if settings.signature_external:
        return ExternalSigner(settings.signature_external)
    if not settings.signature_key:
        raise SigningNotConfigured
    certificate = settings.signature_certificate
    key = load_key(
        Path(settings.signature_key),
        Path(certificate) if certificate else None,
        _passphrase(settings),
    )
    tsa = settings.signature_tsa
    return OwnSigner(key, NetworkTimestamps(tsa) if tsa else None)


def trusted_roots(settings: Settings) -> list[x509.Certificate]:
    """
    Return the certificates that this bureau trusts; none where it names none.

    Raises:
        KeyNotUsable: The file cannot be read or holds none.
    """
    return load_certificates(Path(settings.signature_trust)) if settings.signature_trust else []


def _passphrase(settings: Settings) -> str:
    if settings.signature_passphrase and settings.signature_passphrase_file:
        raise KeyNotUsable(reason="口令和口令文件只能配置一项")
    if not settings.signature_passphrase_file:
        return settings.signature_passphrase
    path = Path(settings.signature_passphrase_file)
    try:
        return private_bytes(path).decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise KeyNotUsable(reason=f"{path} 不是 UTF-8 文本") from None
