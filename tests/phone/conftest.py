"""The bureau, built once for each module, and a server over a copy of it for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forms import load
from tests.phone.field import Built, Field, build, open_field
from tests.usecases.bureau import LIBRARY


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        yield build(tmp_path_factory.mktemp("bureau") / "data")


@pytest.fixture
def field(built: Built, tmp_path: Path) -> Iterator[Field]:
    with open_field(built, tmp_path / "data") as made:
        yield made
