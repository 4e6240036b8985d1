"""The town, built once for each module that looks at it."""

from collections.abc import Iterator

import pytest

from forms import load
from tests.faces.town import Town, open_town
from tests.usecases.bureau import LIBRARY


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        with open_town(tmp_path_factory.mktemp("town")) as built:
            yield built
