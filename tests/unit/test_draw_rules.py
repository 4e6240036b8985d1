"""Rules of the draw that must hold for every pool and every seed; lines, chains and sources."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspect_server.domain.draw import eligibility, entropy, pool, seed, selection
from inspect_server.domain.draw.eligibility import OfficerLine
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.errors import BadEntropy, BadPool
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.domain.plan import words
from pdf_templates.draw.parts import share_of

H = suite("sha256")
PPM = 1_000_000
seeds = st.binary(min_size=32, max_size=32)
odds = st.one_of(st.sampled_from([0, 1, PPM - 1, PPM]), st.integers(0, PPM))


def leaves_of(cell: str, size: int) -> list[bytes]:
    return [H(f"{cell}/{n}".encode()) for n in range(size)]


@st.composite
def pools(draw: st.DrawFn) -> tuple[list[tuple[str, int]], dict[str, list[bytes]]]:
    cells = [(f"c{n}", draw(odds)) for n in range(draw(st.integers(1, 6)))]
    return cells, {cell: leaves_of(cell, draw(st.integers(0, 25))) for cell, _ in cells}


@settings(max_examples=60, deadline=None)
@given(seeds, pools())
def test_each_cell_gives_the_floor_or_the_ceiling_of_its_share(drawn, given_pool) -> None:
    cells, leaves = given_pool
    found = selection.select(H, drawn, cells, leaves)

    whole = 0
    for (cell, p), count in zip(cells, found.counts, strict=True):
        share = len(leaves[cell]) * p
        whole += share
        assert share // PPM <= count <= -(-share // PPM)
        chosen = [one.commitment for one in found.selected if one.cell == cell]
        assert len(set(chosen)) == len(chosen) == count
        assert set(chosen) <= set(leaves[cell])
    assert whole // PPM <= len(found.selected) <= -(-whole // PPM)


@settings(max_examples=40, deadline=None)
@given(seeds, pools(), st.randoms(use_true_random=False))
def test_the_order_of_the_leaves_does_not_matter(drawn, given_pool, rng) -> None:
    cells, leaves = given_pool
    mixed = {cell: rng.sample(part, len(part)) for cell, part in leaves.items()}

    assert selection.select(H, drawn, cells, mixed) == selection.select(H, drawn, cells, leaves)


def test_few_and_many_are_the_same_tickets() -> None:
    leaves = leaves_of("A", 400)
    drawn = H(b"seed")
    few = selection.select(H, drawn, [("A", 50_000)], {"A": leaves}).selected
    many = selection.select(H, drawn, [("A", 900_000)], {"A": leaves}).selected

    assert len(few) == 20
    assert many[:20] == few


def test_a_bound_that_keeps_too_few_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = {"A": leaves_of("A", 400)}
    chosen = selection.select(H, H(b"seed"), [("A", 50_000)], leaves)
    monkeypatch.setattr(selection, "_bound", lambda count, size: b"\x01" * 32)

    assert selection.select(H, H(b"seed"), [("A", 50_000)], leaves) == chosen


def test_every_offset_together_gives_exactly_the_published_odds() -> None:
    """Counted over all offsets, each cell gives size × p on average: no cell gains by rounding."""
    sizes, p_ppm = [7, 3, 11, 1], [300_000, 750_000, 50_000, 999_999]
    step = 1_000  # divides every share's denominator that matters below
    totals = [0] * len(sizes)
    for r in range(0, PPM, step):
        for cell, n in enumerate(selection.shares(sizes, p_ppm, r)):
            totals[cell] += n

    for size, p, total in zip(sizes, p_ppm, totals, strict=True):
        assert abs(total - size * p * (PPM // step) / PPM) <= 1


def test_uniform_passes_over_values_that_would_favour_small_remainders() -> None:
    m = 2**255 + 1  # nearly half of all values must be passed over
    numbers = [seed.uniform(H, H(bytes([n])), "t", m) for n in range(50)]

    assert all(0 <= number < m for number in numbers)
    firsts = [int.from_bytes(H(H(b"t") + H(bytes([n])) + bytes(4)), "big") for n in range(50)]
    assert any(first >= m for first in firsts)
    assert all(number == first for number, first in zip(numbers, firsts, strict=True) if first < m)
    with pytest.raises(ValueError, match="range"):
        seed.uniform(H, b"", "t", 0)


def test_eligibility_lines_read_back_as_written() -> None:
    one = OfficerLine(H(b"0").hex(), ("lead", "member"), ("b", "a"), 3)
    other = OfficerLine(H(b"1").hex(), (), (), 0)
    texts = eligibility.lines(
        [one, other], [(one.officer, "ab" * 32)], [(other.officer, one.officer)]
    )
    found = eligibility.parse(texts)

    assert texts == sorted(texts)
    assert {line.text() for line in found.officers} == {one.text(), other.text()}
    assert found.recusals == {(one.officer, "ab" * 32)}
    assert (one.officer, other.officer) in found.banned
    assert (other.officer, one.officer) in found.banned


@pytest.mark.parametrize(
    "texts",
    [
        ["X\t" + "ab" * 32],
        ["O\t" + "ab" * 32 + "\tmember,lead\t\t0"],
        ["O\t" + "ab" * 32 + "\tlead\t\t00"],
        ["O\t" + "ab" * 32 + "\tlead\t\t-1"],
        ["O\tAB" + "ab" * 31 + "\tlead\t\t0"],
        ["R\t" + "ab" * 32],
        ["B\t" + "cd" * 32 + "\t" + "ab" * 32],
        ["O\t" + "ab" * 32 + "\t\t\t1", "O\t" + "ab" * 32 + "\t\t\t2"],
        ["R\t" + "ab" * 32 + "\t" + "ab" * 32] * 2,
    ],
)
def test_a_line_with_two_spellings_is_refused(texts: list[str]) -> None:
    with pytest.raises(BadPool, match="资格清单"):
        eligibility.parse(texts)


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        (["A " + "ab" * 32], 1),
        (["A\t" + "AB" * 32], 1),
        (["A\t" + "ab" * 31], 1),
        (["单元\t" + "ab" * 32], 1),
        (["B\t" + "ab" * 32, "A\t" + "cd" * 32], 2),
        (["A\t" + "ab" * 32, "A\t" + "ab" * 32], 2),
        (["A\t" + "ab" * 32, "B\t" + "ab" * 32], 2),
    ],
)
def test_a_pool_line_is_exact_sorted_and_unique(texts: list[str], line: int) -> None:
    with pytest.raises(BadPool, match=f"第 {line} 行"):
        pool.parse(texts, pool.POOL)


def test_a_chain_reveals_backwards_and_each_value_proves_its_place() -> None:
    secret = H(b"secret")
    values = list(chain.values(H, secret, 5))[::-1]

    for position in range(6):
        assert chain.value_at(H, secret, 5, position) == values[position]
    for position in range(1, 6):
        assert H(values[position]) == values[position - 1]
        source = Source(SourceKind.WITNESS, values[0].hex(), str(position))
        assert entropy.chain_proof(H, source, values[position]) == values[position - 1].hex()
        for other in {1, 2, 3, 4, 5} - {position}:
            assert entropy.chain_proof(H, source, values[other]) is None
    with pytest.raises(IndexError):
        chain.value_at(H, secret, 5, 6)


KL8 = "01,05,09,12,17,20,23,28,31,36,40,44,47,52,55,61,66,70,74,79"


@pytest.mark.parametrize(
    ("name", "values", "good"),
    [
        ("cwl.kl8", KL8, True),
        ("cwl.kl8", KL8[:-2] + "81", False),
        ("cwl.kl8", KL8[:-3], False),
        ("cwl.kl8", "05,01" + KL8[5:], False),
        ("cwl.kl8", "1" + KL8[2:], False),
        ("cwl.ssq", "01,05,09,12,17,33+16", True),
        ("cwl.ssq", "01,05,09,12,17,33+17", False),
        ("cwl.ssq", "01,05,09,12,17,34+01", False),
        ("cwl.ssq", "01,05,09,12,17,33", False),
        ("sse.000001", "3456.78", True),
        ("sse.000001", "3456.7", False),
        ("cwl.ssq", "", False),
        ("cwl.ssq", "01，05，09，12，17，33+16", False),
        ("cwl.ssq", "01,05,09,12,17,33 + 16", False),
        ("cwl.ssq", "01,05,09/12,17,33+16", False),
    ],
)
def test_a_public_value_has_one_spelling(name: str, values: str, good: bool) -> None:
    issue = "2026-03-04" if name.startswith("sse.") else "2026001"
    source = Source(SourceKind.PUBLIC, name, issue)
    text = f"{name}/{issue}/{values}"
    if good:
        assert entropy.public_bytes(source, text) == text.encode()
        return

    with pytest.raises(BadEntropy, match="请核对"):
        entropy.public_bytes(source, text)


def test_odds_are_written_alike_on_screens_and_papers_and_exactly() -> None:
    for p_ppm in (0, 1, 16_249, 16_250, 21_667, 100_000, 999_999, 1_000_000):
        assert words.odds(p_ppm) == share_of(p_ppm)
    assert (words.odds(16_250), words.odds(1_000_000)) == ("1.6250%", "100.0000%")


@pytest.mark.parametrize(
    "source",
    [
        Source(SourceKind.PUBLIC, "CWL", "1"),
        Source(SourceKind.PUBLIC, "cwl.kl8", "2026/1"),
        Source(SourceKind.PUBLIC, entropy.DICE, "1"),
        Source(SourceKind.DICE, "cwl.kl8", "1"),
        Source(SourceKind.WITNESS, "ab" * 31, "1"),
        Source(SourceKind.WITNESS, "ab" * 32, "0"),
        Source(SourceKind.AUTHORITY, "ab" * 32, "x"),
    ],
)
def test_a_source_that_could_be_read_two_ways_cannot_be_declared(source: Source) -> None:
    with pytest.raises(BadEntropy):
        source.check()
