"""The columns of 检查对象名录库 and how a row of them becomes an enterprise."""

from collections.abc import Callable, Mapping
from typing import Any

from inspect_server.domain.enums import (
    Credit,
    EnterpriseStatus,
    Risk,
    Standardisation,
)
from inspect_server.domain.registry import values as v
from inspect_server.domain.registry.cells import Unreadable
from inspect_server.domain.registry.headers import Column, Header, Problem, title_table
from inspect_server.domain.registry.industries import industry_name
from inspect_server.domain.registry.values import Memo, Reader

NAME, PERSON, ADDRESS, PLACE, SCOPE, POSITION, REASON = 200, 100, 500, 100, 20_000, 100, 200
"""Longest texts in characters, as wide as the table's columns."""

DEFAULTS: Mapping[str, Any] = {
    "legal_person": None,
    "address": None,
    "division": None,
    "division_name": None,
    "industry_code": None,
    "business_scope": None,
    "sectors": [],
    "risk": Risk.UNKNOWN,
    "credit": Credit.UNKNOWN,
    "standardisation": Standardisation.NONE,
    "is_key": False,
    "status": EnterpriseStatus.OPERATING,
    "longitude_microdeg": None,
    "latitude_microdeg": None,
    "datum": None,
    "contacts": [],
    "recusal": None,
}
"""What a new enterprise has where the file has no such column."""

INFERRED = ("division", "industry_code")
"""Fields that may be found from a name where a row has no code of its own."""

FIELDS = ("uscc", "name", *DEFAULTS)

# 中国版图, with a margin; beyond it the numbers are swapped or mistyped.
_LONGITUDES = range(73_000_000, 136_000_000)
_LATITUDES = range(3_000_000, 54_000_000)

_TAG = "sector:"

CodeOf = Callable[[str], str | None]


TITLES = title_table("""
    uscc              统一社会信用代码 信用代码 社会信用代码 统一信用代码 信用代码证号 统一代码
    uscc              USCC 统一社会信用代码证号 企业统一社会信用代码 单位统一社会信用代码
    uscc              企业信用代码 统一社会信用码
    name              企业名称 单位名称 名称 企业（单位）名称 生产经营单位名称 公司名称
    name              市场主体名称 检查对象名称 企业全称 单位全称 法人单位名称 经营主体名称
    name              被检查单位名称 被检查单位 企业名 主体名称
    legal_person      法定代表人 法人代表 法人 法人姓名 法定代表人姓名 法人代表姓名 负责人
    legal_person      主要负责人 企业法人 企业负责人 单位负责人 主要负责人姓名
    address           注册地址 地址 生产经营地址 住所 企业地址 单位地址 详细地址 经营地址 生产地址
    address           经营场所 注册地 企业注册地址 实际经营地址 实际生产经营地址 生产经营场所
    address           生产经营场所地址 登记地址 住所地 单位详细地址 所在地址
    division          行政区划代码 区划代码 地区代码 行政区划编码 所属区划代码 区划编码 行政区代码
    division          所属行政区划代码 区县代码 县区代码
    division_name     地区 所属区域 行政区划 所属地区 所在地区 所在区域 所属区县 所属行政区划
    division_name     行政区域 行政区 区县 县区 县（市、区） 区（市、县） 市（县、区） 所属县区
    division_name     所在区县 所在县区 县市区 所属县市区 属地 辖区 所属辖区 所属板块 板块
    division_name     所属街道 所属乡镇 所属镇街 镇街 街道 乡镇 乡镇街道 所在街道 所在乡镇
    industry_code     行业代码 国民经济行业分类代码 国民经济行业代码 行业分类代码 行业类别代码
    industry_code     行业小类代码 行业编码
    industry_name     行业类别 所属行业 国民经济行业 国民经济行业分类 国民经济行业类别 行业 行业名称
    industry_name     行业分类 行业大类 行业小类 行业门类 所属行业类别 所属行业门类
    business_scope    经营范围 主要经营范围 经营业务范围 业务范围 许可经营范围
    sectors           行业领域 标签 行业标签 行业领域标签 重点领域 监管领域 重点行业领域
    sectors           专项领域 监管标签
    risk              风险等级 风险级别 风险分级 安全风险等级 风险颜色 四色等级 企业风险等级
    risk              安全风险分级 安全风险级别 风险分级等级 红橙黄蓝等级 风险四色等级
    credit            信用等级 信用级别 信用评级 安全信用等级 安全生产信用等级 企业信用等级
    standardisation   标准化等级 安全生产标准化等级 标准化级别 安全标准化等级 标准化达标等级 标准化
    standardisation   标准化达标级别 安全生产标准化级别 安全生产标准化达标等级
    is_key            重点企业 是否重点企业 是否重点 重点检查企业 重点监管企业 重点检查单位
    is_key            是否重点检查企业 是否为重点企业 是否重点监管企业
    status            经营状态 企业状态 生产状态 登记状态 状态 运行状态 生产经营状态
    recusal           本机关回避 本机关回避原因 整体回避 整体回避原因 机关回避 机关回避原因
    longitude         经度 东经 经度坐标 LNG LONGITUDE
    latitude          纬度 北纬 纬度坐标 LAT LATITUDE
    datum             坐标系 坐标系统 坐标类型
    contact_name      联系人 联系人姓名 企业联系人 联系人员
    contact_position  联系人职务 职务
    contact_phone     联系电话 联系人电话 电话 联系方式 手机 手机号 手机号码 联系人手机 企业电话
    contact_phone     联系人手机号 联系人手机号码 联系人联系电话 联系人联系方式 移动电话 电话号码
    contact_phone     固定电话 办公电话
    safety_name       安全负责人 安全管理人员 安全员 分管安全负责人 安全管理员 安全负责人姓名
    safety_name       安全管理负责人 专职安全员 安全管理人员姓名
    safety_phone      安全负责人电话 安全管理人员电话 安全员电话 分管安全负责人电话 安全负责人手机
    safety_phone      安全负责人联系电话 安全负责人手机号 安全管理人员联系电话 安全员手机
""")
"""What offices call each field; where several stand in one file, the earlier one counts."""


