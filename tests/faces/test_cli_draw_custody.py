"""`draw chain` and `draw print` as keepers and offices type them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from inspect_server.app import make_backend
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.gateways import chains, sealing
from inspect_server.usecases.accounts import add_user
from tests.actors import ALL_ROLES
from tests.faces.test_cli_draw import DAYS, ENTRIES, PASSWORD, Run, commit, good
from tests.faces.test_cli_draw import run as run
from tests.unit.void_draws import void_draw, written

AS = ("--as", "lisi")
PASSPHRASE = "four words of a keeper"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "COST", 16)


def typed(*arguments: object, lines: str = "") -> tuple[int, str, str]:
    """Run a command as a keeper does who has no database."""
    result = CliRunner().invoke(root, [str(one) for one in arguments], input=lines)
    return result.exit_code, result.stdout, result.stderr


def new(path: Path, *more: object, lines: str = "") -> str:
    made = ("draw", "chain", "new", "--kind", "witness", "--year", 2026, "--length", 5)
    code, out, err = typed(*made, "--holder", "区纪委", "--file", path, *more, lines=lines)
    assert code == 0, err
    return out.split("锚值：")[1].split()[0]


def restore(path: Path, anchor: str, lines: str, length: int = 5) -> tuple[int, str, str]:
    kind = ("--kind", "witness", "--year", 2026, "--length", length, "--holder", "区纪委")
    return typed("draw", "chain", "restore", *kind, "--file", path, "--anchor", anchor, lines=lines)


def paper(path: Path) -> str:
    """Return the lines that a keeper types back."""
    code, out, _ = typed("draw", "chain", "paper", "--file", path)
    assert code == 0
    assert "种类 见证方　年度 2026" in out
    return "".join(f"{line.strip()}\n" for line in out.splitlines() if line.startswith("  "))


def test_a_chain_comes_back_from_paper_with_every_value_and_the_signing_key(tmp_path: Path) -> None:
    anchor = new(tmp_path / "w.json")
    lines = paper(tmp_path / "w.json")
    code, out, _ = restore(tmp_path / "again.json", anchor[:16], lines)

    assert code == 0
    assert anchor in out
    assert chains.load(tmp_path / "again.json") == chains.load(tmp_path / "w.json")
    assert (tmp_path / "again.json").stat().st_mode & 0o777 == 0o600


def test_a_slip_is_named_by_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    anchor = new(tmp_path / "w.json")
    lines = paper(tmp_path / "w.json").splitlines()
    lines[2] = lines[2][:-1] + ("0" if lines[2][-1] != "0" else "1")
    code, _, err = restore(tmp_path / "again.json", anchor, "\n".join(lines) + "\n")
    other, _, told = restore(tmp_path / "again.json", anchor, paper(tmp_path / "w.json"), length=6)

    assert (code, other) == (1, 1)
    assert "K3 行有误" in err
    assert "与所给锚值" in told
    assert not (tmp_path / "again.json").exists()


def test_restoring_overwrites_nothing(tmp_path: Path) -> None:
    anchor = new(tmp_path / "w.json")
    before = (tmp_path / "w.json").read_bytes()
    code, _, err = restore(tmp_path / "w.json", anchor, paper(tmp_path / "w.json"))

    assert code == 1
    assert "不能覆盖" in err
    assert (tmp_path / "w.json").read_bytes() == before


def test_a_file_made_with_a_passphrase_asks_for_it(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    new(path, "--encrypt", lines=f"{PASSPHRASE}\n")
    ask = ("draw", "chain", "next", "--file", path, "--position", 1, "--for", "ab" * 32)
    code, out, next_step = typed(*ask, lines=f"{PASSPHRASE}\n")
    wrong, _, told = typed(*ask, lines="another\n")
    none, _, wanted = typed(*ask)

    assert code == 0
    assert out.strip() == chains.load(path, lambda: PASSPHRASE).value(1).hex()
    assert "将该值交给本机关" in next_step
    assert "draw reveal" not in next_step  # revealing is not the witness's to do
    assert (wrong, none) == (1, 1)
    assert "draw.passphrase_wrong" in told
    assert "draw.passphrase_wanted" in wanted
    assert len(json.loads(path.read_text())["shown"]) == 1


def test_a_value_beyond_the_next_one_is_not_shown(tmp_path: Path) -> None:
    new(tmp_path / "w.json")
    void = written(tmp_path / "void.json", void_draw(chains.load(tmp_path / "w.json"), 1))
    after = ("draw", "chain", "next", "--file", tmp_path / "w.json", "--position", 2)
    for_it = ("--for", "ab" * 32)
    code, out, err = typed(*after, *for_it)
    for_nothing, nothing, _ = typed(*after, "--skip", void)
    skipped, value, told = typed(*after, *for_it, "--skip", void)

    assert (code, out) == (1, "")
    assert (for_nothing, nothing) == (2, "")
    assert "应取的是第 1 个值" in err
    assert skipped == 0
    assert "第 1 个值：抽取 2026-01 已作废（抽取池有误，见证方电子签名" in told
    assert len(value.strip()) == 64


def test_promise_result_and_notice_are_printed_and_overwrite_nothing(
    run: Run, tmp_path: Path
) -> None:
    value = commit(run, tmp_path)
    at = tmp_path / "out"

    def print_as_office(what: str, name: str) -> tuple[int, str, str]:
        made = ("draw", "print", "2026-01", "--what", what, "--out", at / name)
        return typed(*made, "--as", "wangwu")

    promised = print_as_office("commitment", "承诺书.pdf")
    early = print_as_office("result", "结果表.pdf")
    twice = print_as_office("commitment", "承诺书.pdf")
    good(run("draw", "reveal", "2026-01", "--witness", value, *ENTRIES))
    late = print_as_office("result", "结果表.pdf")
    notice = typed(
        *("draw", "chain", "notice", "--year", 2026, "--out", at / "公告.pdf", "--as", "wangwu")
    )
    nobody = typed("draw", "print", "2026-01", "--what", "result", "--out", at / "x.pdf")

    assert [one[0] for one in (promised, early, twice, late, notice, nobody)] == [0, 1, 1, 0, 0, 1]
    assert "draw.no_result_yet" in early[2]
    assert "已存在" in twice[2]
    assert "account.person_needed" in nobody[2]
    assert sorted(one.name for one in at.iterdir()) == ["公告.pdf", "承诺书.pdf", "结果表.pdf"]
    assert all(one.read_bytes().startswith(b"%PDF") for one in at.iterdir())


def test_a_reveal_from_the_witness_s_file_notes_there_what_the_value_was_for(
    run: Run, tmp_path: Path
) -> None:
    commit(run, tmp_path)
    path = tmp_path / "usb" / "witness.json"
    (first,) = chains.header(path).shown
    data = json.loads(path.read_text())
    reveal = ("draw", "reveal", "2026-01", "--witness-file", path, *ENTRIES)
    path.write_text(json.dumps(data | {"shown": [{"position": 1, "at": "", "for": "ab" * 32}]}))
    refused = run(*reveal)
    path.write_text(json.dumps(data | {"shown": []}))
    good(run(*reveal))

    assert "draw.value_shown_for_another" in refused.stderr
    assert [line.purpose for line in chains.header(path).shown] == [first.purpose]


def test_an_encrypted_chain_of_the_bureau_is_opened_at_the_reveal(run: Run, tmp_path: Path) -> None:
    value = commit(run, tmp_path)
    path = tmp_path / "keys" / "draw-chain-2026.json"
    secret = chains.load(path)
    path.unlink()
    chains.write_new(path, secret, PASSPHRASE)
    passwords = "long-enough-passphrase-1\n" * 2
    reveal = ("draw", "reveal", "2026-01", "--witness", value, *ENTRIES)
    wrong = run(*reveal, typed=f"another\n{passwords}")
    right = run(*reveal, typed=f"{PASSPHRASE}\n{passwords}")

    assert "draw.passphrase_wrong" in wrong.stderr
    assert "已揭示" in good(right)


def test_what_a_new_chain_says_publishes_the_key_with_which_the_witness_agrees_to_a_void(
    run: Run, tmp_path: Path
) -> None:
    usb, proof = tmp_path / "w.json", tmp_path / "说明.pdf"
    proof.write_bytes(b"%PDF-1.7 evidence")
    new_chain = ("draw", "chain", "new", "--year", 2026, "--length", 5)
    good(run(*new_chain, "--kind", "authority"))
    good(run("draw", "chain", "anchor", "--kind", "authority", "--year", 2026))
    made = run(*new_chain, "--kind", "witness", "--holder", "区司法局", "--file", usb)
    told = made.stderr.split("运行：inspect-server ")[1].split(" --as ")[0]
    published = run(*told.split())
    good(run("draw", "commit", *DAYS, "--public", "cwl.kl8/2026051"))
    why = ("--reason", "pool.wrong", "--evidence", proof, "--approver", "zhaoliu")
    held = make_backend()
    with held.begin(ALL_ROLES) as work:
        add_user(work, "zhaoliu", "赵六", "局领导", [Role.APPROVER], PASSWORD)
    held.engine.dispose()
    asked = run("draw", "void", "2026-01", *why, *AS, typed=f"{PASSWORD}\n")
    sign = asked.stderr.split("运行：inspect-server ")[1].replace("秘密文件", str(usb))
    signed = run(*sign.split())
    done = run("draw", "void", "2026-01", "--cosign", signed.stdout.strip(), *AS)

    assert "注意" not in good(published)
    assert "已作废" in good(done)


def test_publishing_a_witness_anchor_without_its_key_says_what_that_costs(
    run: Run, tmp_path: Path
) -> None:
    anchor = new(tmp_path / "w.json")
    named = ("--year", 2026, "--holder", "区纪委", "--anchor", anchor, "--length", 5)
    told = run("draw", "chain", "anchor", "--kind", "witness", *named)

    assert told.exit_code == 0
    assert "--key" in told.stderr
    assert "书面签署" in told.stderr


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_publishes_the_witness_anchor_with_its_key(name: str) -> None:
    text = (Path(__file__).parents[2] / name).read_text("utf-8")
    (line,) = (one for one in text.splitlines() if "chain anchor --kind witness" in one)

    assert " --key " in line
