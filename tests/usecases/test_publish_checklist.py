"""Versions of checklists: published for good, retired by a day, and what tasks get of them."""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from forms import load
from forms.body import content_sha256, to_json
from forms.errors import FormNotFound
from forms.expressions.parsing import parse
from forms.library import Library
from forms.load import packaged_tables
from forms.model import Condition, Item, Kind, Section
from forms.workbook.office import guide
from inspect_server.domain.enums import Role, Sector
from inspect_server.domain.errors import BadInput, Forbidden, InspectError
from inspect_server.reads import checklists as reads
from inspect_server.reads import record_checks
from inspect_server.store import checklists, record
from inspect_server.store.checklists import libraries
from inspect_server.store.models.checklists import PublishedChecklist
from inspect_server.store.models.inspection import Inspection, InspectionForm
from inspect_server.store.models.journal import SyncDocument
from inspect_server.usecases.checklists.publish_checklist import (
    BeginsTooEarly,
    CodesNotSendable,
    StillTheExample,
    VersionNotNewer,
    VersionTaken,
    publish_checklist,
)
from inspect_server.usecases.checklists.retire_checklist import (
    RetiredAlready,
    RetiredVersion,
    retire_checklist,
)
from inspect_server.usecases.inspecting.dispatch import dispatch, refresh_scheme
from inspect_server.usecases.phones.publish_task import publish_task
from inspect_server.usecases.work import Actor, Backend
from tests.conftest import FixedClock
from tests.usecases.bureau import FIRST, FORM, LIBRARY, open_bureau, small_form
from tests.usecases.checklist_samples import KEEPER, REVIEWER, following, item, publish

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

TODAY = date(2026, 3, 2)


def retire(backend: Backend, first_day: date, version: int = 1) -> RetiredVersion:
    with backend.begin(KEEPER) as work:
        return retire_checklist(work, "small", version, first_day)


def handed_out(backend: Backend, on: date) -> list[str]:
    with backend.reading() as session:
        found = checklists.library(session).handed_out([Sector.CONFINED_SPACE.value], on)
    return [form.ref for form in found]


def damaged(backend: Backend) -> list[str]:
    with backend.reading() as session:
        return [fault for one in record_checks.check_cases(session) for fault in one.faults]


def test_a_published_version_is_there_with_every_word(backend: Backend) -> None:
    form = following()

    made = publish(backend, form)

    with backend.reading() as session:
        found = checklists.published(session).get("small", 2)
        assert found == form
        assert (made.ref, made.is_new) == ("small@2", True)
        assert made.content_sha256 == content_sha256(found)
    assert damaged(backend) == []


def test_the_same_content_again_changes_nothing(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, following())

    again, packaged = (publish(sqlite_backend, form) for form in (following(), FORM))

    assert (again.is_new, packaged.is_new) == (False, False)
    with sqlite_backend.reading() as session:
        assert [row.is_own for row in reads.versions(session)] == [False, True]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"version": 1, "title": "另一标题"}, VersionTaken),
        ({"version": 3, "title": "另一标题"}, VersionTaken),
        ({"version": 2}, VersionNotNewer),
        ({"version": 4, "effective_from": date(2026, 3, 9)}, BeginsTooEarly),
    ],
    ids=["packaged", "published", "older", "begins earlier"],
)
def test_a_version_only_follows_those_that_there_are(
    sqlite_backend: Backend, changes: dict[str, Any], refused: type[Exception]
) -> None:
    publish(sqlite_backend, following(3))

    with pytest.raises(refused):
        publish(sqlite_backend, following(**changes))


