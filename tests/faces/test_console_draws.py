"""The pages of a draw before its commit and of its publication: figures, reasons, corrections."""

import html
import re
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from inspect_server.app import create_app
from inspect_server.domain.disclosure import Result
from inspect_server.domain.enums import Credit, Role
from inspect_server.domain.plan import cell_name
from inspect_server.store import publications
from inspect_server.store.models.disclosure import PublishedNotice
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.disclosing.results import correct_result
from inspect_server.usecases.drawing.auditing.merged_cells import merged_cells
from inspect_server.usecases.drawing.beforehand.preview import DrawPreview, preview_draw
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import Program, connect
from tests.usecases import draw_world
from tests.usecases.disclosed_world import FINDING, close, drawn, open_checks
from tests.usecases.draw_world import FROM, SUPERVISOR, TO, World

DAYS = {"from": FROM.isoformat(), "to": TO.isoformat()}


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    made = draw_world.build(sqlite_backend, tmp_path)
    with sqlite_backend.begin(SUPERVISOR) as work:
        for row in work.session.scalars(select(Enterprise).order_by(Enterprise.uscc).limit(12)):
            row.credit = Credit.A
    return made


@pytest.fixture
def supervisor(world: World) -> Program:
    held, unit = world.backend, world.backend.settings.authority
    return connect(held, create_app(held), "zhangsan", Role.SUPERVISOR, unit=unit)


def preview(world: World) -> DrawPreview:
    with world.backend.reading() as session:
        return preview_draw(session, world.plan_id, FROM, TO)


def page(program: Program, path: str, status: int = 200, **query: str) -> str:
    answer = program.client.get(path, query_string=query)
    assert answer.status_code == status
    return words(answer.text)


