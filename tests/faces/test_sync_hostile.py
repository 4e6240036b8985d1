"""Entries and requests that nobody well-meaning sends: kept or refused, never a failure."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from inspect_server.reads.phones.inbox import listed, unverified
from inspect_server.reads.phones.journal import merged
from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import JournalEntry
from inspect_server.usecases.journal.rebuild_journal import rebuild_journal
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.work import Backend
from sync import entries, httpsig, protocol
from sync.cursor import Cursor
from sync.errors import BadEntry
from sync.protocol import PushedEntry, PushRequest
from tests.actors import ALL_ROLES
from tests.conformance_journal import NOW, Hand, answer
from tests.faces.sync_wire import Scene, open_scene, problem

Change = Callable[[bytes], bytes]
TEXT = b'"note":""'


@pytest.fixture
def scene(backend: Backend) -> Scene:
    """On both engines: they disagree about what a text or a number may be."""
    return open_scene(backend)


def _note(text: bytes) -> Change:
    return lambda content: content.replace(TEXT, b'"note":' + text)


def _set(field: str, value: Any) -> Change:
    def change(content: bytes) -> bytes:
        fields = json.loads(content)
        fields[field] = value
        return json.dumps(fields).encode()

    return change


def _op(field: str, value: Any) -> Change:
    def change(content: bytes) -> bytes:
        fields = json.loads(content)
        fields["ops"][0][field] = value
        return json.dumps(fields).encode()

    return change


BROKEN: dict[str, Change] = {
    "lone surrogate": _note(b'"\\ud800"'),
    "not UTF-8": _note(b'"\xed\xa0\x80"'),
    "NUL in a text": _note(b'"a\\u0000b"'),
    "NUL in a device time zone": _set("tz", "a\0b"),
    "not a number": _note(b"NaN"),
    "float": _set("mono", 0.5),
    "whole float": _set("mono", 1.0),
    "above 2**53": _set("mono", 2**53),
    "hundreds of digits": _set("mono", 10**300),
    "negative": _set("mono", -1),
    "deep nesting": _op("value", json.loads("[" * 400 + "]" * 400)),
    "very deep nesting": lambda content: content.replace(
        b'"value":{', b'"value":' + b"[" * 60_000 + b"]" * 60_000 + b',"values":{'
    ),
    "long item": _op("item", "answer/dust/" + "D" * 200_000),
    "item with a newline": _op("item", "answer/dust/D01\n"),
    "path as an item": _op("item", "answer/../../etc/passwd"),
    "assignment with a newline": lambda c: _set("assignment", json.loads(c)["assignment"] + "\n")(
        c
    ),
    "user with a newline": lambda c: _set("user", json.loads(c)["user"] + "\n")(c),
    "assignment of another shape": _set("assignment", "{" + str(uuid4()) + "}"),
    "parent with a newline": _op("parents", ["a" * 64 + "#0\n"]),
    "unknown type": _op("type", "record.erase"),
    "server only type": _op("type", "task.close"),
    "no operations": _set("ops", []),
    "501 operations": lambda c: _set("ops", json.loads(c)["ops"] * 501)(c),
    "impossible moment": _set("wall", "2026-13-45T25:61:61Z"),
    "a moment that no other zone can show": _set("wall", "0001-01-01T00:00:00+14:00"),
    "a moment after the last day": _set("wall", "9999-12-31T23:59:59-14:00"),
    "unknown field": _set("admin", True),
    "257 KiB": _set("boot", "x" * 257 * 1024),
    "no number": lambda content: content.replace(b'"seq":', b'"number":'),
    "a number as a text": lambda c: _set("seq", str(json.loads(c)["seq"]))(c),
    "no predecessor and no JSON": lambda content: content.replace(b'"prev":', b'"x":NaN,"y":'),
}


def test_entries_that_break_the_schema_are_kept_shown_and_block_nobody(scene: Scene) -> None:
    hand, chained, loose = scene.lead.hand, {}, {}
    for case, change in BROKEN.items():
        content = change(entries.build(hand.entry(scene.assignment, answer())))
        if _has_a_place(content):
            chained[case] = hand.sign(content)
        else:
            loose[case] = PushedEntry(content, entries.sign(hand.key, content))
    good = hand.save(scene.assignment, answer())

    reply = scene.lead.push(scene.epoch, *loose.values(), *chained.values(), good)

    found = dict(zip([*loose, *chained], reply.results, strict=False))
    assert {case: (r.stored, r.reason) for case, r in found.items()} == {
        **dict.fromkeys(loose, ("unverified", "unverified")),
        **dict.fromkeys(chained, ("new", "schema")),
    }
    assert reply.results[-1].effect == "applied"
    with scene.backend.reading() as session:
        shown = {row.hash for row in listed(session, size=200).rows}
        assert shown == {entries.entry_hash(one.bytes_b64) for one in chained.values()}
        assert len(unverified(session)) == len(loose) == 3
    assert verify_journal(scene.backend).sound
    assert rebuild_journal(scene.backend) == 0


def _has_a_place(content: bytes) -> bool:
    try:
        entries.envelope(content)
    except BadEntry:
        return False
    return True


def test_a_clock_that_is_years_wrong_is_flagged_at_most(scene: Scene) -> None:
    hand, walls = scene.lead.hand, ("1970-01-01T00:00:00+14:00", "9998-12-31T23:59:59-14:00")
    pushed = []
    for wall in walls:
        entry = hand.entry(scene.assignment, answer())
        entry.wall = wall
        pushed.append(hand.sign(entries.build(entry)))

    reply = scene.lead.push(scene.epoch, *pushed)

    assert [(r.effect, r.flags) for r in reply.results] == [
        ("applied", []),
        ("applied", ["future_clock"]),
    ]


def test_a_reading_at_the_end_of_all_moves_nobody_elses_and_wins_nothing(scene: Scene) -> None:
    forger, honest = scene.lead.hand, scene.member.hand
    entry = forger.entry(scene.assignment, answer(result="pass"))
    entry.hlc = f"9999999999999-ffff-{'0' * 8}"  # and under another's name
    last = forger.sign(entries.build(entry))
    first = scene.lead.push(scene.epoch, last)
    second = scene.member.push(scene.epoch, honest.save(scene.assignment, answer(result="fail")))
    scene.world.assign(str(uuid4()), "dust_explosion@1", honest.user, [])
    with scene.backend.reading() as session:
        by_server = session.scalars(
            select(JournalEntry.content)
            .where(JournalEntry.replica_id.not_in((forger.id, honest.id)))
            .order_by(JournalEntry.pos.desc())
        ).first()
        (item,) = merged(session, UUID(scene.assignment)).of_kind("answer/")

    assert [one.effect for one in (*first.results, *second.results)] == ["applied", "conflict"]
    assert item.conflict
    assert {head.plain()["result"] for head in item.heads} == {"pass", "fail"}
    assert by_server is not None
    assert entries.parse(by_server).hlc.startswith(f"{NOW.timestamp() * 1000:013.0f}-0000-")
    replaced = honest.save(
        scene.assignment, answer(result="fail", parents=[head.id for head in item.heads])
    )
    assert scene.member.push(scene.epoch, replaced).results[0].effect == "conflict"  # its own only


def test_an_entry_of_256_kib_is_applied(scene: Scene) -> None:
    entry = scene.lead.hand.entry(scene.assignment, answer())
    content = entries.build(entry)
    content += b" " * (entries.MAX_ENTRY_BYTES - len(content))

    reply = scene.lead.push(scene.epoch, scene.lead.hand.sign(content))

    assert [r.effect for r in reply.results] == ["applied"]


def test_500_entries_are_taken_at_once(scene: Scene) -> None:
    hand = scene.lead.hand
    pushed = [hand.save(scene.assignment, answer(note=str(n))) for n in range(500)]

    reply = scene.lead.push(scene.epoch, *pushed)

    assert (len(reply.results), reply.upto_seq) == (500, 500)


def test_entries_for_a_task_that_is_not_the_users_are_kept_and_shown(scene: Scene) -> None:
    elsewhere = str(uuid4())
    scene.world.assign(elsewhere, "dust_explosion@1", scene.newcomer().hand.user, [])
    hand = scene.lead.hand
    pushed = [hand.save(to, answer()) for to in (elsewhere, str(uuid4()))]

    reply = scene.lead.push(scene.epoch, *pushed)

    assert [(r.effect, r.reason) for r in reply.results] == [("quarantined", "not_assigned")] * 2
    with scene.backend.reading() as session:
        assert [row.reason for row in listed(session).rows] == ["not_assigned"] * 2


def test_an_entry_under_another_name_or_with_anothers_signature_is_not_applied(
    scene: Scene,
) -> None:
    victim, thief = scene.lead.hand, scene.member
    own_key = replace(thief.hand.clone(), user=victim.user).save(scene.assignment, answer())
    forged = victim.clone().save(scene.assignment, answer())
    stolen = PushedEntry(forged.bytes_b64, entries.sign(thief.hand.key, forged.bytes_b64))
    lent = Hand(victim.user)
    brought = lent.save(scene.assignment, answer())
    request = PushRequest(
        thief.hand.id,
        scene.epoch,
        NOW.isoformat(),
        [own_key, stolen, brought],
        {lent.id: lent.public_key, victim.id: thief.hand.public_key},
    )
    reply = protocol.decode(protocol.PushReply, thief.post(protocol.PUSH, request).get_data())

    assert [(r.stored, r.effect, r.reason) for r in reply.results] == [
        ("new", "quarantined", "wrong_user"),
        ("unverified", "quarantined", "unverified"),
        ("new", "quarantined", "wrong_user"),
    ]
    assert scene.lead.pull().docs == []


def test_a_phone_known_by_its_key_alone_is_told_to_pull_and_asked_to_log_in(scene: Scene) -> None:
    forgotten = Hand(scene.lead.hand.user)
    request = PushRequest(
        scene.member.hand.id,
        scene.epoch,
        NOW.isoformat(),
        [forgotten.save(scene.assignment, answer())],
        {forgotten.id: forgotten.public_key},
    )
    scene.member.post(protocol.PUSH, request)
    wire = replace(scene.lead, hand=forgotten)
    cursor = Cursor(scene.epoch, 1).text()

    state = wire.send("GET", f"{protocol.STATE}?replica={forgotten.id}&cursor={cursor}")
    pull = wire.post(protocol.PULL, protocol.PullRequest(""))

    assert state.status_code == 200
    assert problem(pull) == (401, "sync.login")


REQUESTS: dict[str, tuple[str, str, bytes | None]] = {
    "blob by a path": ("GET", "/sync/v1/blobs/..%2F..%2Fkeys%2Freceipt-ed25519.pem", None),
    "blob by 64 dots": ("GET", "/sync/v1/blobs/" + "." * 64, None),
    "blob in upper case": ("GET", "/sync/v1/blobs/" + "A" * 64, None),
    "blob with a NUL": ("GET", "/sync/v1/blobs/" + "a" * 61 + "%00b.", None),
    "cursor of another shape": ("POST", "/sync/v1/pull", b'{"cursor":"\';--"}'),
    "another's state": ("GET", "/sync/v1/state?replica=" + "a" * 64, None),
    "pull by GET": ("GET", "/sync/v1/pull", None),
    "state by POST": ("POST", "/sync/v1/state", b"{}"),
    "blob by DELETE": ("DELETE", "/sync/v1/blobs/" + "a" * 64, b""),
    "push by PUT": ("PUT", "/sync/v1/push", b"{}"),
    "HEAD of the state": ("HEAD", "/sync/v1/state", None),
    "unknown path": ("GET", "/sync/v1/../../etc/passwd", None),
    "receipt of nobody": (
        "POST",
        "/sync/v1/receipts",
        b'{"replica":"%s","upto_seq":1,"head_hash":"%s","blob_root":"%s"}' % ((b"f" * 64,) * 3),
    ),
    "receipt of nothing": (
        "POST",
        "/sync/v1/receipts",
        b'{"replica":"%s","upto_seq":0,"head_hash":"","blob_root":"%s"}' % ((b"f" * 64,) * 2),
    ),
    "receipt with huge numbers": (
        "POST",
        "/sync/v1/receipts",
        b'{"replica":"%s","upto_seq":9223372036854775808,"head_hash":"%s","blob_root":"%s"}'
        % ((b"f" * 64,) * 3),
    ),
    "have with newlines": ("POST", "/sync/v1/blobs/have", b'{"sha256":["%s\\n"]}' % (b"f" * 64)),
    "pull of too many": ("POST", "/sync/v1/pull", b'{"cursor":"","limit":1001}'),
    "pull with a cursor beyond the end": (
        "POST",
        "/sync/v1/pull",
        b'{"cursor":"{epoch}:999999999999999999:"}',
    ),
}


def test_requests_that_nobody_should_send_are_refused_and_never_fail(scene: Scene) -> None:
    found = {}
    for case, (method, path, body) in REQUESTS.items():
        content = body and body.replace(b"{epoch}", scene.epoch.encode())
        reply = scene.lead.send(method, path.replace("{epoch}", scene.epoch), content)
        found[case] = reply.status_code

    assert {case: status for case, status in found.items() if status not in REFUSED} == {}
    assert verify_journal(scene.backend).sound


REFUSED = {400, 401, 403, 404, 405, 409, 410}


def test_a_signature_counts_for_its_own_request_only(scene: Scene) -> None:
    content = protocol.encode(protocol.HaveRequest([]))
    signed = _signed(scene, "POST", protocol.BLOBS_HAVE, content)
    parts = (httpsig.SIGNATURE, httpsig.SIGNATURE_INPUT, httpsig.CONTENT_DIGEST)
    elsewhere = scene.client.post(protocol.PULL, data=content, headers=signed)
    other_query = scene.client.post(f"{protocol.BLOBS_HAVE}?x=1", data=content, headers=signed)
    without = [
        scene.client.post(
            protocol.BLOBS_HAVE,
            data=content,
            headers={name: value for name, value in signed.items() if name != part},
        )
        for part in parts
    ]
    undigested = signed | _signed(scene, "POST", protocol.BLOBS_HAVE, None)

    assert problem(elsewhere) == (401, "sync.signature")
    assert problem(other_query) == (401, "sync.signature")
    assert [problem(reply)[0] for reply in without] == [401, 401, 400]
    assert problem(scene.client.post(protocol.BLOBS_HAVE, data=content, headers=undigested)) == (
        401,
        "sync.signature",
    )
    assert scene.client.post(protocol.BLOBS_HAVE, data=content, headers=signed).status_code == 200


def _signed(scene: Scene, method: str, path: str, content: bytes | None) -> dict[str, str]:
    return httpsig.signed_headers(
        httpsig.Target(method, path),
        content,
        scene.lead.hand.id,
        0,
        lambda base: entries.sign(scene.lead.hand.key, base),
    )


def test_a_pull_token_is_of_no_use_to_another_phone_or_after_the_account_is_closed(
    scene: Scene,
) -> None:
    stolen = replace(scene.member, token=scene.lead.token)
    taken = stolen.post(protocol.PULL, protocol.PullRequest(""))
    _disable(scene, scene.lead.hand.user)
    closed = scene.lead.post(protocol.PULL, protocol.PullRequest(""))
    pushed = scene.lead.push(scene.epoch, scene.lead.hand.save(scene.assignment, answer()))

    assert problem(taken) == (401, "sync.login")
    assert problem(closed) == (401, "sync.login")
    assert [r.stored for r in pushed.results] == ["new"]


def _disable(scene: Scene, user: str) -> None:
    with scene.backend.begin(ALL_ROLES) as work:
        work.session.get_one(User, UUID(user)).disabled_at = work.now
