"""One draw for each batch: whoever may draw again until the result suits has not drawn at all."""

import json

from sqlalchemy.orm import Session

from inspect_server.domain.errors import InspectError
from inspect_server.domain.plan import Batch
from inspect_server.store.drawing import draws
from inspect_server.store.models.planning import Draw, DrawState

_UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
STATES = {DrawState.COMMITTED: "已承诺、待揭示", DrawState.REVEALED: "已揭示"}


class BatchDrawnAlready(InspectError):
    """The odds of a batch hold for one draw; a second would double them."""

    code, kind = "draw.batch_drawn", "conflict"
    message = (
        "{batch}已有抽取 {draw_no}（{state}），每批只能抽取一次。"
        "确有错误的，须由见证方会签作废原抽取（draw void）后重新承诺；"
        "要抽取下一批的，请把检查时段的开始日期改到下一批。"
    )


def drawn_for(session: Session, batch: Batch) -> Draw | None:
    """
    Return the draw that stands for a batch or for a part of its months, or None.

    A plan that supersedes another within the year inherits what was drawn under it: what counts is
    the months, not the plan, nor the name that the bureau had. Void draws count for nothing.
    """
    return next((one for one in draws.not_void(session) if batch_of(one).overlaps(batch)), None)


def check_not_drawn(session: Session, batch: Batch) -> None:
    """
    Refuse a batch for which a draw stands; call under `draws.lock_log`.

    Raises:
        BatchDrawnAlready: Names that draw.
    """
    found = drawn_for(session, batch)
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
    return _batch_in(draw.commit_body)


def drawn_twice(session: Session, draw: Draw) -> str:
    """Return which other draws stand for a month of this one's batch, "" when none does."""
    if draw.state is DrawState.VOID:
        return ""
    batch = batch_of(draw)
    beside = draws.standing_beside(session, draw.id)
    others = "、".join(number for number, body in beside if _stands_for(body, batch))
    return f"抽取 {others} 是同一批次的另一次抽取，且都未作废" if others else ""


def _stands_for(body: str, batch: Batch) -> bool:
    try:
        return _batch_in(body).overlaps(batch)
    except _UNREADABLE:
        return False  # the check of that draw itself says that it cannot be read


def _batch_in(body: str) -> Batch:
    return Batch.from_json(json.loads(body)["rules"]["batch"])
