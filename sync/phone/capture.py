"""A whole phone: what it captures, delivers, fetches and hands to its partner."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec

from sync import entries, protocol
from sync.phone.capturing import Capturing
from sync.phone.clock import PhoneClock, SystemPhoneClock
from sync.phone.errors import NotEnrolled
from sync.phone.local import LocalEntry, LocalStore
from sync.phone.network import enrolment, fetching, previewing
from sync.phone.network.syncing import BACKOFF, Syncing, SyncReport
from sync.phone.partner import carrying, exchange
from sync.phone.partner.bringing import Bringer
from sync.previews import PreviewReply, PreviewRequest


class Phone(Capturing):
    """
    One inspector's phone, on one file.

    Open it, `enrol` once with the network, `sync` whenever there is one; everything else works
    without. An object belongs to one thread; several processes on one file are safe, one writer at
    a time, and each shows and cites what the others saved. Only what two of them capture of one
    item at the same moment, or in a `together` that was open meanwhile, is a conflict.
    """

    def __init__(
        self, path: Path, clock: PhoneClock | None = None, label: str = "headless"
    ) -> None:
        super().__init__(LocalStore(path), clock or SystemPhoneClock(), label)
        if not self._store.replicas():
            with self._store.transaction():
                self._store.add_replica(entries.new_key())

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    # --- with the network ---------------------------------------------------------------------

    def enrol(
        self, client: httpx.Client, login: str, password: str, code: str = ""
    ) -> protocol.EnrolReply:
        """
        Make the replica in use known to the server, or log in again; repeating it is harmless.

        After a fork was found it first takes a new key: the old replica delivers what it has and
        takes no new entries.

        Raises:
            WrongLogin: The login, the password or the code of a second factor is wrong.
            RemoteProblem: Another refusal.
            OutOfReach: No answer.
            BadReceipt: The server shows other receipt keys than those pinned here.
        """
        return enrolment.enrol(
            self._store, client, self._unix_now, self._label, login, password, code
        )

    def sync(
        self,
        client: httpx.Client,
        *,
        pause: Callable[[float], None] = time.sleep,
        backoff: Sequence[float] = BACKOFF,
    ) -> SyncReport:
        """
        Deliver everything, fetch everything, get a receipt; deletes nothing whatever happens.

        Args:
            client: With the server's address as base_url.
            pause: Waits that many seconds.
            backoff: The waits between tries of one request that got no answer or 429/503. It is
                finite, so this always comes to an end.
        """
        self._require_enrolled()
        report = Syncing(self._store, client, self._unix_now, pause, backoff).run()
        self._view.reload()
        return report

    def fetch_photo(self, client: httpx.Client, sha256: str) -> bytes:
        """
        Return a photo of a task in view, a partner's as well; it is kept on this phone.

        What came before a break is kept: the next call goes on from there.

        Raises:
            RemoteProblem: 401 asks for a login; 403: not this user's to see, or not delivered yet.
            OutOfReach: No whole answer.
            DamagedPhoto: What came is not this photo; nothing was kept.
        """
        self._require_enrolled()
        return fetching.fetch(self._store, client, self._unix_now, sha256)

    def preview(self, client: httpx.Client, request: PreviewRequest) -> PreviewReply:
        """Return a document as the server would issue it now; see `network.previewing`."""
        self._require_enrolled()
        return previewing.preview(self._store, client, self._unix_now, request)

    # --- reading ------------------------------------------------------------------------------

    @property
    def user(self) -> str:
        """The user's id, empty before enrolment."""
        return self._store.get("user")

    def documents(self, kind: str) -> list[dict[str, Any]]:
        """Return the bodies of the pulled documents of a kind: task, form, law …, sorted by id."""
        return [msgspec.json.decode(document.body) for document in self._store.documents(kind)]

    def tasks(self) -> list[dict[str, Any]]:
        """Return the tasks in view."""
        return self.documents("task")

    def entries(self) -> list[LocalEntry]:
        """Return every entry on the phone with what the server made of it."""
        return self._store.entries()

    def damaged(self) -> list[str]:
        """Return the hashes of entries whose bytes changed in the file; all else goes on."""
        return [row.hash for row in self._store.damaged()]

    def receipts(self) -> list[protocol.ReceiptReply]:
        """Return every receipt held, as signed."""
        return [protocol.ReceiptReply(*row) for row in self._store.receipts()]

    def verified_receipts(self) -> list[protocol.Receipt]:
        """
        Return every receipt held, verified again under the pinned keys.

        Raises:
            BadReceipt: One does not verify.
        """
        keys = exchange.pinned_keys(self._store)
        return [protocol.verify_receipt(reply, keys) for reply in self.receipts()]

    def photo(self, sha256: str) -> bytes:
        """Return a photo's bytes, empty when it is not on this phone: see `fetch_photo`."""
        return self._store.blob(sha256)

    # --- from phone to phone ------------------------------------------------------------------

    def export_entries(self, task: str) -> bytes:
        """Return a file with this phone's entries of one task, for the partner; without photos."""
        return exchange.export(self._store, task)

    def export_with_photos(self, task: str) -> bytes:
        """Return the same with those of the task's photos that are on this phone."""
        return carrying.export(self._store, task)

    def look_into(self, content: bytes) -> list[Bringer]:
        """
        Return whose phones speak in a partner's file, so that officers compare their codes first.

        Raises:
            BadFile, RefusedFile: As `take_in` would.
        """
        packed, _ = carrying.opened(content)
        return exchange.looked_into(self._store, packed)

    def take_in(self, content: bytes) -> int:
        """
        Take in a partner's file, with or without photos; return how many entries were new.

        Raises:
            BadFile, RefusedFile: It is damaged, or holds what nobody may bring; nothing came in.
        """
        count = carrying.take_in(self._store, content)
        self._view.reload()
        return count

    def partners(self) -> list[Bringer]:
        """Return the other phones of which entries lie here that no server has, with how many."""
        return exchange.undelivered(self._store)

    def drop_partner(self, replica: str) -> int:
        """Forget what no server has of another phone's entries; return how many; never own ones."""
        with self._store.transaction():
            count = self._store.drop_partner(replica)
            carrying.forget(self._store)
        self._view.reload()
        return count

    # --- inside -------------------------------------------------------------------------------

    def _unix_now(self) -> int:
        return int(self._clock.wall().timestamp())

    def _require_enrolled(self) -> None:
        if not self.user:
            raise NotEnrolled
