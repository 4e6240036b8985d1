"""`python -m inspect_server` and the `inspect-server` command."""

import signal
import sys
from types import FrameType
from typing import NoReturn


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGTERM, _end)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal of another encoding shows a mark for what it lacks; the work goes on.
            stream.reconfigure(errors="replace")
    try:
        from inspect_server.cli import root

        root.main(prog_name="inspect-server")
    except KeyboardInterrupt:  # outside of a command, which says this by itself
        sys.stderr.write("已中止，未完成的操作没有写入数据库。\n")
        sys.exit(128 + signal.SIGINT)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """End as on Ctrl+C, so that temporary files, which hold registry rows, go too."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
