"""Importing the two registries: a file comes in, the report on its rejected rows goes out."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from flask.views import MethodView
from flask_smorest.fields import Upload
from werkzeug.datastructures import FileStorage

from inspect_server.api import downloads
from inspect_server.api.resource import Resource
from inspect_server.domain.errors import InspectError
from inspect_server.reads import registry as reads
from inspect_server.usecases.registry.import_registry import (
    ImportReport,
    import_enterprises,
    import_officers,
)
from inspect_server.web.begin import backend, begin, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU, REGISTERS

blp = Resource("imports", "/imports", "导入企业、执法人员名录")

UNNAMED = "名录"
LONGEST_NAME = 60
"""Characters of a file name that are kept, from its end: 240 bytes at most, as disks allow."""

_one = threading.Lock()


class ImportUnderWay(InspectError):
    """An import holds the database's only writer; a second one would only wait for it."""

    code, kind = "registry.import_under_way", "unavailable"
    message = "另一份名录正在导入，请等其完成后再导入。"


class ImportQuery(ma.Schema):
    """Whether to write anything."""

    dry_run = ma.fields.Boolean(
        load_default=False, metadata={"description": "只检查并生成报告，不写入数据库。"}
    )


class RegistryFileIn(ma.Schema):
    """An .xlsx or .csv as the office has it."""

    file = Upload(required=True, metadata={"description": "名录文件（.xlsx 或 .csv）。"})


class ImportOut(ma.Schema):
    """One import in the list."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    file_name = ma.fields.String(required=True)
    file_sha256 = ma.fields.String(required=True)
    started_at = ma.fields.AwareDateTime(required=True)
    actor = ma.fields.String(required=True)
    rows_read = ma.fields.Integer(required=True)
    rows_created = ma.fields.Integer(required=True)
    rows_updated = ma.fields.Integer(required=True)
    rows_unchanged = ma.fields.Integer(required=True)
    rows_rejected = ma.fields.Integer(required=True)


class ImportedOut(ma.Schema):
    """What one import did, or in a dry run would do; the report is under `import_id`."""

    import_id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    file_name = ma.fields.String(required=True)
    file_sha256 = ma.fields.String(required=True)
    rows_read = ma.fields.Integer(required=True)
    created = ma.fields.Integer(required=True)
    updated = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)
    rejected = ma.fields.Integer(required=True)
    warnings = ma.fields.List(ma.fields.String(), required=True)
    dry_run = ma.fields.Boolean(required=True)


@blp.route("")
class Imports(MethodView):
    """The imports so far."""

    @allow(*BUREAU)
    @blp.operation("listImports", "列出最近的导入")
    @blp.response(200, ImportOut(many=True))
    def get(self) -> list[reads.ImportView]:
        """List the latest imports, the last one first; dry runs leave no trace."""
        with reading() as session:
            return list(reads.imports(session))


@blp.route("/enterprises")
class EnterpriseImports(MethodView):
    """Imports of 检查对象名录库."""

    @allow(*REGISTERS)
    @blp.operation(
        "importEnterprises",
        "导入企业名录",
        "按统一社会信用代码新增或更新，变化留存历史；未导入的行见报告。导入在本次请求内完成。",
    )
    @blp.arguments(ImportQuery, location="query")
    @blp.arguments(RegistryFileIn, location="files")
    @blp.response(200, ImportedOut)
    def post(self, query: dict[str, Any], files: dict[str, Any]) -> ImportReport:
        """Bring the enterprises up to date from one file."""
        return _imported(import_enterprises, files["file"], query["dry_run"])


@blp.route("/officers")
class OfficerImports(MethodView):
    """Imports of 执法人员名录库."""

    @allow(*REGISTERS)
    @blp.operation(
        "importOfficers",
        "导入执法人员名录",
        "按执法证号新增或更新，变化留存历史；未导入的行见报告。导入在本次请求内完成。",
    )
    @blp.arguments(ImportQuery, location="query")
    @blp.arguments(RegistryFileIn, location="files")
    @blp.response(200, ImportedOut)
    def post(self, query: dict[str, Any], files: dict[str, Any]) -> ImportReport:
        """Bring the officers up to date from one file."""
        return _imported(import_officers, files["file"], query["dry_run"])


@blp.route("/<uuid:import_id>/report")
class ImportReports(MethodView):
    """The report of one import or dry run."""

    @allow(*REGISTERS)
    @blp.operation(
        "downloadImportReport", "下载导入报告", "未导入的行，逐格注明原因；改正后可直接再导入。"
    )
    @blp.response(
        200,
        {"type": "string", "format": "binary"},
        content_type=downloads.XLSX,
        description="工作簿（.xlsx）。",
    )
    @blp.alt_response(304, description="与 If-None-Match 所列一致，不再发送。")
    def get(self, import_id: UUID) -> Response:
        """Download the report on the rejected rows."""
        path = reads.import_report(backend().settings.data_dir, import_id)
        return downloads.attachment(path.read_bytes(), downloads.XLSX, path.name)


def _imported(
    verb: Callable[..., ImportReport], uploaded: FileStorage, dry_run: bool
) -> ImportReport:
    with _alone(), _on_disk(uploaded) as path, begin() as work:
        return verb(work, path, dry_run=dry_run)


@contextmanager
def _alone() -> Iterator[None]:
    """
    Let one import at a time into this process.

    Raises:
        ImportUnderWay: There is one.
    """
    if not _one.acquire(blocking=False):
        raise ImportUnderWay
    try:
        yield
    finally:
        _one.release()


@contextmanager
def _on_disk(uploaded: FileStorage) -> Iterator[Path]:
    """Keep the whole file for as long as it is read; the database is not held while it arrives."""
    folder = backend().settings.data_dir / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="import-", dir=folder) as own:
        path = Path(own) / _plain_name(uploaded.filename or "")
        uploaded.save(path)
        yield path


def _plain_name(given: str) -> str:
    """Return the last part of a client's file name, without what no disk takes."""
    last = given.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if char.isprintable())[-LONGEST_NAME:].strip(". ")
    return kept or UNNAMED
