"""A day's work on one phone: 60 operations and 6 photos on two tasks, as they are signed on it."""

import random
from dataclasses import dataclass

from benchmarks.sync_client import Call, Chain, Requests, Saved, photo, push_call
from benchmarks.sync_world import Seat, World
from sync import entries, protocol
from sync.entries import Op, make_op

OPERATIONS, PHOTOS, TASKS = 60, 6, 2
ANSWERED = 18
"""Items of one task that one phone answers: half of them, and one that its partner answers too."""


@dataclass(frozen=True)
class Day:
    """What one phone holds in the evening, and the requests that deliver it."""

    seat: Seat
    saved: tuple[Saved, ...]
    photos: dict[str, bytes]  # by SHA-256
    state: Call
    push: Call
    have: Call
    receipt: Call


def make_day(world: World, seat: Seat, photo_bytes: int) -> Day:
    """Capture a day and sign everything that can be signed before the server answers."""
    requests = Requests(seat)
    chain = Chain(world, seat, requests.key)
    rng = random.Random(seat.secret)
    photos: dict[str, bytes] = {}
    for task in seat.tasks:
        _visit(world, seat, chain, task, [rng.randbytes(photo_bytes) for _ in range(3)], photos)
    blob_root = entries.blob_root(list(photos))
    saved = tuple(chain.saved)
    receipt = protocol.ReceiptRequest(seat.replica, len(saved), saved[-1].hash, blob_root)
    return Day(
        seat=seat,
        saved=saved,
        photos=photos,
        state=requests.get(f"{protocol.STATE}?replica={seat.replica}&cursor="),
        push=push_call(requests, world, seat, saved),
        have=requests.post(protocol.BLOBS_HAVE, protocol.HaveRequest(sorted(photos))),
        receipt=requests.post(protocol.RECEIPTS, receipt),
    )


def _visit(
    world: World, seat: Seat, chain: Chain, task: str, shots: list[bytes], photos: dict[str, bytes]
) -> None:
    """One visit: 30 operations in 24 saves, three of them a bad answer with finding and photo."""
    chain.save(task, [make_op("visit.start", f"visit/start/{seat.replica}", _START)])
    items = (
        world.items[:ANSWERED] if seat.role == "lead" else world.items[ANSWERED - 1 :][:ANSWERED]
    )
    answers: list[Saved] = []
    for n, item in enumerate(items):
        if n < len(shots):
            digest = entries.entry_hash(shots[n])
            photos[digest] = shots[n]
            ops = [_answer(item, "fail"), _finding(item, digest), photo(shots[n])]
        else:
            ops = [_answer(item, "pass")]
        answers.append(chain.save(task, ops))
    for item, before in list(zip(items, answers, strict=True))[-4:-1]:
        chain.save(task, [_answer(item, "pass", f"{before.hash}#0")])
    for n in range(2):
        value = {"text": f"第 {n + 1} 处现场查看完毕，已向企业说明。"}
        name = entries.entry_hash(f"{seat.replica}{task}{n}".encode())[:12]
        chain.save(task, [make_op("note.add", f"note/01990000-0000-7000-8000-{name}", value)])


def _answer(item: str, result: str, before: str = "") -> Op:
    value = {"result": result, "reason": "", "note": "现场查看，未见异常" if before else ""}
    return make_op("answer.set", item, value, [before] if before else [])


def _finding(item: str, digest: str) -> Op:
    value = {
        "answer_item": item,
        "level": "general",
        "text": "除尘系统未按规定清理，积尘厚度超过要求",
        "place": "二号车间",
        "basis": "《工贸企业粉尘防爆安全规定》第十五条",
        "penalty_basis": "",
        "measure": "rectify_within",
        "deadline": "2026-09-16",
        "corrected_on_site": False,
    }
    return make_op("finding.add", f"finding/01990000-0000-7000-8000-{digest[:12]}", value)


_START = {
    "latitude": "34.6",
    "longitude": "119.2",
    "accuracy_m": "8",
    "datum": "WGS-84",
    "badge_shown": True,
    "rights_told": True,
    "recording": "",
    "place": "厂区大门",
}