@pytest.mark.parametrize("retired_on", [TODAY, date(2072, 1, 1)], ids=["today", "first day"])
def test_a_version_that_never_begins_keeps_no_other_from_its_day(
    sqlite_backend: Backend, retired_on: date
) -> None:
    """Its first day was a mistake that nobody could put right otherwise."""
    publish(sqlite_backend, following(effective_from=date(2072, 1, 1)))
    right = following(version=3, effective_from=date(2026, 4, 1))
    with pytest.raises(BeginsTooEarly, match="forms retire small@2 --from 2072-01-01"):
        publish(sqlite_backend, right)

    retire(sqlite_backend, retired_on, version=2)
    made = publish(sqlite_backend, right)

    assert made.is_new
    assert handed_out(sqlite_backend, date(2026, 3, 31)) == ["small@1"]
    assert handed_out(sqlite_backend, date(2026, 4, 1)) == ["small@3"]
    assert handed_out(sqlite_backend, date(2072, 1, 1)) == ["small@3"]


def test_of_steps_at_the_same_moment_each_sees_what_was_done_before(backend: Backend) -> None:
    """A version is never published below a newer one, and no step is told as a broken database."""
    forms = [following(9), following(8), following(7), following(7)]
    start = Barrier(len(forms))

    def at_once(step: Callable[[Any], Any], given: Any) -> Any:
        start.wait()
        try:
            return step(given)
        except InspectError as refused:
            return type(refused)

    def all_at_once(step: Callable[[Any], Any], given: Iterable[Any]) -> list[Any]:
        with ThreadPoolExecutor(len(forms)) as pool:
            return list(pool.map(partial(at_once, step), given))

    all_at_once(partial(publish, backend), forms)
    ends = all_at_once(partial(retire, backend), [TODAY + timedelta(n) for n in range(4)])

    with backend.reading() as session:
        leaves = record.leaves(session, checklists.case_of("small"))
        said = [json.loads(leaf.content)["body"] for leaf in leaves]
    published = [body["version"] for body in said if "body_sha256" in body]
    assert published == sorted(set(published))
    assert sorted(one is RetiredAlready for one in ends) == [False, True, True, True]
    assert damaged(backend) == []


def test_retiring_is_advised_only_where_it_would_be_done(sqlite_backend: Backend) -> None:
    """Neither of a version that began, nor of one whose end was said."""
    publish(sqlite_backend, following(effective_from=TODAY - timedelta(days=1)))
    with pytest.raises(BeginsTooEarly) as begun:
        publish(sqlite_backend, following(version=3, effective_from=TODAY - timedelta(days=2)))
    publish(sqlite_backend, following(version=3, effective_from=date(2072, 1, 1)))
    retire(sqlite_backend, date(2072, 6, 1), version=3)
    with pytest.raises(BeginsTooEarly) as retired:
        publish(sqlite_backend, following(version=4, effective_from=TODAY))

    for refused in (begun, retired):
        assert str(refused.value).endswith("请改为不早于该日的日期后重试。")


def test_the_example_of_the_template_is_published_under_none_of_its_names(
    sqlite_backend: Backend,
) -> None:
    example = guide.example(packaged_tables())

    for left in (example, replace(example, name="own"), replace(example, title="本局检查表")):
        with pytest.raises(StillTheExample, match="请将名称、代号和示例条目换成自己的内容"):
            publish(sqlite_backend, left)
    assert publish(sqlite_backend, replace(example, name="own", title="本局检查表")).is_new


TABLE = Item("T1", Kind.TABLE, "清单", columns=(Item("数量", Kind.INTEGER, "数量"),))


@pytest.mark.parametrize(
    ("change", "refused", "says"),
    [
        ({"sections": (Section("一", (item("检查一"), item("B1"))),)}, CodesNotSendable, "检查一"),
        ({"sectors": ("mining",)}, BadInput, "mining"),
        ({"title": "长" * 201}, BadInput, "200"),
        ({"version": 1_000_000_000}, BadInput, "999999999"),
        (
            {"sections": (Section("一", (replace(item("B1"), rectify="deadline.none"),)),)},
            BadInput,
            "deadline.none",
        ),
    ],
    ids=["code", "sector", "title", "version", "period"],
)
def test_what_this_server_or_its_phones_cannot_use_is_not_published(
    sqlite_backend: Backend, change: dict[str, Any], refused: type[Exception], says: str
) -> None:
    with pytest.raises(refused, match=says):
        publish(sqlite_backend, following(**change))


