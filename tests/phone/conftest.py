"""The bureau, built once for a process, and a server over a copy of it for each test."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from forms import load
from tests.phone.field import Built, Field, build, copied, running
from tests.usecases.bureau import LIBRARY, small_form

__all__ = ["small_form"]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        return build(tmp_path_factory.mktemp("bureau") / "data", migrated_file)


@pytest.fixture
def field(built: Built, tmp_path: Path, small_form: object) -> Iterator[Field]:
    folder = tmp_path / "data"
    bureau, port = copied(built, folder)
    made = Field(folder, bureau, built.task, port, ExitStack())
    with running(made):
        yield made
