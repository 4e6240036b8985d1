"""Which departments send a team: our own, and in a joint check (部门联合) its partners."""

from collections.abc import Sequence
from dataclasses import dataclass

from inspect_server.domain.errors import BadInput
from inspect_server.store.drawing.draws import OfficerRow

OWN = "应急"
FIELD = "联合检查部门"
MAX_NAME = 40


@dataclass(frozen=True)
class Department:
    """
    One department with the units (所在科室) whose officers it sends.

    Our own has no units here: everybody is ours whom no partner claims.
    """

    name: str
    units: frozenset[str] = frozenset()


def configured(text: str) -> tuple[Department, ...]:
    """
    Read the partners of the configuration: `消防=区消防救援大队；市监=区市场监管局，市场稽查大队`.

    Raises:
        BadInput: It is not written like this, or two partners claim one unit.
    """
    parts = text.replace("；", ";").split(";")
    return _distinct([_read(part) for part in parts if part.strip()])


def chosen(known: Sequence[Department], named: Sequence[str]) -> tuple[Department, ...]:
    """
    Return the partners of one draw, each named as configured or given as `名称=单位`.

    Raises:
        BadInput: A name is unknown, or two of them claim one unit.
    """
    by_name = {one.name: one for one in known}
    found = []
    for text in named:
        if "=" in text.replace("＝", "="):
            found.append(_read(text))
            continue
        if text not in by_name:
            raise BadInput(
                field=FIELD,
                reason=f"系统配置中没有列出“{text}”，可写作“{text}=单位名称”",
            )
        found.append(by_name[text])
    return _distinct(found)


def divided(
    officers: Sequence[OfficerRow], known: Sequence[Department], joined: Sequence[Department]
) -> list[tuple[OfficerRow, int]]:
    """
    Return who belongs to which department of a draw: 0 is our own, then the partners in order.

    Officers of a configured partner that does not take part stay out of the draw altogether: they
    are not ours to send.

    Raises:
        BadInput: A partner has no officer in the registry.
    """
    place = {unit: n for n, one in enumerate(joined, start=1) for unit in one.units}
    absent = {unit for one in known for unit in one.units} - set(place)
    found = [(one, place.get(one.unit, 0)) for one in officers if one.unit not in absent]
    for n, one in enumerate(joined, start=1):
        if all(number != n for _, number in found):
            units = "、".join(sorted(one.units))
            raise BadInput(
                field=FIELD,
                reason=f"{one.name}（{units}）没有在册的执法人员，请先导入其人员并写明所在科室",
            )
    return found


def _read(text: str) -> Department:
    name, equals, rest = text.replace("＝", "=").partition("=")
    units = [unit.strip() for unit in rest.replace("，", ",").split(",")]
    if not equals or not name.strip() or not all(units):
        raise BadInput(field=FIELD, reason=f"“{text.strip()}”应写作“名称=单位，单位”")
    if len(name.strip()) > MAX_NAME or "/" in name:
        raise BadInput(field=FIELD, reason=f"部门名称不超过 {MAX_NAME} 字，不能有 /")
    return Department(name.strip(), frozenset(units))


def _distinct(departments: Sequence[Department]) -> tuple[Department, ...]:
    names = [OWN, *(one.name for one in departments)]
    if len(set(names)) != len(names):
        raise BadInput(field=FIELD, reason=f"部门名称重复，或与本部门（{OWN}）同名")
    units = [unit for one in departments for unit in one.units]
    if len(set(units)) != len(units):
        raise BadInput(field=FIELD, reason="同一单位列在了两个部门下")
    return tuple(departments)
