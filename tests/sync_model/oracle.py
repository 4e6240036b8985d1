"""
What follows from a journal, worked out a second time from docs/sync.md alone.

Nothing of `sync` is imported: whoever shares code with the engine shares its mistakes. Plain and
slow; everything is computed again from the first entry.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

Json = dict[str, Any]

FIELDS = {
    *("v", "replica", "seq", "prev", "device", "user", "assignment", "form"),
    *("hlc", "wall", "tz", "mono", "boot", "last_server_time", "ops"),
}
FINDING = "answer_item level text place basis penalty_basis measure deadline corrected_on_site"
PHOTO = (
    "sha256 size mime caption finding answer_item taken_wall latitude longitude accuracy_m datum"
    " device"
)
SIGNATURE = "signer name officer_id view strokes refused refusal_reason"
START = "latitude longitude accuracy_m datum badge_shown rights_told recording place"
VALUES = {
    "answer.set": "result reason note",
    "finding.add": FINDING,
    "finding.amend": FINDING,
    "photo.add": PHOTO,
    "participant.add": "kind name position phone",
    "signature.add": SIGNATURE,
    "note.add": "text",
    "gap.declare": "from to reason",
    "recheck.set": "result note",
    "visit.start": START,
    "visit.complete": "",
    "conflict.resolve": "chosen reason",
    "task.assign": "form team",
    "task.reassign": "form team",
    "task.close": "",
    "task.reopen": "reason",
    "replica.enrol": "user",
    "replica.revoke": "reason",
    "replica.lost": "upto_seq head_hash receipt signature kid",
    "inbox.accept": "reason",
    "inbox.decline": "reason",
    **{
        f"{kind}.retract": "reason"
        for kind in (
            *("answer", "finding", "photo", "participant", "signature", "note", "gap"),
            "recheck",
        )
    },
}
"""The fields of every operation's value. That they hold what they should is for the vectors."""
OPTIONAL = {
    "finding.add": {"further_measures"},
    "finding.amend": {"further_measures"},
    "signature.add": {"document", "participant"},
    "participant.add": {"unit"},
    "answer.set": {"given"},
    "visit.start": {"gate", "arrived_at"},
}
CONTROL = ("task.", "replica.", "inbox.")
AHEAD = timedelta(seconds=600)


@dataclass(frozen=True)
class Arrival:
    """A verified entry as the journal keeps it, and when it came."""

    content: bytes
    received: datetime


@dataclass
class Task:
    """How an inspection stands."""

    form: str
    lead: str
    team: frozenset[str]
    former: frozenset[str] = frozenset()
    closed: bool = False


@dataclass
class Kept:
    """An entry, and what is made of it."""

    hash: str
    body: Json
    sound: bool
    effect: str = "held"
    reason: str = ""
    flags: set[str] = field(default_factory=set)

    @property
    def place(self) -> tuple[str, int]:
        return self.body["replica"], self.body["seq"]

    @property
    def needs_a_look(self) -> bool:
        """Whether a supervisor has to see it: it was not applied, or with a doubt."""
        return self.effect in ("held", "quarantined") or bool({"fork", "gap"} & self.flags)


@dataclass(frozen=True)
class Op:
    """One operation of an applied entry."""

    id: str
    entry: Json
    plain: Json
    parents: tuple[str, ...]

    @property
    def place(self) -> tuple[int, int]:
        return self.entry["seq"], int(self.id.partition("#")[2])

    @property
    def value(self) -> Any:
        """The value that it gives its item."""
        if self.plain["type"].endswith(".retract"):
            return None
        is_choice = self.plain["type"] == "conflict.resolve"
        return self.plain["value"]["chosen"] if is_choice else self.plain["value"]

    @property
    def text(self) -> str:
        return json.dumps(self.value, sort_keys=True)


