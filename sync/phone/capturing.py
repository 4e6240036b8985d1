"""Capturing on a phone: every save is one signed entry in one durable transaction."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal

from sync import entries
from sync.ids import uuid7
from sync.merge import Item, MergedRecord
from sync.phone import orders
from sync.phone.checklists import Checklists
from sync.phone.clock import PhoneClock
from sync.phone.errors import ChangedMeanwhile, NoConflict, NothingToRetract
from sync.phone.local import LocalStore
from sync.phone.saving import Saving
from sync.phone.seen import Seen, citable
from sync.phone.view import View

OFFICERS = frozenset({"lead", "member"})
"""Who signs as the officer of this phone."""

Strokes = Sequence[Sequence[Sequence[int]]]
Before = Seen | Item | None
"""An item as it was when its form opened; None: as it is when it is saved."""


class Capturing:
    """
    Captures at once, or into a group; each method returns the item's id when it is saved.

    What a value replaces is what its officer saw: `seen` is the item as it was when the form opened
    (an item of which nothing was said: `NOTHING_SEEN`), by default as it is when it is saved.
    """

    def __init__(self, store: LocalStore, clock: PhoneClock, label: str) -> None:
        self._store = store
        self._clock = clock
        self._label = label
        self._view = View(store)
        self._checklists = Checklists(store)
        self._saving = Saving(store, clock, self._view)

    @property
    def replica(self) -> str:
        """The id of the replica in use."""
        return self._saving.replica.id

    def record(self, task: str) -> MergedRecord:
        """Return one task as this phone sees it: its own, its partner's and the pulled answers."""
        return self._view.record(task)

    def item(self, task: str, item: str) -> Item | None:
        """Return one item as this phone sees it."""
        return self._view.item(task, item)

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
        seen: Before = None,
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
        item = f"visit/start/{self.replica}"
        return self._saving.add(task, "visit.start", item, value, seen=seen)

    def answer(
        self,
        task: str,
        item: str,
        result: str,
        reason: str = "",
        note: str = "",
        given: Any = None,
        seen: Before = None,
    ) -> str:
        """Answer an item `answer/<form>/<code>` of the checklists (else UnknownItem), anew."""
        self._checklists.check(task, item)
        value: dict[str, Any] = {"result": result, "reason": reason, "note": note}
        value |= {} if given is None else {"given": given}
        return self._saving.add(task, "answer.set", item, value, seen=seen)

    def retract_answer(self, task: str, item: str, reason: str = "", seen: Before = None) -> str:
        """Take an answer back."""
        return self._change(task, "answer.retract", item, {"reason": reason}, seen)

    def add_finding(self, task: str, value: dict[str, Any]) -> str:
        """Add a finding with all its fields (docs/sync.md); its answer_item as in `answer`."""
        self._checklists.check(task, str(value.get("answer_item", "")))
        return self._saving.add(task, "finding.add", self._new_item("finding"), value)

    def amend_finding(
        self, task: str, item: str, value: dict[str, Any], seen: Before = None
    ) -> str:
        """Replace a finding by its whole new value."""
        return self._change(task, "finding.amend", item, value, seen)

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

    def amend_participant(
        self, task: str, item: str, value: dict[str, Any], seen: Before = None
    ) -> str:
        """Replace what is noted of somebody by a whole new value: signatures name the item."""
        return self._change(task, "participant.add", item, value, seen)

    def note(self, task: str, text: str) -> str:
        """Add a note."""
        return self._saving.add(task, "note.add", self._new_item("note"), {"text": text})

    def declare_gap(self, task: str, begin: str, end: str, reason: str) -> str:
        """Declare a break of the recording between two RFC 3339 moments."""
        value = {"from": begin, "to": end, "reason": reason}
        return self._saving.add(task, "gap.declare", self._new_item("gap"), value)

    def recheck(
        self, task: str, item: str, result: str, note: str = "", seen: Before = None
    ) -> str:
        """Say how a problem of an earlier check stands: `recheck/<inspection>/<number>`."""
        value = {"result": result, "note": note}
        return self._saving.add(task, "recheck.set", item, value, seen=seen)

    def retract(self, task: str, item: str, reason: str, seen: Before = None) -> str:
        """
        Withdraw a finding, photo, participant, note, gap or signature; it stays in the journal.

        To correct one but a participant, withdraw it and add it anew within one `together`.

        Raises:
            NothingToRetract: Nothing of it is known here.
            BadEntry: It is of a kind that cannot be withdrawn.
        """
        kind = item.partition("/")[0]
        return self._change(task, f"{kind}.retract", item, {"reason": reason}, seen)

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
        seen: MergedRecord | None = None,
    ) -> str:
        """
        Sign what was on the screen, by digest; an officer is by default the enrolled one.

        Args:
            signer: `lead`, `member`, `enterprise`, `witness`, or the item of a participant.
            document: What is signed: the record, or the order to rectify. Of the enterprise the
                latter is the receipt (签收), or its refusal.
            seen: The record as it was shown; None: as this phone shows it now.

        Raises:
            NothingOrdered, UnknownTask: See `orders.order_view`.
        """
        if signer in OFFICERS:
            officer_id = officer_id or self._store.get("officer")
        record = self.record(task) if seen is None else seen
        view, live = orders.cited(self._store, record, task, document)
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

    def resolve(self, task: str, item: str, chosen: Any, reason: str, seen: Before = None) -> str:
        """
        Settle a conflict as the lead, citing every value that was seen; one that came since stays.

        Raises:
            NoConflict: There is none.
            ChangedMeanwhile: Of what was seen nothing stands any more.
        """
        now = self.item(task, item)
        if now is None or not now.conflict:
            raise NoConflict(item=item)
        heads, _ = citable(now, seen, self.replica)
        if not heads:
            raise ChangedMeanwhile(item=item)
        value = {"chosen": chosen, "reason": reason}
        cited = [head.id for head in heads]
        return self._saving.add(task, "conflict.resolve", item, value, cited)

    def _new_item(self, kind: str) -> str:
        return f"{kind}/{uuid7(int(self._clock.wall().timestamp() * 1000))}"

    def _change(self, task: str, type: str, item: str, value: dict[str, Any], seen: Before) -> str:
        now = self.item(task, item)
        if now is None or not now.heads:
            raise NothingToRetract(item=item)
        return self._saving.add(task, type, item, value, seen=seen)
