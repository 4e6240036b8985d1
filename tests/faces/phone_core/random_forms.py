"""Checklists and answers made by chance: everything may depend on everything, but in no circle."""

import random
from collections.abc import Sequence
from typing import Any

from tests.vectors.forms.filling_bodies import (
    BINARY,
    LAW,
    NEW,
    OLD,
    RULES,
    SELF,
    TODAY,
    Json,
    Tree,
    asked,
    basis,
    call,
    choices,
    column,
    condition,
    form,
    given,
    judged,
    node,
    penalty,
    ref,
    result,
    section,
    starting,
)

KINDS = (
    *["check"] * 8, "text", "integer", "decimal", "decimal", "range", "select_one",
    "select_multiple", "date", "time", "dateTime", "image", "signature", "geopoint", "barcode",
    "acknowledge", "note", "calculate", "calculate", "hidden", "repeat", "repeat", "today", "start",
    "username",
)  # fmt: skip
NOT_IN_ROWS = {"check", "today", "start", "username", "image"}
NUMBERS = ("integer", "decimal", "range")
LITERALS: tuple[Json, ...] = (
    "", "pass", "fail", "a", "b", "co", "yes", "1", "2026-11-23", "2026-11-20", "张三", 0, 1, 2, 10,
    0.5, 19.5, 100,
)  # fmt: skip
PATTERNS = (
    "[0-9]+", "ab|co", "[^a]*", "[12]\\.?[0-9]{0,2}", "\\$|[一-龥]{2,3}", "(?:[0-9]+[a-z]?)+",
)  # fmt: skip
TWO_ROWS: Tree = ["number", "2"]
ONE = ("not", "number", "string", "int", "round", "abs", "count-selected", "string-length",
       "normalize-space", "date")  # fmt: skip
TWO = ("selected", "selected-at", "coalesce", "round", "contains", "starts-with", "ends-with",
       "substr", "min", "max", "concat")  # fmt: skip
VALUES: dict[str, tuple[Json, ...]] = {
    "text": ("a", "b", "co", "张三", "1", " ", ""),
    "integer": ("0", "1", "2", "10", "-3", "1.5", "x"),
    "decimal": ("0", "0.5", "2.50", "19.5", "100", "-1", "1e3", "x"),
    "select_one": ("yes", "no", "co", "xx"),
    "select_multiple": (
        ["", "zz"],
        ["co"],
        ["co", "h2s"],
        ["yes"],
        ["o2", "co", "nh3"],
        ["co", "co"],
        ["zz"],
    ),
    "date": ("2026-11-23", "2026-11-20", "2027-02-28", "2027-02-29"),
    "time": ("08:00", "23:59", "8:00"),
    "dateTime": ("20261123T080000Z", "2026-11-23T08:00:00+08:00", "2026-11-23T08:00:00"),
    "signature": ({"name": "张三", "strokes": [[[1, 1]]]}, {"name": "", "strokes": []}),
    "geopoint": (
        {"latitude": "31.5", "longitude": "120.3", "accuracy_m": "5", "datum": "WGS84"},
        {"latitude": "91", "longitude": "120.3", "accuracy_m": "5", "datum": "WGS84"},
    ),
    "acknowledge": ("OK", "ok"),
}
LISTS = [
    choices(
        "gas",
        ("o2", "氧", {}),
        ("co", "一氧化碳", {"toxic": "yes", "site": "a"}),
        ("h2s", "硫化氢", {"toxic": "yes"}),
        ("nh3", "氨", {"toxic": "no", "site": "b"}),
    ),
    choices("yes_no", ("yes", "是", {"site": "a"}), ("no", "否", {"toxic": "1"})),
]
BASES = [
    basis(LAW, "第一条"), basis(LAW, "第一条第二款"), basis(RULES, "第三条"), basis(OLD, "第五条"),
    basis(NEW, "第六条", verified=False), basis(RULES, "4.2", verified=False),
]  # fmt: skip
PENALTIES = [
    penalty(LAW, "第九条", "第（一）项"), penalty(LAW, "第九条", "第（二）项"),
    penalty(OLD, "第三条"), penalty(NEW, "第二条", verified=False),
]  # fmt: skip


