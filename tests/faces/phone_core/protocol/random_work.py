"""What people at several phones and desks could have said of an inspection, and forgers too."""

from collections.abc import Sequence
from random import Random
from typing import Any

from sync import entries, values
from sync.entries import Operation
from sync.ids import operation_id

TASK = "0198aaaa-0000-4000-8000-000000000001"
USERS = ["0198cccc-0000-4000-8000-000000000001", "0198cccc-0000-4000-8000-000000000002", "u3"]
DESK = "d" * 64
"""The server's replica, in which everybody writes who works in the office."""
ID = "0198dddd-0000-7000-8000-00000000000"
ANSWERS = ["answer/dust/D01", "answer/dust/D02"]
PERSON = f"participant/{ID}5"
OTHERS = [f"finding/{ID}1", f"note/{ID}2", PERSON, f"visit/start/{'a' * 64}"]
IN_RECORD = ("answer/", "finding/", "note/", "participant/")
SIGNED = [f"signature/{ID}3", f"signature/{ID}4"]


class Work:
    """Operations of one inspection, made by chance; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._forking = self._chance.choice([0.0, 0.1, 0.1, 0.5])
        self._seqs: dict[str, int] = {}
        self.made: list[Operation] = []

    def operations(self) -> list[Operation]:
        """Make some, and return them."""
        chance = self._chance
        items = chance.sample([*ANSWERS, *OTHERS], chance.randint(1, 3))
        for _ in range(chance.choice([2, 4, 7, 10, 16, 40])):
            if chance.random() < 0.15:
                self._sign()
            elif chance.random() < 0.05:
                self._say(chance.choice(USERS), "visit.complete", f"visit/complete/{DESK}", {}, [])
            else:
                self._change(chance.choice(items))
        return self.made

    def say_one(self, user: str, parents: list[str], text: str = "甲") -> None:
        """Let a user answer on a phone of their own, each answer an entry."""
        replica = (user[-1] + "1") * 32
        self._seqs[replica] = seq = self._seqs.get(replica, 0) + 1
        self._add(user, "answer.set", ANSWERS[0], _value("answer", text), parents, replica, seq, 0)

    def _change(self, item: str) -> None:
        chance = self._chance
        user = chance.choice(USERS)
        kind = item.partition("/")[0]
        chosen = _value(kind, chance.choice(["甲", "乙", "甲"]))
        retracting = "answer.retract" if kind == "answer" else f"{kind}.retract"
        adding = {"answer": "answer.set", "visit": "visit.start"}.get(kind, f"{kind}.add")
        types: list[tuple[str, Any]] = [(adding, chosen)] * 5
        types += [(retracting, {"reason": "x"})] if kind != "visit" else []
        nothing = chance.random() < 0.2
        resolved = {"chosen": None if nothing else chosen, "reason": "复核"}
        types += [("conflict.resolve", resolved)] if chance.random() < 0.3 else []
        type, value = chance.choice(types)
        earlier = [op for op in self.made if op.item == item]
        self._say(user, type, item, value, self._cited(earlier, user))

    def _cited(self, earlier: Sequence[Operation], user: str) -> list[str]:
        """Cite as people do, as nobody should, and what nobody has."""
        chance = self._chance
        own = [op for op in earlier if op.user == user]
        way = chance.random()
        if way < 0.35:
            cited = list(earlier[-1:])
        elif way < 0.6:
            cited = own[-2:]
        elif way < 0.7:
            cited = []
        else:
            cited = chance.sample(list(earlier), chance.randint(0, len(earlier)))
        missing = [operation_id("f" * 64, 0)] if chance.random() < 0.04 else []
        return [op.id for op in cited] + missing

    def _sign(self) -> None:
        """Sign what is there, or what was there, or something else."""
        chance = self._chance
        seen = self.made[: len(self.made) - chance.choice([0, 0, 1, 3])]
        order = chance.random() < 0.4
        wanted = [op.id for op in seen if op.item.startswith("finding/" if order else IN_RECORD)]
        cited = wanted if chance.random() < 0.5 else wanted[len(wanted) // 2 :]
        signature = chance.choice(SIGNED)
        again = [op.id for op in self.made if op.item == signature]
        cited += again if chance.random() < 0.2 else []
        own = {} if order or chance.random() < 0.5 else {"participant": PERSON}
        value = {
            "signer": "participant" if own else "lead",
            "name": "张三",
            "officer_id": "",
            "view": entries.view_digest(cited if chance.random() < 0.7 else []),
            "strokes": [[[1, 2]]],
            "refused": False,
            "refusal_reason": "",
            **({"document": "order"} if order else own),
        }
        self._say(chance.choice(USERS), "signature.add", signature, value, cited)
        if again and chance.random() < 0.3:
            self._say(chance.choice(USERS), "signature.retract", signature, {"reason": "x"}, again)

    def _say(self, user: str, type: str, item: str, value: Any, parents: list[str]) -> None:
        chance = self._chance
        phone = chance.choice(["desk", "1", "1", "2"])
        replica = DESK if phone == "desk" else (user[-1] + phone) * 32
        seq = self._seqs.get(replica, 0)
        index = chance.choice([0, 0, 0, 1, 12]) if self._forking < 0.5 else 0
        seq += 0 if seq and chance.random() < self._forking else 1  # a fork, or the same entry
        self._seqs[replica] = seq
        self._add(user, type, item, value, parents, replica, seq, index)

    def _add(
        self,
        user: str,
        type: str,
        item: str,
        value: Any,
        parents: list[str],
        replica: str,
        seq: int,
        index: int,
    ) -> None:
        number = max(0, len(self.made) + self._chance.choice([0, 0, -3]))
        op = Operation(
            id=operation_id(f"{self._chance.getrandbits(256):064x}", index),
            assignment=TASK,
            item=item,
            type=type,
            parents=tuple(parents),
            value=values.canonical(value),
            blob="",
            replica=replica,
            seq=seq,
            user=user,
            wall="2026-03-02T09:00:00+08:00",
            hlc=f"{number:013d}-0000-{replica[:8]}",
        )
        self.made.append(op)


def _value(kind: str, text: str) -> Any:
    if kind == "answer":
        return {"result": "pass", "reason": "", "note": text}
    if kind == "finding":
        return {"level": "general", "text": text}
    return {"text": text}
