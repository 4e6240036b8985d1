"""Error values in workbooks as programs of the nineties write them."""

import random
import struct
from pathlib import Path

import pytest

from forms.errors import BadWorkbook
from forms.workbook.old_workbooks import error_cells
from forms.workbook.parts import ERROR
from forms.workbook.sheets import blind_spots
from tests.unit.xlsform_samples import read

CONTENT = (Path(__file__).parents[1] / "vectors/forms/workbooks/survey.xls").read_bytes()
TRUTH = struct.pack("<2H3H2B", 0x0205, 8, 2, 1, 17, 1, 0)
"""The one cell that is true or false: row 3, column B of choices."""

NOT_AVAILABLE = 0x2A
VERSION = struct.pack("<3H", 0x0809, 16, 0x0600)


def changed(path: Path, old: bytes, new: bytes) -> Path:
    """Write the workbook with some bytes in the place of others."""
    assert CONTENT.count(old) > 0
    assert len(old) == len(new)
    path.write_bytes(CONTENT.replace(old, new, 1))
    return path


def two_texts() -> bytes:
    """Return the records of two texts beside each other in the sheet survey."""
    at = CONTENT.index(struct.pack("<4H", 0x00FD, 10, 1, 0))
    return CONTENT[at : at + 28]


def test_a_cell_with_an_error_is_told_where_it_stands(tmp_path: Path) -> None:
    error = TRUTH[:-2] + bytes([NOT_AVAILABLE, 1])

    with pytest.raises(BadWorkbook) as caught:
        read(changed(tmp_path / "a.xls", TRUTH, error))

    first, *_ = map(str, caught.value.problems)
    assert first == f"工作表“choices”第3行“name”列：{ERROR}"


def test_a_formula_whose_result_is_an_error_is_told(tmp_path: Path) -> None:
    result = struct.pack("<2BB3xH", 2, 0, NOT_AVAILABLE, 0xFFFF)
    tokens = struct.pack("<2xI2H", 0, 2, 0x2A1C)
    formula = struct.pack("<5H", 0x0006, 24, 1, 0, 17) + result + tokens
    found = error_cells(changed(tmp_path / "a.xls", two_texts(), formula))

    assert found is not None
    assert [(one.row, one.position) for one in found["survey"]] == [(2, 0)]


def test_where_nobody_can_tell_a_notice_says_so(tmp_path: Path) -> None:
    older = changed(tmp_path / "a.xls", VERSION, struct.pack("<3H", 0x0809, 16, 0x0500))

    assert error_cells(older) is None
    assert blind_spots(older) == (
        "旧式工作簿中的错误值（如 #N/A）读作空白，请另存为 .xlsx 后再检查一遍",
    )


def test_no_damage_makes_it_stumble(tmp_path: Path) -> None:
    chance = random.Random(7)
    path = tmp_path / "a.xls"
    for _ in range(300):
        damaged = bytearray(CONTENT[: chance.choice((len(CONTENT), chance.randrange(600)))])
        for _ in range(chance.randrange(1, 40)):
            at = chance.choice((chance.randrange(len(damaged) + 1), chance.randrange(30, 120)))
            damaged[at : at + 1] = chance.randbytes(1)
        path.write_bytes(damaged)
        error_cells(path)
