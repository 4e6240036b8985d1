"""One dispatched inspection with both phones enrolled, and what they deliver."""

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from inspect_server.domain.enums import InspectionState
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.record import RecordLeaf
from inspect_server.usecases.phones.issue_receipt import issue_receipt
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Backend
from sync import engine, entries, protocol
from sync.protocol import PulledDocument, PullRequest, PushedEntry, PushReply, PushRequest
from tests.conformance_journal import NOW, Hand, photo
from tests.scenes import scene
from tests.store.sync_world import SqlWorld
from tests.usecases.bureau import Bureau, open_bureau

ITEM = "answer/small/A1"


@dataclass
class Visit:
    """One dispatched inspection with both phones enrolled."""

    bureau: Bureau
    id: UUID
    lead: Hand
    member: Hand

    def push(self, hand: Hand, *sent: PushedEntry) -> PushReply:
        with SqlWorld(self.bureau.backend).begin() as journal:
            epoch = journal.epoch()
        request = PushRequest(hand.id, epoch, NOW.isoformat(), list(sent))
        return push_entries(self.bureau.backend, request)

    def save(self, hand: Hand, *ops: entries.Op) -> PushedEntry:
        return hand.save(str(self.id), *ops, form="small@1")

    def answers(self, hand: Hand, result: str) -> PushReply:
        value = {"result": result, "reason": "", "note": ""}
        return self.push(hand, self.save(hand, entries.make_op("answer.set", ITEM, value)))

    def start(self, hand: Hand) -> PushReply:
        value = {
            "latitude": "",
            "longitude": "",
            "accuracy_m": "",
            "datum": "",
            "badge_shown": True,
            "rights_told": True,
            "recording": "执法记录仪",
            "place": "生产车间",
        }
        op = entries.make_op("visit.start", f"visit/start/{hand.id}", value)
        return self.push(hand, self.save(hand, op))

    def state(self) -> InspectionState:
        with self.bureau.backend.reading() as session:
            return session.get_one(Inspection, self.id).state

    def events(self, type: str) -> list[RecordLeaf]:
        with self.bureau.backend.reading() as session:
            return list(session.scalars(select(RecordLeaf).where(RecordLeaf.type == type)))

    def bodies(self, type: str) -> list[dict[str, object]]:
        return [json.loads(leaf.content)["body"] for leaf in self.events(type)]

    def pull(self, hand: Hand, cursor: str = "") -> tuple[dict[str, PulledDocument], str]:
        """What a phone pulls after a cursor, by id, and its next cursor."""
        with SqlWorld(self.bureau.backend).begin() as journal:
            reply = engine.pull(journal, hand.id, PullRequest(cursor))
        assert not reply.has_more
        return {document.id: document for document in reply.docs}, reply.cursor

    def day(self) -> str:
        """An answer, a photo, its file and a receipt; return the file's hash."""
        content = b"\xff\xd8\xff" + b"photo"
        sha256 = hashlib.sha256(content).hexdigest()
        self.answers(self.lead, "pass")
        self.push(self.lead, self.save(self.lead, photo(content)))
        SqlWorld(self.bureau.backend).store_blob(content)
        root = entries.blob_root([sha256])
        request = protocol.ReceiptRequest(self.lead.id, 2, self.lead.prev, root)
        issue_receipt(self.bureau.backend, request)
        return sha256


@scene
def open_visit(backend: Backend) -> Visit:
    bureau = open_bureau(backend)
    id = bureau.dispatched()[0]
    hands = [Hand(str(bureau.accounts[officer])) for officer in bureau.officers[:2]]
    for hand in hands:
        SqlWorld(backend).enrol(hand.public_key, hand.user)
    return Visit(bureau, id, *hands)


@scene
def worked_visit(backend: Backend) -> Visit:
    """The same after its day."""
    visit = open_visit(backend)
    visit.day()
    return visit
