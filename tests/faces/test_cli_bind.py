"""`documents bind`: a case file from what `documents render` set, without a record."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner, Result

from inspect_server.cli import root
from pdf_templates.catalogue import render, template
from pdf_templates.examples import example
from pdf_templates.facts import canonical_json, to_json
from tests.sampling import rows_in
from tests.usecases.test_bound_files import photographed

PENALTY = ("case_filing_approval", "penalty_notice", "penalty_decision_organisation")


def bound(folder: Path, *names: str, to: str = "案卷.pdf") -> Result:
    paths = [str(folder / f"{name}.pdf") for name in names]
    return CliRunner().invoke(root, ["documents", "bind", *paths, "-o", str(folder / to)])


@cache
def printed(kind: str) -> bytes:
    return render(kind, to_json(example(kind)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cover and documents of a penalty as `documents render` sets them."""
    for kind in ("case_cover", *PENALTY):
        (tmp_path / f"{kind}.pdf").write_bytes(printed(kind))
    return tmp_path


def texts(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    found = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return found


def test_a_penalty_case_is_bound_in_the_order_given(folder: Path) -> None:
    done = bound(folder, "case_cover", *PENALTY)

    assert done.exit_code == 0, done.output
    assert f"已将 3 份文书编为 {example('case_cover').case_name}" in done.output
    pages = texts((folder / "案卷.pdf").read_bytes())
    whole = "".join(pages)
    places = [whole.index(template(kind).title, len(pages[0] + pages[1])) for kind in PENALTY]
    assert places == sorted(places)
    for number, page in enumerate(pages, 1):
        assert f"案卷共{len(pages)}页第{number}页" in page
    for kind in PENALTY:
        assert "".join(example(kind).doc_no.split()) in pages[1]


def test_the_same_files_give_the_same_archive_which_checks_without_this_system(
    folder: Path,
) -> None:
    first, second = (bound(folder, "case_cover", *PENALTY, to=f"{n}.zip") for n in (1, 2))

    assert first.exit_code == second.exit_code == 0, first.output
    assert (folder / "1.zip").read_bytes() == (folder / "2.zip").read_bytes()
    with zipfile.ZipFile(folder / "1.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums.keys() == files.keys() - {"SHA256SUMS"}
    assert all(hashlib.sha256(files[name]).hexdigest() == sums[name] for name in sums)
    originals = {content for name, content in files.items() if name.startswith("文书/")}
    assert originals == {(folder / f"{kind}.pdf").read_bytes() for kind in ("case_cover", *PENALTY)}
    assert "照片原件和全过程记录不在其中" in files["说明.txt"].decode()
    told = json.loads(files["manifest.json"])["files"]
    assert [one.get("doc_no") for one in told] == [
        None,
        *(example(kind).doc_no for kind in ("case_cover", *PENALTY)),
    ]


def test_photos_come_along_from_the_files(folder: Path) -> None:
    facts, shown = photographed()
    (folder / "inspection_record.pdf").write_bytes(render("inspection_record", facts, shown))

    done = bound(folder, "case_cover", "inspection_record")

    assert done.exit_code == 0, done.output
    whole = (folder / "案卷.pdf").read_bytes()
    assert len(shown) > 3
    assert all(copy in whole for copy in shown.values())


def changed(path: Path, change: Callable[[Any], object]) -> None:
    with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
        inside = json.loads(pdf.attachments["facts.json"].get_file().read_bytes())
        change(inside)
        pdf.attachments["facts.json"].obj["/EF"]["/F"].write(canonical_json(inside))
        pdf.save(path)


def foreign() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("spoil", "said"),
    rows_in(
        3,
        [
            (
                lambda path: changed(path, lambda it: it.update(authority="某局")),
                "与所附内容数据不符",
            ),
            (lambda path: changed(path, lambda it: None), "与所附内容数据不符"),
            (lambda path: path.write_bytes(path.read_bytes() + b"more"), "文件不完整"),
            (lambda path: path.write_bytes(foreign()), "不是本系统排印的文书"),
            (lambda path: path.write_bytes(b"hello"), "不是 PDF 文件"),
            (lambda path: path.unlink(), "无法读取"),
        ],
    ),
    ids=["facts", "pages", "added", "foreign", "no pdf", "gone"],
)
def test_what_is_no_document_or_was_changed_is_refused_by_the_file_s_name(
    folder: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(folder / "penalty_notice.pdf")

    refused = bound(folder, "case_cover", *PENALTY)

    assert refused.exit_code == 1, refused.output
    assert said in refused.output
    assert "penalty_notice.pdf" in refused.output
    assert refused.output.count("\n") == 1
    assert not [*folder.glob("案卷*")]


def test_a_case_file_is_no_document_and_no_file_is_written_over_its_source(folder: Path) -> None:
    assert bound(folder, "case_cover", *PENALTY).exit_code == 0

    again = bound(folder, "case_cover", "案卷", to="再订.pdf")
    over = bound(folder, "case_cover", *PENALTY, to="case_cover.pdf")
    other = bound(folder, "case_cover", *PENALTY, to="案卷.docx")

    assert again.exit_code == 1
    assert "是编好的电子案卷" in again.output
    assert (over.exit_code, other.exit_code) == (2, 2)