def words(text: str) -> str:
    """What a reader sees, without the space that markup leaves."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def publish(program: Program, draw_id: UUID, **form: str) -> tuple[int, str]:
    sent = {"csrf_token": program.csrf, **form}
    answer = program.client.post(f"/draws/{draw_id}/disclosure", data=sent)
    return answer.status_code, words(answer.text)


def test_the_rehearsal_page_has_every_figure_of_the_preview_in_chinese(
    world: World, supervisor: Program
) -> None:
    found = preview(world)
    text = page(supervisor, "/draws/preview", **DAYS)

    assert f"名录企业 {found.registered} 列入抽取池 {found.included}" in text
    assert f"预期抽中（家） {found.expected_ppm / 1e6:.2f}" in text
    assert any(cell.parts for cell in found.cells)
    for cell in found.cells:
        assert f"{cell.name} {cell.cell}" in text
        assert f"{cell.enterprises} 家 {cell.p_ppm / 1e4:.4f}%" in text
        for part in cell.parts:
            assert f"{cell_name(part.cell)} {part.enterprises} 家" in text
    assert "已注销或关闭 8 家" in text
    assert "现在可以按此时段发布承诺" in text


def test_the_rehearsal_page_says_why_a_commit_would_be_refused(
    world: World, supervisor: Program
) -> None:
    world.commit()
    waiting = page(supervisor, "/draws/preview", **DAYS)
    no_plan = page(supervisor, "/draws/preview", 404, **{"from": "2027-01-04", "to": "2027-01-05"})
    no_day = page(supervisor, "/draws/preview", 422, **{"from": "明天", "to": ""})

    assert "发布承诺会被拒绝" in waiting
    assert "已有抽取 2026-01" in waiting
    assert "没有找到 2027 年已批准的检查计划" in no_plan
    assert "应填写日期（年-月-日）" in no_day


def test_who_is_left_out_is_listed_page_by_page_with_the_reason(
    world: World, supervisor: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspect_server.console.drawing.previewing.PAGE_SIZE", 5)
    path, cell = "/draws/preview/enterprises", preview(world).cells[0]
    first, second = (page(supervisor, path, **DAYS, page=number) for number in ("1", "2"))
    inside = page(supervisor, path, **DAYS, label=cell.cell)

    assert "共 8 家，第 1 页，共 2 页" in first
    assert (first.count("已注销或关闭"), second.count("已注销或关闭")) == (5, 3)
    assert f"共 {cell.enterprises} 家" in inside
    assert "已注销" not in inside
    assert "回到第一页" in page(supervisor, path, **DAYS, page="9")


def test_the_page_of_a_draw_lists_what_its_cells_were_merged_from(
    world: World, supervisor: Program
) -> None:
    expected = {cell.cell: cell.parts for cell in preview(world).cells if cell.parts}
    draw = world.commit()
    with world.backend.begin(SUPERVISOR) as work:  # the registry goes on, the commit stays
        for row in work.session.scalars(select(Enterprise)):
            row.credit = Credit.D
    with world.backend.reading() as session:
        found = merged_cells(session, world.backend.blobs, draw.id)
    text = page(supervisor, f"/draws/{draw.id}")

    assert expected
    assert dict(found) == expected
    for parts in expected.values():
        for part in parts:
            assert f"{cell_name(part.cell)} {part.enterprises} 家" in text


def test_a_batch_that_is_not_over_says_which_checks_are_missing(
    world: World, supervisor: Program
) -> None:
    draw_id = drawn(world)
    waiting = open_checks(world.backend, draw_id)
    close(world.backend, waiting[1:])
    text = page(supervisor, f"/draws/{draw_id}/disclosure")
    status, refused = publish(supervisor, draw_id)

    assert "未办结 1 家" in text
    assert "现在公示会提前暴露检查对象" in text
    assert "尚无结果的企业" in text
    assert "公示以下内容" not in text
    assert (status, "尚有 1 家未办结" in refused) == (409, True)


def test_a_batch_is_published_from_its_page_and_corrections_stand_beside(
    world: World, supervisor: Program
) -> None:
    draw_id = drawn(world)
    close(world.backend, open_checks(world.backend, draw_id), findings=(FINDING,))
    before = page(supervisor, f"/draws/{draw_id}/disclosure")
    done, _ = publish(supervisor, draw_id)
    again, unchanged = publish(supervisor, draw_id, reason="证书重新签发")
    with world.backend.begin(SUPERVISOR) as work:
        uscc = publications.results(work.session, "2026-01")[0].uscc
        correct_result(work, draw_id, uscc, Result.CLEAR, "复核后撤销")
    after = page(supervisor, f"/draws/{draw_id}/disclosure")

    assert "自当日起可以公示" in before
    assert "最迟公示 2026-04-16" in before
    assert "抽取证书：承诺、随机值、种子、结果和签名 certificate.json" in before
    assert (done, again) == (303, 409)
    assert "内容没有变化" in unchanged
    assert "第 1 次公示，2026-03-02 09:00" in after
    assert (
        "未发现问题 更正原因：复核后撤销 更正前（2026-03-02 09:00 公示）：发现问题已责令改正"
        in after
    )


def test_nothing_is_published_without_the_token_of_the_page_or_by_an_auditor(
    world: World, supervisor: Program
) -> None:
    draw_id = drawn(world)
    close(world.backend, open_checks(world.backend, draw_id))
    forged, _ = publish(supervisor, draw_id, csrf_token="forged")
    auditor = connect(world.backend, create_app(world.backend), "shenji", Role.AUDITOR)
    seen = page(auditor, f"/draws/{draw_id}/disclosure")
    refused, _ = publish(auditor, draw_id)

    with world.backend.reading() as session:
        kinds = session.scalars(select(PublishedNotice.kind)).all()
    assert (forged, refused) == (403, 403)
    assert "可以公示" in seen
    assert "公示以下内容" not in seen
    assert "batch" not in {kind.value for kind in kinds}


def test_the_page_of_a_draw_names_its_sources_as_the_papers_do_and_how_many_are_in_each_cell(
    world: World, supervisor: Program
) -> None:
    sizes = {cell.cell: cell.enterprises for cell in preview(world).cells}
    text = page(supervisor, f"/draws/{world.commit().id}")
    name, issue, _ = draw_world.KL8.split("/")

    assert f"福彩快乐8第 {issue} 期（{name}/{issue}）" in text
    assert "见证方哈希链第 1 个值，锚值" in text
    for code, size in sizes.items():
        assert re.search(rf"{re.escape(code)}.*? {size} 家", text)