def columns(check_uscc: Callable[[str], str]) -> tuple[Column, ...]:
    """
    Return all columns.

    Args:
        check_uscc: Returns a 统一社会信用代码 in its plain form, or raises ValueError with the
            Chinese reason (the check itself is a library's, and this layer knows none).
    """
    readers: dict[str, Reader] = {
        "uscc": check_uscc,
        "name": v.required(v.text(NAME)),
        "legal_person": v.text(PERSON),
        "address": v.text(ADDRESS),
        "business_scope": v.text(SCOPE),
        "longitude": v.microdegrees,
        "latitude": v.microdegrees,
        "contact_name": v.text(PERSON),
        "contact_phone": v.phone,
        "safety_name": v.text(PERSON),
        "safety_phone": v.phone,
    }
    repeating: dict[str, Reader] = {
        "division": v.division,
        "division_name": v.text(PLACE),
        "industry_code": v.industry,
        "industry_name": industry_name,
        "sectors": v.sectors,
        "risk": v.risk,
        "credit": v.credit,
        "standardisation": v.standardisation,
        "is_key": v.yes,
        "status": v.status,
        "recusal": _recusal,
        "datum": v.datum,
        "contact_position": v.text(POSITION),
    }
    required = ("uscc", "name")
    listed = [Column(f, TITLES[f], read, f in required) for f, read in readers.items()]
    listed += [Column(f, TITLES[f], read, repeats=True) for f, read in repeating.items()]
    # Some files tick each 行业领域 in a column of its own.
    listed += [
        Column(_TAG + sector.value, _tag_titles(names), v.yes, repeats=True)
        for sector, names in v.SECTOR_WORDS.items()
    ]
    return tuple(listed)