class Author:
    """Writes one checklist; all of it follows from the seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.codes: list[str] = []
        self.checks: list[str] = []

    def body(self) -> Json:
        """Return a checklist of up to a dozen items in up to three levels of sections."""
        items = self._items(self.chance.randint(3, 12), (), depth=0)
        sections = []
        while items:
            cut = self.chance.randint(1, len(items))
            sections.append(self._section(items[:cut]))
            items = items[cut:]
        return form(f"random-{self.chance.randint(1, 99)}", *sections, choice_lists=LISTS)

    def _section(self, items: list[tuple[Json, list[str]]]) -> Json:
        """Return a section; it depends on nothing that one of its items does not know yet."""
        known = set(items[0][1]).intersection(*(names for _, names in items))
        members = [item for item, _ in items]
        if len(items) > 2 and self._maybe(0.4):
            members = [members[0], self._section(items[1:])]
        fields: Json = {"relevant": self._tree(sorted(known))} if self._maybe(0.25) else {}
        return section(*members, **fields)

    def _items(
        self, count: int, outside: Sequence[str], depth: int
    ) -> list[tuple[Json, list[str]]]:
        """Return items in paper order, each with the names that it may depend on."""
        ranks = list(range(count))
        self.chance.shuffle(ranks)
        names: dict[int, list[str]] = {}
        codes = {rank: self._code() for rank in ranks}
        made: dict[int, tuple[Json, list[str]]] = {}
        for rank in sorted(ranks):
            known = [*outside, *(name for lower in range(rank) for name in names[lower])]
            item = self._item(codes[rank], known, depth)
            made[rank] = (item, known)
            names[rank] = list(_names(item))
        everything = [*outside, *(name for own in names.values() for name in own)]
        for item, _ in made.values():
            self._judge(item, everything)
        return [made[rank] for rank in ranks]

    def _code(self) -> str:
        self.codes.append(f"Q{len(self.codes)}")
        return self.codes[-1]

    def _item(self, code: str, known: Sequence[str], depth: int) -> Json:
        """Return an item with what decides its value."""
        kind = self.chance.choice(KINDS)
        if depth and (kind in NOT_IN_ROWS or (kind == "repeat" and depth > 1)):
            kind = "text"
        fields: Json = {}
        if self._maybe(0.3):
            fields["name"] = f"名{code}.x-1"
        if self._maybe(0.3):
            fields["relevant"] = self._tree(known)
        may_follow = kind in ("text", "select_one", "select_multiple", *NUMBERS)
        if kind == "calculate" or (may_follow and self._maybe(0.1)):
            fields["calculation"] = self._tree(known)
        if kind == "hidden" and self._maybe(0.7):
            tree = ["concat", self._tree(known), ["text", ""]]
            fields["default"] = starting("b") if self._maybe(0.5) else condition(tree)
        if kind in NUMBERS and self._maybe(0.6):
            fields |= {"least": self.chance.choice(("-1.50", "0", "0.5")), "unit": "mg"}
        if kind in NUMBERS and self._maybe(0.4):
            fields["most"] = self.chance.choice(("9.0", "19.5", "100"))
        if kind in NUMBERS and self._maybe(0.3):
            fields["step"] = self.chance.choice(("0.5", "0.1", "2"))
        if kind.startswith("select"):
            fields["choices"] = self.chance.choice(("gas", "yes_no"))
        if kind == "repeat":
            own = fields.get("name", code)
            rows = self._items(self.chance.randint(1, 4), [*known, own], depth + 1)
            fields["columns"] = [item for item, _ in rows]
            if self._maybe(0.5):
                whole = (
                    call("mod", call("count", ref(self.chance.choice(known))), 3)
                    if known
                    else TWO_ROWS
                )
                fields["count"] = self.chance.choice((whole, self._tree(known), TWO_ROWS))
        if kind == "check" or (not depth and kind in (*NUMBERS, "select_one") and self._maybe(0.4)):
            return self._judged(code, kind, fields)
        return asked(code, kind, **fields)

    def _judged(self, code: str, kind: str, fields: Json) -> Json:
        chance = self.chance
        is_own = self._maybe(0.8)
        major = chance.choice(("yes", "yes", "possible", "no")) if is_own else "no"
        if major == "possible" or (major == "yes" and self._maybe(0.3)):
            fields["major_note"] = "人数较多的"
        if major == "yes" and self.checks and self._maybe(0.5):
            fields["major_needs"] = [chance.choice(self.checks)]
        if not is_own:
            fields["competence"] = chance.choice(("fire", "other"))
        else:
            fields["penalties"] = chance.sample(PENALTIES, chance.randint(1, 3))
            fields["rectify"] = chance.choice((1, 30, "deadline.some_days"))
        if kind != "check":
            fields["fails_if"] = self._tree([], own=True)
        self.checks.append(code)
        return judged(
            code,
            kind,
            major=major,
            device_clause=major != "no" and self._maybe(0.3),
            basis=chance.sample(BASES, chance.randint(1, 4)),
            correctable_on_site=self._maybe(0.5),
            **fields,
        )

    def _judge(self, item: Json, known: Sequence[str]) -> None:
        """Add what is asked about a value that is there: it may look at anything."""
        fields: Json = {}
        if self._maybe(0.4):
            fields["required"] = self._tree(known, own=True)
        if self._maybe(0.4) and item["kind"] != "repeat":
            fields["constraint"] = self._tree(known, own=True)
        if self._maybe(0.2):
            fields["read_only"] = self._tree(known, own=True)
        if "default" not in item and item["kind"] in ("text", "decimal") and self._maybe(0.4):
            tree = ["concat", self._tree(known), ["text", ""]]
            item["default"] = condition(tree)
        if "choices" in item and self._maybe(0.6):
            fields["choice_filter"] = self._tree(known, columns=True)
        if "constraint" in fields and self._maybe(0.5):
            fields["constraint_message"] = "不对"
        item |= asked(item["code"], item["kind"], **fields)

    def _maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def _tree(
        self, known: Sequence[str], depth: int = 3, *, own: bool = False, columns: bool = False
    ) -> Tree:
        """Return an expression over some names; `own` lets it look at its item's value."""
        chance = self.chance

        def inner() -> Tree:
            return self._tree(known, depth - 1, own=own, columns=columns)

        subjects = [SELF] if own else [column("toxic"), column("site")] if columns else []
        subjects = subjects if subjects and self._maybe(0.7) else [ref(name) for name in known]
        if depth == 3 and subjects and self._maybe(0.5):  # as authors write most of them
            sign = chance.choice(("=", "!=", "<=", ">", "selected"))
            return [sign, chance.choice(subjects), node(chance.choice(LITERALS))]
        shape = chance.randint(0, 9) if depth else 9
        if shape <= 3:
            return [chance.choice(sorted(BINARY)), inner(), inner()]
        if shape == 4:
            return [chance.choice((*ONE, "neg")), inner()]
        if shape == 5:
            return [chance.choice(TWO), inner(), inner()]
        if shape == 6:
            return ["if", inner(), inner(), inner()]
        if shape == 7:
            return ["regex", inner(), ["text", chance.choice(PATTERNS)]]
        if shape == 8 and known:
            return [chance.choice(("sum", "count")), ref(chance.choice(known))]
        leaves = [node(chance.choice(LITERALS)), TODAY]
        leaves += [ref(chance.choice(known))] * 4 if known else []
        leaves += [SELF, SELF] if own else []
        leaves += [column(chance.choice(("toxic", "site", "name", "label")))] * 3 if columns else []
        return chance.choice(leaves)


