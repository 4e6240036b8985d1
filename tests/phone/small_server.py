"""
`inspect-server` as it is, with the tests' small checklist, in processes that need load nothing.

Each is forked from one process that has loaded the program, which takes a tenth of a start; it
leads a group of its own, so that what is killed by -9 is this run and nothing else.
"""

import os
import signal
import sys
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import inspect_server.cli.drills.loaded  # noqa: F401  # here, so that no run does it
from forms import load
from inspect_server.cli.drills import shifted
from inspect_server.phone import STATIC, register_phone
from tests.faces.tus.mortal_server import die_after
from tests.usecases.bureau import LIBRARY

_WARM = get_context("forkserver")
_WARM.set_forkserver_preload(["pytest", __name__])
PATIENCE = 120


@dataclass(frozen=True)
class Program:
    """What is run, over which data folder."""

    folder: Path
    words: tuple[str, ...]
    shift: float = 0
    """Seconds that its clock is beside the machine's."""
    bundle: Path = STATIC
    """Where the phone app lies."""
    dies_after: int = 0
    """Once it read so many bytes of uploads it kills itself with -9; 0: it goes on."""


class Run:
    """A program under way."""

    def __init__(self, program: Program) -> None:
        reader, writer = _WARM.Pipe(duplex=False)
        surroundings = os.environ | {"INSPECT_DATA_DIR": str(program.folder)}
        self._process = _WARM.Process(target=_run, args=(program, surroundings, writer))
        self._process.start()
        writer.close()
        # A program may be killed within a character.
        self._said = os.fdopen(os.dup(reader.fileno()), encoding="utf-8", errors="replace")
        reader.close()

    def line(self) -> str:
        """Return the next line that it says; "" if it ended."""
        return self._said.readline()

    def ended(self) -> int:
        """Wait for the end; return the exit code, or the signal below zero."""
        self._process.join(PATIENCE)
        assert self._process.exitcode is not None
        return self._process.exitcode

    def rest(self) -> str:
        """Return all that it says until its end."""
        return self._said.read()

    def kill(self) -> None:
        """End it by -9, with all that it started; nothing of it holds its port any more then."""
        try:
            if self._process.exitcode is None:
                self._end()
            self._process.join()
            self._said.read()  # its end: also the last worker, which nobody joins, has let go
        finally:
            self._said.close()

    def _end(self) -> None:
        assert self._process.pid is not None
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:  # it has just ended, or leads no group yet
            self._process.kill()


def run_to_its_end(program: Program) -> str:
    """Run a command to its end; return what it says."""
    run = Run(program)
    try:
        said = run.rest()
        assert run.ended() == 0, said
    finally:
        run.kill()  # also what failed, or was still at work, leaves no pipe and no process behind
    return said


def _run(program: Program, surroundings: dict[str, str], says: Connection) -> None:
    os.setsid()
    os.dup2(says.fileno(), sys.stdout.fileno())
    if program.words[0] != "serve":  # what a server complains of belongs to the tests' own output
        os.dup2(says.fileno(), sys.stderr.fileno())
    says.close()
    os.environ.clear()
    os.environ.update(surroundings)
    load.packaged = lambda: LIBRARY
    register_phone.__defaults__ = (program.bundle,)
    if program.dies_after:
        die_after(program.dies_after)
    sys.argv = ["inspect-server", str(program.shift), *program.words]
    shifted.main()
