"""What a phone exported as a last resort comes in as if the phone had delivered it, or not."""

from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from forms.model import Form
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import Forbidden, InspectError
from inspect_server.gateways import phone_exports
from inspect_server.gateways.phone_exports import (
    ExportDamaged,
    ExportTooLarge,
    NoExport,
    WrongPassphrase,
)
from inspect_server.reads.phones.journal import merged, replica_states
from inspect_server.store.models.identity import AuditEvent
from inspect_server.store.models.journal import JournalEntry, Unverified, Upload
from inspect_server.usecases.journal.inbox import revoke_replica
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.phones import rescue_export as rescuing
from inspect_server.usecases.phones.rescue_export import (
    ExportOfOthers,
    PhoneNotEnrolled,
    Rescued,
    rescue_export,
)
from inspect_server.usecases.work import Actor, Backend
from sync import entries, protocol
from sync.entries import make_op
from tests.actors import ALL_ROLES
from tests.conformance_journal import Hand, photo
from tests.phone_export import PASSPHRASE, PIECE, listed, sealed
from tests.store.sync_world import SqlWorld
from tests.usecases.bureau import small_form
from tests.usecases.synced_visit import ITEM, Visit, open_visit

__all__ = ["small_form"]

PICTURE = b"\xff\xd8\xff" + b"p" * (PIECE + 9)
PASS = {"result": "pass", "reason": "", "note": ""}


@pytest.fixture
def visit(sqlite_backend: Backend, small_form: Form) -> Visit:
    return open_visit(sqlite_backend)


def answered(visit: Visit, hand: Hand) -> protocol.PushedEntry:
    return visit.save(hand, make_op("answer.set", ITEM, PASS))


def rescue(visit: Visit, content: bytes, tmp_path: Path, actor: Actor = ALL_ROLES) -> Rescued:
    path = tmp_path / "file.inspect-export"
    path.write_bytes(content)
    with phone_exports.opened(path, PASSPHRASE) as export:
        return rescue_export(visit.bureau.backend, actor, export)


def stored(visit: Visit) -> tuple[int, ...]:
    """Count what could be left behind by half a rescue, parts of files included."""
    backend = visit.bureau.backend
    with backend.reading() as session:
        rows = [
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (JournalEntry, Unverified, Upload)
        ]
    folders = (backend.settings.data_dir / name for name in ("uploads", "blobs"))
    return *rows, *(sum(one.is_file() for one in folder.rglob("*")) for folder in folders)


def test_entries_and_photos_come_in_as_if_the_phone_had_delivered_them(
    visit: Visit, tmp_path: Path
) -> None:
    sent = [answered(visit, visit.lead), visit.save(visit.lead, photo(PICTURE))]
    content = sealed(listed(visit.lead, sent, [PICTURE]), [PICTURE])

    found = rescue(visit, content, tmp_path)

    assert (found.new, found.known, found.set_aside) == (2, 0, {})
    assert (found.photos, found.receipts) == (1, 1)
    backend = visit.bureau.backend
    assert backend.blobs.read(sha256(PICTURE).hexdigest()) == PICTURE
    with backend.reading() as session:
        record = merged(session, visit.id)
        assert record.items[ITEM].heads[0].plain() == PASS
        receipted = {row.id: row.receipted_seq for row in replica_states(session)}
        audited = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "export.rescue")
        ).all()
    assert receipted[visit.lead.id] == 2
    assert [(row.actor, row.subject, row.outcome) for row in audited] == [
        (ALL_ROLES.label, f"replica:{visit.lead.id}", "new 2 known 0 photos 1")
    ]
    assert visit.bodies("export.rescued") == [
        {
            "file": sha256(content).hexdigest(),
            "replica": visit.lead.id,
            "new": 2,
            "known": 0,
            "photos": 1,
        }
    ]
    assert verify_journal(backend).sound


