"""
Recomputing a finished demo from its database and files, in a process that took no part in it.

Nothing is believed that can be computed: hashes, signatures, chains, the draw, the projection and
every number of the table.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from inspect_server.app import make_backend
from inspect_server.config import Settings
from inspect_server.demo.field.handset import confirmed_in
from inspect_server.demo.figures import Figures
from inspect_server.demo.folder import Folder
from inspect_server.demo.proving.counting import count
from inspect_server.demo.proving.manifest import database_faults, file_hash, manifest_faults
from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.verify import Evidence, Report, verify
from inspect_server.domain.errors import InspectError
from inspect_server.gateways.keys import LocalKeys
from inspect_server.gateways.signatures import ed25519_holds
from inspect_server.reads import documents as document_reads
from inspect_server.reads.record_checks import check_cases
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.planning import Draw
from inspect_server.store.models.record import RecordCase, RecordLeaf
from inspect_server.usecases.documents.verify_documents import verify_documents
from inspect_server.usecases.drawing.verify_draw import verify_draw
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.work import Actor, Backend
from sync import protocol
from sync.errors import SyncError
from sync.phone import Phone

UNREADABLE = (
    InspectError,
    SyncError,
    SQLAlchemyError,
    sqlite3.Error,
    OSError,
    ValueError,
    TypeError,
    LookupError,
)
"""What damaged bytes can raise on their way through the checks."""


class DemoDamaged(InspectError):
    """Something is not what it was."""

    code, kind = "demo.damaged", "broken"
    message = "核验未通过，共 {count} 处，第一处：{first}。数据已损坏或被改动，请重新运行演示。"


@dataclass(frozen=True)
class Verified:
    """The table as recomputed, and how many things were checked for it."""

    figures: Figures
    checks: int


@dataclass
class _Findings:
    checks: int = 0
    faults: list[str] = field(default_factory=list)
    figures: Figures = field(init=False)

    def check(self, holds: object, fault: str) -> None:
        self.checks += 1
        if not holds:
            self.faults.append(fault)

    def add(self, checks: int, faults: list[str]) -> None:
        self.checks += checks
        self.faults += faults


def verify_demo(root: Path, say: Callable[[str], None]) -> Verified:
    """
    Check everything under a demo's folder and recompute its table.

    Args:
        root: The folder.
        say: Told every fault.

    Raises:
        NoDemoHere: There is no finished demo.
        DemoDamaged: Something does not hold; every fault was said, the first stands in it.
    """
    folder = Folder(root.absolute())
    folder.require_finished()
    backend = make_backend(Settings(data_dir=folder.data))
    found = _Findings()
    try:
        for what, step in STEPS.items():
            try:
                step(found, folder, backend)
            except UNREADABLE as error:
                found.check(False, f"{what}：内容不可读（{_said(error)}）")
    finally:
        backend.engine.dispose()
    if found.faults:
        for fault in found.faults:
            say(f"  {fault}")
        raise DemoDamaged(count=len(found.faults), first=found.faults[0])
    return Verified(found.figures, found.checks)


def _journal(found: _Findings, _: Folder, backend: Backend) -> None:
    report = verify_journal(backend)
    found.add(
        report.entries + report.blobs + report.receipts + report.items,
        [f"手机日志 {one.where[:16]}：{one.name}" for one in report.faults],
    )


def _records(found: _Findings, _: Folder, backend: Backend) -> None:
    with backend.reading() as session:
        for case in check_cases(session):
            faults = [f"全过程记录 {case.case}：{fault}" for fault in case.faults]
            found.add(case.events, faults)
        heads = select(RecordCase.name)
        stray = select(RecordLeaf.case_name).where(RecordLeaf.case_name.not_in(heads)).distinct()
        orphans = list(session.scalars(stray))
    found.check(not orphans, f"全过程记录 {'、'.join(orphans)}：没有案卷头")


def _blobs(found: _Findings, folder: Folder, backend: Backend) -> None:
    """Every file that the database knows is there, and no file lies under a wrong hash."""
    with backend.reading() as session:
        known = set(session.scalars(select(Blob.sha256)))
    present = {path.name: path for path in (folder.data / "blobs").rglob("*") if path.is_file()}
    for sha256 in sorted(known | set(present)):
        path = present.get(sha256)
        found.check(path and file_hash(path) == sha256, f"文件 {sha256}：缺失或内容与哈希不符")


def _documents(found: _Findings, folder: Folder, backend: Backend) -> None:
    with backend.reading() as session:
        checked = verify_documents(session, backend.blobs)
        rows = document_reads.documents(session, Actor.system("demo"))
    faults = [f"文书 {fault.doc_no}：{fault.text}" for fault in checked.faults]
    found.add(checked.documents, faults)
    exported = {path.name: path for path in folder.documents.iterdir()}
    for row in rows:
        path = exported.pop(row.file_name, None)
        whole = path is not None and file_hash(path) == row.file_sha256
        found.check(whole, f"导出的文书 {row.file_name}：缺失或与制作时不符")
    found.check(not exported, f"导出目录中有不是本系统制作的文件：{'、'.join(exported)}")


def _draw(found: _Findings, folder: Folder, backend: Backend) -> None:
    """The certificate holds on its own, against the database, and is the one that was published."""
    key = LocalKeys(folder.data / "keys").receipts()
    keys = {key.kid: key.public_bytes}
    with backend.reading() as session:
        draws = list(session.scalars(select(Draw).order_by(Draw.draw_no)))
        for draw in draws:
            report = verify_draw(session, backend.blobs, draw.id, keys, ed25519_holds)
            _tell(found, f"抽取 {draw.draw_no}", report)
        certificates = {draw.certificate for draw in draws}
    text = _text(folder.draw / "certificate.json")
    found.check(text in certificates, "公布的抽取证书 certificate.json：与数据库中的不符")
    try:
        evidence = Evidence(
            certificate=cert.from_text(text),
            pool=_lines(folder.draw / "pool.txt"),
            excluded=_lines(folder.draw / "excluded.txt"),
            eligibility=_lines(folder.draw / "eligibility.txt"),
            keys=keys,
            check_signature=ed25519_holds,
        )
    except InspectError as error:
        found.check(False, f"公布的抽取证书 certificate.json：{error}")
        return
    _tell(found, "公布的抽取证书 certificate.json", verify(evidence))


def _tell(found: _Findings, what: str, report: Report) -> None:
    faults = [f"{what}：{check.what}不符（{check.detail}）" for check in report.wrong]
    found.add(len(report.checks), faults)


def _phones(found: _Findings, folder: Folder, backend: Backend) -> None:
    """What a phone confirmed, or holds a receipt for, is in the journal byte by byte and once."""
    key = LocalKeys(folder.data / "keys").receipts()
    confirmed = confirmed_in(folder.phones)
    for path in sorted(folder.phones.glob("*.db")):
        try:
            held = _Held.read(path, {key.kid: key.public_bytes})
        except SyncError as error:
            found.check(False, f"手机 {path.stem}：{error}")
            continue
        with backend.reading() as session:
            stored = SqlJournal(session, backend.clock.now()).find(held.entries)
        for hash, content in held.entries.items():
            there = hash in stored and stored[hash].content == content
            found.check(there, f"手机 {path.stem} 的记录 {hash[:16]}：服务器上没有或不同")
        for hash in confirmed.pop(path.stem, []):
            kept = hash in held.entries
            found.check(kept, f"手机 {path.stem} 确认过的保存 {hash[:16]}：不见了")
        for upto_seq, head in held.receipts:
            matches = held.by_seq.get(upto_seq) == head
            found.check(matches, f"手机 {path.stem} 的回执（至第 {upto_seq} 条）：与记录不符")
        covered = max((upto_seq for upto_seq, _ in held.receipts), default=0)
        found.check(covered == len(held.entries), f"手机 {path.stem}：最后的记录没有回执")
    found.check(not confirmed, f"手机 {'、'.join(confirmed)}：文件缺失")


@dataclass(frozen=True)
class _Held:
    """What a phone's file holds of its own."""

    entries: Mapping[str, bytes]  # hash -> content
    by_seq: Mapping[int, str]
    receipts: Sequence[tuple[int, str]]  # up to which entry, and its hash

    @staticmethod
    def read(path: Path, keys: Mapping[str, bytes]) -> "_Held":
        """
        Read a phone's file; its receipts must be signed by the server's key.

        Raises:
            BadReceipt: One is not.
        """
        phone = Phone(path)
        try:
            own = [row for row in phone.entries() if row.replica == phone.replica]
            receipts = [protocol.verify_receipt(reply, keys) for reply in phone.receipts()]
        finally:
            phone.close()
        return _Held(
            {row.hash: row.content for row in own},
            {row.seq: row.hash for row in own},
            [(receipt.upto_seq, receipt.head_hash) for receipt in receipts],
        )


def _table(found: _Findings, folder: Folder, backend: Backend) -> None:
    with backend.reading() as session:
        found.figures = count(session, folder)
    differing = Figures.load(folder.results).differences(found.figures)
    found.add(len(fields(Figures)), differing)


def _manifest(found: _Findings, folder: Folder, backend: Backend) -> None:
    """Every file and every table of facts is what it was when the demo ended."""
    with backend.reading() as session:
        found.add(1, database_faults(session))
        found.add(*manifest_faults(session, folder))


STEPS: Mapping[str, Callable[[_Findings, Folder, Backend], None]] = {
    "手机日志": _journal,
    "全过程记录": _records,
    "文件": _blobs,
    "文书": _documents,
    "双随机抽取": _draw,
    "手机": _phones,
    "统计表": _table,
    "清单": _manifest,
}


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, InspectError) else type(error).__name__


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _lines(path: Path) -> list[str]:
    return _text(path).split("\n")[:-1]
