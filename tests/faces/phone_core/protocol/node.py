"""The phone's protocol in TypeScript, asked in Node; and the server's answers in the same words."""

import base64
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import inspect_server
from sync import merge
from sync.entries import Operation
from tests.faces.phone_core.both import NODE

Json = Any
SOURCES = Path(inspect_server.__file__).parent / "phone" / "client" / "src"
SCRIPT = Path(__file__).with_name("in_node.mjs")


class Node:
    """A process that knows the phone's protocol; asked as often as there are questions."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [*NODE, SCRIPT, SOURCES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __call__(self, orders: Sequence[Sequence[Json]]) -> list[Json]:
        """Return what came of orders such as `["parse", content]`."""
        ways = self._process.stdin, self._process.stdout
        assert all(ways)
        print(json.dumps(orders), file=ways[0], flush=True)
        done: list[Json] = json.loads(ways[1].readline())
        threw = [one["threw"] for one in done if isinstance(one, dict) and "threw" in one]
        assert threw == []
        return done

    def end(self) -> None:
        """Let the process come to its end, which must be a good one."""
        self._process.communicate(timeout=20)
        assert self._process.returncode == 0


def b64(content: bytes) -> str:
    """Return bytes as orders carry them."""
    return base64.b64encode(content).decode()


def told(op: Operation) -> Json:
    """Return an operation as orders carry it."""
    return {
        "id": op.id,
        "assignment": op.assignment,
        "item": op.item,
        "type": op.type,
        "parents": list(op.parents),
        "value": op.value.decode(),
        "blob": op.blob,
        "replica": op.replica,
        "seq": op.seq,
        "user": op.user,
        "wall": op.wall,
        "hlc": op.hlc,
    }


def shown_item(item: merge.Item) -> Json:
    """Return an item as the phone tells it."""
    return {
        "id": item.id,
        "heads": [
            {
                "id": head.id,
                "type": head.type,
                "value": head.plain(),
                "blob": head.blob,
                "replica": head.replica,
                "user": head.user,
                "seq": head.seq,
                "wall": head.wall,
                "hlc": head.hlc,
                "parents": list(head.parents),
                "canonical": head.value.decode(),
                "settledReason": head.settled_reason,
            }
            for head in item.heads
        ],
        "gone": list(item.gone),
        "conflict": item.conflict,
        "live": item.live,
        "value": item.value,
        "users": list(item.users),
    }


def shown_record(record: merge.MergedRecord) -> Json:
    """Return a record as the phone tells it."""
    return {
        "assignment": record.assignment,
        "items": {id: shown_item(item) for id, item in record.items.items()},
        "live": list(record.live),
        "view": record.view,
        "ordered": list(record.ordered),
        "conflicts": list(record.conflicts),
        "signatures": {
            state.item: {
                "stale": state.stale,
                "unseen": list(state.unseen),
                "head": state.head.id,
            }
            for state in record.signatures
        },
    }
