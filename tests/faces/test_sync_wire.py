"""The sync protocol as a phone meets it: signed, limited, repeatable, never refusing data."""

import gzip
import hashlib
import json

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from inspect_server.domain.enums import Role
from inspect_server.store.journal import head as sync_head
from inspect_server.store.models.journal import JournalEntry, Replica, Unverified
from inspect_server.store.models.record import RecordLeaf
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.journal.open_epoch import open_epoch
from sync import entries, httpsig, protocol, replay
from sync.cursor import Cursor
from sync.protocol import PushedEntry, PushRequest
from tests.actors import ALL_ROLES
from tests.conformance_journal import FORM, NOW, Hand, answer
from tests.faces.sync_wire import Scene, Wire, problem, scene

__all__ = ["scene"]
PASSWORD = "correct horse battery 7"


def test_a_push_is_applied_and_the_record_notes_how_far_the_chain_reaches(scene: Scene) -> None:
    entry = scene.lead.hand.save(scene.assignment, answer())

    reply = scene.lead.push(scene.epoch, entry)

    assert [(r.stored, r.effect) for r in reply.results] == [("new", "applied")]
    (result,) = reply.results
    came = scene.backend.clock.now().isoformat()
    line = f"{result.pos}\t{result.hash}\t{scene.lead.hand.id}\t{came}\n"
    with scene.backend.reading() as session:
        leaves = session.scalars(
            select(RecordLeaf)
            .where(RecordLeaf.case_name == "journal")
            .order_by(RecordLeaf.case_seq)
        ).all()
        assert json.loads(leaves[-1].content)["body"] == {
            "replica": scene.lead.hand.id,
            "upto_seq": 1,
            "head_hash": reply.head_hash,
            "first_pos": result.pos,
            "last_pos": result.pos,
            "received": hashlib.sha256(line.encode()).hexdigest(),
        }


def test_a_lost_answer_is_harmless_because_the_same_push_again_changes_nothing(
    scene: Scene,
) -> None:
    entry = scene.lead.hand.save(scene.assignment, answer())
    first = scene.lead.push(scene.epoch, entry)
    with scene.backend.reading() as session:
        before = (sync_head.position(session), session.query(RecordLeaf).count())

    again = scene.lead.push(scene.epoch, entry)

    assert [r.stored for r in again.results] == ["duplicate"]
    assert (again.upto_seq, again.head_hash) == (first.upto_seq, first.head_hash)
    with scene.backend.reading() as session:
        assert (sync_head.position(session), session.query(RecordLeaf).count()) == before


def test_a_request_that_is_not_signed_by_its_replica_is_refused(scene: Scene) -> None:
    content = protocol.encode(PushRequest(scene.lead.hand.id, scene.epoch, "", []))
    unsigned = scene.client.post(protocol.PUSH, data=content)
    forged = Wire(scene.client, Hand(scene.lead.hand.user), "").send("POST", protocol.PUSH, content)
    changed = scene.lead.send("POST", protocol.PUSH, content, {"Signature": f"sig1=:{'A' * 86}==:"})
    other = scene.member.send("POST", protocol.PUSH, content)

    assert problem(unsigned) == (401, "sync.signature")
    assert problem(forged) == (401, "sync.unknown_replica")
    assert problem(changed) == (401, "sync.signature")
    assert problem(other) == (401, "sync.signature")


def test_a_body_that_is_not_the_digested_one_is_refused(scene: Scene) -> None:
    content = protocol.encode(PushRequest(scene.lead.hand.id, scene.epoch, "", []))
    signed = httpsig.signed_headers(
        httpsig.Target("POST", protocol.PUSH),
        content,
        scene.lead.hand.id,
        0,
        lambda base: entries.sign(scene.lead.hand.key, base),
    )

    reply = scene.client.post(protocol.PUSH, data=content.replace(b"{", b"[", 1), headers=signed)

    assert problem(reply) == (422, "sync.digest")


def test_a_gzip_bomb_is_refused_without_being_inflated(scene: Scene) -> None:
    bomb = gzip.compress(bytes(200 * 1024 * 1024), compresslevel=9)

    reply = scene.lead.send("POST", protocol.PUSH, bomb, {"Content-Encoding": "gzip"})

    assert len(bomb) < protocol.MAX_PUSH_BYTES
    assert problem(reply) == (413, "sync.too_large")


