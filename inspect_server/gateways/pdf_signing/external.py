"""
A signer outside this program, for seals that it cannot make itself (SM2, GB/T 38540).

The contract stands in docs/documents.md. Whatever the program does, it works on copies in a folder
of its own; only an answer that passes every check here becomes a signed file.
"""

import json
import os
import resource
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL
from typing import Any

from asn1crypto import cms

from inspect_server.gateways.pdf_signing.errors import NotSigned, SealRefused
from inspect_server.gateways.pdf_signing.preparing import Prepared, prepare
from inspect_server.gateways.pdf_signing.said import Said
from inspect_server.gateways.pdf_verifying.guarding import examine

PROTOCOL = "inspect-signature/1"
SECONDS = 60
ROOM = 32_768
LARGEST_GROWTH = 8_000_000
"""Bytes that a whole signed file may be larger than the document: seal picture, chain, stamps."""
LARGEST_FILE = 300_000_000
"""Bytes of any file that the program writes; the largest document has less."""
LONGEST_REASON = 200
SIGNATURE, DOCUMENT = "signature.der", "signed.pdf"


class ExternalSigner:
    """Runs the configured program once a document."""

    certificate_sha256 = ""
    """What signs is the other program's matter; `documents verify` says what it finds."""

    def __init__(self, command: Sequence[str], seconds: int = SECONDS) -> None:
        """Keep the command and how long it may take."""
        self._command = list(command)
        self._seconds = seconds

    def sign(self, pdf: bytes, said: Said) -> bytes:
        """
        Return what the program made of the document.

        Raises:
            NotSigned: It refused, failed, took too long or cannot be started.
            SealRefused: Its answer is not a signature on these bytes.
        """
        prepared = prepare(pdf, said, ROOM)
        # What the program left running in a session of its own may still write while we remove.
        with tempfile.TemporaryDirectory(
            prefix="inspect-sign-", ignore_cleanup_errors=True
        ) as name:
            folder = Path(name)
            (folder / "document.pdf").write_bytes(pdf)
            (folder / "prepared.pdf").write_bytes(prepared.content)
            self._run(folder, _order(folder, prepared, said))
            return _answer(folder, pdf, prepared)

    def _run(self, folder: Path, order: bytes) -> None:
        told = folder / "stderr"
        with told.open("wb") as errors:
            try:
                program = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    cwd=folder,
                    env=_environment(),
                    start_new_session=True,
                )
            except OSError:
                raise NotSigned(reason=f"外部签章程序 {self._command[0]} 无法启动") from None
            try:
                _limit(program.pid)
                program.communicate(order, timeout=self._seconds)
            except subprocess.TimeoutExpired:
                raise NotSigned(reason=f"外部签章程序 {self._seconds} 秒内没有完成") from None
            finally:
                _end(program)
        if program.returncode != 0:
            reason = _last_line(told)
            raise NotSigned(reason=f"外部签章程序以代码 {program.returncode} 结束{reason}")


def _limit(pid: int) -> None:
    """Let no file of the program, its complaints included, grow beyond what an answer may have."""
    if hasattr(resource, "prlimit"):  # Linux
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))


def _end(program: "subprocess.Popen[bytes]") -> None:
    """End the program and whatever it started: nothing goes on writing behind our back."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, SIGKILL)
    program.wait()


def _environment() -> dict[str, str]:
    """Return our environment without our own settings: one of them is the key's passphrase."""
    return {name: value for name, value in os.environ.items() if not name.startswith("INSPECT_")}


def _order(folder: Path, prepared: Prepared, said: Said) -> bytes:
    order = {
        "protocol": PROTOCOL,
        "document": str(folder / "document.pdf"),
        "prepared": str(folder / "prepared.pdf"),
        "byte_range": list(prepared.byte_range),
        "sha256": prepared.digest.hex(),
        "room": prepared.room,
        "at": said.at.isoformat(),
        "reason": said.reason,
        "location": said.location,
        "answer_signature": str(folder / SIGNATURE),
        "answer_document": str(folder / DOCUMENT),
    }
    return json.dumps(order, ensure_ascii=False).encode() + b"\n"


def _last_line(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4_096))
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    shown = "".join(c for c in lines[-1] if c.isprintable())[:LONGEST_REASON] if lines else ""
    return f"：{shown}" if shown else ""


def _answer(folder: Path, pdf: bytes, prepared: Prepared) -> bytes:
    signature = _read(folder / SIGNATURE, prepared.room)
    document = _read(folder / DOCUMENT, len(pdf) + LARGEST_GROWTH)
    if (signature is None) == (document is None):
        raise SealRefused(reason="应交回签名值或整份文件，二者只可有其一")
    if document is not None:
        if not document.startswith(pdf) or len(document) == len(pdf):
            raise SealRefused(reason="交回的文件不是在原文件之后追加的，原文件的字节已不在其开头")
        _check_document(folder / DOCUMENT)
        return document
    assert signature is not None
    _check_signature(signature, prepared.digest)
    filled = prepared.filled(signature)
    (folder / DOCUMENT).write_bytes(filled)
    _check_document(folder / DOCUMENT)
    return filled


def _read(path: Path, most: int) -> bytes | None:
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise SealRefused(reason=f"{path.name} 超过 {most} 字节")
    return content


def _check_document(path: Path) -> None:
    """Refuse a file whose last signature does not cover all of it, or that says other facts."""
    found = examine(path, ())
    last = found.signatures[-1] if found.signatures else None
    if last is None or not last.whole or last.length != found.length:
        raise SealRefused(reason="交回的文件没有覆盖整份文件的签名")
    if not last.intact or (last.is_checked and not last.valid) or last.certificate is None:
        raise SealRefused(reason="交回的签名不成立")
    if found.empty_fields:
        raise SealRefused(reason="交回的文件有空的签名域")
    if found.altered or found.facts_changed or found.facts_damaged:
        raise SealRefused(reason="交回的文件除签章外还改动了页面或所附的内容数据")


def _check_signature(signature: bytes, digest: bytes) -> None:
    """Refuse what is no CMS signature (RFC 5652) over this digest."""
    try:
        found = cms.ContentInfo.load(signature, strict=True)
        if found["content_type"].native != "signed_data":
            raise SealRefused(reason="签名值不是 CMS SignedData；其他格式的印章请交回整份文件")
        (signer,) = found["content"]["signer_infos"]
        attributes: Any = signer["signed_attrs"]
        hash_name = signer["digest_algorithm"]["algorithm"].native
        said = [
            one["values"][0].native for one in attributes if one["type"].native == "message_digest"
        ]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise SealRefused(reason="签名值不是 CMS SignedData（RFC 5652）") from None
    if len(said) != 1 or (hash_name == "sha256" and said[0] != digest):
        raise SealRefused(reason="签名值所签的不是本文件")
