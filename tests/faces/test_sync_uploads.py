"""Files by tus: resumed after cuts and restarts, verified, stored once, seen by their team only."""

import base64
import errno
import hashlib
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.gateways.keys import LocalKeys
from inspect_server.gateways.uploads import LocalUploads
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.journal import Upload
from inspect_server.usecases.phones import receive_blob
from inspect_server.usecases.work import Backend
from sync import protocol
from sync.phone.network.wire import checksum
from tests.conformance_journal import answer, photo
from tests.faces.sync_wire import (
    Scene,
    Wire,
    app_of,
    metadata,
    open_scene,
    problem,
    scene,
    tus,
)

__all__ = ["scene"]
CONTENT = b"\xff\xd8\xff" + b"jpeg" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
CHUNK = {"Content-Type": "application/offset+octet-stream"}


def test_a_file_is_uploaded_in_chunks_and_stored_under_its_hash(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)

    first = _patch(scene.lead, address, token, CONTENT[:1500], 0)
    last = _patch(scene.lead, address, token, CONTENT[1500:], 1500)

    assert [(r.status_code, r.headers["Upload-Offset"]) for r in (first, last)] == [
        (204, "1500"),
        (204, str(len(CONTENT))),
    ]
    assert scene.backend.blobs.read(SHA256) == CONTENT
    with scene.backend.reading() as session:
        row = session.get_one(Blob, SHA256)
        assert (row.size, row.mime) == (len(CONTENT), "image/jpeg")
    assert scene.lead.have(SHA256) == {}
    assert not list((_folder(scene)).glob("*.part"))


