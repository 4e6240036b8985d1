"""How many a cell of one enterprise gave names it: who may not know sees small cells as one."""

import re
from collections import Counter
from html import unescape
from itertools import product

import pytest

from inspect_server.domain.enums import Risk
from inspect_server.domain.plan import cell_name
from inspect_server.usecases.drawing.commit_draw import CommittedDraw
from tests.faces.test_drawn_identities import Bureau, bureau
from tests.usecases import draw_world
from tests.usecases.draw_world import SUPERVISOR, visits_in

__all__ = ["bureau"]

SUM = "各行业·12 个小单元合计"
SECTORS = ("ammonia_refrigeration", "metal_smelting", "confined_space", "hazardous_chemicals")


@pytest.fixture
def rare(bureau: Bureau) -> CommittedDraw:
    """The commit of a draw where twelve enterprises are alone in their sector and odds."""
    with bureau.backend.begin(SUPERVISOR) as work:
        for n, (sector, risk) in enumerate(product(SECTORS, (Risk.RED, Risk.BLUE, Risk.ORANGE))):
            draw_world.add_enterprise(work, 801 + n * 10, sectors=[sector], risk=risk, is_key=False)
    return bureau.world.commit(**visits_in(4))


def alone(bureau: Bureau, at: str) -> set[str]:
    """Return the cells of fewer enterprises than the law's smallest cell."""
    lines = bureau.own.get(f"{at}/files/pool.txt").text.splitlines()
    sizes = Counter(line.split("\t")[0] for line in lines)
    return {cell for cell, size in sizes.items() if size < 5}


def test_no_cell_of_few_enterprises_is_shown_to_whom_it_would_name_the_drawn(
    bureau: Bureau, rare: CommittedDraw
) -> None:
    at = f"/draws/{rare.id}"
    fixed = bureau.office.get(at).get_json()["cells"]
    bureau.world.reveal(rare)
    few = alone(bureau, at)
    assert len(few) == len(SECTORS) * 3
    for who in (bureau.other, bureau.office, bureau.legal):
        page = who.get(at).get_json()
        preview = who.get("/draws/preview?visit_from=2026-05-09&visit_to=2026-05-20").get_json()
        shown = who.client.get(at).text
        assert page["seed"] == ""
        assert not few & {cell["cell"] for cell in page["cells"] + preview["cells"]}
        assert "sum" in [cell["cell"] for cell in page["cells"]]
        assert page["cells"] == fixed
        assert min(cell["enterprises"] for cell in preview["cells"]) >= 5
        assert sum(cell["enterprises"] for cell in preview["cells"]) == preview["included"]
        assert not [cell for cell in few if cell in shown]
    own = bureau.own.get(at).get_json()
    assert few <= {cell["cell"] for cell in own["cells"]}
    assert own["seed"]


def test_the_room_sees_no_cell_of_few_enterprises_before_nor_after_the_reveal(
    bureau: Bureau, rare: CommittedDraw
) -> None:
    at = f"/draws/{rare.id}"
    before = unescape(bureau.own.client.get(f"{at}/ceremony").text)
    bureau.world.reveal(rare)
    after = unescape(bureau.own.client.get(f"{at}/ceremony").text)
    few = {cell_name(cell) for cell in alone(bureau, at)}
    certificate = bureau.own.get(f"{at}/certificate").get_json(force=True)

    for text in (before, after):
        assert "家数少的单元只列合计" in text
        assert not [name for name in few if f"<td>{name}</td>" in text]
    assert f"<td>{SUM}</td>" in before
    rows = re.findall(r"<td>(\d+)</td><td>([^<]*)</td>", after)
    assert len(rows) == len(certificate["selected"])
    summed = [name for _, name in rows if name == SUM]
    chosen = [one for one in certificate["selected"] if cell_name(one["cell"]) in few]
    assert len(summed) == len(chosen)
    assert [name for _, name in rows][len(rows) - len(summed) :] == summed
