"""A client somebody else wrote: everything in it is wrong at times, and it forgets nothing."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from sync import entries
from sync.ids import operation_id
from sync.phone.local import LocalReplica
from sync.protocol import PushedEntry
from tests.conformance_journal import Hand, answer, resolve
from tests.sync_model.network import push_straight

NOWHERE = "0198aaaa-0000-4000-8000-00000000ffff"


@dataclass
class Stranger:
    """Captures what no good client would, and sends everything it ever signed every time."""

    hand: Hand
    task: str
    anybody: str  # another user
    seen: list[str] = field(default_factory=list)  # heads of the item it answers
    chain: list[PushedEntry] = field(default_factory=list)

    def capture(self, how: str) -> None:
        """Sign an entry of this kind."""
        self.chain.append(KINDS[how](self, self.hand.save))

    def deliver(self, client: httpx.Client, order: str, chance: random.Random) -> None:
        """
        Push in this order; in any but that of signing with bytes that no key vouches for.

        Raises:
            RemoteProblem: The server refuses all of it.
            OutOfReach: No answer came.
        """
        sent = list(self.chain)
        if order == "last first":
            sent.reverse()
        elif order == "last only":
            del sent[:-1]
        elif order == "shuffled, some twice":
            sent += sent[:2]
            chance.shuffle(sent)
        if order != "as signed":
            sent += [PushedEntry(one.bytes_b64, bytes(64)) for one in sent[-1:]]
            sent += [PushedEntry(b"no entry %d" % chance.randrange(10**6), b"") for _ in range(3)]
        own = LocalReplica(self.hand.id, self.hand.key, self.hand.seq, self.hand.prev)
        push_straight(client, own, sent)

    def _broken(self, change: dict[str, Any]) -> PushedEntry:
        sound = json.loads(entries.build(self.hand.entry(self.task, answer())))
        return self.hand.sign(json.dumps(_changed(sound, change)).encode())

    def _as_somebody_else(self) -> PushedEntry:
        entry = msgspec.structs.replace(self.hand.entry(self.task, answer()), user=self.anybody)
        return self.hand.sign(entries.build(entry))

    def _settling(self) -> PushedEntry:
        cited = self.seen or [operation_id("0" * 64, 0)]
        value = {"result": "pass", "reason": "", "note": "定了"}
        return self.hand.save(self.task, resolve("answer/dust/D01", value, cited))

    def _closing(self) -> PushedEntry:
        return self.hand.save(self.task, entries.make_op("task.close", f"task/{self.task}", {}))


_Save = Callable[..., PushedEntry]
KINDS: dict[str, Callable[[Stranger, _Save], PushedEntry]] = {
    "good": lambda one, save: save(one.task, answer("D01", "fail", note=str(one.hand.seq))),
    "overruling": lambda one, save: save(one.task, answer("D01", "fail", one.seen)),
    "of another form": lambda one, save: save(one.task, answer(), form="confined@9"),
    "of a task that never was": lambda one, save: save(NOWHERE, answer()),
    "as somebody else": lambda one, _: one._as_somebody_else(),
    "settling a conflict": lambda one, _: one._settling(),
    "closing the task": lambda one, _: one._closing(),
    "without a value": lambda one, _: one._broken({"ops": [{"value": {"result": "pass"}}]}),
    "with another field": lambda one, _: one._broken({"colour": "red"}),
    "of an unknown type": lambda one, _: one._broken({"ops": [{"type": "answer.guess"}]}),
}
ORDERS = ["as signed", "last first", "last only", "shuffled, some twice"]


def _changed(sound: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    ops = [{**op, **new} for op, new in zip(sound["ops"], change.get("ops", [{}]), strict=True)]
    return {**sound, **change, "ops": ops}
