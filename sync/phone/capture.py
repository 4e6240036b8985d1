"""Capturing on a phone: every save is one signed entry in one durable transaction."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal

import httpx
import msgspec

from sync import entries, protocol
from sync.ids import uuid7
from sync.merge import Item, MergedRecord
from sync.phone import exchange, orders
from sync.phone.checklists import Checklists
from sync.phone.clock import PhoneClock, SystemPhoneClock
from sync.phone.errors import NoConflict, NotEnrolled, NothingToRetract
from sync.phone.local import LocalEntry, LocalStore
from sync.phone.network import enrolment, fetching, previewing
from sync.phone.network.syncing import BACKOFF, Syncing, SyncReport
from sync.phone.saving import Saving
from sync.phone.view import View
from sync.previews import PreviewReply, PreviewRequest

OFFICERS = frozenset({"lead", "member"})
"""Who signs as the officer of this phone."""

Strokes = Sequence[Sequence[Sequence[int]]]


class Phone:
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
        self._store = LocalStore(path)
        self._clock = clock or SystemPhoneClock()
        self._label = label
        self._view = View(self._store)
        self._checklists = Checklists(self._store)
        self._saving = Saving(self._store, self._clock, self._view)
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

    @property
    def replica(self) -> str:
        """The id of the replica in use."""
        return self._saving.replica.id

    def documents(self, kind: str) -> list[dict[str, Any]]:
        """Return the bodies of the pulled documents of a kind: task, form, law …, sorted by id."""
        return [msgspec.json.decode(document.body) for document in self._store.documents(kind)]

    def tasks(self) -> list[dict[str, Any]]:
        """Return the tasks in view."""
        return self.documents("task")

    def record(self, task: str) -> MergedRecord:
        """Return one task as this phone sees it: its own, its partner's and the pulled answers."""
        return self._view.record(task)

    def item(self, task: str, item: str) -> Item | None:
        """Return one item as this phone sees it."""
        return self._view.item(task, item)

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

    # --- capturing ----------------------------------------------------------------------------

    def together(self, task: str) -> AbstractContextManager[None]:
        """
        Save what is captured inside the block as one entry when it ends: a page, a finding with
        its photos. If the block fails, or the phone dies in it, nothing of it was saved.

        Raises:
            OneGroupAtATime: In the block of another one, or when something of another task comes.
            SignedAlone: When something is signed in it.
            TooMuchAtOnce: At its end: it does not fit into one entry, and nothing was saved.
        """
        return self._saving.together(task)

    def start_visit(
        self,
        task: str,
        *,
        place: str,
        latitude: str = "",
        longitude: str = "",
        accuracy_m: str = "",
        datum: str = "WGS-84",
        badge_shown: bool = True,
        rights_told: bool = True,
        recording: str = "",
        gate: dict[str, Any] | None = None,
        arrived_at: str = "",
    ) -> str:
        """
        Begin the visit; return the item id, as all capturing does.

        Args:
            gate: The code that was read at the gate, as docs/sync.md has it.
            arrived_at: Of a correction, the moment of the arrival that it corrects.
        """
        value: dict[str, Any] = {
            "latitude": latitude,
            "longitude": longitude,
            "accuracy_m": accuracy_m,
            "datum": datum,
            "badge_shown": badge_shown,
            "rights_told": rights_told,
            "recording": recording,
            "place": place,
            **({"gate": gate} if gate else {}),
            **({"arrived_at": arrived_at} if arrived_at else {}),
        }
        return self._saving.add(task, "visit.start", f"visit/start/{self.replica}", value)

    def answer(
        self, task: str, item: str, result: str, reason: str = "", note: str = "", given: Any = None
    ) -> str:
        """Answer an item `answer/<form>/<code>` of the checklists (else UnknownItem), anew."""
        self._checklists.check(task, item)
        value: dict[str, Any] = {"result": result, "reason": reason, "note": note}
        value |= {} if given is None else {"given": given}
        return self._saving.add(task, "answer.set", item, value)

    def retract_answer(self, task: str, item: str, reason: str = "") -> str:
        """Take an answer back."""
        return self._change(task, "answer.retract", item, {"reason": reason})

    def add_finding(self, task: str, value: dict[str, Any]) -> str:
        """Add a finding with all its fields (docs/sync.md); its answer_item as in `answer`."""
        self._checklists.check(task, str(value.get("answer_item", "")))
        return self._saving.add(task, "finding.add", self._new_item("finding"), value)

    def amend_finding(self, task: str, item: str, value: dict[str, Any]) -> str:
        """Replace a finding by its whole new value."""
        return self._change(task, "finding.amend", item, value)

    def add_photo(
        self,
        task: str,
        content: bytes,
        *,
        caption: str = "",
        mime: str = "image/jpeg",
        finding: str = "",
        answer_item: str = "",
        latitude: str = "",
        longitude: str = "",
        accuracy_m: str = "",
        datum: str = "WGS-84",
        device: str = "",
        taken_wall: str = "",
    ) -> str:
        """Store a photo and the entry that cites it, together."""
        value = {
            "sha256": entries.entry_hash(content),
            "size": len(content),
            "mime": mime,
            "caption": caption,
            "finding": finding,
            "answer_item": answer_item,
            "taken_wall": taken_wall or self._clock.wall().isoformat(timespec="milliseconds"),
            "latitude": latitude,
            "longitude": longitude,
            "accuracy_m": accuracy_m,
            "datum": datum,
            "device": device or self._label,
        }
        return self._saving.add(task, "photo.add", self._new_item("photo"), value, content=content)

    def participant(
        self, task: str, kind: str, name: str, position: str = "", phone: str = "", unit: str = ""
    ) -> str:
        """Note somebody who took part; `unit` is an expert's or a witness's own."""
        value = {"kind": kind, "name": name, "position": position, "phone": phone}
        value |= {"unit": unit} if unit else {}
        return self._saving.add(task, "participant.add", self._new_item("participant"), value)

    def amend_participant(self, task: str, item: str, value: dict[str, Any]) -> str:
        """Replace what is noted of somebody by a whole new value: signatures name the item."""
        return self._change(task, "participant.add", item, value)

    def note(self, task: str, text: str) -> str:
        """Add a note."""
        return self._saving.add(task, "note.add", self._new_item("note"), {"text": text})

    def declare_gap(self, task: str, begin: str, end: str, reason: str) -> str:
        """Declare a break of the recording between two RFC 3339 moments."""
        value = {"from": begin, "to": end, "reason": reason}
        return self._saving.add(task, "gap.declare", self._new_item("gap"), value)

    def retract(self, task: str, item: str, reason: str) -> str:
        """
        Withdraw a finding, photo, participant, note, gap or signature; it stays in the journal.

        To correct one but a participant, withdraw it and add it anew within one `together`.

        Raises:
            NothingToRetract: Nothing of it is known here.
            BadEntry: It is of a kind that cannot be withdrawn.
        """
        kind = item.partition("/")[0]
        return self._change(task, f"{kind}.retract", item, {"reason": reason})

    def sign(
        self,
        task: str,
        signer: str,
        name: str,
        strokes: Strokes = (),
        *,
        officer_id: str = "",
        refused: bool = False,
        refusal_reason: str = "",
        document: Literal["record", "order"] = "record",
    ) -> str:
        """
        Sign what this phone shows now, by digest; an officer is by default the enrolled one.

        Args:
            signer: `lead`, `member`, `enterprise`, `witness`, or the item of a participant.
            document: What is signed: the record, or the order to rectify. Of the enterprise the
                latter is the receipt (签收), or its refusal.

        Raises:
            NothingOrdered, UnknownTask: See `orders.order_view`.
        """
        if signer in OFFICERS:
            officer_id = officer_id or self._store.get("officer")
        view, live = orders.cited(self._store, self.record(task), task, document)
        own = {"participant": signer} if signer.startswith("participant/") else {}
        value = {
            "signer": "participant" if own else signer,
            "name": name,
            "officer_id": officer_id,
            "view": view,
            "strokes": strokes,
            "refused": refused,
            "refusal_reason": refusal_reason,
            "document": document,
            **own,
        }
        item = self._new_item("signature")
        return self._saving.add(task, "signature.add", item, value, list(live))

    def order_view(self, task: str) -> str:
        """Return the digest of the order as this phone shows it; see `orders.order_view`."""
        return orders.order_view(self._store, self.record(task), task)

    def complete(self, task: str) -> str:
        """State that capturing ended on this phone."""
        return self._saving.add(task, "visit.complete", f"visit/complete/{self.replica}", {})

    def resolve(self, task: str, item: str, chosen: Any, reason: str) -> str:
        """
        Settle a conflict as the lead, citing every value that this phone sees.

        Raises:
            NoConflict: There is none.
        """
        seen = self.item(task, item)
        if seen is None or not seen.conflict:
            raise NoConflict(item=item)
        value = {"chosen": chosen, "reason": reason}
        heads = [head.id for head in seen.heads]
        return self._saving.add(task, "conflict.resolve", item, value, heads)

    # --- from phone to phone ------------------------------------------------------------------

    def export_entries(self, task: str) -> bytes:
        """Return a file with this phone's entries of one task, for the partner; without photos."""
        return exchange.export(self._store, task)

    def take_in(self, content: bytes) -> int:
        """
        Take in a partner's file; return how many entries were new.

        Raises:
            BadFile, RefusedFile: It is damaged, or holds what nobody may bring; nothing came in.
        """
        count = exchange.take_in(self._store, content)
        self._view.reload()
        return count

    # --- inside -------------------------------------------------------------------------------

    def _unix_now(self) -> int:
        return int(self._clock.wall().timestamp())

    def _new_item(self, kind: str) -> str:
        return f"{kind}/{uuid7(int(self._clock.wall().timestamp() * 1000))}"

    def _require_enrolled(self) -> None:
        if not self.user:
            raise NotEnrolled

    def _change(self, task: str, type: str, item: str, value: dict[str, Any]) -> str:
        seen = self.item(task, item)
        if seen is None or not seen.heads:
            raise NothingToRetract(item=item)
        return self._saving.add(task, type, item, value)
