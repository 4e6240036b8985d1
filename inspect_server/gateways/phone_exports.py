"""
A phone's last resort: all that no receipt covers, as one file under a passphrase.

`inspect_server/phone/client/src/store/leaving/exporting.ts` writes it and says, byte by byte, what
it is. Every record is authenticated with its number and the header, so that nothing in the file
can be changed, left out or added: what does not open is refused as a whole.
"""

import hashlib
import struct
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Meta, Struct

from inspect_server.domain.errors import InspectError
from sync.protocol import MAX_BLOB_BYTES, MAX_PUSH_INFLATED, PushedEntry
from sync.values import Hex64, UuidOrEmpty, UuidText

MAGIC = b"INSPECT-EXPORT-V1\n"
LENGTH = struct.Struct(">I")
NONCE, TAG = 12, 16
PIECE = 1024 * 1024
"""Bytes of a photo in one record; the last one of a photo may have fewer."""
MAX_HEADER = 4096
MAX_ITERATIONS = 20_000_000
MAX_LIST = 512 * 1024 * 1024
"""
Bytes of the list with all entries, about 50 times a year of one inspector: it is held in memory,
and whoever made the file may not make this machine hold anything.
"""
MIB = 1024 * 1024

Step = Callable[[int], None]


class NoExport(InspectError):
    """The file is none that a phone wrote."""

    code, kind = "export.not_one", "invalid"
    message = (
        "该文件不是手机导出的未送达内容，没有导入任何内容。请核对文件；"
        "由更新版本的手机程序导出的，请先升级服务器。"
    )


class WrongPassphrase(InspectError):
    """The list does not open: another passphrase, or bytes that changed before it."""

    code, kind = "export.wrong_passphrase", "invalid"
    message = (
        "口令不对，或者文件开头已损坏，没有导入任何内容。请与导出人核对口令"
        "（区分大小写），确认无误仍打不开的，请重新复制或者重新导出文件。"
    )


class ExportDamaged(InspectError):
    """Something in the file is not what the phone wrote, or is missing."""

    code, kind = "export.damaged", "invalid"
    message = "该文件已损坏或者不完整，没有导入任何内容，请重新复制或者从手机重新导出后再试。"


class ExportTooLarge(InspectError):
    """Something in it is larger than a phone could deliver."""

    code, kind = "export.too_large", "invalid"
    message = "该文件中的{what}超过上限 {limit} MiB，没有导入任何内容，请联系系统维护人员。"


class ExportedPhoto(Struct, frozen=True):
    """A file that entries cite, and in how many records its bytes lie."""

    sha256: Hex64
    size: Annotated[int, Meta(ge=1)]
    records: Annotated[int, Meta(ge=1)]


class LostOnPhone(Struct, frozen=True):
    """What the phone held damaged and could not give: hashes."""

    entries: list[Hex64]
    photos: list[Hex64]


class ExportList(Struct, frozen=True):
    """What the phone says of itself, every entry, and which photos follow."""

    v: Literal[1]
    made: str  # by the phone's clock
    user: UuidText
    device: UuidOrEmpty
    epoch: str
    keys: dict[Hex64, bytes]
    entries: list[PushedEntry]
    photos: list[ExportedPhoto]
    damaged: LostOnPhone


class _Header(Struct, frozen=True):
    kdf: Literal["PBKDF2-SHA-256"]
    iterations: Annotated[int, Meta(ge=1, le=MAX_ITERATIONS)]
    salt: Annotated[bytes, Meta(min_length=8, max_length=1024)]
    cipher: Literal["AES-256-GCM"]
    records: Annotated[int, Meta(ge=1)]