@pytest.mark.parametrize(
    ("content", "encoding", "expected"),
    [
        (b"x" * (protocol.MAX_PUSH_BYTES + 1), "", (413, "sync.too_large")),
        (b"{", "", (400, "sync.envelope")),
        (b'{"replica": 5}', "", (400, "sync.envelope")),
        (b"\xff\xfe", "", (400, "sync.envelope")),
        (b"[" * 100_000, "", (400, "sync.envelope")),
        (b"no gzip", "gzip", (400, "sync.envelope")),
        (gzip.compress(b"{}", mtime=0)[:-4], "gzip", (400, "sync.envelope")),
        (gzip.compress(b"{}", mtime=0) + b"tail", "gzip", (400, "sync.envelope")),
        (b"{}", "br", (400, "sync.envelope")),
    ],
)
def test_a_body_that_is_no_message_is_refused_with_a_reason(
    scene: Scene, content: bytes, encoding: str, expected: tuple[int, str]
) -> None:
    reply = scene.lead.send("POST", protocol.PUSH, content, {"Content-Encoding": encoding})

    assert problem(reply) == expected


def test_a_body_shorter_than_announced_is_refused_and_nothing_is_stored(scene: Scene) -> None:
    entry = scene.lead.hand.save(scene.assignment, answer())
    request = PushRequest(scene.lead.hand.id, scene.epoch, NOW.isoformat(), [entry])
    content = protocol.encode(request)

    reply = scene.lead.send("POST", protocol.PUSH, content, announced=len(content) + 9)

    assert problem(reply) == (400, "sync.envelope")
    with scene.backend.reading() as session:
        stored = session.query(JournalEntry).filter_by(replica_id=scene.lead.hand.id)
        assert stored.count() == 0


def test_a_bad_signature_keeps_the_raw_bytes_and_blocks_nothing(scene: Scene) -> None:
    good = scene.lead.hand.save(scene.assignment, answer("D01"))
    bad = PushedEntry(good.bytes_b64 + b" ", good.sig)

    reply = scene.lead.push(scene.epoch, bad, good)

    assert [(r.stored, r.effect, r.reason) for r in reply.results] == [
        ("unverified", "quarantined", "unverified"),
        ("new", "applied", ""),
    ]
    with scene.backend.reading() as session:
        assert [row.content for row in session.scalars(select(Unverified))] == [bad.bytes_b64]


def test_a_cloned_phone_forks_and_loses_nothing(scene: Scene) -> None:
    clone = Wire(scene.client, scene.lead.hand.clone(), scene.lead.token)
    mine = scene.lead.hand.save(scene.assignment, answer("D01"))
    theirs = clone.hand.save(scene.assignment, answer("D02"))
    scene.lead.push(scene.epoch, mine)

    reply = clone.push(scene.epoch, theirs)

    assert [(r.stored, r.reason) for r in reply.results] == [("fork", "fork")]
    pulled = {document.id for document in scene.member.pull().docs}
    assert {id.rpartition("/")[2] for id in pulled if id.startswith("item/")} == {"D01", "D02"}


def test_a_revoked_phone_delivers_and_downloads_nothing(scene: Scene) -> None:
    entry = scene.lead.hand.save(scene.assignment, answer())
    scene.world.revoke(scene.lead.hand.id)

    reply = scene.lead.push(scene.epoch, entry)
    refused = scene.lead.post(protocol.PULL, protocol.PullRequest(""))

    assert [(r.stored, r.reason) for r in reply.results] == [("new", "revoked")]
    assert problem(refused) == (403, "sync.revoked")


def test_a_wrong_epoch_answers_where_the_server_stands(scene: Scene) -> None:
    entry = scene.lead.hand.save(scene.assignment, answer())
    scene.lead.push(scene.epoch, entry)
    with scene.backend.begin(ALL_ROLES) as work:
        fresh = open_epoch(work)
    request = PushRequest(scene.lead.hand.id, scene.epoch, "", [entry])

    reply = scene.lead.post(protocol.PUSH, request)
    cursor = scene.lead.post(protocol.PULL, protocol.PullRequest(Cursor(scene.epoch, 1).text()))

    assert problem(reply) == (409, "sync.epoch")
    told = json.loads(reply.get_data())
    assert (told["epoch"], told["upto_seq"]) == (str(fresh), 1)
    assert problem(cursor) == (410, "sync.cursor")


def test_a_pull_needs_signature_and_token(scene: Scene) -> None:
    stranger = Wire(scene.client, scene.lead.hand, "other")

    assert problem(stranger.post(protocol.PULL, protocol.PullRequest(""))) == (401, "sync.login")


