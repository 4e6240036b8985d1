"""A partner's file with photos: each is what an entry of the file names, or nothing is kept."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.phone import Phone
from sync.phone.errors import BadFile, RefusedFile
from sync.phone.partner import carrying, exchange
from tests.sync_server import MemoryServer
from tests.unit.test_sync_carrying import MORNING, Two, enrolled, synced

BEGIN = 19 + 8
PHOTO, OTHER = b"one photo" * 40, b"another one" * 30


@pytest.fixture
def server() -> MemoryServer:
    made = MemoryServer()
    for login in ("lead", "member", "third"):
        made.account(login)
    made.assign(MORNING, "lead", ["member"])
    return made


@pytest.fixture
def two(server: MemoryServer, tmp_path: Path) -> Two:
    lead, member = enrolled(server, tmp_path)
    for photo in (PHOTO, OTHER):
        member.add_photo(MORNING, photo)
    return lead, member


def name_of(photo: bytes) -> str:
    return sha256(photo).hexdigest()


def relisted(file: bytes, listed: object, more: bytes = b"") -> bytes:
    """The same file with another list, and perhaps more behind it."""
    of_entries, of_list = (int.from_bytes(file[at : at + 4], "big") for at in (19, 23))
    text = json.dumps(listed).encode()
    head = file[:23] + len(text).to_bytes(4, "big") + file[BEGIN : BEGIN + of_entries]
    return head + text + file[BEGIN + of_entries + of_list :] + more


def listed(*photos: bytes) -> list[dict[str, object]]:
    return [{"sha256": name_of(photo), "size": len(photo)} for photo in photos]


def test_photos_come_with_their_entries_and_who_brings_these_brings_the_photos_once(
    server: MemoryServer, two: Two
) -> None:
    lead, member = two
    file = member.export_with_photos(MORNING)
    taken = [lead.take_in(file), lead.take_in(file)]
    here = lead.photo(name_of(PHOTO))
    reports = [lead.sync(server.client()), member.sync(server.client()), lead.sync(server.client())]

    assert taken == [2, 0]
    assert here == PHOTO
    assert [(one.complete, one.uploaded) for one in reports] == [(True, 2), (True, 0), (True, 0)]
    assert not server.blobs.missing([name_of(PHOTO), name_of(OTHER)])
    assert lead.record(MORNING) == member.record(MORNING)


def test_who_took_a_photo_delivers_it_where_its_own_phone_brought_the_entry(
    server: MemoryServer, two: Two
) -> None:
    lead, member = two
    file = member.export_with_photos(MORNING)
    synced(member, server)
    lead.take_in(file)

    assert lead.sync(server.client()).uploaded == 0


def test_without_photos_the_file_is_read_as_before_and_by_programs_that_know_none(
    two: Two,
) -> None:
    lead, member = two
    with pytest.raises(BadFile):
        exchange.looked_into(lead._store, member.export_with_photos(MORNING))

    assert lead.take_in(member.export_entries(MORNING)) == 2
    assert lead.photo(name_of(PHOTO)) == b""


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        (BadFile, lambda file: file[:-1] + b"x"),  # a photo is not what its entry names
        (BadFile, lambda file: file[:-1]),
        (BadFile, lambda file: file + b"x"),
        (BadFile, lambda file: file[:24]),
        (BadFile, lambda file: file[:40]),
        (BadFile, lambda file: file[:17] + b"3" + file[18:]),
        (BadFile, lambda file: file[:19] + b"\xff" + file[20:]),
        (BadFile, lambda file: relisted(file, {})),
        (BadFile, lambda file: relisted(file, listed(PHOTO, PHOTO))),
        (BadFile, lambda file: relisted(file, [{"sha256": "x", "size": 1}])),
        (BadFile, lambda file: relisted(file, listed(PHOTO) * 2001)),
        (RefusedFile, lambda file: relisted(file, listed(PHOTO, OTHER, b"strange"), b"strange")),
    ],
)
def test_of_a_file_that_is_not_what_it_claims_nothing_is_kept(two: Two, said, changed) -> None:  # type: ignore[no-untyped-def]
    lead, member = two
    file = changed(member.export_with_photos(MORNING))
    with pytest.raises(said):
        lead.take_in(file)

    assert lead.entries() == []
    assert lead.photo(name_of(PHOTO)) == b""


@given(st.lists(st.binary(min_size=1, max_size=50), unique=True), st.data())
def test_a_cut_container_is_never_read(photos: list[bytes], data: st.DataObject) -> None:
    text = json.dumps(listed(*photos)).encode()
    lengths = (5).to_bytes(4, "big") + len(text).to_bytes(4, "big")
    file = b"INSPECT-PARTNER-V2\n" + lengths + b"gzip!" + text + b"".join(photos)
    cut = data.draw(st.integers(min_value=17, max_value=len(file) - 1))

    assert carrying.opened(file) == (b"gzip!", [(name_of(photo), photo) for photo in photos])
    with pytest.raises(BadFile):
        carrying.opened(file[:cut])


def test_photos_of_a_phone_that_was_none_of_the_teams_go_with_its_entries(two: Two) -> None:
    lead, member = two
    lead.add_photo(MORNING, OTHER)
    lead.take_in(member.export_with_photos(MORNING))
    lead.drop_partner(member.replica)
    held: list[Phone] = [lead, member]

    assert [phone.photo(name_of(PHOTO)) for phone in held] == [b"", PHOTO]
    assert lead.photo(name_of(OTHER)) == OTHER  # its own as well
