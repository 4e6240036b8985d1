"""What a file from phone to phone brings along, and what stays on the phone."""

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from sync import entries, protocol
from sync.ids import uuid7
from sync.phone import Phone
from sync.phone.errors import RefusedFile
from sync.phone.partner import admitting, exchange
from tests.conformance_journal import FORM
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


# --- what nobody may bring ------------------------------------------------------------------


@dataclass
class Forger:
    """Somebody with a key of their own, who signs under any name."""

    key: EllipticCurvePrivateKey = field(default_factory=entries.new_key)
    prev: str = ""
    rows: list[protocol.PushedEntry] = field(default_factory=list)

    @property
    def replica(self) -> str:
        return entries.replica_id(entries.raw_public_key(self.key))

    def write(self, user: str, task: str, *ops: entries.Op) -> "Forger":
        seq = len(self.rows) + 1
        content = entries.build(
            entries.Entry(
                v=1,
                replica=self.replica,
                seq=seq,
                prev=self.prev,
                device=str(uuid4()),
                user=user,
                assignment=task,
                form=FORM,
                hlc=f"1772413200000-{seq:04x}-{self.replica[:8]}",
                wall="2026-03-02T09:00:00.000+08:00",
                tz="Asia/Shanghai",
                mono=seq,
                boot="boot-1",
                last_server_time="",
                ops=list(ops),
            )
        )
        self.prev = entries.entry_hash(content)
        self.rows.append(protocol.PushedEntry(content, entries.sign(self.key, content)))
        return self

    def file(self) -> bytes:
        keys = {self.replica: entries.raw_public_key(self.key)}
        return gzip.compress(protocol.encode(exchange.PartnerFile(1, self.rows, keys)))


def note(text: str = "补记") -> entries.Op:
    return entries.make_op("note.add", f"note/{uuid7(1772413200000)}", {"text": text})


def refused(phone: Phone, forger: Forger, reason: str) -> None:
    before = [one.hash for one in phone.entries()]
    with pytest.raises(RefusedFile, match=reason):
        phone.take_in(forger.file())
    assert [one.hash for one in phone.entries()] == before


@pytest.fixture
def pair(server: MemoryServer, tmp_path: Path) -> Two:
    server.assign(NOON, "lead", ["member"])
    return enrolled(server, tmp_path)


def test_a_fresh_key_under_the_name_of_somebody_else_is_refused(
    server: MemoryServer, pair: Two
) -> None:
    stranger = Forger().write(server.account("third"), NOON, note())
    nobody = Forger().write(str(uuid4()), NOON, note())
    mixed = Forger().write(pair[1].user, NOON, note()).write(server.account("third"), NOON, note())

    for forger in (stranger, nobody, mixed):
        refused(pair[0], forger, admitting.STRANGER)


def test_ones_own_name_under_another_key_is_refused_until_the_server_says_so(
    server: MemoryServer, pair: Two, tmp_path: Path
) -> None:
    lead, member = pair
    refused(lead, Forger().write(lead.user, NOON, note()), admitting.OWN_NAME)

    old = Phone(tmp_path / "old.db")
    old.enrol(server.client(), "lead", "lead")
    synced(old, server)
    old.note(NOON, "原来的手机")
    member.take_in(old.export_entries(NOON))
    brought = member.export_entries(NOON)
    with pytest.raises(RefusedFile, match="联网同步"):
        lead.take_in(brought)
    for phone in (member, lead):
        synced(phone, server)
    assert lead.take_in(brought) == 1


def test_a_settlement_comes_from_the_lead_alone(pair: Two) -> None:
    lead, member = pair
    said = "answer/dust/D01"
    lead.answer(NOON, said, "pass")
    member.answer(NOON, said, "fail")
    lead.take_in(member.export_entries(NOON))
    item = lead.item(NOON, said)
    assert item is not None
    chosen = {"chosen": item.heads[0].plain(), "reason": "复核"}
    settled = entries.make_op("conflict.resolve", said, chosen, [head.id for head in item.heads])
    refused(lead, Forger().write(member.user, NOON, settled), admitting.NOT_LEAD)

    assert member.take_in(Forger().write(lead.user, NOON, settled).file()) == 1


@pytest.mark.parametrize(
    ("type", "item", "value"),
    [
        ("task.close", f"task/{NOON}", {}),
        ("replica.revoke", f"replica/{'0' * 64}", {"reason": "丢失"}),
    ],
)
def test_what_only_the_server_does_is_refused(
    pair: Two, type: str, item: str, value: object
) -> None:
    lead, member = pair
    forger = Forger().write(member.user, NOON, entries.make_op(type, item, value))

    refused(lead, forger, admitting.SERVER_ONLY)


def test_of_a_task_that_is_not_here_comes_only_what_something_here_follows(pair: Two) -> None:
    lead, member = pair
    before = Forger().write(member.user, MORNING, note()).write(member.user, NOON, note())
    after = Forger().write(member.user, NOON, note()).write(member.user, MORNING, note())
    other = Forger().write(lead.user, MORNING, note()).write(member.user, NOON, note())

    for forger in (after, other, Forger().write(member.user, MORNING, note())):
        refused(lead, forger, admitting.NO_TASK)
    assert lead.take_in(before.file()) == 2
