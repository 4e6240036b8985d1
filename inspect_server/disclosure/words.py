"""What the public pages say for codes and numbers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint

from inspect_server.domain.disclosure import FILE_NAMES, RESULT_NAMES, Result
from inspect_server.domain.draw.ceremony.lateness import is_late
from inspect_server.domain.draw.ceremony.words import place_name
from inspect_server.domain.draw.entropy import KIND_NAMES, PUBLISHED
from inspect_server.domain.draw.replacement.requests import REASON_NAMES
from inspect_server.domain.draw.replacement.void import VOID_NAMES
from inspect_server.domain.plan import EXCLUSIONS, cell_name, exact_decimal, in_display, odds
from inspect_server.domain.plan.words import RISKS, SECTOR_NAMES
from inspect_server.web.begin import backend

MIMES: Mapping[str, str] = {
    "all.zip": "application/zip",
    "certificate.json": "application/json",
    "openings.json": "application/json",
    "keys.json": "application/json",
    "witness-keys.json": "application/json",
    "pool.txt": "text/plain",
    "excluded.txt": "text/plain",
    "eligibility.txt": "text/plain",
}
CHAIN_KINDS = {"authority": "本机关链", "witness": "见证方链"}
CREDITS = {"A": "A级", "B": "B级", "C": "C级", "D": "D级", "unknown": "未评级"}
RECENCIES = {"never": "未检查过", "earlier": "以前检查过", "recent": "近期检查过"}
GRADES = {"1": "一级", "2": "二级", "3": "三级", "none": "未定级"}
SUITES = {"sha256": "SHA-256", "sm3": "SM3（国密）"}
PUBLIC_NAMES = {
    "cwl.kl8": "中国福利彩票快乐8开奖号码",
    "cwl.ssq": "中国福利彩票双色球开奖号码",
    "sse.000001": "上证综合指数收盘点位",
}
OWN_PARAMETER = "本机关参数"
"""The source of a value that the bureau set itself and for which it claims no other text."""
PPM = 1_000_000


def register(blueprint: Blueprint) -> None:
    """Give the templates of this face their words."""

    @blueprint.context_processor
    def common() -> dict[str, Any]:
        return {
            "authority": backend().settings.authority,
            "Result": Result,
            "result_names": RESULT_NAMES,
            "replacement_reasons": REASON_NAMES,
            "void_reasons": VOID_NAMES,
            "exclusions": EXCLUSIONS,
            "cell_name": cell_name,
            "source_kinds": KIND_NAMES,
            "public_names": PUBLIC_NAMES,
            "chain_kinds": CHAIN_KINDS,
            "file_words": FILE_NAMES,
            "suites": SUITES,
            "sectors": SECTOR_NAMES,
            "risks": RISKS,
            "credits": CREDITS,
            "recencies": RECENCIES,
            "grades": GRADES,
            "own_parameter": OWN_PARAMETER,
        }

    blueprint.add_app_template_filter(_day, "public_day")
    blueprint.add_app_template_filter(_moment, "public_moment")
    blueprint.add_app_template_filter(_after_day, "after_day")
    blueprint.add_app_template_filter(odds, "odds")
    blueprint.add_app_template_filter(_in_display, "in_display")
    blueprint.add_app_template_filter(_expected, "expected")
    blueprint.add_app_template_filter(_rate, "rate")
    blueprint.add_app_template_filter(_times, "times")
    blueprint.add_app_template_filter(_size, "file_size")
    blueprint.add_app_template_filter(_place, "place")
    blueprint.add_app_template_filter(_entropy, "entropy_text")


def _local(value: datetime | str) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(backend().settings.zone)


def _day(value: datetime | str | None) -> str:
    """Return 2026年3月9日 for a moment or an ISO day."""
    if not value:
        return ""
    if isinstance(value, str) and len(value) == len("2026-03-09"):
        year, month, day = value.split("-")
        return f"{year}年{int(month)}月{int(day)}日"
    local = _local(value)
    return f"{local.year}年{local.month}月{local.day}日"


def _moment(value: datetime | str | None) -> str:
    return f"{_day(value)} {_local(value):%H:%M}" if value else ""


def _expected(ppm: int) -> str:
    """Return how many are expected, to two digits; what it follows from is printed exactly."""
    return f"{ppm / PPM:.2f}"


def _rate(ppm: int) -> str:
    return exact_decimal(ppm, 6)


def _after_day(revealed_at: str, deadline: str) -> bool:
    return is_late(datetime.fromisoformat(revealed_at), deadline)


def _times(permille: int) -> str:
    return f"{exact_decimal(permille, 3)} 倍"


def _size(size: int) -> str:
    for unit, least in (("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= least:
            return f"{size / least:.1f} {unit}"
    return f"{size} 字节"


def _in_display(cells: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return in_display(cells, lambda cell: str(cell["cell"]))


def _place(place: str) -> str:
    """Return 应急 主办 for 应急/lead/0."""
    dept, _, label = place.partition("/")
    return place_name(dept, label, joint=True)


def _entropy(part: Mapping[str, str]) -> str:
    """Return a public value as its text; a value of a chain stays in hex."""
    content = bytes.fromhex(part["bytes_hex"])
    if part["source"] not in PUBLISHED or not content.isascii():
        return part["bytes_hex"]
    return content.decode("ascii")
