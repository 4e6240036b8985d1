"""Deliveries in an order, and what becomes of each entry: effect, reason, flags, prefixes."""

from dataclasses import dataclass, field
from typing import Any

from tests.vectors.sync.hand import D01, D02, FAIL, FORM, PASS, TASK, Replica, op, pair

RECEIVED = "2026-03-02T09:05:00+08:00"
LEAD, MEMBER, STRANGER = (f"0198cccc-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
WHY = {"reason": "核实"}
Verdict = tuple[str, str, list[str]]  # effect, reason, flags
APPLIED: Verdict = ("applied", "", [])
CONFLICT: Verdict = ("conflict", "", [])
HELD: Verdict = ("held", "", [])


def quarantined(reason: str, *flags: str) -> Verdict:
    return ("quarantined", reason, list(flags))


@dataclass
class Evening:
    """A server, two phones, and what is delivered when."""

    name: str
    lead: Replica = field(default_factory=lambda: pair()[0])
    member: Replica = field(default_factory=lambda: pair()[1])
    server: Replica = field(default_factory=lambda: Replica("server", 1009, ""))
    users: dict[str, str] = field(default_factory=dict)  # replica -> user known at the start
    steps: list[dict[str, Any]] = field(default_factory=list)
    moment: int = 0

    def answer(self, who: Replica, value: dict[str, Any] = PASS, **changed: Any) -> dict[str, Any]:
        """Let a phone answer D01 on its own; `parents` is a list."""
        parents = changed.pop("parents", [])
        return self.save(who, op("answer.set", D01, value, *parents), **changed)

    def save(self, who: Replica, *ops: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """Let a replica write an entry, a millisecond after the one before."""
        self.moment += 1
        who.save(self.moment, *ops, **changed)
        return who.entries[-1]

    def deliver(
        self, *what: tuple[dict[str, Any], str, Verdict], carrier: Replica | None = None
    ) -> None:
        """Push entries in one request; `stored` and verdict as the answer must give them."""
        self.steps.append(
            {
                "carrier": (carrier or self.lead).id,
                "received": RECEIVED,
                "entries": [entry for entry, _, _ in what],
                "results": [
                    {"hash": entry["hash"], "stored": stored, **_named(verdict)}
                    for entry, stored, verdict in what
                ],
            }
        )

    def rule(self, type: str, item: str, value: Any, assignment: str = "") -> None:
        """Let the server write an entry of its own; those are always applied."""
        made = self.save(self.server, op(type, item, value), assignment=assignment, form="")
        flags = ["gap"] if type == "replica.lost" else []  # so that the inbox shows it
        self.deliver((made, "new", ("applied", "", flags)), carrier=self.server)

    def task(self, type: str, value: Any) -> None:
        """Let the server rule about the task."""
        self.rule(type, f"task/{TASK}", value, TASK)

    def dispatch(self, type: str = "task.assign", member: str = MEMBER) -> None:
        """Give the task to the lead and one member."""
        team = [{"user": LEAD, "role": "lead"}, {"user": member, "role": "member"}]
        self.task(type, {"form": FORM, "team": team})

    def end(
        self, final: list[tuple[dict[str, Any], Verdict]], heads: list[tuple[Replica, int, str]]
    ) -> dict[str, Any]:
        """Return the case: what stands at the end where it is not what the answer said."""
        replicas = [self.server, self.lead, self.member]
        return {
            "name": self.name,
            "replicas": [
                {
                    "id": replica.id,
                    "public_key_hex": replica.public.hex(),
                    "user": self.users.get(replica.id, replica.user),
                    "server": replica is self.server,
                }
                for replica in replicas
            ],
            "steps": self.steps,
            "final": [{"hash": entry["hash"], **_named(verdict)} for entry, verdict in final],
            "prefixes": {
                replica.id: {"upto_seq": seq, "head_hash": hash} for replica, seq, hash in heads
            },
        }


def _named(verdict: Verdict) -> dict[str, Any]:
    effect, reason, flags = verdict
    return {"effect": effect, "reason": reason, "flags": flags}


def deliveries() -> list[dict[str, Any]]:
    """Return deliveries.json."""
    return [
        _applied(),
        _held(),
        _released_together(),
        _schema(),
        _no_json(),
        _reasons(),
        _closed(),
        _resolving(),
        _revoked(),
        _accepted(),
        _across_a_gap(),
        _declined_across_a_gap(),
        _what_follows_a_ruling(),
        _claimed(),
        _forked(),
        _fork_of_equal_length(),
        _future(),
        _lost(),
        _unverified(),
    ]


def _applied() -> dict[str, Any]:
    evening = Evening("applied, in conflict, and delivered twice")
    evening.dispatch()
    one, other = evening.answer(evening.lead), evening.answer(evening.member, FAIL)
    evening.deliver((one, "new", APPLIED), (one, "duplicate", APPLIED))
    evening.deliver((other, "new", CONFLICT), (one, "duplicate", APPLIED))
    return evening.end([], [(evening.lead, 1, one["hash"]), (evening.member, 1, other["hash"])])


def _held() -> dict[str, Any]:
    evening = Evening("an entry waits for its predecessor; one in quarantine holds nobody up")
    evening.dispatch()
    first, second = evening.answer(evening.lead, form="other@1"), evening.answer(evening.lead)
    third = evening.answer(evening.lead, FAIL, parents=[second["hash"] + "#0"])
    evening.deliver((third, "new", HELD), (second, "new", HELD))
    evening.deliver((first, "new", quarantined("unknown_form")))
    final = [(second, APPLIED), (third, APPLIED)]
    return evening.end(final, [(evening.lead, 3, third["hash"])])


def _released_together() -> dict[str, Any]:
    evening = Evening("what one entry releases is in conflict if it is when all of that is in")
    evening.dispatch()
    evening.deliver((evening.answer(evening.lead), "new", APPLIED))
    first = evening.save(evening.member, op("answer.set", D02, PASS))
    second = evening.answer(evening.member, FAIL)
    third = evening.answer(evening.member, parents=[second["hash"] + "#0"])
    evening.deliver((second, "new", HELD), (third, "new", HELD))
    evening.deliver((first, "new", APPLIED))
    final = [(second, APPLIED), (third, APPLIED)]
    return evening.end(final, [(evening.member, 3, third["hash"])])


def _schema() -> dict[str, Any]:
    evening = Evening("what breaks the schema, or only the server may say, keeps its place")
    evening.dispatch()
    strange = evening.answer(evening.lead, {"result": "perhaps"})
    closing = evening.save(evening.lead, op("task.close", f"task/{TASK}", {}))
    after = evening.answer(evening.lead)
    evening.deliver(
        (strange, "new", quarantined("schema")),
        (closing, "new", quarantined("schema")),
        (after, "new", APPLIED),
    )
    return evening.end([], [(evening.lead, 3, after["hash"])])


def _no_json() -> dict[str, Any]:
    evening = Evening("what no parser takes keeps its place as well: half a surrogate, NaN, a BOM")
    evening.dispatch()
    strange = [
        evening.answer(evening.lead, rewritten=('"note":""', '"note":"\\ud83d"')),
        evening.answer(evening.lead, rewritten=('"mono":', '"mono":NaN,"mono":')),
        evening.answer(evening.lead, rewritten=('{"v":1', '\ufeff{"v":1')),
        evening.answer(evening.lead, rewritten=('"ops":', f'"x":{"[" * 5000}{"]" * 5000},"ops":')),
    ]
    after = evening.answer(evening.lead)
    evening.deliver(
        *((one, "new", quarantined("schema")) for one in strange), (after, "new", APPLIED)
    )
    return evening.end([], [(evening.lead, 5, after["hash"])])


def _reasons() -> dict[str, Any]:
    evening = Evening("who may not, and why")
    early = evening.answer(evening.lead)
    evening.deliver((early, "new", quarantined("not_assigned")))
    evening.dispatch()
    foreign = evening.answer(evening.lead, user=STRANGER)
    member = evening.answer(evening.member)
    evening.deliver((foreign, "new", quarantined("wrong_user")), (member, "new", APPLIED))
    evening.dispatch("task.reassign", STRANGER)
    late = evening.answer(evening.member, FAIL)
    evening.deliver((late, "new", quarantined("reassigned")), carrier=evening.member)
    evening.task("task.close", {})
    later = evening.answer(evening.member, form="other@1")
    evening.deliver((later, "new", quarantined("reassigned")), carrier=evening.member)
    heads = [(evening.lead, 2, foreign["hash"]), (evening.member, 3, later["hash"])]
    return evening.end([(member, APPLIED), (early, quarantined("not_assigned"))], heads)


def _closed() -> dict[str, Any]:
    evening = Evening("closed, and opened again for what comes from then on")
    evening.dispatch()
    evening.task("task.close", {})
    late = evening.answer(evening.lead, form="other@1")
    evening.deliver((late, "new", quarantined("closed")))
    evening.task("task.reopen", WHY)
    after = evening.answer(evening.lead)
    evening.deliver((after, "new", APPLIED), (late, "duplicate", quarantined("closed")))
    return evening.end([], [(evening.lead, 2, after["hash"])])


def _resolving() -> dict[str, Any]:
    evening = Evening("only the lead settles")
    evening.dispatch()
    one, other = evening.answer(evening.lead), evening.answer(evening.member, FAIL)
    evening.deliver((one, "new", APPLIED), (other, "new", CONFLICT))
    chosen = {"chosen": PASS, "reason": "现场复核"}
    settled = op("conflict.resolve", D01, chosen, one["hash"] + "#0", other["hash"] + "#0")
    by_member, by_lead = evening.save(evening.member, settled), evening.save(evening.lead, settled)
    evening.deliver((by_member, "new", quarantined("not_lead")), (by_lead, "new", APPLIED))
    return evening.end(
        [(one, APPLIED), (other, CONFLICT)],
        [(evening.lead, 2, by_lead["hash"]), (evening.member, 2, by_member["hash"])],
    )


def _revoked() -> dict[str, Any]:
    evening = Evening("revoked before everything else but the schema")
    evening.dispatch()
    before = evening.answer(evening.lead)
    evening.deliver((before, "new", APPLIED))
    evening.rule("replica.revoke", f"replica/{evening.lead.id}", WHY)
    after = evening.answer(evening.lead, user=STRANGER)
    broken = evening.answer(evening.lead, {})
    evening.deliver((after, "new", quarantined("revoked")), (broken, "new", quarantined("schema")))
    return evening.end([(before, APPLIED)], [(evening.lead, 3, broken["hash"])])


def _accepted() -> dict[str, Any]:
    evening = Evening("a supervisor takes in one entry and declines another")
    evening.dispatch()
    one = evening.answer(evening.member)
    evening.deliver((one, "new", APPLIED))
    evening.task("task.close", {})
    late, other = evening.answer(evening.lead, FAIL), evening.answer(evening.lead)
    evening.deliver((late, "new", quarantined("closed")), (other, "new", quarantined("closed")))
    evening.rule("inbox.accept", f"entry/{late['hash']}", WHY)
    evening.rule("inbox.decline", f"entry/{other['hash']}", WHY)
    final = [
        (one, APPLIED),
        (late, ("conflict", "", ["accepted"])),
        (other, quarantined("closed", "declined")),
    ]
    return evening.end(final, [(evening.lead, 2, other["hash"])])


def _across_a_gap() -> dict[str, Any]:
    evening = Evening("a supervisor takes in an entry that waits; what follows it waits no more")
    evening.dispatch()
    missing, first = evening.answer(evening.member), evening.answer(evening.member, FAIL)
    second = evening.save(evening.member, op("answer.set", D02, PASS))
    evening.deliver((first, "new", HELD), (second, "new", HELD))
    evening.rule("inbox.accept", f"entry/{first['hash']}", WHY)
    accepted = ("applied", "", ["accepted", "gap"])
    evening.deliver((first, "duplicate", accepted), (second, "duplicate", APPLIED))
    evening.deliver((missing, "new", CONFLICT), carrier=evening.member)
    final = [(first, accepted), (second, APPLIED)]
    return evening.end(final, [(evening.member, 3, second["hash"])])


def _declined_across_a_gap() -> dict[str, Any]:
    evening = Evening("a supervisor declines an entry that waits, and takes it in after all")
    evening.dispatch()
    missing, first = evening.answer(evening.member), evening.answer(evening.member, FAIL)
    second = evening.save(evening.member, op("answer.set", D02, PASS))
    evening.deliver((first, "new", HELD), (second, "new", HELD))
    evening.rule("inbox.decline", f"entry/{first['hash']}", WHY)
    evening.deliver((missing, "new", APPLIED), (second, "duplicate", APPLIED))
    evening.deliver((first, "duplicate", quarantined("declined", "declined", "gap")))
    evening.rule("inbox.accept", f"entry/{first['hash']}", WHY)
    final = [
        (first, ("conflict", "", ["accepted", "declined", "gap"])),
        (second, APPLIED),
        (missing, APPLIED),
    ]
    return evening.end(final, [(evening.member, 3, second["hash"])])


def _what_follows_a_ruling() -> dict[str, Any]:
    evening = Evening("what waited for an entry that was ruled on is judged like anything else")
    evening.dispatch()
    _missing, broken = evening.answer(evening.lead), evening.answer(evening.lead, {})
    late = evening.answer(evening.lead, form="other@1")
    evening.deliver((broken, "new", HELD), (late, "new", HELD))
    evening.rule("inbox.accept", f"entry/{broken['hash']}", WHY)
    evening.deliver((broken, "duplicate", HELD))
    evening.rule("inbox.decline", f"entry/{broken['hash']}", WHY)
    final = [
        (broken, quarantined("declined", "declined", "gap")),
        (late, quarantined("unknown_form")),
    ]
    return evening.end(final, [(evening.lead, 0, "")])


def _claimed() -> dict[str, Any]:
    evening = Evening("entries of a replica of which only the key is known, until it is enrolled")
    evening.users[evening.member.id] = ""
    evening.dispatch()
    early = evening.answer(evening.member)
    foreign = evening.answer(evening.member, user=STRANGER)
    evening.deliver(
        (early, "new", quarantined("wrong_user")), (foreign, "new", quarantined("wrong_user"))
    )
    evening.rule("replica.enrol", f"replica/{evening.member.id}", {"user": MEMBER})
    evening.steps[-1]["enrolled"] = {evening.member.id: MEMBER}
    after = evening.answer(evening.member, FAIL, parents=[early["hash"] + "#0"])
    evening.deliver((after, "new", APPLIED), carrier=evening.member)
    final = [(early, APPLIED), (foreign, quarantined("wrong_user"))]
    return evening.end(final, [(evening.member, 3, after["hash"])])


def _forked() -> dict[str, Any]:
    evening = Evening("both branches of a fork are applied; the longer one is the prefix")
    evening.dispatch()
    root = evening.answer(evening.lead)
    copy = Replica("copy", evening.lead.scalar, LEAD, evening.lead.seq, evening.lead.prev)
    short = evening.answer(evening.lead, FAIL, parents=[root["hash"] + "#0"])
    long = evening.save(copy, op("answer.set", D02, PASS))
    end = evening.save(copy, op("answer.set", D02, FAIL, long["hash"] + "#0"))
    evening.deliver((root, "new", APPLIED), (short, "new", APPLIED))
    evening.deliver((long, "fork", ("applied", "fork", ["fork"])), (end, "new", APPLIED))
    return evening.end(
        [(short, ("applied", "fork", ["fork"])), (root, APPLIED)],
        [(evening.lead, 3, end["hash"])],
    )


def _fork_of_equal_length() -> dict[str, Any]:
    evening = Evening("of two branches of one length the one with the smaller hash is the prefix")
    evening.dispatch()
    copy = Replica("copy", evening.lead.scalar, LEAD)
    one, other = evening.answer(evening.lead), evening.answer(copy, FAIL)
    evening.deliver((one, "fork", ("applied", "fork", ["fork"])), (other, "fork", _FORKED))
    smaller = min(one["hash"], other["hash"])
    return evening.end([], [(evening.lead, 1, smaller)])


_FORKED: Verdict = ("conflict", "fork", ["fork"])


def _future() -> dict[str, Any]:
    evening = Evening("a clock more than 600 s ahead is only a flag")
    evening.dispatch()
    edge = evening.answer(evening.lead, wall="2026-03-02T09:15:00+08:00")
    beyond = evening.answer(
        evening.lead, wall="2026-03-02T01:15:00.000001Z", parents=[edge["hash"] + "#0"]
    )
    evening.deliver((edge, "new", APPLIED), (beyond, "new", ("applied", "", ["future_clock"])))
    return evening.end([], [(evening.lead, 2, beyond["hash"])])


def _lost() -> dict[str, Any]:
    evening = Evening("what a restore lost and only a receipt stands for; it may still come")
    evening.dispatch()
    lost = [evening.answer(evening.lead) for _ in range(2)]
    after = evening.save(evening.lead, op("answer.set", D02, PASS))
    evening.deliver((after, "new", HELD))
    evening.rule(
        "replica.lost",
        f"replica/{evening.lead.id}",
        {
            "upto_seq": 2,
            "head_hash": lost[1]["hash"],
            "receipt": "e30=",
            "signature": "AA==",
            "kid": "k1",
        },
    )
    evening.deliver((after, "duplicate", ("applied", "", ["gap"])))
    evening.deliver((lost[1], "new", ("applied", "", ["gap"])), carrier=evening.member)
    evening.deliver((lost[0], "new", APPLIED), carrier=evening.member)
    final = [(one, ("applied", "", ["gap"])) for one in (after, lost[1])]
    return evening.end(final, [(evening.lead, 3, after["hash"])])


def _unverified() -> dict[str, Any]:
    evening = Evening("a signature that does not hold is no entry, and holds up its successor")
    evening.dispatch()
    first, second = evening.answer(evening.lead), evening.answer(evening.lead, FAIL)
    forged = {**first, "signature_hex": second["signature_hex"]}
    evening.deliver(
        (forged, "unverified", quarantined("unverified")),
        (second, "new", HELD),
    )
    return evening.end([(second, HELD)], [(evening.lead, 0, "")])
