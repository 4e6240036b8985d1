"""Settling what two phones disagree about: the lead chooses one of the values and says why."""

from dataclasses import dataclass
from uuid import UUID

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError, NotFound
from inspect_server.store import visit_records
from inspect_server.store.journal import standings
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.store.journal.replicas import lock_inspections
from inspect_server.usecases.cases import open_case
from inspect_server.usecases.journal.server_entries import write
from inspect_server.usecases.work import Work
from sync import rebuild
from sync.entries import make_op
from sync.merge import Head, Item


class NotTheLead(InspectError):
    """Only the lead inspector of a task settles its conflicts."""

    code, kind = "conflict.not_lead", "forbidden"
    message = "只有本次检查的主办人员可以确认填写不一致的项目，请由主办人员办理。"


class NoConflict(InspectError):
    """The item has one value only, or somebody settled it in between."""

    code, kind = "conflict.none", "conflict"
    message = "该项目没有待确认的不一致填写，请刷新后查看。"


class NotApplied(InspectError):
    """The journal did not take the resolution, for the reason named."""

    code, kind = "conflict.not_applied", "conflict"
    message = "确认未能生效（{reason}），请刷新检查状态后重试。"


@dataclass(frozen=True)
class Settled:
    """A settled item: the entry that settled it, the operation whose value holds, and for whom
    the record is no longer what they signed."""

    item: str
    entry_hash: str
    chosen: str
    stale: tuple[str, ...]  # as 主办人员张三, everybody who must sign again


def settle_conflict(
    work: Work, inspection_id: UUID, item: str, chosen: str, reason: str
) -> Settled:
    """
    Let one of the disagreeing values hold; the others stay in the journal.

    Args:
        work: Its actor is the lead's account.
        inspection_id: The inspection.
        item: The item id, e.g. `answer/<form>/<code>`, or its end where no other ends so: `G01`.
        chosen: The operation id of the head whose value holds, or a beginning that no other has.
        reason: Why, in the lead's words.

    Raises:
        NotFound: No such inspection, it was never sent out, or the actor is not on its team.
        Forbidden: The actor is no inspector, or only sees the inspection.
        NotTheLead: The actor is not its lead.
        NoConflict: The item is not in conflict.
        BadInput: No reason, or `chosen` is none of the values.
        NotApplied: The record is closed.
    """
    open_case(work, inspection_id, Role.INSPECTOR, action="确认填写不一致的项目")
    lock_inspections(work.session, [inspection_id])
    standing = standings.load(work.session, [inspection_id]).get(str(inspection_id))
    if standing is None:
        raise NotFound(what="该检查任务")
    if str(work.actor.user_id) != standing.lead:
        raise NotTheLead
    if not reason.strip():
        raise BadInput(field="确认理由", reason="不能为空")
    disputed = _disputed(work, inspection_id, item.strip())
    head = _chosen(disputed, chosen.strip())
    op = make_op(
        "conflict.resolve",
        disputed.id,
        {"chosen": head.plain(), "reason": reason.strip()},
        [one.id for one in disputed.heads],
    )
    result = write(
        work, [op], assignment=inspection_id, form=standing.form, user=work.actor.user_id
    )
    if result.effect != "applied":
        raise NotApplied(reason=result.reason or result.effect)
    merged = visit_records.load(work.session, inspection_id).merged
    team = visit_records.team(work.session, inspection_id)
    return Settled(disputed.id, result.hash, head.id, visit_records.stale_signers(merged, team))


def _disputed(work: Work, inspection_id: UUID, item: str) -> Item:
    journal = SqlJournal(work.session, work.now)
    merged = rebuild.record(journal, str(inspection_id))
    meant = [id for id in merged.conflicts if id == item or id.endswith(f"/{item}")]
    if len(meant) > 1:
        raise BadInput(field="检查项", reason=f"有 {len(meant)} 项以此结尾，应写完整的检查项")
    if not meant:
        raise NoConflict
    return merged.items[meant[0]]


def _chosen(disputed: Item, chosen: str) -> Head:
    meant = [head for head in disputed.heads if chosen and head.id.startswith(chosen)]
    if not meant:
        raise BadInput(field="所选填写", reason="不在现有填写之中")
    if len(meant) > 1:
        raise BadInput(field="所选填写", reason="不止一个填写以此开头，应写得更长")
    return meant[0]
