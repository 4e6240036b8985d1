"""Where imported enterprises lie, and what the summary says of those that lie nowhere yet."""

from dataclasses import replace
from pathlib import Path

import pytest

from inspect_server.usecases.registry.import_registry import ImportReport, import_enterprises
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.usecases.registry_samples import code, shown, write_csv

TITLES = ["企业名称", "信用代码", "地区"]


@pytest.fixture
def county(sqlite_backend: Backend) -> Backend:
    """A bureau of a county that the table does not have."""
    settings = replace(sqlite_backend.settings, authority="云湾区应急管理局", division="320799")
    return replace(sqlite_backend, settings=settings)


def _import(backend: Backend, file: Path) -> ImportReport:
    with backend.begin(ALL_ROLES) as work:
        return import_enterprises(work, file)


def _division(backend: Backend, number: int) -> str | None:
    with backend.reading() as session:
        return shown(session, number).division


def _file(folder: Path, *places: str) -> Path:
    rows = [[f"{n}号公司", code(n), place] for n, place in enumerate(places)]
    return write_csv(folder / f"{len(places)}.csv", [TITLES, *rows])


def test_names_become_codes_and_open_ones_are_counted_with_the_next_step(
    county: Backend, tmp_path: Path
) -> None:
    done = _import(county, _file(tmp_path, "云湾区", "海州区", "港城街道", "鼓楼区", ""))

    assert [_division(county, n) for n in range(5)] == ["320799", "320706", "320799", None, None]
    towns, elsewhere, still_open = done.warnings
    assert towns == "1 行只写了街道、乡镇，按本机关辖区记为 320799"
    assert elsewhere.startswith("1 行的企业不在本机关辖区（320799）：320706 1 行。这些企业不纳入")
    assert "1 行的地区没有对应到区划代码：“鼓楼区”；1 行没有填写地区" in still_open
    assert "请在表中加一列“行政区划代码”" in still_open


def test_a_code_that_an_office_gave_once_is_used_for_the_name_from_then_on(
    county: Backend, tmp_path: Path
) -> None:
    rows = [[*TITLES, "行政区划代码"], ["0号公司", code(0), "高新区", "320772"]]
    _import(county, write_csv(tmp_path / "codes.csv", rows))

    done = _import(county, _file(tmp_path, "高新区", "高新区"))

    assert [_division(county, n) for n in range(2)] == ["320772", "320772"]
    assert [said for said in done.warnings if "不在本机关辖区" not in said] == []


@pytest.mark.parametrize(
    ("home", "outside"),
    [("320799", 3), ("320700", 2), ("320000", 1), ("", 0), ("320799001", 3), ("320799000000", 3)],
)
def test_enterprises_outside_the_bureaus_division_are_counted(
    sqlite_backend: Backend, tmp_path: Path, home: str, outside: int
) -> None:
    settings = replace(sqlite_backend.settings, division=home)
    codes = ("320799", "320799001", "320706", "320102", "440103")
    rows = [[f"{n}号", code(n), "", division] for n, division in enumerate(codes)]
    file = write_csv(tmp_path / "a.csv", [[*TITLES, "行政区划代码"], *rows])

    done = _import(replace(sqlite_backend, settings=settings), file)

    said = [text for text in done.warnings if "不在本机关辖区" in text]
    assert [text.partition(" 行")[0] for text in said] == ([str(outside)] if outside else [])


def test_a_name_that_stays_open_leaves_the_stored_code(county: Backend, tmp_path: Path) -> None:
    _import(county, _file(tmp_path, "云湾区", "云湾区", "云湾区"))

    done = _import(county, _file(tmp_path, "某某新城", "海州区"))

    assert done.updated == 2
    assert [_division(county, n) for n in range(3)] == ["320799", "320706", "320799"]


def test_a_bureau_without_a_configured_division_is_told_what_is_missing(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    bare = replace(sqlite_backend, settings=replace(sqlite_backend.settings, division=""))

    done = _import(bare, _file(tmp_path, "鼓楼区", "昆山市"))

    assert _division(bare, 1) == "320583"
    assert "尚未配置本机关的 division" in done.warnings[0]


def test_a_file_without_any_place_says_so(county: Backend, tmp_path: Path) -> None:
    rows = [["企业名称", "信用代码"], ["甲公司", code(1)]]

    done = _import(county, write_csv(tmp_path / "a.csv", rows))

    assert done.warnings[0].startswith("表中没有“地区”或“行政区划代码”列")
