"""What goes wrong in the field, on purpose: each visit with a special event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forms.model import Form, Item
from inspect_server.demo.field.handset import Handset
from inspect_server.demo.field.visiting import Page, Visit, slot
from inspect_server.domain.errors import InspectError

RESEND_LIMIT = 1024 * 1024
BREAKS_AFTER = 600_000
"""Bytes of the large photo after which its upload breaks off."""
BEFORE_ILLNESS = 2
"""Items that the officer who falls ill has answered, each saved alone."""


class NotAsPromised(InspectError):
    """Something that the protocol promises did not hold."""

    code, kind = "demo.not_as_promised", "broken"
    message = "演示中“{what}”未达到要求（{said}），请把以上输出交给维护人员。"


@dataclass(frozen=True)
class Killed:
    """A phone that lost its battery in the middle of a visit."""

    confirmed: int  # saves that it had confirmed
    held: int  # saves that it had after the restart


@dataclass
class Disputed:
    """A visit whose two phones answer one item differently, and what the lead will decide."""

    visit: Visit
    form: Form
    item: Item
    found_by: Handset  # whose phone noted the failure

    @property
    def slot(self) -> str:
        """The item on which the phones disagree."""
        return slot(self.form, self.item)


def go_with_killed_phone(visit: Visit) -> Killed:
    """Make a visit in whose middle the member's phone is killed while it saves."""
    visit.arrive()
    killed: Killed | None = None
    pages = list(visit.pages())
    for index, page in enumerate(pages):
        is_late = index >= len(pages) // 2 and page.phone is visit.member
        if killed is None and is_late and page.checks:
            killed = _kill(visit, page)
        visit.fill(page)
    visit.finish()
    if killed is None:
        raise NotAsPromised(what="手机断电", said="协办人员没有可填写的条目")
    return killed


def _kill(visit: Visit, page: Page) -> Killed:
    phone, confirmed = page.phone, len(page.phone.confirmed)
    at, item = visit.at, slot(page.form, page.checks[0])
    phone.ask("begin_page", at, task=visit.id)
    phone.ask("answer", at, task=visit.id, item=item, result="pass")
    phone.kill_during("end_page", at=at.isoformat())
    phone.switch_on()
    return Killed(confirmed, phone.check_kept())


def begin_dispute(visit: Visit) -> Disputed:
    """Make a visit up to the signing; on one item the two phones say different things."""
    visit.arrive()
    disputed: Disputed | None = None
    for page in visit.pages():
        visit.fill(page)
        given = visit.answers[page.form.name]
        failed = [item for item in page.checks if _failed(given.get(item.code))]
        if disputed is None and failed:
            disputed = Disputed(visit, page.form, failed[0], page.phone)
    if disputed is None:
        raise NotAsPromised(what="两机填写不一致", said="没有不符合的条目")
    other = visit.member if disputed.found_by is visit.lead else visit.lead
    visit.save(other, "answer", item=disputed.slot, result="pass", note="现场未见异常")
    return disputed


def _failed(answer: Mapping[str, object] | None) -> bool:
    return answer is not None and answer["result"] == "fail"


def settle(disputed: Disputed, at: datetime) -> str:
    """Let the lead, who sees both answers, choose with a reason; then sign. Return the reason."""
    visit = disputed.visit
    visit.at = at
    seen = visit.lead.ask("conflicts", at, task=visit.id)
    if [one["item"] for one in seen] != [disputed.slot]:
        raise NotAsPromised(what="主办人员手机显示分歧", said=str([one["item"] for one in seen]))
    chosen = next(value for value in seen[0]["values"] if value["result"] == "fail")
    reason = "经两名检查人员现场复核，问题确实存在，以“不符合”为准"
    visit.save(visit.lead, "resolve", item=disputed.slot, chosen=chosen, reason=reason)
    visit.finish()
    return reason


def begin_and_fall_ill(visit: Visit) -> int:
    """Let the member begin alone, save a little and fall ill; return how many saves wait."""
    before = len(visit.member.confirmed)
    visit.arrive([visit.member])
    page = next(page for page in visit.pages() if page.phone is visit.member and page.checks)
    for item in page.checks[:BEFORE_ILLNESS]:
        visit.answer(visit.member, page.form, item, "pass")
    return len(visit.member.confirmed) - before


def check_quarantined(report: Mapping[str, Any], waiting: int) -> None:
    """
    The saves of who is no longer on the task are kept, not applied, and said to be so.

    Raises:
        NotAsPromised: Some were applied, or set aside for another reason.
    """
    reasons = [reason for _, reason in report["quarantined"]]
    if reasons != ["reassigned"] * waiting:
        raise NotAsPromised(what="改派后补传的记录", said=f"{len(reasons)} 条：{reasons}")


def check_resend(sent: int, photo_bytes: int, *, broken: bool) -> int:
    """
    Return at most how many bytes were sent twice: all that is not the photos themselves.

    Raises:
        NotAsPromised: The upload did not break off, or more than 1 MiB went twice.
    """
    again = sent - photo_bytes
    if not broken or again > RESEND_LIMIT:
        raise NotAsPromised(what="上传中断后续传", said=f"中断 {broken}，多传 {again} 字节")
    return again


def check_delivered(report: Mapping[str, Any], *, broken: bool) -> None:
    """
    A receipt covers the phone's last entry, though the answer to its first push was lost.

    Raises:
        NotAsPromised: The answer was not lost, or the sync is not complete.
    """
    if not (broken and report["complete"]):
        said = f"丢失 {broken}，同步完成 {report['complete']}"
        raise NotAsPromised(what="应答丢失后重发", said=said)
