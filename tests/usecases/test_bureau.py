"""No draw and no document speaks for a bureau that has not said who it is."""

from dataclasses import replace

import pytest

from inspect_server.usecases.bureau import BureauNotConfigured, require_bureau
from inspect_server.usecases.documents.issue_document import issue_documents
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.usecases.bureau import small_form
from tests.usecases.test_documents import closed_visit

__all__ = ["small_form"]


@pytest.mark.parametrize("key", ["authority", "authority_short", "division", "government", "court"])
def test_a_missing_key_is_named(sqlite_backend: Backend, key: str) -> None:
    settings = replace(sqlite_backend.settings, **{key: ""})

    with (
        pytest.raises(BureauNotConfigured, match=f"填写 {key} 后"),
        replace(sqlite_backend, settings=settings).begin(ALL_ROLES) as work,
    ):
        require_bureau(work)


def test_no_document_names_a_court_that_nobody_configured(
    sqlite_backend: Backend, small_form: object
) -> None:
    visit = closed_visit(sqlite_backend)
    settings = replace(sqlite_backend.settings, court="")

    with (
        pytest.raises(BureauNotConfigured, match="行政诉讼管辖法院"),
        replace(sqlite_backend, settings=settings).begin(ALL_ROLES) as work,
    ):
        issue_documents(work, visit.inspection)
