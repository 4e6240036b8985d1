"""What a file from phone to phone brings along, and what stays on the phone."""

from pathlib import Path

import pytest

from sync import entries
from sync.phone import Phone
from tests.sync_server import MemoryServer

MORNING, NOON = (f"0198aaaa-0000-4000-8000-00000000000{n}" for n in (1, 2))
Two = tuple[Phone, Phone]


@pytest.fixture
def server() -> MemoryServer:
    made = MemoryServer()
    for login in ("lead", "member", "third"):
        made.account(login)
    return made


def enrolled(server: MemoryServer, folder: Path) -> Two:
    """The phones of the lead and of a member, who pulled what they are to do."""
    phones = Phone(folder / "lead.db"), Phone(folder / "member.db")
    for phone, login in zip(phones, ("lead", "member"), strict=True):
        phone.enrol(server.client(), login, login)
        synced(phone, server)
    return phones


def synced(phone: Phone, server: MemoryServer) -> None:
    phone.sync(server.client(), pause=lambda _: None)


def carried(lead: Phone, member: Phone) -> dict[str, list[str]]:
    """The effects of the member's entries on the lead's phone, by task."""
    found: dict[str, list[str]] = {}
    for entry in lead.entries():
        if entry.replica == member.replica:
            found.setdefault(entries.parse(entry.content).assignment, []).append(entry.effect)
    return found


def test_what_a_partner_carries_waits_for_no_task_that_both_are_on(
    server: MemoryServer, tmp_path: Path
) -> None:
    for task in (MORNING, NOON):
        server.assign(task, "lead", ["member"])
    lead, member = enrolled(server, tmp_path)
    member.note(MORNING, "上午")
    member.note(NOON, "下午")
    member.complete(NOON)
    member.note(MORNING, "补记")
    lead.take_in(member.export_entries(NOON))
    synced(lead, server)

    assert carried(lead, member) == {MORNING: ["applied"], NOON: ["applied"] * 2}
    assert [bytes(one.content) for one in lead.entries()] == [
        bytes(one.content) for one in member.entries()[:3]
    ]


def test_what_the_server_acknowledged_does_not_go_along(
    server: MemoryServer, tmp_path: Path
) -> None:
    for task in (MORNING, NOON):
        server.assign(task, "lead", ["member"])
    lead, member = enrolled(server, tmp_path)
    member.note(MORNING, "上午")
    synced(member, server)
    member.note(NOON, "下午")
    lead.take_in(member.export_entries(NOON))
    synced(lead, server)

    assert carried(lead, member) == {NOON: ["applied"]}


def test_entries_of_a_task_that_somebody_is_not_on_stay_and_what_follows_waits_for_them(
    server: MemoryServer, tmp_path: Path
) -> None:
    server.assign(MORNING, "third", ["member"])
    server.assign(NOON, "lead", ["member"])
    lead, member = enrolled(server, tmp_path)
    member.note(MORNING, "上午，另一家企业")
    member.note(NOON, "下午")
    lead.take_in(member.export_entries(NOON))
    synced(lead, server)
    before = carried(lead, member)
    (waiting,) = (one.hash for one in lead.entries() if one.replica == member.replica)
    server.control("", "inbox.accept", f"entry/{waiting}", {"reason": "手机已损坏"})
    synced(lead, server)

    assert before == {NOON: ["held"]}
    assert carried(lead, member) == {NOON: ["applied"]}
    synced(member, server)
    (late,) = (one for one in member.entries() if one.hash != waiting)
    assert late.effect == "applied"