class PhoneExport:
    """An export whose list was opened; of its photos nothing is known before `check`."""

    def __init__(self, file: BufferedReader, size: int, passphrase: str) -> None:
        """
        Open the list.

        Raises:
            NoExport: Not such a file.
            WrongPassphrase: Its list does not open.
            ExportDamaged, ExportTooLarge: It opens and is not what a phone writes.
        """
        self._file, self._size = file, size
        header = self._header()
        self._records = header.records
        self._opened = AESGCM(_key(passphrase, header))
        first = self._sealed(MAX_LIST)
        try:
            content = self._open(0, first)
        except InvalidTag:
            raise WrongPassphrase from None
        self.list = _list(content)
        self._photos_at = file.tell()
        self._places: dict[str, tuple[int, int]] = {}  # hash -> where its first record is, which

    def check(self, step: Step = lambda _: None) -> str:
        """
        Read the file to its end and hold every photo to its hash; return the file's own SHA-256.

        Args:
            step: Called with how many bytes were read since the last call.

        Raises:
            ExportDamaged: Something is not what the phone wrote; nothing of it may be used.
        """
        self._file.seek(self._photos_at)
        number = 1
        for photo in self.list.photos:
            self._places[photo.sha256] = (self._file.tell(), number)
            self._check(photo, step)
            number += photo.records
        if number != self._records or self._file.read(1):
            raise ExportDamaged
        self._file.seek(0)
        return hashlib.file_digest(self._file, "sha256").hexdigest()

    def pieces(self, photo: ExportedPhoto) -> Iterator[bytes]:
        """Yield the bytes of a photo, once the file was checked."""
        place, number = self._places[photo.sha256]
        for nth in range(number, number + photo.records):
            self._file.seek(place)
            piece = self._record(nth)
            place = self._file.tell()
            yield piece

    def _check(self, photo: ExportedPhoto, step: Step) -> None:
        _, first = self._places[photo.sha256]
        digest, size = hashlib.sha256(), 0
        for number in range(first, first + photo.records):
            piece = self._record(number)
            digest.update(piece)
            size += len(piece)
            step(len(piece))
        if (digest.hexdigest(), size) != (photo.sha256, photo.size):
            raise ExportDamaged

    def _header(self) -> _Header:
        if self._file.read(len(MAGIC)) != MAGIC:
            raise NoExport
        length = self._number()
        if not 0 < length <= MAX_HEADER:
            raise ExportDamaged
        raw = self._exactly(length)
        self._digest = hashlib.sha256(raw).hexdigest()
        try:
            return msgspec.json.decode(raw, type=_Header)
        except msgspec.DecodeError:
            raise ExportDamaged from None

    def _record(self, number: int) -> bytes:
        sealed = self._sealed(PIECE)
        try:
            return self._open(number, sealed)
        except InvalidTag:
            raise ExportDamaged from None

    def _open(self, number: int, sealed: bytes) -> bytes:
        about = f"inspect-export v1\n{number}\n{self._digest}\n".encode()
        return self._opened.decrypt(sealed[:NONCE], sealed[NONCE:], about)

    def _sealed(self, most: int) -> bytes:
        """Return the next record as it lies there; a length that cannot be is not believed."""
        length = self._number()
        if not NONCE + TAG <= length <= min(most + NONCE + TAG, self._size - self._file.tell()):
            raise ExportDamaged
        return self._exactly(length)

    def _number(self) -> int:
        number: int = LENGTH.unpack(self._exactly(LENGTH.size))[0]
        return number

    def _exactly(self, length: int) -> bytes:
        content = self._file.read(length)
        if len(content) < length:
            raise ExportDamaged
        return content


@contextmanager
def opened(path: Path, passphrase: str) -> Iterator[PhoneExport]:
    """
    Open an export for as long as the block runs.

    Raises:
        NoExport, WrongPassphrase, ExportDamaged, ExportTooLarge: See `PhoneExport`.
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        yield PhoneExport(file, path.stat().st_size, passphrase)


def _key(passphrase: str, header: _Header) -> bytes:
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    return hashlib.pbkdf2_hmac("sha256", typed, header.salt, header.iterations, 32)


def _list(content: bytes) -> ExportList:
    try:
        found = msgspec.json.decode(content, type=ExportList)
        is_dated = datetime.fromisoformat(found.made).tzinfo is not None
    except (msgspec.DecodeError, ValueError):
        raise ExportDamaged from None
    if not is_dated:
        raise ExportDamaged
    if any(len(one.bytes_b64) > MAX_PUSH_INFLATED for one in found.entries):
        raise ExportTooLarge(what="一条记录", limit=MAX_PUSH_INFLATED // MIB)
    if any(photo.size > MAX_BLOB_BYTES for photo in found.photos):
        raise ExportTooLarge(what="一张照片或者一段录像", limit=MAX_BLOB_BYTES // MIB)
    if any(photo.records != -(-photo.size // PIECE) for photo in found.photos):
        raise ExportDamaged
    return found
