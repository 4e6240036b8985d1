"""Phones for tests of what comes after the sync; every save is pushed at once."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal import replicas
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import SyncDocument
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Backend
from sync import entries
from sync.entries import Entry, Op, make_op
from sync.ids import Hlc, uuid7
from sync.merge import MergedRecord, fold
from sync.merging.order_views import order_view
from sync.protocol import PushedEntry, PushRequest
from tests.actors import ALL_ROLES
from tests.usecases.bureau import Bureau

HERE = timezone(timedelta(hours=8))


@dataclass
class Visit:
    """One inspection in the field, with one phone for each officer who went."""

    bureau: Bureau
    inspection: UUID
    at: datetime = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
    phones: dict[int, "Phone"] = field(default_factory=dict)

    @property
    def backend(self) -> Backend:
        return self.bureau.backend

    def phone(self, officer: int) -> "Phone":
        """The phone of one officer, enrolled on first use."""
        if officer not in self.phones:
            self.phones[officer] = Phone(self, officer)
        return self.phones[officer]

    def operations(self) -> list[entries.Operation]:
        """Every operation of every phone."""
        return [op for phone in self.phones.values() for op in phone.operations]

    def start(self, *officers: int, **values: Any) -> None:
        """These officers arrive."""
        for officer in officers:
            self.phone(officer).start(**values)

    def answer_all(self, officer: int = 0, result: str = "pass") -> None:
        """Answer the whole small checklist."""
        for code in ("A1", "A2", "A3"):
            self.phone(officer).answer(code, result)

    def recheck(self, item: str, result: str, note: str = "") -> str:
        """Say on the lead's phone how a problem of an earlier check stands."""
        value = {"result": result, "note": note}
        return self.phone(0).save(make_op("recheck.set", item, value))[0]

    def sign_all(self) -> None:
        """Lead, member and enterprise sign on the lead's phone."""
        for signer, officer in (("lead", 0), ("member", 1), ("enterprise", None)):
            self.phone(0).sign(signer, officer)


