"""What is public at once: anchors, the year's rules, and the digest and totals of a commit."""

import hashlib
import json
from importlib.resources import files
from typing import Any

from inspect_server.domain import law
from inspect_server.store import publications
from inspect_server.store.models.disclosure import NoticeKind, PublishedNotice
from inspect_server.store.models.planning import Draw, HashChain, Plan
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

CASE = "disclosure"
"""The case of the record in which everything published, corrected and proved is noted."""
NEW_PLAN = "经批准的新年度计划"
OWN_RATE = "本机关公布的参数"


def publish_chain(work: Work, chain: HashChain) -> None:
    """Publish the anchor of a hash chain, in the transaction in which it is laid down."""
    publish(
        work,
        NoticeKind.ANCHOR,
        chain.anchor_hex,
        chain.year,
        {
            "kind": chain.kind,
            "holder": chain.holder,
            "year": chain.year,
            "suite": chain.suite,
            "anchor": chain.anchor_hex,
            "length": chain.length,
            "public_key": chain.public_key_hex or "",
        },
    )


def publish_rules(work: Work, plan: Plan) -> None:
    """Publish odds, factors and caps of an approved plan, each with its row of law and source."""
    rules = plan.body["rules"]
    subject = str(plan.year)
    earlier = publications.newest_notice(work.session, NoticeKind.RULES, subject)
    publish(
        work,
        NoticeKind.RULES,
        subject,
        plan.year,
        {
            "plan": str(plan.id),
            "first_day": plan.body["first_day"],
            "rules": rules,
            "sources": [_source(ref) for ref in rules["refs"]],
            "verifiers": verifier_hashes(),
        },
        reason="" if earlier is None else NEW_PLAN,
    )


def publish_commit(work: Work, draw: Draw) -> None:
    """
    Publish digest and totals of a commit, and which values it waits for.

    Cells, days and lists stay back: checks are unannounced.
    """
    body = json.loads(draw.commit_body)
    publish(
        work,
        NoticeKind.COMMIT,
        draw.draw_no,
        draw.visit_from.year,
        {
            "draw_no": draw.draw_no,
            "authority": draw.authority,
            "suite": body["suite"],
            "commit": draw.commit_hex,
            "included": body["counts"]["included"],
            "excluded": body["counts"]["excluded"],
            "sources": body["sources"],
            "deadline": body["deadline"],
            "committed_at": draw.committed_at.isoformat(),
        },
    )


def publish_missing(work: Work) -> int:
    """Publish what ought to be public at once and is not, as after an upgrade; return how much."""
    chains, plans, drawn = publications.unpublished(work.session)
    for chain in chains:
        publish_chain(work, chain)
    for plan in plans:
        publish_rules(work, plan)
    for draw in drawn:
        publish_commit(work, draw)
    return len(chains) + len(plans) + len(drawn)


def publish(
    work: Work,
    kind: NoticeKind,
    subject: str,
    year: int,
    body: dict[str, Any],
    reason: str = "",
    noted: dict[str, Any] | None = None,
) -> PublishedNotice:
    """Add one notice and note it in the record by its hash."""
    made = publications.add_notice(
        work.session,
        kind,
        subject,
        year=year,
        body=body,
        at=work.now,
        by=work.actor.label,
        reason=reason,
    )
    note(
        work,
        "disclosure.published",
        CASE,
        {
            "kind": kind.value,
            "subject": subject,
            "revision": made.revision,
            "body_sha256": _digest(body),
            "year": year,
            "reason_sha256": hashlib.sha256(reason.encode("utf-8")).hexdigest(),
            **(noted or {}),
        },
    )
    return made


def verifier_hashes() -> dict[str, str]:
    """Return the SHA-256 of every verifier that is shipped, by file name."""
    folder = files("inspect_server").joinpath("disclosure", "verifiers")
    return {
        part.name: hashlib.sha256(part.read_bytes()).hexdigest()
        for part in sorted(folder.iterdir(), key=lambda part: part.name)
        if part.is_file() and part.name != "__init__.py"
    }


def _source(ref: str) -> dict[str, Any]:
    """Say what a row of law rests on; the bureau's own rows are told by their mark."""
    id, _, since = ref.partition("@")
    for row in law.book():
        if row.id == id and (row.ref == ref or since.endswith("+local")):
            own = row.ref != ref
            return {
                "ref": ref,
                "title": row.title,
                "source": OWN_RATE if own else row.source,
                "verified": own or row.verified,
            }
    return {"ref": ref, "title": "", "source": OWN_RATE, "verified": True}


def _digest(body: dict[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
