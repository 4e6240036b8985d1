"""
SJC-DRAW/1 a second time, as its specification reads and with nothing of the package.

Slow and plain on purpose: lists where the package has bit masks, the recursive definition of the
Merkle tree, every ticket sorted. SM3 comes from `cryptography`, not from hashlib.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives import hashes

H = Callable[[bytes], bytes]
PPM = 1_000_000


def suite(name: str) -> H:
    return {"sha256": lambda data: hashlib.sha256(data).digest(), "sm3": _sm3}[name]


def _sm3(data: bytes) -> bytes:
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


def th(h: H, tag: str, data: bytes) -> bytes:
    return h(h(tag.encode("ascii")) + data)


def lp(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def root(h: H, leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 section 2.1.1."""
    if not leaves:
        return h(b"")
    if len(leaves) == 1:
        return h(b"\x00" + leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return h(b"\x01" + root(h, leaves[:k]) + root(h, leaves[k:]))


def draw(
    name: str,
    pool: Sequence[str],
    cells: Sequence[Sequence[Any]],
    entropy: Sequence[bytes],
    **fixed: str,
) -> dict[str, Any]:
    """Root, commit, seed, r, counts and the chosen of each cell; `fixed` is the body's rest."""
    h = suite(name)
    body = {
        **fixed,
        "v": 1,
        "pool_root": root(h, [line.encode() for line in pool]).hex(),
        "cells": [list(cell) for cell in cells],
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    commit = th(h, "sjc/commit/1", text.encode())
    seed = th(h, "sjc/seed/1", commit + b"".join(lp(part) for part in entropy))
    r = uniform(h, seed, "sjc/round/1", PPM)
    counts, selected, total = [], {}, 0
    for cell, p in cells:
        split = [line.split("\t") for line in pool]
        leaves = [bytes.fromhex(c) for label, c in split if label == cell]
        count = (total + len(leaves) * p + r) // PPM - (total + r) // PPM
        total += len(leaves) * p
        tickets = sorted((h(h(b"sjc/ticket/1") + seed + c), c) for c in leaves)
        counts.append(count)
        selected[cell] = [c.hex() for _, c in tickets[:count]]
    return {
        "root": body["pool_root"],
        "commit": commit.hex(),
        "seed": seed.hex(),
        "r": r,
        "counts": counts,
        "selected": selected,
    }


def uniform(h: H, seed: bytes, tag: str, m: int) -> int:
    counter = 0
    while True:
        value = int.from_bytes(th(h, tag, seed + counter.to_bytes(4, "big")), "big")
        if value < 2**256 // m * m:
            return value % m
        counter += 1


def teams(name: str, case: Mapping[str, Any]) -> dict[str, Any] | None:
    """The teams of a case as the published vectors write it."""
    h = suite(name)
    return next(filter(None, (_attempt(h, case, a) for a in range(64))), None)


def _attempt(h: H, case: Mapping[str, Any], a: int) -> dict[str, Any] | None:
    start = bytes.fromhex(case["seed"]) + bytes([a]) + lp(case["dept"].encode())
    order = sorted(case["tasks"], key=lambda t: th(h, "sjc/task/1", start + bytes.fromhex(t)))
    load = {one["officer"]: one["load"] for one in case["officers"]}
    team: dict[str, list[str]] = {task: [] for task in case["tasks"]}
    apart = {frozenset(pair) for pair in case["banned"]}
    for stage in case["stages"]:
        head = start + lp(stage["label"].encode())
        candidates = {}
        for task in order:
            free = [
                o
                for o in case["eligible"][stage["role"]].get(task, [])
                if o not in team[task] and not any(frozenset((o, x)) in apart for x in team[task])
            ]
            if not free:
                return None
            keys = {
                th(h, "sjc/pref/1", head + bytes.fromhex(task) + bytes.fromhex(o)): o for o in free
            }
            candidates[task] = [keys[key] for key in sorted(keys)]
        placed = _place(order, candidates, load)
        if placed is None:
            return None
        for task, officer in placed.items():
            team[task].append(officer)
    return {"attempt": a, "teams": team, "load": load}


def _place(
    order: Sequence[str], candidates: Mapping[str, Sequence[str]], load: dict[str, int]
) -> dict[str, str] | None:
    has: dict[str, str] = {}
    holds: dict[str, list[str]] = {officer: [] for officer in load}
    waiting = list(order)
    cap, top = min(load.values(), default=0), max(load.values(), default=0) + len(order)
    while waiting and cap < top:
        cap += 1
        dead: set[str] = set()
        still = []
        for task in waiting:
            came, end = _search(task, candidates, holds, load, cap, dead)
            if end is None:
                dead |= set(came)
                still.append(task)
                continue
            load[end] += 1
            officer = end
            while True:
                giver = came[officer]
                before = has.get(giver)
                has[giver] = officer
                holds[officer].append(giver)
                if giver == task:
                    break
                assert before is not None
                holds[before].remove(giver)
                officer = before
        waiting = still
    return None if waiting else has


def _search(
    task: str,
    candidates: Mapping[str, Sequence[str]],
    holds: Mapping[str, Sequence[str]],
    load: Mapping[str, int],
    cap: int,
    dead: set[str],
) -> tuple[dict[str, str], str | None]:
    came: dict[str, str] = {}
    queue = [task]
    while queue:
        current = queue.pop(0)
        for officer in candidates[current]:
            if officer in came or officer in dead:
                continue
            came[officer] = current
            if load[officer] < cap:
                return came, officer
            queue += holds[officer]
    return came, None
