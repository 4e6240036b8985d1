"""
One push, one pull, one receipt, over the ports of sync/ports.py.

A push has two halves: `prepare` parses, hashes and verifies without any lock; `push` then stores,
judges and projects inside one transaction of the caller. The caller commits before it answers.
"""

from sync.engine.bridging import lost, named
from sync.engine.judge import is_readable, reason_against
from sync.engine.preparing import KeyOf, Prepared, PreparedPush, prepare
from sync.engine.pushing import append, publish, push
from sync.engine.serving import Covered, covered, have, pull, receipt, state

__all__ = [
    "Covered",
    "KeyOf",
    "Prepared",
    "PreparedPush",
    "append",
    "covered",
    "have",
    "is_readable",
    "lost",
    "named",
    "prepare",
    "publish",
    "pull",
    "push",
    "reason_against",
    "receipt",
    "state",
]
