"""Importing the two registries: every good row or none, and every bad row in the report."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import event

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.domain.identity import require
from inspect_server.domain.registry import enterprises, officers
from inspect_server.domain.registry.asides import aside
from inspect_server.domain.registry.headers import (
    HEADER_WITHIN_ROWS,
    Column,
    Header,
    Problem,
    find_header,
)
from inspect_server.domain.registry.reading import batch_reader
from inspect_server.gateways.registry_files import RegistryFile, Sheet, open_registry_file
from inspect_server.gateways.registry_files.originals import Original
from inspect_server.gateways.registry_files.report import (
    OWN_SHEETS,
    REPEATED,
    RejectionReport,
)
from inspect_server.store import registry
from inspect_server.store.models.registry import RegistryImport
from inspect_server.usecases import record
from inspect_server.usecases.phones.publish_task import show_enterprises, show_officers
from inspect_server.usecases.registry.batches import (
    Batches,
    EnterpriseBatches,
    OfficerBatches,
    Tally,
)
from inspect_server.usecases.registry.codes import checked_uscc
from inspect_server.usecases.registry.outcome import ImportReport, column_notes, summary
from inspect_server.usecases.registry.places import Located, Places
from inspect_server.usecases.work import Work

BATCH = 1000
_ROW_BITS = 40

Progress = Callable[[int, int], None]
"""Called with the rows read since the last call, and about how many there are in all."""


class NoHeader(InspectError):
    """No sheet has a row that looks like the header."""

    code, kind = "registry.no_header", "invalid"
    message = (
        "文件“{name}”前 {rows} 行内没有找到表头，表头应有“{titles}”等列，"
        "请检查是否选错文件或工作表后重新导入。"
    )


class NoRows(InspectError):
    """There is a header and nothing below it."""

    code, kind = "registry.no_rows", "invalid"
    message = "文件“{name}”表头下面没有数据行，没有导入任何内容，请检查文件后重新导入。"


class _Assembler(Protocol):
    def assemble(self, values: dict[str, Any]) -> list[Problem]: ...
    def contradictions(self, values: dict[str, Any]) -> list[Problem]: ...


@dataclass(frozen=True)
class _Kind:
    """What differs between the two registries."""

    name: str
    label: str
    key: str
    columns: tuple[Column, ...]
    assembler: Callable[[Header], _Assembler]
    batches: Batches
    warnings: Callable[[], list[str]]
    tell: Callable[[], None]  # phones what changed


def import_enterprises(
    work: Work,
    file: Path,
    progress: Progress | None = None,
    *,
    dry_run: bool = False,
    report: Path | None = None,
) -> ImportReport:
    """
    Bring 检查对象名录库 up to date from one .xlsx or .csv, by 统一社会信用代码.

    Rows of codes already known are updated in the columns that the file has; enterprises that the
    file does not name stay. Rejected rows go to `report` (default: data_dir/reports), which is
    complete before anything is committed and overwrites nothing. The file itself is kept under its
    SHA-256 in data_dir/imports, with all that no field takes. A dry run writes the report only.

    Raises:
        Forbidden: The actor is neither supervisor nor office; a dry run is free to all.
        FileNotThere, EmptyFile, OldWorkbook, DamagedWorkbook, Oversized, UnknownEncoding, NotText,
        BrokenQuotes: The file cannot be read.
        NoHeader, MissingHeader, DuplicateHeader, NoRows: It can, but it is no registry.
    """
    import_id = uuid4()
    places = Places(work)
    kind = _Kind(
        name="enterprises",
        label="企业",
        key="uscc",
        columns=enterprises.columns(checked_uscc),
        assembler=places.assembler,
        batches=Located(EnterpriseBatches(work, import_id, dry_run), places),
        warnings=places.notes,
        tell=lambda: show_enterprises(work),
    )
    return _Import(work, import_id, kind, dry_run, progress).run(file, report)


def import_officers(
    work: Work,
    file: Path,
    progress: Progress | None = None,
    *,
    dry_run: bool = False,
    report: Path | None = None,
) -> ImportReport:
    """
    Bring 执法人员名录库 up to date from one .xlsx or .csv, by 执法证号.

    An expired certificate is only warned of: what counts is its validity on the day of a visit.
    Otherwise as `import_enterprises`, errors included.
    """
    import_id = uuid4()
    batches = OfficerBatches(work, import_id, dry_run)
    kind = _Kind(
        name="officers",
        label="执法人员",
        key="cert_no",
        columns=officers.columns(checked_uscc),
        assembler=lambda header: officers.Assembler(header, work.settings.authority),
        batches=batches,
        warnings=lambda: _expired(batches.expired),
        tell=lambda: show_officers(work, import_id),
    )
    return _Import(work, import_id, kind, dry_run, progress).run(file, report)


@dataclass
class _Import:
    """One run over one file."""

    work: Work
    import_id: UUID
    kind: _Kind
    dry_run: bool
    progress: Progress | None
    tally: Tally = field(default_factory=Tally)
    seen: dict[str, int] = field(default_factory=dict)  # key -> sheet and row as one number
    sheets: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)

    def run(self, file: Path, report: Path | None) -> ImportReport:
        if not self.dry_run:  # odds and caps follow from the registries: a person answers for them
            require(self.work.actor.roles, Role.SUPERVISOR, Role.OFFICE, action="导入名录")
        path = report or self._default_report()
        if path.suffix.lower() != ".xlsx":
            raise BadInput(field="报告路径", reason=f"“{path.name}”应以 .xlsx 结尾")
        with (
            _what_is_loaded_stays(),
            open_registry_file(file) as source,
            RejectionReport(path) as rejected,
        ):
            row = self._begin(source)
            if source.hidden:
                self.notes.append(f"隐藏的工作表未读取：{'、'.join(source.hidden)[:500]}")
            for sheet in source.sheets():
                self._read(sheet, source, rejected)
            self._refuse_nothing(source)
            done = self._done(source, path)
            rejected.finish(summary(self.kind.label, done))
            done = replace(done, report=rejected.path)
            # A report must not speak of rows that a full disk kept out of the database after all.
            self._undo(lambda: done.report.unlink(missing_ok=True))
            if row is not None:
                original = Original(self._data_dir / "imports", file, source.sha256)
                self._undo(original.forget)
                original.keep()
                self._end(row, done)
        return done

    @property
    def _data_dir(self) -> Path:
        return self.work.settings.data_dir

    def _undo(self, act: Callable[[], None]) -> None:
        event.listen(self.work.session, "after_rollback", lambda _: act())

    def _begin(self, source: RegistryFile) -> RegistryImport | None:
        if self.dry_run:
            return None
        registry.lock(self.work.session)
        row = RegistryImport(
            id=self.import_id,
            kind=self.kind.name,
            file_name=source.name[-255:],
            file_sha256=source.sha256,
            started_at=self.work.now,
            finished_at=None,
            actor=self.work.actor.label,
            rows_read=0,
            rows_created=0,
            rows_updated=0,
            rows_unchanged=0,
            rows_rejected=0,
        )
        self.work.session.add(row)
        self.work.session.flush()
        return row

    def _read(self, sheet: Sheet, source: RegistryFile, rejected: RejectionReport) -> None:
        shown = f"工作表“{sheet.name}”" if sheet.name else ""
        top = list(islice(sheet.rows, HEADER_WITHIN_ROWS))
        header = find_header(top, self.kind.columns, shown)
        if header is None:
            if top and sheet.name not in OWN_SHEETS:
                self.notes.append(f"{shown}没有表头，未读取")
            return
        self.sheets.append(sheet.name)
        self._say_header(header, shown)
        below = [row for row in top if row[0] > header.row]
        rejected.start_sheet(sheet.name, header.titles)
        if self.progress:
            self.progress(header.row, source.expected_rows)
        reader = _RowReader(self, header, sheet.name, rejected)
        for rows in _batches(chain(below, sheet.rows)):
            self.kind.batches.save(reader.good(rows), self.tally)
            if self.progress:
                self.progress(len(rows), source.expected_rows)

    def _say_header(self, header: Header, shown: str) -> None:
        self.headers.append(f"{shown}表头在{header.place}，采用 {len(header.columns)} 列")
        self.notes += column_notes(header, shown, self.dry_run)

    def _refuse_nothing(self, source: RegistryFile) -> None:
        if not self.sheets:
            titles = "、".join(c.titles[0] for c in self.kind.columns if c.required)
            raise NoHeader(name=source.name, rows=HEADER_WITHIN_ROWS, titles=titles)
        if not self.tally.read:
            raise NoRows(name=source.name)

    def _done(self, source: RegistryFile, path: Path) -> ImportReport:
        tally = self.tally
        return ImportReport(
            import_id=self.import_id,
            kind=self.kind.name,
            file_name=source.name,
            file_sha256=source.sha256,
            rows_read=tally.read,
            created=tally.created,
            updated=tally.updated,
            unchanged=tally.unchanged,
            rejected=tally.rejected,
            warnings=(*self.notes, *_repeated(tally.repeated), *self.kind.warnings()),
            report=path,
            dry_run=self.dry_run,
            asides=tally.asides,
            headers=tuple(self.headers),
        )

    def _end(self, row: RegistryImport, done: ImportReport) -> None:
        row.finished_at = self.work.now
        row.rows_read, row.rows_rejected = done.rows_read, done.rejected
        row.rows_created, row.rows_updated = done.created, done.updated
        row.rows_unchanged = done.unchanged
        body = {
            "import": str(done.import_id),
            "kind": done.kind,
            "file_sha256": done.file_sha256,
            "rows_read": done.rows_read,
            "created": done.created,
            "updated": done.updated,
            "unchanged": done.unchanged,
            "rejected": done.rejected,
        }
        self.kind.tell()
        record.note(self.work, "import.done", "registry", body)

    def _default_report(self) -> Path:
        at = self.work.now.astimezone(self.work.settings.zone).strftime("%Y%m%d-%H%M%S")
        name = f"import-{self.kind.name}-{at}-{self.import_id}.xlsx"
        return self._data_dir / "reports" / name


class _RowReader:
    """Reads the rows of one sheet and sends the bad ones to the report."""

    def __init__(self, run: _Import, header: Header, sheet: str, rejected: RejectionReport) -> None:
        self._run, self._sheet, self._rejected = run, sheet, rejected
        self._read = batch_reader(header)
        self._assembler = run.kind.assembler(header)
        self._titles = header.titles
        self._key = run.kind.key
        self._key_index = next(i for i, _, c in header.columns if c.field == self._key)
        self._key_title = header.title(self._key)

    def good(self, rows: Sequence[tuple[int, list[str]]]) -> list[dict[str, Any]]:
        """Return the values of the rows that can be imported."""
        tally, good = self._run.tally, []
        reading = self._read([row for _, row in rows])
        for place, (number, row) in enumerate(rows):
            values, problems = reading.values[place], reading.problems.get(place)
            if problems and not any(map(str.strip, row)):
                continue
            if problems and (kind := aside(row, self._titles, self._key_index)):
                tally.asides += 1
                self._rejected.add_aside(number, kind, row)
                continue
            tally.read += 1
            if problems:  # all that is wrong with a row is named at once
                problems = [*problems, *self._assembler.contradictions(values)]
            if problems := problems or self._assembler.assemble(values):
                tally.rejected += 1
                titles, reasons = [p.title for p in problems], [p.reason for p in problems]
                self._rejected.add(number, titles, reasons, row)
            elif reason := self._repeated(number, values):
                tally.rejected += 1
                tally.repeated += 1
                self._rejected.add_repeated(number, reason, row)
            else:
                good.append(values)
        return good

    def _repeated(self, number: int, values: dict[str, Any]) -> str:
        place = (len(self._run.sheets) << _ROW_BITS) + number
        first = self._run.seen.setdefault(values[self._key], place)
        if first == place:
            return ""
        name = self._run.sheets[(first >> _ROW_BITS) - 1]
        sheet = f"工作表“{name}”" if name != self._sheet else ""
        row = first & ((1 << _ROW_BITS) - 1)
        return f"{self._key_title}与{sheet}第 {row} 行重复，以该行为准"


@contextmanager
def _what_is_loaded_stays() -> Iterator[None]:
    """
    Keep the program's own objects out of the search for cyclic garbage.

    Every batch has thousands of rows living at once, so Python goes looking again and again; with
    the whole program to walk through, that took a tenth of an import. Rows are still looked at.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _batches(
    rows: Iterator[tuple[int, list[str]]],
) -> Iterator[list[tuple[int, list[str]]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _repeated(count: int) -> list[str]:
    said = f"{count} 行与前面的行重复，未导入，列在报告的工作表“{REPEATED}”中，导入报告时不再读取"
    return [said] if count else []


def _expired(count: int) -> list[str]:
    return [f"{count} 人的执法证已过有效期，不会被抽中，请及时换证"] if count else []


__all__ = [
    "ImportReport",
    "NoHeader",
    "NoRows",
    "Progress",
    "import_enterprises",
    "import_officers",
]
