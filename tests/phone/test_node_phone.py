"""The app's modules and the headless phone on one inspection, over the real network."""

from hashlib import sha256
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select

from inspect_server.reads.phones.inbox import listed
from inspect_server.reads.phones.journal import merged, replica_states
from inspect_server.store.models.blobs import Blob
from inspect_server.usecases.inspecting.dispatch import reassign
from inspect_server.usecases.journal.open_epoch import open_epoch
from inspect_server.usecases.journal.verify_journal import verify_journal
from tests.actors import ALL_ROLES
from tests.phone.field import PASSWORD, Field
from tests.phone.node_phone import Refused, node_phone
from tests.phone_build.tools import needs_modules

A1, A2 = "answer/small/A1", "answer/small/A2"
START = {"place": "生产车间", "latitude": "31.1", "longitude": "120.1", "accuracy_m": "8"}
STROKES = [[[0, 0], [10, 20]]]
MIB = 1024 * 1024

pytestmark = needs_modules


def picture(size: int, seed: int = 0) -> bytes:
    return b"\xff\xd8\xff" + Random(seed).randbytes(size - 3)


def test_both_phones_work_offline_and_end_with_the_same_record_and_receipts(field: Field) -> None:
    lead, member = field.phone(0), field.other_phone(1)
    photo = picture(2 * MIB + 77)
    field.stop()
    lead.call("startVisit", field.task, START)
    lead.together(field.task, ("answer", A1, "pass"), ("note", "无"))
    lead.photo(field.task, photo, caption="除尘器")
    member.phone.start_visit(field.task, place="生产车间")
    member.phone.answer(field.task, A1, "fail")
    member.phone.answer(field.task, A2, "pass")
    offline = lead.sync()
    waiting = lead.order("outstanding")
    field.start()
    first, second, third = lead.sync(), member.sync(), lead.sync()
    disagree = lead.record(field.task)["conflicts"]
    chosen = {"result": "fail", "reason": "", "note": ""}
    lead.call("resolve", field.task, A1, chosen, "现场复核")
    fourth, fifth = lead.sync(), member.sync()

    assert offline["problems"] == ["phone.out_of_reach"]
    assert waiting == {"entries": 3, "photos": {sha256(photo).hexdigest(): len(photo)}}
    for report in (first, third, fourth):
        assert (report["complete"], report["problems"]) == (True, [])
    assert second.complete
    assert fifth.complete
    assert disagree == [A1]
    with field.backend.reading() as session:
        record = merged(session, UUID(field.task))
        assert session.scalars(select(Blob.size)).all() == [len(photo)]
        receipted = {row.id: row.receipted_seq for row in replica_states(session)}
    assert receipted == {lead.order("replica"): 4, member.phone.replica: 3}
    assert lead.record(field.task)["view"] == member.phone.record(field.task).view == record.view
    assert [one["upto_seq"] for one in lead.order("receipts")] == [3, 4]
    assert lead.order("outstanding") == {"entries": 0, "photos": {}}
    assert verify_journal(field.backend).sound


def test_a_quiet_phone_syncs_with_one_request(field: Field) -> None:
    phone = field.phone(0)

    report = phone.sync()

    assert (report["requests"], report["pulled"], report["complete"]) == (1, 0, True)


