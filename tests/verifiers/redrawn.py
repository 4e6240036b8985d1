"""
A forger's own program: commit, seed and enterprises of any body at all, then every signature.

It reads nothing strictly and refuses nothing. Teams and replacements are those of the package where
it makes any of what it is given, else they stay as they were.
"""

import copy
import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import eligibility, pool
from inspect_server.domain.draw.commit import CommitBody
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.domain.draw.replacement.choosing import after, replacement
from inspect_server.domain.draw.replacement.requests import Reason, Request
from inspect_server.domain.draw.replacement.standing import as_drawn, ground_of, witness_of
from inspect_server.gateways.keys import ReceiptKey
from tests.unit import draw_model
from tests.unit.draw_example import DICE_LEAF
from tests.verifiers.edits import told
from tests.verifiers.full_draw import KEYS, WITNESS, stamped

Files = dict[str, str]
Json = dict[str, Any]
REFUSED = (Exception,)
"""Whatever the package raises when it makes nothing of a forgery."""


@dataclass(frozen=True)
class Draft:
    """A draw's files without its certificate, and the certificate not yet signed."""

    files: Files
    certificate: Json

    @property
    def body(self) -> Json:
        """The commit body."""
        body: Json = self.certificate["commit_body"]
        return body

    def lines(self, name: str) -> list[str]:
        """Return a file's lines."""
        return self.files.get(name, "").split("\n")[:-1]


