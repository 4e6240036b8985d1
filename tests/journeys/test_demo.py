"""The whole main job as a journey: what it promises, recomputed by somebody else, and found out."""

import json
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from uuid import UUID

import httpx
import pypdfium2
import pytest

from inspect_server.demo.field.handset import confirmed_in
from inspect_server.demo.folder import Folder, NoDemoHere
from inspect_server.demo.office_work import PASSWORD, SUPERVISOR
from inspect_server.demo.proving.verifying import DemoDamaged, verify_demo
from inspect_server.store.engine import sqlite_module
from tests.journeys.conftest import FinishedDemo, environment, inspect_server
from tests.sampling import one_in

Copy = Callable[..., Folder]


@contextmanager
def database(folder: Folder) -> Iterator[sqlite3.Connection]:
    """The demo's database by plain SQL, as somebody who goes around the program has it."""
    path = folder.data / "inspect.db"
    with closing(sqlite_module().connect(path)) as connection, connection:
        yield connection


def ask(folder: Folder, query: str) -> list[tuple[object, ...]]:
    """Answer a query."""
    with database(folder) as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_the_demo_does_the_whole_job(demo: FinishedDemo) -> None:
    figures = demo.figures

    assert (figures.enterprises, figures.rejected, figures.updated) == (3200, 8, 20)
    assert figures.officers == 40
    assert figures.visits >= 12
    assert figures.visits == figures.drawn == figures.records
    assert figures.conflicts == 1
    assert figures.quarantined > 0
    assert figures.general >= 10
    assert figures.major >= 1
    assert 0 < figures.orders < figures.records
    assert figures.receipts >= figures.phones


def test_each_mishap_happened_and_is_told(demo: FinishedDemo) -> None:
    assert "同一承诺只能抽取一次" in demo.said
    assert re.search(r"断电（SIGKILL），重新启动；此前确认的 \d+ 条都在", demo.said)
    assert re.search(r"上传 [\d,]{9,} 字节的照片时断线", demo.said)
    assert "服务器应答丢失，手机重发，没有一条重复" in demo.said
    assert re.search("项两部手机填写不一致（.+），请主办人员逐项确认后再办结", demo.said)
    assert "条已留存、未并入（已改派）" in demo.said


def test_every_save_that_a_phone_confirmed_is_in_the_journal(demo: FinishedDemo) -> None:
    confirmed = confirmed_in(demo.folder.phones)
    journal = {str(hash) for (hash,) in ask(demo.folder, "SELECT hash FROM journal_entry")}

    assert len(confirmed) == demo.figures.phones
    assert sum(map(len, confirmed.values())) > 250  # a page of a checklist is one save
    assert all(set(hashes) <= journal for hashes in confirmed.values())


def test_nothing_is_in_the_journal_twice(demo: FinishedDemo) -> None:
    query = "SELECT replica_id, seq FROM journal_entry GROUP BY 1, 2 HAVING count(*) > 1"

    assert ask(demo.folder, query) == []


def test_what_the_officer_taken_off_had_saved_is_kept_and_not_applied(demo: FinishedDemo) -> None:
    query = "SELECT DISTINCT reason FROM journal_entry WHERE effect = 'quarantined'"
    kept = "SELECT count(*) FROM journal_entry WHERE effect = 'quarantined'"

    assert ask(demo.folder, query) == [("reassigned",)]
    assert ask(demo.folder, kept) == [(demo.figures.quarantined,)]


def test_the_conflict_was_settled_by_the_lead_with_a_reason(demo: FinishedDemo) -> None:
    records = [
        json.loads(str(record)) for (record,) in ask(demo.folder, "SELECT record FROM inspection")
    ]
    settled = [
        (record, answer)
        for record in records
        for answer in record["answers"]
        if answer["settled_by"]
    ]

    assert len(settled) == 1
    record, answer = settled[0]
    lead = next(one["officer_id"] for one in record["team"] if one["role"] == "lead")
    assert answer["settled_by"] == lead
    assert answer["settled_reason"]
    assert answer["result"] == "fail"


