"""Keeping a chain: what its file shows, what a passphrase hides, what paper brings back."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inspect_server.domain.draw.ceremony import custody
from inspect_server.domain.draw.ceremony.skipping import NotGivenUp
from inspect_server.domain.draw.errors import BadChainFile, ChainFileExists, NoSuchPosition
from inspect_server.gateways import chains, sealing
from tests.unit.draw_example import example
from tests.unit.void_draws import void_draw

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
PASSPHRASE = "四个词 horse battery"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "COST", 16)


def made(path: Path, passphrase: str = "", kind: str = "witness") -> chains.ChainSecret:
    return chains.create(
        path, kind=kind, holder="区纪委", year=2026, length=5, passphrase=passphrase
    )


def test_a_value_is_shown_once_the_file_has_noted_it(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    value = chains.show(path, 1, NOON, draw_no="2026-01")

    assert value == secret.value(1)
    assert json.loads(path.read_text())["shown"] == [
        {"position": 1, "at": "2026-03-09T04:00:00+00:00", "draw": "2026-01"}
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["w.json"]


def test_only_the_next_value_is_shown_and_one_that_was_shown_again(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    with pytest.raises(custody.PositionTooFar, match="应取的是第 1 个值"):
        chains.show(path, 2, NOON)
    first = chains.show(path, 1, NOON)

    assert chains.show(path, 1, NOON) == first
    assert chains.show(path, 2, NOON) == secret.value(2)
    with pytest.raises(custody.PositionTooFar):
        chains.show(path, 4, NOON)
    assert chains.header(path).shown == (1, 1, 2)


def test_positions_are_skipped_when_certificates_of_void_draws_name_them(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    void = {str(n): void_draw(secret, n) for n in (1, 2)}
    with pytest.raises(custody.PositionTooFar, match="应取的是第 2 个值"):
        chains.show(path, 3, NOON, void={"1": void["1"]})

    assert chains.show(path, 3, NOON, void=void) == secret.value(3)
    with pytest.raises(NoSuchPosition):
        chains.show(path, 6, NOON, void=void)
    assert chains.header(path).shown == (3,)


def test_a_replacement_s_positions_are_skipped_with_its_void_draw(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    revealed = void_draw(secret, 1)
    row = {"source": secret.anchor_hex, "issue": "2", "bytes_hex": "", "proof": ""}
    void = {**revealed, "replacements": [row]}

    assert chains.show(path, 3, NOON, void={"a": void}) == secret.value(3)


WRONG: dict[str, tuple[str, Callable[[chains.ChainSecret], dict[str, Any]]]] = {
    "not void": ("没有作废", lambda _: example().certificate),
    "of another chain": ("没有用到这条链", lambda secret: void_draw(secret, 1, of="00" * 32)),
    "no certificate": ("字段不全或多余", lambda _: {"a": 1}),
    "of another body": ("承诺值", lambda secret: {**void_draw(secret, 1), "commit": "00" * 32}),
    "signed by another": ("不是用本文件的密钥", lambda secret: void_draw(secret, 1, key=b"x" * 32)),
    "on paper without a reason": ("未写明原因", lambda secret: void_draw(secret, 1, paper=True)),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_show_that_a_draw_is_void_skips_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    why, make = WRONG[name]
    before = path.read_bytes()

    with pytest.raises(NotGivenUp, match=why):
        chains.show(path, 2, NOON, void={"void.json": make(secret)})
    assert path.read_bytes() == before


def test_an_encrypted_file_holds_no_secret_and_opens_only_by_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path, PASSPHRASE)

    assert secret.secret_hex not in path.read_text()
    assert secret.signing_key_hex not in path.read_text()
    assert chains.header(path).anchor_hex == secret.anchor_hex
    assert chains.header(path).is_sealed
    assert chains.load(path, lambda: PASSPHRASE) == secret
    with pytest.raises(custody.PassphraseWanted):
        chains.load(path)
    with pytest.raises(custody.PassphraseWrong):
        chains.load(path, lambda: PASSPHRASE + "!")
    assert chains.show(path, 1, NOON, ask=lambda: PASSPHRASE) == secret.value(1)
    assert chains.load(path, lambda: PASSPHRASE) == secret


@pytest.mark.parametrize("changed", [("length", 6), ("year", 2027), ("holder", "某企业")])
def test_an_encrypted_file_opens_only_as_it_was_made(
    tmp_path: Path, changed: tuple[str, object]
) -> None:
    path = tmp_path / "w.json"
    made(path, PASSPHRASE)
    data = json.loads(path.read_text()) | dict([changed])
    path.write_text(json.dumps(data))

    with pytest.raises(custody.PassphraseWrong):
        chains.load(path, lambda: PASSPHRASE)


def test_a_file_cannot_ask_for_work_without_end(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    made(path, PASSPHRASE)
    data = json.loads(path.read_text())
    data["sealed"]["n"] = 2**40
    path.write_text(json.dumps(data))

    with pytest.raises(custody.PassphraseWrong):
        chains.load(path, lambda: PASSPHRASE)


def test_a_short_passphrase_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(custody.PassphraseWeak):
        made(tmp_path / "w.json", "short")

    assert not (tmp_path / "w.json").exists()


def test_a_file_whose_length_was_changed_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    made(path)
    path.write_text(path.read_text().replace('"length": 5', '"length": 6'))

    with pytest.raises(BadChainFile):
        chains.load(path)


def test_a_file_of_the_first_version_is_read_as_ever(tmp_path: Path) -> None:
    old = {"kind": "witness", "holder": "区纪委", "year": 2026, "suite": "sha256", "length": 5}
    path = tmp_path / "w.json"
    path.write_text(json.dumps({"v": 1, **old, "secret_hex": "ab" * 32}))

    assert chains.load(path).value(5).hex() == "ab" * 32
    assert chains.header(path).anchor_hex == chains.load(path).anchor_hex


def test_keys_of_later_versions_survive_a_value_being_shown(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    made(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"later": [1]}))
    chains.show(path, 1, NOON)

    assert json.loads(path.read_text())["later"] == [1]


def test_only_a_witness_has_a_signing_key(tmp_path: Path) -> None:
    assert len(made(tmp_path / "w.json").signing_key_hex) == 64
    assert made(tmp_path / "a.json", kind="authority").signing_key_hex == ""
    assert "signing_key_hex" not in (tmp_path / "a.json").read_text()


def test_a_chain_is_restored_from_its_paper_and_overwrites_nothing(tmp_path: Path) -> None:
    secret = made(tmp_path / "w.json")
    lines = custody.paper_lines(custody.CHAIN, bytes.fromhex(secret.secret_hex))
    names = custody.line_names(custody.CHAIN)
    typed = b"".join(
        custody.paper_line(line.upper().replace("  ", "-"), name)
        for line, name in zip(lines, names, strict=True)
    )
    again = chains.ChainSecret("witness", "区纪委", 2026, "sha256", 5, typed.hex())

    assert again.anchor_hex == secret.anchor_hex
    with pytest.raises(ChainFileExists):
        chains.write_new(tmp_path / "w.json", again)


def test_every_wrong_digit_of_a_paper_line_is_found_in_its_line() -> None:
    line = custody.paper_lines(custody.SIGNING, bytes(range(32)))[1]
    assert line == "S2  0809 0a0b 0c0d 0e0f  " + line[-4:]

    for place, char in enumerate(line):
        if char not in "0123456789abcdef":
            continue
        for other in "0123456789abcdef":
            if other != char and place >= 4:
                with pytest.raises(custody.BadPaperLine, match="S2"):
                    custody.paper_line(line[:place] + other + line[place + 1 :], "S2")
    with pytest.raises(custody.BadPaperLine, match="输入的是 S2 行"):
        custody.paper_line(line, "S3")
