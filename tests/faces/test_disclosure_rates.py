"""Who doubts the odds needs nothing but the rules' page: its numbers give every published p."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from html import unescape
from itertools import product
from math import ceil
from pathlib import Path

import pytest

from inspect_server.app import create_app
from inspect_server.domain.enums import Credit, Risk
from inspect_server.domain.plan import exact_decimal
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.work import Backend
from tests.usecases.disclosed_world import close, drawn, open_checks
from tests.usecases.draw_world import RATES, SUPERVISOR, add_enterprise, build

FINE_RATES = (
    RATES.replace("dust_explosion = 2000000", "dust_explosion = 1234567").replace(
        "none = 2000000", "none = 8000"
    )
    + """
[rate.risk_permille]
title = "风险等级系数"
unit = "permille"
[[rate.risk_permille.rows]]
from = 2026-01-01
source = "本局"
verified = true
value = { red = 1125, orange = 1007, yellow = 1000, blue = 605, unknown = 1000 }
[rate.credit_permille]
title = "信用等级系数"
unit = "permille"
[[rate.credit_permille.rows]]
from = 2026-01-01
source = "本局"
verified = true
value = { A = 604, B = 1000, C = 1303, D = 1800, unknown = 1000 }
"""
)
TABLES = {"风险": 2, "信用": 3, "上次检查": 4}
"""Each factor's place in a cell's label."""


class RulesPage:
    """What the page says, as a reader has it: numbers and codes."""

    def __init__(self, html: str) -> None:
        self.factors: dict[int, dict[str, Fraction]] = {1: {}, 2: {}, 3: {}, 4: {}}
        for row in re.findall(r"<tr>(.*?)</tr>", html, re.S):
            cells = [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
            code = re.search(r'<span class="soft code">(.*?)</span>', cells[0]) if cells else None
            if code:
                place = TABLES.get(cells[0].split("：")[0], 1)
                self.factors[place][code[1]] = Fraction(cells[1].removesuffix(" 倍"))
        text = re.sub(r"<[^>]*>", "", html)
        self.batches = self._number(text, r"全年分 (\d+) 批")
        self.batches_of_a_round = self._number(text, r"每一遍 (\d+) 批")
        self.rounds_up = "概率都向上取整到百万分之一" in text

    @staticmethod
    def _number(text: str, pattern: str) -> int:
        found = re.search(pattern, text)
        assert found is not None, pattern
        return int(found[1])

    def odds(self, label: str, batch: int) -> Iterator[int]:
        """Every p in ppm that a cell of this label may have in this batch."""
        assert self.rounds_up
        _, sector, *others = label.split(".")[:5]
        if others[-1] == "key":
            left = self.batches_of_a_round - (batch - 1) % self.batches_of_a_round
            yield ceil(Fraction(10**6, left))
            return
        values = [
            [table[part]] if part != "any" else list(table.values())
            for part, table in zip((sector, *others), self.factors.values(), strict=True)
        ]
        for base, *factors in product(*values):
            yield ceil(base * factors[0] * factors[1] * factors[2] * 10**6 / self.batches)


def test_every_published_p_follows_from_what_the_rules_page_prints(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path, rates=FINE_RATES)
    with sqlite_backend.begin(SUPERVISOR) as work:
        kinds = list(product((Risk.ORANGE, Risk.BLUE), (Credit.A, Credit.C), ([], None)))
        for number, (risk, credit, sectors) in enumerate(kinds * 6, start=100):
            facts = {} if sectors is None else {"sectors": sectors}
            add_enterprise(work, number * 2 + 1, risk=risk, credit=credit, is_key=False, **facts)
        add_enterprise(work, 900, credit=Credit.D, is_key=False)  # alone: published without name
    draw = drawn(world)
    close(sqlite_backend, open_checks(sqlite_backend, draw))
    with sqlite_backend.begin(SUPERVISOR) as work:
        publish_batch(work, draw)
    client = create_app(sqlite_backend).test_client()
    with client.get("/disclosure/draws/2026-01/1/certificate.json") as answer:
        body = json.loads(answer.text)["commit_body"]
    page = RulesPage(client.get("/disclosure/rules/2026").text)

    labels = dict(body["cells"])
    assert len(labels) >= 10
    assert any(label.endswith(".key") for label in labels)
    assert any(".none." in label for label in labels)
    assert any(re.search(r"\.p\d+$", label) for label in labels)
    for label, p in labels.items():
        possible = set(page.odds(label, body["rules"]["batch"]["number"]))
        assert p in possible, label
        if "any" not in label:
            assert possible == {p}, label
        if said := re.search(r"\.p(\d+)$", label):
            assert int(said[1]) == p


@pytest.mark.parametrize(
    ("number", "digits", "said"),
    [
        (8_000, 6, "0.008"),
        (1, 6, "0.000001"),
        (1_234_567, 6, "1.234567"),
        (0, 6, "0"),
        (1_300, 3, "1.3"),
        (12_345_678, 3, "12345.678"),
        (10_000_000, 6, "10"),
    ],
)
def test_a_decimal_says_every_digit_that_counts(number: int, digits: int, said: str) -> None:
    assert exact_decimal(number, digits) == said
    assert Fraction(said) == Fraction(number, 10**digits)
