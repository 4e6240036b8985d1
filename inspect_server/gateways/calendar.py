"""The working-day calendar: chinesecalendar's published years, and the bureau's own notices."""

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from chinese_calendar.constants import holidays, workdays

from inspect_server.domain.calendar import Calendar
from inspect_server.domain.errors import InspectError

LOCAL_FILE = "calendar.toml"


class BadCalendarFile(InspectError):
    """The bureau's own holiday file cannot be used."""

    code, kind = "calendar.bad_file", "invalid"
    message = (
        "放假安排文件 {file} 有误：{reason}，"
        "请按 years、days_off、make_up_days 三项（年份、放假日、调休上班日）改正后重试。"
    )


@cache
def published() -> Calendar:
    """Return the years that the installed chinesecalendar knows."""
    years = {day.year for day in holidays}
    return Calendar(frozenset(years), frozenset(holidays), frozenset(workdays))


def load_calendar(data_dir: Path) -> Calendar:
    """
    Return the published years, with `calendar.toml` of the data folder laid over them.

    The file is the table that an office edits when a notice appears before chinesecalendar knows
    it: `years = [2027]`, `days_off = [2027-01-01, …]`, `make_up_days = [2027-01-03, …]`.

    Raises:
        BadCalendarFile: Not TOML, an unknown key, or a day outside the named years.
    """
    path = data_dir / LOCAL_FILE
    if not path.is_file():
        return published()
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadCalendarFile(file=LOCAL_FILE, reason=f"无法读取（{error}）") from None
    if unknown := set(data) - {"years", "days_off", "make_up_days"}:
        raise BadCalendarFile(file=LOCAL_FILE, reason=f"未知项 {min(unknown)}")
    years = data.get("years", [])
    if not isinstance(years, list) or not all(type(year) is int for year in years) or not years:
        raise BadCalendarFile(file=LOCAL_FILE, reason="years 应列出年份")
    off, worked = (_days(data, key, years) for key in ("days_off", "make_up_days"))
    return published().with_notice(years, off, worked)


def _days(data: dict[str, Any], key: str, years: list[int]) -> list[date]:
    found = data.get(key, [])
    for day in found if isinstance(found, list) else [found]:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise BadCalendarFile(file=LOCAL_FILE, reason=f"{key} 中 {day} 不是日期")
        if day.year not in years:
            raise BadCalendarFile(file=LOCAL_FILE, reason=f"{key} 中 {day} 不在 years 所列年份")
    return list(found)
