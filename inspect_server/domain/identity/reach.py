"""Whom a case concerns: which cases each role reaches, for reading and for every step alike."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from inspect_server.domain.enums import Role, TeamRole

WHOLE_BUREAU = frozenset({Role.APPROVER, Role.LEGAL_REVIEWER, Role.OFFICE, Role.AUDITOR})
"""Roles that reach every unit's cases; a supervisor the own unit's, an inspector the own."""

ONCE_BEGUN = frozenset({Role.LEGAL_REVIEWER, Role.OFFICE})
"""Those of them whose work begins with the record: until its visit a check is unannounced."""

DEVICE_KEEPERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
"""They look after devices and see no case: phones yes, what phones brought no."""

Acting = Role | TeamRole
"""As what somebody takes a step; TeamRole.LEAD: as the inspector who leads that very case."""


class Person(Protocol):
    """Who looks or acts: what a use case calls the actor."""

    @property
    def roles(self) -> frozenset[Role]:
        """The account's roles."""

    @property
    def unit(self) -> str:
        """The account's unit; the bureau's own name for somebody above the units."""

    @property
    def officer_id(self) -> UUID | None:
        """The officer behind the account."""


@dataclass(frozen=True)
class Reach:
    """Which cases somebody reaches: those that any of these covers; nothing covers none."""

    everything: bool = False
    unit: str = ""  # cases of this unit, or of the bureau of this name
    officer: UUID | None = None  # cases on whose team this officer is now
    led_only: bool = False  # of those, only where the officer is the lead
    begun: bool = False  # every case whose visit has begun, or that is over

    @property
    def is_empty(self) -> bool:
        """Whether it covers no case at all."""
        return not (self.everything or self.unit or self.officer or self.begun)


def reach(person: Person, acting: Collection[Acting] = tuple(Role)) -> Reach:
    """
    Return which cases somebody reaches in one of the roles named, as far as they hold it.

    The three administrators reach none (三员分立). A role counts for its own cases only: who
    supervises one unit and inspects for another supervises nothing there.

    Args:
        acting: The roles that a step allows; all of them for reading.
    """
    held = person.roles.intersection(acting)
    as_lead = TeamRole.LEAD in acting and Role.INSPECTOR in person.roles
    is_inspector = Role.INSPECTOR in held
    return Reach(
        everything=bool(held & (WHOLE_BUREAU - ONCE_BEGUN)),
        unit=person.unit if Role.SUPERVISOR in held else "",
        officer=person.officer_id if is_inspector or as_lead else None,
        led_only=as_lead and not is_inspector,
        begun=bool(held & ONCE_BEGUN),
    )


def decides_on_draw(
    person: Person, bureau: str, unit: str, acting: Collection[Acting] = (Role.SUPERVISOR,)
) -> bool:
    """
    Return whether somebody decides on a draw: a supervisor of the unit that made it or above.

    Args:
        bureau: The authority whose draw it is.
        unit: The unit that made it, "" where that is not known.
        acting: The roles that the step allows; one that reaches every unit's cases reaches draws.
    """
    within = reach(person, acting)
    return within.everything or within.unit in {bureau, unit} - {""}


def knows_drawn(person: Person, bureau: str, unit: str, *, has_schemes: bool) -> bool:
    """
    Return whether somebody may see whom a draw chose before its batch is public.

    Supervisors of the unit that made the draw, and those above the units; an approver, once there
    are schemes to approve; the auditor. Everybody else could only give a visit away.

    Args:
        bureau: The authority whose draw it is.
        unit: The unit that made it, "" where that is not known.
        has_schemes: Whether its inspections are drafted.
    """
    if Role.AUDITOR in person.roles or (has_schemes and Role.APPROVER in person.roles):
        return True
    return decides_on_draw(person, bureau, unit)


def reach_of_phones(person: Person, bureau: str) -> Reach:
    """
    Return whose phones somebody looks after: every unit's, or those of the own unit.

    Args:
        bureau: The bureau's name; a supervisor whose unit it is stands above the units.
    """
    supervised = person.unit if Role.SUPERVISOR in person.roles else ""
    everything = person.roles & (WHOLE_BUREAU | DEVICE_KEEPERS) or (
        supervised and supervised == bureau
    )
    return Reach(everything=bool(everything), unit=supervised)