def case(body: Json, seed: int) -> Json:
    """Return one filling of a checklist in which each item is answered once at most."""
    chance = random.Random(seed)
    answers = {}
    for item in _items(body["sections"]):
        if chance.random() < 0.65:
            answers[item["code"]] = _answer(item, chance)
    answers |= {"Z99": given("x")} if chance.random() < 0.1 else {}
    return {
        "form": body,
        "today": chance.choice(("2026-11-23", "2026-06-30")),
        "known": chance.choice(({}, {"username": "张三", "start": "2026-11-23T08:00:00+08:00"})),
        "answers": list(answers.items()),
        "photos": {
            item["code"]: chance.randint(0, 3)
            for item in _items(body["sections"])
            if item["kind"] == "image" and chance.random() < 0.5
        },
    }


def detour(answers: Sequence[tuple[str, Json]], seed: int) -> list[tuple[str, Json]]:
    """Return the same answers in another order, some taken back or given otherwise before."""
    chance = random.Random(seed)
    mixed = list(answers)
    chance.shuffle(mixed)
    before = [(code, chance.choice((None, result("fail"), given("1")))) for code, _ in mixed]
    return [*chance.sample(before, len(before) // 2), *mixed]


def _answer(item: Json, chance: random.Random) -> Json:
    if chance.random() < 0.05:
        return result(chance.choice(("not_applicable", "not_checked")), "没有")
    if item["kind"] == "check":
        return result(chance.choice(("pass", "fail", "fail", "not_applicable")))
    return given(_value(item, chance))


def _value(item: Json, chance: random.Random) -> Json:
    if item["kind"] == "repeat" and chance.random() < 0.95:
        columns = list(_items(item["columns"]))
        return [
            {one["code"]: _value(one, chance) for one in columns if chance.random() < 0.8}
            | ({"Z9": "x"} if chance.random() < 0.05 else {})
            for _ in range(chance.randint(0, 3))
        ]
    kind = "decimal" if item["kind"] == "range" else item["kind"]
    return chance.choice(VALUES.get(kind, VALUES["text"]))


def _items(members: Json) -> Any:
    for member in members:
        yield from _items(member["items"]) if "items" in member else [member]


def _names(item: Json) -> Any:
    yield item.get("name", item["code"])
    for inner in _items(item.get("columns", [])):
        yield from _names(inner)
