"""The server's keys stand in the record by fingerprint: a lost one is never quietly made anew."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from inspect_server.domain.errors import InspectError
from inspect_server.gateways.keys import LocalKeys
from inspect_server.store import record
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

CASE, MADE = "server", "keys.made"


class KeysLost(InspectError):
    """A key file is gone, or is not the one that signed until now."""

    code, kind = "keys.lost", "broken"
    message = (
        "密钥文件 {names} 缺失或不是原来的密钥，已签发的回执将无法核对；"
        "请从备份恢复数据目录下 keys 中的原文件后重试，不要重新生成。"
    )


def keep_keys(work: Work) -> None:
    """
    Make the server's keys with the database and note their fingerprints; later only compare.

    Raises:
        KeysLost: One that was noted is missing or another.
        KeyUnusable: A file is there and is no key.
    """
    folder = work.settings.data_dir / "keys"
    if noted(work.session):
        check_keys(work.session, folder)
        return
    for name, fingerprint in LocalKeys(folder).make_all().items():
        note(work, MADE, CASE, {"name": name, "fingerprint": fingerprint})


def check_keys(session: Session, folder: Path) -> None:
    """
    Compare the key files with the fingerprints that the record holds.

    Raises:
        KeysLost: One that was noted is missing or another.
    """
    if lost := list(lost_keys(session, folder)):
        raise KeysLost(names="、".join(lost))


def lost_keys(session: Session, folder: Path) -> Iterator[str]:
    """Yield the names of the keys that are missing or not those that were noted."""
    there = LocalKeys(folder).fingerprints()
    for name, fingerprint in noted(session).items():
        if there.get(name) != fingerprint:
            yield name


def noted(session: Session) -> Mapping[str, str]:
    """Return the fingerprints that the record holds, by file name."""
    made = (json.loads(leaf.content) for leaf in record.leaves(session, CASE) if leaf.type == MADE)
    return {event["body"]["name"]: event["body"]["fingerprint"] for event in made}
