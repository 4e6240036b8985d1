"""`documents verify` of the papers that a draw prints: known by the hash that the draw log has."""

import io
import json
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from inspect_server import app
from inspect_server.cli import root
from inspect_server.domain.draw.replacement.requests import Reason
from inspect_server.domain.draw.replacement.void import PaperReason, VoidReason
from inspect_server.reads.case_files.match_draw_paper import KINDS
from inspect_server.store.models.record import RecordLeaf
from inspect_server.usecases.drawing import papers
from inspect_server.usecases.drawing.papers import Paper, print_anchors
from inspect_server.usecases.work import Backend
from pdf_templates import catalogue
from pdf_templates.facts import canonical_json
from tests.conftest import FixedClock
from tests.tampering import unguard
from tests.usecases.draw_world import World, build
from tests.usecases.test_draw_papers import OFFICE, printed
from tests.usecases.test_replacement import agree, ask_void, drawn, replace_one, tasks


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A bureau that holds draws, on which the command line works."""
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)
    return build(sqlite_backend, tmp_path)


def verify(folder: Path, pdf: bytes) -> Result:
    path = folder / "抽取文书.pdf"
    path.write_bytes(pdf)
    return CliRunner().invoke(root, ["documents", "verify", str(path)])


def test_every_paper_that_is_printed_has_its_kind() -> None:
    assert {what.value: kind for what, kind in papers.KINDS.items()} == {
        what: kind for what, kind in KINDS.items() if what != "anchors"
    }


@pytest.mark.parametrize("what", [one for one in Paper if one is not Paper.REQUEST])
def test_a_paper_of_a_draw_is_known_by_its_hash(world: World, tmp_path: Path, what: Paper) -> None:
    draw = drawn(world)

    found = verify(tmp_path, printed(world, draw.id, what).pdf)

    assert found.exit_code == 3, found.output  # nobody signed it
    assert f"{catalogue.label(papers.KINDS[what])}" in found.output
    assert "逐字节一致，抽取日志中有印制记录" in found.output
    assert "×" not in found.output
    assert ("（内部） 2026-01" in found.output) == (what is Paper.INTERNAL)


def test_the_notice_of_anchors_and_a_request_are_known_too(world: World, tmp_path: Path) -> None:
    with world.backend.begin(OFFICE) as work:
        anchors = print_anchors(work, 2026)
    draw = drawn(world)
    replace_one(world, draw, Reason.CLOSED, next(iter(tasks(world, draw).values())).uscc)
    request = printed(world, draw.id, Paper.REQUEST)

    for made, title in ((anchors, "哈希链锚值公告 2026年度"), (request, "替补申请单")):
        found = verify(tmp_path, made.pdf)
        assert found.exit_code == 3, found.output
        assert title in found.output
        assert "逐字节一致，抽取日志中有印制记录" in found.output


def test_a_copy_of_an_earlier_day_is_as_genuine_as_the_last(
    world: World, clock: FixedClock, tmp_path: Path
) -> None:
    draw = drawn(world)
    first = printed(world, draw.id, Paper.RESULT)
    clock.forward(days=1)
    second = printed(world, draw.id, Paper.RESULT)

    assert first.sha256 != second.sha256
    assert verify(tmp_path, first.pdf).exit_code == verify(tmp_path, second.pdf).exit_code == 3


def facts_of(pdf: bytes) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        inside: dict[str, Any] = json.loads(file.attachments["facts.json"].get_file().read_bytes())
    return inside


def changed(pdf: bytes, **facts: Any) -> bytes:
    inside = facts_of(pdf) | facts
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.attachments["facts.json"].obj["/EF"]["/F"].write(canonical_json(inside))
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


def test_a_changed_paper_and_one_that_was_never_printed_are_refused(
    world: World, tmp_path: Path
) -> None:
    draw = drawn(world)
    result = printed(world, draw.id, Paper.RESULT)
    forged = (
        changed(result.pdf, r=0),
        changed(result.pdf),
        catalogue.render("draw_result", facts_of(result.pdf) | {"r": 0}),
    )

    for pdf in forged:
        found = verify(tmp_path, pdf)
        assert found.exit_code == 1, found.output
        assert "抽取日志中没有印制这一文件的记录" in found.output
        assert "请勿采信" in found.output


def test_what_only_has_fields_of_its_own_is_no_paper_of_a_draw(
    world: World, tmp_path: Path
) -> None:
    draw = drawn(world)

    found = verify(tmp_path, changed(printed(world, draw.id, Paper.RESULT).pdf, more=1))

    assert found.exit_code == 1, found.output
    assert "登记中没有这份文书" in found.output


def test_a_paper_is_held_to_a_draw_log_that_holds(world: World, tmp_path: Path) -> None:
    draw = drawn(world)
    first, second = (printed(world, draw.id, what) for what in (Paper.RESULT, Paper.COMMITMENT))
    with world.backend.engine.begin() as connection:
        unguard(connection, "record_leaf")
        rows = connection.execute(select(RecordLeaf.leaf, RecordLeaf.content)).all()
        leaf, content = next(row for row in rows if second.sha256.encode() in row.content)
        content = content.replace(b'"what":"commitment"', b'"what":"checklist"')
        connection.execute(
            update(RecordLeaf).where(RecordLeaf.leaf == leaf).values(content=content)
        )

    other, own = verify(tmp_path, first.pdf), verify(tmp_path, second.pdf)

    assert (other.exit_code, own.exit_code) == (1, 1)
    assert "抽取日志有 1 处不符" in other.output
    assert "抽取日志中没有印制这一文件的记录" in own.output


def test_what_became_of_the_draw_after_the_print_is_said(
    world: World, clock: FixedClock, tmp_path: Path
) -> None:
    draw = drawn(world)
    result = printed(world, draw.id, Paper.RESULT)
    clock.forward(hours=1)
    replace_one(world, draw, Reason.CLOSED, next(iter(tasks(world, draw).values())).uscc)

    replaced = verify(tmp_path, result.pdf)
    ask_void(world, draw.id, VoidReason.POOL_WRONG, PaperReason.LOST)
    clock.forward(hours=1)
    agree(world, draw.id, paper="见证方书面签署".encode())
    voided = verify(tmp_path, result.pdf)
    clock.forward(hours=1)
    after = verify(tmp_path, printed(world, draw.id, Paper.RESULT).pdf)

    assert replaced.exit_code == 3, replaced.output
    assert "印制之后又有 1 次替补" in replaced.output
    assert voided.exit_code == 4, voided.output
    assert "印制之后，该次抽取已经作废" in voided.output
    assert after.exit_code == 3, after.output
    assert "已经作废" not in after.output
