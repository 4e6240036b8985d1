"""The push that docs/sync.md writes out is taken by the server just as it stands there."""

import json
from uuid import UUID

import pytest
from sqlalchemy import update

from inspect_server.store.models.journal import SyncHead
from sync import protocol
from tests.actors import ALL_ROLES
from tests.conftest import SHARED_VECTORS
from tests.faces.sync_wire import Scene, problem, scene

__all__ = ["scene"]
PUSH = json.loads((SHARED_VECTORS / "sync" / "digests.json").read_text(encoding="utf-8"))["push"]


@pytest.fixture
def here(scene: Scene) -> Scene:
    """A server of the document's epoch that knows the document's phone."""
    scene.world.enrol(bytes.fromhex(PUSH["public_key_hex"]), scene.world.user())
    epoch = UUID(json.loads(PUSH["body"])["epoch"])
    with scene.backend.begin(ALL_ROLES) as work:
        work.session.execute(update(SyncHead).values(epoch=epoch))
    return scene


def test_the_documents_push_is_stored_under_the_documents_hash(here: Scene) -> None:
    reply = here.client.post(PUSH["path"], data=PUSH["body"], headers=PUSH["headers"])

    (result,) = protocol.decode(protocol.PushReply, reply.get_data()).results
    assert (reply.status_code, result.stored, result.hash) == (200, "new", PUSH["entry"]["hash"])


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("Content-Digest", f"sha-256=:{'A' * 43}=:", (422, "sync.digest")),
        ("Content-Digest", "", (400, "sync.envelope")),
        ("Content-Digest", "sha-512=:AAAA:", (400, "sync.envelope")),
        ("Signature", f"sig1=:{'A' * 86}==:", (401, "sync.signature")),
    ],
)
def test_with_one_header_changed_it_is_refused(
    here: Scene, name: str, value: str, told: tuple[int, str]
) -> None:
    headers = {**PUSH["headers"], name: value}
    reply = here.client.post(PUSH["path"], data=PUSH["body"], headers=headers)

    assert problem(reply) == told
