"""The types of XLSForm questions: what each is here, what is left out, and what to use instead."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache

from forms.model import Kind

TYPES: Mapping[str, Kind] = {
    name: kind
    for kind, names in {
        Kind.TEXT: ("text", "string", "q string", "add text prompt"),
        Kind.INTEGER: ("integer", "int", "q int", "add integer prompt"),
        Kind.DECIMAL: ("decimal", "q decimal", "add decimal prompt"),
        Kind.RANGE: ("range",),
        Kind.DATE: ("date", "q date", "add date prompt"),
        Kind.TIME: ("time",),
        Kind.MOMENT: (
            "dateTime",
            "datetime",
            "date time",
            "q dateTime",
            "q date time",
            "add dateTime prompt",
            "add date time prompt",
        ),
        Kind.PHOTO: (
            "image",
            "photo",
            "q image",
            "q picture",
            "add image prompt",
            "add photo prompt",
        ),
        Kind.AUDIO: ("audio", "q audio", "add audio prompt"),
        Kind.VIDEO: ("video", "q video", "add video prompt"),
        Kind.FILE: ("file", "add file prompt"),
        Kind.LOCATION: (
            "geopoint",
            "gps",
            "location",
            "q geopoint",
            "q location",
            "add location prompt",
        ),
        Kind.BARCODE: ("barcode", "q barcode", "add barcode prompt"),
        Kind.ACKNOWLEDGE: ("acknowledge", "trigger", "q acknowledge", "add acknowledge prompt"),
        Kind.NOTE: ("note", "q note", "add note prompt"),
        Kind.CALCULATE: ("calculate", "q calculate", "add calculate prompt"),
        Kind.HIDDEN: ("hidden",),
        Kind.START: ("start", "start time", "get start time"),
        Kind.END: ("end", "end time", "get end time"),
        Kind.TODAY: ("today", "get today"),
        Kind.DEVICE: ("deviceid", "imei", "device id", "get device id", "uri:deviceid"),
        Kind.USER: ("username", "uri:username"),
        Kind.PHONE_NUMBER: ("phonenumber", "get phone number", "uri:phonenumber"),
        Kind.EMAIL: ("email", "uri:email"),
    }.items()
    for name in names
}

CONSTRAINED: Mapping[str, tuple[Kind, str]] = {
    "percentage": (Kind.INTEGER, "0 <= . and . <= 100"),
    "phone number": (Kind.TEXT, r"regex(., '^\d*$')"),
    "number of days in last month": (Kind.INTEGER, "0 <= . and . <= 31"),
    "number of days in last six months": (Kind.INTEGER, "0 <= . and . <= 183"),
    "number of days in last year": (Kind.INTEGER, "0 <= . and . <= 365"),
}
"""Types that bring a constraint of their own, which one in the row replaces."""

LEFT_OUT = frozenset(
    {
        "audit",
        "background-audio",
        "start-geopoint",
        "simserial",
        "sim id",
        "get sim id",
        "uri:simserial",
        "subscriberid",
        "subscriber id",
        "get subscriber id",
        "uri:subscriberid",
    }
)
"""What phones would note by themselves and the record of a visit has anyway, or nobody needs."""

SELECTS: Mapping[str, Kind] = {
    "select_one": Kind.SELECT_ONE,
    "select one": Kind.SELECT_ONE,
    "select1": Kind.SELECT_ONE,
    "select one from": Kind.SELECT_ONE,
    "add select one prompt using": Kind.SELECT_ONE,
    "select_multiple": Kind.SELECT_MULTIPLE,
    "select all that apply": Kind.SELECT_MULTIPLE,
    "select all that apply from": Kind.SELECT_MULTIPLE,
    "add select multiple prompt using": Kind.SELECT_MULTIPLE,
}

SELECT = re.compile(
    rf"(?P<command>{'|'.join(sorted(SELECTS, key=len, reverse=True))}) (?P<list>\S+)"
    r"(?P<other> (or specify other|or_other|or other))?"
)
BEGIN = re.compile(
    r"begin[\s_](?P<what>group|lgroup|repeat|loop|looped group)( (over )?(?P<list>\S+))?"
)
END = re.compile(r"end[\s_](?P<what>group|lgroup|repeat|loop|looped group)")
REPEATS = frozenset({"lgroup", "repeat", "looped group"})

_OPTIONS = "请把选项写在 choices 表中，用 select_one 或 select_multiple"
_INSTEAD = (
    (r"(q )?geo(trace|shape)", "不支持轨迹和区域，请改用 geopoint 记录位置"),
    (r"background-geopoint", "不支持随答案变化自动定位，请改用 geopoint"),
    (r"rank( .*)?", "不支持排序题，请改用 select_one 或 select_multiple"),
    (r"osm( .*)?", "不支持 OpenStreetMap 题，请改用 geopoint 记录位置"),
    (r"(xml|csv)-external", f"不支持外部数据文件，{_OPTIONS}"),
    (r"select[_ ](one|multiple)[_ ]from[_ ]file( .*)?", f"不支持外部选项文件，{_OPTIONS}"),
    (r"select[_ ]one[_ ]external( .*)?", f"不支持外部选项表，{_OPTIONS}"),
    (r"cascading[_ ]select( .*)?", f"不支持 cascading_select，{_OPTIONS}，并用 choice_filter 筛选"),
    (r"(begin|end)[\s_]loop( .*)?", "不支持 loop，请改用 begin_repeat 或逐题写出"),
    (r"include|entity|survey|group|repeat|loop", "不能作题目类型，分组请写 begin_group"),
    (r"select.*", "选择题应写成“select_one 选项表名”或“select_multiple 选项表名”"),
)


@lru_cache(maxsize=100)  # a wrong type comes again in many rows
def unsupported(written: str) -> str:
    """Return the sentence about a type that is none here."""
    for pattern, sentence in _INSTEAD:
        if re.fullmatch(pattern, written):
            return sentence
    if close := get_close_matches(written.lower(), {**TYPES, **SELECTS}, n=1, cutoff=0.7):
        return f"没有“{written}”这种类型，是否应为 {close[0]}"
    return f"没有“{written}”这种类型，请改用 text、integer、select_one 等类型"
