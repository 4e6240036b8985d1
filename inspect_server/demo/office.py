"""The office's side: commands and the server, each the ordinary program in its own process."""

import os
import queue
import re
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from inspect_server.config import PREFIX
from inspect_server.demo import forked
from inspect_server.demo.folder import Folder
from inspect_server.demo.season import shift_to
from inspect_server.domain.errors import InspectError

DESKS = 2
"""Commands at a time: the demo is made for two cores."""
COMMAND_SECONDS, START_SECONDS, STOP_SECONDS = 240, 60, 60
_ADDRESS = re.compile(r"http://\S+:\d+")


class StepFailed(InspectError):
    """A command of the demo ended otherwise than it should."""

    code, kind = "demo.step_failed", "broken"
    message = "演示在“{command}”这一步未如预期（{said}），请把以上输出交给维护人员。"


@dataclass(frozen=True)
class Office:
    """Gives commands on the demo's data, each at its moment of the season."""

    folder: Folder

    def run(self, *words: str, at: datetime, typed: str = "") -> str:
        """
        Run a command and return what it printed.

        Args:
            words: The command line behind `inspect-server`.
            at: The moment of the season at which the command begins.
            typed: What is typed into it.

        Raises:
            StepFailed: It did not succeed.
        """
        done = self._run(words, at, typed)
        if done.code != 0:
            raise StepFailed(command=_line(words), said=(done.errors or done.said).strip())
        return done.said

    def run_together(self, *commands: Sequence[str], at: datetime, typed: str = "") -> list[str]:
        """
        Run commands that do not wait for each other, as people at several desks do.

        Raises:
            StepFailed: As `run`.
        """
        with ThreadPoolExecutor(DESKS) as desks:
            running = [desks.submit(self.run, *words, at=at, typed=typed) for words in commands]
            return [one.result() for one in running]

    def refused(self, *words: str, at: datetime, typed: str = "") -> list[str]:
        """
        Run a command that must be refused and return what it says, the reasons first.

        Raises:
            StepFailed: It was not refused, or not in one sentence.
        """
        done = self._run(words, at, typed)
        said = done.errors.strip()
        if done.code == 0:
            raise StepFailed(command=_line(words), said="没有被拒绝")
        if done.code != 1 or not said or "Traceback" in said:
            raise StepFailed(command=_line(words), said=said or "没有说明原因")
        return [line.strip() for line in said.splitlines()]

    def serve(self, at: datetime) -> "Server":
        """Start the server on a free port and return once it listens."""
        reading, writing = os.pipe()
        with open(writing, "wb") as says, open(os.devnull, "rb") as nothing:
            process = self._started(("serve", "--port", "0"), at, (nothing, says, says))
        lines: queue.Queue[str] = queue.Queue()
        said = open(reading, encoding="utf-8")  # noqa: SIM115  # its reader closes it
        reader = threading.Thread(target=_read, args=(said, lines), daemon=True)
        reader.start()
        return Server(process, _announced(process, lines), reader)

    def _run(self, words: tuple[str, ...], at: datetime, typed: str) -> "_Done":
        with TemporaryFile() as types, TemporaryFile() as says, TemporaryFile() as complains:
            types.write(typed.encode())
            types.seek(0)
            process = self._started(words, at, (types, says, complains))
            try:
                code = process.wait(COMMAND_SECONDS)
            except TimeoutError:
                process.send(signal.SIGKILL)
                raise StepFailed(command=_line(words), said="没有在规定时间内结束") from None
            return _Done(code, _written(says), _written(complains))

    def _started(
        self, words: Sequence[str], at: datetime, streams: tuple[IO[bytes], IO[bytes], IO[bytes]]
    ) -> forked.Forked:
        shifted = (str(shift_to(at).total_seconds()), *words)
        return forked.Forked(forked.COMMANDS, shifted, self.environment(), streams)

    def environment(self) -> dict[str, str]:
        """Return this process's environment with the demo's settings in place of any others."""
        inherited = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
        config = self.folder.root / "inspect-server.toml"
        return inherited | {
            "PYTHONIOENCODING": "utf-8",
            f"{PREFIX}CONFIG": str(config),
            f"{PREFIX}DATA_DIR": str(self.folder.data),
        }


@dataclass(frozen=True)
class _Done:
    """A command that ended."""

    code: int
    said: str
    errors: str


@dataclass
class Server:
    """A running server."""

    process: forked.Forked
    address: str
    reader: threading.Thread

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self.address.rpartition(":")[2])

    def stop(self) -> None:
        """Ask it to end, as an init system does, and wait until it has."""
        self.process.send(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except TimeoutError:
            self.process.send(signal.SIGKILL)
            raise StepFailed(command="serve", said="收到停止信号后没有结束") from None
        finally:
            self.reader.join()


def _announced(process: forked.Forked, lines: "queue.Queue[str]") -> str:
    """Return the address once the server says it."""
    said: list[str] = []
    try:
        while True:
            said.append(lines.get(timeout=START_SECONDS))
            if found := _ADDRESS.search(said[-1]):
                return found[0]
            if not said[-1]:
                break
    except queue.Empty:
        pass
    process.send(signal.SIGKILL)
    raise StepFailed(command="serve", said="".join(said).strip() or "没有报出地址")


def _read(said: IO[str], lines: "queue.Queue[str]") -> None:
    """Take in everything that the server prints, so that it never blocks on a full pipe."""
    with said:
        for line in said:
            lines.put(line)
    lines.put("")


def _written(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _line(words: tuple[str, ...]) -> str:
    return " ".join(("inspect-server", *words))
