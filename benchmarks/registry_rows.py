"""Rows of an invented registry, shaped like a real one, with valid check digits."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from stdnum.cn import uscc

HEADER = [
    *("企业名称", "统一社会信用代码", "法定代表人", "注册地址", "地区", "行政区划代码", "行业代码"),
    *("经营范围", "行业领域", "风险等级", "信用等级", "标准化等级", "重点企业", "经营状态"),
    *("经度", "纬度", "坐标系", "联系人", "联系人职务", "联系电话"),
]

_SCOPES = (
    "许可项目：危险化学品生产；一般项目：化工产品销售（不含许可类化工产品）；货物进出口",
    "一般项目：金属制品研发；金属结构制造；五金产品批发；机械零件、零部件加工；普通机械设备安装服务",
    "食品生产；食品销售；冷库仓储服务（除危险化学品）",
    "家具制造；木材加工；家具销售；室内装饰",
)
_TAGS = ("", "粉尘涉爆", "有限空间", "粉尘涉爆、有限空间", "液氨制冷", "金属冶炼", "危险化学品")
_RISK, _PHONE = HEADER.index("风险等级"), HEADER.index("联系电话")
_OTHER_RISK = dict(zip("红橙黄蓝", "橙黄蓝红", strict=True))


def rows(count: int, changed_every: int = 0, seed: int = 1) -> Iterator[list[str]]:
    """
    Yield `count` enterprises, no two with the same code.

    With `changed_every` = n, each n-th has another risk colour and telephone than without.
    """
    chance = random.Random(seed)
    for number in range(count):
        body = f"91320799MA{number:07d}"
        town = f"港城{chance.randrange(12) + 1}街道"
        row = [
            f"云湾区{chance.choice('恒盛锦华瑞丰')}{number}号金属制品有限公司",
            body + uscc.calc_check_digit(body),
            chance.choice("赵钱孙李周吴郑王") + chance.choice("一二三四五六七"),
            f"云湾区{town}工业园{chance.randrange(999)}号",
            town,
            "320799",
            f"C33{chance.randrange(10, 99)}",
            chance.choice(_SCOPES),
            chance.choice(_TAGS),
            chance.choice("红橙黄蓝"),
            chance.choice("ABCD"),
            chance.choice(("一级", "二级", "三级", "无")),
            chance.choice("是否"),
            "在营",
            f"119.{chance.randrange(10**6):06d}",
            f"34.{chance.randrange(10**6):06d}",
            "CGCS2000",
            chance.choice("冯陈褚卫") + "某",
            "安全员",
            f"1380000{chance.randrange(10**4):04d}",
        ]
        if changed_every and number % changed_every == 0:
            row[_RISK] = _OTHER_RISK[row[_RISK]]
            row[_PHONE] = row[_PHONE].replace("138", "139", 1)
        yield row


def write_csv(path: Path, count: int, changed_every: int = 0) -> None:
    """Write the rows as UTF-8 with a byte order mark, as Excel does."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count, changed_every))


def write_xlsx(path: Path, count: int, changed_every: int = 0) -> None:
    """Write the rows with shared strings, as Excel and WPS do."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("企业名录")
    sheet.write_row(0, 0, HEADER)
    for number, row in enumerate(rows(count, changed_every), start=1):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
