"""What a case says of who did something, and when: the author of an entry, not its carrier."""

import json

import pytest

from inspect_server.reads import inspections as cases
from inspect_server.usecases.journal.inbox import accept_entry
from inspect_server.usecases.phones.publish_task import close_task
from sync import entries
from sync.protocol import PushedEntry
from tests.actors import ALL_ROLES
from tests.usecases.synced_visit import Visit
from tests.usecases.test_sync_tasks import small_form, visit

__all__ = ["small_form", "visit"]

pytestmark = pytest.mark.usefixtures("small_form")


def _done(visit: Visit) -> PushedEntry:
    """An entry of the member's phone."""
    op = entries.make_op("visit.complete", f"visit/complete/{visit.member.id}", {})
    return visit.save(visit.member, op)


def _leaf(visit: Visit, type: str) -> dict[str, object]:
    leaf: dict[str, object] = json.loads(visit.events(type)[0].content)
    return leaf


def test_what_a_partners_phone_delivers_stands_under_its_author_with_the_carrier_beside(
    visit: Visit,
) -> None:
    visit.push(visit.lead, _done(visit))
    leaf = _leaf(visit, "visit.completed")
    with visit.bureau.backend.reading() as session:
        shown = cases.one(session, visit.bureau.inspector(0), visit.id).timeline[-1]

    assert leaf["actor"] == f"replica:{visit.member.id}"
    assert isinstance(leaf["body"], dict)
    assert leaf["body"]["carrier"] == visit.lead.id
    assert (shown.actor, shown.carrier) == ("钱检查（手机）", "赵检查（手机）")
    assert shown.phone_at == visit.member.wall
    assert shown.at != shown.phone_at


def test_what_was_kept_and_accepted_later_stands_under_its_author(visit: Visit) -> None:
    backend = visit.bureau.backend
    with backend.begin(ALL_ROLES) as work:
        close_task(work, visit.id)
    late = visit.push(visit.lead, _done(visit)).results[0]
    with backend.begin(ALL_ROLES) as work:
        accept_entry(work, late.hash, "网络中断导致迟到，内容属实")

    author = f"replica:{visit.member.id}"
    assert _leaf(visit, "entries.quarantined")["actor"] == author
    assert _leaf(visit, "visit.completed")["actor"] == author


@pytest.mark.parametrize(
    ("refused", "title"), [(False, "被检查单位签名"), (True, "被检查单位拒绝签名")]
)
def test_a_signature_is_told_by_whose_it_is_to_what_and_whether_it_was_refused(
    visit: Visit, refused: bool, title: str
) -> None:
    value = {
        "signer": "enterprise",
        "name": "签名人",
        "officer_id": "",
        "view": "0" * 64,
        "strokes": [] if refused else [[[0, 0], [500, 500]]],
        "refused": refused,
        "refusal_reason": "不认可" if refused else "",
        "document": "order",
    }
    op = entries.make_op("signature.add", "signature/0198f0a1-0000-7000-8000-000000000001", value)
    visit.push(visit.lead, visit.save(visit.lead, op))
    with visit.bureau.backend.reading() as session:
        shown = cases.one(session, visit.bureau.inspector(0), visit.id).timeline[-1]

    assert (shown.title, shown.said) == (title, "责令限期整改指令书")
