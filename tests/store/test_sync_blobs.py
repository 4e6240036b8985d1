"""Files on both engines: wanted from who cites them, stored once, fetched by who may see them."""

import hashlib
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from inspect_server.gateways.uploads import Chunk
from inspect_server.reads.phones.inbox import unverified
from inspect_server.reads.phones.journal import replica_states
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.phones.receive_blob import (
    allowed,
    discard_upload,
    fetch_blob,
    open_upload,
    receive_chunk,
    wanted,
)
from inspect_server.usecases.work import Backend
from sync.errors import NotHereYet, NothingThere, NotInScope
from sync.protocol import PushedEntry, PushRequest
from tests.conformance_journal import FORM, NOW, Hand, photo
from tests.conftest import FixedClock
from tests.store.sync_world import SqlWorld

CONTENT = b"\x89PNG\r\n\x1a\n" + bytes(2000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def test_a_cited_file_comes_in_once_and_goes_out_to_its_team(backend: Backend) -> None:
    world = SqlWorld(backend)
    lead, member, stranger = (Hand(world.user()) for _ in range(3))
    for hand in (lead, member, stranger):
        world.enrol(hand.public_key, hand.user)
    task = str(uuid4())
    world.assign(task, FORM, lead.user, [member.user])
    with world.begin() as journal:
        epoch = journal.epoch()
    sent = [lead.save(task, photo(CONTENT)), PushedEntry(b"{}", b"")]
    push_entries(backend, PushRequest(lead.id, epoch, NOW.isoformat(), sent))
    with backend.reading() as session:
        before = {row.id: row.missing_blobs for row in replica_states(session)}
        assert [row.size for row in unverified(session)] == [2]

    right = allowed(backend, wanted(backend, lead.id, [SHA256, "0" * 64])[0].token)
    given_up = open_upload(backend, right, SHA256, len(CONTENT))
    discard_upload(backend, right, given_up.id)
    with pytest.raises(NothingThere):
        discard_upload(backend, right, given_up.id)
    state = open_upload(backend, right, SHA256, len(CONTENT))
    for offset in (0, 1000):
        chunk = CONTENT[offset : offset + 1000] if offset == 0 else CONTENT[offset:]
        sent = Chunk(BytesIO(chunk), offset, len(chunk))
        state = receive_chunk(backend, right, state.id, sent)

    assert (before[lead.id], before[member.id]) == (1, 0)
    assert wanted(backend, lead.id, [SHA256]) == []
    seen = [fetch_blob(backend, UUID(hand.user), SHA256) for hand in (lead, member)]
    assert [(file.size, file.mime) for file in seen] == [(len(CONTENT), "image/png")] * 2
    with pytest.raises(NotInScope):
        fetch_blob(backend, UUID(stranger.user), SHA256)


def enrolled(world: SqlWorld, count: int) -> list[Hand]:
    hands = [Hand(world.user()) for _ in range(count)]
    for hand in hands:
        world.enrol(hand.public_key, hand.user)
    return hands


def brought(world: SqlWorld, carrier: Hand, *pushed: PushedEntry) -> None:
    """Push entries, whosever they are."""
    with world.begin() as journal:
        epoch = journal.epoch()
    push_entries(world.backend, PushRequest(carrier.id, epoch, NOW.isoformat(), list(pushed)))


def delivered(backend: Backend, by: Hand) -> None:
    """Upload the file as a phone does."""
    right = allowed(backend, wanted(backend, by.id, [SHA256])[0].token)
    state = open_upload(backend, right, SHA256, len(CONTENT))
    receive_chunk(backend, right, state.id, Chunk(BytesIO(CONTENT), 0, len(CONTENT)))


def test_who_brought_an_entry_may_send_its_file_and_the_team_sees_it(backend: Backend) -> None:
    world = SqlWorld(backend)
    lead, member, stranger = enrolled(world, 3)
    task = str(uuid4())
    world.assign(task, FORM, lead.user, [member.user])
    brought(world, lead, member.save(task, photo(CONTENT)))
    foreign = wanted(backend, stranger.id, [SHA256])
    delivered(backend, lead)

    assert foreign == []
    assert wanted(backend, member.id, [SHA256]) == []  # nothing is sent twice
    for hand in (lead, member):
        assert fetch_blob(backend, UUID(hand.user), SHA256).size == len(CONTENT)
    with pytest.raises(NotInScope):
        fetch_blob(backend, UUID(stranger.user), SHA256)


def test_only_who_brought_an_entry_may_send_its_file_not_everybody_on_the_team(
    backend: Backend,
) -> None:
    world = SqlWorld(backend)
    lead, member, other = enrolled(world, 3)
    task = str(uuid4())
    world.assign(task, FORM, lead.user, [member.user])
    entry = member.save(task, photo(CONTENT))
    brought(world, member, entry)
    brought(world, lead, entry)  # a duplicate: its own phone was first
    brought(world, other, entry)

    assert wanted(backend, lead.id, [SHA256]) == []
    assert wanted(backend, other.id, [SHA256]) == []
    assert [one.sha256 for one in wanted(backend, member.id, [SHA256])] == [SHA256]


def test_a_file_is_not_read_by_letting_a_colleague_bring_its_hash(
    backend: Backend, clock: FixedClock
) -> None:
    world = SqlWorld(backend)
    owner, curious = enrolled(world, 2)
    secret, shared = str(uuid4()), str(uuid4())
    world.assign(secret, FORM, owner.user, [])
    world.assign(shared, FORM, owner.user, [curious.user])
    brought(world, owner, owner.save(secret, photo(CONTENT)))
    delivered(backend, owner)
    clock.forward(seconds=1)
    brought(world, owner, curious.save(shared, photo(CONTENT)))

    assert fetch_blob(backend, UUID(owner.user), SHA256).size == len(CONTENT)
    with pytest.raises(NotHereYet):
        fetch_blob(backend, UUID(curious.user), SHA256)
