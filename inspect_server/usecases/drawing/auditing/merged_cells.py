"""Which cells a commit merged: for the office, as what is published names labels only."""

import json
from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.errors import NotFound
from inspect_server.domain.plan import Part, Plan, is_merged, merged_parts, published_labels
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
    if not any(is_merged(cell) for cell, _ in body["cells"]):
        return {}
    plan = Plan.from_json(session.get_one(PlanRow, draw.plan_id).body)
    sizes: Counter[str] = Counter()
    odds: dict[str, int] = {}
    for line in blobs.read(body["snapshot_sha256"]).splitlines():
        facts = facts_of(json.loads(line))
        if plan.exclusion_of(facts, draw.visit_from) is None:
            cell, odds[cell] = plan.cell_of(facts, draw.visit_from)
            sizes[cell] += 1
    label = published_labels(
        {cell: (p, sizes[cell]) for cell, p in odds.items()}, plan.rules.min_cell_leaves
    )
    return merged_parts(label, sizes)
