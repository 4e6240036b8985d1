"""Which cells a commit merged: for the office, as what is published names labels only."""

import json
from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.errors import NotFound
from inspect_server.domain.plan import Part, Plan, is_merged
from inspect_server.store.drawing.registry_then import placed
from inspect_server.store.models.planning import Draw
from inspect_server.store.models.planning import Plan as PlanRow
from inspect_server.usecases.drawing.pool import facts_of
from inspect_server.usecases.work import BlobStore


def merged_cells(
    session: Session, blobs: BlobStore, draw_id: UUID
) -> Mapping[str, tuple[Part, ...]]:
    """
    Return what went into each merged cell of a draw, from the snapshot that it committed to.

    Raises:
        NotFound: No such draw.
        BlobMissing, BlobDamaged: The snapshot is gone or is another.
    """
    draw = session.get(Draw, draw_id)
    if draw is None:
        raise NotFound(what="该次抽取")
    body = json.loads(draw.commit_body)
    merged = [cell for cell, _ in body["cells"] if is_merged(cell)]
    if not merged:
        return {}
    plan = Plan.from_json(session.get_one(PlanRow, draw.plan_id).body)
    label_of = {
        json.loads(record)["uscc"]: label for label, _, record in placed(session, draw_id, merged)
    }
    parts: dict[str, Counter[str]] = {label: Counter() for label in merged}
    for line in map(json.loads, blobs.read(body["snapshot_sha256"]).splitlines()):
        if (label := label_of.get(line["uscc"])) is not None:
            cell, _ = plan.cell_of(facts_of(line), draw.visit_from)
            parts[label][cell] += 1
    return {
        label: tuple(Part(*one) for one in sorted(found.items())) for label, found in parts.items()
    }
