"""What faces.toml says of the files beside it, and noting what they hash to; for developers."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TABLE = HERE / "faces.toml"


def table() -> Mapping[str, Mapping[str, Any]]:
    """Return the sources and faces of faces.toml, each by name."""
    return tomllib.loads(TABLE.read_text("utf-8"))


def path_of(row: Mapping[str, Any], form: str) -> Path:
    """Return where a face lies in one of its two forms, woff2 or glyphs."""
    return HERE / f"{row['file']}.{form}"


def keep(name: str, form: str, content: bytes) -> None:
    """Write a face in one of its forms, and size and SHA-256 into faces.toml."""
    path_of(table()["face"][name], form).write_bytes(content)
    head, section, rest = TABLE.read_text("utf-8").partition(f"[face.{name}]\n")
    body, mark, tail = rest.partition("\n[")
    sha256 = hashlib.sha256(content).hexdigest()
    entry = f'{form} = {{ size = {len(content)}, sha256 = "{sha256}" }}'
    body = re.sub(rf"(?m)^{form} = .*$", entry, body)
    TABLE.write_text(head + section + body + mark + tail, "utf-8")
