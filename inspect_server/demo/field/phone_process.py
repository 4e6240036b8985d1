"""
One phone in a process of its own: commands on stdin, one JSON object a line; answers on stdout.

`python -m inspect_server.demo.field.phone_process FILE LABEL`

An answer `{"ok": true, "result": …, "entry": …}` to a save is written only after the save is
durable; `entry` is the hash of the phone's newest entry. Between `begin_page` and `end_page`
nothing is saved and no `entry` is named: a page is one entry, saved at its end. `at` sets the
phone's clock; it runs on from there.
"""

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from inspect_server.demo.field import handwriting, photos
from sync import entries
from sync.errors import SyncError
from sync.phone import Phone, PhoneError, SyncReport, SystemPhoneClock

SAVES = (
    "start_visit", "answer", "retract_answer", "add_finding", "amend_finding", "participant",
    "note", "declare_gap", "complete", "resolve",
)  # fmt: skip
"""Methods of `sync.phone.Phone` that may be called by name."""
TIMEOUT_SECONDS = 30
BACKOFF = (0.2, 0.5, 1.0, 2.0, 4.0)


class SetClock(SystemPhoneClock):
    """The phone's clock: set by hand, and running on from there."""

    def __init__(self) -> None:
        super().__init__()
        self._moved = timedelta()

    def set(self, moment: datetime) -> None:
        """Let it be that moment now."""
        self._moved = moment - super().wall()

    def wall(self) -> datetime:
        """Return the wall clock."""
        return super().wall() + self._moved


class PhoneProcess:
    """Carries out commands on one phone."""

    def __init__(self, path: Path, label: str) -> None:
        self._clock = SetClock()
        self._phone = Phone(path, self._clock, label)
        self._page: ExitStack | None = None
        self._reading: Mapping[str, Callable[..., Any]] = {
            "begin_page": self._begin_page,
            "enrol": self._enrol,
            "sync": self._sync,
            "documents": self._phone.documents,
            "conflicts": self._conflicts,
            "own_entries": self._own_entries,
            "photo_bytes": self._photo_bytes,
            "receipts": self._receipts,
            "export": self._export,
            "take_in": self._take_in,
        }
        self._saving: Mapping[str, Callable[..., Any]] = {
            "end_page": self._end_page,
            "photograph": self._photograph,
            "sign": self._sign,
            **{name: getattr(self._phone, name) for name in SAVES},
        }

    def answer(self, line: str) -> dict[str, Any]:
        """Carry out one command."""
        command = json.loads(line)
        name = command.pop("do")
        if at := command.pop("at", ""):
            self._clock.set(datetime.fromisoformat(at))
        try:
            if name in self._reading:
                return {"ok": True, "result": self._reading[name](**command)}
            reply = {"ok": True, "result": self._saving[name](**command)}
            return reply if self._page else {**reply, "entry": self._own_entries()[-1]}
        except (PhoneError, SyncError) as error:
            return {"ok": False, "code": error.code, "message": str(error)}

    def _begin_page(self, task: str) -> None:
        page = ExitStack()
        page.enter_context(self._phone.together(task))
        self._page = page

    def _end_page(self) -> None:
        page, self._page = self._page, None
        assert page is not None
        page.close()

    def _enrol(self, server: str, login: str, password: str) -> dict[str, str]:
        with _client(server) as client:
            reply = self._phone.enrol(client, login, password)
        return {
            "user": reply.user_id,
            "name": reply.user_name,
            "officer": reply.officer_id,
            "replica": reply.replica_id,
        }

    def _sync(self, server: str) -> dict[str, Any]:
        with _client(server) as client:
            report: SyncReport = self._phone.sync(client, backoff=BACKOFF)
        return asdict(report)

    def _conflicts(self, task: str) -> list[dict[str, Any]]:
        items = self._phone.record(task).items.values()
        return [
            {"item": item.id, "values": [head.plain() for head in item.heads]}
            for item in items
            if item.conflict
        ]

    def _own_entries(self) -> list[str]:
        return [row.hash for row in self._phone.entries() if row.replica == self._phone.replica]

    def _photo_bytes(self) -> list[int]:
        """Return the sizes of the photos taken with this phone, in their order."""
        return [
            json.loads(bytes(op.value))["size"]
            for row in self._phone.entries()
            if row.replica == self._phone.replica
            for op in entries.parse(row.content).ops
            if op.type == "photo.add"
        ]

    def _receipts(self) -> int:
        return len(self._phone.verified_receipts())

    def _export(self, task: str, file: str) -> int:
        return Path(file).write_bytes(self._phone.export_entries(task))

    def _take_in(self, file: str) -> int:
        return self._phone.take_in(Path(file).read_bytes())

    def _photograph(
        self, task: str, scene: str, place: str, *, large: bool = False, **values: str
    ) -> str:
        now = self._clock.wall()
        seed = f"{self._phone.replica}/{now.isoformat()}"
        content = photos.take(scene, seed, now, place, large=large)
        return self._phone.add_photo(task, content, **values)

    def _sign(self, task: str, signer: str, name: str, **values: Any) -> str:
        refused = bool(values.get("refused"))
        lines = [] if refused else handwriting.strokes(name, f"{signer}/{task}")
        return self._phone.sign(task, signer, name, lines, **values)


def _client(server: str) -> httpx.Client:
    return httpx.Client(base_url=server, timeout=TIMEOUT_SECONDS, trust_env=False)


def main() -> None:
    """Answer every line until stdin ends."""
    process = PhoneProcess(Path(sys.argv[1]), sys.argv[2])
    for line in sys.stdin:
        sys.stdout.write(json.dumps(process.answer(line), ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
