"""Whole draws in which every list of the certificate holds something."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import eligibility, pool
from inspect_server.domain.draw.commit import CommitBody, checked_body
from inspect_server.domain.draw.eligibility import OfficerLine, TeamRules
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.hashes.tagged import Hash, suite
from inspect_server.domain.draw.replacement.choosing import after, replacement
from inspect_server.domain.draw.replacement.requests import Reason, Request
from inspect_server.domain.draw.replacement.standing import (
    Ground,
    Standing,
    as_drawn,
    ground_of,
    witness_of,
)
from inspect_server.domain.draw.replacement.void import (
    PaperReason,
    Void,
    VoidReason,
    never_revealed,
    void_message,
)
from inspect_server.domain.draw.teams import Stage
from inspect_server.domain.plan.batches import Batch
from inspect_server.gateways.keys import ReceiptKey
from tests.unit.draw_example import proof_of

KEYS = [ReceiptKey(Ed25519PrivateKey.from_private_bytes(byte * 32)) for byte in (b"a", b"b")]
WITNESS = ReceiptKey(Ed25519PrivateKey.from_private_bytes(b"w" * 32))
KL8 = "cwl.kl8/2026005/01,05,09,12,17,20,23,28,31,36,40,44,47,52,55,61,66,70,74,79"
REASONS = [Reason.RECUSAL, Reason.CLOSED, Reason.ILLNESS, Reason.MOVED]
RULES = [
    TeamRules(
        "应急",
        (Stage("lead/0", "lead"), Stage("member/0", "member"), Stage("expert/0", "expert")),
        ("member", "expert"),
        ("specialty/expert", "pair", "specialty/member"),
    ),
    TeamRules("消防", (Stage("lead/0", "fire"), Stage("member/0", "fire")), (), ("pair",)),
]


@dataclass
class Made:
    """One draw: its parts, from which certificates are put together."""

    h: Hash
    body: CommitBody
    files: dict[str, str]
    certificate: dict[str, Any]


def full(
    suite_name: str = "sha256",
    seed: int = 0,
    replaced: bool = True,
    *,
    issue: str = "2026005",
    witness: int | None = None,
    position: int = 3,
    batch: dict[str, int] | None = None,
    reasons: Sequence[Reason] = REASONS,
) -> Made:
    """
    Return a revealed draw with replacements, a timestamp, openings and two signatures.

    Args:
        issue: Of the lottery.
        witness: Whose chain, as the seed of the draw that has it; its own when None.
        position: Of the witness's value.
        batch: The month numbered as the seed when None.
        reasons: Of the replacements, in order.
    """
    h = suite(suite_name)
    known = {n: identity(h, seed, n) for n in range(48)}
    c = {n: pool.commitment(h, *one) for n, one in known.items()}
    cells = [("town.dust.red.B.never", 110_000), ("town.none.red.B.never", 90_000), ("empty", 7)]
    included = pool.lines((cells[n % 2][0], c[n]) for n in range(44))
    excluded = pool.lines(("closed", c[n]) for n in range(44, 48))
    lines = _officers(h, seed, [c[n].hex() for n in range(44)])
    own, other = h(b"own%d" % seed), h(b"other%d" % (seed if witness is None else witness))
    sources = [
        Source(SourceKind.AUTHORITY, chain.anchor(h, own, 5).hex(), "2"),
        Source(SourceKind.WITNESS, chain.anchor(h, other, 30).hex(), str(position)),
        Source(SourceKind.PUBLIC, "cwl.kl8", issue),
        Source(SourceKind.DICE, "dice.d6", "1"),
    ]
    values = [
        chain.value_at(h, own, 5, 2),
        chain.value_at(h, other, 30, position),
        KL8.replace("2026005", issue).encode(),
        b"dice.d6/1/1,2,3,4,5,6,1,2,3,4",
    ]
    stands = Batch(**(batch or {"year": 2026, "number": seed % 12 + 1, "of": 12}))
    visits = [stands.first_day + timedelta(8), stands.first_day + timedelta(19)]
    body = checked_body(
        {
            "v": 1,
            "suite": suite_name,
            "draw_no": f"2026-{seed:02d}",
            "authority": "云湾区应急管理局",
            "rules": {
                "plan": "p",
                "law": ["x@2025-01-01", "y@2026-01-01+local"],
                "visits": [day.isoformat() for day in visits],
                "pairs": {"recent_draws": 1},
                "batch": stands.to_json(),
                "teams": [one.to_json() for one in RULES],
            },
            "cells": [list(cell) for cell in cells],
            "pool_root": pool.lines_root(h, included),
            "excluded_root": pool.lines_root(h, excluded),
            "counts": {"included": len(included), "excluded": len(excluded)},
            "eligibility_root": eligibility.lines_root(h, lines),
            "snapshot_sha256": "ab" * 32,
            "sources": [source.to_json() for source in sources],
            "deadline": visits[0].isoformat(),
            "prev_leaf": h(b"before%d" % seed).hex(),
        }
    )
    leaves = pool.by_cell(body.cells, pool.parse(included, pool.POOL))
    outcome = cert.outcome_of(body, values, leaves, eligibility.parse(lines))
    assert outcome.places
    revealed = [
        cert.declared(source, value, proof_of(h, source, value))
        for source, value in zip(sources, values, strict=True)
    ]
    made = cert.build(body, revealed, outcome, "cd" * 32)
    ground = ground_of(body, outcome.seed, leaves, eligibility.parse(lines))
    standing = as_drawn(outcome.selection, outcome.places, ground.rules, witness_of(body))
    if replaced:
        made["replacements"] = _replacements(ground, standing, sources[1], other, reasons)
    made["timestamps"] = [stamped(body.digest())]
    numbers = {value.hex(): n for n, value in c.items()}
    for one in made["selected"]:
        salt, record = known[numbers[one["c"]]]
        one["opening"] = {"salt": salt.hex(), "record": record}
    files = {
        "pool.txt": _joined(included),
        "excluded.txt": _joined(excluded),
        "eligibility.txt": _joined(lines),
        "keys.json": json.dumps({key.kid: key.public_bytes.hex() for key in KEYS}),
        "witness-keys.json": json.dumps({WITNESS.kid: WITNESS.public_bytes.hex()}),
    }
    return Made(h, body, files, made)


def identity(h: Hash, seed: int, n: int) -> tuple[bytes, dict[str, str]]:
    """Return salt and record of enterprise `n`."""
    record = {"uscc": f"9132{seed}{n:013d}", "name": f"企业“{n}”号"}
    return h(f"salt{seed}/{n}".encode()), record


def signed(made: Made, certificate: dict[str, Any], keys: int = 1) -> dict[str, str]:
    """Return the files of a draw with this certificate, signed by one key or both."""
    for key in KEYS[:keys]:
        certificate = cert.sign(made.h, certificate, key)
    return {**made.files, "certificate.json": cert.to_text(certificate)}


def voided(
    made: Made,
    revealed: bool = True,
    paper: bool = False,
    reason: VoidReason = VoidReason.POOL_WRONG,
) -> dict[str, Any]:
    """Return the certificate of the draw made void, before or after its reveal."""
    leaf = "ee" * 32
    message = void_message(
        made.h,
        draw_no=made.body.data["draw_no"],
        commit=made.body.digest().hex(),
        reason=reason,
        request_leaf=leaf,
    )
    void = Void(reason, leaf, WITNESS.kid, WITNESS.sign(message).hex())
    if paper:
        void = Void(reason, leaf, paper_sha256="aa" * 32, because=PaperReason.LOST)
    if revealed:
        return {**made.certificate, "void": void.to_json()}
    return never_revealed(made.body, void.to_json(), "cd" * 32)


def stamped(commit: bytes) -> dict[str, str]:
    """Return a timestamp with the right imprint and no signature that anybody could check."""
    token = b"\x30\x24imprint\x04\x20" + hashlib.sha256(commit).digest()
    return {"kind": "rfc3161", "tsa": "某时间戳机构", "token_b64": base64.b64encode(token).decode()}


def _officers(h: Hash, seed: int, tasks: list[str]) -> list[str]:
    ids = [h(f"officer{seed}/{n}".encode()).hex() for n in range(18)]
    lines = []
    for n, officer in enumerate(ids):
        roles = (
            ("fire",)
            if n >= 11
            else (("expert", "member") if n in (1, 2, 4, 5, 7) else ("lead", "member"))
        )
        tags = ("dust",) if n % 3 == 0 else ("gas", "other") if n % 3 == 1 else ()
        lines.append(OfficerLine(officer, roles, tags, n % 4))
    recusals = [(ids[n % 18], tasks[n]) for n in range(0, 40, 3)]
    banned = [(ids[0], ids[5]), (ids[6], ids[7]), (ids[11], ids[12]), (ids[11], ids[13])]
    return eligibility.lines(lines, recusals, banned)


def _replacements(
    ground: Ground, standing: Standing, source: Source, secret: bytes, reasons: Sequence[Reason]
) -> list[dict[str, Any]]:
    rows = []
    for k, reason in enumerate(reasons, start=1):
        tasks = sorted(standing.teams)
        task = tasks[k % len(tasks)]
        place, officer = list(standing.teams[task].places.items())[k % 5]
        of_officer = reason.kind == "officer"
        request = Request(
            k=k,
            reason=reason,
            task=task,
            dept=place[0] if of_officer else "",
            role=place[1] if of_officer else "",
            out=officer if of_officer else task,
            leaf=ground.h(b"request%d" % k).hex(),
        )
        at = Source(SourceKind.WITNESS, source.name, str(3 + 2 * k))
        value = chain.value_at(ground.h, secret, 30, 3 + 2 * k)
        made = replacement(ground, standing, request, at, value)
        standing = after(standing, made)
        rows.append(made.to_json())
    return rows


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
