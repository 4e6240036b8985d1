"""
What must follow from answers, worked out from docs/forms.md alone: plain and slow.

Nothing is ordered by what it needs: every value is worked out over and over until none changes.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.vectors.forms.finding_oracle import suggested
from tests.vectors.forms.given_oracle import (
    ATTACHED,
    KNOWN,
    NOBODY,
    cell_of,
    flat,
    is_made,
    off_step,
    refused,
)
from tests.vectors.forms.oracle import evaluate, number, text, truth

Json = Any


def filled(case: Json, form: Json) -> Json:
    """Return the state, the suggestions and how things are entered, for one case."""
    return _Filled(form, case).result()


class _Level:
    """A checklist, or one row of a table, with all values worked out."""

    def __init__(
        self, members: Json, given: Json, around: Json, today: str, position: int = 0
    ) -> None:
        self.members = list(flat(members))
        self.position, self.today = position, today
        self.names = names(members)
        self.values = {**around, **self.names}
        self.own: dict[str, Json] = {item["code"]: "" for item, _ in self.members}
        self.asked: dict[str, bool] = {}
        self.rows: dict[str, list[_Level]] = {}
        before = None
        while before != (self.values, self.own, self.asked):
            before = (dict(self.values), dict(self.own), dict(self.asked))
            for item, conditions in self.members:
                self._work_out(item, conditions, given)

    def holds(self, tree: Json, own: Json = "", more: Json = None) -> bool:
        return truth(self.value(tree, own, more))

    def value(self, tree: Json, own: Json = "", more: Json = None) -> Json:
        scope = {
            "values": {**self.values, **(more or {})},
            "self": own,
            "position": self.position,
            "today": self.today,
        }
        return evaluate(tree, scope)

    def _work_out(self, item: Json, conditions: list[Json], given: Json) -> None:
        name = cited(item)
        self.asked[item["code"]] = all(self.holds(tree) for tree in conditions)
        if not self.asked[item["code"]]:
            is_table = item["kind"] == "repeat"
            self.values |= {**names(item.get("columns", []), []), name: [] if is_table else ""}
            self.own[item["code"]] = ""
            self.rows.pop(item["code"], None)
            return
        work = item.get("calculation")
        if item["kind"] == "hidden" and "default" in item:
            work = item["default"]
        if work:
            found = self.value(work["tree"])
            is_number = isinstance(found, float)
            self.values[name] = "" if is_number and text(found)[-1] in "Ny" else found
        elif item["kind"] == "repeat":
            self._work_out_rows(item, given.get(item["code"]) or [])
        else:
            self.values[name] = given.get(item["code"], "")
        self.own[item["code"]] = self.values[name]

    def _work_out_rows(self, item: Json, given: Json) -> None:
        self.values[cited(item)] = [float(number + 1) for number in range(len(given))]
        rows = [
            _Level(item["columns"], row, self.values, self.today, number + 1)
            for number, row in enumerate(given)
        ]
        self.rows[item["code"]] = rows
        for name in names(item["columns"]):
            cells: list[Json] = []
            for row in rows:
                codes = [one["code"] for one, _ in row.members if cited(one) == name]
                if codes and not row.asked[codes[0]]:
                    continue
                cell = row.values[name]
                cells += cell if isinstance(cell, list) else [cell]
            self.values[name] = cells


class _Filled:
    def __init__(self, form: Json, case: Json) -> None:
        self.form, self.today = form, case["today"]
        self.items = {item["code"]: item for item, _ in flat(form["sections"])}
        self.given: dict[str, Json] = {}
        for code, item in self.items.items():
            if item["kind"] in KNOWN:
                blank = self.today if item["kind"] == "today" else ""
                self.given[code] = case["known"].get(item["kind"], blank)
        self.misfits: dict[str, list[Json]] = {}
        answers = {code: answer for code, answer in case["answers"] if code in self.items}
        self.answered = {code for code, answer in answers.items() if answer is not None}
        for code, answer in answers.items():
            self._take_in(self.items[code], answer)
        for code, count in case["photos"].items():
            if code in self.items and self.items[code]["kind"] in ATTACHED:
                self.given[code] = str(count or "")
                self.answered |= {code} if count else set()

    def _take_in(self, item: Json, answer: Json) -> None:
        code = item["code"]
        if reason := refused(item, answer):
            self.misfits[code] = [(0, reason)]
            self.answered.discard(code)
        elif item["kind"] in ATTACHED or is_made(item):
            return
        elif answer is None:
            self.given.pop(code, None)
        elif item["kind"] == "check":
            self.given[code] = answer["result"]
        else:
            self.given[code] = ""
            if answer["result"] == "given":
                self.given[code], wrong = cell_of(item, answer["given"])
                self.misfits[code] = [(row, reason) for row, reason in wrong]
                if self.given[code] in ("", []) and not wrong:
                    self.answered.discard(code)

    def result(self) -> Json:
        level = _Level(self.form["sections"], self.given, {}, self.today)
        wrong, missing, failed = [], [], []
        for code, item in self.items.items():
            if not level.asked[code]:
                continue
            value = level.own[code]
            faults = [*self.misfits.get(code, []), *self._row_faults(level, item, {})]
            reason = self._fault(level, item, value, {})
            faults += [(0, reason)] * bool(reason)
            wrong += [
                {"code": code, "reason": reason, "row": row}
                for row, reason in sorted(faults, key=lambda fault: fault[0])
            ]
            is_open = code not in self.answered and (item["kind"] == "check" or value in ("", []))
            if is_open and self._is_required(level, item, value, {}):
                missing.append(code)
            if item["kind"] == "check":
                failed += [code] * (value == "fail")
            elif value not in ("", []) and not reason and "fails_if" in item:
                failed += [code] * level.holds(item["fails_if"]["tree"], value)
        return {
            "state": {
                "visible": [code for code in self.items if level.asked[code]],
                "calculated": {
                    code: text(level.own[code])
                    for code, item in self.items.items()
                    if level.asked[code] and ("calculation" in item or item["kind"] == "hidden")
                },
                "missing": missing,
                "failed": failed,
                "wrong": wrong,
            },
            "suggestions": [
                suggested(self.form, self.items[code], failed, self.today) for code in failed
            ],
            "entries": dict(self._entries(level, {}, "")),
        }

    def _is_required(self, level: _Level, item: Json, value: Json, more: Json) -> bool:
        if "required" in item and level.holds(item["required"]["tree"], value, more):
            return True
        if self._rows_wanted(level, item, more):
            blank = _Level(item["columns"], {}, {**level.values, **more}, self.today, 1)
            own = {name: blank.values[name] for name in blank.names}
            around = {**level.values, **more, **own}
            if any(self._is_lacking(blank, column, around) for column, _ in blank.members):
                return True
        return item["kind"] == "check" and "required" not in item

    def _is_lacking(self, row: _Level, column: Json, around: Json) -> bool:
        value = row.own[column["code"]]
        is_blank = row.asked[column["code"]] and value in ("", [])
        is_answered = column["kind"] not in NOBODY
        return is_blank and is_answered and self._is_required(row, column, value, around)

    def _rows_wanted(self, level: _Level, table: Json, more: Json) -> int | None:
        if "count" not in table:
            return None
        found = number(level.value(table["count"]["tree"], "", more))
        return min(int(found), 200) if text(found).isdecimal() else None

    def _entries(self, level: _Level, more: Json, place: str) -> Iterator[tuple[str, Json]]:
        """Yield how the items of a level are entered, and the columns of its tables row by row."""
        for item, _ in level.members:
            code = item["code"]
            if {"read_only", "default", "count", "choices"} & item.keys():
                yield code + place, self._entry(level, item, more)
            for position, row in enumerate(level.rows.get(code, []), start=1):
                own = {name: row.values[name] for name in row.names}
                around = {**level.values, **more, **own}
                yield from self._entries(row, around, f"{place} {position}")

    def _entry(self, level: _Level, item: Json, more: Json) -> Json:
        told: Json = {}
        own = level.own[item["code"]]
        if "read_only" in item and level.holds(item["read_only"]["tree"], own, more):
            told["read_only"] = True
        if "default" in item:
            value = level.value(item["default"]["tree"], "", more)
            is_none = isinstance(value, float) and text(value)[-1] in "Ny"
            told |= {"prefilled": text(value)} if text(value) and not is_none else {}
        if (wanted := self._rows_wanted(level, item, more)) is not None:
            told["rows"] = wanted
        if "choices" in item:
            names = [one["name"] for one in self._offered(level, item, own, more)]
            told |= {"choices": names} if names else {}
        return told

    def _row_faults(self, level: _Level, table: Json, more: Json) -> list[tuple[int, str]]:
        """Return what is wrong in rows; `more` are final values of the levels around."""
        faults = []
        for position, row in enumerate(level.rows.get(table["code"], []), start=1):
            around = {**level.values, **more}
            own = {name: row.values[name] for name in row.names}
            for column, _ in row.members:
                value = row.own[column["code"]]
                if not row.asked[column["code"]]:
                    continue
                label = f"“{column['question']}”"
                if column["kind"] == "repeat":
                    inner = self._row_faults(row, column, {**around, **own})
                    faults += [(position, reason) for _, reason in inner]
                if value in ("", []):
                    if self._is_lacking(row, column, {**around, **own}):
                        faults.append((position, f"{label}未填写"))
                elif reason := self._fault(row, column, value, {**around, **own}):
                    faults.append((position, label + reason))
        return faults

    def _fault(self, level: _Level, item: Json, value: Json, more: Json) -> str:
        if value in ("", []) or item["kind"] == "check":
            return ""
        least, most = (Decimal(item[end]) if item.get(end) else None for end in ("least", "most"))
        if least is not None or most is not None:
            is_number = isinstance(value, float)
            is_low = is_number and least is not None and value < float(least)
            is_high = is_number and most is not None and value > float(most)
            if is_low or is_high or not is_number:
                return f"应{range_of(least, most)}".replace("□", item.get("unit", ""))
        if reason := off_step(item, value):
            return reason
        if (wanted := self._rows_wanted(level, item, more)) is not None and wanted != len(value):
            return f"应为{wanted}行，现为{len(value)}行"
        if "choices" in item:
            known = [one["name"] for one in self._offered(level, item, value, more)]
            parts = text(value).split() if item["kind"] == "select_multiple" else [text(value)]
            for part in parts:
                if part not in known:
                    return f"没有“{part}”这个选项"
        if "constraint" in item and not level.holds(item["constraint"]["tree"], value, more):
            return item.get("constraint_message", "不符合填写要求")
        return ""

    def _offered(self, level: _Level, item: Json, own: Json, more: Json) -> list[Json]:
        lists = {one["name"]: one["choices"] for one in self.form.get("choice_lists", [])}
        if "choice_filter" not in item:
            return list(lists[item["choices"]])
        tree = item["choice_filter"]["tree"]
        kept = []
        for choice in lists[item["choices"]]:
            cells = dict.fromkeys(columns_in(tree), "") | dict(choice.get("columns", []))
            cells |= {"name": choice["name"], "label": choice["label"]}
            if level.holds(
                tree, own, {**more, **{f"@{name}": cell for name, cell in cells.items()}}
            ):
                kept.append(choice)
        return kept


def names(members: Json, blank: Json = "") -> dict[str, Json]:
    """Return every name of a level as it is before anything is known of it."""
    found: dict[str, Json] = {}
    for item, _ in flat(members):
        found[cited(item)] = [] if item["kind"] == "repeat" else blank
        found |= names(item.get("columns", []), [])
    return found


def cited(item: Json) -> str:
    return str(item.get("name", item["code"]))


def columns_in(tree: Json) -> list[str]:
    if tree[0] == "column":
        return [tree[1]]
    return [name for part in tree[1:] if isinstance(part, list) for name in columns_in(part)]


def range_of(least: Decimal | None, most: Decimal | None) -> str:
    low, high = (
        "" if end is None else re.sub(r"(\.\d*?)0+$", r"\1", str(end)).rstrip(".")
        for end in (least, most)
    )
    if low and high:
        return f"在{low}至{high}□之间"
    return f"不小于{low}□" if low else f"不大于{high}□"
