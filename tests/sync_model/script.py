"""Evenings whose turns are written down, so that each of them comes on every engine."""

from typing import Any

from tests.sync_model.opening import LOGINS
from tests.sync_model.stranger import KINDS
from tests.unit.test_sync_phone import TASK

LEAD, MEMBER, FORMER = range(3)
"""Places in LOGINS; the last was taken off the task before the evening begins."""
STRANGE = "another_program_delivers"

Turn = tuple[str, dict[str, Any]]

EVENINGS: dict[str, list[Turn]] = {
    "one item, three opinions": [
        ("disagree", {"results": ["pass", "fail", "given"], "overruled": True}),
        ("resolve", {"who": MEMBER}),
        ("resolve", {"who": LEAD}),
        ("everybody_syncs", {}),
        ("disagree", {"results": ["fail", "pass", "given"], "overruled": False}),
        ("settle_at_a_desk", {"who": LOGINS[LEAD], "item": "answer/dust/D01"}),
        ("clock_jumps", {"who": LEAD, "hours": 48}),
        ("capture", {"who": MEMBER, "what": "page", "number": 1}),
        ("change", {"who": MEMBER, "number": 1, "amend": False}),
    ],
    "another program": [
        (STRANGE, {"how": sorted(KINDS), "order": "as signed"}),
        (STRANGE, {"how": ["good"], "order": "last first"}),
        (STRANGE, {"how": ["good", "good"], "order": "shuffled, some twice"}),
        (STRANGE, {"how": ["good"], "order": "last only"}),
        (STRANGE, {"how": [], "order": "shuffled, some twice"}),
        ("only_the_last_entry_arrives", {"who": MEMBER}),
        ("decide_in_the_inbox", {"first": 0}),
        ("decide_in_the_inbox", {"first": 1}),
    ],
    "a phone thought to be lost": [
        ("decide_on_what_waits", {"who": MEMBER, "accepted": True}),
        ("sync", {"who": MEMBER}),
        ("decide_on_what_waits", {"who": LEAD, "accepted": False}),
        ("sync", {"who": LEAD}),
        ("decide_in_the_inbox", {"first": 0}),
        ("everybody_syncs", {}),
    ],
    "taken off, closed, revoked": [
        ("reassign", {"members": ["member", "third"], "changed": False}),
        ("everybody_syncs", {}),
        ("answer", {"who": MEMBER, "task": TASK, "item": "answer/dust/D01", "result": "pass"}),
        ("answer", {"who": LEAD, "task": TASK, "item": "answer/dust/D02", "result": "fail"}),
        ("reassign", {"members": ["third"], "changed": True}),
        ("sync", {"who": MEMBER}),
        ("sync", {"who": LEAD}),
        ("answer", {"who": LEAD, "task": TASK, "item": "answer/dust/D02", "result": "pass"}),
        ("close_or_reopen", {}),
        ("sync", {"who": LEAD}),
        ("close_or_reopen", {}),
        ("answer", {"who": FORMER, "task": TASK, "item": "answer/dust/D02", "result": "fail"}),
        ("sync", {"who": FORMER}),
        ("answer", {"who": FORMER, "task": TASK, "item": "answer/dust/D02", "result": "pass"}),
        ("revoke", {"who": FORMER}),
        ("sync", {"who": FORMER}),
        ("decide_in_the_inbox", {"first": 0}),
    ],
    "one phone too many": [
        ("capture", {"who": MEMBER, "what": "visit", "number": 0}),
        ("sync", {"who": MEMBER}),
        ("clone", {"who": MEMBER}),
        ("everybody_syncs", {}),
        ("clone", {"who": LEAD}),
        ("everybody_syncs", {}),
    ],
    "a server restored": [
        ("back_up", {}),
        ("storage_is_cleared", {"who": MEMBER, "lost": True}),
        ("everybody_syncs", {}),
        ("capture", {"who": LEAD, "what": "page", "number": 3}),
        ("sync", {"who": LEAD}),
        ("restore", {}),
        ("everybody_syncs", {}),
        ("everybody_is_forgotten", {"giver": MEMBER, "taker": LEAD, "accept": True}),
        ("everybody_syncs", {}),
    ],
}