class Oracle:
    """The journal read so far, and everything that follows from it."""

    def __init__(self, arrivals: Iterable[Arrival], users: Mapping[str, str], server: str) -> None:
        """
        Read a journal.

        Args:
            arrivals: By position.
            users: Whose each enrolled replica is. Where the journal says it, it counts from there.
            server: The id of the server's replica.
        """
        read = [(_read(arrival.content), arrival) for arrival in arrivals]
        claimed = {
            op["item"].removeprefix("replica/")
            for (_, body, sound), _ in read
            for op in (body["ops"] if sound else ())
            if op["type"] == "replica.enrol"
        }
        self.entries: dict[str, Kept] = {}
        self.tasks: dict[str, Task] = {}
        self.revoked: set[str] = set()
        self.lost: set[tuple[str, int, str]] = set()  # replica, seq, hash: a receipt names it
        self.ops: dict[tuple[str, str], dict[str, Op]] = defaultdict(dict)
        self._taken_in: list[tuple[Kept, set[tuple[str, str]]]] = []  # by one arrival
        self._users = {id: user for id, user in users.items() if id not in claimed}
        self._server = server
        for (hash, body, sound), arrival in read:
            if hash not in self.entries:
                self._take(Kept(hash, body, sound), arrival.received)

    @property
    def prefixes(self) -> dict[str, tuple[int, str]]:
        """Of each replica the end of the longest way on which nothing is missing: seq and hash."""
        ends = [(replica, -seq, hash) for replica, seq, hash in self.lost]
        for kept in filter(self._is_whole, self.entries.values()):
            replica, seq = kept.place
            ends.append((replica, -seq, kept.hash))
        ends.sort(reverse=True)  # of those as long the one with the smallest hash comes last
        return {replica: (-seq, hash) for replica, seq, hash in ends}

    def item(self, assignment: str, item: str) -> Json:
        """Return the document of one item."""
        ops = self.ops[assignment, item]
        heads, gone = fold(ops)
        return {
            "assignment": assignment,
            "item": item,
            "conflict": len({head.text for head in heads}) > 1,
            "gone": gone,
            "heads": [_shown(head) for head in heads],
        }

    def documents(self, user: str) -> dict[str, Json]:
        """Return every item that a user sees, by document id."""
        return {
            f"item/{assignment}/{item}": self.item(assignment, item)
            for assignment, item in list(self.ops)
            if assignment in self.tasks and user in self.tasks[assignment].team
        }

    def _take(self, new: Kept, received: datetime) -> None:
        twins = [kept for kept in self.entries.values() if kept.place == new.place]
        for kept in (*twins, new) if twins else ():
            kept.flags.add("fork")
            if kept.effect in ("applied", "conflict"):
                kept.reason = "fork"
        if new.sound and datetime.fromisoformat(new.body["wall"]) - received > AHEAD:
            new.flags.add("future_clock")
        self.entries[new.hash] = new
        self._release(new)
        for kept, touched in self._taken_in:
            differs = any(self.item(*key)["conflict"] for key in touched)
            kept.effect = "conflict" if differs else "applied"
        self._taken_in.clear()

    def _release(self, kept: Kept) -> None:
        replica, seq = kept.place
        prev = kept.body["prev"]
        before = self.entries.get(prev)
        if before and before.effect != "held":
            follows = before.place == (replica, seq - 1)
        elif seq == 1:
            follows = prev == ""
        else:
            follows = self._is_behind_a_receipt(kept)
            kept.flags |= {"gap"} if follows else set()
        if follows:
            self._judge(kept)
            self._release_after(kept.hash)

    def _is_behind_a_receipt(self, kept: Kept) -> bool:
        (replica, seq), prev = kept.place, kept.body["prev"]
        return seq > 1 and any(
            seq - 1 < upto or (seq - 1, prev) == (upto, head)
            for lost, upto, head in self.lost
            if lost == replica
        )

    def _is_whole(self, kept: Kept) -> bool:
        """Whether nothing is missing before it but what a receipt stands for."""
        while kept.effect != "held":
            replica, seq = kept.place
            if self._is_behind_a_receipt(kept) or (seq, kept.body["prev"]) == (1, ""):
                return True
            before = self.entries.get(kept.body["prev"])
            if before is None or before.place != (replica, seq - 1):
                return False
            kept = before
        return False

    def _release_after(self, hash: str) -> None:
        held = (kept for kept in self.entries.values() if kept.effect == "held")
        for kept in sorted(held, key=lambda kept: kept.hash):
            if kept.effect == "held" and kept.body["prev"] == hash:
                self._release(kept)

    def _judge(self, kept: Kept) -> None:
        reason = self._against(kept)
        if reason:
            kept.effect, kept.reason = "quarantined", reason
            return
        self._apply(kept)
        if kept.body["replica"] == self._server:
            for op in kept.body["ops"]:
                self._control(kept.body["assignment"], op)
                kept.flags |= {"gap"} if op["type"] == "replica.lost" else set()

    def _against(self, kept: Kept) -> str:
        if not kept.sound:
            return "schema"
        entry = kept.body
        control = [op["type"].startswith(CONTROL) for op in entry["ops"]]
        if entry["replica"] == self._server:
            return "" if all(control) else self._against_task(entry)
        if any(control):
            return "schema"
        if entry["replica"] in self.revoked:
            return "revoked"
        if not entry["user"] or entry["user"] != self._users.get(entry["replica"]):
            return "wrong_user"
        return self._against_task(entry)

    def _against_task(self, entry: Json) -> str:
        task, user = self.tasks.get(entry["assignment"]), entry["user"]
        if task is None or user not in task.team | task.former:
            return "not_assigned"
        if user not in task.team:
            return "reassigned"
        if task.closed:
            return "closed"
        if entry["form"] != task.form:
            return "unknown_form"
        settles = any(op["type"] == "conflict.resolve" for op in entry["ops"])
        return "not_lead" if settles and user != task.lead else ""

    def _apply(self, kept: Kept) -> None:
        assignment = kept.body["assignment"]
        touched = set()
        for op in _operations(kept):
            if assignment and not op.plain["item"].startswith("task/"):
                self.ops[assignment, op.plain["item"]][op.id] = op
                touched.add((assignment, op.plain["item"]))
        self._taken_in.append((kept, touched))
        kept.effect = "applied"
        kept.reason = "fork" if "fork" in kept.flags else ""

    def _control(self, assignment: str, op: Json) -> None:
        target = op["item"].partition("/")[2]
        match op["type"]:
            case "task.assign" | "task.reassign":
                self._assign(assignment, op["value"])
            case "task.close" | "task.reopen" if assignment in self.tasks:
                self.tasks[assignment].closed = op["type"] == "task.close"
            case "replica.revoke":
                self.revoked.add(target)
            case "replica.enrol":
                self._users[target] = op["value"]["user"]
                for kept in list(self.entries.values()):
                    if (kept.body["replica"], kept.reason) == (target, "wrong_user"):
                        self._judge(kept)
            case "replica.lost":
                seq, hash = op["value"]["upto_seq"], op["value"]["head_hash"]
                self.lost.add((target, seq, hash))
                held = (one for one in self.entries.values() if one.effect == "held")
                mine = [one for one in held if one.place[0] == target]
                for kept in sorted(mine, key=lambda one: (one.place[1], one.hash)):
                    if kept.effect == "held":
                        self._release(kept)
            case "inbox.accept" | "inbox.decline" if target in self.entries:
                self._rule(self.entries[target], accepted=op["type"] == "inbox.accept")

    def _rule(self, kept: Kept, *, accepted: bool) -> None:
        """A ruling on an entry that waits stands for what is missing before it."""
        waited = kept.effect == "held"
        if accepted and (
            self._against(kept) == "schema" or kept.effect not in ("held", "quarantined")
        ):
            return
        kept.flags.add("accepted" if accepted else "declined")
        if waited:
            kept.flags.add("gap")
            kept.effect, kept.reason = "quarantined", "declined"
        if accepted:
            self._apply(kept)
        if waited:
            self._release_after(kept.hash)

    def _assign(self, assignment: str, value: Json) -> None:
        before = self.tasks.get(assignment)
        team = frozenset(member["user"] for member in value["team"])
        (lead,) = (member["user"] for member in value["team"] if member["role"] == "lead")
        former = before.team | before.former if before else frozenset()
        self.tasks[assignment] = Task(value["form"], lead, team, former - team)


