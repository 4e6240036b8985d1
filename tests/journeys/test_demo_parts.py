"""The parts of the demo that decide whether its story is believable."""

import csv
import io
import os
import signal
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from PIL import Image
from stdnum.cn import uscc

from forms.load import packaged
from inspect_server.demo import forked, season
from inspect_server.demo.field import handwriting, photos
from inspect_server.demo.field.handset import Handset, PhoneFailed, SaveLost
from inspect_server.demo.field.visiting import MAY_BE_ABSENT, Course, Visit
from inspect_server.demo.field_work import Task, calendar, cast, courses
from inspect_server.demo.figures import Figures
from inspect_server.demo.folder import Folder, FolderNotEmpty
from inspect_server.demo.office import Office, StepFailed
from inspect_server.demo.office_work import BUREAU, Inspector
from inspect_server.demo.registry import write_registry
from inspect_server.demo.season import ZONE
from inspect_server.store.engine import sqlite_module
from tests.journeys.conftest import inspect_server

WHEN = datetime(2026, 3, 9, 9, 30, tzinfo=ZONE)


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("precious")

    done = inspect_server("demo", "--folder", str(tmp_path))

    assert done.returncode == 1
    assert "不会覆盖" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("precious")

    with pytest.raises(FolderNotEmpty):
        Folder(tmp_path / "demo").renew()


def test_a_former_demo_is_rebuilt_from_nothing(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "demo")
    folder.renew()
    (folder.documents / "old.pdf").write_bytes(b"old")
    folder.data.mkdir()

    folder.renew()

    assert list(folder.documents.iterdir()) == []
    assert not folder.data.exists()


def test_verifying_where_no_demo_is_says_so(tmp_path: Path) -> None:
    done = inspect_server("demo", "--verify", "--folder", str(tmp_path / "none"))

    assert done.returncode == 1
    assert "没有完成的演示" in done.stderr
    assert not (tmp_path / "none").exists()


def test_registry_files_carry_valid_codes_and_as_many_faults_as_they_say(tmp_path: Path) -> None:
    files = write_registry(tmp_path, 2026)
    with files.enterprises_again.open(encoding="utf-8-sig", newline="") as file:
        codes = [normalize("NFKC", row["信用代码"]) for row in csv.DictReader(file)]

    assert files.bad_rows == 8
    assert files.officers.read_bytes().decode("gb18030").startswith("姓名,")
    assert len(codes) == 20
    assert all(map(uscc.is_valid, codes))


@pytest.mark.parametrize("scene", sorted(photos.SCENES))
def test_no_two_photos_are_the_same_file(scene: str) -> None:
    first = photos.take(scene, "a", WHEN, "一车间")
    second = photos.take(scene, "b", WHEN, "一车间")

    assert first != second
    assert Image.open(io.BytesIO(first)).size == photos.SIZE


def test_the_large_photo_needs_several_pieces() -> None:
    large = photos.take("machine", "a", WHEN, "一车间", large=True)

    assert len(large) >= photos.LARGE_BYTES > 2 * 1024 * 1024


@pytest.mark.parametrize("name", ["王伟", "欧阳晨瑞", "唐翠琳"])
def test_a_signature_lies_in_its_box_and_differs_from_hand_to_hand(name: str) -> None:
    strokes = handwriting.strokes(name, "a")

    assert len(strokes) >= 2 * len(name)
    assert all(0 <= number <= 1000 for line in strokes for point in line for number in point)
    assert strokes == handwriting.strokes(name, "a")
    assert strokes != handwriting.strokes(name, "b")


def tasks_with(busy: int) -> list[Task]:
    """Fourteen tasks; the first officer leads several of them."""
    return [
        Task(f"2026-{n:04d}", "zf00" if n <= busy else f"zf{2 * n:02d}", f"zf{2 * n + 1:02d}")
        for n in range(1, 15)
    ]


@pytest.mark.parametrize("busy", [1, 3, 5])
def test_nobody_is_sent_to_two_places_at_once(busy: int) -> None:
    tasks = tasks_with(busy)
    inspectors = [Inspector(f"zf{n:02d}", "某", str(n), n % 5 == 0) for n in range(40)]
    parts = cast(tasks, inspectors)
    halves = calendar(tasks, parts)

    assert sorted(task.number for _, group in halves for task in group) == [
        task.number for task in tasks
    ]
    for _, group in halves:
        logins = [login for task in group for login in task.team]
        assert len(logins) == len(set(logins))
    assert parts.reassigned in halves[-1][1]


def test_special_events_fall_on_different_visits_and_phones() -> None:
    tasks = tasks_with(1)
    inspectors = [Inspector(f"zf{n:02d}", "某", str(n), n % 5 == 0) for n in range(40)]
    parts = cast(tasks, inspectors)
    special = [
        parts.reassigned, parts.conflict, parts.killed, parts.cut, parts.lost_answer,
        parts.clean, parts.refuses,
    ]  # fmt: skip

    assert len({task.number for task in special}) == 7
    assert parts.cut.member != parts.lost_answer.lead
    assert parts.instead.login not in parts.reassigned.team
    assert not parts.instead.recused


def test_the_clean_visit_finds_nothing_and_some_find_major_hazards() -> None:
    tasks = tasks_with(1)
    inspectors = [Inspector(f"zf{n:02d}", "某", str(n), False) for n in range(40)]
    parts = cast(tasks, inspectors)
    found = courses(tasks, parts)

    assert (found[parts.clean.number].general, found[parts.clean.number].major) == (0, 0)
    assert sum(course.major for course in found.values()) >= 3
    assert sum(course.refuses for course in found.values()) == 1
    assert sum(course.large_photo for course in found.values()) == 1


