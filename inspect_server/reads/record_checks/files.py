"""The files that the record speaks of: imported tables under their hash, and what was imported."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.store.models.registry import RegistryImport


def import_faults(session: Session, folder: Path) -> Iterator[str]:
    """Yield which imported files are damaged or gone; each is called by the hash of its bytes."""
    kept = {}
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        if not path.is_file() or path.name.startswith("."):
            continue
        name = path.name.partition(".")[0]
        kept[name] = path
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != name:
                yield f"导入的原始文件 {path.name}：内容已被改动，请从备份恢复"
    for sha256 in session.scalars(select(RegistryImport.file_sha256).distinct()):
        if sha256 not in kept:
            yield f"导入的原始文件 {sha256}：已缺失，请从备份恢复"
