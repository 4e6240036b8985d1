"""One complete draw without a database: a certificate, its lines, and what opens them."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import eligibility, pool
from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.eligibility import OfficerLine, TeamRules
from inspect_server.domain.draw.entropy import (
    CHAINS,
    Source,
    SourceKind,
    chain_proof,
    public_bytes,
)
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.hashes.tagged import Hash, suite
from inspect_server.domain.draw.teams import Stage
from inspect_server.domain.draw.verify import Evidence
from inspect_server.gateways.keys import ReceiptKey
from inspect_server.gateways.signatures import ed25519_holds

KEY = ReceiptKey(Ed25519PrivateKey.from_private_bytes(b"k" * 32))
DICE_LEAF = "d1" * 32
KL8 = "cwl.kl8/2026005/01,05,09,12,17,20,23,28,31,36,40,44,47,52,55,61,66,70,74,79"
RULES = TeamRules(
    "应急",
    (Stage("lead/0", "lead"), Stage("member/0", "member")),
    ("lead", "member"),
    ("specialty/member", "specialty/lead"),
)


@dataclass(frozen=True)
class Example:
    """The parts of one draw; `evidence` puts them together for the verifier."""

    certificate: dict[str, Any]
    pool: list[str]
    excluded: list[str]
    eligibility: list[str]
    openings: dict[str, dict[str, Any]]

    def evidence(self, certificate: Any = None, **parts: Any) -> Evidence:
        given: dict[str, Any] = {
            "certificate": self.certificate if certificate is None else certificate,
            "pool": self.pool,
            "excluded": self.excluded,
            "eligibility": self.eligibility,
            "openings": self.openings,
            "keys": {KEY.kid: KEY.public_bytes},
            "check_signature": ed25519_holds,
        }
        return Evidence(**{**given, **parts})


def example(suite_name: str = "sha256", sources: tuple[str, ...] = ("w", "p", "d")) -> Example:
    h = suite(suite_name)
    records = {n: {"uscc": f"9132{n:014d}", "name": f"企业{n}"} for n in range(30)}
    salts = {n: h(f"salt{n}".encode()) for n in records}
    c = {n: pool.commitment(h, salts[n], records[n]) for n in records}
    cell = {n: f"county.{'dust' if n % 2 else 'none'}.red.B.never" for n in range(26)}
    included = pool.lines((cell[n], c[n]) for n in range(26))
    excluded = pool.lines(("closed", c[n]) for n in range(26, 30))
    officers = [
        OfficerLine(h(f"o{n}".encode()).hex(), ("lead", "member"), ("other",), n % 3)
        for n in range(5)
    ]
    lines = eligibility.lines(
        officers,
        [(officers[0].officer, c[1].hex())],
        [(officers[1].officer, officers[2].officer)],
    )
    own, other = h(b"own"), h(b"other")
    declared = [Source(SourceKind.AUTHORITY, chain.anchor(h, own, 5).hex(), "2")]
    values = [chain.value_at(h, own, 5, 2)]
    if "w" in sources:
        declared.append(Source(SourceKind.WITNESS, chain.anchor(h, other, 9).hex(), "3"))
        values.append(chain.value_at(h, other, 9, 3))
    if "p" in sources:
        declared.append(Source(SourceKind.PUBLIC, "cwl.kl8", "2026005"))
        values.append(KL8.encode())
    if "d" in sources:
        declared.append(Source(SourceKind.DICE, "dice.d6", "1"))
        values.append(public_bytes(declared[-1], "dice.d6/1/1,2,3,4,5,6,1,2,3,4"))
    body = checked_body(
        {
            "v": 1,
            "suite": suite_name,
            "draw_no": "2026-01",
            "authority": "云湾区应急管理局",
            "rules": {
                "plan": "p",
                "law": ["x@2025-01-01"],
                "batch": {"year": 2026, "number": 3, "of": 12},
                "visits": ["2026-03-09", "2026-03-20"],
                "pairs": {"recent_draws": 0},
                "teams": [RULES.to_json()],
            },
            "cells": [["county.dust.red.B.never", 300_000], ["county.none.red.B.never", 150_000]],
            "pool_root": pool.lines_root(h, included),
            "excluded_root": pool.lines_root(h, excluded),
            "counts": {"included": len(included), "excluded": len(excluded)},
            "eligibility_root": eligibility.lines_root(h, lines),
            "snapshot_sha256": "ab" * 32,
            "sources": [source.to_json() for source in declared],
            "deadline": "2026-03-09",
            "prev_leaf": "00" * 32,
        }
    )
    leaves = pool.by_cell(body.cells, pool.parse(included, pool.POOL))
    outcome = cert.outcome_of(body, values, leaves, eligibility.parse(lines))
    revealed = [
        cert.declared(source, value, proof_of(h, source, value))
        for source, value in zip(declared, values, strict=True)
    ]
    made = cert.sign(h, cert.build(body, revealed, outcome, "cd" * 32), KEY)
    by_hex = {value.hex(): n for n, value in c.items()}
    openings = {
        one["c"]: {"salt": salts[by_hex[one["c"]]].hex(), "record": records[by_hex[one["c"]]]}
        for one in made["selected"]
    }
    return Example(cert.from_text(cert.to_text(made)), included, excluded, lines, openings)


def proof_of(h: Hash, source: Source, value: bytes) -> str:
    """Return what stands beside a value: the one before it, or where the draw log has the dice."""
    if source.kind is SourceKind.DICE:
        return DICE_LEAF
    return chain_proof(h, source, value) or "" if source.kind in CHAINS else ""


def mutations(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield (path, whole changed value) for every field, element and key of a JSON value."""
    for at, changed in _changed(value):
        yield (*path, *at), changed


def _changed(value: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield (key, "gone"), {k: v for k, v in value.items() if k != key}
            for at, changed in _changed(part):
                yield (key, *at), {**value, key: changed}
        yield ("extra",), {**value, "extra": 1}
        yield ("emptied",), {}
        yield ("other kind",), list(value)
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield (n, "gone"), value[:n] + value[n + 1 :]
            for at, changed in _changed(part):
                yield (n, *at), [*value[:n], changed, *value[n + 1 :]]
        if len(value) > 1:
            yield ("reversed",), value[::-1]
        if value:
            yield ("emptied",), []
        yield ("longer",), [*value, copy.deepcopy(value[-1]) if value else "00"]
        yield ("other kind",), {}
    else:
        for changed in _scalars(value):
            yield (repr(changed),), changed


def _scalars(value: Any) -> Iterator[Any]:
    yield None
    if isinstance(value, str):
        yield value + "0"
        if value:
            yield value[:-1]
        if value and value[-1] in "0123456789abcdef":
            yield value[:-1] + ("0" if value[-1] != "0" else "1")
        if value.upper() != value:
            yield value.upper()
        yield 1
    elif isinstance(value, int):
        yield value + 1
        yield str(value)
        if value in (0, 1):
            yield bool(value)


def fields(value: Any, path: str = "") -> dict[str, bool]:
    """Return every field's path, places in lists as `*`, and whether it ever holds anything."""
    found = {path: value not in ([], {})}
    parts = value.items() if isinstance(value, dict) else ()
    parts = [("*", part) for part in value] if isinstance(value, list) else parts
    for name, part in parts:
        for at, filled in fields(part, f"{path}.{name}").items():
            found[at] = found.get(at, False) or filled
    return found
