"""The secret files of hash chains on disk."""

import errno
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inspect_server.domain.draw.ceremony.purposes import ValueShownForAnother
from inspect_server.domain.draw.errors import BadChainFile, ChainFileExists, ChainFileMissing
from inspect_server.domain.errors import BadInput
from inspect_server.gateways import chains, sealing

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
A, B = "a" * 64, "b" * 64
PASSPHRASE = "four words of a keeper"


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


def _notes(path: Path) -> list[str]:
    return [line.purpose for line in chains.header(path).shown]


def test_a_value_that_another_window_took_during_the_prompt_is_not_given_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "COST", 16)
    path = tmp_path / "w.json"
    made = chains.create(
        path, kind="witness", holder="区纪委", year=2026, length=5, passphrase=PASSPHRASE
    )

    def slow() -> str:
        value = chains.show(path, 1, NOON, purpose=B, ask=lambda: PASSPHRASE)
        assert value == made.value(1)
        return PASSPHRASE

    with pytest.raises(ValueShownForAnother):
        chains.show(path, 1, NOON, purpose=A, ask=slow)
    assert _notes(path) == [B]


def test_a_file_that_is_exchanged_during_the_prompt_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "COST", 16)
    path = tmp_path / "w.json"
    how: dict[str, Any] = {"kind": "witness", "holder": "区纪委", "year": 2026, "length": 5}
    chains.create(path, **how, passphrase=PASSPHRASE)

    def exchanged() -> str:
        path.unlink()
        chains.create(path, **how, passphrase=PASSPHRASE)
        return PASSPHRASE

    with pytest.raises(BadChainFile, match="换成了另一个"):
        chains.show(path, 1, NOON, purpose=A, ask=exchanged)
    assert _notes(path) == []


def test_of_many_who_ask_at_once_one_gets_the_value_and_no_note_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    _create(path)

    def asked(purpose: str) -> bool:
        try:
            return bool(chains.show(path, 1, NOON, purpose=purpose))
        except ValueShownForAnother:
            return False

    purposes = [f"{n:064x}" for n in range(16)]
    with ThreadPoolExecutor(len(purposes)) as many:
        given = [
            one
            for one, is_given in zip(purposes, many.map(asked, purposes), strict=True)
            if is_given
        ]

    assert given == _notes(path)
    assert len(given) == 1


def test_a_link_is_no_second_file(tmp_path: Path) -> None:
    path, link = tmp_path / "w.json", tmp_path / "elsewhere" / "link.json"
    _create(path)
    link.parent.mkdir()
    link.symlink_to(path)
    chains.show(link, 1, NOON, purpose=A)

    assert link.is_symlink()
    for name in (path, link):
        with pytest.raises(ValueShownForAnother):
            chains.show(name, 1, NOON, purpose=B)
    assert _notes(path) == [A]


def _no_space(_handle: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _no_replacing(_old: Path, _new: Path) -> None:
    raise PermissionError("held by another program")


@pytest.mark.parametrize(("name", "fails"), [("fsync", _no_space), ("replace", _no_replacing)])
def test_what_could_not_be_noted_is_not_shown_and_leaves_no_copy(
    name: str, fails: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.json"
    _create(path)
    before = path.read_bytes()

    with monkeypatch.context() as patched:
        patched.setattr(os, name, fails)
        with pytest.raises(OSError, match=r"space|program"):
            chains.show(path, 1, NOON, purpose=A)
    with pytest.raises(BadInput, match="不能识别"):
        chains.show(path, 1, NOON, purpose=A, draw_no="x\udcff")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["w.json"]
    assert chains.show(path, 1, NOON, purpose=A)


ODD: list[dict[str, Any]] = [
    {"length": 10**9},
    {"length": True},
    {"length": 0},
    {"length": None, "shown": [{"position": 1}]},
    {"shown": None},
    {"shown": {}},
    {"shown": [[]]},
    {"shown": [{}]},
    *({"shown": [{"position": one}]} for one in (-1, 0, 6, "1", 1.9, True, None)),
    *({"shown": [{"position": 1, "for": one}]} for one in (None, "", [], 5, "a" * 31, "A" * 64)),
]
"""To both tools."""
TOLD: list[dict[str, Any]] = [
    {"year": "2026"},
    {"shown": [{"position": 1, "at": 5}]},
    {"shown": [{"position": 1, "draw": []}]},
]
"""What the witness's own tool copies and does not read."""


@pytest.mark.parametrize("change", [*ODD, *TOLD])
def test_a_file_of_another_form_is_damaged_and_shows_nothing(
    change: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "w.json"
    _create(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))

    with pytest.raises(BadChainFile):
        chains.show(path, 1, NOON, purpose=A)
    with pytest.raises(BadChainFile):
        chains.header(path)