def test_a_chunk_in_the_middle_asks_the_database_nothing_and_is_flushed_with_its_name(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, other = _cite(scene, scene.lead), _cite(scene, scene.member)
    address = _create(scene.lead, token)
    asked: list[str] = []
    event.listen(scene.backend.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    named: list[tuple[UUID, int]] = []
    monkeypatch.setattr(LocalUploads, "flush_name", lambda _, *told: named.append(told))

    stored = _patch(scene.lead, address, token, CONTENT[:1500], 0)
    spent = list(asked)
    strange = _patch(scene.member, address, other, CONTENT[1500:1600], 1500)
    ended = scene.lead.send("DELETE", address, None, tus(token))
    gone = _patch(scene.lead, address, token, CONTENT[1500:1600], 1500)

    assert (stored.status_code, ended.status_code) == (204, 204)
    assert spent == []
    assert named == [(UUID(address.rpartition("/")[2]), 1500)]
    assert strange.status_code == gone.status_code == 404


def test_whoever_begins_an_upload_looks_only_through_those_under_way(scene: Scene) -> None:
    query = "SELECT id FROM upload WHERE replica_id = 'x' AND finished_at IS NULL"
    with scene.backend.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()

    assert "ix_upload_open" in str(plan)


def test_an_upload_goes_on_after_a_cut_and_a_restart(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)
    cut = scene.lead.send(
        "PATCH",
        address,
        CONTENT[:700],
        tus(token, Upload_Offset="0", **CHUNK),
        announced=len(CONTENT),
    )
    restarted = Wire(app_of(scene.backend).test_client(), scene.lead.hand, "")
    stands = restarted.send("HEAD", address, None, tus(token))
    offset = int(stands.headers["Upload-Offset"])
    _patch(restarted, address, token, CONTENT[offset:], offset)

    assert problem(cut) == (400, "sync.envelope")
    assert offset == 700
    assert scene.backend.blobs.read(SHA256) == CONTENT


@pytest.mark.parametrize("algorithm", protocol.TUS_CHECKSUMS.split(","))
def test_a_chunk_that_differs_from_its_checksum_is_not_kept(scene: Scene, algorithm: str) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)
    digest = hashlib.new(algorithm, CONTENT, usedforsecurity=False).digest()
    checksum = f"{algorithm} {base64.b64encode(digest).decode()}"

    reply = _patch(scene.lead, address, token, CONTENT[::-1], 0, Upload_Checksum=checksum)
    strange = _patch(scene.lead, address, token, CONTENT, 0, Upload_Checksum="md5 AAAA")
    stands = scene.lead.send("HEAD", address, None, tus(token))
    sound = _patch(scene.lead, address, token, CONTENT, 0, Upload_Checksum=checksum)

    assert problem(reply) == (460, "sync.checksum")
    assert problem(strange) == (400, "sync.envelope")
    assert stands.headers["Upload-Offset"] == "0"
    assert sound.status_code == 204


def test_a_file_with_another_hash_is_not_stored_and_can_be_sent_again(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)

    reply = _patch(scene.lead, address, token, CONTENT[::-1], 0)

    assert problem(reply) == (422, "sync.digest")
    assert not scene.backend.blobs.has(SHA256)
    assert scene.lead.send("HEAD", address, None, tus(token)).status_code == 404
    again = _create(scene.lead, token)
    _patch(scene.lead, again, token, CONTENT, 0)
    assert scene.backend.blobs.has(SHA256)


def test_a_chunk_at_another_offset_or_past_the_end_is_refused(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)

    assert problem(_patch(scene.lead, address, token, b"x", 5)) == (409, "sync.offset")
    assert problem(_patch(scene.lead, address, token, CONTENT + b"x", 0)) == (
        413,
        "sync.too_large",
    )


def test_two_connections_cannot_write_to_one_upload(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)
    upload = UUID(address.rpartition("/")[2])

    with LocalUploads(_folder(scene)).locked(upload):
        reply = _patch(scene.lead, address, token, CONTENT, 0)

    assert problem(reply) == (423, "sync.upload_locked")
    assert reply.headers["Retry-After"]


def test_a_file_that_two_phones_cite_is_stored_once(scene: Scene) -> None:
    tokens = [_cite(scene, wire) for wire in (scene.lead, scene.member)]
    for wire, token in zip((scene.lead, scene.member), tokens, strict=True):
        _patch(wire, _create(wire, token), token, CONTENT, 0)

    with scene.backend.reading() as session:
        assert session.query(Blob).count() == 1
        assert session.query(Upload).count() == 2
    assert _cite(scene, scene.lead, expected=False) == ""


def test_an_upload_token_is_for_one_file_of_one_phone_and_for_a_while(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    foreign = _cite(scene, scene.member)
    address = _create(scene.lead, token)
    other_file = scene.lead.send(
        "POST",
        protocol.UPLOADS,
        b"",
        tus(token, Upload_Length="5", Upload_Metadata=metadata("0" * 64)),
    )
    other_phone = scene.member.send("HEAD", address, None, tus(foreign))
    forged = scene.lead.send("HEAD", address, None, tus(token[:-2] + "xx"))
    scene.backend.clock.forward(hours=13)  # type: ignore[attr-defined]
    late = scene.lead.send("HEAD", address, None, tus(token))

    assert problem(other_file) == (403, "sync.upload_token")
    assert [r.status_code for r in (other_phone, forged, late)] == [404, 403, 403]


def test_only_files_that_its_own_entries_cite_are_wanted_from_a_phone(scene: Scene) -> None:
    _cite(scene, scene.lead)

    assert scene.member.have(SHA256) == {}


def test_the_protocol_says_what_it_can_do_and_refuses_other_versions(scene: Scene) -> None:
    offered = scene.client.options(protocol.UPLOADS)
    old = scene.client.post(protocol.UPLOADS, headers={"Tus-Resumable": "0.2"})

    assert offered.headers["Tus-Version"] == "1.0.0"
    assert offered.headers["Tus-Extension"] == "creation,creation-with-upload,checksum,termination"
    assert offered.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
    assert (old.status_code, old.headers["Tus-Version"]) == (412, "1.0.0")


def test_a_client_that_can_only_say_octet_stream_uploads_all_the_same(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    plain = tus(token, Upload_Offset="0", Content_Type="application/octet-stream")
    reply = scene.lead.send("PATCH", _create(scene.lead, token), CONTENT, plain)

    assert (reply.status_code, reply.headers["Upload-Offset"]) == (204, str(len(CONTENT)))


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_a_chunk_of_another_type_is_refused_and_none_of_it_kept(scene: Scene, kind: str) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)

    reply = scene.lead.send(
        "PATCH", address, CONTENT, tus(token, Upload_Offset="0", Content_Type=kind)
    )

    assert reply.status_code == 415
    stands = scene.lead.send("HEAD", address, None, tus(token))
    assert stands.headers["Upload-Offset"] == "0"


def test_a_file_of_256_mib_may_begin_and_one_byte_more_may_not(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    most = 256 * 1024 * 1024
    replies = [
        scene.lead.send(
            "POST",
            protocol.UPLOADS,
            b"",
            tus(token, Upload_Length=length, Upload_Metadata=metadata(SHA256)),
        )
        for length in (str(most), str(most + 1), "-1", "")
    ]

    assert replies[0].status_code == 201
    assert problem(replies[1]) == (413, "sync.too_large")
    assert [problem(reply)[0] for reply in replies[2:]] == [400, 400]


def _create_with(scene: Scene, token: str, content: bytes, **headers: str) -> TestResponse:
    said = tus(token, Upload_Length=str(len(CONTENT)), Upload_Metadata=metadata(SHA256), **headers)
    return scene.lead.send("POST", protocol.UPLOADS, content, said)


def test_a_small_file_is_stored_by_the_request_that_begins_it(scene: Scene) -> None:
    token = _cite(scene, scene.lead)

    reply = _create_with(scene, token, CONTENT, **CHUNK, Upload_Checksum=checksum(CONTENT))

    assert (reply.status_code, reply.headers["Upload-Offset"]) == (201, str(len(CONTENT)))
    assert scene.lead.have(SHA256) == {}
    assert scene.backend.blobs.read(SHA256) == CONTENT
    assert list(_folder(scene).iterdir()) == []


def test_an_upload_that_began_with_bytes_goes_on_behind_them(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    reply = _create_with(scene, token, CONTENT[:9], **CHUNK)
    address = reply.headers["Location"]
    stands = scene.lead.send("HEAD", address, None, tus(token))

    ended = _patch(scene.lead, address, token, CONTENT[9:], 9)

    assert (reply.headers["Upload-Offset"], stands.headers["Upload-Offset"]) == ("9", "9")
    assert ended.status_code == 204
    assert scene.backend.blobs.read(SHA256) == CONTENT


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (CONTENT, {**CHUNK, "Upload-Checksum": checksum(b"other")}, 460),
        (CONTENT + b"more", CHUNK, 413),
        (CONTENT, {"Content-Type": "text/plain"}, 415),
        (bytes(len(CONTENT)), CHUNK, 422),
    ],
    ids=["damaged", "too long", "no chunk", "another file"],
)
def test_of_a_beginning_that_is_refused_nothing_is_under_way(
    scene: Scene, content: bytes, headers: dict[str, str], status: int
) -> None:
    token = _cite(scene, scene.lead)

    reply = _create_with(scene, token, content, **headers)

    assert reply.status_code == status
    with scene.backend.reading() as session:
        assert sync_blobs.open_uploads(session, scene.lead.hand.id) == []
    assert list(_folder(scene).glob("*")) == []
    assert SHA256 in scene.lead.have(SHA256)


@pytest.mark.parametrize(
    "said",
    ["", "filename YQ==", "sha256", "sha256 !", f"sha256 {SHA256}", "sha512 MDAwMA=="],
)
def test_an_upload_that_does_not_name_its_hash_is_refused(scene: Scene, said: str) -> None:
    token = _cite(scene, scene.lead)

    reply = scene.lead.send(
        "POST", protocol.UPLOADS, b"", tus(token, Upload_Length="5", Upload_Metadata=said)
    )

    assert problem(reply) == (400, "sync.envelope")


def test_other_metadata_of_a_client_is_no_hindrance_and_the_hash_is_said_again(
    scene: Scene,
) -> None:
    token = _cite(scene, scene.lead)
    said = f"filename 54Wn54mH, {metadata(SHA256)},is_confidential"
    headers = tus(token, Upload_Length=str(len(CONTENT)), Upload_Metadata=said)
    address = scene.lead.send("POST", protocol.UPLOADS, b"", headers).headers["Location"]

    stands = scene.lead.send("HEAD", address, None, tus(token))

    assert stands.headers["Upload-Metadata"] == metadata(SHA256)
    assert stands.headers["Cache-Control"] == "no-store"


def test_a_client_that_can_only_post_names_the_method_it_means(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    address, spare = _create(scene.lead, token), _create(scene.lead, token)

    def instead(method: str, at: str, content: bytes = b"", **headers: str) -> TestResponse:
        given = tus(token, **headers, X_HTTP_Method_Override=method)
        return scene.lead.send("POST", at, content, given)

    ended = instead("DELETE", spare)
    stands = instead("HEAD", address)
    sent = instead("PATCH", address, CONTENT, Upload_Offset="0", **CHUNK)
    other = instead("PUT", address)

    assert [r.status_code for r in (ended, stands, sent, other)] == [204, 200, 204, 405]
    assert stands.headers["Upload-Offset"] == "0"
    assert scene.backend.blobs.read(SHA256) == CONTENT


def test_every_answer_names_the_version_refusals_too(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)
    refused = _patch(scene.lead, address, token, b"x", 5)
    nameless = scene.lead.send("HEAD", address, None, tus("no token"))

    assert [r.status_code for r in (refused, nameless)] == [409, 403]
    assert {r.headers["Tus-Resumable"] for r in (refused, nameless)} == {"1.0.0"}


def test_an_unfinished_upload_can_be_ended(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)
    _patch(scene.lead, address, token, CONTENT[:9], 0)

    ended = scene.lead.send("DELETE", address, b"", tus(token))

    assert ended.status_code == 204
    assert problem(_patch(scene.lead, address, token, CONTENT[9:], 9))[0] == 404
    assert not list(_folder(scene).glob("*.part"))


def test_a_crash_between_storing_and_noting_is_made_good(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)
    with monkeypatch.context() as broken:
        broken.setattr(receive_blob.sync_blobs, "add", _crash)
        with pytest.raises(ZeroDivisionError):
            _patch(scene.lead, address, token, CONTENT, 0)
    stands = scene.lead.send("HEAD", address, None, tus(token))

    assert stands.headers["Upload-Offset"] == str(len(CONTENT))
    assert scene.lead.have(SHA256) == {}


def test_an_upload_that_a_crash_left_whole_but_unverified_is_finished_when_asked_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)
    with monkeypatch.context() as broken:
        broken.setattr(LocalBlobs, "adopt", _crash)
        with pytest.raises(ZeroDivisionError):
            _patch(scene.lead, address, token, CONTENT, 0)
    stands = scene.lead.send("HEAD", address, None, tus(token))

    assert stands.headers["Upload-Offset"] == str(len(CONTENT))
    assert scene.backend.blobs.read(SHA256) == CONTENT
    assert scene.lead.have(SHA256) == {}


def test_whoever_asks_while_an_upload_is_noted_is_told_that_it_is_stored_and_so_is_the_other(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = open_scene(backend)
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)
    moved = LocalBlobs.adopt
    asked: list[TestResponse] = []

    def asks(blobs: LocalBlobs, *told: Any) -> None:
        moved(blobs, *told)
        asked.append(scene.lead.send("HEAD", address, None, tus(token)))

    monkeypatch.setattr(LocalBlobs, "adopt", asks)
    stored = _patch(scene.lead, address, token, CONTENT, 0)
    again = scene.lead.send("HEAD", address, None, tus(token))

    assert [r.status_code for r in (asked[0], stored, again)] == [200, 204, 200]
    assert {r.headers["Upload-Offset"] for r in (asked[0], stored, again)} == {str(len(CONTENT))}
    assert scene.lead.have(SHA256) == {}


def test_an_upload_that_brings_other_bytes_never_counts_as_the_file_that_somebody_else_sent(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = open_scene(backend)
    token, sent = _cite(scene, scene.lead), _cite(scene, scene.member)
    address = _create(scene.lead, token)
    _patch(scene.member, _create(scene.member, sent), sent, CONTENT, 0)
    moved, asking = LocalBlobs.adopt, ThreadPoolExecutor(1)
    asked: list[Future[TestResponse]] = []

    def slowly(blobs: LocalBlobs, part: Path, *told: str) -> None:
        moved(blobs, part, *told)
        client = app_of(backend).test_client()
        asked.append(asking.submit(client.head, address, headers=tus(token)))
        wait(asked, timeout=0.5)

    monkeypatch.setattr(LocalBlobs, "adopt", slowly)
    refused = _patch(scene.lead, address, token, CONTENT[::-1], 0)

    assert problem(refused) == (422, "sync.digest")
    assert asked[0].result().status_code == 404
    with backend.reading() as session:
        assert session.get_one(Upload, UUID(address.rpartition("/")[2])).sha256 != SHA256


@pytest.mark.parametrize("damage", [None, b"", b"other bytes"])
def test_a_stored_file_that_was_lost_or_damaged_is_replaced_by_the_phones(
    scene: Scene, damage: bytes | None
) -> None:
    token = _cite(scene, scene.lead)
    _patch(scene.lead, _create(scene.lead, token), token, CONTENT, 0)
    stored = scene.backend.blobs.path(SHA256)
    if damage is None:
        stored.unlink()
        token = scene.lead.have(SHA256)[SHA256]
    else:
        stored.write_bytes(damage)
    _patch(scene.lead, _create(scene.lead, token), token, CONTENT, 0)

    assert scene.backend.blobs.read(SHA256) == CONTENT
    assert scene.lead.have(SHA256) == {}
    aside = [path.read_bytes() for path in stored.parent.glob("*.damaged-*")]
    assert aside == ([] if damage is None else [damage])  # kept as evidence


def test_files_may_lie_on_a_disk_of_their_own(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _cite(scene, scene.lead)
    rename = Path.replace

    def across(source: Path, target: Path) -> Path:
        if source.parent != scene.backend.blobs.path(SHA256).parents[2]:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(source, target)

    with monkeypatch.context() as disks:
        disks.setattr(Path, "replace", across)
        _patch(scene.lead, _create(scene.lead, token), token, CONTENT, 0)

    assert scene.backend.blobs.read(SHA256) == CONTENT
    assert not list(_folder(scene).glob("*.part"))


def test_a_full_disk_is_said_and_the_upload_goes_on_later(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _cite(scene, scene.lead)
    address = _create(scene.lead, token)
    with monkeypatch.context() as full:
        full.setattr(receive_blob, "append", _disk_full)
        refused = _patch(scene.lead, address, token, CONTENT, 0)
    later = _patch(scene.lead, address, token, CONTENT, 0)

    assert problem(refused) == (507, "sync.full")
    assert later.status_code == 204
    assert scene.backend.blobs.read(SHA256) == CONTENT


def _disk_full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_receipt_is_signed_only_once_every_file_is_verified(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    hand = scene.lead.hand
    early = scene.lead.receipt(hand.seq, hand.prev, [SHA256])
    _patch(scene.lead, _create(scene.lead, token), token, CONTENT, 0)
    reply = scene.lead.receipt(hand.seq, hand.prev, [SHA256])

    assert problem(early) == (409, "sync.blobs_missing")
    assert SHA256 in early.get_data(as_text=True)
    signed = protocol.decode(protocol.ReceiptReply, reply.get_data())
    key = _receipt_key(scene)
    receipt = protocol.verify_receipt(signed, {signed.kid: key})
    assert (receipt.upto_seq, receipt.head_hash, receipt.entry_count) == (1, hand.prev, 1)
    assert receipt.effects == {"applied": 1}


def test_a_receipt_is_refused_for_another_chain_or_a_lost_file(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    hand = scene.lead.hand
    _patch(scene.lead, _create(scene.lead, token), token, CONTENT, 0)
    other = scene.lead.receipt(hand.seq, "0" * 64, [SHA256])
    fewer = scene.lead.receipt(hand.seq, hand.prev, [])
    scene.backend.blobs.path(SHA256).unlink()
    lost = scene.lead.receipt(hand.seq, hand.prev, [SHA256])

    assert problem(other) == (409, "sync.receipt_mismatch")
    assert problem(fewer) == (409, "sync.receipt_mismatch")
    assert problem(lost) == (409, "sync.blobs_missing")


def test_a_file_is_seen_by_its_team_and_citing_it_opens_nothing(scene: Scene) -> None:
    token = _cite(scene, scene.lead)
    _patch(scene.lead, _create(scene.lead, token), token, CONTENT, 0)
    stranger = scene.newcomer()
    theirs = str(uuid4())
    scene.world.assign(theirs, "dust_explosion@1", stranger.hand.user, [])
    stranger.push(scene.epoch, stranger.hand.save(theirs, photo(CONTENT)))
    path = f"{protocol.BLOBS}/{SHA256}"

    with scene.lead.send("GET", path) as own, scene.member.send("GET", path) as partner:
        seen = [own.get_data(), partner.get_data()]
    strange = stranger.send("GET", path)

    assert seen == [CONTENT, CONTENT]
    assert own.headers["Content-Type"] == "image/jpeg"
    assert own.headers["Content-Disposition"].startswith("attachment")
    assert problem(strange) == (404, "sync.not_here_yet")  # whether it is here is not told


def _cite(scene: Scene, wire: Wire, expected: bool = True) -> str:
    """Push an entry with the photo and return the upload token for it."""
    wire.push(scene.epoch, wire.hand.save(scene.assignment, photo(CONTENT), answer("D09")))
    tokens = wire.have(SHA256)
    assert (SHA256 in tokens) == expected
    return tokens.get(SHA256, "")


def _create(wire: Wire, token: str) -> str:
    headers = tus(token, Upload_Length=str(len(CONTENT)), Upload_Metadata=metadata(SHA256))
    reply = wire.send("POST", protocol.UPLOADS, b"", headers)
    assert reply.status_code == 201, reply.get_data()
    return reply.headers["Location"]


def _patch(
    wire: Wire, address: str, token: str, content: bytes, offset: int, **headers: str
) -> TestResponse:
    given = tus(token, Upload_Offset=str(offset), **CHUNK, **headers)
    return wire.send("PATCH", address, content, given)


def _folder(scene: Scene) -> Path:
    return scene.backend.settings.data_dir / "uploads"


def _receipt_key(scene: Scene) -> bytes:
    return LocalKeys(scene.backend.settings.data_dir / "keys").receipts().public_bytes


def _crash(*_: object) -> None:
    raise ZeroDivisionError