@dataclass
class Phone:
    """One phone; every call is one entry, stored at once."""

    visit: Visit
    officer: int
    replica: str = ""
    seq: int = 0
    prev: str = ""
    operations: list[entries.Operation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = entries.new_key()
        public_key = entries.raw_public_key(self.key)
        self.replica = entries.replica_id(public_key)
        with self.visit.backend.begin(ALL_ROLES) as work:
            replicas.enrol(
                work.session,
                replica_id=self.replica,
                public_key=public_key,
                at=work.now,
                user_id=UUID(self.user),
                device_id=uuid4(),
                label="手机",
                storage={},
                pull_token_sha256=None,
            )

    @property
    def user(self) -> str:
        bureau = self.visit.bureau
        return str(bureau.accounts[bureau.officers[self.officer]])

    def save(self, *ops: Op, effect: str = "") -> list[str]:
        """Push one entry and return the ids of its operations; `effect` is what must come of it."""
        self.visit.at += timedelta(minutes=1)
        self.seq += 1
        content = entries.build(
            Entry(
                v=1,
                replica=self.replica,
                seq=self.seq,
                prev=self.prev,
                device=str(uuid4()),
                user=self.user,
                assignment=str(self.visit.inspection),
                form="small@1",
                hlc=str(Hlc(int(self.visit.at.timestamp() * 1000), 0, self.replica)),
                wall=self.visit.at.astimezone(HERE).isoformat(),
                tz="Asia/Shanghai",
                mono=self.seq,
                boot="b",
                last_server_time="",
                ops=list(ops),
            )
        )
        self.prev = entries.entry_hash(content)
        became = self._push(content)
        assert became == effect or (not effect and became in ("applied", "conflict"))
        made = entries.operations(entries.parse(content), self.prev)
        if not effect:
            self.operations += made
        return [op.id for op in made]

    def lose_one(self) -> None:
        """Skip a number: an entry that never arrives."""
        self.seq, self.prev = self.seq + 1, "f" * 64

    def _push(self, content: bytes) -> str:
        with self.visit.backend.reading() as session:
            epoch = sync_head.epoch(session)
        pushed = PushedEntry(content, entries.sign(self.key, content))
        wall = self.visit.at.isoformat()
        reply = push_entries(
            self.visit.backend, PushRequest(self.replica, str(epoch), wall, [pushed])
        )
        return reply.results[0].effect

    def start(self, **values: Any) -> None:
        """Arrive, show the badge, tell the rights."""
        value = {
            "latitude": "34.600000",
            "longitude": "119.200000",
            "accuracy_m": "8",
            "datum": "WGS-84",
            "badge_shown": True,
            "rights_told": True,
            "recording": "执法记录仪",
            "place": "一车间",
        }
        self.save(make_op("visit.start", f"visit/start/{self.replica}", value | values))

    def complete(self) -> None:
        """Say that capturing ended."""
        self.save(make_op("visit.complete", f"visit/complete/{self.replica}", {}))

    def answer(self, code: str, result: str, parents: list[str] | None = None, **said: Any) -> str:
        """Answer one item."""
        value = {"result": result, "reason": "", "note": ""} | said
        return self.save(make_op("answer.set", f"answer/small/{code}", value, parents or []))[0]

    def resolve(self, code: str, result: str, parents: list[str], reason: str) -> None:
        """Settle a conflict."""
        chosen = {"result": result, "reason": "", "note": ""}
        value = {"chosen": chosen, "reason": reason}
        self.save(make_op("conflict.resolve", f"answer/small/{code}", value, parents))

    def find(self, code: str, **values: Any) -> str:
        """Note a finding for one item and return its item id."""
        item = f"finding/{uuid7(int(self.visit.at.timestamp() * 1000))}"
        value = {
            "answer_item": f"answer/small/{code}" if code else "",
            "level": "general",
            "text": "未设置警示标志",
            "place": "一号池",
            "basis": "《有限空间作业安全规定》第六条",
            "penalty_basis": "",
            "measure": "rectify_within",
            "deadline": "2026-03-20",
            "corrected_on_site": False,
        }
        self.save(make_op("finding.add", item, value | values))
        return item

    def photograph(
        self,
        finding: str = "",
        answer: str = "",
        content: bytes | None = None,
        arrive: bool = True,
        effect: str = "",
    ) -> str:
        """Take a photo and return its hash; its file arrives unless told otherwise."""
        content = content or uuid4().bytes
        sha256 = hashlib.sha256(content).hexdigest()
        value = {
            "sha256": sha256,
            "size": len(content),
            "mime": "image/jpeg",
            "caption": "现场",
            "finding": finding,
            "answer_item": answer,
            "taken_wall": self.visit.at.astimezone(HERE).isoformat(),
            "latitude": "",
            "longitude": "",
            "accuracy_m": "",
            "datum": "",
            "device": "测试手机",
        }
        item = f"photo/{uuid7(int(self.visit.at.timestamp() * 1000))}"
        self.save(make_op("photo.add", item, value, [], sha256), effect=effect)
        if arrive:
            self.visit.backend.blobs.put(content)
            with self.visit.backend.begin(ALL_ROLES) as work:
                sync_blobs.add(work.session, sha256, len(content), "image/jpeg", work.now)
        return sha256

    def sign(
        self,
        signer: str,
        officer: int | None,
        refused: str = "",
        document: str = "record",
        enterprise: str = "",
    ) -> None:
        """Sign what stands now; a participant by the item, an `enterprise` by another name."""
        bureau = self.visit.bureau
        record = fold(str(self.visit.inspection), self.visit.operations())
        live, view = record.live, record.view
        if document == "order":
            live, view = record.ordered, self._order_view(record, enterprise)
        own = {"participant": signer} if signer.startswith("participant/") else {}
        value = {
            "signer": "participant" if own else signer,
            "name": "签名人",
            "officer_id": "" if officer is None else str(bureau.officers[officer]),
            "view": view,
            "strokes": [] if refused else [[[0, 0], [500, 500]]],
            "refused": bool(refused),
            "refusal_reason": refused,
        }
        # A phone from before there were others says nothing of a signature to the record.
        value |= own if document == "record" else {"document": document}
        item = f"signature/{uuid7(int(self.visit.at.timestamp() * 1000))}"
        self.save(make_op("signature.add", item, value, list(live)))

    def _order_view(self, record: MergedRecord, enterprise: str) -> str:
        with self.visit.backend.reading() as session:
            visit = session.get_one(Inspection, self.visit.inspection)
            ids = f"task/{visit.id}", f"enterprise/{visit.enterprise_id}"
            task, unit = (json.loads(session.get_one(SyncDocument, id).body) for id in ids)
        shown = unit | ({"name": enterprise} if enterprise else {})
        found = [item.value for item in record.of_kind("finding/")]
        return order_view(task["number"], shown, found)
