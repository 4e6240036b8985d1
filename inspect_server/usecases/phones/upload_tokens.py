"""Short-lived permission to upload one file: made from a signed request, checked without one."""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sync.errors import SyncError

LIFETIME = timedelta(hours=12)
"""Long enough for a big file on a bad network; a fresh one costs one request."""


class UploadTokenInvalid(SyncError):
    """The token is not ours, is for something else, or is too old."""

    code, status = "sync.upload_token", 403
    message = "上传许可无效或已过期，请重新同步以获取新的上传许可。"


@dataclass(frozen=True)
class UploadRight:
    """What a token permits: this replica may upload this file."""

    replica_id: str
    sha256: str


def issue(secret: bytes, right: UploadRight, now: datetime) -> str:
    """Return a token for one file, valid for LIFETIME."""
    ends = int((now + LIFETIME).timestamp())
    claims = f"{right.replica_id}.{right.sha256}.{ends}"
    return f"{claims}.{_mac(secret, claims)}"


def check(secret: bytes, token: str, now: datetime) -> UploadRight:
    """
    Return what a token permits.

    Raises:
        UploadTokenInvalid: Forged, damaged or expired.
    """
    claims, _, mac = token.rpartition(".")
    if not token.isascii() or not hmac.compare_digest(mac, _mac(secret, claims)):
        raise UploadTokenInvalid
    replica_id, sha256, ends = claims.split(".")
    if datetime.fromtimestamp(int(ends), UTC) < now:
        raise UploadTokenInvalid
    return UploadRight(replica_id, sha256)


def _mac(secret: bytes, claims: str) -> str:
    digest = hmac.new(secret, claims.encode("utf-8"), "sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
