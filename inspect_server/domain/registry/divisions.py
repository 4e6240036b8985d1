"""
From the name of a place to its code of GB/T 2260.

The table is `divisions.tsv`, whose first lines say its source and date. It ends at the counties;
what lies below (街道、乡镇) belongs to the county that is named with it, or to the bureau's own.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources

from inspect_server.domain.registry.cells import tidy

COUNTY = 6
"""Digits of a code that names a county; a town has three more (GB/T 10114)."""

_SEPARATORS = re.compile(r"[\s/\\|,、，;；·.>→_-]+|—+")
_AUTHORITY = re.compile(r"^(.+?)(?:安全生产监督|应急|安监|综合行政执法|行政审批|人民政府)")
_TOWN = re.compile(r"(?:街道|街道办|街道办事处|镇|乡|苏木|村|社区|居委会)$")
_TOWN_ITSELF = re.compile(r"^(?:街道|镇|乡|村|社区)")
_UNIT = re.compile(r"(?:特别行政区|[壮回]族自治区|维吾尔自治区|自治区|地区|新区|[省市区县旗盟])$")
_SHORTEST = 2


class By(StrEnum):
    """How a code was found."""

    NAME = "name"  # the table, or this registry's own codes
    BUREAU = "bureau"  # a town alone, in the registry of a county's bureau


@dataclass(frozen=True)
class Division:
    """One division of the table."""

    code: str
    name: str

    @cached_property
    def level(self) -> str:
        """Return province, city or county."""
        return _level(self.code)

    @cached_property
    def short(self) -> str:
        """Return the name without its kind: 海州 for 海州区; itself where too little is left."""
        shorter = _UNIT.sub("", self.name)
        return shorter if len(shorter) >= _SHORTEST else self.name


class Divisions:
    """
    Looks names up for one bureau.

    A name that several places share is the one in the bureau's own jurisdiction, else in its city,
    else in its province, else the only one in the country; otherwise it stays open.
    """

    def __init__(
        self, home: str = "", authority: str = "", learned: Mapping[str, str] | None = None
    ) -> None:
        """
        Make a lookup.

        Args:
            home: The bureau's own code; "" where none is configured.
            authority: Its full name, which gives the name of a district that the table lacks.
            learned: Codes that this registry already holds for names, as the office wrote them.
        """
        home = home[:COUNTY] if home.isdigit() and len(home) >= COUNTY else ""
        self._learned = dict(learned or {})
        self._rings = (
            tuple(dict.fromkeys((_reach(home), home[:4], home[:2], ""))) if home else ("",)
        )
        self._home = home
        places = table()
        own = _AUTHORITY.match(_plain(authority))
        self._levels: dict[str, list[Division]] = {"province": [], "city": [], "county": []}
        for place in places:
            self._levels[place.level].append(place)
        if home and own and all(place.code != home for place in places):
            named = Division(home, self._last_part(own[1]))
            self._levels[named.level].append(named)

    def find(self, name: str) -> tuple[str, By] | None:
        """Return the code of a place as an office names it, and how it was found."""
        if code := self._learned.get(name):
            return code, By.NAME
        text = _plain(name)
        if found := set(self._read(text)):
            best = min(weight for weight, _ in found)
            code = self._nearest({code for weight, code in found if weight == best})
            return (code, By.NAME) if code else None
        is_county = self._home and _reach(self._home) == self._home
        return (self._home, By.BUREAU) if is_county and _TOWN.search(text) else None

    def _nearest(self, codes: set[str]) -> str | None:
        for ring in self._rings:
            inside = [code for code in codes if code.startswith(ring)]
            if inside:
                return inside[0] if len(inside) == 1 else None
        return None

    def _read(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield what the text may mean: 0 for full names, more for each name that is cut short."""
        for province, rest, weight in [("", text, 0), *self._begins(text, "", "province")]:
            if not rest:
                yield weight, _padded(province)
                continue
            for city, last, more in [
                (province, rest, weight),
                *((c, r, weight + w) for c, r, w in self._begins(rest, province, "city")),
            ]:
                if not last or last == "市辖区":
                    if city:
                        yield more, _padded(city)
                    continue
                yield from self._counties(last.removeprefix("市辖区"), city, more)

    def _begins(self, text: str, within: str, level: str) -> Iterator[tuple[str, str, int]]:
        for place in self._levels[level]:
            if not place.code.startswith(within):
                continue
            prefix = _reach(place.code)
            if text.startswith(place.name):
                yield prefix, text.removeprefix(place.name), 0
            elif text.startswith(place.short):
                yield prefix, text.removeprefix(place.short), 1

    def _counties(self, text: str, within: str, weight: int) -> Iterator[tuple[int, str]]:
        # Far from home and without its city named, only a county's full name is believed.
        near = within or self._home[:2]
        for place in self._levels["county"]:
            if not place.code.startswith(within):
                continue
            is_near = bool(near) and place.code.startswith(near)
            if text == place.name:
                yield weight, place.code
            elif is_near and text == place.short:
                yield weight + 1, place.code
            elif is_near and _is_within(text, place.name):
                yield weight, place.code

    def _last_part(self, text: str) -> str:
        parts = [(weight, rest) for _, rest, weight in self._begins(text, "", "province") if rest]
        rest = min(parts)[1] if parts else text
        cities = [(weight, r) for _, r, weight in self._begins(rest, "", "city") if len(r) > 1]
        return min(cities)[1] if cities else rest


@cache
def table() -> tuple[Division, ...]:
    """Return all divisions from the county upwards, by code."""
    text = resources.files(__package__).joinpath("divisions.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple(Division(code, name) for code, name in lines)


def one_code_each(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """
    Return the one code that stored enterprises give a name.

    Several codes of one county give the county; codes of several counties give nothing.
    """
    codes: dict[str, set[str]] = {}
    for name, code in pairs:
        codes.setdefault(name, set()).add(code)
    counties = {name: {code[:COUNTY] for code in found} for name, found in codes.items()}
    return {
        name: min(codes[name]) if len(codes[name]) == 1 else min(found)
        for name, found in counties.items()
        if len(found) == 1
    }


def _is_within(text: str, county: str) -> bool:
    """Return whether a text names a county and more: 东区街道 is a town, not a part of 东区."""
    below = text.removeprefix(county)
    return below != text and not _TOWN_ITSELF.match(below)


def _level(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def is_elsewhere(division: str | None, home: str) -> bool:
    """
    Return whether a place lies outside a bureau's division.

    All counties of a province or a city lie in it. What is said too coarsely to tell (the city
    alone, or nothing) is not elsewhere.

    Args:
        division: A code of 6, 9 or 12 digits, None where it is not known.
        home: The bureau's code; for "" nothing is elsewhere.
    """
    place, own = _shared(division or ""), _shared(home)
    return not (place.startswith(own) or own.startswith(place))


def _shared(code: str) -> str:
    """Return what all codes within a division of any level begin with."""
    while len(code) > COUNTY and code.endswith("000"):
        code = code[:-3]
    return code if len(code) > COUNTY else _reach(code)


def _reach(code: str) -> str:
    """Return what all codes within a division begin with."""
    return {"province": code[:2], "city": code[:4], "county": code}[_level(code)] if code else ""


def _padded(prefix: str) -> str:
    return prefix.ljust(COUNTY, "0")


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", tidy(name))).removeprefix("中国")
