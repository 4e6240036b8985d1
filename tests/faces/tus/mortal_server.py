"""
The real server that kills itself with -9, master and worker, in the middle of an upload.

`python -m tests.faces.tus.mortal_server DATA_DIR PORT BYTES` serves until so many bytes of uploads
were read (0: it goes on); it must be the leader of its process group.
"""

import os
import signal
import sys
from pathlib import Path

from inspect_server.app import create_app, make_ready_backend
from inspect_server.config import Settings
from inspect_server.gateways import uploads
from inspect_server.web.serving import serve

THREADS = 8
BLOCK = 512 * 1024
"""Half a chunk, so that it can die in the middle of one."""


def die_after(size: int) -> None:
    """Kill this process group once so many bytes of uploads were read and written."""
    real, read = uploads._read, 0

    def counting(body: uploads.Readable, wanted: int) -> bytes:
        nonlocal read
        if read >= size:
            os.killpg(os.getpgrp(), signal.SIGKILL)
        block = real(body, wanted)
        read += len(block)
        return block

    uploads._read, uploads.BLOCK = counting, BLOCK


def main(folder: str, port: str, size: str) -> None:
    app = create_app(make_ready_backend(Settings(data_dir=Path(folder))))
    if int(size):
        die_after(int(size))
    serve(app, "127.0.0.1", int(port), THREADS, announce=_announce)


def _announce(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
