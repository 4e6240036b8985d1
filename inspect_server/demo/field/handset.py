"""A phone in another process, as the demo holds it in its hand."""

import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from inspect_server.demo import forked
from inspect_server.domain.errors import InspectError

CONFIRMED = ".confirmed"
STOP_SECONDS = 30


class PhoneFailed(InspectError):
    """A phone said no, or said nothing."""

    code, kind = "demo.phone_failed", "broken"
    message = "演示中手机 {phone} 在“{step}”时失败（{said}），请把以上输出交给维护人员。"


class SaveLost(InspectError):
    """A phone confirmed a save and does not have it any more. This must never happen."""

    code, kind = "demo.save_lost", "broken"
    message = "手机 {phone} 已确认的 {count} 条保存在重新启动后不见了，请立即停止使用并报告。"


@dataclass
class Handset:
    """
    One officer's phone. It belongs to one thread at a time.

    Every save that the phone confirmed is noted in a file beside the phone's own, before the next
    command is given: what stands there was confirmed, whatever happens to the phone.
    """

    login: str
    file: Path
    user: str = ""
    name: str = ""
    confirmed: list[str] = field(default_factory=list)
    _running: "_Running | None" = None

    def switch_on(self) -> None:
        """Start the phone on its file."""
        self._running = _Running(self.file, f"执法终端 {self.login}")

    def switch_off(self) -> None:
        """Let it come to its end."""
        running, self._running = self._running, None
        if running is not None:
            running.end()

    def kill_during(self, step: str, /, **values: Any) -> int:
        """
        Pull the battery (SIGKILL) just after a command went out; return the end's signal number.

        Whether that last save happened nobody knows, and nobody was told that it did.
        """
        running, self._running = self._running, None
        assert running is not None
        return running.kill_at(_line(step, values))

    def check_kept(self) -> int:
        """
        Return how many own saves the phone holds; every confirmed one must be among them.

        Raises:
            SaveLost: One is missing.
        """
        held = self.ask("own_entries")
        if missing := set(self.confirmed) - set(held):
            raise SaveLost(phone=self.login, count=len(missing))
        return len(held)

    def enrol(self, server: str, password: str, at: datetime) -> None:
        """Log in and make the phone known."""
        known = self.ask("enrol", at=at, server=server, login=self.login, password=password)
        self.user, self.name = known["user"], known["name"]

    def sync(self, server: str, at: datetime) -> Mapping[str, Any]:
        """
        Sync until everything is delivered and fetched.

        Raises:
            PhoneFailed: It did not come to 同步完成.
        """
        report: Mapping[str, Any] = self.ask("sync", at=at, server=server)
        if not report["complete"]:
            said = "、".join(report["problems"]) or "没有完成"
            raise PhoneFailed(phone=self.login, step="同步", said=said)
        return report

    def ask(self, step: str, /, at: datetime | None = None, **values: Any) -> Any:
        """
        Give a command and return its result.

        Args:
            step: What the phone shall do.
            at: The moment that its clock then shows.
            values: The command's values.

        Raises:
            PhoneFailed: It answered with an error, or died.
        """
        if at is not None:
            values["at"] = at.isoformat()
        assert self._running is not None
        line = self._running.answer(_line(step, values))
        if not line:
            raise PhoneFailed(phone=self.login, step=step, said="进程已退出")
        reply = json.loads(line)
        if not reply["ok"]:
            raise PhoneFailed(phone=self.login, step=step, said=reply["message"])
        if "entry" in reply:
            self._note(reply["entry"])
        return reply["result"]

    def _note(self, entry: str) -> None:
        self.confirmed.append(entry)
        with self.file.with_suffix(CONFIRMED).open("a", encoding="ascii") as file:
            file.write(entry + "\n")


class _Running:
    """The phone's process, and what it hears and says."""

    def __init__(self, file: Path, label: str) -> None:
        hears, typing = os.pipe()
        listening, says = os.pipe()
        self._typing = open(typing, "w", encoding="utf-8")  # noqa: SIM115  # both until the end
        self._listening = open(listening, encoding="utf-8")  # noqa: SIM115
        with (
            open(hears, "rb") as stdin,
            open(says, "wb") as stdout,
            open(2, "wb", closefd=False) as errors,
        ):
            words = (str(file), label)
            self._process = forked.Forked(forked.PHONE, words, os.environ, (stdin, stdout, errors))

    def answer(self, line: str) -> str:
        """Give a command; return the line that it answers, "" if it has ended."""
        self._say(line)
        return self._listening.readline()

    def end(self) -> None:
        """Let nothing more come, and wait until it has ended."""
        self._typing.close()
        self._left()

    def kill_at(self, line: str) -> int:
        """Give a command and kill it (-9); return the signal by which it ended."""
        self._say(line)
        self._process.send(signal.SIGKILL)
        self._typing.close()
        return -self._left()

    def _say(self, line: str) -> None:
        self._typing.write(line)
        self._typing.flush()

    def _left(self) -> int:
        try:
            return self._process.wait(STOP_SECONDS)
        except TimeoutError:
            self._process.send(signal.SIGKILL)
            return self._process.wait(STOP_SECONDS)
        finally:
            self._listening.close()


def confirmed_in(folder: Path) -> dict[str, list[str]]:
    """Return what every phone of a folder confirmed: login -> entry hashes."""
    return {
        path.stem: path.read_text("ascii").split() for path in sorted(folder.glob(f"*{CONFIRMED}"))
    }


def _line(step: str, values: Mapping[str, Any]) -> str:
    return json.dumps({"do": step, **values}, ensure_ascii=False) + "\n"
