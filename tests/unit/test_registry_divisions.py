"""From the names of places to their codes."""

import pytest
from stdnum import numdb

from inspect_server.domain.registry.divisions import By, Divisions, one_code_each, table

YUNWAN = Divisions("320799", "江苏省连云港市云湾区应急管理局")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("云湾区", "320799"),
        ("江苏省连云港市云湾区", "320799"),
        ("海州区", "320706"),
        ("海州", "320706"),
        ("连云港市 / 海州区", "320706"),
        ("海州区新海街道", "320706"),
        ("苏州昆山", "320583"),
        ("南京市鼓楼区", "320106"),
        ("海淀区", "110108"),
        ("连云港市", "320700"),
        ("江苏省", "320000"),
        ("上海市浦东新区", "310115"),
        ("吉林省吉林市", "220200"),
    ],
)
def test_a_place_is_found_however_its_office_writes_it(name: str, code: str) -> None:
    assert YUNWAN.find(name) == (code, By.NAME)


@pytest.mark.parametrize("name", ["鼓楼区", "朝阳区", "市辖区", "开发区", "赣榆县", "某某新城"])
def test_a_name_that_may_mean_several_places_or_none_stays_open(name: str) -> None:
    assert YUNWAN.find(name) is None


def test_a_shared_name_is_the_one_in_the_bureaus_own_jurisdiction() -> None:
    xuzhou = Divisions("320300", "徐州市应急管理局")
    nanjing = Divisions("320106", "南京市鼓楼区应急管理局")

    assert xuzhou.find("鼓楼区") == ("320302", By.NAME)
    assert nanjing.find("鼓楼区") == ("320106", By.NAME)
    assert Divisions("320000", "江苏省应急管理厅").find("鼓楼区") is None
    assert Divisions().find("鼓楼区") is None


def test_a_town_alone_is_taken_for_the_own_one_by_a_countys_bureau_only() -> None:
    assert YUNWAN.find("东区街道") == ("320799", By.BUREAU)
    assert Divisions("320700", "连云港市应急管理局").find("东区街道") is None
    assert Divisions().find("东区街道") is None


def test_the_registrys_own_codes_come_first() -> None:
    learned = one_code_each(
        iter([("开发区", "320771001"), ("开发区", "320771002"), ("园区", "1"), ("园区", "2")])
    )

    assert learned == {"开发区": "320771"}
    assert Divisions("320799", "", learned).find("开发区") == ("320771", By.NAME)


def test_the_table_agrees_with_the_one_of_python_stdnum() -> None:
    """Two lists made apart from each other; a few counties were renamed between their dates."""
    known = numdb.get("cn/loc")
    differing = []
    for place in table():
        if place.code.endswith("00"):
            continue
        properties: dict[str, str] = {}
        for _, found in known.info(place.code):
            properties |= found
        if place.name not in properties.get("county", ""):
            differing.append(place.code)

    assert len(table()) == 3213
    assert [place.code for place in table()] == sorted({place.code for place in table()})
    assert len(differing) <= 10
