"""The files that a fictional district's offices would hand in, faults included."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from stdnum.cn import uscc

DIVISION = "320799"
ENTERPRISES, OFFICERS, SEED = 3200, 40, 20260302

_TOWNS = ("云湾街道", "海棠街道", "盐河镇", "东港镇", "板桥镇", "临洪镇", "开发区", "朝阳街道")
_FIRST = "鑫恒瑞华盛宏泰祥德嘉利兴安信诚润丰顺达康源凯博远卓汇"
_SECOND = "泰达源丰隆昌旺盛腾飞创新科强力峰翔宇晟辉鸿凌通和"
_TRADES = {
    # trade: (业, GB/T 4754 code, tags, share)
    "木业": ("C2110", ("粉尘涉爆",), 5),
    "铝制品": ("C3252", ("粉尘涉爆", "金属冶炼"), 2),
    "面粉": ("C1311", ("粉尘涉爆", "有限空间"), 2),
    "家具": ("C2110", ("粉尘涉爆",), 4),
    "水务": ("D4620", ("有限空间",), 3),
    "食品": ("C1353", ("液氨制冷", "有限空间"), 4),
    "冷链": ("G5910", ("液氨制冷",), 2),
    "化工": ("C2614", ("危险化学品", "有限空间"), 4),
    "纸业": ("C2221", ("有限空间",), 3),
    "铸造": ("C3391", ("金属冶炼",), 3),
    "机械": ("C3429", (), 18),
    "纺织": ("C1711", (), 10),
    "电子": ("C3982", (), 10),
    "商贸": ("F5199", (), 18),
    "物流": ("G5430", (), 8),
    "建材": ("C3039", (), 6),
}
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许邓冯韩曹"
_GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲建国志文斌晨昊瑞琳"
_UNITS = ("执法一科", "执法二科", "危化监管科", "工贸监管科")
_SPECIALTIES = ("粉尘涉爆", "有限空间", "金属冶炼", "液氨制冷", "危险化学品")

ENTERPRISE_HEADER = (
    "序号", "单位名称", "信用代码", "法人代表", "注册地址", "地区", "行政区划代码", "行业代码",
    "经营范围", "行业领域", "风险等级", "信用等级", "标准化等级", "重点企业", "经营状态",
    "经度", "纬度", "坐标系", "联系人", "联系电话",
)  # fmt: skip
OFFICER_HEADER = (
    "姓名", "执法证号", "发证日期", "有效期至", "所在科室", "专长", "可任主办", "休假", "回避企业",
    "手机号码",
)  # fmt: skip


@dataclass(frozen=True)
class RegistryFiles:
    """Where the files lie, and how many rows of them cannot be imported."""

    enterprises: Path
    enterprises_again: Path
    officers: Path
    bad_rows: int


def write_registry(folder: Path, year: int) -> RegistryFiles:
    """Write an .xlsx of enterprises, a later correction as .csv, and officers in GB18030."""
    chance = random.Random(SEED)
    rows = [_enterprise(chance, number) for number in range(ENTERPRISES)]
    folder.mkdir(parents=True, exist_ok=True)
    faults = _faults(chance, rows)
    files = RegistryFiles(
        folder / "企业名录.xlsx", folder / "企业名录更正.csv", folder / "执法人员.csv", len(faults)
    )
    _write_xlsx(files.enterprises, "检查对象名录库", ENTERPRISE_HEADER, [*rows, *faults])
    _write_csv(files.enterprises_again, ENTERPRISE_HEADER, _corrections(rows), "utf-8-sig")
    _write_csv(files.officers, OFFICER_HEADER, _officers(chance, rows, year), "gb18030")
    return files


def _enterprise(chance: random.Random, number: int) -> list[str]:
    trade = chance.choices(list(_TRADES), [share for _, _, share in _TRADES.values()])[0]
    industry, tags, _ = _TRADES[trade]
    brand = chance.choice(_FIRST) + chance.choice(_SECOND) + chance.choice(_SECOND)
    town = chance.choice(_TOWNS)
    hazardous = bool(tags)
    return [
        str(number + 1),
        f"云湾{brand}{trade}{'有限公司' if number % 7 else '（集团）有限公司'}",
        _code(chance),
        _person(chance),
        f"云湾区{town}{_street(chance)}{chance.randint(1, 399)}号",
        town,
        DIVISION,
        industry,
        f"{trade}生产、加工、销售；\n仓储服务（不含危险品）" if number % 5 else f"{trade}制造",
        "、".join(tags) if tags else "",
        chance.choices("红橙黄蓝", (4, 16, 40, 40) if hazardous else (0, 3, 27, 70))[0],
        chance.choices("ABCD", (25, 50, 20, 5))[0],
        chance.choices(("一级", "二级", "三级", "未定级"), (1, 6, 38, 55))[0],
        "是" if hazardous and chance.random() < 0.07 else "否",
        chance.choices(("在营", "停业", "注销"), (95, 4, 1))[0],
        f"{119.15 + chance.random() * 0.25:.6f}",
        f"{34.55 + chance.random() * 0.2:.6f}",
        "WGS84",
        _person(chance),
        f"1{chance.choice('35789')}{chance.randrange(10**9):09d}" if number % 9 else "N/A",
    ]


def _street(chance: random.Random) -> str:
    return f"{chance.choice('兴振创港')}{chance.choice('业华工园')}路"


def _code(chance: random.Random) -> str:
    """Return a 统一社会信用代码 with both check digits right (GB 32100-2015, GB 11714-1997)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "MA" + "".join(chance.choice(alphabet) for _ in range(6))
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(w * int(c, 36) for w, c in zip(weights, body, strict=True))
    organisation = body + "0123456789X"[(11 - total % 11) % 11]
    if organisation.endswith(
        "X"
    ):  # X is an organisation's check character but no letter of GB 32100
        return _code(chance)
    front = f"91{DIVISION}{organisation}"
    return front + str(uscc.calc_check_digit(front))