def plain(value: Any) -> bytes:
    """Return canonical JSON of anything, NFC or not, with whatever has no canonical form."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def nfc(value: Any) -> Any:
    """Return the value with every text as a strict reader would like it."""
    return json.loads(unicodedata.normalize("NFC", json.dumps(value, ensure_ascii=False)))


def signed(draft: Draft, keys: Sequence[ReceiptKey] = KEYS[:1]) -> Files:
    """Return the files of the draft, signed anew whatever it holds."""
    bare = {key: part for key, part in draft.certificate.items() if key != "signatures"}
    h = _hash(draft.certificate)
    content = draw_model.th(h, "sjc/cert/1", plain(bare))
    made = [{"key_id": key.kid, "ed25519_hex": key.sign(content).hex()} for key in keys]
    return {**draft.files, "certificate.json": told({**bare, "signatures": made})}


def redrawn(draft: Draft) -> Draft:
    """Return the draft with all that follows from its body, its values and its lines."""
    made, body = copy.deepcopy(draft.certificate), draft.body
    h, is_void_before = _hash(made), "void" in made and made["entropy"] == []
    commit = draw_model.th(h, "sjc/commit/1", plain(body))
    made |= {"commit": commit.hex(), "suite": body.get("suite"), "draw_no": body.get("draw_no")}
    if made["timestamps"]:
        made["timestamps"] = [stamped(commit)]
    if not is_void_before:
        made["entropy"] = _entropy(h, body, made["entropy"])
        made |= _drawn(h, body, commit, made["entropy"], draft.lines("pool.txt"))
        made |= _staffed(Draft(draft.files, made), draft.certificate)
    if isinstance(made.get("void"), dict) and "key_id" in made["void"].get("cosigned", {}):
        made["void"] = _void(h, made)
    return Draft(draft.files, made)


def rooted(draft: Draft) -> Draft:
    """Return the draft committed to its lines as they are."""
    h, body = _hash(draft.certificate), dict(draft.body)
    for name, root in (("pool", "pool_root"), ("excluded", "excluded_root")):
        if root in body:
            lines = [row.encode() for row in draft.lines(f"{name}.txt")]
            body[root] = draw_model.root(h, lines).hex()
    if "counts" in body:
        lines = [row.encode() for row in draft.lines("eligibility.txt")]
        body["eligibility_root"] = draw_model.root(h, lines).hex()
        sizes = (len(draft.lines("pool.txt")), len(draft.lines("excluded.txt")))
        body["counts"] = dict(zip(("included", "excluded"), sizes, strict=True))
    return Draft(draft.files, {**draft.certificate, "commit_body": body})


def _hash(certificate: Mapping[str, Any]) -> Any:
    body = certificate.get("commit_body")
    name = body.get("suite") if isinstance(body, dict) else ""
    return suite("sm3" if name == "sm3" else "sha256")


def _entropy(h: Any, body: Json, before: list[Json]) -> list[Json]:
    """Return the values of the sources under the names that the body gives them."""
    sources = body.get("sources")
    if not isinstance(sources, list):
        return before
    found = []
    for n, source in enumerate(sources):
        if not isinstance(source, dict):
            continue
        name, issue = source.get("name"), source.get("issue")
        value = bytes.fromhex(before[n % len(before)]["bytes_hex"])
        is_chain = source.get("kind") in ("authority_chain", "witness_chain")
        if not is_chain and len(value) != 32:
            numbers = value.rpartition(b"/")[2].decode()
            value = f"{name}/{issue}/{numbers}".encode("utf-8", "replace")
        proof = h(value).hex() if is_chain else DICE_LEAF if source.get("kind") == "dice" else ""
        found.append({"source": name, "issue": issue, "bytes_hex": value.hex(), "proof": proof})
    return found


def _drawn(h: Any, body: Json, commit: bytes, entropy: list[Json], lines: list[str]) -> Json:
    values = [bytes.fromhex(one["bytes_hex"]) for one in entropy]
    start = commit + b"".join(map(draw_model.lp, values))
    seed = draw_model.th(h, "sjc/seed/1", start)
    r = draw_model.uniform(h, seed, "sjc/round/1", 10**6)
    rows = [row.split("\t") for row in lines]
    counts, selected, total = [], [], r
    for cell in body["cells"] if isinstance(body.get("cells"), list) else []:
        if not (isinstance(cell, list) and len(cell) == 2 and isinstance(cell[1], int)):
            continue
        name, p = cell
        leaves = [row[-1] for row in rows if row[0] == name and len(row[-1]) == 64]
        low = sorted((h(h(b"sjc/ticket/1") + seed + bytes.fromhex(c)).hex(), c) for c in leaves)
        count = (total + len(low) * p) // 10**6 - total // 10**6
        total += len(low) * p
        counts.append(count)
        selected += [{"cell": name, "c": c, "ticket": t} for t, c in low[:count]]
    return {"seed": seed.hex(), "r": r, "counts": counts, "selected": selected}


def _staffed(draft: Draft, before: Json) -> Json:
    """Return teams and replacements by the package, else as they were."""
    try:
        body = CommitBody(draft.body)
        if body.is_compute:
            return {"teams": [], "replacements": []}
        leaves = pool.by_cell(body.cells, pool.parse(draft.lines("pool.txt"), pool.POOL))
        officers = eligibility.parse(draft.lines("eligibility.txt"))
        values = [bytes.fromhex(one["bytes_hex"]) for one in draft.certificate["entropy"]]
        outcome = cert.outcome_of(body, values, leaves, officers)
        places = outcome.places or []
        ground = ground_of(body, outcome.seed, leaves, officers)
        standing = as_drawn(outcome.selection, places, ground.rules, witness_of(body))
    except REFUSED:
        return {key: before[key] for key in ("teams", "replacements")}
    rows = []
    for n, row in enumerate(before["replacements"], start=1):
        task = sorted(standing.teams)[n % len(standing.teams)] if standing.teams else ""
        try:
            held = list(standing.teams[task].places.items())
            (dept, role), officer = held[n % len(held)]
            reason, of_one = Reason(row["reason"]), row["kind"] == "officer"
            gone = (dept, role, officer) if of_one else ("", "", task)
            request = Request(n, reason, task, *gone, leaf=row["request_leaf"])
            source = Source(SourceKind.WITNESS, row["source"], row["issue"])
            made = replacement(ground, standing, request, source, bytes.fromhex(row["bytes_hex"]))
        except REFUSED:
            break
        standing = after(standing, made)
        rows.append(made.to_json())
    return {"teams": cert.teams_json(places), "replacements": rows}


def _void(h: Any, made: Json) -> Json:
    void = made["void"]
    named = {
        "draw_no": made["draw_no"],
        "commit": made["commit"],
        "reason": void.get("reason"),
        "request_leaf": void.get("request_leaf"),
    }
    signature = WITNESS.sign(draw_model.th(h, "sjc/void/1", plain(named))).hex()
    return {**void, "cosigned": {**void["cosigned"], "ed25519_hex": signature}}


def foreign_key(raw: bytes) -> Json:
    """Return a published key of any bytes under the id that is its own."""
    return {hashlib.sha256(raw).hexdigest()[:16]: raw.hex()}


def key_of(letter: bytes) -> ReceiptKey:
    """Return a key that nobody published."""
    return ReceiptKey(Ed25519PrivateKey.from_private_bytes(letter * 32))
