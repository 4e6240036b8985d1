"""The example of docs/sync.md, run as it stands there, ends in a record that the office closes."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from argon2 import PasswordHasher
from msgspec import structs
from PIL import Image
from sqlalchemy import update

from inspect_server.app import create_app
from inspect_server.domain.enums import InspectionState, Sector
from inspect_server.store import documents
from inspect_server.store.models.identity import User
from inspect_server.usecases.documents.facts import said_sha256
from inspect_server.usecases.documents.issue_document import issue_documents
from inspect_server.usecases.documents.previewing import KINDS
from inspect_server.usecases.inspecting.close_record import close_record
from inspect_server.usecases.print_pack.on_phone import Bureau as Maker
from inspect_server.usecases.print_pack.on_phone import set_preview
from inspect_server.usecases.work import Backend, SystemClock
from sync.phone import Phone
from sync.previews import PreviewRequest
from tests.actors import ALL_ROLES
from tests.usecases.bureau import Bureau, open_bureau

TEXT = (Path(__file__).parents[2] / "docs" / "sync.md").read_text(encoding="utf-8")
STORY = TEXT.partition("Two phones, from enrolment to a record that the office can close:")[2]
STROKES = re.search(r"as in `signature\.add`, e\.g\. `(\[.+?\]\]\])`", TEXT)


@pytest.fixture
def bureau(sqlite_backend: Backend) -> Bureau:
    """A bureau whose two officers log in as the example's."""
    bureau = open_bureau(sqlite_backend, (Sector.DUST,))
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("password")
    for index in range(2):
        bureau.change(index, cert_valid_to=date(9998, 12, 31))
        with bureau.backend.begin(ALL_ROLES) as work:
            account = User.id == bureau.accounts[bureau.officers[index]]
            known = {"login": f"zf0{index + 1}", "password_hash": cheap}
            work.session.execute(update(User).where(account).values(known))
    return bureau


def set_on(phone: Phone, task: str, wanted: str, backend: Backend) -> str:
    """Return the digest of what the print pack sets of all that a phone holds."""
    record, settings = phone.record(task), backend.settings
    body = next(one for one in phone.tasks() if one["id"] == task)
    known = {one["id"]: one for one in phone.documents("enterprise")}
    question = {
        "document": wanted,
        "paper": "a4",
        "now": backend.clock.now().isoformat(),
        "task": body,
        "enterprise": known[body["enterprise_id"]],
        "forms": phone.documents("form"),
        "items": [
            {
                "id": item.id,
                "gone": item.gone,
                "heads": [{**structs.asdict(head), "value": head.plain()} for head in item.heads],
            }
            for item in record.items.values()
        ],
        "operations": [],
        "signatures": [
            {"item": one.item, "head": one.head.id, "stale": one.stale, "unseen": one.unseen}
            for one in record.signatures
        ],
    }
    names = settings.authority, settings.authority_short, settings.government, settings.court
    return set_preview(question, Maker(settings.zone, *names), {}).said_sha256


def test_the_example_ends_in_a_record_that_the_office_closes(
    bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.dispatched()
    bureau.backend = replace(bureau.backend, clock=SystemClock())  # the phones' day is today
    jpeg = BytesIO()
    Image.new("RGB", (64, 48), "gray").save(jpeg, "JPEG")
    transport = httpx.WSGITransport(app=create_app(bureau.backend))
    whole = httpx.Client
    monkeypatch.setattr(
        httpx, "Client", lambda base_url: whole(base_url=base_url, transport=transport)
    )
    monkeypatch.chdir(tmp_path)
    assert STROKES is not None
    example = STORY.partition("```python\n")[2].partition("\n```")[0]
    names: dict[str, Any] = {"jpeg": jpeg.getvalue(), "strokes": eval(STROKES[1])}

    exec(compile(example, "docs/sync.md", "exec"), names)
    phones = [names["lead"], names["member"]]
    with httpx.Client(base_url="http://127.0.0.1:8000") as client:
        reports = [phone.sync(client) for phone in phones]
        phones[0].sync(client)  # the member delivered after it
        shown = {
            wanted: phones[0].preview(client, PreviewRequest(names["task"], wanted, "a4"))
            for wanted in KINDS
        }
    offline = [
        {KINDS[wanted]: set_on(phone, names["task"], wanted, bureau.backend) for wanted in KINDS}
        for phone in phones
    ]
    with bureau.backend.begin(bureau.inspector(0)) as work:
        closed = close_record(work, UUID(names["task"]))
        issued = issue_documents(work, UUID(names["task"]))
        said = {
            row.kind: said_sha256(row.facts)
            for row in documents.of_inspection(work.session, issued.inspection_id)
        }
    for phone in phones:
        phone.close()

    assert [(report.complete, report.quarantined) for report in reports] == [(True, [])] * 2
    assert {KINDS[wanted]: one.said_sha256 for wanted, one in shown.items()} == said
    assert offline == [said, said]
    assert [(one.stage, one.lacking) for one in shown.values()] == [("open", [])] * 2
    assert closed.state == InspectionState.RECORD_CLOSED
    assert (closed.major_findings, closed.stale) == (1, ())
