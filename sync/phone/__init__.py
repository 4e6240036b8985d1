"""A complete headless phone on one SQLite file: for tests, load and integrators (docs/sync.md)."""

from sync.phone.capture import Phone
from sync.phone.clock import PhoneClock, SystemPhoneClock
from sync.phone.errors import PhoneError
from sync.phone.network.syncing import SyncReport

__all__ = ["Phone", "PhoneClock", "PhoneError", "SyncReport", "SystemPhoneClock"]
