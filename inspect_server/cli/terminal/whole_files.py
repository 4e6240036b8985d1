"""Files that a command makes: each appears under its name when it is whole, or not at all."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

NEW = 0o666
"""The rights of a new file; the user's umask takes some away."""


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """
    Yield a file to write, which stands at the path once it is written to the end and on the disk.

    Until then what stood there stays; if anything goes wrong, nothing else stays. A file that is
    there keeps its rights, and a link goes on leading to it. Devices and pipes are left alone.

    Raises:
        OSError: Rights, space, or something else in its place.
    """
    target = Path(os.path.realpath(path))
    mode = _mode(target)
    part = target.with_name(f".inspect-{secrets.token_hex(8)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, NEW)
    try:
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                os.fchmod(handle, mode)
            yield file
            file.flush()
            os.fsync(handle)  # some disks only now say that they are full
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _mode(path: Path) -> int | None:
    """Return the rights of the file that is there, None where there is none."""
    try:
        found = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(path))
    return stat.S_IMODE(found)


def is_same_file(one: Path, other: Path) -> bool:
    """Return whether both paths lead to one file that is there."""
    try:
        return one.samefile(other)
    except OSError:
        return False
