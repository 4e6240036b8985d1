"""A phone that will never reach the server again: its last export, read by the command."""

import base64
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from inspect_server.reads.phones.journal import merged, replica_states
from inspect_server.usecases.journal.verify_journal import verify_journal
from tests.phone.field import Field
from tests.phone.node_phone import NodePhone
from tests.phone.test_node_phone import picture
from tests.phone_build.tools import needs_modules

PASSPHRASE = "钥匙 Pass-７７"
MADE = "2026-03-02T09:30:00.000Z"

pytestmark = needs_modules

COMMAND = """
import runpy
from forms import load
from tests.usecases.bureau import LIBRARY
load.packaged = lambda: LIBRARY
runpy.run_module("inspect_server", run_name="__main__")
"""
"""`inspect-server` as it is, where only the small checklist of the tests is installed."""


def rescue(
    field: Field, content: bytes, passphrase: str = PASSPHRASE
) -> "subprocess.CompletedProcess[str]":
    path = field.folder.with_name("file.inspect-export")
    path.write_bytes(content)
    words = [sys.executable, "-c", COMMAND, "journal", "rescue", str(path)]
    return subprocess.run(
        words,
        check=False,
        input=passphrase + "\n",
        env=os.environ | {"INSPECT_DATA_DIR": str(field.folder)},
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def exported(phone: NodePhone) -> bytes:
    said = phone.order("lastResort", passphrase=PASSPHRASE, made=MADE)
    return base64.b64decode(said)


@pytest.fixture
def content(field: Field) -> tuple[NodePhone, bytes, bytes]:
    """A phone with one entry delivered, two and a photo not; its export, and the photo."""
    phone, photo = field.phone(0), picture(1024 * 1024 + 77)
    phone.call("answer", field.task, "answer/small/A1", "pass")
    phone.sync()
    phone.together(field.task, ("answer", "answer/small/A2", "fail"), ("note", "无"))
    phone.photo(field.task, photo, caption="除尘器")
    return phone, exported(phone), photo


def test_what_the_phone_exported_stands_in_the_record_as_on_the_phone(
    field: Field, content: tuple[NodePhone, bytes, bytes]
) -> None:
    phone, file, photo = content
    first, again = rescue(field, file), rescue(field, file)
    with field.backend.reading() as session:
        view = merged(session, UUID(field.task)).view
        receipted = {row.id: row.receipted_seq for row in replica_states(session)}

    assert first.returncode == 0, first.stderr
    assert "记录：新收 2 条，原已收到 0 条。" in first.stdout
    assert "照片、录像：新收 1 个，原已收到 0 个。" in first.stdout
    assert "出具回执 1 份。" in first.stdout
    assert view == phone.record(field.task)["view"]
    assert field.backend.blobs.read(sha256(photo).hexdigest()) == photo
    assert receipted == {phone.order("replica"): 3}
    assert "记录：新收 0 条，原已收到 2 条。" in again.stdout
    assert "照片、录像：新收 0 个，原已收到 1 个。" in again.stdout
    assert verify_journal(field.backend).sound
    # Should the phone come back after all, it has nothing to send twice.
    assert (phone.sync()["complete"], phone.order("outstanding")["entries"]) == (True, 0)


def test_a_wrong_passphrase_and_a_changed_byte_are_said_and_change_nothing(
    field: Field, content: tuple[NodePhone, bytes, bytes]
) -> None:
    _, file, _ = content
    with field.backend.reading() as session:
        before = merged(session, UUID(field.task)).view
    changed = file[:-9] + bytes([file[-9] ^ 1]) + file[-8:]
    wrong, damaged = rescue(field, file, "其他口令其他口令"), rescue(field, changed)
    with field.backend.reading() as session:
        after = merged(session, UUID(field.task)).view

    assert (wrong.returncode, damaged.returncode) == (1, 1)
    assert "口令不对" in wrong.stderr
    assert "已损坏" in damaged.stderr
    assert after == before
