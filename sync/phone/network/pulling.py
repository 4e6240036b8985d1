"""The way down: pages are staged and become the view at once, when the digest agrees."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sync import protocol
from sync.phone import bodies
from sync.phone.errors import RemoteProblem, ViewMismatch
from sync.phone.local import LocalDocument, LocalStore
from sync.phone.network.wire import Wire

IDLE_PAGES = 3
"""Pages in a row that may bring nothing new: one round can end so, and the next begin."""
MAX_PAGES = 10_000
"""Pages of one pull, ten million documents: a server that invents more never comes to an end."""

_T = TypeVar("_T")


class Patience(Protocol):
    """Asks again while no answer comes."""

    def __call__(self, ask: Callable[[], _T]) -> _T:
        """Return the answer."""


class Pulling:
    """One pull, from the stored cursor to the end."""

    def __init__(self, store: LocalStore, wire: Wire, patiently: Patience) -> None:
        self._store = store
        self._wire = wire
        self._patiently = patiently

    @property
    def cursor(self) -> str:
        """Up to where the view is complete."""
        return self._store.get("cursor")

    def run(self) -> int:
        """
        Bring the view up to date; return how many documents came.

        A cursor of another epoch, or a digest that does not agree, starts over from nothing, once;
        the outbox is never touched.

        Raises:
            ViewMismatch: Even a fresh pull does not agree, or a document is none of its kind.
            RemoteProblem: 401 asks for a login, 403 says that this replica is revoked.
        """
        start = self.cursor
        try:
            count, agrees = self._from(start)
        except RemoteProblem as problem:
            if problem.facts["status"] != 410:
                raise
            count, agrees = 0, False
        if not agrees:
            count, agrees = self._from("")
        if not agrees:
            raise ViewMismatch
        return count

    def _from(self, cursor: str) -> tuple[int, bool]:
        fresh = not cursor
        with self._store.transaction():
            self._store.clear_staging()
        count, idle = 0, 0
        brought: set[tuple[str, int]] = set()
        for _ in range(MAX_PAGES):
            page = self._page(protocol.PullRequest(cursor))
            if not all(one.deleted or bodies.is_readable(one.kind, one.body) for one in page.docs):
                raise ViewMismatch  # in view it would stand in the way of capturing
            with self._store.transaction():
                self._store.stage(
                    [(_local(document), document.deleted) for document in page.docs], page.leave
                )
            count += len(page.docs)
            if not page.has_more:
                return count, self._flip(page, fresh=fresh)
            new = {(document.id, document.ver) for document in page.docs} - brought
            brought |= new
            idle = 0 if new else idle + 1
            if idle > IDLE_PAGES:
                break
            cursor = page.cursor
        raise ViewMismatch

    def _page(self, request: protocol.PullRequest) -> protocol.PullReply:
        return self._patiently(lambda: self._wire.post(protocol.PULL, request, protocol.PullReply))

    def _flip(self, page: protocol.PullReply, *, fresh: bool) -> bool:
        try:
            with self._store.transaction():
                self._store.flip(fresh=fresh)
                if protocol.scope_digest(self._store.versions()) != page.scope_digest:
                    raise _Disagrees
                self._store.put(cursor=page.cursor, log_pos=str(page.log_pos))
        except _Disagrees:
            return False
        return True


class _Disagrees(Exception):
    """Rolls the flip back."""


def _local(document: protocol.PulledDocument) -> LocalDocument:
    return LocalDocument(
        document.id,
        document.scope,
        document.kind,
        document.ver,
        document.pos,
        bytes(document.body),
    )