def test_signatures_see_the_whole_record(demo: FinishedDemo) -> None:
    records = [
        json.loads(str(record)) for (record,) in ask(demo.folder, "SELECT record FROM inspection")
    ]
    signed = [one for record in records for one in record["signatures"]]
    given = Counter(one["signer"] for one in signed if "document" not in one)

    assert given == {**dict.fromkeys(("lead", "member", "enterprise"), len(records)), "witness": 1}
    assert not [one for one in signed if one["stale"] or one["unseen"]]
    assert {one["refusal_reason"] != "" for one in signed if one["refused"]} == {True}


def test_every_order_is_signed_by_phone_and_demands_nothing_for_a_day_gone_by(
    demo: FinishedDemo,
) -> None:
    query = "SELECT facts FROM issued_document WHERE kind = 'rectification_order'"
    orders = [json.loads(str(facts)) for (facts,) in ask(demo.folder, query)]

    assert len(orders) == demo.figures.orders
    for order in orders:
        signers = Counter(one["signer"] for one in order["signatures"])
        assert (signers["officer"], signers["enterprise"]) == (2, 1)
        assert not [one for one in order["signatures"] if one["stale"]]
        made_on = order["made_at"][:10]
        assert all(one["deadline"] > made_on for one in order["demands"])
        assert all(one["former_deadline"] == "" for one in order["demands"])
    refused = [order for order in orders if any(one["refused"] for one in order["signatures"])]
    assert [
        sum(one["signer"] == "witness" for one in order["signatures"]) for order in refused
    ] == [1]


def test_visits_lie_within_the_days_that_were_drawn_for(demo: FinishedDemo) -> None:
    records = [
        json.loads(str(record)) for (record,) in ask(demo.folder, "SELECT record FROM inspection")
    ]

    assert all("2026-03-09" <= record["started_at"] < "2026-03-13" for record in records)


