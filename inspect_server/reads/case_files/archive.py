"""
The case file as a ZIP: the bound PDF, every issued file, photo originals, the events, a manifest.

Whoever has the archive can check it without this system: `sha256sum -c SHA256SUMS`, and each line
of the events hashes (with a zero byte before it, RFC 6962) to the hash printed in the file.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.reads.case_files.compile_case import Compiled
from inspect_server.reads.documents import DocumentRow
from inspect_server.store.models.record import RecordLeaf

SUFFIXES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"RIFF": ".webp"}
"""By how a picture begins; others are kept without a suffix."""
BOUND, EVENTS = "案卷.pdf", "全过程记录/events.jsonl"
SUMS, MANIFEST, README = "SHA256SUMS", "manifest.json", "说明.txt"
EXPLAINED = """本压缩包是{title}（{number}）的电子案卷，{day}编制。

案卷.pdf　　　　　　封面、目录、全部文书、执法全过程记录，统一编页，带书签和目录链接。
文书/　　　　　　　 制作时的文书原件；有电子签名的，另附签名件。
照片/　　　　　　　 现场照片原件，文件名含其 SHA-256，与文书所载一致。
全过程记录/　　　　 每行是一条事件的原始字节；前加一个零字节计算 SHA-256，即为所列的事件哈希。
manifest.json　　　 各文件的名称、大小、SHA-256 和文号。
SHA256SUMS　　　　　核对各文件：在本目录中运行 sha256sum -c SHA256SUMS。
"""


@dataclass(frozen=True)
class _Member:
    """A file of the archive; `said` is what the manifest says of it besides its hash."""

    path: str
    content: bytes
    said: dict[str, str | bool]


def write_archive(
    target: IO[bytes],
    session: Session,
    compiled: Compiled,
    pdf: bytes,
    read: Callable[[str], bytes],
    made_at: datetime,
) -> int:
    """
    Write the archive; the same case at the same moment gives the same bytes.

    Args:
        target: Where to.
        session: Reading.
        compiled: What the case file is made of.
        pdf: The bound file.
        read: Returns the bytes of a stored file by its SHA-256, re-hashed.
        made_at: When, in the local time of the bureau.

    Returns:
        How many files it holds.

    Raises:
        BlobMissing, BlobDamaged: A stored file.
    """
    rows: list[dict[str, str | bool | int]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in _members(session, compiled, pdf, read):
            sha256 = hashlib.sha256(member.content).hexdigest()
            rows.append(
                {"path": member.path, "sha256": sha256, "size": len(member.content), **member.said}
            )
            _put(archive, member.path, member.content, made_at)
        told = json.dumps(
            {"case": compiled.number, "made_at": made_at.isoformat(), "files": rows},
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        )
        explained = EXPLAINED.format(
            title=compiled.case.title, number=compiled.number, day=made_at.date().isoformat()
        )
        sums = [(str(row["sha256"]), str(row["path"])) for row in rows]
        for path, text in ((MANIFEST, told), (README, explained)):
            sums.append((hashlib.sha256(text.encode()).hexdigest(), path))
            _put(archive, path, text.encode(), made_at)
        listed = "".join(f"{sha256}  {path}\n" for sha256, path in sums)
        _put(archive, SUMS, listed.encode(), made_at)
    return len(sums) + 1


def _members(
    session: Session, compiled: Compiled, pdf: bytes, read: Callable[[str], bytes]
) -> Iterator[_Member]:
    yield _Member(BOUND, pdf, {"title": "电子案卷"})
    for number, row in enumerate(compiled.documents, 1):
        yield from _document(number, row, read)
    for number, sha256 in enumerate(compiled.photos, 1):
        content = read(sha256)
        suffix = next((s for begin, s in SUFFIXES.items() if content.startswith(begin)), "")
        yield _Member(f"照片/{number:03d}_{sha256}{suffix}", content, {"title": "现场照片"})
    leaves = session.scalars(
        select(RecordLeaf.content)
        .where(RecordLeaf.case_name == f"inspection/{compiled.number}")
        .order_by(RecordLeaf.case_seq)
    )
    yield _Member(EVENTS, b"".join(leaf + b"\n" for leaf in leaves), {"title": "全过程记录事件"})


def _document(number: int, row: DocumentRow, read: Callable[[str], bytes]) -> Iterator[_Member]:
    said: dict[str, str | bool] = {
        "title": row.title,
        "doc_no": row.doc_no,
        "content_sha256": row.content_sha256,
        "voided": row.voided_at is not None,
    }
    yield _Member(f"文书/{number:02d}_{row.file_name}", read(row.pdf_sha256), said)
    if row.signed_sha256:
        name = row.file_name.removesuffix(".pdf") + "_签名件.pdf"
        signed = {**said, "signed": True}
        yield _Member(f"文书/{number:02d}_{name}", read(row.signed_sha256), signed)


def _put(archive: zipfile.ZipFile, path: str, content: bytes, made_at: datetime) -> None:
    known = zipfile.ZipInfo(path, made_at.timetuple()[:6])
    known.compress_type = (
        zipfile.ZIP_STORED if path.endswith((".jpg", ".png", ".webp")) else zipfile.ZIP_DEFLATED
    )
    known.external_attr = 0o644 << 16
    archive.writestr(known, content)
