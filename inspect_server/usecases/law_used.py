"""Which text of the dated values a step used: its digest stands in the step's own event."""

import json

from inspect_server.domain.law import fingerprint
from inspect_server.store import record
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

CASE, READ = "law", "law.read"


def law_used(work: Work) -> str:
    """
    Return the digest of the shipped values, noting every row of them the first time.

    The step puts it into its event as `law_sha256`; `record verify` then says which rows read
    differently today.
    """
    used = fingerprint.digest()
    noted = (json.loads(leaf.content)["body"] for leaf in record.leaves(work.session, CASE))
    if all(body.get("law_sha256") != used for body in noted):
        rows = [f"{ref} {sha256}" for ref, sha256 in fingerprint.rows_read().items()]
        note(work, READ, CASE, {"law_sha256": used, "rows": rows})
    return used
