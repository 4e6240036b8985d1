"""A checklist being filled in: answers come in any order, what follows is asked for at any time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from forms.evaluation.given import (
    BY_NOBODY,
    BY_PHOTOS,
    Wrong,
    WrongValue,
    read,
    read_rows,
    takes_value,
)
from forms.evaluation.judging import Entry, Judge, is_idle
from forms.evaluation.sheet import Level, PutBack, Worked
from forms.expressions.evaluating import Scope
from forms.expressions.values import Value, to_text
from forms.model import (
    ATTACHMENTS,
    KNOWN_TO_THE_PHONE,
    NOT_ASKED,
    Form,
    Item,
    Kind,
    Result,
)

Answer = Mapping[str, Any]
GIVEN = "given"
"""The result of an answer that is a value, in the field of the same name."""


@dataclass(frozen=True)
class State:
    """
    What follows from the answers.

    `visible` are the codes of the items that are there now, in the order of the paper;
    `calculated` the values of those that nobody answers, as text; `missing` those that must be
    answered and are not; `failed` those whose answer is a failure; `wrong` the values that cannot
    stand. An answer to an item that is not visible is kept and has no effect.
    """

    visible: tuple[str, ...]
    calculated: Mapping[str, str]
    missing: tuple[str, ...]
    failed: tuple[str, ...]
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True)
class LeftOut:
    """
    An answer to an item that can fail, which other answers leave unasked or without its failure.

    `is_failure`: whether it fails by the answers as they are now; else it may have failed by those
    that it was given with, and nobody can tell any more.
    """

    code: str
    is_failure: bool


@lru_cache(maxsize=64)
def compiled(form: Form) -> Level:
    """Return a checklist made ready to be worked out; the last ones are remembered."""
    return Level(form.sections, form)


class Filling:
    """
    The answers to one checklist on one day.

    Args:
        form: The version that the inspection pins.
        today: The local day, which `today()` means.
        known: What the phone knows by itself, by kind (`start`, `deviceid` …); the rest is blank.
    """

    def __init__(self, form: Form, today: str, known: Mapping[str, str] | None = None) -> None:
        self.form = form
        self._level = compiled(form)
        self._today = today
        self._items = {item.code: item for item in self._level.items}
        self._spots = {item.code: spot for spot, item in enumerate(self._level.items)}
        self._values: dict[str, Any] = _known(
            self._items.values(), {Kind.TODAY.value: today, **(known or {})}
        )
        self._answered: set[str] = set()
        self._attached: set[str] = set()
        self._misfits: dict[str, tuple[Wrong, ...]] = {}
        self._worked_out = tuple(
            (item, spot)
            for spot, item in enumerate(self._level.items)
            if item.calculation is not None or item.kind is Kind.HIDDEN
        )
        self._judges = tuple(
            (spot, judge)
            for spot, judge in enumerate(self._level.judges)
            if not is_idle(judge.item) or judge.item.kind is Kind.TABLE
        )

    def answer(self, code: str, answer: Answer | None) -> None:
        """
        Take in an answer, None to take it back; an unknown code is ignored.

        Args:
            answer: {"result", "reason", "note"} as phones send it, of an item that is no check
                with "given", its value.
        """
        item = self._items.get(code)
        if item is None:
            return
        self._misfits.pop(code, None)
        self._answered.discard(code)
        if not takes_value(item):
            self._answer_without_value(item, answer)
            return
        self._values.pop(code, None)
        if answer is None:
            return
        self._answered.add(code)
        if item.kind is Kind.CHECK:
            self._values[code] = str(answer.get("result", ""))
        elif answer.get("result") == GIVEN:
            self._values[code] = value = self._read(item, answer.get(GIVEN))
            if value in ("", []) and not self._misfits.get(code):
                self._answered.discard(code)  # who gives a blank has not answered yet

    def attach(self, code: str, count: int) -> None:
        """Take in how many photos or recordings were taken for an item."""
        item = self._items.get(code)
        if item is not None and item.kind in ATTACHMENTS:
            self._values[code] = str(count) if count else ""
            (self._attached.add if count else self._attached.discard)(code)

    def state(self) -> State:
        """Return what follows from all answers so far."""
        worked = self._level.work_out(self._values, {}, self._today)
        scope = Scope(worked.values, today=self._today)
        asked = worked.asked
        missing: list[str] = []
        failed: list[str] = []
        wrong = [
            one
            for code, misfits in self._misfits.items()
            if asked[self._spots[code]]
            for one in misfits
        ]
        for spot, judge in self._judges:
            if not asked[spot]:
                continue
            item = judge.item
            value = worked.own[spot]
            if item.kind is Kind.CHECK:
                if value == Result.FAIL.value:
                    failed.append(item.code)
                if self._is_open(item.code) and judge.must_be_given(value, scope):
                    missing.append(item.code)
                continue
            if item.kind is Kind.TABLE:
                wrong += self._of_rows(self._level, worked, item, worked.values)
            if value in ("", []):
                is_open = self._is_open(item.code)
                if is_open and self._must_be_given(self._level, judge, value, scope):
                    missing.append(item.code)
            elif fault := judge.fault(value, scope):
                wrong.append(Wrong(item.code, fault))
            elif judge.fails(value, scope):
                failed.append(item.code)
        return State(
            visible=tuple(
                item.code for item, there in zip(self._level.items, asked, strict=True) if there
            ),
            calculated=self._calculated(worked),
            missing=tuple(missing),
            failed=tuple(failed),
            wrong=tuple(sorted(wrong, key=lambda one: (self._spots[one.code], one.row))),
        )

    def failures_left_out(self) -> tuple[LeftOut, ...]:
        """
        Return the answers whose failure, known or possible, other answers left out.

        An item that is asked is one of them if it fails only with what is left out put back.
        Only one that is no failure by itself stays away, as what it was judged with may have
        changed since: its `fails_if` does not hold and looks at no other item. Whether the answer
        may stand does not matter; what left its item out may be why it may not.
        """
        worked = self.worked()
        scope = Scope(worked.values, today=self._today)
        verdicts = (
            (judge.item.code, self._was_failure(judge, scope))
            for spot, judge in enumerate(self._level.judges)
            if not worked.asked[spot] and not self._is_open(judge.item.code)
        )
        unasked = [LeftOut(code, bool(known)) for code, known in verdicts if known is not False]
        return (*unasked, *(LeftOut(code, True) for code in self._saved(worked, scope)))

    def _saved(self, worked: Worked, scope: Scope) -> Iterator[str]:
        """Yield what is asked, answered and no failure only because of answers left out."""
        doubtful = [
            (worked.own[spot], judge)
            for spot, judge in self._judges
            if worked.asked[spot]
            and judge.fails_by_others
            and not self._is_open(judge.item.code)
            and worked.own[spot] not in ("", [])
            and not judge.fails(worked.own[spot], scope)
        ]
        if not doubtful:
            return
        given = {
            code: value
            for code, value in self._values.items()
            if worked.asked[self._spots[code]] or not self._is_open(code)
        }
        back = self._level.work_out(given, {}, self._today, put_back=PutBack(set()))
        then = Scope(back.values, today=self._today)
        yield from (judge.item.code for value, judge in doubtful if judge.fails(value, then))

    def _was_failure(self, judge: Judge, scope: Scope) -> bool | None:
        """Return whether an answer was a failure, None where that is not known any more."""
        item, value = judge.item, self._values.get(judge.item.code, "")
        if item.kind is Kind.CHECK:
            return bool(value == Result.FAIL.value)
        is_misread = bool(self._misfits.get(item.code)) and item.is_judged
        if value in ("", []):
            return None if is_misread else False
        if item.kind is Kind.TABLE:
            value = [float(position) for position in range(1, len(value) + 1)]
        alone = replace(scope, values={**scope.values, item.cited_as: value})
        if judge.fails(value, alone):
            return True
        return None if is_misread or judge.fails_by_others else False

    def worked(self) -> Worked:
        """Return every value now, those of tables row by row."""
        return self._level.work_out(self._values, {}, self._today)

    def entry(self, code: str, *rows: int) -> Entry:
        """
        Return how an item is entered now.

        Args:
            code: Of an item, or of a column.
            rows: Of a column, the number of its row from 1, that of the outermost table first.

        Raises:
            LookupError: There is no such item or row.
        """
        level, worked = self._level, self.worked()
        values, position = worked.values, 0
        tables = level.tables_around(code)
        if len(tables) != len(rows) or min(rows, default=1) < 1:
            raise LookupError(code, rows)
        for table, position in zip(tables, rows, strict=True):
            level, worked = level.rows_of(table), worked.rows[table][position - 1]
            values = level.around_in(worked, values)
        spot = next((spot for spot, item in enumerate(level.items) if item.code == code), -1)
        if spot < 0:
            raise LookupError(code)
        scope = Scope(values, position=position, today=self._today)
        return level.judges[spot].entry(worked.own[spot], scope)

    def _of_rows(
        self, level: Level, worked: Worked, table: Item, around: Mapping[str, Value]
    ) -> Iterator[Wrong]:
        """Yield what is missing or wrong in the rows of a table, and of tables in them."""
        inside = level.rows_of(table.code)
        for number, row in enumerate(worked.rows.get(table.code, ()), start=1):
            values = inside.around_in(row, around)
            scope = Scope(values, position=number, today=self._today)
            for spot, judge in enumerate(inside.judges):
                if not row.asked[spot]:
                    continue
                item = judge.item
                value = row.own[spot]
                if item.kind is Kind.TABLE:
                    for one in self._of_rows(inside, row, item, values):
                        yield Wrong(table.code, one.reason, number)
                if value in ("", []):
                    if self._is_missing_in_row(inside, judge, value, scope):
                        yield Wrong(table.code, f"“{item.question}”未填写", number)
                elif fault := judge.fault(value, scope):
                    yield Wrong(table.code, f"“{item.question}”{fault}", number)

    def _is_missing_in_row(self, level: Level, judge: Judge, value: Value, scope: Scope) -> bool:
        return judge.item.kind not in NOT_ASKED and self._must_be_given(level, judge, value, scope)

    def _must_be_given(self, level: Level, judge: Judge, value: Value, scope: Scope) -> bool:
        """Return whether a blank must be answered; a table whose blank rows could not stand is."""
        return judge.must_be_given(value, scope) or (
            judge.item.count is not None and self._lacks_rows(level, judge, scope)
        )

    def _lacks_rows(self, level: Level, judge: Judge, scope: Scope) -> bool:
        if not judge.rows(scope):
            return False
        inside = level.rows_of(judge.item.code)
        blank = inside.work_out({}, dict(scope.values), self._today, position=1)
        in_row = Scope(inside.around_in(blank, scope.values), position=1, today=self._today)
        return any(
            blank.asked[spot]
            and blank.own[spot] in ("", [])
            and self._is_missing_in_row(inside, column, blank.own[spot], in_row)
            for spot, column in enumerate(inside.judges)
        )

    def _calculated(self, worked: Worked) -> dict[str, str]:
        return {
            item.code: to_text(worked.own[there])
            for item, there in self._worked_out
            if worked.asked[there]
        }

    def _answer_without_value(self, item: Item, answer: Answer | None) -> None:
        """Keep the value that photos, the phone or other answers make, whatever was sent."""
        if answer is None:
            return
        is_taken = item.kind in ATTACHMENTS and item.calculation is None
        if is_taken and answer.get("result") != GIVEN:
            self._answered.add(item.code)
        else:
            reason = BY_PHOTOS if is_taken else BY_NOBODY
            self._misfits[item.code] = (Wrong(item.code, reason),)

    def _is_open(self, code: str) -> bool:
        return code not in self._answered and code not in self._attached

    def _read(self, item: Item, given: Any) -> Any:
        try:
            if item.kind is not Kind.TABLE:
                return read(item, given)
        except WrongValue as error:
            self._misfits[item.code] = (Wrong(item.code, str(error)),)
            return ""
        rows, self._misfits[item.code] = read_rows(item, given)
        return rows


def _known(items: Iterable[Item], known: Mapping[str, str]) -> dict[str, Any]:
    return {
        item.code: known.get(item.kind.value, "")
        for item in items
        if item.kind in KNOWN_TO_THE_PHONE
    }
