"""A trusted timestamp on a commit, obtained outside and stored before the reveal."""

import hashlib
from datetime import datetime
from uuid import UUID

from inspect_server.domain.draw.checks.timestamps import CheckTimestamp, to_json, token_in
from inspect_server.domain.draw.errors import TimestampTooLate
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, Forbidden
from inspect_server.store.drawing import draws, timestamps
from inspect_server.store.models.planning import DrawState
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

LONGEST_NAME = 200


def store_timestamp(
    work: Work, draw_id: UUID, tsa: str, token: bytes, check: CheckTimestamp
) -> datetime | None:
    """
    Keep a token for the certificate and note it in the draw log; one that is kept stays one.

    Args:
        tsa: Who issued it, as the office calls them.

    Returns:
        When it was stamped, None when no root certificate was given.

    Raises:
        Forbidden: The actor is no supervisor.
        NotFound: No such draw.
        BadInput: The name is empty or too long.
        TimestampTooLate: The draw is revealed or void.
        BadTimestamp: The token is not on this commit, or does not hold.
    """
    if Role.SUPERVISOR not in work.actor.roles:
        raise Forbidden(action="收存时间戳")
    if not 0 < len(tsa) <= LONGEST_NAME:
        raise BadInput(field="签发机构", reason=f"应为 1 到 {LONGEST_NAME} 个字")
    draw = draws.lock(work.session, draw_id)
    if draw.state is not DrawState.COMMITTED:
        raise TimestampTooLate(draw_no=draw.draw_no)
    commit = bytes.fromhex(draw.commit_hex)
    token_in(to_json(tsa, token), commit)
    stamped = check(token, commit)
    if timestamps.is_kept(work.session, draw_id, token):
        return stamped
    timestamps.add(work.session, draw_id, tsa, token, work.now, work.actor.label)
    note(
        work,
        "draw.timestamped",
        draws.CASE,
        {
            "draw": str(draw_id),
            "draw_no": draw.draw_no,
            "commit": draw.commit_hex,
            "tsa": tsa,
            "token_sha256": hashlib.sha256(token).hexdigest(),
        },
    )
    return stamped
