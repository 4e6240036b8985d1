"""The phone's three clocks: wall, monotonic, and which boot the monotonic one belongs to."""

import time
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4
from zoneinfo import ZoneInfo

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class PhoneClock(Protocol):
    """Where the phone's times come from; tests hand in their own."""

    tz: str  # IANA name
    boot: str

    def wall(self) -> datetime:
        """Return the wall clock, aware, with the local offset."""

    def mono_ms(self) -> int:
        """Return milliseconds of the monotonic clock."""


class SystemPhoneClock:
    """The machine's clocks."""

    def __init__(self, tz: str = "Asia/Shanghai") -> None:
        self.tz = tz
        self.boot = _boot_id()
        self._zone = ZoneInfo(tz)

    def wall(self) -> datetime:
        """Return the wall clock, aware, with the local offset."""
        return datetime.now(self._zone)

    def mono_ms(self) -> int:
        """Return milliseconds of the monotonic clock."""
        return time.monotonic_ns() // 1_000_000


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text().strip()[:64] or str(uuid4())
    except OSError:
        return str(uuid4())
