"""What the public takes home or reads on a phone: nobody's name, nothing beyond the edge."""

import io
import re
import zipfile
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import select, update

from inspect_server.domain.enums import Role
from inspect_server.store.models.identity import User
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.usecases.work import Backend
from tests.faces.test_disclosure import PAGES, Town
from tests.usecases.disclosed_world import drawn_bureau
from tests.usecases.draw_world import SUPERVISOR
from tests.verifiers.three import verifier_page

HOST = "http://disclosure.example"
PERSONAL = ("钱法人", "孙联系", "13900000001", "李用户", "login-of-li", "13900000002")
"""What this town's registry and accounts hold of people, beside its officers."""


@pytest.fixture
def town(sqlite_backend: Backend) -> Town:
    made = Town(*drawn_bureau(sqlite_backend))
    legal, contact, contact_phone, name, login, phone = PERSONAL
    with made.backend.begin(SUPERVISOR) as work:
        contacts = [{"name": contact, "phone": contact_phone}]
        work.session.execute(update(Enterprise).values(legal_person=legal, contacts=contacts))
        work.session.execute(update(Officer).values(phone=phone))
        work.session.add(
            User(
                id=uuid4(), login=login, name=name, unit="", roles=[Role.SUPERVISOR.value],
                password_hash="", failed_attempts=0, created_at=work.now,
            )
        )  # fmt: skip
    made.publish()
    return made


@pytest.fixture(scope="module")
def phone(chromium: Browser) -> Iterator[Page]:
    with verifier_page(chromium, 360) as found:
        yield found


def downloads(town: Town) -> dict[str, bytes]:
    """Everything that the pages offer for download, archives opened."""
    links = {
        link
        for path in PAGES
        for link in re.findall(r'href="(/disclosure/[^"#?]+\.[a-z]+)"', town.text(path))
        if "/static/" not in link
    }
    found = {link: town.client.get(link, buffered=True).data for link in links}
    for link in [one for one in links if one.endswith(".zip")]:
        with zipfile.ZipFile(io.BytesIO(found.pop(link))) as archive:
            found |= {f"{link}!{name}": archive.read(name) for name in archive.namelist()}
    return found


def test_no_download_holds_a_name_a_number_or_a_login_of_a_person(town: Town) -> None:
    with town.backend.reading() as session:
        officers = session.execute(select(Officer.name, Officer.cert_no)).all()
    people = [*PERSONAL, *(part for row in officers for part in row)]
    found = downloads(town)

    names = {link.rpartition("/")[2] for link in found}
    assert {"certificate.json", "pool.txt", "openings.json", "sjc_verify.py"} <= names
    assert town.enterprises()[0][1] in "".join(c.decode("utf-8", "ignore") for c in found.values())
    leaks = [
        (link, one)
        for link, content in found.items()
        for one in people
        if one.encode() in content or ascii(one)[1:-1].encode() in content
    ]
    assert leaks == []


def test_no_page_runs_over_the_edge_of_a_small_phone(town: Town, phone: Page) -> None:
    def answer(route: Route) -> None:
        got = town.client.get(route.request.url.removeprefix(HOST), buffered=True)
        route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.data)

    phone.route(f"{HOST}/**", answer)
    widths = {}
    for path in (*PAGES, "/verify/verify.html", "/draws/none"):
        phone.goto(f"{HOST}/disclosure{path}")
        widths[path] = phone.evaluate("document.documentElement.scrollWidth")

    assert phone.evaluate("innerWidth") == 360
    assert {path: width for path, width in widths.items() if width > 360} == {}
