"""What a client is told when something is not as it should be: a code of its own, and why."""

import hashlib
import json
from uuid import UUID

import pytest

from inspect_server.app import create_app
from inspect_server.domain.enums import Role
from inspect_server.store.models.identity import User
from inspect_server.usecases.accounts import add_user
from sync import httpsig, protocol
from tests.actors import ALL_ROLES
from tests.conformance_journal import Hand, answer, photo
from tests.faces import sync_wire
from tests.faces.sync_wire import Scene, Wire, metadata, open_scene, problem, scene, tus
from tests.faces.test_sync_wire import PASSWORD, _enrol

__all__ = ["scene"]
CONTENT = b"\xff\xd8\xff" + b"jpeg" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PHOTO = f"{protocol.BLOBS}/{SHA256}"
CHUNK = {"Content-Type": "application/offset+octet-stream"}


def _cite(scene: Scene, wire: Wire) -> None:
    wire.push(scene.epoch, wire.hand.save(scene.assignment, photo(CONTENT)))


def _send(wire: Wire) -> None:
    said = tus(
        wire.have(SHA256)[SHA256],
        Upload_Length=str(len(CONTENT)),
        Upload_Metadata=metadata(SHA256),
        **CHUNK,
    )
    assert wire.send("POST", protocol.UPLOADS, CONTENT, said).status_code == 201


def _fetch(wire: Wire) -> int | tuple[int, str]:
    """The status, of a refusal with its code."""
    with wire.send("GET", PHOTO) as reply:
        return reply.status_code if reply.status_code < 400 else problem(reply)


def test_a_partners_photo_that_is_on_its_way_is_told_from_one_that_is_not_ones_own(
    scene: Scene,
) -> None:
    stranger = scene.newcomer()
    everybody = (scene.lead, scene.member, stranger)
    before = [_fetch(wire) for wire in everybody]
    _cite(scene, scene.lead)
    cited = [_fetch(wire) for wire in everybody]
    _send(scene.lead)
    here = [_fetch(wire) for wire in everybody]
    scene.backend.blobs.path(SHA256).unlink()  # and its phone is asked for it again
    lost = [_fetch(wire) for wire in everybody]

    foreign, awaited = (403, "sync.not_in_scope"), (404, "sync.not_here_yet")
    assert before == [foreign] * 3
    assert cited == lost == [awaited, awaited, foreign]
    assert here == [200, 200, foreign]


def test_who_cites_somebody_elses_photo_does_not_learn_whether_it_is_here(scene: Scene) -> None:
    _cite(scene, scene.member)
    _cite(scene, scene.lead)
    thief = scene.newcomer()
    task = "0198aaaa-0000-4000-8000-00000000000f"
    scene.world.assign(task, sync_wire.FORM, thief.hand.user, [])
    thief.push(scene.epoch, thief.hand.save(task, photo(CONTENT)))
    awaited = _fetch(thief)
    _send(scene.lead)

    assert _fetch(scene.member) == 200
    assert awaited == _fetch(thief) == (404, "sync.not_here_yet")


def test_an_account_that_is_no_inspectors_is_told_so_and_not_asked_to_log_in_again(
    scene: Scene,
) -> None:
    with scene.backend.begin(ALL_ROLES) as work:
        user = add_user(work, "wangke", "王科", "一科", [Role.SUPERVISOR], PASSWORD)
    wire = Wire(scene.client, Hand(str(user.user_id)), "")
    reply = _enrol(wire, "wangke", PASSWORD)
    wire.token = protocol.decode(protocol.EnrolReply, reply.get_data()).pull_token
    pulled = wire.post(protocol.PULL, protocol.PullRequest(""))
    with scene.backend.begin(ALL_ROLES) as work:
        work.session.get_one(User, UUID(wire.hand.user)).roles = [Role.INSPECTOR.value]

    assert problem(pulled) == (403, "sync.not_inspecting")
    assert wire.pull().docs == []


@pytest.mark.parametrize(
    ("name", "header"),
    [
        (
            httpsig.SIGNATURE_INPUT,
            'sig1=("@method" "@path" "@query");created=0;alg="ecdsa-p256-sha256";keyid="{id}"',
        ),
        (httpsig.SIGNATURE_INPUT, 'sig1=("@method" "@path" "@query");keyid="{id}"'),
        (httpsig.SIGNATURE, "sig1=:MEUCIQ==:"),
    ],
    ids=["another order", "a parameter less", "DER"],
)
def test_a_signature_of_another_profile_is_named_and_no_reason_to_enrol_again(
    scene: Scene, name: str, header: str
) -> None:
    headers = {name: header.format(id=scene.lead.hand.id)}
    reply = scene.lead.send("GET", protocol.STATE, None, headers)

    assert problem(reply) == (400, "sync.envelope")
    assert name in reply.get_data(as_text=True)


def test_an_upload_without_a_token_needs_one_and_no_password(scene: Scene) -> None:
    bare = {"Tus-Resumable": "1.0.0", "Authorization": ""}
    _cite(scene, scene.lead)
    begun = scene.lead.send("POST", protocol.UPLOADS, b"", bare)

    assert problem(begun) == (403, "sync.upload_token")


