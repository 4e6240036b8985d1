"""
A look at an untrusted file in a process of its own.

Whatever a file does to the libraries that read it (memory, time, a crash), it does to that process,
and the answer is still one sentence.
"""

import errno
import hashlib
import json
import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from inspect_server.gateways.pdf_verifying.findings import (
    Findings,
    Unreadable,
    from_plain,
    to_plain,
)

SECONDS = 60
MEMORY = 2_000_000_000
LONGEST_ANSWER = 64_000_000


def examine(path: Path, roots: Sequence[x509.Certificate], now: datetime | None = None) -> Findings:
    """
    Return what a file says and what holds of it.

    Args:
        path: The file.
        roots: Certificates that the reader trusts.
        now: None for the machine's time.

    Raises:
        OSError: The file cannot be read.
    """
    if not path.is_dir() and not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(path))  # it might never end
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    length = path.stat().st_size
    trusted = b"".join(one.public_bytes(Encoding.PEM) for one in roots)
    asked = (now or datetime.now(UTC)).isoformat()
    answer = _seen_apart(path, trusted, asked)
    if answer is None:
        return Findings(length, sha256, Unreadable.TOO_COSTLY)
    return from_plain(json.loads(answer))


def _seen_apart(path: Path, trusted: bytes, asked: str) -> bytes | None:
    """Return what `_seen` says, from a process of its own; None if that ended badly."""
    try:
        done = subprocess.run(
            # -P: the folder that a file lies in, often the current one, may hold modules, too.
            [sys.executable, "-P", "-m", __name__, str(path.absolute()), asked],
            input=trusted,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0 or len(done.stdout) > LONGEST_ANSWER:
        return None
    return done.stdout


def _seen(path: Path, trusted: bytes, asked: str) -> bytes:
    """Look at a file; return the findings as JSON."""
    from inspect_server.gateways.pdf_verifying.reading import LARGEST, look

    roots = x509.load_pem_x509_certificates(trusted) if trusted else []
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    return json.dumps(to_plain(look(content, roots, datetime.fromisoformat(asked)))).encode()


def _limit() -> None:
    import resource  # there is none on Windows, and no server either

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _child() -> None:
    _limit()
    trusted = sys.stdin.buffer.read()
    sys.stdout.buffer.write(_seen(Path(sys.argv[1]), trusted, sys.argv[2]))


if __name__ == "__main__":
    _child()