def test_state_alone_is_a_sync_that_has_nothing_to_do(scene: Scene) -> None:
    cursor = scene.lead.pull().cursor

    reply = scene.lead.send("GET", f"{protocol.STATE}?replica={scene.lead.hand.id}&cursor={cursor}")
    foreign = scene.lead.send("GET", f"{protocol.STATE}?replica={scene.member.hand.id}&cursor=")

    state = protocol.decode(protocol.StateReply, reply.get_data())
    assert (state.pull_needed, state.held, state.missing_blobs) == (False, [], [])
    assert len(reply.get_data()) <= 500
    assert problem(foreign) == (401, "sync.signature")


@pytest.mark.parametrize("cursor", ["';--", "{epoch}:x:", "{epoch}:1:2:law:3", "{epoch}:9999:"])
def test_with_a_cursor_that_no_server_gave_a_phone_pulls_anew(scene: Scene, cursor: str) -> None:
    scene.lead.pull()
    spoilt = cursor.replace("{epoch}", scene.epoch)

    state = scene.lead.send("GET", f"{protocol.STATE}?cursor={spoilt}")
    pull = scene.lead.post(protocol.PULL, protocol.PullRequest(spoilt))

    assert protocol.decode(protocol.StateReply, state.get_data()).pull_needed
    assert problem(pull) == (410, "sync.cursor")


def test_answers_are_compressed_on_demand_and_digested_as_sent(scene: Scene) -> None:
    sent = [scene.lead.hand.save(scene.assignment, answer(f"D{n:02}")) for n in range(20)]
    scene.lead.push(scene.epoch, *sent)
    content = protocol.encode(protocol.PullRequest(""))

    plain = scene.lead.send("POST", protocol.PULL, content)
    packed = scene.lead.send("POST", protocol.PULL, content, {"Accept-Encoding": "gzip"})

    for reply in (plain, packed):
        digest = hashlib.sha256(reply.get_data()).digest()
        httpsig.check_digest(reply.headers["Content-Digest"], digest)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == plain.get_data()


def test_enrolling_needs_login_nonce_and_proof_and_may_be_repeated(scene: Scene) -> None:
    with scene.backend.begin(ALL_ROLES) as work:
        user = add_user(work, "zhaoliu", "赵六", "一科", [], PASSWORD)
    hand = Hand(str(user.user_id))
    wire = Wire(scene.client, hand, "")

    first = _enrol(wire, "zhaoliu", PASSWORD)
    again = _enrol(wire, "zhaoliu", PASSWORD)
    wrong = _enrol(wire, "zhaoliu", "wrong password 1")
    spent = _enrol(wire, "zhaoliu", PASSWORD, nonce="0" * 64)
    stolen = _enrol(wire, "zhaoliu", PASSWORD, proof=bytes(64))

    replies = [protocol.decode(protocol.EnrolReply, r.get_data()) for r in (first, again)]
    assert {reply.replica_id for reply in replies} == {hand.id}
    assert replies[0].device_id == replies[1].device_id
    assert replies[0].pull_token != replies[1].pull_token
    assert Role.INSPECTOR not in user.roles
    assert [problem(r) for r in (wrong, spent, stolen)] == [
        (401, "sync.login"),
        (401, "sync.signature"),
        (401, "sync.signature"),
    ]
    assert _enrolled(scene) == 1 + 2 + 1  # the server, the scene's two, this one


def test_enrolling_again_with_another_label_renames_the_phone(scene: Scene) -> None:
    with scene.backend.begin(ALL_ROLES) as work:
        user = add_user(work, "zhaoliu", "赵六", "一科", [], PASSWORD)
    hand = Hand(str(user.user_id))
    wire = Wire(scene.client, hand, "")
    _enrol(wire, "zhaoliu", PASSWORD)
    refused = _enrol(wire, "zhaoliu", PASSWORD, label="新\u200b机")
    named = _enrol(wire, "zhaoliu", PASSWORD, label="新手机")

    assert (problem(refused)[1], named.status_code) == ("sync.envelope", 200)
    with scene.backend.reading() as session:
        assert session.get_one(Replica, hand.id).label == "新手机"


def test_a_key_of_one_account_is_not_enrolled_for_another(scene: Scene) -> None:
    with scene.backend.begin(ALL_ROLES) as work:
        add_user(work, "zhaoliu", "赵六", "一科", [], PASSWORD)

    reply = _enrol(scene.lead, "zhaoliu", PASSWORD)

    assert problem(reply) == (409, "replica.other_user")