def test_a_chunk_by_another_name_is_told_how_it_is_called(scene: Scene) -> None:
    _cite(scene, scene.lead)
    said = tus(
        scene.lead.have(SHA256)[SHA256],
        Upload_Length=str(len(CONTENT)),
        Upload_Metadata=metadata(SHA256),
        Content_Type="application/json",
    )
    reply = scene.lead.send("POST", protocol.UPLOADS, CONTENT, said)

    assert problem(reply) == (415, "sync.media_type")
    assert "application/offset+octet-stream" in json.loads(reply.get_data())["detail"]


def test_a_part_of_a_file_and_one_beyond_its_end(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_wire, "app_of", create_app)
    scene = open_scene(scene.backend)
    _cite(scene, scene.lead)
    _send(scene.lead)
    with scene.lead.send("GET", PHOTO, None, {"Range": "bytes=3-6"}) as part:
        content = part.get_data()
    beyond = scene.lead.send("GET", PHOTO, None, {"Range": f"bytes={len(CONTENT)}-"})

    assert (part.status_code, content) == (206, b"jpeg")
    assert part.headers["Content-Range"] == f"bytes 3-6/{len(CONTENT)}"
    assert problem(beyond) == (416, "http.416")


def test_what_a_file_is_tagged_with_tells_nothing_but_its_hash_and_only_whoever_may_have_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_wire, "app_of", create_app)
    scene = open_scene(scene.backend)
    _cite(scene, scene.lead)
    _send(scene.lead)
    known = {"If-None-Match": f'"{SHA256}"'}
    with scene.lead.send("GET", PHOTO, None) as whole:
        headers = whole.headers
    with scene.lead.send("GET", PHOTO, None, known) as again:
        body = again.get_data()
    several = scene.lead.send("GET", PHOTO, None, {"Range": "bytes=0-0,2-3"})
    stranger = scene.newcomer().send("GET", PHOTO, None, known | {"Range": "bytes=0-0"})
    unsigned = scene.client.get(PHOTO, headers=known)

    assert headers["ETag"] == f'"{SHA256}"'
    assert "Last-Modified" not in headers
    assert (again.status_code, body) == (304, b"")
    assert problem(several) == (416, "http.416")
    assert problem(stranger) == (403, "sync.not_in_scope")
    assert problem(unsigned) == (401, "sync.signature")
    for refused in (several, stranger, unsigned):
        assert refused.headers["Cache-Control"] == "no-store"
        assert refused.headers["X-Content-Type-Options"] == "nosniff"
        assert SHA256 not in str(refused.headers)


def _told(scene: Scene, *pushed: protocol.PushedEntry) -> list[tuple[int, str, str, list[str]]]:
    results = scene.lead.push(scene.epoch, *pushed).results
    return [(one.seq, one.effect, one.reason, one.flags) for one in results]


def test_of_two_opposite_values_in_one_push_the_earlier_stays_applied(scene: Scene) -> None:
    passed = scene.lead.hand.save(scene.assignment, answer(result="pass"))
    failed = scene.member.hand.save(scene.assignment, answer(result="fail"))

    assert _told(scene, passed, failed) == [(1, "applied", "", []), (1, "conflict", "", [])]
    assert _told(scene, passed, failed) == [(1, "applied", "", []), (1, "conflict", "", [])]


def test_an_earlier_entry_of_a_push_may_be_released_or_become_a_fork(scene: Scene) -> None:
    hand = scene.lead.hand
    before = hand.seq, hand.prev
    first = hand.save(scene.assignment, answer("D01"))
    second = hand.save(scene.assignment, answer("D02"))
    hand.seq, hand.prev = before
    branch = hand.save(scene.assignment, answer("D03"))

    assert _told(scene, second, first, branch) == [
        (2, "applied", "", []),
        (1, "applied", "fork", ["fork"]),
        (1, "applied", "fork", ["fork"]),
    ]


def test_what_is_no_entry_has_no_position_and_the_number_that_could_be_read(scene: Scene) -> None:
    entry = scene.lead.hand.save(scene.assignment, answer())
    forged = protocol.PushedEntry(entry.bytes_b64, bytes(64))
    results = scene.lead.push(scene.epoch, forged, protocol.PushedEntry(b"?", b"")).results

    assert [(one.stored, one.seq, one.pos, one.flags) for one in results] == [
        ("unverified", 1, 0, []),
        ("unverified", 0, 0, []),
    ]


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("手机 1 📱", 200),
        ("号" * 100, 200),
        ("号" * 101, 400),
        *((f"手机{letter}", 400) for letter in "\n\u3000\u200d\x7f"),
    ],
)
def test_a_label_is_short_and_printable(scene: Scene, label: str, status: int) -> None:
    with scene.backend.begin(ALL_ROLES) as work:
        user = add_user(work, "zhaoliu", "赵六", "一科", [], PASSWORD)
    wire = Wire(scene.client, Hand(str(user.user_id)), "")

    assert _enrol(wire, "zhaoliu", PASSWORD, label=label).status_code == status