def fold(ops: Mapping[str, Op]) -> tuple[list[Op], list[str]]:
    """Return the heads of one item, sorted by HLC and id, and the ids replaced, sorted."""
    removes: dict[str, set[str]] = {}

    def removed_by(op: Op) -> set[str]:
        if op.id not in removes:
            named = [ops[id] for id in op.parents if id in ops]
            if op.plain["type"] == "signature.add":
                named = []
            elif op.plain["type"] != "conflict.resolve" and knew_of_a_disagreement(op, named):
                named = [one for one in named if one.entry["user"] == op.entry["user"]]
            removes[op.id] = {one.id for one in named}
        return removes[op.id]

    def knew_of_a_disagreement(op: Op, named: list[Op]) -> bool:
        if len({one.text for one in named}) > 1:
            return True
        if all(one.entry["user"] == op.entry["user"] for one in named):
            return False
        covered = reached(op.parents, removed_by)
        return any(
            one.entry["user"] == op.entry["user"]
            and one.id not in covered | {op.id}
            and not comes_after(one, op)
            for one in ops.values()
        )

    def comes_after(late: Op, op: Op) -> bool:
        """By its phone's numbers, or because its phone by then had named what it had not before."""
        phone, by_then = op.entry["replica"], [late]
        if late.entry["replica"] == phone:
            return late.place > op.place
        for one in ops.values():
            if one.entry["replica"] == late.entry["replica"] and one.place <= late.place:
                by_then.append(one)
        named = reached((id for one in by_then for id in one.parents), lambda one: one.parents)
        said = (ops[id] for id in named if id in ops)
        return any(one.entry["replica"] == phone and one.place >= op.place for one in said)

    def reached(ids: Iterable[str], onwards: Callable[[Op], Iterable[str]]) -> set[str]:
        found: set[str] = set()
        fresh = set(ids)
        while fresh:
            found |= fresh
            fresh = {id for one in fresh if one in ops for id in onwards(ops[one])} - found
        return found

    gone = {id for op in ops.values() for id in removed_by(op)}
    heads = [op for op in ops.values() if op.id not in gone]
    return sorted(heads, key=lambda op: (op.entry["hlc"], op.id)), sorted(gone)