def _recusal(cell: str) -> str | None:
    """Read why the bureau as a whole may not check an enterprise; by a blank or 否 it may."""
    reason = v.text(REASON)(cell)
    try:
        said = v.yes(cell)
    except Unreadable:
        return reason
    if said:
        raise Unreadable("应写明回避原因，如：本机关下属单位；无须回避的留空")
    return None


def _tag_titles(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(title for name in names for title in (name, f"是否{name}", f"是否涉及{name}"))


class Assembler:
    """Turn the cells of one file's rows into enterprises: what several columns say together."""

    def __init__(self, header: Header, code_of: CodeOf = lambda _: None) -> None:
        """`code_of` gives the division code of a place's name, None where it has none."""
        fields = header.fields
        self._by_name = "division_name" in fields
        self._places: Memo[tuple[str | None, str | None]] = Memo(lambda name: _place(name, code_of))
        self._industries = "industry_name" in fields
        self._title = header.title
        self._tags = [field for field in sorted(fields) if field.startswith(_TAG)]
        self._sectors = "sectors" in fields
        self._place = bool(fields & {"longitude", "latitude"})
        self._contacts = bool(
            fields & {"contact_name", "contact_position", "contact_phone"}
            or fields & {"safety_name", "safety_phone"}
        )

    def assemble(self, values: dict[str, Any]) -> list[Problem]:
        """
        Replace column values by field values in place; return what does not fit together.

        A field of `INFERRED` that the file says by name only is left out where the name says
        nothing, so that what is stored stays.
        """
        if self._tags:
            self._join_tags(values)
        if self._contacts:
            values["contacts"] = _contacts(values)
        if self._by_name and (name := values["division_name"]):
            code, values["division_name"] = self._places[name]
            if code and not values.get("division"):
                values["division"] = code
        if self._industries and (code := values.pop("industry_name")):
            values["industry_code"] = values.get("industry_code") or code
        return self._coordinates(values) if self._place else []

    def contradictions(self, values: dict[str, Any]) -> list[Problem]:
        """Return what does not fit together among the readable values of a row with others."""
        if values.get("longitude") is None or values.get("latitude") is None:
            return []
        return self._coordinates(values)

    def _join_tags(self, values: dict[str, Any]) -> None:
        flagged = [field.removeprefix(_TAG) for field in self._tags if values.pop(field)]
        listed = values["sectors"] if self._sectors else []
        values["sectors"] = sorted({*listed, *flagged})

    def _coordinates(self, values: dict[str, Any]) -> list[Problem]:
        longitude, latitude = values.pop("longitude", None), values.pop("latitude", None)
        values["longitude_microdeg"], values["latitude_microdeg"] = longitude, latitude
        if longitude is None and latitude is None:
            return []
        if longitude is None or latitude is None:
            absent = "longitude" if longitude is None else "latitude"
            return [Problem(self._named(absent), "经度和纬度应同时填写")]
        if longitude in _LONGITUDES and latitude in _LATITUDES:
            return []
        if longitude in _LATITUDES and latitude in _LONGITUDES:
            return [Problem(self._named("longitude"), "经度和纬度疑似填反")]
        return [Problem(self._named("longitude"), "坐标不在我国境内")]

    def _named(self, field: str) -> str:
        return {"longitude": "经度", "latitude": "纬度"}.get(self._title(field), self._title(field))


def _place(name: str, code_of: CodeOf) -> tuple[str | None, str | None]:
    """Return the code and the name: 行政区划 holds the one in some files, the other in others."""
    return (name, None) if v.is_division_code(name) else (code_of(name), name)


def _contacts(values: dict[str, Any]) -> list[dict[str, str]]:
    name, phone = values.pop("contact_name", None), values.pop("contact_phone", None)
    position = values.pop("contact_position", None)
    safety, safety_phone = values.pop("safety_name", None), values.pop("safety_phone", None)
    contacts = []
    if name or phone:
        contacts.append({"name": name or "", "position": position or "", "phone": phone or ""})
    if safety or safety_phone:
        contacts.append(
            {"name": safety or "", "position": "安全负责人", "phone": safety_phone or ""}
        )
    return contacts
