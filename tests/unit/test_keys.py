"""The server's keys: made once, kept private, the same for every process."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inspect_server.gateways.keys import RECEIPTS, KeyUnusable, LocalKeys


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    first = LocalKeys(tmp_path / "keys").receipts()
    again = LocalKeys(tmp_path / "keys").receipts()

    assert again.public_bytes == first.public_bytes
    assert again.kid == first.kid


def test_key_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    keys = LocalKeys(tmp_path / "keys")
    keys.receipts()
    keys.replica()
    keys.secret("uploads")

    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_processes_that_start_at_once_end_up_with_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: LocalKeys(tmp_path / "keys").receipts().kid, range(16)))

    assert len(set(made)) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [RECEIPTS]


def test_a_damaged_key_is_an_error_and_is_never_replaced(tmp_path: Path) -> None:
    keys = LocalKeys(tmp_path)
    keys.receipts()
    (tmp_path / RECEIPTS).write_bytes(b"half a key")

    with pytest.raises(KeyUnusable):
        keys.receipts()
    assert (tmp_path / RECEIPTS).read_bytes() == b"half a key"
