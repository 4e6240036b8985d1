"""Papers of a draw: made from what is stored, by whom it concerns, each noted with its hash."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import update

from inspect_server.domain.draw.replacement.requests import Reason
from inspect_server.domain.draw.replacement.void import PaperReason, VoidReason
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import Forbidden, NotFound
from inspect_server.store import record
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.drawing.ceremony.printing import IssuedPaper, PaperNotMade
from inspect_server.usecases.drawing.papers import NoResultYet, Paper, print_anchors, print_paper
from inspect_server.usecases.work import Actor, Backend
from pdf_templates import catalogue
from tests.usecases.draw_world import SUPERVISOR, World, build
from tests.usecases.test_replacement import agree, ask_void, drawn, replace_one, tasks

OFFICE = Actor("user:office", frozenset({Role.OFFICE}))
APPROVER = Actor("user:approver", frozenset({Role.APPROVER}))


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


def printed(world: World, draw_id: Any, what: Paper, actor: Actor = OFFICE) -> IssuedPaper:
    if what is Paper.INTERNAL:
        actor = SUPERVISOR  # with names: not for the office
    with world.backend.begin(actor) as work:
        return print_paper(work, draw_id, what)


def text_of(paper: IssuedPaper) -> str:
    document = pypdfium2.PdfDocument(paper.pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


def log(world: World) -> list[tuple[str, dict[str, Any]]]:
    with world.backend.reading() as session:
        return [
            (leaf.type, json.loads(leaf.content)["body"]) for leaf in record.leaves(session, "draw")
        ]


def test_a_promise_names_digest_totals_rules_sources_and_what_each_brings(world: World) -> None:
    drawn = world.commit()
    paper = printed(world, drawn.id, Paper.COMMITMENT)
    text = text_of(paper)

    assert paper.file_name == "抽取承诺书_2026-01.pdf"
    assert len(pypdfium2.PdfDocument(paper.pdf)) == 1
    for part in (
        drawn.commit,
        f"抽取池{drawn.included}家，不列入{drawn.excluded}家",
        f"可派执法人员{drawn.officers}名",
        "派主办1名、协办1名",
        "依次放宽协办的专业要求、主办的专业要求",
        "见证方哈希链（区纪委）：第1个值",
        "福彩快乐8：第2026051期（cwl.kl8/2026051）",
        "2026年3月9日前",
        "sjc_verify.py",
    ):
        assert part in text
    assert "企业1" not in text


def test_every_paper_is_noted_with_the_hash_of_its_file(world: World) -> None:
    drawn = world.commit()
    paper = printed(world, drawn.id, Paper.COMMITMENT)

    assert hashlib.sha256(paper.pdf).hexdigest() == paper.sha256
    assert world.backend.blobs.read(paper.sha256) == paper.pdf
    assert log(world)[-1] == (
        "draw.printed",
        {
            "draw": str(drawn.id),
            "what": "commitment",
            "template": catalogue.template("draw_commitment").version,
            "pdf_sha256": paper.sha256,
            "length": len(paper.pdf),
        },
    )


def test_a_result_says_what_was_entered_by_whom_and_what_follows(world: World) -> None:
    drawn = world.commit()
    with pytest.raises(NoResultYet):
        printed(world, drawn.id, Paper.RESULT)
    result = world.reveal(drawn)
    outside = text_of(printed(world, drawn.id, Paper.RESULT))
    inside = text_of(printed(world, drawn.id, Paper.INTERNAL))
    certificate = json.loads(result.certificate)

    for text in (outside, inside):
        assert result.seed in text
        assert f"取整偏移：{result.r}" in text
        assert f"抽中{result.selected}家" in text
        assert "user:a、user:b各录一次" in text
        assert hashlib.sha256(result.certificate.encode()).hexdigest() in text
        assert all(one["c"][:16] in text for one in certificate["selected"])
    assert inside.count("（JS000000") == result.places
    assert "JS000000" not in outside
    assert "企业" not in outside.replace("企业（单元", "").replace("抽中企业", "").replace(
        "本联不列企业名称", ""
    ).replace("重点企业", "")
    assert world.verify(drawn.id).ok


def test_the_checklist_says_who_brings_which_value_until_when(world: World) -> None:
    drawn = world.commit()
    made = printed(world, drawn.id, Paper.CHECKLIST)
    text = text_of(made)

    assert len(pypdfium2.PdfDocument(made.pdf)) == 1  # nothing of it alone on a second page
    for part in (
        "最迟2026年3月9日",
        "见证方哈希链第1个值：区纪委凭承诺书上的承诺值取出后带到现场",
        "福彩快乐8第2026051期（cwl.kl8/2026051）：已经公布",
        "第二名录入人背对屏幕等候",
    ):
        assert part in text


def test_what_was_replaced_is_said_beside_the_result_as_it_was_drawn(world: World) -> None:
    draw = drawn(world)
    before = tasks(world, draw)
    enterprise = next(iter(before.values()))
    replace_one(world, draw, Reason.CLOSED, enterprise.uscc)
    came_in = next(task for uscc, task in tasks(world, draw).items() if uscc not in before)
    outside = text_of(printed(world, draw.id, Paper.RESULT))
    inside = text_of(printed(world, draw.id, Paper.INTERNAL))

    assert "说明：第1次替补（企业注销或关闭）" in outside
    assert enterprise.commitment[:16] in outside
    assert came_in.commitment[:16] in outside
    assert f"{came_in.name}（{came_in.uscc}）替补" in inside
    assert came_in.uscc not in outside


@pytest.mark.parametrize("is_revealed", [False, True])
def test_a_void_draw_prints_why_and_what_it_had_drawn(world: World, is_revealed: bool) -> None:
    draw = drawn(world) if is_revealed else world.commit()
    ask_void(world, draw.id, VoidReason.POOL_WRONG, PaperReason.LOST)
    agree(world, draw.id, paper="见证方书面签署".encode())
    text = text_of(printed(world, draw.id, Paper.RESULT))

    assert "本次抽取已作废，原因：抽取池有误。" in text
    assert ("揭示时间：未揭示" in text) is not is_revealed
    assert ("取整偏移" in text) is is_revealed


def test_only_supervisor_and_office_print(world: World) -> None:
    drawn = world.commit()
    with pytest.raises(Forbidden):
        printed(world, drawn.id, Paper.COMMITMENT, APPROVER)

    assert printed(world, drawn.id, Paper.COMMITMENT, SUPERVISOR).pdf


def test_a_name_that_no_font_has_is_named_and_nothing_is_noted(world: World) -> None:
    drawn = world.commit()
    world.reveal(drawn)
    with world.backend.begin(SUPERVISOR) as work:
        work.session.execute(update(Enterprise).values(name="恒茂😷公司"))
    before = log(world)
    with pytest.raises(PaperNotMade, match="😷"):
        printed(world, drawn.id, Paper.INTERNAL)

    assert log(world) == before
    assert printed(world, drawn.id, Paper.RESULT).pdf


def test_the_notice_of_anchors_names_every_chain_of_its_year(world: World) -> None:
    with world.backend.begin(OFFICE) as work:
        text = text_of(print_anchors(work, 2026))
    with pytest.raises(NotFound), world.backend.begin(OFFICE) as work:
        print_anchors(work, 2027)

    assert world.authority.anchor_hex in text
    assert world.witness.anchor_hex in text
    assert "持有单位：区纪委" in text
