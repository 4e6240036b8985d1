"""The headless phone: durable saves, and a sync that loses nothing and ends, whatever breaks."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from sync import entries, protocol
from sync.errors import BadEntry, BadReceipt
from sync.merging.order_views import order_view
from sync.phone import Phone, SyncReport
from sync.phone.errors import (
    BadFile,
    NoConflict,
    NotEnrolled,
    NothingOrdered,
    NothingToRetract,
    PhoneStorageFull,
    UnknownItem,
    UnknownTask,
    WrongLogin,
)
from tests.conformance_journal import FORM
from tests.sync_server import (
    CUT_BODY,
    ENTERPRISE,
    LOSE_ANSWER,
    LOSE_REQUEST,
    NUMBER,
    OFFICER,
    MemoryServer,
)

TASK = "0198aaaa-0000-4000-8000-000000000001"
ITEM = "answer/dust/D01"
FINDING = {
    "answer_item": ITEM,
    "level": "general",
    "text": "未清扫积尘",
    "place": "打磨车间",
    "basis": "",
    "penalty_basis": "",
    "measure": "rectify_within",
    "deadline": "2026-04-01",
    "corrected_on_site": False,
}
STROKES = [[[0, 0], [10, 20]]]


@dataclass
class StepClock:
    """Every look at it is a second later."""

    moment: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    tz: str = "Asia/Shanghai"
    boot: str = "boot-1"

    def wall(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment

    def mono_ms(self) -> int:
        return 1


@dataclass
class Team:
    """Two enrolled phones that have pulled their task."""

    server: MemoryServer
    client: httpx.Client
    folder: Path
    lead: Phone
    member: Phone
    waits: list[float] = field(default_factory=list)

    def sync(self, phone: Phone) -> SyncReport:
        return phone.sync(self.client, pause=self.waits.append, backoff=(0.1, 0.2))

    def same_view(self) -> None:
        for phone in (self.lead, self.member, self.lead):
            self.sync(phone)
        left, right = self.lead.record(TASK), self.member.record(TASK)
        assert left == right


@pytest.fixture
def server() -> MemoryServer:
    return MemoryServer()


@pytest.fixture
def team(server: MemoryServer, tmp_path: Path) -> Any:
    client = server.client()
    server.account("lead")
    server.account("member")
    server.assign(TASK, "lead", ["member"])
    phones = []
    for login in ("lead", "member"):
        phone = Phone(tmp_path / f"{login}.db", StepClock(), login)
        phone.enrol(client, login, login)
        assert phone.sync(client, pause=_never).complete
        phones.append(phone)
    server.seen.clear()
    yield Team(server, client, tmp_path, *phones)
    for phone in phones:
        phone.close()
    client.close()


def _never(_seconds: float) -> None:
    raise AssertionError("nothing to wait for")


def _whole_visit(phone: Phone, photo: bytes = b"jpeg-1") -> None:
    phone.start_visit(TASK, place="打磨车间", latitude="31.1", longitude="120.1", accuracy_m="8")
    phone.answer(TASK, ITEM, "fail", note="积尘")
    finding = phone.add_finding(TASK, FINDING)
    phone.add_photo(TASK, photo, caption="积尘", finding=finding, answer_item=ITEM)
    phone.participant(TASK, "responsible", "张三", "经理")
    phone.note(TASK, "无")
    phone.declare_gap(TASK, "2026-03-02T09:00:00+08:00", "2026-03-02T09:05:00+08:00", "换电池")
    phone.sign(TASK, "lead", "甲", STROKES)
    phone.complete(TASK)


def test_a_whole_visit_offline_arrives_with_photo_and_receipt(team: Team) -> None:
    _whole_visit(team.lead, photo=b"x" * (2 * 1024 * 1024 + 5))
    assert team.server.seen == []  # no network was touched
    report = team.sync(team.lead)

    assert report.problems == []
    assert (report.complete, report.pushed, report.uploaded) == (True, 9, 1)
    assert {len(file) for file in team.server.files.values()} == {2 * 1024 * 1024 + 5}
    assert [r.upto_seq for r in team.lead.verified_receipts()] == [9]
    assert sum("PATCH" in line for line in team.server.seen) == 2  # the first came at once


def test_a_no_op_sync_is_one_small_request(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    team.sync(team.lead)
    team.server.seen.clear()
    report = team.sync(team.lead)

    assert (report.complete, report.requests) == (True, 1)
    assert team.server.seen == [f"GET {protocol.STATE}"]


def test_ten_saves_are_one_request_below_8_kb(team: Team) -> None:
    for n in range(10):
        team.lead.answer(TASK, f"answer/dust/D{n:02}", "pass", note=f"第 {n} 项")
    team.sync(team.lead)

    assert team.server.seen.count(f"POST {protocol.PUSH}") == 1
    assert team.server.sizes[protocol.PUSH][0] <= 8000


def test_both_phones_show_the_same_after_syncing_and_the_lead_settles(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    team.member.answer(TASK, ITEM, "fail")
    team.same_view()
    assert team.lead.record(TASK).conflicts == (ITEM,)
    team.lead.resolve(TASK, ITEM, {"result": "fail", "reason": "", "note": ""}, "现场复核")
    team.same_view()

    item = team.member.record(TASK).items[ITEM]
    assert not item.conflict
    assert item.value["result"] == "fail"
    assert item.heads[0].settled_reason == "现场复核"
    with pytest.raises(NoConflict):
        team.lead.resolve(TASK, ITEM, None, "again")


def test_a_members_resolution_is_set_aside_and_not_shown(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    team.member.answer(TASK, ITEM, "fail")
    team.same_view()
    team.member.resolve(TASK, ITEM, None, "不服")
    report = team.sync(team.member)

    assert [reason for _, reason in report.quarantined] == ["not_lead"]
    assert report.complete
    assert team.member.record(TASK).conflicts == (ITEM,)


def test_in_a_conflict_a_new_answer_replaces_only_the_users_own(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    team.member.answer(TASK, ITEM, "fail")
    team.same_view()
    team.member.answer(TASK, ITEM, "fail", note="再次确认")
    team.same_view()

    heads = team.lead.record(TASK).items[ITEM].heads
    assert sorted(head.plain()["note"] for head in heads) == ["", "再次确认"]


def test_findings_and_photos_can_be_amended_and_withdrawn(team: Team) -> None:
    finding = team.lead.add_finding(TASK, FINDING)
    team.lead.amend_finding(TASK, finding, {**FINDING, "level": "major"})
    photo = team.lead.add_photo(TASK, b"p")
    team.lead.retract(TASK, photo, "模糊")
    team.lead.answer(TASK, ITEM, "pass")
    team.lead.retract_answer(TASK, ITEM)
    team.same_view()
    record = team.member.record(TASK)

    assert [item.value["level"] for item in record.of_kind("finding/")] == ["major"]
    assert record.of_kind("photo/") == ()
    assert record.of_kind("answer/") == ()
    team.lead.retract(TASK, finding, "重复")
    assert team.lead.record(TASK).of_kind("finding/") == ()
    with pytest.raises(NothingToRetract):
        team.lead.retract(TASK, f"photo/{uuid4()}", "x")


def test_a_signature_goes_stale_and_names_what_it_did_not_see(team: Team) -> None:
    team.member.answer(TASK, "answer/dust/D02", "pass")
    team.lead.answer(TASK, ITEM, "pass")
    team.lead.sign(TASK, "lead", "甲", STROKES)
    fresh = team.lead.record(TASK).signatures[0]
    team.same_view()
    state = team.lead.record(TASK).signatures[0]

    assert (fresh.stale, fresh.unseen) == (False, ())
    assert (state.stale, state.unseen) == (True, ("answer/dust/D02",))


def test_the_partners_file_is_taken_in_before_signing_without_a_network(team: Team) -> None:
    team.member.answer(TASK, "answer/dust/D02", "pass")
    file = team.member.export_entries(TASK)
    taken = [team.lead.take_in(file), team.lead.take_in(file)]
    team.lead.answer(TASK, ITEM, "pass")
    team.lead.sign(TASK, "lead", "甲", STROKES)
    team.sync(team.lead)
    team.sync(team.member)
    state = team.member.record(TASK).signatures[0]

    assert taken == [1, 0]
    assert (state.stale, state.unseen) == (False, ())
    with pytest.raises(BadFile):
        team.lead.take_in(file[:-9])
    with pytest.raises(BadFile):
        team.lead.take_in(b"no gzip")


FAULTS = [LOSE_REQUEST, LOSE_ANSWER, CUT_BODY, 503, 429]
PATHS = [
    protocol.STATE,
    protocol.PUSH,
    protocol.BLOBS_HAVE,
    protocol.UPLOADS,
    protocol.RECEIPTS,
    protocol.PULL,
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("fault", FAULTS)
def test_one_broken_request_is_tried_again_and_nothing_is_lost_or_doubled(
    team: Team, path: str, fault: str | int
) -> None:
    _whole_visit(team.lead)
    team.server.faults.append((path, fault))
    report = team.sync(team.lead)

    assert report.complete, report.problems
    assert team.server.faults == []
    journal = [
        r for r in team.server.store.tables.journal.values() if r.replica == team.lead.replica
    ]
    assert sorted(row.seq for row in journal) == list(range(1, 10))
    assert len(team.server.files) == 1
    if fault in (503, 429):
        assert 2.0 in team.waits  # Retry-After


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("status", [400, 401, 500, 507])
def test_an_error_ends_the_sync_and_the_next_one_completes_it(
    team: Team, path: str, status: int
) -> None:
    _whole_visit(team.lead)
    team.server.faults.append((path, status))
    report = team.sync(team.lead)

    assert (report.complete, report.problems) == (False, ["test.fault"])
    assert len(team.lead.entries()) == 9
    assert team.sync(team.lead).complete


def test_without_any_network_a_sync_ends_after_the_backoff(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    team.server.faults.extend([("/", LOSE_REQUEST)] * 3)
    report = team.sync(team.lead)

    assert report.problems == ["phone.out_of_reach"]
    assert team.waits == [0.1, 0.2]


def test_a_batch_too_large_is_halved_until_it_passes(team: Team) -> None:
    for n in range(20):
        team.lead.answer(TASK, f"answer/dust/D{n:02}", "pass")
    team.server.max_entries = 3
    report = team.sync(team.lead)

    assert (report.complete, report.pushed) == (True, 20)


def test_a_single_entry_too_large_holds_up_nobody(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    team.lead.answer(TASK, "answer/dust/D02", "pass")
    team.server.faults.extend([(protocol.PUSH, 413), (protocol.PUSH, 413)])
    report = team.sync(team.lead)

    assert (report.complete, report.pushed) == (False, 1)
    assert team.sync(team.lead).complete


@pytest.mark.parametrize("status", [404, 409, 410, 423, 460])
def test_an_upload_that_lost_its_place_finds_it_again(team: Team, status: int) -> None:
    team.lead.add_photo(TASK, b"y" * (1024 * 1024 + 1))
    team.server.faults.append((f"{protocol.UPLOADS}/", status))
    report = team.sync(team.lead)

    assert report.complete, report.problems


def test_a_photo_within_one_chunk_is_one_request(team: Team) -> None:
    team.lead.add_photo(TASK, b"x" * 1024 * 1024)

    assert team.sync(team.lead).complete
    assert [line for line in team.server.seen if protocol.UPLOADS in line] == [
        f"POST {protocol.UPLOADS}"
    ]


@pytest.mark.parametrize("fault", [LOSE_REQUEST, LOSE_ANSWER])
def test_after_a_beginning_without_an_answer_the_next_one_carries_no_bytes(
    team: Team, fault: str
) -> None:
    team.lead.add_photo(TASK, b"x" * 1024)
    team.server.faults.append((protocol.UPLOADS, fault))

    assert team.sync(team.lead).complete
    sent = [line.split()[0] for line in team.server.seen if protocol.UPLOADS in line]
    assert sent == ["POST", "POST", "PATCH"]


def test_an_upload_resumes_where_the_server_stands_after_the_phone_restarted(team: Team) -> None:
    team.lead.add_photo(TASK, b"z" * (3 * 1024 * 1024))
    location = f"{protocol.UPLOADS}/"
    team.server.faults.extend([("/none", 0), (location, LOSE_ANSWER), (location, 500)])
    first = team.sync(team.lead)
    stands = [len(received) for _, _, received in team.server.uploads.values()]
    team.lead.close()
    team.lead = Phone(team.folder / "lead.db", StepClock(), "lead")
    again = team.sync(team.lead)
    team.lead.close()

    assert (first.complete, again.complete) == (False, True)
    assert stands == [2 * 1024 * 1024]
    assert len(team.server.uploads) == 1


def test_a_restored_server_gets_again_what_it_lost(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    team.sync(team.lead)
    backup = team.server.store.tables.snapshot()
    _whole_visit(team.lead, b"after the backup")
    team.sync(team.lead)
    team.server.store.restore(backup)
    report = team.sync(team.lead)

    assert report.complete, report.problems
    kept = {row.hash for row in team.server.store.tables.journal.values()}
    assert {entry.hash for entry in team.lead.entries()} <= kept
    assert team.lead.verified_receipts()[-1].epoch == team.server.store.tables.epoch


def test_a_phone_learns_what_a_restored_server_makes_of_entries_a_partner_brought_first(
    team: Team,
) -> None:
    backup = team.server.store.tables.snapshot()
    team.lead.answer(TASK, ITEM, "pass")
    team.sync(team.lead)
    team.server.store.restore(backup)
    team.server.control(TASK, "task.close", f"task/{TASK}", {})
    team.member.take_in(team.lead.export_entries(TASK))
    team.sync(team.member)

    report = team.sync(team.lead)

    assert [reason for _, reason in report.quarantined] == ["closed"]
    assert team.lead.record(TASK).items == {}


def test_a_server_restored_to_before_the_phone_enrolled_knows_it_after_a_login(
    team: Team,
) -> None:
    _whole_visit(team.lead)
    team.sync(team.lead)
    tables = team.server.store.tables.snapshot()
    tables.replicas.pop(team.lead.replica)
    tables.journal = {h: r for h, r in tables.journal.items() if r.replica != team.lead.replica}
    tables.operations = {}
    team.server.store.restore(tables)
    refused = team.sync(team.lead)
    team.lead.enrol(team.client, "lead", "lead")
    report = team.sync(team.lead)

    assert refused.problems == ["sync.unknown_replica"]
    assert report.complete, report.problems
    assert len(team.lead.entries()) == 9


def test_a_partner_carries_the_entries_of_a_replica_that_the_server_forgot(team: Team) -> None:
    team.member.answer(TASK, "answer/dust/D02", "pass")
    team.lead.take_in(team.member.export_entries(TASK))
    team.server.store.tables.replicas.pop(team.member.replica)
    report = team.sync(team.lead)
    team.member.enrol(team.client, "member", "member")
    team.same_view()

    assert [reason for _, reason in report.quarantined] == ["wrong_user"]
    assert "answer/dust/D02" in team.lead.record(TASK).items


def test_what_the_server_has_no_room_for_is_said_kept_and_sent_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.member.answer(TASK, "answer/dust/D02", "pass")
    team.lead.take_in(team.member.export_entries(TASK))
    team.server.store.tables.replicas.pop(team.member.replica)
    monkeypatch.setattr("sync.engine.pushing.MAX_BROUGHT", 0)
    full = team.sync(team.lead)
    team.member.enrol(team.client, "member", "member")
    report = team.sync(team.lead)

    assert (full.complete, full.problems) == (False, ["sync.refused"])
    assert report.complete, report.problems
    assert len(team.server.store.tables.journal) == len(team.lead.entries()) + 1  # the assignment


def test_two_processes_on_one_file_see_what_the_other_saved_and_learned(team: Team) -> None:
    other = Phone(team.folder / "lead.db", StepClock())
    team.lead.answer(TASK, ITEM, "pass")
    other.answer(TASK, ITEM, "fail")
    seen = [phone.item(TASK, ITEM) for phone in (team.lead, other)]
    team.lead.answer(TASK, "answer/dust/D02", "fail")
    other.sign(TASK, "lead", "张三", STROKES)
    signed = team.lead.record(TASK).signatures
    team.sync(other)
    team.server.control(TASK, "task.close", f"task/{TASK}", {})
    team.lead.answer(TASK, "answer/dust/D03", "pass")
    refused = team.sync(other)
    shown = [phone.item(TASK, "answer/dust/D03") for phone in (team.lead, other)]
    other.close()

    assert [[head.plain()["result"] for head in item.heads] for item in seen if item] == [
        ["fail"]
    ] * 2
    assert [(one.stale, list(one.unseen)) for one in signed] == [(False, [])]
    assert [reason for _, reason in refused.quarantined] == ["closed"]
    assert shown == [None, None]


def test_a_cloned_phone_delivers_both_branches_and_enrols_anew(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    team.sync(team.lead)
    shutil.copy(team.folder / "lead.db", team.folder / "clone.db")
    clone = Phone(team.folder / "clone.db", StepClock(), "clone")
    for n in (2, 3):
        team.lead.answer(TASK, f"answer/dust/D0{n}", "pass")
    clone.answer(TASK, "answer/dust/D04", "fail")
    team.sync(team.lead)
    found = team.sync(clone)
    clone.enrol(team.client, "lead", "lead")
    clone.answer(TASK, "answer/dust/D05", "pass")
    after = team.sync(clone)
    team.sync(team.lead)
    record = team.lead.record(TASK)
    clone.close()

    assert (found.forked, after.forked) == (True, False)
    assert after.complete, after.problems
    assert sorted(record.items) == [f"answer/dust/D0{n}" for n in range(1, 6)]


def test_reassigned_while_offline_delivers_hides_and_keeps_its_captures(team: Team) -> None:
    team.member.answer(TASK, ITEM, "pass")
    team.server.account("taker")
    team.server.assign(TASK, "lead", ["taker"])
    report = team.sync(team.member)

    assert report.complete
    assert [reason for _, reason in report.quarantined] == ["reassigned"]
    assert team.member.tasks() == []
    assert len(team.member.entries()) == 1
    team.member.note(TASK, "交接说明")  # what was begun may still be said
    assert team.sync(team.member).complete


def test_a_revoked_phone_delivers_gets_its_receipt_and_pulls_nothing(team: Team) -> None:
    team.member.answer(TASK, ITEM, "pass")
    reason = {"reason": "遗失"}
    team.server.control("", "replica.revoke", f"replica/{team.member.replica}", reason)
    report = team.sync(team.member)

    assert report.problems == ["sync.revoked"]
    assert report.pushed == 1
    assert team.member.verified_receipts()[0].effects == {"quarantined:revoked": 1}


def test_a_logged_out_phone_still_delivers(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    team.server.tokens.clear()
    report = team.sync(team.lead)

    assert (report.pushed, report.problems) == (1, ["sync.login"])
    assert len(team.lead.verified_receipts()) == 1


def test_a_view_that_does_not_agree_is_pulled_afresh(team: Team) -> None:
    team.server.show("lead", "law", {"law/a": b"1", "law/b": b"2"})
    with team.lead._store.transaction():
        team.lead._store._db.execute("INSERT INTO document VALUES ('x','law','law',1,1,'1')")
    team.sync(team.lead)

    assert team.lead.documents("law") == [1, 2]
    assert team.server.seen.count(f"POST {protocol.PULL}") == 2


def test_a_forged_receipt_is_refused(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    genuine, team.server.receipt_key = team.server.receipt_key, MemoryServer().receipt_key
    report = team.sync(team.lead)
    with pytest.raises(BadReceipt):
        team.lead.enrol(team.client, "lead", "lead")
    team.server.receipt_key = genuine

    assert (report.complete, report.problems) == (False, ["sync.bad_receipt"])
    assert team.sync(team.lead).complete


def test_nothing_is_captured_before_enrolment_or_without_the_task(
    team: Team, tmp_path: Path
) -> None:
    fresh = Phone(tmp_path / "fresh.db", StepClock())
    with pytest.raises(NotEnrolled):
        fresh.answer(TASK, ITEM, "pass")
    with pytest.raises(WrongLogin, match="账号或密码不正确"):
        fresh.enrol(team.client, "lead", "wrong")
    with pytest.raises(UnknownTask):
        team.lead.answer(str(uuid4()), ITEM, "pass")
    fresh.close()

    assert team.lead.entries() == []


def test_an_item_that_no_checklist_of_the_task_has_is_not_saved(team: Team) -> None:
    name, _, _ = FORM.partition("@")
    body = b'{"sections":[{"items":[{"code":"D01"}]}]}'
    for login in ("lead", "member"):
        team.server.show(login, f"form/{FORM}", {f"form/{FORM}": body})
    team.sync(team.lead)
    for item in (f"answer/{name}/D02", "answer/other/D01"):
        with pytest.raises(UnknownItem, match=FORM):
            team.lead.answer(TASK, item, "pass")
        with pytest.raises(UnknownItem):
            team.lead.add_finding(TASK, {**FINDING, "answer_item": item})
    team.lead.answer(TASK, f"answer/{name}/D01", "pass")
    team.lead.add_finding(TASK, {**FINDING, "answer_item": ""})

    assert len(team.lead.entries()) == 2


@pytest.mark.parametrize(
    ("signer", "named"), [("lead", True), ("member", True), ("enterprise", False)]
)
def test_an_inspector_signs_as_the_officer_of_the_enrolment(
    team: Team, signer: str, named: bool
) -> None:
    item = team.lead.sign(TASK, signer, "甲", STROKES)
    signed = team.lead.item(TASK, item)

    assert signed is not None
    assert signed.heads[0].plain()["officer_id"] == (OFFICER if named else "")


def test_a_value_that_breaks_its_schema_is_not_signed(team: Team) -> None:
    with pytest.raises(BadEntry):
        team.lead.answer(TASK, ITEM, "not_checked")
    team.lead.answer(TASK, ITEM, "not_checked", reason="停产")

    assert [entry.seq for entry in team.lead.entries()] == [1]


KILLED = """
    import sys
    from pathlib import Path
    from sync.phone import Phone
    phone = Phone(Path(sys.argv[1]))
    n = 0
    while True:
        n += 1
        phone.add_photo("{task}", b"%d" % n * 5000, caption=str(n))
        print(n, flush=True)
