"""The secret files of hash chains on disk."""

import errno
import os
from pathlib import Path

import pytest

from inspect_server.domain.draw.errors import BadChainFile, ChainFileExists, ChainFileMissing
from inspect_server.gateways import chains


def _create(path: Path) -> chains.ChainSecret:
    return chains.create(path, kind="witness", holder="区纪委", year=2026, length=5)


def test_what_was_made_is_what_is_loaded_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = _create(tmp_path / "keys" / "w.json")

    assert chains.load(tmp_path / "keys" / "w.json") == made
    assert (tmp_path / "keys" / "w.json").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_no_half_chain_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            _create(tmp_path / "w.json")

    assert not (tmp_path / "w.json").exists()
    assert _create(tmp_path / "w.json").length == 5


def test_a_chain_is_never_replaced_and_its_absence_is_no_damage(tmp_path: Path) -> None:
    made = _create(tmp_path / "w.json")
    with pytest.raises(ChainFileExists):
        _create(tmp_path / "w.json")
    with pytest.raises(ChainFileMissing, match="draw chain new"):
        chains.load(tmp_path / "other.json")
    (tmp_path / "deep.json").write_text("[" * 200_000)
    with pytest.raises(BadChainFile):
        chains.load(tmp_path / "deep.json")
    (tmp_path / "cut.json").write_text((tmp_path / "w.json").read_text()[:40])
    with pytest.raises(BadChainFile):
        chains.load(tmp_path / "cut.json")

    assert chains.load(tmp_path / "w.json") == made