def test_a_second_time_brings_nothing_new(visit: Visit, tmp_path: Path) -> None:
    sent = [answered(visit, visit.lead), visit.save(visit.lead, photo(PICTURE))]
    content = sealed(listed(visit.lead, sent, [PICTURE]), [PICTURE])
    rescue(visit, content, tmp_path)
    before = stored(visit)
    again = rescue(visit, content, tmp_path)

    assert (again.new, again.known, again.photos, again.photos_known) == (0, 2, 0, 1)
    assert again.receipts == 0
    assert stored(visit) == before


def test_a_byte_that_changed_anywhere_or_is_missing_refuses_the_whole_file(
    visit: Visit, tmp_path: Path
) -> None:
    small = b"\xff\xd8\xff"
    sent = [visit.save(visit.lead, photo(small))]
    content = sealed(listed(visit.lead, sent, [small]), [small])
    before = stored(visit)
    path = tmp_path / "file"
    taken = []
    changed = [
        content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in range(len(content))
    ]
    for other in (*changed, content[:-1], content + b"x", content[:-30]):
        path.write_bytes(other)
        try:
            with phone_exports.opened(path, PASSPHRASE) as export:
                export.check()
        except (NoExport, WrongPassphrase, ExportDamaged):
            continue
        taken.append(other)

    assert taken == []
    assert len(content) > 1000
    with pytest.raises(ExportDamaged):
        rescue(visit, changed[-1], tmp_path)
    assert stored(visit) == before


def test_another_passphrase_is_told_from_a_file_that_is_none(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(sealed(listed(visit.lead, [answered(visit, visit.lead)])))
    with pytest.raises(WrongPassphrase, match="口令不对"), phone_exports.opened(path, "其他口令"):
        pass
    path.write_bytes(b"%PDF-1.7 something else")
    with pytest.raises(NoExport, match="不是手机导出"), phone_exports.opened(path, PASSPHRASE):
        pass


def faulty(visit: Visit, change: dict[str, Any]) -> dict[str, Any]:
    return listed(visit.lead, [visit.save(visit.lead, photo(PICTURE))], [PICTURE]) | change


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"v": 2}, ExportDamaged),
        ({"made": "gestern"}, ExportDamaged),
        ({"made": "2026-03-02T09:30:00"}, ExportDamaged),
        ({"user": str(uuid4())}, ExportOfOthers),
        ({"photos": [{"sha256": "0" * 64, "size": len(PICTURE), "records": 2}]}, ExportDamaged),
        ({"photos": []}, ExportDamaged),
        (
            {"photos": [{"sha256": "0" * 64, "size": 257 * PIECE, "records": 257}]},
            ExportTooLarge,
        ),
        ({"entries": [{"bytes_b64": "A" * (12 * PIECE), "sig": ""}]}, ExportTooLarge),
    ],
)
def test_what_no_phone_of_this_bureau_writes_is_refused_with_nothing_taken_in(
    visit: Visit, tmp_path: Path, change: dict[str, Any], error: type[InspectError]
) -> None:
    before = stored(visit)
    content = sealed(faulty(visit, change), [PICTURE])

    with pytest.raises(error):
        rescue(visit, content, tmp_path)
    assert stored(visit) == before


def test_a_record_left_out_at_the_end_is_noticed_although_the_header_says_so(
    visit: Visit, tmp_path: Path
) -> None:
    said = listed(visit.lead, [visit.save(visit.lead, photo(PICTURE))], [PICTURE])

    with pytest.raises(ExportDamaged):
        rescue(visit, sealed(said, [PICTURE], records=2), tmp_path)


def test_only_a_supervisor_of_that_unit_or_the_system_administrator_brings_a_file(
    visit: Visit, tmp_path: Path
) -> None:
    content = sealed(listed(visit.lead, [answered(visit, visit.lead)]))
    inspector = Actor("user:x", roles=frozenset({Role.INSPECTOR}))
    stranger = Actor("user:y", roles=frozenset({Role.SUPERVISOR}), unit="别的科")
    with pytest.raises(Forbidden):
        rescue(visit, content, tmp_path, inspector)
    with pytest.raises(ExportOfOthers):
        rescue(visit, content, tmp_path, stranger)

    assert rescue(visit, content, tmp_path, Actor.system("cli")).new == 1


