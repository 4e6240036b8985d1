"""The season in the field: who goes where and when, what goes wrong, and all phones syncing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from inspect_server.app import make_backend
from inspect_server.config import Settings
from inspect_server.demo import season
from inspect_server.demo.field.handset import Handset
from inspect_server.demo.field.visiting import Course, Visit, pulled_visit
from inspect_server.demo.folder import Folder
from inspect_server.demo.office_work import PASSWORD, Inspector
from inspect_server.domain.enums import TeamRole
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import Inspection, InspectionMember
from inspect_server.store.models.planning import DrawTeam

AT_ONCE = 3
"""Phones or visits at a time: the demo is made for two cores."""
MORNING, AFTERNOON = time(9), time(14)

_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True)
class Task:
    """One inspection as the office sent it."""

    number: str
    lead: str  # login
    member: str

    @property
    def team(self) -> frozenset[str]:
        """Both logins."""
        return frozenset((self.lead, self.member))


@dataclass(frozen=True)
class Parts:
    """Which task gets which special event. Every other task is an ordinary visit."""

    reassigned: Task
    conflict: Task
    killed: Task
    cut: Task  # the member's upload breaks off
    lost_answer: Task  # the answer to the lead's push is lost
    clean: Task  # nothing is found
    refuses: Task  # the enterprise does not sign
    instead: Inspector  # takes over in `reassigned`


@dataclass
class Field:
    """All phones, and what is known of each visit."""

    folder: Folder
    handsets: dict[str, Handset] = field(default_factory=dict)

    def switch_on(self, logins: Iterable[str]) -> None:
        """Start one phone for each officer, however many tasks they have."""
        for login in sorted(logins):
            self.handsets[login] = Handset(login, self.folder.phones / f"{login}.db")
            self.handsets[login].switch_on()

    def switch_off(self) -> None:
        """Let all phones come to their end."""
        for handset in self.handsets.values():
            handset.switch_off()

    def enrol(self, server: str) -> None:
        """Log every phone in and pull its tasks."""
        at = season.DISPATCHED + timedelta(hours=1)

        def one(handset: Handset) -> None:
            handset.enrol(server, PASSWORD, at)
            handset.sync(server, at + timedelta(minutes=2))

        at_once(one, self.handsets.values())

    def sync(
        self, server: str, at: datetime, elsewhere: Mapping[str, str]
    ) -> dict[str, Mapping[str, Any]]:
        """
        Sync every phone, several at a time; return each one's report.

        Args:
            elsewhere: login -> another address under which that phone finds the server.
        """

        def one(handset: Handset) -> Mapping[str, Any]:
            return handset.sync(elsewhere.get(handset.login, server), at)

        reports = at_once(one, self.handsets.values())
        return dict(zip(self.handsets, reports, strict=True))

    def visit(self, task: Task, course: Course, at: datetime) -> Visit:
        """Return a visit, from what the lead's phone pulled."""
        lead, member = self.handsets[task.lead], self.handsets[task.member]
        return pulled_visit(task.number, lead, member, course, at)


def at_once(step: Callable[[_T], _R], things: Iterable[_T]) -> list[_R]:
    """Take a step for several at a time; the results come in the order of the things."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(step, things))


def drawn_logins(folder: Folder) -> list[str]:
    """Return the accounts of the officers who were drawn."""
    backend = make_backend(Settings(data_dir=folder.data))
    query = select(User.login).join(DrawTeam, DrawTeam.officer_id == User.officer_id).distinct()
    with backend.reading() as session:
        logins = list(session.scalars(query))
    backend.engine.dispose()
    return logins


def tasks_of(folder: Folder) -> list[Task]:
    """Return the tasks that were sent, by number."""
    backend = make_backend(Settings(data_dir=folder.data))
    query = (
        select(Inspection.number, InspectionMember.role, User.login)
        .join(InspectionMember, InspectionMember.inspection_id == Inspection.id)
        .join(User, User.officer_id == InspectionMember.officer_id)
        .order_by(Inspection.number)
    )
    teams: dict[str, dict[TeamRole, str]] = {}
    with backend.reading() as session:
        for number, role, login in session.execute(query):
            teams.setdefault(number, {})[role] = login
    backend.engine.dispose()
    return [
        Task(number, team[TeamRole.LEAD], team[TeamRole.MEMBER]) for number, team in teams.items()
    ]


def cast(tasks: Sequence[Task], inspectors: Sequence[Inspector]) -> Parts:
    """
    Give the special events to suitable tasks, whatever was drawn.

    The one who falls ill has one task if anybody has; who takes over has none if possible, and
    no recusals. A phone suffers one mishap only.
    """
    busy = [login for task in tasks for login in task.team]
    left = sorted(tasks, key=lambda task: (busy.count(task.member), task.number))
    chosen: list[Task] = []
    for _ in range(5):
        used = {login for task in chosen for login in task.team}
        chosen.append(min(left, key=lambda task: len(task.team & used)))
        left.remove(chosen[-1])
    reassigned, conflict, killed, cut, lost = chosen
    # The last two of the registry are on leave, or hold an expired certificate.
    able = [one for one in inspectors[:-2] if not one.recused and one.login not in reassigned.team]
    instead = min(able, key=lambda one: (busy.count(one.login), one.login))
    return Parts(reassigned, conflict, killed, cut, lost, left[0], left[1], instead)


def courses(tasks: Sequence[Task], parts: Parts) -> dict[str, Course]:
    """Return how each visit goes, by number."""
    found = {}
    for index, task in enumerate(tasks):
        found[task.number] = Course(
            general=2 if task == parts.refuses else 1 + index % 3,
            major=1 if index % 3 == 1 else 0,
            corrected=index % 2 == 0,
            not_applicable=1 + index % 4,
            not_checked=task == parts.lost_answer,
            gap=task == parts.refuses,
            refuses=task == parts.refuses,
            large_photo=task == parts.cut,
        )
    found[parts.clean.number] = Course(general=0, major=0)
    return found


def calendar(tasks: Sequence[Task], parts: Parts) -> list[tuple[datetime, list[Task]]]:
    """Spread the visits over mornings and afternoons; nobody is in two places at once."""
    halves = [
        datetime.combine(day, start, season.ZONE)
        for day in season.VISIT_DAYS
        for start in (MORNING, AFTERNOON)
    ]
    halves.pop()  # on the last afternoon the phones sync
    taken: list[list[Task]] = [[] for _ in halves]
    taken[-1].append(parts.reassigned)  # so that the reassignment finds an unfinished visit
    for index, task in enumerate(task for task in tasks if task != parts.reassigned):
        order = [(index + n) % len(halves) for n in range(len(halves))]
        free = (n for n in order if not any(task.team & other.team for other in taken[n]))
        taken[next(free)].append(task)
    return list(zip(halves, taken, strict=True))
