"""The files of a published draw: their names, read strictly, written whole or not at all."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from inspect_server.domain.errors import BadInput, InspectError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
CERTIFICATE, POOL, EXCLUDED = "certificate.json", "pool.txt", "excluded.txt"
ELIGIBILITY, OPENINGS, KEYS = "eligibility.txt", "openings.json", "keys.json"
WITNESS_KEYS = "witness-keys.json"
"""The names under which `export` and `compute` write, and `verify` looks in a folder."""


class OutputExists(InspectError):
    """A folder holds another draw's files; a certificate is never replaced by a new one."""

    code, kind = "draw.output_exists", "conflict"
    message = (
        "{folder} 中已有内容不同的 {names}，没有写入任何文件，"
        "请用 --out 另指定一个目录，或者先把原有文件移走。"
    )


def text_of(path: Path) -> str:
    """
    Return a file's text, line ends as they are.

    Raises:
        BadInput: It is not UTF-8.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError:
        raise BadInput(field=path.name, reason="不是 UTF-8 编码") from None


def lines_of(path: Path) -> list[str]:
    """
    Return a file's lines without their ends.

    Raises:
        BadInput: It is not UTF-8, or its last line has no end.
    """
    text = text_of(path)
    if text and not text.endswith("\n"):
        raise BadInput(field=path.name, reason="最后一行没有换行，文件可能不完整")
    return text.split("\n")[:-1]


def joined(lines: tuple[str, ...]) -> str:
    """Return lines as a file holds them, each with its end."""
    return "".join(f"{line}\n" for line in lines)


def write_once(folder: Path, files: Mapping[str, str]) -> None:
    """
    Write files into a folder where none of them is yet, or has the same content.

    Raises:
        OutputExists: One is there with other content; nothing was written.
    """
    other = [name for name, text in files.items() if _differs(folder / name, text)]
    if other:
        raise OutputExists(folder=folder, names="、".join(other))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        write(folder / name, text)


def _differs(path: Path, text: str) -> bool:
    return path.exists() and (not path.is_file() or path.read_bytes() != text.encode())


def write(path: Path, text: str) -> None:
    """Write a file under another name first, so that nobody ever sees half of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
