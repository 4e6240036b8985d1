"""Figures of cells for whoever must not learn which enterprise was drawn from a cell of few."""

from hypothesis import given
from hypothesis import strategies as st

from inspect_server.domain.plan import Figures, figures, in_rows

LEAST = 5
ids = st.builds(
    "county.{}.{}.B.never".format,
    st.sampled_from(["dust_explosion", "confined_space", "none"]),
    st.sampled_from(["red", "orange", "yellow", "blue"]),
)
pools = st.dictionaries(
    ids, st.tuples(st.integers(1, 12), st.integers(0, 10**6), st.integers(0, 12)), min_size=1
)


def shown(pool: dict[str, tuple[int, int, int]]) -> tuple[Figures, ...]:
    cells = [(cell, p) for cell, (_, p, _) in pool.items()]
    sizes = {cell: size for cell, (size, _, _) in pool.items()}
    return figures(cells, sizes, [drawn for _, _, drawn in pool.values()], LEAST)


@given(pools)
def test_no_row_is_of_fewer_than_the_smallest_cell_unless_the_whole_pool_is(
    pool: dict[str, tuple[int, int, int]],
) -> None:
    rows = shown(pool)
    whole = sum(size for size, _, _ in pool.values())

    assert min(row.enterprises for row in rows) >= min(LEAST, whole)


@given(pools)
def test_the_rows_hold_each_cell_once_and_add_up(pool: dict[str, tuple[int, int, int]]) -> None:
    rows = shown(pool)

    assert sorted(cell for row in rows for cell in row.cells) == sorted(pool)
    assert sum(row.enterprises for row in rows) == sum(size for size, _, _ in pool.values())
    assert sum(row.expected_ppm for row in rows) == sum(n * p for n, p, _ in pool.values())
    assert sum(row.drawn or 0 for row in rows) == sum(drawn for _, _, drawn in pool.values())
    for row in rows:
        alone = row.cells[0] if len(row.cells) == 1 else None
        assert row.p_ppm == (pool[alone][1] if alone else None)


def test_small_cells_of_a_sector_are_one_row_and_what_is_left_another() -> None:
    dust, space = "county.dust_explosion.{}.B.never", "county.confined_space.{}.B.never"
    rows = shown(
        {
            dust.format("red"): (3, 10, 0),
            dust.format("blue"): (2, 20, 1),
            space.format("red"): (1, 30, 1),
            "county.none.red.B.never": (9, 40, 2),
            "county.none.blue.B.never": (7, 50, 2),
        }
    )

    assert [(row.name, row.code, row.enterprises, row.drawn) for row in rows] == [
        ("县级·无行业标签·红·B级·未检查过", "county.none.red.B.never", 9, 2),
        ("县级·无行业标签·蓝·B级·未检查过", "county.none.blue.B.never", 7, 2),
        ("各行业·3 个小单元合计", "sum", 6, 2),
    ]


def test_the_order_of_the_chosen_tells_no_cells_of_a_row_apart() -> None:
    rows = shown({f"county.{n}.red.B.never": (2, 10, 1) for n in ("dust_explosion", "none")} | {})
    chosen = [("county.none.red.B.never", "aa"), ("county.dust_explosion.red.B.never", "bb")]
    told = in_rows(reversed(chosen), rows, lambda one: one[0], lambda one: one[1])

    assert [(name, one[1]) for name, one in told] == [
        ("各行业·2 个小单元合计", "aa"),
        ("各行业·2 个小单元合计", "bb"),
    ]