def test_numbers_and_texts_that_no_database_holds_are_refused(scene: Scene) -> None:
    hand = scene.lead.hand
    receipt = protocol.ReceiptRequest(hand.id, 2**70, "0" * 64, entries.blob_root([]))
    cursor = Cursor(scene.epoch, 10**17).text()
    label = _enrol(scene.lead, "zhaoliu", PASSWORD, label="a\0b")

    assert problem(scene.lead.post(protocol.RECEIPTS, receipt)) == (409, "sync.receipt_mismatch")
    assert problem(scene.lead.post(protocol.PULL, protocol.PullRequest(cursor))) == (
        410,
        "sync.cursor",
    )
    assert problem(label) == (400, "sync.envelope")


def test_a_revoked_phone_does_not_enrol_again_with_the_same_key(scene: Scene) -> None:
    with scene.backend.begin(ALL_ROLES) as work:
        user = add_user(work, "zhaoliu", "赵六", "一科", [], PASSWORD)
    wire = Wire(scene.client, Hand(str(user.user_id)), "")
    _enrol(wire, "zhaoliu", PASSWORD)
    scene.world.revoke(wire.hand.id)

    assert problem(_enrol(wire, "zhaoliu", PASSWORD)) == (403, "sync.revoked")


def test_a_forgotten_phone_delivers_through_a_partner_and_counts_once_it_enrols(
    scene: Scene,
) -> None:
    with scene.backend.begin(ALL_ROLES) as work:
        user = add_user(work, "zhaoliu", "赵六", "一科", [], PASSWORD)
    hand = Hand(str(user.user_id))
    scene.world.assign(scene.assignment, FORM, scene.lead.hand.user, [hand.user])
    entry = hand.save(scene.assignment, answer())
    request = PushRequest(
        scene.lead.hand.id, scene.epoch, "", [entry], keys={hand.id: hand.public_key}
    )
    carried = scene.lead.post(protocol.PUSH, request)
    before = {doc.id for doc in scene.lead.pull().docs}

    _enrol(Wire(scene.client, hand, ""), "zhaoliu", PASSWORD)

    results = protocol.decode(protocol.PushReply, carried.get_data()).results
    assert [(r.stored, r.reason) for r in results] == [("new", "wrong_user")]
    gained = {doc.id for doc in scene.lead.pull().docs} - before
    assert [id.rpartition("/")[2] for id in gained] == ["D01"]


def test_what_was_accepted_before_its_phone_enrolled_follows_from_the_journal(
    scene: Scene,
) -> None:
    with scene.backend.begin(ALL_ROLES) as work:
        user = add_user(work, "zhaoliu", "赵六", "一科", [], PASSWORD)
    hand = Hand(str(user.user_id))
    scene.world.assign(scene.assignment, FORM, scene.lead.hand.user, [hand.user])
    entry = hand.save(scene.assignment, answer())
    keys = {hand.id: hand.public_key}
    scene.lead.post(
        protocol.PUSH, PushRequest(scene.lead.hand.id, scene.epoch, "", [entry], keys=keys)
    )
    scene.world.accept(entries.entry_hash(entry.bytes_b64))

    _enrol(Wire(scene.client, hand, ""), "zhaoliu", PASSWORD)

    with scene.world.begin() as journal:
        rows = list(journal.all_entries())
        again = replay.replay(rows, journal.replica)
    assert again.verdicts == {row.hash: replay.verdict(row) for row in rows}


def _enrol(
    wire: Wire,
    login: str,
    password: str,
    nonce: str = "",
    proof: bytes = b"",
    label: str = "测试机",
) -> TestResponse:
    given = protocol.decode(protocol.NonceReply, wire.client.get(protocol.NONCE).get_data())
    nonce = nonce or given.nonce
    key = wire.hand.public_key
    message = protocol.enrol_proof_bytes(nonce, login, key)
    request = protocol.EnrolRequest(
        login=login,
        password=password,
        nonce=nonce,
        public_key_b64=key,
        label=label,
        device_id="",
        storage=protocol.Storage(persisted=True, installed=True, quota=0),
        proof_b64=proof or entries.sign(wire.hand.key, message),
    )
    return wire.post(protocol.REPLICAS, request)


def _enrolled(scene: Scene) -> int:
    with scene.backend.reading() as session:
        return session.query(Replica).count()
