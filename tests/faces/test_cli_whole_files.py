"""Files that commands write: whole or not at all, nothing else replaced, no leftovers."""

import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inspect_server.cli import root
from inspect_server.cli.terminal import whole_files
from inspect_server.cli.terminal.whole_files import whole_file
from pdf_templates.examples import example
from pdf_templates.facts import to_json


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(to_json(example("case_contents"))), encoding="utf-8")
    return path


def render(facts: Path, output: Path) -> Result:
    arguments = ["documents", "render", "case_contents", str(facts), "-o", str(output)]
    return CliRunner().invoke(root, arguments)


def test_the_facts_are_never_written_over_by_their_own_document(facts: Path) -> None:
    before = facts.read_bytes()
    link = facts.with_name("link.pdf")
    link.symlink_to(facts)
    for output in (facts, link):
        assert render(facts, output).exit_code == 2
        assert facts.read_bytes() == before


def test_a_pipe_and_a_device_are_left_alone(facts: Path) -> None:
    pipe = facts.with_name("pipe")
    os.mkfifo(pipe)
    for output in (pipe, Path(os.devnull)):
        result = render(facts, output)
        assert result.exit_code == 1
        assert "是设备或管道" in result.output
        assert not stat.S_ISREG(output.stat().st_mode)


def test_a_link_goes_on_leading_to_the_file_which_keeps_its_rights(facts: Path) -> None:
    kept, link = facts.with_name("kept.pdf"), facts.with_name("link.pdf")
    kept.write_bytes(b"old")
    kept.chmod(0o600)
    link.symlink_to(kept)

    assert render(facts, link).exit_code == 0
    assert link.is_symlink()
    assert kept.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_somebody_elses_file_with_a_name_like_ours_is_not_touched(facts: Path) -> None:
    other = facts.with_name("out.pdf.part")
    other.write_bytes(b"mine")
    assert render(facts, facts.with_name("out.pdf")).exit_code == 0
    assert other.read_bytes() == b"mine"


def test_what_goes_wrong_on_the_way_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.pdf"
    path.write_bytes(b"old")

    with pytest.raises(KeyboardInterrupt), whole_file(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"), whole_file(path) as file:
        file.write(b"whole, but not on the disk")

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_takes_all_the_room_of_a_name_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("文" * 83 + ".pdf")
    with whole_file(path) as file:
        file.write(b"whole")
    assert path.read_bytes() == b"whole"


def test_a_field_named_twice_is_refused(facts: Path) -> None:
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text[:-1] + ', "doc_no": "另一个"}', encoding="utf-8")
    result = render(facts, facts.with_name("out.pdf"))
    assert result.exit_code == 1
    assert "字段 doc_no 写了两次" in result.output


def test_many_problems_are_shown_in_part_and_turn_no_terminal_around(facts: Path) -> None:
    text = facts.read_text(encoding="utf-8")
    more = "".join(f', "\\u001b[31m\\u202e{n}": 1' for n in range(1_000))
    facts.write_text(text[:-1] + more + "}", encoding="utf-8")
    result = render(facts, facts.with_name("out.pdf"))
    assert result.exit_code == 1
    assert "另有 950 处" in result.output
    assert "有 1000 处有误" in result.output
    assert "\u202e" not in result.output
    assert len(result.output) < 10_000


def test_a_file_of_facts_beyond_the_limit_is_refused(facts: Path) -> None:
    facts.write_bytes(b'"' + b"a" * 8_000_000 + b'"')
    result = render(facts, facts.with_name("out.pdf"))
    assert "超过 8,000,000 字节" in result.output