def test_the_columns_of_a_table_have_any_codes(sqlite_backend: Backend) -> None:
    made = publish(sqlite_backend, following(sections=(Section("一", (TABLE,)),)))

    assert made.is_new


@pytest.mark.parametrize("role", list(Role))
def test_checklists_are_kept_by_those_who_answer_for_them(
    sqlite_backend: Backend, role: Role
) -> None:
    may = role in {Role.SUPERVISOR, Role.APPROVER, Role.LEGAL_REVIEWER}
    actor = Actor("user:0", frozenset({role}))
    steps: list[Callable[[], object]] = [
        lambda: publish(sqlite_backend, following(), actor),
        lambda: _retire_as(sqlite_backend, actor),
    ]

    for step in steps:
        if may:
            step()
        else:
            with pytest.raises(Forbidden):
                step()
    with sqlite_backend.reading() as session:
        assert len(checklists.published(session)) == 1 + may


def _retire_as(backend: Backend, actor: Actor) -> None:
    with backend.begin(actor) as work:
        retire_checklist(work, "small", 1, TODAY)


def test_what_is_published_again_by_a_later_program_stays_the_bureaus(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(sqlite_backend, following())
    later = Library([FORM, following(title="程序带来的另一内容")])
    monkeypatch.setattr(load, "packaged", lambda: later)

    with sqlite_backend.reading() as session:
        assert checklists.published(session).get("small", 2).title == FORM.title


def test_a_version_with_conditions_comes_back_whole(sqlite_backend: Backend) -> None:
    text = "${A1} = 'fail' and 1.5 < 2"
    asked = replace(item("B1"), relevant=Condition(text, parse(text)))
    form = following(sections=(Section("一", (item("A1"), asked)),))

    publish(sqlite_backend, form)

    with sqlite_backend.reading() as session:
        assert checklists.published(session).get("small", 2) == form
    assert damaged(sqlite_backend) == []


def test_the_first_day_decides_which_version_a_new_task_gets(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, following())

    begins = following().effective_from
    assert handed_out(sqlite_backend, begins - timedelta(days=1)) == ["small@1"]
    assert handed_out(sqlite_backend, begins) == ["small@2"]


def test_a_retired_version_is_handed_out_until_the_day_before(sqlite_backend: Backend) -> None:
    last = date(2026, 3, 20)

    made = retire(sqlite_backend, last)

    assert made.successor == ""
    assert handed_out(sqlite_backend, last - timedelta(days=1)) == ["small@1"]
    assert handed_out(sqlite_backend, last) == []
    assert damaged(sqlite_backend) == []


def test_retiring_an_older_version_says_what_is_used_instead(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, following())

    assert retire(sqlite_backend, date(2026, 3, 15)).successor == "small@2"


def test_a_version_is_retired_once_and_never_in_the_past(
    sqlite_backend: Backend, clock: FixedClock
) -> None:
    with pytest.raises(BadInput):
        retire(sqlite_backend, TODAY - timedelta(days=1))
    retire(sqlite_backend, TODAY)
    clock.forward(days=1)

    for day in (TODAY + timedelta(days=1), TODAY + timedelta(days=9)):
        with pytest.raises(RetiredAlready, match=str(TODAY)):
            retire(sqlite_backend, day)
    with pytest.raises(FormNotFound):
        retire(sqlite_backend, TODAY + timedelta(days=9), version=7)


def test_an_end_that_the_definition_itself_says_may_only_come_earlier(
    sqlite_backend: Backend,
) -> None:
    end = date(2026, 6, 1)
    publish(sqlite_backend, following(retired_on=end))

    with pytest.raises(RetiredAlready):
        retire(sqlite_backend, end, version=2)
    assert retire(sqlite_backend, end - timedelta(days=1), version=2).retired_on < end


def _shown_to_phones(backend: Backend) -> dict[str, bytes]:
    with backend.reading() as session:
        return {row.id: bytes(row.body) for row in session.scalars(select(SyncDocument))}


def test_a_task_on_a_phone_keeps_its_checklist_byte_by_byte(
    backend: Backend, clock: FixedClock
) -> None:
    bureau = open_bureau(backend)
    sent, waiting = bureau.approved()
    with backend.begin(bureau.author) as work:
        dispatch(work, sent)
    before = _shown_to_phones(backend)

    publish(backend, following(effective_from=FIRST))
    retire(backend, TODAY)
    clock.forward(days=1)
    with backend.begin(bureau.author) as work:
        publish_task(work, sent)
        refresh_scheme(work, waiting)

    after = _shown_to_phones(backend)
    with backend.reading() as session:
        sets = {one: session.get_one(Inspection, one).form_set for one in (sent, waiting)}
        pinned = session.scalars(
            select(InspectionForm).where(InspectionForm.inspection_id == sent)
        ).one()
    assert "form/small@1" in before
    assert before.items() <= after.items()
    assert sets == {sent: "small@1", waiting: "small@2"}
    assert pinned.content_sha256 == content_sha256(FORM)
    assert damaged(backend) == []


def test_a_scheme_that_is_drafted_later_gets_the_focus_list_of_its_day(
    sqlite_backend: Backend,
) -> None:
    bureau = open_bureau(sqlite_backend)
    publish(sqlite_backend, following(effective_from=FIRST))

    first = bureau.schemes()[0]

    with sqlite_backend.reading() as session:
        assert session.get_one(Inspection, first).form_set == "small@2"
        assert [row.focus for row in reads.versions(session)] == [0, 1]


def test_nothing_is_read_again_until_something_is_published(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(sqlite_backend, following())
    read: list[str] = []
    monkeypatch.setattr(
        libraries, "from_json", lambda body: read.append(body["title"]) or following()
    )
    for _ in range(3):
        with sqlite_backend.reading() as session:
            checklists.library(session)
    once = len(read)
    retire(sqlite_backend, TODAY)
    with sqlite_backend.reading() as session:
        assert checklists.library(session).get("small", 1).retired_on == TODAY

    assert (once, len(read)) == (1, 1)


def test_a_bureau_that_published_nothing_has_the_packaged_library_itself(
    sqlite_backend: Backend,
) -> None:
    with sqlite_backend.reading() as session:
        assert checklists.library(session) is LIBRARY


def test_a_published_body_is_the_one_that_phones_pull(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, following())

    with sqlite_backend.reading() as session:
        row = session.scalars(select(PublishedChecklist)).one()
        assert row.body == to_json(following())
        assert row.content_sha256 == row.body["content_sha256"]


def test_a_refused_publication_leaves_nothing_behind(sqlite_backend: Backend) -> None:
    with pytest.raises(BadInput), sqlite_backend.begin(REVIEWER) as work:
        publish_checklist(work, following(sectors=("mining",)))

    with sqlite_backend.reading() as session:
        assert checklists.library(session) is LIBRARY


def test_versions_are_listed_with_what_a_reader_asks_first(sqlite_backend: Backend) -> None:
    publish(sqlite_backend, following())
    retire(sqlite_backend, date(2026, 5, 1))

    with sqlite_backend.reading() as session:
        first, second = reads.versions(session)

    assert (first.ref, first.items, first.major, first.retired_on) == (
        "small@1",
        3,
        1,
        date(2026, 5, 1),
    )
    assert (second.effective_from, second.items, second.unconfirmed) == (date(2026, 3, 10), 4, 0)
    assert second.content_sha256 == content_sha256(following())
