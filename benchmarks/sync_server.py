"""A real server for the benchmarks of sync: `inspect-server serve`, as an office starts it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server: gunicorn's master and its worker."""

    pid: int
    host: str
    port: int

    def cpu_seconds(self) -> float:
        """Return the processor time that its processes took, user and system."""
        fields = [_after_name(Path(f"/proc/{pid}/stat")) for pid in self._processes()]
        return sum(int(one[11]) + int(one[12]) for one in fields) / TICKS

    def cpu_since(self, before: float) -> float:
        """Return the seconds since an earlier reading: a tick at least, the kernel's smallest."""
        return max(self.cpu_seconds() - before, 1 / TICKS)

    def peak_mb(self) -> float:
        """Return the peaks of resident memory of master and worker, added: shared pages twice."""
        kilobytes = 0
        for pid in self._processes():
            found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
            kilobytes += int(found[1]) if found else 0
        return kilobytes / 1024

    def _processes(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]


def _after_name(stat: Path) -> list[str]:
    return stat.read_text().rpartition(")")[2].split()


@contextmanager
def serving(data: Path, *program: str) -> Iterator[Server]:
    """
    Serve a prepared data folder until the block ends, with SQLite as an office has it.

    Args:
        data: The folder.
        program: The module that serves, with words of its own before the command.
    """
    module = program or ("inspect_server",)
    own = {key: value for key, value in os.environ.items() if not key.startswith("INSPECT_")}
    process = subprocess.Popen(
        [sys.executable, "-m", *module, "serve", "--port", "0"],
        env={**own, "INSPECT_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)},
        cwd=data,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"http://([\d.]+):(\d+)", line)
        if found is None:
            raise SystemExit(f"the server did not start: {line}")
        yield Server(process.pid, found[1], int(found[2]))
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
