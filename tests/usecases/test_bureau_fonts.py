"""What a bureau's own fonts change: its documents, what can be printed, and setting them again."""

from dataclasses import replace
from pathlib import Path

import pytest

from inspect_server.domain.errors import InspectError
from inspect_server.usecases.documents.verify_documents import verify_documents
from inspect_server.usecases.work import Backend
from pdf_templates.setting.faces import STANDARD, Fonts
from tests.unit.own_fonts import own_face
from tests.usecases.bureau import small_form
from tests.usecases.test_documents import closed_visit, issue

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

NOWHERE = "\U0003134a"
"""A character that no shipped face has."""


def with_own(backend: Backend, folder: Path, text: str) -> Backend:
    return replace(backend, fonts=Fonts({"body": own_face(folder, text)}))


def test_documents_are_set_in_the_bureaus_own_fonts_and_again_only_in_those(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    backend = with_own(sqlite_backend, tmp_path, "检查人员")

    issue(closed_visit(backend))
    with backend.reading() as session:
        same = verify_documents(session, backend.blobs, reproduce=True, fonts=backend.fonts)
        other = verify_documents(session, backend.blobs, reproduce=True, fonts=STANDARD)

    assert (same.reproduced, same.differing, same.faults) == (2, 0, ())
    assert (other.reproduced, other.differing, other.faults) == (0, 2, ())


def test_a_character_of_the_bureaus_own_font_closes_and_prints(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    backend = with_own(sqlite_backend, tmp_path, NOWHERE)

    issued = issue(closed_visit(backend, text=f"{NOWHERE}处未设护栏"))

    assert len(issued.documents) == 2


def test_without_it_the_record_is_not_closed(sqlite_backend: Backend) -> None:
    with pytest.raises(InspectError) as caught:
        closed_visit(sqlite_backend, text=f"{NOWHERE}处未设护栏")

    assert "U+3134A" in str(caught.value)