def _operations(kept: Kept) -> Iterator[Op]:
    for index, plain in enumerate(kept.body["ops"]):
        parents = (kept.hash + id if id.startswith("#") else id for id in plain["parents"])
        yield Op(f"{kept.hash}#{index}", kept.body, plain, tuple(parents))


def _shown(op: Op) -> Json:
    of_entry = {name: op.entry[name] for name in ("replica", "user", "seq", "wall", "hlc")}
    is_choice = op.plain["type"] == "conflict.resolve"
    return {
        "id": op.id,
        "type": op.plain["type"],
        "value": op.value,
        "blob": op.plain.get("blob", ""),
        "parents": list(op.parents),
        "settled_reason": op.plain["value"]["reason"] if is_choice else "",
        **of_entry,
    }


@lru_cache(maxsize=4096)
def _read(content: bytes) -> tuple[str, Json, bool]:
    """Return an entry's hash, its JSON, and whether it has all the fields it must have."""
    body = json.loads(content)
    sound = body.keys() == FIELDS and all(_is_sound(op) for op in body["ops"])
    return hashlib.sha256(content).hexdigest(), body, sound


def _is_sound(op: Json) -> bool:
    wanted = {"type", "item", "parents", "value"}
    wanted |= {"blob"} if op["type"] == "photo.add" else set()
    if op.keys() != wanted or op["type"] not in VALUES or not isinstance(op["value"], dict):
        return False
    value = set(op["value"]) - OPTIONAL.get(op["type"], set())
    return value == set(VALUES[op["type"]].split())
