"""Finding the header and putting a row together."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspect_server.domain.registry import enterprises, officers
from inspect_server.domain.registry.headers import (
    DuplicateHeader,
    Header,
    MissingHeader,
    Problem,
    find_header,
)
from inspect_server.domain.registry.reading import batch_reader
from inspect_server.domain.registry.titles import plain_title
from tests.sampling import one_in


def _check(cell: str) -> str:
    if not cell:
        raise ValueError("必填")
    return cell


ENTERPRISES = enterprises.columns(_check)
OFFICERS = officers.columns(_check)


def _enterprise_header(*rows: Sequence[str]) -> Header | None:
    return find_header(list(enumerate(rows, start=1)), ENTERPRISES, "")


def _read(header: Header, cells: list[str]) -> tuple[dict[str, Any], list[Problem]]:
    reading = batch_reader(header)([cells])
    return reading.values[0], reading.problems.get(0, [])


def _read_one(titles: list[str], cells: list[str]) -> tuple[dict[str, Any], list[str]]:
    header = _enterprise_header(titles)
    assert header is not None
    values, problems = _read(header, cells)
    problems = problems or enterprises.Assembler(header).assemble(values)
    return values, [f"{problem.title}：{problem.reason}" for problem in problems]


@pytest.mark.parametrize("code_title", enterprises.TITLES["uscc"])
@pytest.mark.parametrize("name_title", one_in(4, enterprises.TITLES["name"]))
def test_every_pair_of_usual_titles_is_a_header(code_title: str, name_title: str) -> None:
    header = _enterprise_header([name_title, code_title])

    assert header is not None
    assert header.fields == {"uscc", "name"}


def test_no_title_means_two_fields() -> None:
    for table in (ENTERPRISES, OFFICERS):
        titles = [plain_title(title) for column in table for title in column.titles]

        assert len(titles) == len(set(titles))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["{}", " {} ", "*{}", "{}（必填）", "{}:", "{}\n", "{}(18位)"]),
    st.sampled_from(ENTERPRISES),
)
def test_marks_spaces_and_remarks_do_not_hide_a_title(dress: str, column: Any) -> None:
    dressed = [dress.format(column.titles[0]), "统一社会信用代码", "企业名称"]
    header = _enterprise_header(dressed[:1] + [t for t in dressed[1:] if t != column.titles[0]])

    assert header is not None
    assert column.field in header.fields


def test_the_header_may_stand_below_titles_and_notes() -> None:
    header = _enterprise_header(
        ["云湾区企业名录"], ["填报日期：2026-01-05"], [], ["序号", "单位名称", "信用代码", "备注"]
    )

    assert header is not None
    assert header.row == 4
    assert header.ignored == ("序号", "备注")


def test_rows_without_titles_are_no_header() -> None:
    assert _enterprise_header(["甲公司", "91320799"], ["乙公司", "91320798"]) is None
    assert find_header([], ENTERPRISES, "") is None


def test_a_title_that_stands_twice_is_refused_with_its_name() -> None:
    with pytest.raises(DuplicateHeader, match="C 列“地址”与 D 列“地址”是同一项"):
        _enterprise_header(["企业名称", "信用代码", "地址", "地址"])


def test_a_missing_required_column_is_refused_with_its_name() -> None:
    with pytest.raises(MissingHeader, match="缺少必需的列“统一社会信用代码”"):
        _enterprise_header(["企业名称", "地址"])


def test_of_two_titles_for_one_field_the_preferred_counts_and_the_other_is_named() -> None:
    header = _enterprise_header(["企业名称", "信用代码", "生产经营地址", "注册地址"])

    assert header is not None
    assert header.title("address") == "注册地址"
    assert header.ignored == ("生产经营地址",)


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("*企业名称\n（全称）", "name"),
        ("１、单位（企业）名称", "name"),
        ("【必填】企业名称", "name"),
        ("法定代表人（负责人）", "legal_person"),
        ("法定代表人/主要负责人", "legal_person"),
        ("所属\n区县", "division_name"),
        ("县（市、区）", "division_name"),
        ("行业类别", "industry_name"),
        ("行业门类（大类）", "industry_name"),
        ("联系电话（手机）", "contact_phone"),
        ("经度（°）", "longitude"),
        ("★风险等级：", "risk"),
    ],
)
def test_a_title_is_known_in_the_dress_of_its_office(title: str, field: str) -> None:
    rest = [t for t in ("信用代码", "名称") if not (field == "name" and t == "名称")]
    header = _enterprise_header([*rest, title])

    assert header is not None
    assert header.title(field) == title.strip()


def test_a_required_column_that_stands_twice_is_refused_whatever_remark_it_carries() -> None:
    with pytest.raises(DuplicateHeader, match="A 列“企业名称”与 B 列“企业名称（必填）”是同一项"):
        _enterprise_header(["企业名称", "企业名称（必填）", "信用代码"])


def test_a_title_as_it_stands_beats_one_that_needs_a_remark_taken_off() -> None:
    header = _enterprise_header(["名称", "信用代码", "联系电话（固话）", "联系电话"])

    assert header is not None
    assert header.title("contact_phone") == "联系电话"
    assert header.passed_over == ("联系电话（固话）",)


def test_a_header_of_two_rows_is_read_as_one_below_the_sheets_titles() -> None:
    header = _enterprise_header(
        ["云湾区企业台账", "", "", "", "", "", "", "", ""],
        ["填报单位：某局", "", "", "", "", "填报日期：2026-01-05", "", "", ""],
        ["序号", "企业名称", "信用代码", "联系人", "", "安全负责人", "", "从业人数", ""],
        ["", "", "", "姓名", "电话", "姓名", "手机号码", "男", "女"],
        ["1", "甲公司", "X", "王五", "13800000001", "赵六", "13800000002", "1", "2"],
    )

    assert header is not None
    assert (header.first_row, header.row, header.place) == (3, 4, "第 3、4 行")
    assert header.titles[3:7] == ("联系人姓名", "联系人电话", "安全负责人姓名", "安全负责人电话")
    assert header.fields == {
        *("uscc", "name", "contact_name", "contact_phone", "safety_name", "safety_phone")
    }
    assert header.unknown == ("序号", "从业人数·男", "从业人数·女")


def test_groups_above_the_codes_themselves_are_a_header_of_two_rows_too() -> None:
    header = _enterprise_header(
        ["基本情况", "", "", "安全负责人", ""],
        ["名称", "信用代码", "地址", "姓名", "电话"],
    )

    assert header is not None
    assert header.row == 2
    assert header.title("safety_phone") == "安全负责人电话"


def test_the_telephone_of_one_person_is_never_taken_for_anothers() -> None:
    header = _enterprise_header(
        ["名称", "信用代码", "法定代表人", ""],
        ["", "", "姓名", "电话"],
    )

    assert header is not None
    assert header.title("legal_person") == "法定代表人姓名"
    assert header.unknown == ("法定代表人·电话",)


def test_a_row_of_data_below_a_header_is_never_its_second_row() -> None:
    header = _enterprise_header(
        ["名称", "信用代码", "联系人", "", "地址"],
        ["甲公司", "X", "王五", "厂长", "工业路"],
    )

    assert header is not None
    assert header.row == 1


def test_columns_that_belong_together_become_one_value() -> None:
    cells = [
        ("名称", "甲公司"),
        ("信用代码", "X"),
        ("联系人", "王五"),
        ("职务", "厂长"),
        ("联系电话", "13800000001"),
        ("安全员", "赵六"),
        ("行业领域", "粉尘涉爆"),
        ("是否有限空间", "是"),
        ("经度", "119.2"),
        ("纬度", "34.6"),
        ("行政区划", "320799"),
    ]

    values, problems = _read_one(
        [title for title, _ in cells],
        [cell for _, cell in cells],
    )

    assert problems == []
    assert values["contacts"] == [
        {"name": "王五", "position": "厂长", "phone": "13800000001"},
        {"name": "赵六", "position": "安全负责人", "phone": ""},
    ]
    assert values["sectors"] == ["confined_space", "dust_explosion"]
    assert (values["longitude_microdeg"], values["latitude_microdeg"]) == (119_200_000, 34_600_000)
    assert (values["division"], values["division_name"]) == ("320799", None)


@pytest.mark.parametrize(
    ("longitude", "latitude", "problem"),
    [
        ("34.6", "119.2", "经度：经度和纬度疑似填反"),
        ("119.2", "", "纬度：经度和纬度应同时填写"),
        ("2.35", "48.85", "经度：坐标不在我国境内"),
    ],
)
def test_coordinates_that_cannot_be_are_refused(
    longitude: str, latitude: str, problem: str
) -> None:
    titles = ["名称", "信用代码", "经度", "纬度"]

    assert _read_one(titles, ["甲", "X", longitude, latitude])[1] == [problem]


def test_all_that_is_wrong_with_a_row_is_named_at_once() -> None:
    _, problems = _read_one(["名称", "信用代码", "风险等级", "信用等级"], ["", "X", "紫", "E"])

    assert [problem.split("：")[0] for problem in problems] == ["名称", "风险等级", "信用等级"]


def test_a_short_row_is_read_as_if_blanks_followed() -> None:
    values, problems = _read_one(["名称", "信用代码", "地址", "标签"], ["甲公司", "X"])

    assert problems == []
    assert (values["address"], values["sectors"]) == (None, [])


def _officer(titles: list[str], cells: list[str]) -> tuple[dict[str, Any], list[str]]:
    header = find_header([(1, titles)], OFFICERS, "")
    assert header is not None
    values, problems = _read(header, cells)
    problems = problems or officers.Assembler(header, "云湾区应急管理局").assemble(values)
    return values, [f"{problem.title}：{problem.reason}" for problem in problems]


def test_an_officer_without_a_unit_belongs_to_the_authority() -> None:
    values, problems = _officer(
        ["姓名", "执法证号", "有效期", "科室"], ["王五", "3207001", "2023-01-01至2028-12-31", ""]
    )

    assert problems == []
    assert values["unit"] == "云湾区应急管理局"
    assert (values["cert_valid_from"], values["cert_valid_to"]) == (
        date(2023, 1, 1),
        date(2028, 12, 31),
    )


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        ("2028-01-01", "2023-01-01", "有效期止：有效期止 2023-01-01 早于有效期起 2028-01-01"),
        ("", "2028-01-01", "有效期起：必填，不能为空"),
        ("2023-01-01", "", "有效期止：必填，不能为空"),
    ],
)
def test_a_certificate_needs_a_period_that_runs_forwards(
    first: str, last: str, problem: str
) -> None:
    titles = ["姓名", "执法证号", "有效期起", "有效期止"]

    assert _officer(titles, ["王五", "3207001", first, last])[1] == [problem]


def test_recusals_are_codes_with_optional_reasons() -> None:
    values, problems = _officer(
        ["姓名", "执法证号", "有效期", "回避"],
        [
            "王五",
            "3207001",
            "2023-01-01至2028-12-31",
            "91320799MA0000001X（配偶 任职）；91320799MA0000002X",
        ],
    )

    assert problems == []
    assert [uscc for uscc, _ in values["recusals"]] == ["91320799MA0000001X", "91320799MA0000002X"]
    assert values["recusals"][1][1] == ""
    assert "配偶" in values["recusals"][0][1]
