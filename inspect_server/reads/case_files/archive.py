"""
The case file as a ZIP: the bound PDF, every issued file, photo originals, the events, a manifest.

Whoever has the archive can check it without this system: `sha256sum -c SHA256SUMS`, and each line
of the events hashes (with a zero byte before it, RFC 6962) to the hash printed in the file.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.reads.case_files.compile_case import Compiled
from inspect_server.reads.case_files.rendered import Rendered
from inspect_server.reads.documents import DocumentRow
from inspect_server.store.models.record import RecordLeaf
from pdf_templates.case_file.binding import CaseFile
from pdf_templates.facts import content_sha256

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

EXPLAINED_BOUND = """本压缩包是{title}（{number}）的电子案卷，封面制作于{day}，由排印的文书合订。

案卷.pdf　　　　　　封面、目录、全部文书，统一编页，带书签和目录链接。
文书/　　　　　　　 合订所用的各份文书，逐字节不变。
manifest.json　　　 各文件的名称、大小、SHA-256 和文号。
SHA256SUMS　　　　　核对各文件：在本目录中运行 sha256sum -c SHA256SUMS。

照片原件和全过程记录不在其中，请另附。
"""


@dataclass(frozen=True)
class _About:
    """What an archive says of itself."""

    number: str
    title: str
    made_at: datetime
    explained: str


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
    about = _About(compiled.number, compiled.case.title, made_at, EXPLAINED)
    return _write(target, about, _members(session, compiled, pdf, read))


def write_bound(
    target: IO[bytes], case: CaseFile, pdf: bytes, documents: Iterable[Rendered]
) -> int:
    """
    Write the archive of a case file that was bound from files; return how many files it holds.

    Args:
        target: Where to.
        case: What was bound.
        pdf: The bound file.
        documents: The files, the cover first.
    """
    made_at = datetime.fromisoformat(case.cover.facts["made_at"])
    about = _About(case.case_no, case.title, made_at, EXPLAINED_BOUND)
    given = (_given(number, one) for number, one in enumerate(documents))
    return _write(target, about, [_Member(BOUND, pdf, {"title": "电子案卷"}), *given])


def _given(number: int, one: Rendered) -> _Member:
    said: dict[str, str | bool] = {
        "title": one.title,
        "doc_no": one.doc_no,
        "content_sha256": content_sha256(one.filed.facts),
        "voided": one.filed.voided,
    }
    mark = "_签名件" if one.is_signed else ""
    name = f"{one.name.replace(' ', '_', 1)}{mark}.pdf".replace("/", "／").replace("\\", "＼")
    return _Member(
        f"文书/{number:02d}_{name}", one.content, said | ({"signed": True} if mark else {})
    )


def _write(target: IO[bytes], about: _About, members: Iterable[_Member]) -> int:
    """Write members, manifest, explanation and sums; return how many files there are."""
    made_at = about.made_at
    rows: list[dict[str, str | bool | int]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            sha256 = hashlib.sha256(member.content).hexdigest()
            rows.append(
                {"path": member.path, "sha256": sha256, "size": len(member.content), **member.said}
            )
            _put(archive, member.path, member.content, made_at)
        told = json.dumps(
            {"case": about.number, "made_at": made_at.isoformat(), "files": rows},
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        )
        explained = about.explained.format(
            title=about.title, number=about.number, day=made_at.date().isoformat()
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