def test_a_server_killed_in_the_middle_of_a_chunk_gets_the_rest_and_nothing_twice(
    field: Field,
) -> None:
    phone = field.phone(0)
    photo = picture(4 * MIB)
    phone.photo(field.task, photo)
    with field.dying_once(after=5 * MIB // 2):
        broken = phone.sync(backoff=[])
    before = {one.name: one.stat().st_size for one in (field.folder / "uploads").glob("*.part")}
    phone.order("restart")
    finished = phone.sync()

    assert broken["problems"] == ["phone.out_of_reach"]
    assert list(before.values()) == [5 * MIB // 2]
    assert (finished["complete"], finished["uploaded"]) == (True, 1)
    assert field.backend.blobs.read(sha256(photo).hexdigest()) == photo
    assert list((field.folder / "uploads").glob("*.part")) == []


def test_what_is_acknowledged_is_stored_whenever_the_server_dies(field: Field) -> None:
    phone = field.phone(0)
    photos = [picture(700_000, seed) for seed in range(4)]
    for number, photo in enumerate(photos):
        phone.call("note", field.task, f"第 {number} 项")
        phone.photo(field.task, photo)
    with field.dying_once(after=MIB):
        phone.sync(backoff=[0.2, 0.5, 1, 2, 4])
    acknowledged = {one["hash"] for one in phone.order("entries") if one["ackedEpoch"]}
    report = phone.sync()

    with field.backend.reading() as session:
        (row,) = replica_states(session)
    assert len(acknowledged) == row.upto_seq == 8
    assert (report["complete"], report["problems"]) == (True, [])
    assert all(field.backend.blobs.read(sha256(photo).hexdigest()) == photo for photo in photos)
    assert verify_journal(field.backend).sound


def test_photos_that_may_not_be_sent_yet_wait_and_the_entries_arrive(field: Field) -> None:
    phone = field.phone(0)
    photo = picture(90_000)
    phone.call("answer", field.task, A1, "pass")
    phone.photo(field.task, photo)
    report = phone.sync(photos=False)
    waiting = phone.order("outstanding")
    later = phone.sync()

    assert (report["pushed"], report["photosWaiting"], report["problems"]) == (2, 1, [])
    assert waiting == {"entries": 0, "photos": {sha256(photo).hexdigest(): len(photo)}}
    assert (later["complete"], later["uploaded"], later["photosWaiting"]) == (True, 1, 0)


def test_a_file_that_the_server_lost_is_uploaded_again_before_the_next_receipt(
    field: Field,
) -> None:
    phone = field.phone(0)
    photo = picture(5000)
    phone.photo(field.task, photo)
    phone.sync()
    field.backend.blobs.path(sha256(photo).hexdigest()).unlink()
    phone.call("answer", field.task, A1, "pass")
    report = phone.sync()

    assert (report["complete"], report["uploaded"]) == (True, 1)
    assert field.backend.blobs.read(sha256(photo).hexdigest()) == photo


def test_a_phone_delivers_again_to_a_server_that_opened_a_new_epoch(field: Field) -> None:
    phone = field.phone(0)
    phone.call("answer", field.task, A1, "pass")
    phone.sync()
    with field.backend.begin(ALL_ROLES) as work:
        epoch = open_epoch(work)
    phone.call("answer", field.task, A2, "pass")
    report = phone.sync()

    assert (report["complete"], report["problems"], report["pushed"]) == (True, [], 2)
    assert {one["ackedEpoch"] for one in phone.order("entries")} == {str(epoch)}


def test_what_was_captured_before_its_officer_was_taken_off_is_kept_and_explained(
    field: Field,
) -> None:
    out = field.phone(1)
    out.call("answer", field.task, A1, "fail")
    one, other = field.bureau.officers[1:3]
    with field.backend.begin(field.bureau.author) as work:
        reassign(work, UUID(field.task), one, other, "illness")
    report = out.sync()
    (told,) = out.order("asides")

    assert [one["reason"] for one in report["quarantined"]] == ["reassigned"]
    assert report["complete"]
    assert field.task not in {task["id"] for task in out.call("tasks")}
    assert len(out.order("entries")) == 1
    assert (told["code"], told["count"], told["tasks"]) == ("reassigned", 1, [field.task])
    assert told["explanation"]["acting"] == "supervisor"
    with field.backend.reading() as session:
        assert [row.reason for row in listed(session).rows] == ["reassigned"]


def test_a_partners_photo_comes_in_parts_and_is_what_it_was(field: Field) -> None:
    lead, member = field.phone(0), field.phone(1)
    photo = picture(2 * MIB + 5)
    name = sha256(photo).hexdigest()
    member.photo(field.task, photo)
    member.sync()
    lead.sync()
    before = lead.order("held", sha256=name)

    assert (before, lead.order("fetch", sha256=name)) == (0, len(photo))
    assert lead.order("held", sha256=name) == len(photo)
    with pytest.raises(Refused) as strange:
        lead.order("fetch", sha256="0" * 64)
    assert strange.value.remote == "sync.not_in_scope"


def test_files_of_one_phone_are_read_by_the_other_before_anybody_signs(field: Field) -> None:
    lead, member = field.phone(0), field.other_phone(1)
    field.stop()
    lead.call("answer", field.task, A1, "pass")
    member.phone.answer(field.task, A2, "fail")
    taken = [
        lead.take_in(member.phone.export_entries(field.task)),
        member.phone.take_in(lead.export(field.task)),
    ]
    views = {lead.record(field.task)["view"], member.phone.record(field.task).view}
    sign = ("sign", field.task, "lead", "张三", STROKES)
    lead.call(*sign)
    field.start()
    reports = [lead.sync(), member.sync()]

    assert (taken, len(views)) == ([1, 1], 1)
    assert reports[0]["complete"]
    assert reports[0]["pushed"] == 3  # the partner's one was carried
    assert member.phone.record(field.task).signatures[0].stale is False


def test_photos_go_over_in_the_file_either_way_and_come_with_whoever_brings_the_entries(
    field: Field,
) -> None:
    lead, member = field.phone(0), field.other_phone(1)
    field.stop()
    photos = {"lead": picture(MIB + 5), "member": picture(MIB + 7)}
    names = {of: sha256(photo).hexdigest() for of, photo in photos.items()}
    lead.photo(field.task, photos["lead"])
    member.phone.add_photo(field.task, photos["member"])
    files = [member.phone.export_with_photos(field.task), lead.export_with_photos(field.task)]
    taken = [lead.take_in(files[0]), member.phone.take_in(files[1])]
    seen = lead.order("held", sha256=names["member"]), member.phone.photo(names["lead"])
    waits = lead.order("outstanding")
    field.start()
    first = lead.sync()
    between = {of for of, name in names.items() if field.backend.blobs.path(name).exists()}
    later = member.sync(), lead.sync()
    complete = later[0].complete, later[1]["complete"]

    assert taken == [1, 1]
    assert seen == (len(photos["member"]), photos["lead"])
    assert [*waits["photos"]] == [names["lead"]]
    assert waits["entries"] == 2
    assert (first["complete"], first["uploaded"], between) == (True, 2, {"lead", "member"})
    assert complete == (True, True)
    assert (later[0].uploaded, later[1]["uploaded"]) == (0, 0)
    for of, name in names.items():
        assert field.backend.blobs.read(name) == photos[of]


def test_a_wrong_password_and_a_phone_that_is_not_enrolled_are_told_in_chinese(
    field: Field,
) -> None:
    with node_phone(field.url) as phone:
        with pytest.raises(Refused, match="账号、密码或动态口令不正确") as wrong:
            phone.enrol("officer0", "wrong")
        with pytest.raises(Refused, match="尚未登记") as fresh:
            phone.sync()
        reply = phone.enrol("officer0", PASSWORD)
        again = phone.enrol("officer0", PASSWORD)

    assert (wrong.value.code, fresh.value.code) == ("phone.wrong_login", "phone.not_enrolled")
    assert reply["replica_id"] == again["replica_id"]
    with field.backend.reading() as session:
        assert [row.label for row in replica_states(session)] == ["测试机"]


def test_a_document_is_shown_as_it_would_be_issued_once_there_is_something_to_say(
    field: Field,
) -> None:
    phone = field.phone(0)
    wanted = {"task": field.task, "document": "record", "paper": "a4"}
    with pytest.raises(Refused) as early:
        phone.order("preview", wanted=wanted)
    phone.call("startVisit", field.task, START)
    phone.sync()
    shown = phone.order("preview", wanted=wanted)

    assert early.value.remote == "preview.not_begun"
    assert early.value.message.endswith("。")
    assert (shown["stage"], bytes.fromhex(shown["pdf"])) == ("open", b"%PDF-")
    assert shown["lacking"]
