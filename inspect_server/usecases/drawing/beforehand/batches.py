"""One draw for each batch: whoever may draw again until the result suits has not drawn at all."""

import json

from sqlalchemy.orm import Session

from inspect_server.domain.errors import InspectError
from inspect_server.domain.plan import Batch
from inspect_server.store.drawing import draws
from inspect_server.store.models.planning import Draw, DrawState

STATES = {DrawState.COMMITTED: "已承诺、待揭示", DrawState.REVEALED: "已揭示"}


class BatchDrawnAlready(InspectError):
    """The odds of a batch hold for one draw; a second would double them."""

    code, kind = "draw.batch_drawn", "conflict"
    message = (
        "{batch}已有抽取 {draw_no}（{state}），每批只能抽取一次。"
        "确有错误的，须由见证方会签作废原抽取（draw void）后重新承诺；"
        "要抽取下一批的，请把检查时段的开始日期改到下一批。"
    )


def drawn_for(session: Session, authority: str, batch: Batch) -> Draw | None:
    """
    Return the draw that stands for a batch or for a part of its months, or None.

    A plan that supersedes another within the year inherits what was drawn under it: what counts is
    the months, not the plan. Void draws count for nothing.
    """
    return next(
        (draw for draw in draws.not_void(session, authority) if batch_of(draw).overlaps(batch)),
        None,
    )


def check_not_drawn(session: Session, authority: str, batch: Batch) -> None:
    """
    Refuse a batch for which a draw stands; call under `draws.lock_log`.

    Raises:
        BatchDrawnAlready: Names that draw.
    """
    found = drawn_for(session, authority, batch)
    if found is not None:
        raise drawn_already(found)


def drawn_already(found: Draw) -> BatchDrawnAlready:
    """Return what is said of a batch for which this draw stands, with the next step."""
    return BatchDrawnAlready(
        batch=batch_of(found).name,
        draw_no=found.draw_no,
        state=STATES[found.state],
    )


def batch_of(draw: Draw) -> Batch:
    """Return the batch that a draw was committed for."""
    return Batch.from_json(json.loads(draw.commit_body)["rules"]["batch"])
