"""A server that is put back to a backup, a phone that is copied: nothing of either is lost."""

from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from inspect_server.reads.phones.journal import merged
from inspect_server.store.models.journal import JournalEntry
from inspect_server.usecases.journal.verify_journal import verify_journal
from tests.phone.field import PASSWORD, Field
from tests.phone_build.tools import needs_modules

A1, A2, A3 = (f"answer/small/A{number}" for number in (1, 2, 3))
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 40

pytestmark = needs_modules


def journal(field: Field, replica: str) -> list[tuple[int, str, list[str]]]:
    """Return seq, effect and flags of what the server holds of a replica."""
    with field.backend.reading() as session:
        rows = session.scalars(select(JournalEntry).where(JournalEntry.replica_id == replica))
        return sorted((row.seq, row.effect, sorted(row.flags)) for row in rows)


def test_a_restored_server_gets_again_what_it_lost_photos_included(field: Field) -> None:
    phone = field.phone(0)
    phone.call("answer", field.task, A1, "pass")
    phone.sync()
    kept = field.backup()
    phone.call("answer", field.task, A2, "fail")
    phone.photo(field.task, PHOTO)
    phone.sync()
    field.restore(kept)
    report, again = phone.sync(), phone.sync()

    assert (report["complete"], report["problems"], report["uploaded"]) == (True, [], 1)
    assert (again["requests"], again["complete"]) == (1, True)
    assert field.backend.blobs.read(sha256(PHOTO).hexdigest()) == PHOTO
    assert [seq for seq, _, _ in journal(field, phone.order("replica"))] == [1, 2, 3]
    with field.backend.reading() as session:
        assert merged(session, UUID(field.task)).view == phone.record(field.task)["view"]


def test_a_receipt_stands_for_what_a_restore_lost_and_the_phone_has_removed(
    field: Field,
) -> None:
    phone = field.phone(0)
    phone.call("answer", field.task, A1, "pass")
    phone.sync()
    kept = field.backup()
    phone.call("answer", field.task, A2, "pass")
    phone.sync()
    phone.order("removeUpto", seq=2)
    phone.call("answer", field.task, A3, "pass")
    field.restore(kept)
    report, again = phone.sync(), phone.sync()

    assert (report["complete"], report["problems"], report["forked"]) == (True, [], False)
    assert again["complete"]
    assert journal(field, phone.order("replica")) == [(1, "applied", []), (3, "applied", ["gap"])]
    newest = phone.order("receipts")[-1]
    assert (newest["after_seq"], newest["upto_seq"], newest["entry_count"]) == (2, 3, 1)
    assert verify_journal(field.backend).sound


def test_a_copied_phone_delivers_both_branches_and_goes_on_with_a_new_key(field: Field) -> None:
    phone = field.phone(0)
    phone.call("note", field.task, "共同")
    phone.sync()
    old = phone.order("replica")
    copy = phone.order("clone")
    for text in ("原机一", "原机二"):
        phone.call("note", field.task, text)
    first = phone.sync()
    original = phone.order("use", vault=copy)
    phone.call("note", field.task, "复制机")
    found = phone.sync()
    phone.enrol("officer0", PASSWORD)
    phone.call("note", field.task, "新密钥")
    after, settled = phone.sync(), phone.sync()
    phone.order("use", vault=original)
    told = phone.sync()

    assert (first["complete"], found["forked"], after["forked"]) == (True, True, False)
    assert (after["complete"], after["problems"]) == (True, [])
    assert (settled["pushed"], settled["complete"]) == (0, True)
    assert [seq for seq, _, _ in journal(field, old)] == [1, 2, 2, 3]
    assert len(journal(field, phone.order("replica"))) == 4
    assert told["problems"] == []
    shown = phone.record(field.task)["items"]
    assert len([item for item in shown if item.startswith("note/")]) == 5


def test_a_server_restored_to_before_the_phone_enrolled_knows_it_after_a_login(
    field: Field,
) -> None:
    kept = field.backup()
    phone = field.phone(0)
    phone.call("answer", field.task, A1, "pass")
    phone.photo(field.task, PHOTO)
    phone.sync()
    field.restore(kept)
    refused = phone.sync()
    phone.enrol("officer0", PASSWORD)
    report = phone.sync()

    assert refused["problems"] == ["sync.unknown_replica"]
    assert (report["complete"], report["problems"]) == (True, [])
    assert [seq for seq, _, _ in journal(field, phone.order("replica"))] == [1, 2]