def _person(chance: random.Random) -> str:
    given = "".join(chance.choice(_GIVEN) for _ in range(chance.choice((1, 2, 2))))
    return chance.choice(_SURNAMES) + given


def _faults(chance: random.Random, rows: list[list[str]]) -> list[list[str]]:
    """Return rows as offices hand them in by mistake, each for one reason."""

    def faulty(**changes: str) -> list[str]:
        row = _enterprise(chance, ENTERPRISES)
        for title, value in changes.items():
            row[ENTERPRISE_HEADER.index(title)] = value
        return row

    right = _code(chance)
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    return [
        faulty(信用代码=wrong),
        faulty(信用代码=""),
        faulty(单位名称="N/A"),
        faulty(行业领域="粉尘涉爆、核设施"),
        faulty(风险等级="紫"),
        faulty(经度="34.6", 纬度="119.2"),
        faulty(信用代码=rows[0][2]),
        faulty(重点企业="可能"),
    ]


def _corrections(rows: list[list[str]]) -> list[list[str]]:
    """Return a few rows typed again elsewhere: full-width digits, a new address and risk."""
    again = []
    for row in rows[10:30]:
        changed = list(row)
        changed[ENTERPRISE_HEADER.index("注册地址")] = row[4].replace("号", "号（搬迁后）")
        changed[ENTERPRISE_HEADER.index("信用代码")] = "".join(
            chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in row[2]
        )
        changed[ENTERPRISE_HEADER.index("风险等级")] = " 橙色 "
        again.append(changed)
    return again


def _officers(chance: random.Random, rows: list[list[str]], year: int) -> list[list[str]]:
    officers = []
    for number in range(OFFICERS):
        specialties = chance.sample(_SPECIALTIES, chance.randint(2, 4))
        officers.append(
            [
                _person(chance),
                f"{DIVISION}{year % 100:02d}{number + 1:04d}",
                f"{year - 3}-03-01",
                f"{year - 1}年12月31日" if number == OFFICERS - 1 else f"{year + 2}-02-28",
                _UNITS[number % len(_UNITS)],
                "、".join(specialties),
                "否" if number % 4 == 3 else "是",
                f"{year}-01-01至{year}-12-31" if number == OFFICERS - 2 else "",
                rows[chance.randrange(ENTERPRISES)][2] if number % 5 == 0 else "",
                f"139{number:08d}",
            ]
        )
    return officers


def _write_xlsx(path: Path, title: str, header: tuple[str, ...], rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名录")
        sheet.write_string(0, 0, title)
        for index, row in enumerate([list(header), *rows], start=1):
            for column, text in enumerate(row):
                sheet.write_string(index, column, text)


def _write_csv(path: Path, header: tuple[str, ...], rows: list[list[str]], encoding: str) -> None:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
