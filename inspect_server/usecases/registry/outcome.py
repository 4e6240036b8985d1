"""What an import comes to, and how its report says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from inspect_server.domain.registry.headers import Header
from inspect_server.domain.registry.titles import plain_title
from inspect_server.gateways.registry_files.report import LEADING

_LONGEST_LIST = 500
_NUMBERING = ("序号", "NO", "NO.")


@dataclass(frozen=True)
class ImportReport:
    """
    What one import did, or in a dry run would do.

    Every row is in exactly one figure: `rows_read` is the sum of the next four, and `asides` are
    the rows (totals, notes, who filled it in) that are no entry of the list.
    """

    import_id: UUID
    kind: str  # enterprises | officers
    file_name: str
    file_sha256: str
    rows_read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    warnings: tuple[str, ...]  # Chinese sentences
    report: Path
    dry_run: bool
    asides: int = 0
    headers: tuple[str, ...] = ()  # where each header was found, Chinese


def column_notes(header: Header, shown: str, dry_run: bool) -> Iterator[str]:
    """Name the columns that were not used; the three of our own report and 序号 are no loss."""
    own = LEADING if header.titles[: len(LEADING)] == LEADING else ()
    unknown = [t for t in header.unknown if t not in own and plain_title(t) not in _NUMBERING]
    if unknown:
        kept = "" if dry_run else "，原值随原文件保存"
        yield f"{shown}未识别的列没有导入{kept}：{'、'.join(unknown)[:_LONGEST_LIST]}"
    if header.passed_over:
        columns = "、".join(header.passed_over)[:_LONGEST_LIST]
        yield f"{shown}同一项有多列，未采用的列：{columns}"


def summary(label: str, done: ImportReport) -> Iterator[tuple[str, str]]:
    """Yield the lines of the report's summary."""
    yield "名录", label
    yield "文件", done.file_name
    yield "文件 SHA-256", done.file_sha256
    yield "导入编号", str(done.import_id)
    yield "方式", "试运行，未写入数据库" if done.dry_run else "正式导入"
    yield "读取行数", str(done.rows_read)
    yield "新增", str(done.created)
    yield "更新", str(done.updated)
    yield "无变化", str(done.unchanged)
    yield "未导入", str(done.rejected)
    yield "核对", f"读取 {done.rows_read} = 新增 + 更新 + 无变化 + 未导入"
    yield "不是名录的行", f"{done.asides}（合计、说明、填表信息等，不计入读取行数）"
    for header in done.headers:
        yield "表头", header
    for warning in done.warnings:
        yield "提示", warning
