"""A dated value that was used and reads differently now is told, by its row."""

from collections.abc import Mapping

import pytest

from inspect_server.domain.law import fingerprint
from inspect_server.reads.record_checks import check_cases
from inspect_server.usecases.work import Backend
from tests.usecases.bureau import open_bureau, small_form

__all__ = ["small_form"]


def _told(backend: Backend) -> list[str]:
    with backend.reading() as session:
        return [fault for one in check_cases(session) for fault in one.faults if "规则" in fault]


@pytest.mark.usefixtures("small_form")
def test_a_row_of_law_that_was_changed_after_a_scheme_used_it_is_told(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_bureau(sqlite_backend).schemes()
    assert _told(sqlite_backend) == []
    ref, *_ = fingerprint.rows_read()
    changed: Mapping[str, str] = {**fingerprint.rows_read(), ref: "0" * 64}
    monkeypatch.setattr(fingerprint, "rows_read", lambda: changed)

    assert _told(sqlite_backend) == [f"规则 {ref} 现在的内容与使用时不同"]
