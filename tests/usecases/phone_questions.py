"""What a phone knows of a visit, as the print pack is asked: from what it would have pulled."""

import hashlib
import json
from typing import Any

from inspect_server.store.models.inspection import Inspection
from pdf_templates.photos import prepare
from sync import engine
from sync.entries import Operation
from sync.merge import fold
from sync.protocol import PulledDocument, PullRequest
from tests.store.sync_world import SqlWorld
from tests.usecases.phones import Visit


def question(visit: Visit, document: str, paper: str, *, holds: bool = True) -> dict[str, Any]:
    """
    Return what a phone of the lead asks.

    Args:
        document, paper: As in `POST /previews`.
        holds: Whether the phone holds the operations that others replaced, its partner's too.
    """
    pulled = _pulled(visit)
    task = next(body for kind, body in pulled if kind == "task")
    record = fold(str(visit.inspection), visit.operations())
    gone = {id for kind, body in pulled if kind == "item" for id in body["gone"]}
    return {
        "document": document,
        "paper": paper,
        "now": visit.backend.clock.now().isoformat(),
        "task": task,
        "enterprise": next(body for kind, body in pulled if kind == "enterprise"),
        "forms": [body for kind, body in pulled if kind == "form"],
        "items": [
            {"id": body["item"], "heads": body["heads"], "gone": body["gone"]}
            for kind, body in pulled
            if kind == "item"
        ],
        "operations": [_operation(op) for op in visit.operations() if holds and op.id in gone],
        "signatures": [
            {"item": one.item, "head": one.head.id, "stale": one.stale, "unseen": list(one.unseen)}
            for one in record.signatures
        ],
    }


def pictures(visit: Visit) -> dict[str, bytes]:
    """Return the photos of a visit as they are printed."""
    found = {}
    for op in visit.operations():
        if op.type == "photo.add" and visit.backend.blobs.has(op.blob):
            content = visit.backend.blobs.read(op.blob)
            assert hashlib.sha256(content).hexdigest() == op.blob
            found[op.blob] = prepare(content)
    return {name: content for name, content in found.items() if content is not None}


def _pulled(visit: Visit) -> list[tuple[str, Any]]:
    found: list[PulledDocument] = []
    cursor, more = "", True
    while more:
        with SqlWorld(visit.backend).begin() as journal:
            page = engine.pull(journal, visit.phone(0).replica, PullRequest(cursor))
        found += page.docs
        cursor, more = page.cursor, page.has_more
    return [
        (one.kind, body)
        for one in found
        if not one.deleted and _is_of(visit, one.kind, body := json.loads(bytes(one.body)))
    ]


def _is_of(visit: Visit, kind: str, body: Any) -> bool:
    """Whether a document is this visit's: the lead has another task, too."""
    whose = {"task": "id", "item": "assignment"}.get(kind)
    if kind == "enterprise":
        return bool(body["id"] == str(_enterprise(visit)))
    return whose is None or bool(body[whose] == str(visit.inspection))


def _enterprise(visit: Visit) -> object:
    with visit.backend.reading() as session:
        return session.get_one(Inspection, visit.inspection).enterprise_id


def _operation(op: Operation) -> dict[str, Any]:
    return {
        "id": op.id,
        "item": op.item,
        "type": op.type,
        "value": json.loads(op.value),
        "user": op.user,
        "wall": op.wall,
        "hlc": op.hlc,
    }
