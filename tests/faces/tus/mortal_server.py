"""A server that kills itself with -9, master and worker, in the middle of an upload."""

import os
import signal

from inspect_server.gateways import uploads

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
