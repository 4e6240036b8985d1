"""Values as people read them: labels for codes, units behind numbers, tables row by row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from forms.evaluation.filling import GIVEN, Answer, Filling, compiled
from forms.evaluation.given import WrongValue, read, read_rows, takes_value
from forms.evaluation.sheet import Level, Worked
from forms.expressions.values import to_text
from forms.model import ATTACHMENTS, NUMBERS, Form, Item, Kind, placed

Read = Callable[[Form, Item, Any], str]


def values_in_words(
    form: Form, answers: Mapping[str, Answer], *, on: date, photos: Mapping[str, int]
) -> dict[str, str]:
    """
    Return in Chinese the value of every item that is there and has one, by code, in paper order.

    Checks have none; nor has what nobody answers, unless it is calculated. A value that cannot
    stand is left out. A table has a line for each row.

    Args:
        form: The version that the inspection pins.
        answers: By item code, as phones send them.
        on: The day of the visit.
        photos: By item code, how many photos or recordings answer it.
    """
    filling = Filling(form, on.isoformat())
    for code, answer in answers.items():
        filling.answer(code, answer)
    for code, count in photos.items():
        filling.attach(code, count)
    given = {
        item.code: answers[item.code][GIVEN]
        for item in form.items
        if takes_value(item) and _is_given(answers.get(item.code, {}))
    }
    return dict(_of_level(form, compiled(form), filling.worked(), given))


def value_in_words(form: Form, item: Item, given: Any) -> str:
    """
    Return one given value in Chinese, whatever is asked now; "" where it is none of the item's.

    Args:
        form: The version that the inspection pins.
        item: One of its items, or a column.
        given: As phones send it.
    """
    if item.kind is Kind.CHECK:
        return ""
    if item.kind is not Kind.TABLE:
        try:
            is_blank = read(item, given) == ""
        except WrongValue:
            return ""
        return "" if is_blank else READERS.get(item.kind, _text)(form, item, given)
    if read_rows(item, given)[1]:
        return ""
    columns = {column.code: column for column, _ in placed(item.columns)}
    return "；".join(
        f"第{number}行（{'，'.join(_cells(form, columns, row)) or '未填'}）"
        for number, row in enumerate(given, start=1)
    )


def attached_in_rows(
    form: Form, filling: Filling, answers: Mapping[str, Answer]
) -> Iterator[tuple[str, int, str]]:
    """
    Yield the id of everything attached in the rows of tables, with the table's code and the row.

    Rows count from 1; what is attached in a table within a row belongs to that row. A column that
    its row leaves unasked has nothing, nor has what is no value of its kind.

    Args:
        form: The version that the inspection pins.
        filling: The answers filled in.
        answers: The same by item code, as phones send them.
    """
    level, worked = compiled(form), filling.worked()
    for code, rows in worked.rows.items():
        given = answers.get(code, {}).get(GIVEN)
        for row, id in _attached_in(level.rows_of(code), rows, given):
            yield code, row, id


def _attached_in(level: Level, rows: Sequence[Worked], given: Any) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(rows, start=1):
        cells = given[number - 1]
        for code, inner in row.rows.items():
            found = _attached_in(level.rows_of(code), inner, cells.get(code))
            yield from ((number, id) for _, id in found)
        for item, is_asked in zip(level.items, row.asked, strict=True):
            cell = cells.get(item.code)
            if is_asked and item.kind in ATTACHMENTS and isinstance(cell, list):
                yield from ((number, id) for id in cell if isinstance(id, str))


def _is_given(answer: Answer) -> bool:
    return answer.get("result") == GIVEN and GIVEN in answer


def _cells(form: Form, columns: Mapping[str, Item], row: Mapping[str, Any]) -> Iterator[str]:
    for code, cell in row.items():
        said = value_in_words(form, columns[code], cell)
        yield f"{_in_one_line(columns[code].question) or code}：{said or '未填'}"


def _of_level(
    form: Form, level: Level, worked: Worked, given: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for spot, item in enumerate(level.items):
        value = worked.own[spot]
        if not worked.asked[spot] or item.kind is Kind.CHECK or value in ("", []):
            continue
        if item.kind is Kind.TABLE:
            inside = level.rows_of(item.code)
            rows = zip(worked.rows[item.code], given.get(item.code, ()), strict=True)
            yield item.code, "\n".join(_rows(form, inside, rows))
        elif item.calculation is not None:
            yield item.code, f"{to_text(value)}{item.unit}"
        elif item.kind in ATTACHMENTS:
            yield item.code, _counted(item, value)
        elif item.code in given:
            yield item.code, READERS.get(item.kind, _text)(form, item, given[item.code])


def _rows(form: Form, level: Level, rows: Any) -> Iterator[str]:
    questions = {item.code: _in_one_line(item.question) or item.code for item in level.items}
    for number, (worked, given) in enumerate(rows, start=1):
        cells = (
            f"{questions[code]}：{f'（{_in_one_line(text)}）' if _NEWLINE in text else text}"
            for code, text in _of_level(form, level, worked, given)
        )
        yield f"第{number}行　{'；'.join(cells) or '未填'}"


_NEWLINE = "\n"


def _in_one_line(text: str) -> str:
    return " ".join(text.split(_NEWLINE))


def _text(_: Form, __: Item, given: Any) -> str:
    return str(given)


def _number(_: Form, item: Item, given: Any) -> str:
    return f"{given}{item.unit}"


def _one(form: Form, item: Item, given: Any) -> str:
    chosen = (choice.label for choice in form.choices_of(item) if choice.name == given)
    return next(chosen, str(given))


def _several(form: Form, item: Item, given: Any) -> str:
    return "、".join(_one(form, item, name) for name in given)


def _attached(_: Form, item: Item, given: Any) -> str:
    return _counted(item, len(given))


def _counted(item: Item, count: object) -> str:
    return f"{count}{'张照片' if item.kind is Kind.PHOTO else '个文件'}"


def _day(_: Form, __: Item, given: Any) -> str:
    day = date.fromisoformat(given)
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(_: Form, __: Item, given: Any) -> str:
    return str(given).removesuffix("+08:00").replace("T", " ")


def _place(_: Form, __: Item, given: Any) -> str:
    datum = str(given.get("datum") or "")
    near = (datum, f"误差{given['accuracy_m']}米" if given.get("accuracy_m") else "")
    said = "，".join(filter(None, near))
    return f"纬度{given['latitude']}，经度{given['longitude']}" + (f"（{said}）" if said else "")


def _signature(_: Form, __: Item, given: Any) -> str:
    name = given.get("name")
    return f"{name}（已手写签名）" if name else "已手写签名"


def _acknowledged(_: Form, __: Item, ___: Any) -> str:
    return "已确认"


READERS: Mapping[Kind, Read] = {
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(ATTACHMENTS, _attached),
    Kind.SELECT_ONE: _one,
    Kind.SELECT_MULTIPLE: _several,
    Kind.DATE: _day,
    Kind.MOMENT: _moment,
    Kind.LOCATION: _place,
    Kind.SIGNATURE: _signature,
    Kind.ACKNOWLEDGE: _acknowledged,
}