def test_an_account_without_a_phone_here_first_logs_in_with_one(
    visit: Visit, tmp_path: Path
) -> None:
    bureau = visit.bureau
    forgotten = Hand(str(bureau.accounts[bureau.officers[2]]))  # by a restore
    content = sealed(listed(forgotten, [answered(visit, forgotten)]))
    with pytest.raises(PhoneNotEnrolled):
        rescue(visit, content, tmp_path)
    another = Hand(forgotten.user)
    SqlWorld(bureau.backend).enrol(another.public_key, another.user)
    found = rescue(visit, content, tmp_path)

    assert (found.new, found.set_aside, found.receipts) == (1, {"wrong_user": 1}, 0)


def test_what_a_revoked_phone_exported_waits_for_a_supervisor(visit: Visit, tmp_path: Path) -> None:
    sent = [answered(visit, visit.lead)]
    with visit.bureau.backend.begin(ALL_ROLES) as work:
        revoke_replica(work, visit.lead.id, "遗失")
    found = rescue(visit, sealed(listed(visit.lead, sent)), tmp_path)

    assert (found.new, found.set_aside) == (1, {"revoked": 1})


def test_a_gap_in_the_chain_holds_what_follows_and_gets_no_receipt(
    visit: Visit, tmp_path: Path
) -> None:
    first, _, third = (answered(visit, visit.lead) for _ in range(3))
    found = rescue(visit, sealed(listed(visit.lead, [first, third])), tmp_path)

    assert (found.new, found.set_aside, found.receipts) == (2, {"held": 1}, 1)
    with visit.bureau.backend.reading() as session:
        assert {row.id: row.receipted_seq for row in replica_states(session)}[visit.lead.id] == 1


def test_a_signature_that_does_not_hold_is_kept_apart_and_hinders_nothing_else(
    visit: Visit, tmp_path: Path
) -> None:
    good = answered(visit, visit.lead)
    content = entries.build(visit.lead.entry(str(visit.id), photo(PICTURE), form="small@1"))
    forged = protocol.PushedEntry(content, bytes(64))
    said = listed(visit.lead, [good, forged], [PICTURE])
    found = rescue(visit, sealed(said, [PICTURE]), tmp_path)

    assert (found.new, found.apart, found.photos, found.photos_uncited) == (1, 1, 0, 1)
    with visit.bureau.backend.reading() as session:
        assert session.scalar(select(Unverified.content)) == content


def test_a_partners_entries_and_photos_come_along_by_the_partners_own_key(
    visit: Visit, tmp_path: Path
) -> None:
    theirs = [answered(visit, visit.member), visit.save(visit.member, photo(PICTURE))]
    keys = {visit.member.id: visit.member.public_key}
    found = rescue(visit, sealed(listed(visit.lead, theirs, [PICTURE], keys), [PICTURE]), tmp_path)

    assert (found.new, found.photos, found.receipts) == (2, 1, 1)
    with visit.bureau.backend.reading() as session:
        carriers = session.scalars(select(JournalEntry.carrier).where(JournalEntry.seq > 0))
        assert visit.lead.id in set(carriers)


def test_what_was_cut_short_is_finished_by_the_next_time(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = [answered(visit, visit.lead), visit.save(visit.lead, photo(PICTURE))]
    content = sealed(listed(visit.lead, sent, [PICTURE]), [PICTURE])

    def fail(*_: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(rescuing, "receive_chunk", fail)
        with pytest.raises(OSError, match="full"):
            rescue(visit, content, tmp_path)
    found = rescue(visit, content, tmp_path)

    assert (found.new, found.known, found.photos, found.receipts) == (0, 2, 1, 1)
    assert visit.bureau.backend.blobs.read(sha256(PICTURE).hexdigest()) == PICTURE


def test_many_entries_go_in_several_pushes(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescuing, "BATCH_ENTRIES", 2)
    sent = [answered(visit, visit.lead) for _ in range(5)]
    found = rescue(visit, sealed(listed(visit.lead, list(reversed(sent)))), tmp_path)

    assert (found.new, found.set_aside, found.receipts) == (5, {}, 1)
