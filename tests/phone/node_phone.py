"""The phone's own modules in a process of Node, ordered about from here."""

import base64
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.phone_build.tools import CLIENT, NODE

SCRIPT = Path(__file__).with_name("phone.mjs")
QUIET = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"


class Refused(Exception):
    """What the phone answered instead; `code` and `remote` as its own errors have them."""

    def __init__(self, code: str, remote: str, message: str) -> None:
        super().__init__(f"{code} {remote} {message}")
        self.code, self.remote, self.message = code, remote, message


class NodePhone:
    """One phone, as long as its process lives."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self._process = process
        self.go(url)

    def go(self, url: str) -> None:
        """Let its server be there."""
        self.order("go", url=url)

    def order(self, name: str, **order: Any) -> Any:
        """
        Give one order; return what the phone says.

        Raises:
            Refused: It says an error.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": name, **order}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            said = answer["error"]
            raise Refused(said["code"], said["remote"], said["message"])
        return answer["said"]

    def enrol(self, login: str, password: str) -> Mapping[str, Any]:
        """Enrol, or log in again."""
        reply: Mapping[str, Any] = self.order("enrol", login=login, password=password)
        return reply

    def sync(self, **options: Any) -> Mapping[str, Any]:
        """Sync once; return its report."""
        report: Mapping[str, Any] = self.order("sync", **options)
        return report

    def call(self, method: str, *args: Any) -> Any:
        """Call one of the phone's own methods."""
        return self.order("call", method=method, args=args)

    def together(self, task: str, *calls: Sequence[Any]) -> None:
        """Save what these calls capture as one entry."""
        self.order("together", task=task, calls=calls)

    def photo(self, task: str, content: bytes, **details: Any) -> str:
        """Save a photo; return its item."""
        text = base64.b64encode(content).decode()
        return str(self.order("photo", task=task, base64=text, details=details))

    def record(self, task: str) -> Mapping[str, Any]:
        """Return what it shows of a task."""
        shown: Mapping[str, Any] = self.order("record", task=task)
        return shown

    def export(self, task: str) -> bytes:
        """Return the file for the partner."""
        return base64.b64decode(self.order("export", task=task))

    def export_with_photos(self, task: str) -> bytes:
        """Return the file for the partner, with what the partner may lack of photos."""
        return base64.b64decode(self.order("exportWhole", task=task))

    def take_in(self, content: bytes) -> int:
        """Take in a partner's file."""
        return int(self.order("takeIn", base64=base64.b64encode(content).decode()))


@contextmanager
def node_phone(url: str) -> Iterator[NodePhone]:
    """Run one."""
    with subprocess.Popen(
        [NODE, QUIET, SCRIPT, CLIENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield NodePhone(process, url)
        finally:
            process.kill()