def test_every_document_is_a_pdf_with_its_number(demo: FinishedDemo) -> None:
    files = sorted(demo.folder.documents.glob("*.pdf"))

    assert len(files) == demo.figures.records + demo.figures.orders
    for path in files[:: len(files) // 4]:
        with closing(pypdfium2.PdfDocument(path)) as document:
            page = document[0]
            text = page.get_textpage().get_text_range()
        assert path.stem.partition("_")[2] in text
        assert "第1页" in text


def test_a_fresh_process_recomputes_the_same_table(demo: FinishedDemo) -> None:
    done = inspect_server("demo", "--verify", "--folder", str(demo.folder.root))

    assert done.returncode == 0, done.stderr
    table = demo.figures.table({}).splitlines()[1:-1]
    assert [re.sub(r"\s+", " ", line) for line in table] == [
        re.sub(r"\s+", " ", line) for line in done.stdout.splitlines()[1 : 1 + len(table)]
    ]
    assert "核验通过" in done.stdout


def change_byte(path: Path, position: int) -> None:
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def change_photo(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """One byte of a photo in the blob store."""
    ((sha256,),) = ask(demo.folder, "SELECT min(sha256) FROM blob_link")
    path = demo.folder.data / "blobs" / str(sha256)[:2] / str(sha256)[2:4] / str(sha256)
    folder = copied(path)
    change_byte(folder.root / path.relative_to(demo.folder.root), 5000)
    return folder, str(sha256)[:16]


def change_entry(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """One byte of an entry in the journal, by somebody who may drop triggers."""
    folder = copied()
    with database(folder) as connection:
        connection.execute("DROP TRIGGER journal_entry_no_update")
        query = "SELECT hash, content FROM journal_entry WHERE effect = 'applied' ORDER BY pos"
        hash, content = connection.execute(query).fetchall()[100]
        changed = bytearray(content)
        changed[len(changed) // 2] ^= 1
        values = (bytes(changed), hash)
        connection.execute("UPDATE journal_entry SET content = ? WHERE hash = ?", values)
    return folder, f"手机日志 {hash[:16]}"


def change_pdf(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """One byte of an exported document."""
    path = sorted(demo.folder.documents.glob("*.pdf"))[0]
    folder = copied(path)
    change_byte(folder.documents / path.name, 2000)
    return folder, path.name


def change_stored_pdf(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """One byte of a document in the blob store."""
    query = "SELECT pdf_sha256, doc_no FROM issued_document ORDER BY doc_no LIMIT 1"
    ((sha256, doc_no),) = ask(demo.folder, query)
    path = demo.folder.data / "blobs" / str(sha256)[:2] / str(sha256)[2:4] / str(sha256)
    folder = copied(path)
    change_byte(folder.root / path.relative_to(demo.folder.root), 2000)
    return folder, str(doc_no)


def change_leaf(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """One byte of an event of the record."""
    folder = copied()
    with database(folder) as connection:
        connection.execute("DROP TRIGGER record_leaf_no_update")
        leaf, content, case = connection.execute(
            "SELECT leaf, content, case_name FROM record_leaf WHERE type = 'scheme.approved'"
        ).fetchone()
        changed = bytearray(content)
        changed[-4] ^= 1
        values = (bytes(changed), leaf)
        connection.execute("UPDATE record_leaf SET content = ? WHERE leaf = ?", values)
    return folder, f"全过程记录 {case}"


def change_record(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """One word of a closed record."""
    folder = copied()
    with database(folder) as connection:
        connection.execute("DROP TRIGGER inspection_only_record")
        number, record = connection.execute("SELECT number, record FROM inspection").fetchone()
        values = (record.replace('"pass"', '"fail"', 1), number)
        connection.execute("UPDATE inspection SET record = ? WHERE number = ?", values)
    return folder, f"inspection/{number}"


def change_certificate(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """One digit of the published certificate."""
    path = demo.folder.draw / "certificate.json"
    folder = copied(path)
    text = (folder.draw / path.name).read_text("utf-8")
    seed = json.loads(text)["seed"]
    other = ("1" if seed[0] == "0" else "0") + seed[1:]
    (folder.draw / path.name).write_text(text.replace(seed, other, 1), encoding="utf-8")
    return folder, "certificate.json"


def change_pool(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """One enterprise less in the published pool."""
    path = demo.folder.draw / "pool.txt"
    folder = copied(path)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    (folder.draw / path.name).write_text("".join(lines[1:]), encoding="utf-8")
    return folder, "抽取池"


def change_registry(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """An enterprise less in the registry, so that only the table shows it."""
    folder = copied()
    with database(folder) as connection:
        connection.execute("DROP TRIGGER enterprise_no_delete")
        connection.execute(
            "DELETE FROM enterprise WHERE status = 'closed' AND id = (SELECT min(e.id) FROM"
            " enterprise e WHERE e.status = 'closed' AND e.id NOT IN"
            " (SELECT enterprise_id FROM enterprise_change))"
        )
    return folder, "导入企业"


def change_phone(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """A save that a phone had confirmed is gone from it."""
    login, (*_, gone) = next(iter(confirmed_in(demo.folder.phones).items()))
    path = demo.folder.phones / f"{login}.db"
    folder = copied(path)
    with closing(sqlite3.connect(folder.phones / path.name)) as connection, connection:
        connection.execute("DELETE FROM entry WHERE hash = ?", (gone,))
    return folder, f"手机 {login} 确认过的保存 {gone[:16]}"


def change_results(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """A finding less in the table."""
    folder = copied(demo.folder.results)
    table = json.loads(folder.results.read_text("utf-8"))
    folder.results.write_text(json.dumps(table | {"major": table["major"] - 1}), encoding="utf-8")
    return folder, "重大事故隐患"


def change_database(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """One byte of an address, in the database's own file."""
    folder = copied()
    path = folder.data / "inspect.db"
    query = "SELECT address FROM enterprise ORDER BY length(address) DESC LIMIT 1"
    ((address,),) = ask(folder, query)
    change_byte(path, path.read_bytes().index(str(address).encode()))
    return folder, "数据表 enterprise"


def change_manifest(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """One digit of the manifest itself."""
    folder = copied(demo.folder.manifest)
    change_byte(folder.manifest, 100)
    return folder, "manifest.json"


def add_file(demo: FinishedDemo, copied: Copy) -> tuple[Folder, str]:
    """A report that no import made."""
    folder = copied()
    (folder.reports / "另一份.xlsx").write_bytes(b"")
    return folder, "reports/另一份.xlsx"


@pytest.mark.parametrize(
    "change",
    one_in(
        3,
        [
            change_database,
            change_manifest,
            add_file,
            change_photo,
            change_entry,
            change_pdf,
            change_stored_pdf,
            change_leaf,
            change_record,
            change_certificate,
            change_pool,
            change_registry,
            change_phone,
            change_results,
        ],
    ),
)
def test_one_change_makes_the_verification_fail_and_names_the_thing(
    demo: FinishedDemo,
    copied: Copy,
    change: Callable[[FinishedDemo, Copy], tuple[Folder, str]],
) -> None:
    folder, name = change(demo, copied)

    said: list[str] = []
    with pytest.raises(DemoDamaged):
        verify_demo(folder.root, said.append)

    assert name in "\n".join(said)


def test_a_fresh_process_says_what_was_changed_in_words(demo: FinishedDemo, copied: Copy) -> None:
    folder, name = change_database(demo, copied)

    done = inspect_server("demo", "--verify", "--folder", str(folder.root))

    assert done.returncode == 1
    assert "核验未通过" in done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_one_changed_byte_of_any_file_is_named(demo: FinishedDemo, copied: Copy) -> None:
    files = demo.folder.files()
    folder = copied(*files.values())
    for path in folder.files().values():
        if path.stat().st_size:
            change_byte(path, path.stat().st_size // 2)

    said: list[str] = []
    with pytest.raises(DemoDamaged):
        verify_demo(folder.root, said.append)

    kinds = {name.partition("/")[0] for name in files}
    assert kinds > {"registry", "reports", "draw", "documents", "phones", "witness", "data"}
    named = {line.split("：")[0].removeprefix("  文件 ") for line in said}
    assert [name for name, path in files.items() if path.stat().st_size and name not in named] == []


@pytest.mark.long
@pytest.mark.timeout(1800)  # a whole verification for each of three bytes of every file
def test_one_changed_byte_of_any_single_file_makes_the_verification_fail(
    demo: FinishedDemo, copied: Copy
) -> None:
    folder = copied(*demo.folder.files().values(), demo.folder.manifest)
    whole = verify_demo(folder.root, lambda _: None)
    unnoticed = []
    for name, path in [*folder.files().items(), ("manifest.json", folder.manifest)]:
        for position in {0, path.stat().st_size // 2, path.stat().st_size - 1} - {-1}:
            change_byte(path, position)
            with suppress(DemoDamaged, NoDemoHere):
                verify_demo(folder.root, lambda _: None)
                unnoticed.append(f"{name} {position}")
            change_byte(path, position)

    assert unnoticed == []
    assert verify_demo(folder.root, lambda _: None) == whole


@contextmanager
def served(folder: Folder) -> Iterator[httpx.Client]:
    """The demo's data on an ordinary server, and a visitor."""
    process = subprocess.Popen(
        [sys.executable, "-m", "inspect_server", "serve", "--port", "0"],
        env=environment(INSPECT_DATA_DIR=str(folder.data)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        address = re.search(r"http://\S+", said)
        assert address, said
        browser = httpx.Client(
            base_url=address[0],
            headers={"Accept": "text/html"},
            trust_env=False,
            follow_redirects=True,
        )
        with browser as client:
            yield client
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_the_server_then_shows_tasks_records_and_pdfs(demo: FinishedDemo, copied: Copy) -> None:
    ((id, number),) = ask(demo.folder, "SELECT id, number FROM inspection ORDER BY number LIMIT 1")

    with served(copied()) as client:
        stranger = client.get("/")
        home = client.post("/login", data={"login": SUPERVISOR, "password": PASSWORD})
        page = client.get(f"/inspections/{UUID(str(id))}")
        links = re.findall(r'href="([^"]+\.pdf)"', page.text)
        pdf = client.get(links[0])

    assert "密码" in stranger.text
    assert str(number) not in stranger.text
    assert home.status_code == 200
    assert str(number) in home.text
    assert page.status_code == 200
    assert "调离：因病" in page.text  # the first task is the one that was reassigned
    assert pdf.headers["content-type"].startswith("application/pdf")
    assert pdf.content.startswith(b"%PDF-")


@pytest.mark.long
def test_looking_around_leaves_the_verification_whole(demo: FinishedDemo, copied: Copy) -> None:
    folder = copied()
    with served(folder) as client:
        client.post("/login", data={"login": SUPERVISOR, "password": "wrong"})
        client.post("/login", data={"login": SUPERVISOR, "password": PASSWORD})
        client.get("/")
    again = [inspect_server("demo", "--verify", "--folder", str(folder.root)) for _ in range(2)]

    assert [(done.returncode, done.stderr) for done in again] == [(0, "")] * 2