def test_a_table_names_what_differs() -> None:
    one = Figures(*range(19))
    other = Figures(*range(18), 99)

    assert one.differences(one) == []
    assert one.differences(other) == ["全过程记录事件（条）：登记 18，重新计算 99"]


@pytest.fixture
def handset(tmp_path: Path) -> Iterator[Handset]:
    """A phone in a process of its own that nobody has enrolled."""
    phone = Handset("zf01", tmp_path / "zf01.db")
    phone.switch_on()
    yield phone
    phone.switch_off()


def test_a_confirmed_save_that_is_not_on_the_phone_is_noticed(handset: Handset) -> None:
    handset.confirmed.append("0" * 64)

    with pytest.raises(SaveLost) as error:
        handset.check_kept()

    assert error.value.facts == {"phone": "zf01", "count": 1}


def test_a_phone_that_says_no_stops_the_demo_with_its_own_words(handset: Handset) -> None:
    with pytest.raises(PhoneFailed, match="本机尚未登记"):
        handset.ask("note", task="1", text="x")

    assert handset.confirmed == []


def test_a_phone_that_died_stops_the_demo(handset: Handset) -> None:
    number = handset.kill_during("own_entries")
    handset.switch_on()

    assert number == signal.SIGKILL
    assert handset.check_kept() == 0


def test_of_two_programs_one_is_killed_and_the_other_ends_by_itself(tmp_path: Path) -> None:
    hears, types = os.pipe()
    with (
        open(hears, "rb") as stdin,
        open(os.devnull, "rb") as nothing,
        (tmp_path / "said").open("wb") as said,
    ):
        words, streams = (str(tmp_path / "phone.db"), "终端"), (stdin, said, said)
        killed = forked.Forked(forked.PHONE, words, os.environ, streams)
        refused = forked.Forked(
            forked.COMMANDS, ("0", "nothing"), os.environ, (nothing, said, said)
        )

    with pytest.raises(TimeoutError):
        killed.wait(0.2)
    assert refused.wait(60) == 2
    killed.send(signal.SIGKILL)
    assert killed.wait(60) == -signal.SIGKILL
    killed.send(signal.SIGKILL)  # nobody is there any more
    os.close(types)
    assert "nothing" in (tmp_path / "said").read_text("utf-8")


def test_a_command_under_a_moved_clock_writes_the_moved_moment(tmp_path: Path) -> None:
    office = Office(Folder(tmp_path))
    (tmp_path / "inspect-server.toml").write_text(BUREAU, encoding="utf-8")
    office.run("init", at=season.SET_UP)
    words = ("user", "add", "zhangsan", "--name", "张三", "--role", "office")
    office.run(*words, at=season.SET_UP, typed="Yunwan-2026-demo\n")
    with closing(sqlite_module().connect(tmp_path / "data" / "inspect.db")) as connection:
        ((created,),) = connection.execute("SELECT created_at FROM user_account").fetchall()

    assert str(created).startswith("2026-03-03")


def test_a_command_that_is_not_refused_stops_the_demo(tmp_path: Path) -> None:
    office = Office(Folder(tmp_path))
    (tmp_path / "inspect-server.toml").write_text("")

    with pytest.raises(StepFailed, match="没有被拒绝"):
        office.refused("init", at=season.SET_UP)


@dataclass
class Notebook(Handset):
    """A phone that only writes down what it is asked to save."""

    saved: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def ask(self, step: str, /, at: datetime | None = None, **values: Any) -> str:
        self.saved.append((step, values))
        return f"finding/{len(self.saved)}"


def test_a_visit_says_only_what_can_be(tmp_path: Path) -> None:
    lead, member = (Notebook(login, tmp_path / f"{login}.db") for login in ("zf01", "zf02"))
    contact = {"name": "周安民", "phone": "13900000000"}
    enterprise = {
        "name": "某厂", "address": "某路", "latitude": "", "legal_person": "王伟",
        "contacts": [contact],
    }  # fmt: skip
    laws = defaultdict(lambda: "15")
    course = Course(general=12, major=2, corrected=True, not_applicable=4, not_checked=True)
    task = {"id": "t", "number": "2026-0001"}
    forms = tuple({form.name: form for form in packaged()}.values())  # the newest of each
    visit = Visit(task, enterprise, forms, laws, lead, member, course, WHEN)
    visit.arrive()
    for page in visit.pages():
        visit.fill(page)
    saved = lead.saved + member.saved
    findings = [values["value"] for step, values in saved if step == "add_finding"]
    absent = {
        values["item"].rpartition("/")[2]
        for step, values in saved
        if step == "answer" and values["result"] == "not_applicable"
    }
    people = {one["kind"]: one for step, one in saved if step == "participant"}

    assert absent
    assert absent <= MAY_BE_ABSENT
    assert len(findings) == 14
    assert all(
        one["corrected_on_site"] and not one["deadline"]
        for one in findings
        if one["measure"] == "rectify_now"
    )
    undated = ("rectify_now", "refer")
    assert all(bool(one["deadline"]) == (one["measure"] not in undated) for one in findings)
    assert people["safety"]["name"] not in (contact["name"], people["responsible"]["name"])
    assert people["safety"]["phone"] != contact["phone"]
