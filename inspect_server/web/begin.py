"""What a view gets: the unit of work of this request, as the account that sent it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, g
from sqlalchemy.orm import Session

from inspect_server.usecases.work import Actor, Backend, Work


def backend() -> Backend:
    """Return the backend that the composition root put into the app."""
    found: Backend = current_app.extensions["inspect"]
    return found


def actor() -> Actor:
    """Return who sent this request; the guard has set it before any view runs."""
    found: Actor = g.actor
    return found


@contextmanager
def begin() -> Iterator[Work]:
    """Open the writing unit of work of this request; it commits at the end or leaves nothing."""
    with backend().begin(actor()) as work:
        yield work


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session that writes nothing."""
    with backend().reading() as session:
        yield session
