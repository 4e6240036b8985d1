"""Every limit of the protocol at its very edge: the last that is taken, the first that is not."""

import gzip
from collections import Counter

import msgspec
import pytest
from sqlalchemy import select

from inspect_server.store.models.journal import JournalEntry, Unverified
from sync import entries, protocol
from sync.protocol import PushedEntry, PushRequest
from tests.conformance_journal import answer
from tests.faces.sync_wire import Scene, problem, scene

__all__ = ["scene"]
MIB = 1024 * 1024
NO_MESSAGE = (400, "sync.envelope")
TOO_LARGE = (413, "sync.too_large")


@pytest.mark.parametrize(
    ("content", "encoding", "expected"),
    [
        (b" " * MIB, "", NO_MESSAGE),
        (b" " * (MIB + 1), "", TOO_LARGE),
        (gzip.compress(b" " * (8 * MIB), mtime=0), "gzip", NO_MESSAGE),
        (gzip.compress(b" " * (8 * MIB + 1), mtime=0), "gzip", TOO_LARGE),
    ],
    ids=["1 MiB", "one byte more", "8 MiB inflated", "one byte more inflated"],
)
def test_a_body_is_read_up_to_its_limit_and_not_one_byte_further(
    scene: Scene, content: bytes, encoding: str, expected: tuple[int, str]
) -> None:
    reply = scene.lead.send("POST", protocol.PUSH, content, {"Content-Encoding": encoding})

    assert problem(reply) == expected


def test_501_entries_are_refused_so_that_the_phone_halves_the_batch(scene: Scene) -> None:
    request = PushRequest(scene.lead.hand.id, scene.epoch, "", [PushedEntry(b"{}", b"")] * 501)

    assert problem(scene.lead.post(protocol.PUSH, request)) == TOO_LARGE


def test_an_entry_of_one_byte_more_than_256_kib_is_kept_and_not_applied(scene: Scene) -> None:
    content = entries.build(scene.lead.hand.entry(scene.assignment, answer()))
    content += b" " * (256 * 1024 + 1 - len(content))

    reply = scene.lead.push(scene.epoch, scene.lead.hand.sign(content))

    assert [(r.stored, r.effect, r.reason) for r in reply.results] == [
        ("new", "quarantined", "schema")
    ]
    with scene.backend.reading() as session:
        row = session.scalars(select(JournalEntry).where(JournalEntry.hash == reply.head_hash))
        assert row.one().content == content


def test_bytes_that_no_key_vouches_for_are_kept_up_to_16_mib_a_phone_and_then_refused(
    scene: Scene,
) -> None:
    full = [PushedEntry(bytes([n]) * (4 * MIB), b"") for n in range(4)]
    kept = [scene.lead.push(scene.epoch, one).results[0].stored for one in full]
    one_more, sound = PushedEntry(b"!", b""), scene.lead.hand.save(scene.assignment, answer())

    reply = scene.lead.push(scene.epoch, full[0], one_more, sound)
    of_another = scene.member.push(scene.epoch, one_more)

    assert kept == ["unverified"] * 4
    assert [(r.stored, r.effect, r.reason) for r in reply.results] == [
        ("unverified", "quarantined", "unverified"),  # these very bytes lie there
        ("refused", "quarantined", "unverified"),
        ("new", "applied", ""),
    ]
    assert [r.stored for r in of_another.results] == ["unverified"]
    with scene.backend.reading() as session:
        carriers = Counter(session.scalars(select(Unverified.carrier)))
    assert carriers == {scene.lead.hand.id: 4, scene.member.hand.id: 1}


@pytest.mark.parametrize(
    ("count", "expected"),
    [(2000, ("applied", "")), (2001, ("quarantined", "schema"))],
    ids=str,
)
def test_an_operation_cites_2000_others_at_most(
    scene: Scene, count: int, expected: tuple[str, str]
) -> None:
    entry = scene.lead.hand.entry(scene.assignment, answer())
    cited = [f"{n:064x}#0" for n in range(count)]
    op = msgspec.structs.replace(entry.ops[0], parents=cited)
    content = msgspec.json.encode(msgspec.structs.replace(entry, ops=[op]))  # `build` would refuse

    reply = scene.lead.push(scene.epoch, scene.lead.hand.sign(content))

    assert [(r.effect, r.reason) for r in reply.results] == [expected]


@pytest.mark.parametrize(
    ("limit", "status"), [(0, 400), (1, 200), (1000, 200), (1001, 400)], ids=str
)
def test_a_page_has_one_to_1000_documents(scene: Scene, limit: int, status: int) -> None:
    reply = scene.lead.post(protocol.PULL, protocol.PullRequest("", limit))

    assert reply.status_code == status


@pytest.mark.parametrize(("count", "status"), [(1000, 200), (1001, 400)], ids=str)
def test_1000_files_may_be_asked_for_at_once(scene: Scene, count: int, status: int) -> None:
    request = protocol.HaveRequest([f"{n:064x}" for n in range(count)])

    assert scene.lead.post(protocol.BLOBS_HAVE, request).status_code == status
