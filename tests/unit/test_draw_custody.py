"""Keeping a chain: what its file shows, what a passphrase hides, what paper brings back."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inspect_server.domain.draw.ceremony import custody, purposes
from inspect_server.domain.draw.ceremony.skipping import NotGivenUp, VoidEndsChain
from inspect_server.domain.draw.checks.report import Verdict
from inspect_server.domain.draw.errors import BadChainFile, ChainFileExists, NoSuchPosition
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.domain.draw.replacement.void import PaperReason, Void, VoidReason
from inspect_server.domain.errors import BadInput
from inspect_server.gateways import chains, sealing
from tests.unit.draw_example import example
from tests.unit.void_draws import void_draw

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
PASSPHRASE = "四个词 horse battery"
SHA256 = suite("sha256")


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "COST", 16)


def made(path: Path, passphrase: str = "", kind: str = "witness") -> chains.ChainSecret:
    return chains.create(
        path, kind=kind, holder="区纪委", year=2026, length=5, passphrase=passphrase
    )


def of(number: int) -> str:
    """The digest of the nth commit or request."""
    return hashlib.sha256(f"commit {number}".encode()).hexdigest()


def positions(path: Path) -> list[int]:
    return [line.position for line in chains.header(path).shown]


def test_a_value_is_shown_once_the_file_has_noted_it(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    value = chains.show(path, 1, NOON, purpose=of(1), draw_no="2026-01")

    assert value == secret.value(1)
    assert json.loads(path.read_text())["shown"] == [
        {"position": 1, "at": "2026-03-09T04:00:00+00:00", "for": of(1), "draw": "2026-01"}
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["w.json"]


def test_only_the_next_value_is_shown_and_one_that_was_shown_again(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    with pytest.raises(custody.PositionTooFar, match="应取的是第 1 个值"):
        chains.show(path, 2, NOON, purpose=of(2))
    first = chains.show(path, 1, NOON, purpose=of(1))

    assert chains.show(path, 1, NOON, purpose=of(1)) == first
    assert chains.show(path, 2, NOON, purpose=of(2)) == secret.value(2)
    with pytest.raises(custody.PositionTooFar):
        chains.show(path, 4, NOON, purpose=of(4))
    assert positions(path) == [1, 1, 2]


def test_positions_are_skipped_when_certificates_of_void_draws_name_them(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    void = {str(n): void_draw(secret, n) for n in (1, 2)}
    with pytest.raises(custody.PositionTooFar, match="应取的是第 2 个值"):
        chains.show(path, 3, NOON, purpose=of(3), void={"1": void["1"]})

    assert chains.show(path, 3, NOON, purpose=of(3), void=void) == secret.value(3)
    with pytest.raises(NoSuchPosition):
        chains.show(path, 6, NOON, purpose=of(6), void=void)
    assert positions(path) == [3]


def test_rows_of_replacements_skip_nothing_for_no_signature_covers_them(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    row = {"source": secret.anchor_hex, "issue": "2", "bytes_hex": "", "proof": ""}
    void = {**void_draw(secret, 1), "replacements": [row]}

    with pytest.raises(custody.PositionTooFar, match="应取的是第 2 个值"):
        chains.show(path, 3, NOON, purpose=of(3), void={"a": void})


def test_a_value_is_shown_for_one_purpose_and_for_that_again(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    grouped = " ".join(of(1)[at : at + 4] for at in range(0, 32, 4)).upper()
    row = purposes.purpose_of(grouped)
    first = chains.show(path, 1, NOON, purpose=row)
    before = path.read_bytes()

    assert row == of(1)[:32]
    for position, purpose in ((1, of(2)), (2, of(1)), (2, row)):
        with pytest.raises(purposes.ValueShownForAnother, match=f"第 1 个值已为 {row[:16]}… 取出"):
            chains.show(path, position, NOON, purpose=purpose)
    assert path.read_bytes() == before
    assert chains.show(path, 1, NOON, purpose=of(1)) == first == secret.value(1)


@pytest.mark.parametrize("typed", ["", "承诺值", "ab" * 15, "ab" * 33, "ab" * 31 + "g0"])
def test_a_purpose_is_at_least_one_row_of_the_paper(typed: str) -> None:
    with pytest.raises(BadInput, match="--for"):
        purposes.purpose_of(typed)


def test_a_position_that_a_later_value_gave_away_is_shown_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    chains.show(path, 2, NOON, purpose=of(2), void={"1": void_draw(secret, 1)})

    with pytest.raises(purposes.ValueExposed, match="已随第 2 个值显现"):
        chains.show(path, 1, NOON, purpose=of(1))


@pytest.mark.parametrize("because", [None, PaperReason.LOST])
def test_a_void_on_paper_ends_the_chain_and_skips_nothing(
    because: PaperReason | None, tmp_path: Path
) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    forged = void_draw(secret, 1)
    forged["void"] = Void(
        VoidReason.POOL_WRONG, "ee" * 32, paper_sha256="aa" * 32, because=because
    ).to_json()
    before = path.read_bytes()

    with pytest.raises(VoidEndsChain, match=r"这条链已随之停用.*draw chain new"):
        chains.show(path, 2, NOON, purpose=of(2), void={"void.json": forged})
    assert path.read_bytes() == before


def test_a_file_without_a_signing_key_skips_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    data = json.loads(path.read_text())
    del data["signing_key_hex"]
    path.write_text(json.dumps(data))

    with pytest.raises(NotGivenUp, match="没有签名密钥"):
        chains.show(path, 2, NOON, purpose=of(2), void={"void.json": void_draw(secret, 1)})


def test_an_old_file_goes_on_and_its_values_are_not_said_to_be_right(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    old = [{"position": 1, "at": "2026-03-09T04:00:00+00:00", "draw": "2026-01"}]
    path.write_text(json.dumps(json.loads(path.read_text()) | {"shown": old}))
    again = chains.show(path, 1, NOON, purpose=of(1))
    chains.show(path, 2, NOON, purpose=of(2))
    named = [purposes.Named(n, of(n), f"抽取 {n} 的承诺", is_known=True) for n in (1, 2)]
    first, second = purposes.compared(named, chains.header(path).shown)

    assert again == secret.value(1)
    assert (first.verdict, second.verdict) == (Verdict.UNCHECKED, Verdict.RIGHT)


def test_what_certificates_used_is_compared_with_what_was_shown(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    certificate = void_draw(secret, 1)
    revealed = {**certificate, "entropy": [{**row_of(secret, 1), "proof": ""}]}
    leaf = {**row_of(secret, 2), "request_leaf": of(2)}
    replaced = {**revealed, "replacements": [leaf]}
    chains.show(path, 1, NOON, purpose=certificate["commit"])
    chains.show(path, 2, NOON, purpose=of(2)[:32])

    def verdicts(*certificates: dict[str, Any]) -> list[str]:
        named = [
            one
            for told in certificates
            for one in purposes.named_by(told, SHA256, secret.anchor_hex, "x")
        ]
        checks = purposes.compared(named, chains.header(path).shown)
        return [check.verdict.value for check in checks]

    other = {**revealed, "replacements": [{**leaf, "request_leaf": of(3)}]}
    never = {**revealed, "replacements": [leaf, {**row_of(secret, 3), "request_leaf": of(3)}]}
    assert verdicts(certificate, revealed, replaced) == ["right"] * 3
    assert verdicts(other) == ["right", "wrong"]
    assert verdicts(never) == ["right", "right", "wrong"]
    assert verdicts(revealed) == ["right", "unchecked"]  # 2 was shown, and nothing says for what
    with pytest.raises(purposes.NotOfCertificate):
        purposes.named_by({**revealed, "commit": "00" * 32}, SHA256, secret.anchor_hex, "x")


@pytest.mark.parametrize(("anchor", "issue"), [(1, 2), (2, 1), (-1, 4)])
def test_a_certificate_that_calls_another_value_the_anchor_is_found(
    anchor: int, issue: int, tmp_path: Path
) -> None:
    """The value is the third of this chain whatever it is counted from."""
    secret = made(tmp_path / "w.json")
    first = bytes.fromhex(secret.anchor_hex)
    name = secret.value(anchor) if anchor > 0 else SHA256(first)
    told = void_draw(secret, issue, of=name.hex())
    row = {"source": name.hex(), "issue": str(issue), "bytes_hex": "", "proof": ""}
    replaced = {**void_draw(secret, 1), "replacements": [{**row, "request_leaf": of(2)}]}

    for certificate in (told, replaced):
        *_, named = purposes.named_by(certificate, SHA256, secret.anchor_hex, "x")
        check = purposes.compared([named], [purposes.Shown(3, "", named.purpose)])[0]
        assert named.position == 3
        assert check.verdict is Verdict.WRONG
        assert f"以 {name.hex()[:16]}… 为锚值" in check.detail


def row_of(secret: chains.ChainSecret, position: int) -> dict[str, str]:
    """The texts of a row of a certificate that names a position."""
    value = secret.value(position).hex()
    return {"source": secret.anchor_hex, "issue": str(position), "bytes_hex": value, "proof": ""}


WRONG: dict[str, tuple[str, Callable[[chains.ChainSecret], dict[str, Any]]]] = {
    "not void": ("没有作废", lambda _: example().certificate),
    "of another chain": ("没有用到这条链", lambda secret: void_draw(secret, 1, of="00" * 32)),
    "no certificate": ("字段不全或多余", lambda _: {"a": 1}),
    "of another body": ("承诺值", lambda secret: {**void_draw(secret, 1), "commit": "00" * 32}),
    "signed by another": ("不是用本文件的密钥", lambda secret: void_draw(secret, 1, key=b"x" * 32)),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_show_that_a_draw_is_void_skips_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    secret = made(path)
    why, make = WRONG[name]
    before = path.read_bytes()

    with pytest.raises(NotGivenUp, match=why):
        chains.show(path, 2, NOON, purpose=of(2), void={"void.json": make(secret)})
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
    assert chains.show(path, 1, NOON, purpose=of(1), ask=lambda: PASSPHRASE) == secret.value(1)
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
    chains.show(path, 1, NOON, purpose=of(1))

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
