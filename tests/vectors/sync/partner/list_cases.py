"""Codes that say what a phone has of a task, and what the partner's codes then carry."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from tests.vectors.sync.hand import TASK, sha
from tests.vectors.sync.partner.file_cases import OTHER_TASK

MARK = "IXN1/"
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
OWN, FORMER, PARTNER, THIRD = (sha(name.encode()) for name in ("own", "former", "one", "two"))
Row = dict[str, Any]


def partner_lists() -> dict[str, Any]:
    """Return lists, what each says and leads to, and texts that are none."""
    return {"lists": _lists(), "refused": _refused()}


def base45(content: bytes) -> str:
    """Return bytes as RFC 9285 writes them."""
    text = ""
    for at in range(0, len(content), 2):
        pair = content[at : at + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, sign = divmod(number, 45)
            text += SIGNS[sign]
    return text


def payload(task: str, own: Sequence[str], held: Sequence[Row]) -> bytes:
    """Return what a phone has, by docs/sync.md; replicas in the order of their first entry."""
    others = dict.fromkeys(row["replica"] for row in held if row["task"] == task)
    made = bytes.fromhex(task.replace("-", "")) + bytes([len(own)])
    made += b"".join(bytes.fromhex(id[:16]) for id in own)
    told = [replica for replica in others if replica not in own]
    made += bytes([len(told)])
    for replica in told:
        runs = runs_of(held, replica)
        made += bytes.fromhex(replica[:16]) + bytes([len(runs)])
        end = 0
        for run in runs:
            made += _base128(run["first"] - end - 1) + _base128(run["last"] - run["first"] + 1)
            made += bytes.fromhex(run["digest"])
            end = run["last"]
    return made


def runs_of(held: Iterable[Row], replica: str) -> list[Row]:
    """Return the numbers of a replica without a gap, each run with its digest."""
    rows = sorted((row["seq"], row["hash"]) for row in held if row["replica"] == replica)
    runs: list[list[tuple[int, str]]] = []
    for row in rows:
        if runs and row[0] <= runs[-1][-1][0] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return [
        {
            "first": run[0][0],
            "last": run[-1][0],
            "digest": hashlib.sha256(b"".join(bytes.fromhex(hash) for _, hash in run)).hexdigest()[
                :8
            ],
        }
        for run in runs
    ]


def _base128(number: int) -> bytes:
    made = bytearray()
    while number > 127:
        made.append(number % 128 + 128)
        number //= 128
    return bytes([*made, number])


def _rows(replica: str, *seqs: int, task: str = TASK, fork: str = "") -> list[Row]:
    return [
        {
            "replica": replica,
            "seq": seq,
            "hash": sha(f"{replica}{seq}{fork}".encode()),
            "task": task,
        }
        for seq in seqs
    ]


def _lists() -> list[dict[str, Any]]:
    one, own = _rows(PARTNER, *range(1, 6)), _rows(OWN, 1, 2)
    forked = [*_rows(PARTNER, 1, 2), *_rows(PARTNER, 2, fork="other")]
    late = _rows(PARTNER, 300, 301, 20_000)
    other = _rows(PARTNER, 1, task=OTHER_TASK)
    third = _rows(THIRD, 1, 2, 3)
    # name, own replicas, what the phone has, what its partner has, what the partner sends
    cases: Sequence[tuple[str, list[str], list[Row], list[Row], list[Row]]] = (
        ("nothing", [OWN], [], one, one),
        ("own entries only, on two replicas", [OWN, FORMER], own, [*own, *one], one),
        ("all", [OWN], one, one, []),
        ("the beginning", [OWN], one[:3], one, one[3:]),
        ("with a gap", [OWN], [*one[:1], *one[3:]], one, one[1:3]),
        ("numbers of two and three bytes", [OWN], late, [*one, *late], one),
        ("one branch of a fork: its run is sent whole", [OWN], one[:2], forked, forked),
        ("both branches", [OWN], forked, forked, []),
        (
            "more than the partner has: the run is sent once more",
            [OWN],
            third,
            third[:2],
            third[:2],
        ),
        (
            "also numbers of another task, which close a gap",
            [OWN],
            [*other, *one[1:3]],
            [*other, *one[1:]],
            one[3:],
        ),
        ("two others", [OWN], [*one[:2], *third], [*one, *third], one[2:]),
    )
    found = []
    for name, mine, held, theirs, sent in cases:
        others = dict.fromkeys(row["replica"] for row in held if row["task"] == TASK)
        runs = {id[:16]: runs_of(held, id) for id in others if id not in mine}
        found.append(
            {
                "name": name,
                "task": TASK,
                "own": mine,
                "held": held,
                "text": MARK + base45(payload(TASK, mine, held)),
                "says": {"own": [id[:16] for id in mine], "runs": runs},
                "partner_held": theirs,
                "sent": [row["hash"] for row in sent],
            }
        )
    return found


def _refused() -> list[dict[str, str]]:
    whole = payload(TASK, [OWN], _rows(PARTNER, 1, 2))
    text = MARK + base45(whole)
    endless = whole[:34] + bytes([1]) + b"\xff" * 12
    return [
        {"name": name, "text": refused}
        for name, refused in (
            ("nothing", ""),
            ("nothing but its mark", MARK),
            ("of a later version", text.replace("IXN1", "IXN2")),
            ("a frame of a series", text.replace("IXN1", "IXP1/00000000/1/1")),
            ("in lower case", text.lower()),
            ("cut within its digest", MARK + base45(whole[:-1])),
            ("cut within a run", MARK + base45(whole[:-5])),
            ("cut within its task", MARK + base45(whole[:10])),
            ("base45 that is cut", text[:-1] if len(whole) % 2 else text[:-2]),
            ("base45 of more than two bytes", MARK + ":::" + text[len(MARK) + 3 :]),
            ("more than a list", MARK + base45(whole + b"\0")),
            ("a number that has no end", MARK + base45(endless)),
        )
    ]
