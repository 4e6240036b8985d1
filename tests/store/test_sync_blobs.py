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
from sync.errors import NothingThere, NotInScope
from sync.protocol import PushedEntry, PushRequest
from tests.conformance_journal import FORM, NOW, Hand, photo
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
