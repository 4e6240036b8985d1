"""
The items of one level (a checklist, or a row of a table) made ready to be worked out many times.

Everything follows from the answers alone, never from the order in which they came.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.evaluation.judging import Judge, sound
from forms.evaluation.ordering import in_order
from forms.expressions.evaluating import Evaluate, Scope, compile_condition, compile_tree
from forms.expressions.parsing import references
from forms.expressions.values import Value
from forms.model import Condition, Form, Item, Kind, Section, placed

Given = Mapping[str, Any]
"""Values by the codes of items; of a table, a list of such rows."""


@dataclass(frozen=True, slots=True)
class Step:
    """How one item gets its value."""

    spot: int  # in paper order
    code: str
    name: str
    gate: int  # -1: outside of every section
    relevant: Evaluate[bool] | None
    work: Evaluate[Value] | None
    cites: frozenset[str]  # names that `work` cites
    rows: "Level | None"

    def work_out_rows(
        self,
        given: Sequence[Given],
        values: dict[str, Value],
        today: str,
        put_back: "PutBack | None" = None,
    ) -> "list[Worked]":
        """Work out each row of a table, and show its columns outside of it as lists."""
        assert self.rows is not None
        level = self.rows
        values[self.name] = [float(position) for position in range(1, len(given) + 1)]
        outside = dict(values)
        worked = [
            level.work_out(row, dict(outside), today, position, put_back)
            for position, row in enumerate(given, start=1)
        ]
        columns: dict[str, list[Any]] = {name: [] for name in level.names()}
        for name, cell in level.cells(worked):
            columns[name] += cell if isinstance(cell, list) else [cell]
        values.update(columns)
        return worked


@dataclass(slots=True)
class PutBack:
    """
    What counts as asked though it is left out: what is given, and what is calculated from that.

    `names` are those that were put back so far in a pass.
    """

    names: set[str]

    def takes(self, step: Step, given: Given) -> bool:
        """Return whether an item that is left out is put back, which its dependents then know."""
        if step.work is None:
            is_back = given.get(step.code) not in (None, "", [])
        else:
            is_back = not step.cites.isdisjoint(self.names)
        if is_back:
            self.names.add(step.name)
        return is_back


@dataclass(frozen=True, slots=True)
class Gate:
    """A section: what it stands in (-1: nothing), and when it is there."""

    parent: int
    relevant: Evaluate[bool] | None


@dataclass(slots=True)
class Worked:
    """
    The values of one level after a pass, and which items are asked; `rows` by the table's code.

    `values` are by name, as conditions cite them. Items that nobody cites may share a name, so the
    value of an item itself stands in `own`, in paper order.
    """

    values: dict[str, Value]
    own: list[Value]
    asked: list[bool]
    rows: "dict[str, list[Worked]]"


class Level:
    """One level, compiled."""

    def __init__(self, members: Sequence[Item | Section], form: Form) -> None:
        self.items = tuple(item for item, _ in placed(members))
        spots = {item.code: spot for spot, item in enumerate(self.items)}
        self._gates: list[Gate] = []
        self._gate_of: dict[str, int] = {}
        self._open_gates(members)
        self.judges = tuple(Judge(item, form) for item in self.items)
        self._steps = tuple(
            Step(
                spot=spots[item.code],
                code=item.code,
                name=item.cited_as,
                gate=self._gate_of[item.code],
                relevant=_test(item.relevant),
                work=_work(item),
                cites=_cited(item),
                rows=Level(item.columns, form) if item.kind is Kind.TABLE else None,
            )
            for item, _ in in_order(members)
        )
        self._levels = {step.code: step.rows for step in self._steps if step.rows is not None}

    def work_out(
        self,
        given: Given,
        values: dict[str, Value],
        today: str,
        position: int = 0,
        put_back: PutBack | None = None,
    ) -> Worked:
        """
        Return every value: blank where an item is not asked, calculated, or as it was given.

        Args:
            given: Values by code, of a table its rows; a missing one is blank.
            values: Those of the levels around; what is worked out is added to them.
            today: Local day as YYYY-MM-DD.
            position: The row of its table, from 1.
            put_back: What to treat as asked though it is left out; nothing, unless said.
        """
        scope = Scope(values, position=position, today=today)
        asked = [False] * len(self.items)
        own: list[Value] = [""] * len(self.items)
        gates: list[bool | None] = [None] * len(self._gates)
        rows: dict[str, list[Worked]] = {}
        for step in self._steps:
            gate = step.gate
            is_open = True if gate < 0 else gates[gate]
            if is_open is None:
                is_open = self._pass(gate, gates, scope)
            is_asked = is_open and (step.relevant is None or step.relevant(scope))
            if not is_asked and (put_back is None or not put_back.takes(step, given)):
                values[step.name] = ""
                if step.rows is not None:
                    step.rows.leave_out(values)
                    values[step.name] = []
                continue
            asked[step.spot] = True
            if step.work is not None:
                value = sound(step.work(scope))
            elif step.rows is not None:
                rows_given = given.get(step.code) or []
                rows[step.code] = step.work_out_rows(rows_given, values, today, put_back)
                value = values[step.name]
            else:
                value = given.get(step.code, "")
            values[step.name] = own[step.spot] = value
        return Worked(values, own, asked, rows)

    def names(self) -> Iterator[str]:
        """Yield the names of all items of this level and of the tables in it."""
        yield from (item.cited_as for item in self.items)
        for level in self._levels.values():
            yield from level.names()

    def cells(self, rows: "Sequence[Worked]") -> "Iterator[tuple[str, Value]]":
        """Yield each name with its value in each row in which it is asked."""
        within = [name for level in self._levels.values() for name in level.names()]
        for row in rows:
            for item, value, is_asked in zip(self.items, row.own, row.asked, strict=True):
                if is_asked:
                    yield item.cited_as, value
            for name in within:
                yield name, row.values[name]

    def leave_out(self, values: dict[str, Value]) -> None:
        """Show outside that there is no row."""
        values.update({name: [] for name in self.names()})

    def rows_of(self, code: str) -> "Level":
        """Return the level of a table's rows."""
        return self._levels[code]

    def tables_around(self, code: str) -> tuple[str, ...]:
        """Return the codes of the tables in whose rows an item stands, outermost first."""
        for table, level in self._levels.items():
            if any(item.code == code for item in level.items):
                return (table,)
            if inside := level.tables_around(code):
                return (table, *inside)
        return ()

    def around_in(self, row: Worked, around: Mapping[str, Value]) -> dict[str, Value]:
        """
        Return the values that the conditions of one row see.

        What is outside of its table was worked out after the table's rows as well as before.
        """
        return {**around, **{name: row.values[name] for name in self.names()}}

    def _open_gates(self, members: Sequence[Item | Section], parent: int = -1) -> None:
        for member in members:
            if isinstance(member, Section):
                self._gates.append(Gate(parent, _test(member.relevant)))
                self._open_gates(member.items, len(self._gates) - 1)
            else:
                self._gate_of[member.code] = parent

    def _pass(self, number: int, gates: list[bool | None], scope: Scope) -> bool:
        gate = self._gates[number]
        is_open = gate.parent < 0 or self._pass(gate.parent, gates, scope)
        is_open = is_open and (gate.relevant is None or gate.relevant(scope))
        gates[number] = is_open
        return is_open


def _test(condition: Condition | None) -> Evaluate[bool] | None:
    return None if condition is None else compile_condition(condition.tree)


def _cited(item: Item) -> frozenset[str]:
    made = _made_by(item)
    return frozenset() if made is None else references(made.tree)


def _work(item: Item) -> Evaluate[Value] | None:
    made = _made_by(item)
    return None if made is None else compile_tree(made.tree)


def _made_by(item: Item) -> Condition | None:
    """Return what gives the item its value, None where a person does."""
    is_constant = item.kind is Kind.HIDDEN and item.default is not None
    return item.default if is_constant else item.calculation
