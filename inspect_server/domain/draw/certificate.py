"""The certificate: one JSON object from which, with the lines, a draw can be recomputed."""

import codecs
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from inspect_server.domain.draw.commit import CommitBody
from inspect_server.domain.draw.eligibility import Eligibility, TeamRules
from inspect_server.domain.draw.entropy import Source
from inspect_server.domain.draw.errors import BadCertificate
from inspect_server.domain.draw.hashes.tagged import (
    SIZE,
    Hash,
    NotStrict,
    jcs,
    read_json,
    tagged,
)
from inspect_server.domain.draw.seed import seed_of
from inspect_server.domain.draw.selection import Selection, select
from inspect_server.domain.draw.staffing import Place, staff

KEYS = (
    "v",
    "suite",
    "draw_no",
    "commit_body",
    "commit",
    "timestamps",
    "entropy",
    "seed",
    "r",
    "counts",
    "selected",
    "teams",
    "replacements",
    "log_head",
    "signatures",
)
LISTS = ("timestamps", "entropy", "counts", "selected", "teams", "replacements", "signatures")
"""Those of them that hold lists."""
VOID = "void"
"""The key that only the certificate of a void draw has."""
GIVEN = "given"
"""The source that `draw compute` names for entropy handed to it."""


BOM = "\ufeff"


class Signer(Protocol):
    """An Ed25519 key of the authority; the domain never sees the key itself."""

    @property
    def kid(self) -> str:
        """The id under which the key is published."""

    def sign(self, content: bytes) -> bytes:
        """Return the 64-byte signature."""


CheckSignature = Callable[[bytes, bytes, bytes], bool]
"""(public key, signature, content) -> whether Ed25519 holds."""


@dataclass(frozen=True)
class Revealed:
    """One source's value as the certificate shows it."""

    source: str
    issue: str
    value: bytes
    proof: str

    def to_json(self) -> dict[str, str]:
        """Return the object of the certificate's `entropy` list."""
        return {
            "source": self.source,
            "issue": self.issue,
            "bytes_hex": self.value.hex(),
            "proof": self.proof,
        }


@dataclass(frozen=True)
class Outcome:
    """What a commit and its entropy lead to. `places` is None when teams are infeasible."""

    seed: bytes
    selection: Selection
    places: list[Place] | None


def outcome_of(
    body: CommitBody,
    entropy: Sequence[bytes],
    leaves: Mapping[str, Sequence[bytes]],
    eligibility: Eligibility | None,
) -> Outcome:
    """
    Compute the only result that these inputs allow.

    Args:
        leaves: The commitments of each declared cell.
        eligibility: None for a draw without teams.
    """
    seed = seed_of(body.hash, body.digest(), entropy)
    selection = select(body.hash, seed, body.cells, leaves)
    places = [] if eligibility is None else places_of(body, seed, selection, eligibility)
    return Outcome(seed, selection, places)


def places_of(
    body: CommitBody, seed: bytes, selection: Selection, eligibility: Eligibility
) -> list[Place] | None:
    """Return the teams of all departments for those who were selected; None: infeasible."""
    tasks = [(chosen.cell, chosen.commitment) for chosen in selection.selected]
    places: list[Place] = []
    for rules in body.team_rules:
        found = staff(body.hash, seed, TeamRules.from_json(rules), tasks, eligibility)
        if found is None:
            return None
        places += found
    return places


def build(
    body: CommitBody, revealed: Sequence[Revealed], outcome: Outcome, log_head: str
) -> dict[str, Any]:
    """Return the certificate without signatures."""
    return {
        "v": 1,
        "suite": body.data["suite"],
        "draw_no": body.data["draw_no"],
        "commit_body": dict(body.data),
        "commit": body.digest().hex(),
        "timestamps": [],
        "entropy": [part.to_json() for part in revealed],
        "seed": outcome.seed.hex(),
        "r": outcome.selection.r,
        "counts": list(outcome.selection.counts),
        "selected": selected_json(outcome.selection),
        "teams": teams_json(outcome.places or []),
        "replacements": [],
        "log_head": log_head,
        "signatures": [],
    }


def unrevealed(body: CommitBody, log_head: str) -> dict[str, Any]:
    """Return the certificate, without signatures, of a draw that has no result."""
    return build(body, [], Outcome(b"", Selection(0, (), ()), []), log_head)


def reissued(certificate: Mapping[str, Any], log_head: str, **changes: Any) -> dict[str, Any]:
    """Return the next version of a certificate, without signatures."""
    return {**certificate, **changes, "log_head": log_head, "signatures": []}


def selected_json(selection: Selection) -> list[dict[str, str]]:
    """Return the certificate's `selected` list."""
    return [
        {"cell": cell, "c": both[SIZE:].hex(), "ticket": both[:SIZE].hex()}
        for cell, winners in zip(selection.cells, selection.winners, strict=True)
        for both in winners
    ]


def teams_json(places: Sequence[Place]) -> list[dict[str, Any]]:
    """Return the certificate's `teams` list; `role` holds the stage's label."""
    return [
        {
            "task": place.task.hex(),
            "dept": place.dept,
            "role": place.label,
            "officer": place.officer.hex(),
            "attempt": place.attempt,
            "relaxed": list(place.relaxed),
        }
        for place in places
    ]


def key_id(public_key: bytes) -> str:
    """Return the id of a raw public key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def signed_bytes(h: Hash, certificate: Mapping[str, Any]) -> bytes:
    """Return TH("sjc/cert/1", JCS(certificate without signatures)), which signatures cover."""
    bare = {key: value for key, value in certificate.items() if key != "signatures"}
    return tagged(h, "sjc/cert/1", jcs(bare))


def sign(h: Hash, certificate: Mapping[str, Any], signer: Signer) -> dict[str, Any]:
    """Return the certificate with one more signature."""
    signature = {
        "key_id": signer.kid,
        "ed25519_hex": signer.sign(signed_bytes(h, certificate)).hex(),
    }
    return {**certificate, "signatures": [*certificate["signatures"], signature]}


def to_text(certificate: Mapping[str, Any]) -> str:
    """Return the certificate as it is stored and published."""
    return jcs(dict(certificate)).decode("utf-8")


def from_text(text: str | bytes) -> dict[str, Any]:
    """
    Read a certificate's JSON; what it says is checked by `verify`.

    Keys and openings are read alike. A mark of byte order, which editors put there, is passed over.

    Raises:
        BadCertificate: Not JSON, not an object, a key given twice, nested too deeply, or a number
            that is no integer.
    """
    try:
        bare = (
            text.removeprefix(BOM) if isinstance(text, str) else text.removeprefix(codecs.BOM_UTF8)
        )
        loaded = read_json(bare)
    except NotStrict as error:
        raise BadCertificate(reason=str(error)) from None
    if not isinstance(loaded, dict):
        raise BadCertificate(reason="不是 JSON 对象")
    return loaded


def declared(source: Source, value: bytes, proof: str) -> Revealed:
    """Return a declared source's value as the certificate shows it."""
    return Revealed(source.name, source.issue, value, proof)
