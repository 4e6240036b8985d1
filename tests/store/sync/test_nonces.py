"""Nonces of enrolment: used once, and never more of them than a table should hold."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from inspect_server.store.journal import replicas
from inspect_server.store.models.journal import EnrolNonce
from inspect_server.usecases.work import Actor, Backend

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_strangers_fill_no_table_with_nonces(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert replicas.MAX_NONCES == 10_000
    monkeypatch.setattr(replicas, "MAX_NONCES", 3)
    with backend.begin(Actor.system("sync")) as work:
        for number in range(6):
            at = NOON + timedelta(seconds=number)
            replicas.add_nonce(work.session, f"n{number}", at + timedelta(minutes=10), at)
        count = work.session.scalar(select(func.count()).select_from(EnrolNonce))
        usable = [
            number
            for number in range(6)
            for _ in range(2)
            if replicas.use_nonce(work.session, f"n{number}", NOON)
        ]

    assert (count, usable) == (3, [3, 4, 5])
