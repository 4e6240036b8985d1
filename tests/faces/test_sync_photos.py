"""A partner's photo from the real server: for the team, and for nobody else."""

from contextlib import closing
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from inspect_server.app import create_app
from inspect_server.usecases.work import Backend
from sync import protocol
from sync.phone import Phone
from sync.phone.errors import RemoteProblem
from tests.faces.test_sync_restore import PASSWORD, PHOTO, small_form, task

__all__ = ["small_form", "task"]
NAME = sha256(PHOTO).hexdigest()
LARGE = PHOTO + bytes(5 * protocol.CHUNK_BYTES // 2)


def test_the_partner_fetches_a_photo_and_somebody_elses_phone_does_not(
    sqlite_backend: Backend, task: str, tmp_path: Path
) -> None:
    transport = httpx.WSGITransport(app=create_app(sqlite_backend))
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        phones = [Phone(tmp_path / f"phone{n}.db") for n in range(3)]
        for n, phone in enumerate(phones):
            phone.enrol(client, f"officer{n}", PASSWORD)
            phone.sync(client)
        lead, member, stranger = phones
        lead.add_photo(task, PHOTO)
        assert lead.sync(client).complete
        assert member.sync(client).complete
        (item,) = member.record(task).of_kind("photo/")
        fetched = member.fetch_photo(client, item.heads[0].blob)
        lead.add_photo(task, LARGE)
        assert lead.sync(client).complete
        assert member.sync(client).complete
        in_parts = member.fetch_photo(client, sha256(LARGE).hexdigest())
        with pytest.raises(RemoteProblem) as refused:
            stranger.fetch_photo(client, NAME)
        for phone in phones:
            phone.close()

    assert (fetched, in_parts) == (PHOTO, LARGE)
    with closing(Phone(tmp_path / "phone1.db")) as again:
        assert again.photo(NAME) == PHOTO
    assert refused.value.facts["remote"] == "sync.not_in_scope"
