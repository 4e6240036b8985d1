"""
Programs in processes of their own, none of which need load itself.

Each is forked from one process that has loaded what they share: of a command's second and a half
that leaves a tenth. Killed, it ends alone, as any process does.
"""

import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing import connection, get_context
from multiprocessing.reduction import DupFd
from typing import IO, Any

COMMANDS = "inspect_server.cli.drills.shifted"
PHONE = "inspect_server.demo.field.phone_process"
_LOADED = ("inspect_server.cli.drills.loaded", COMMANDS, PHONE)
_FORKING = get_context("forkserver")
_ONE_AT_A_TIME = threading.Lock()
"""Whoever starts a process also asks which of the others ended, and two must not ask at once."""


def load_once() -> None:
    """Before the first is started: let the process that is forked have loaded them all."""
    _FORKING.set_forkserver_preload(list(_LOADED))


class Forked:
    """
    One program under way.

    Args:
        program: The module whose `main` it is.
        words: Its arguments.
        environment: All that it shall find there.
        streams: Its stdin, stdout and stderr; the caller's own are left to the caller.
    """

    def __init__(
        self,
        program: str,
        words: Sequence[str],
        environment: Mapping[str, str],
        streams: tuple[IO[Any], IO[Any], IO[Any]],
    ) -> None:
        with _ONE_AT_A_TIME:
            # What a file's number becomes is only known while its process is being started.
            self._process = _FORKING.Process(
                target=_run, args=(program, tuple(words), dict(environment), _Streams(streams))
            )
            self._process.start()

    def wait(self, seconds: float) -> int:
        """
        Wait for the end; return the exit code, or the signal below zero.

        Raises:
            TimeoutError: It goes on.
        """
        if not connection.wait([self._process.sentinel], seconds):
            raise TimeoutError
        with _ONE_AT_A_TIME:
            self._process.join()
        code = self._process.exitcode
        assert code is not None
        return code

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens to one that has ended."""
        assert self._process.pid is not None
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, number)


class _Streams:
    """Three open files on their way into another process."""

    def __init__(self, files: Sequence[IO[Any]]) -> None:
        self._files = files

    def __reduce__(self) -> Any:
        return _arrived, tuple(DupFd(file.fileno()) for file in self._files)


def _arrived(*duplicates: Any) -> tuple[int, ...]:
    return tuple(duplicate.detach() for duplicate in duplicates)


def _run(
    program: str, words: Sequence[str], environment: Mapping[str, str], streams: Sequence[int]
) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [program, *words]
    import_module(program).main()