"""


@pytest.mark.parametrize("after", [1, 4, 9])
def test_what_a_killed_phone_confirmed_is_there_and_the_chain_is_whole(
    team: Team, after: int
) -> None:
    team.lead.close()
    path = team.folder / "lead.db"
    script = textwrap.dedent(KILLED).format(task=TASK)
    child = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    confirmed = 0
    while confirmed < after:
        confirmed = int(child.stdout.readline())
    os.kill(child.pid, signal.SIGKILL)
    rest = child.stdout.read().split()
    child.stdout.close()
    child.wait()
    confirmed = int(rest[-1]) if rest else confirmed
    team.lead = Phone(path, StepClock(), "lead")
    rows = team.lead.entries()
    report = team.sync(team.lead)
    team.lead.close()

    assert len(rows) in (confirmed, confirmed + 1)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    heads = ["", *(row.hash for row in rows)]
    assert [entries.parse(row.content).prev for row in rows] == heads[:-1]
    assert report.complete, report.problems
    assert report.uploaded == len(rows)


def test_a_full_disk_saves_nothing_by_halves_and_says_so(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    database = team.lead._store._db
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(PhoneStorageFull):
        team.lead.add_photo(TASK, b"x" * 1_000_000)
    before = [entry.seq for entry in team.lead.entries()]
    database.execute("PRAGMA max_page_count=1000000")
    photo = team.lead.add_photo(TASK, b"x" * 1_000_000)
    report = team.sync(team.lead)

    assert before == [1]
    assert report.complete, report.problems
    assert team.lead.record(TASK).items[photo].live


def test_the_file_is_readable_by_its_owner_only(team: Team) -> None:
    assert (team.folder / "lead.db").stat().st_mode & 0o077 == 0


def test_every_call_of_the_pause_is_bounded(team: Team) -> None:
    team.lead.answer(TASK, ITEM, "pass")
    team.server.faults.extend([("/", 503)] * 50)
    slept: list[float] = []
    pause: Callable[[float], None] = slept.append
    report = team.lead.sync(team.client, pause=pause, backoff=(1, 1))

    assert slept == [2.0, 2.0]
    assert report.problems == ["test.fault"]


def _order_signed(phone: Phone) -> Any:
    """The state of the one signature that was given to the order."""
    states = phone.record(TASK).signatures
    return next(one for one in states if one.head.plain()["document"] == "order")


def test_a_signature_says_what_it_is_given_to_and_cites_what_that_shows(team: Team) -> None:
    phone = team.lead
    phone.answer(TASK, ITEM, "fail")
    phone.add_finding(TASK, FINDING)
    phone.sign(TASK, "lead", "甲", STROKES)
    phone.sign(TASK, "lead", "甲", STROKES, document="order")
    record, order = sorted(
        (state.head for state in phone.record(TASK).signatures),
        key=lambda head: head.plain()["document"] == "order",
    )

    assert record.plain()["document"] == "record"
    assert record.plain()["view"] == phone.record(TASK).view
    assert order.parents == phone.record(TASK).ordered
    assert len(order.parents) == 1
    assert order.plain()["view"] == order_view(NUMBER, ENTERPRISE, [FINDING])


def test_only_another_finding_makes_a_signature_to_the_order_stale(team: Team) -> None:
    phone = team.lead
    finding = phone.add_finding(TASK, FINDING)
    phone.sign(TASK, "enterprise", "王五", STROKES, document="order")
    phone.note(TASK, "企业已签收")
    phone.answer(TASK, ITEM, "fail")
    stood = _order_signed(phone).stale
    phone.amend_finding(TASK, finding, {**FINDING, "deadline": "2026-04-20"})

    assert not stood
    assert _order_signed(phone).stale
    assert _order_signed(phone).unseen == ()


def test_a_refused_receipt_and_its_withdrawal_travel_like_any_signature(team: Team) -> None:
    team.lead.add_finding(TASK, FINDING)
    team.same_view()
    item = team.member.sign(
        TASK, "enterprise", "王五", document="order", refused=True, refusal_reason="不认可"
    )
    team.same_view()
    refused = _order_signed(team.lead)
    team.member.retract(TASK, item, "改为签收")
    team.same_view()

    assert refused.head.plain()["refused"]
    assert not refused.stale
    assert team.lead.record(TASK).signatures == ()


def test_where_nothing_is_left_to_rectify_there_is_no_order_to_sign(team: Team) -> None:
    team.lead.add_finding(TASK, {**FINDING, "corrected_on_site": True})
    before = len(team.lead.entries())

    with pytest.raises(NothingOrdered):
        team.lead.sign(TASK, "lead", "甲", STROKES, document="order")
    assert len(team.lead.entries()) == before
