"""Cleaning and reading single cells."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspect_server.domain.enums import Credit, EnterpriseStatus, Risk, Sector, Standardisation
from inspect_server.domain.registry import values
from inspect_server.domain.registry.cells import BLANKS, Unreadable, code, tidy
from inspect_server.domain.registry.industries import industry_name


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  云湾区恒盛公司\u3000", "云湾区恒盛公司"),
        ("王　五", "王五"),
        ("ＡＢ１２公司（盛）", "AB12公司（盛）"),
        ("Acme  Metal 公司", "Acme Metal 公司"),
        ("\ufeff零宽\u200b字符", "零宽字符"),
        ("第一行\n第二行", "第一行第二行"),
        ("'91320799", "91320799"),
        ("'=1+1", "=1+1"),
        ("N/A", ""),
        ("ｎ／ａ", ""),
        ("——", ""),
        ("无", ""),
        ("／", ""),
        ("无锡公司", "无锡公司"),
    ],
)
def test_a_cell_keeps_what_was_meant(written: str, kept: str) -> None:
    assert tidy(written) == kept


def test_control_characters_are_refused_because_no_database_keeps_them() -> None:
    with pytest.raises(Unreadable, match="控制字符"):
        tidy("公司\x00名称")


# Texts as offices mix them: full-width forms, odd spaces, stand-ins for nothing, quotes.
_written = st.text(alphabet="王公司Ａａ０5 \u3000\t\n'=-/无（）N\u200b\xa0", max_size=12)


@settings(max_examples=200, deadline=None)
@given(_written)
def test_cleaning_twice_changes_nothing_more(written: str) -> None:
    once = tidy(written)

    # A mark of text in front of a stand-in for nothing is the one thing that a second look drops.
    assert tidy(once) in (once, "") or once.startswith("'")
    assert once == once.strip()


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(BLANKS)), st.sampled_from(["", " ", "\u3000", "\ufeff"]))
def test_every_stand_in_for_nothing_is_blank_however_it_is_padded(blank: str, pad: str) -> None:
    assert tidy(pad + blank.upper() + pad) == ""


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=18))
def test_a_code_is_the_same_in_full_width_small_letters_and_with_spaces(plain: str) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in plain)

    assert code(wide) == code(plain.lower()) == code(f" {plain[:4]} {plain[4:]}\u3000") == plain


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (values.risk, "红色", Risk.RED),
        (values.risk, "较大风险", Risk.ORANGE),
        (values.risk, "Ⅲ级", Risk.YELLOW),
        (values.risk, "4", Risk.BLUE),
        (values.risk, "", Risk.UNKNOWN),
        (values.credit, "ａ级", Credit.A),
        (values.credit, "/", Credit.UNKNOWN),
        (values.standardisation, "二级", Standardisation.SECOND),
        (values.standardisation, "无", Standardisation.NONE),
        (values.status, "存续（在营、开业、在册）", EnterpriseStatus.OPERATING),
        (values.status, "停产", EnterpriseStatus.STOPPED),
        (values.status, "注销", EnterpriseStatus.CLOSED),
        (values.yes, "√", True),
        (values.yes, "否", False),
        (values.yes, "", False),
        (values.division, "320799", "320799"),
        (values.division, "320799001002", "320799001002"),
        (values.division, "", None),
        (values.industry, "c3311", "C3311"),
        (values.industry, "3311 金属结构制造", "C3311"),
        (values.industry, "0111", "A0111"),
        (values.industry, "97", "T97"),
        (values.industry, "C", "C"),
        (values.industry, "C3311-金属结构制造", "C3311"),
        (values.microdegrees, "119.2215", 119_221_500),
        (values.microdegrees, "119.221500", 119_221_500),
        (values.microdegrees, "119°13′17.4″", 119_221_500),
        (values.datum, "wgs84", "WGS-84"),
        (values.datum, "2000国家大地坐标系", "CGCS2000"),
        (values.phone, "0518-85550000", "0518-85550000"),
        (values.phone, "１３８０００００００１／8555000", "13800000001/8555000"),
        (values.day, "2026/3/1", date(2026, 3, 1)),
        (values.day, "2026年3月1日", date(2026, 3, 1)),
        (values.day, "20260301", date(2026, 3, 1)),
        (values.day, "2026-03-01 00:00:00", date(2026, 3, 1)),
        (values.day, "46082", date(2026, 3, 1)),
        (values.day, "46082.5", date(2026, 3, 1)),
        (values.phone, "13800000001.0", "13800000001"),
        (values.phone, "1.3800000001E+10", "13800000001"),
        (values.division, "320706.0", "320706"),
        (industry_name, "C3311 金属结构制造", "C3311"),
        (industry_name, "农、林、牧、渔业", "A"),
        (industry_name, "金属制品业", None),
    ],
)
def test_a_cell_is_read_in_its_usual_spellings(
    read: values.Reader, cell: str, value: object
) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "reason"),
    [
        (values.risk, "紫", "应为：红、橙、黄、蓝"),
        (values.credit, "E", "应为：A、B、C、D"),
        (values.yes, "大概", "应为：是、否"),
        (values.sectors, "粉尘涉爆、烟花", "不认识的行业领域标签“烟花”"),
        (values.division, "99", "GB/T 2260"),
        (values.division, "993207", "GB/T 2260"),
        (values.industry, "金属", "GB/T 4754"),
        (values.industry, "A3311", "A3311"),
        (values.industry, "99", "99"),
        (values.industry, "0001", "0001"),
        (values.microdegrees, "东经一百度", "无法识别的经纬度"),
        (values.microdegrees, "1e9", "180"),
        (values.microdegrees, "nan", "180"),
        (values.datum, "BD-09", "换算"),
        (values.phone, "见附件", "不像电话"),
        (values.phone, "1.38E+10", "科学计数"),
        (values.day, "2026-02-30", "没有“2026-02-30”这一天"),
        (values.day, "长期", "无法识别的日期"),
        (values.text(5), "一二三四五六", "最多 5 字"),
        (values.required(values.text(5)), " N/A ", "必填"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(read: values.Reader, cell: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(cell)

    assert reason in str(refused.value)


def test_sector_tags_come_sorted_each_once_whatever_separates_them() -> None:
    read = values.sectors("有限空间、粉尘涉爆，危化品/受限空间；液氨制冷企业")

    assert read == sorted(
        [Sector.CONFINED_SPACE, Sector.DUST, Sector.HAZARDOUS_CHEMICALS, Sector.AMMONIA]
    )


def test_every_sector_has_its_words() -> None:
    assert set(values.SECTOR_WORDS) == set(Sector)


def test_leave_is_read_as_day_ranges_with_reasons() -> None:
    read = values.periods("2026-05-01～2026.5.3；2026年3月1日至2026年3月5日（年休假）、20260701")

    assert read == [
        (date(2026, 3, 1), date(2026, 3, 5), "年休假"),
        (date(2026, 5, 1), date(2026, 5, 3), ""),
        (date(2026, 7, 1), date(2026, 7, 1), ""),
    ]


@pytest.mark.parametrize("cell", ["2026-03-05至2026-03-01", "三月上旬", "2026-03-01至今"])
def test_leave_that_cannot_be_read_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable):
        values.periods(cell)


def test_a_memo_never_remembers_a_refusal_and_is_bounded() -> None:
    asked: list[str] = []

    def read(cell: str) -> str:
        asked.append(cell)
        if cell == "坏":
            raise Unreadable("坏")
        return cell

    memo = values.Memo(read)
    for cell in ["好", "好", *map(str, range(5000))]:
        memo[cell]
    for _ in range(2):
        with pytest.raises(Unreadable):
            memo["坏"]

    assert asked.count("好") == 1
    assert asked.count("坏") == 2
    assert len(memo) == 4096
