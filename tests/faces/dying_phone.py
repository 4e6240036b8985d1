"""
A phone that dies with -9 at one labelled step.

    python -m tests.faces.dying_phone FILE ADDRESS LABEL

What it is doing then follows from the label. It runs to its end only if the step
never came.
"""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from sync.phone import Phone
from sync.phone.local import LocalStore
from sync.phone.network import enrolment
from sync.phone.network.pulling import Pulling
from sync.phone.network.syncing import Syncing
from sync.phone.network.uploading import Uploading
from sync.phone.network.wire import Wire
from sync.phone.view import View

TASK = "0198aaaa-0000-4000-8000-000000000001"
LOGIN = "lead"
PARTNER_FILE = "partner.gz"


@dataclass(frozen=True)
class Step:
    """Where to die: before or after the n-th call of a function, during what."""

    doing: str  # sync, enrol, take_in, together
    owner: Any
    name: str
    after: bool = False
    nth: int = 1


STEPS = {
    "state: read, not noted": Step("sync", Syncing, "_adopt"),
    "state: noted, not committed": Step("sync", LocalStore, "put", after=True),
    "push: acknowledged, not noted": Step("sync", Syncing, "_note"),
    "push: noted, not committed": Step("sync", LocalStore, "acknowledge", after=True),
    "push: one batch of three noted": Step("sync", Syncing, "_note", after=True),
    "upload: begun, address not noted": Step("sync", LocalStore, "set_upload"),
    "upload: address noted": Step("sync", LocalStore, "set_upload", after=True),
    "upload: a chunk sent": Step("sync", Uploading, "_patch", after=True),
    "upload: finished": Step("sync", Syncing, "_upload", after=True),
    "receipt: got, not stored": Step("sync", LocalStore, "add_receipt"),
    "receipt: stored": Step("sync", LocalStore, "add_receipt", after=True),
    "pull: a page staged, not committed": Step("sync", LocalStore, "stage", after=True),
    "pull: one page of several staged": Step("sync", Pulling, "_page", nth=2),
    "pull: all staged, nothing in view": Step("sync", LocalStore, "flip"),
    "pull: in view, not committed": Step("sync", LocalStore, "versions", after=True),
    "pull: in view": Step("sync", Pulling, "_flip", after=True),
    "sync: done, not shown": Step("sync", View, "reload", nth=2),
    "enrol: answered, not noted": Step("enrol", enrolment, "_pin"),
    "enrol: noted, not committed": Step("enrol", LocalStore, "put", after=True),
    "enrol: new key made, not asked": Step("enrol", Wire, "get"),
    "take in: keys noted, no entry": Step("take_in", LocalStore, "add_partner"),
    "take in: one entry of two": Step("take_in", LocalStore, "add_partner", after=True),
    "take in: all, not shown": Step("take_in", View, "reload", nth=2),
    "together: photo in, no entry": Step("together", LocalStore, "add_own"),
    "together: entry in, not committed": Step("together", LocalStore, "add_own", after=True),
}


def arm(step: Step) -> None:
    """Let the process die at the step."""
    whole: Callable[..., Any] = getattr(step.owner, step.name)
    calls = 0

    def dying(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == step.nth and not step.after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = whole(*args, **named)
        if calls == step.nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(step.owner, step.name, dying)


def main(path: Path, address: str, label: str) -> None:
    """Do what the label is about; one entry a push and one document a page, so that steps come."""
    step = STEPS[label]
    arm(step)
    phone = Phone(path)
    with httpx.Client(base_url=address) as client:
        if step.doing == "sync":
            phone.sync(client, backoff=())
        elif step.doing == "enrol":
            phone.enrol(client, LOGIN, LOGIN)
        elif step.doing == "take_in":
            phone.take_in((path.parent / PARTNER_FILE).read_bytes())
        else:
            with phone.together(TASK):
                phone.answer(TASK, "answer/dust/D07", "fail")
                phone.add_photo(TASK, b"together" * 1000)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
