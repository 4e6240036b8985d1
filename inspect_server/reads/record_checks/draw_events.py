"""Which columns the events of the draw log set."""

from collections.abc import Mapping

from inspect_server.reads.record_checks.replay import (
    Change,
    Sets,
    actor,
    always,
    at,
    leaf,
    number,
    said,
)
from inspect_server.store.models.planning import DrawState

THE_DRAW, THE_REQUEST = (said("draw"),), (said("request_leaf"),)

DRAWS: Mapping[str, tuple[Change, ...]] = {
    "draw.anchored": (
        Sets(
            "hash_chain",
            (said("chain"),),
            {
                "kind": said("kind"),
                "year": said("year"),
                "suite": said("suite"),
                "anchor_hex": said("anchor"),
                "length": said("length"),
                "public_key_hex": lambda event: event.body.get("public_key") or None,
                "created_at": at,
            },
        ),
    ),
    "draw.committed": (
        Sets(
            "draw",
            THE_DRAW,
            {
                "draw_no": said("draw_no"),
                "plan_id": said("plan"),
                "authority": said("authority"),
                "unit": said("unit"),
                "visit_from": said("visit_from"),
                "visit_to": said("visit_to"),
                "commit_hex": said("commit"),
                "state": always(DrawState.COMMITTED.value),
                "committed_at": at,
                "committed_by": actor,
                "revealed_at": always(None),
                "revealed_by": always(None),
                "certificate": always(None),
            },
        ),
    ),
    "draw.dice_rolled": (
        Sets(
            "draw_dice",
            THE_DRAW,
            {"value": said("value"), "leaf": leaf, "rolled_at": at, "rolled_by": actor},
        ),
    ),
    "draw.revealed": (
        Sets(
            "draw",
            THE_DRAW,
            {
                "state": always(DrawState.REVEALED.value),
                "revealed_at": at,
                "revealed_by": actor,
                "certificate": said("certificate_sha256"),
            },
        ),
    ),
    "draw.void_requested": (
        Sets(
            "draw_void",
            (leaf,),
            {
                "draw_id": said("draw"),
                "reason": said("reason"),
                "evidence_sha256": said("evidence_sha256"),
                "requested_at": at,
                "requested_by": actor,
                "approved_by": said("approved_by"),
                "paper_because": said("paper_because"),
                "voided_at": always(None),
                "voided_by": always(None),
            },
        ),
    ),
    "draw.voided": (
        Sets(
            "draw",
            THE_DRAW,
            {"certificate": said("certificate_sha256")},
            only_if={"state": DrawState.COMMITTED.value},
        ),
        Sets("draw", THE_DRAW, {"state": always(DrawState.VOID.value)}),
        Sets("draw_void", THE_REQUEST, {"voided_at": at, "voided_by": actor}),
    ),
    "draw.replacement_requested": (
        Sets(
            "draw_replacement",
            (leaf,),
            {
                "draw_id": said("draw"),
                "k": said("k"),
                "kind": said("kind"),
                "reason": said("reason"),
                "task": said("task"),
                "dept": said("dept"),
                "role": said("role"),
                "went_out": said("out"),
                "position": number(said("issue")),
                "evidence_sha256": said("evidence_sha256"),
                "approved_by": said("approved_by"),
                "requested_at": at,
                "requested_by": actor,
                "completed_at": always(None),
                "completed_by": always(None),
                "entry": always(None),
            },
        ),
    ),
    "draw.replaced": (
        Sets(
            "draw_replacement",
            THE_REQUEST,
            {"completed_at": at, "completed_by": actor, "entry": said("entry_sha256")},
        ),
    ),
}
