"""文号 as keyboards write them, and names of files: what people type at `documents`."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inspect_server.cli import root
from inspect_server.reads.documents import listing
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.faces.test_cli_documents import ORDER_NO, office
from tests.usecases.bureau import small_form

__all__ = ["office", "small_form"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["documents", *arguments, "--as", "neiqin"])


@pytest.mark.parametrize(
    "typed",
    [
        "(苏·云)应急责改[2026]1号",
        "（苏·云）应急责改【2026】1号",
        "（苏·云）应急责改［2026］ 1 号",
    ],
)
def test_the_brackets_of_a_keyboard_find_the_document(
    office: Backend, tmp_path: Path, typed: str
) -> None:
    run("issue")

    made = run("receipt", typed, "-o", str(tmp_path / "out.pdf"))
    with office.reading() as session:
        found = listing(session, ALL_ROLES, text=typed)
        part = listing(session, ALL_ROLES, text="责改[2026]")

    assert made.exit_code == 0, made.output
    assert [row.doc_no for row in found.rows] == [row.doc_no for row in part.rows] == [ORDER_NO]


def test_a_number_that_there_is_not_leads_to_the_list(office: Backend, tmp_path: Path) -> None:
    wrong = run("receipt", "（苏·云）应急责改〔2026〕2号", "-o", str(tmp_path / "out.pdf"))

    assert wrong.exit_code == 1
    assert "documents list" in wrong.output


@pytest.mark.parametrize("name", ["案卷.txt", "案卷"])
def test_a_case_file_is_a_pdf_or_an_archive(office: Backend, tmp_path: Path, name: str) -> None:
    run("issue")

    done = run("case-file", "2026-0001", "-o", str(tmp_path / name))

    assert done.exit_code == 2
    assert ".pdf" in done.output
    assert not [*tmp_path.glob("案卷*")]
