"""A trusted timestamp on the commit: requested out of band, kept before the reveal, checked."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.checks.timestamps import CheckTimestamp, to_json
from inspect_server.domain.draw.errors import BadTimestamp, TimestampTooLate
from inspect_server.domain.draw.verify import Evidence, Report, Verdict, verify
from inspect_server.domain.errors import Forbidden
from inspect_server.gateways.signatures import ed25519_holds
from inspect_server.gateways.timestamps import Timestamps, request, roots, token_of
from inspect_server.store.models.replacing import DrawTimestamp
from inspect_server.usecases.drawing.timestamp_draw import store_timestamp
from inspect_server.usecases.drawing.verify_draw import verify_draw
from inspect_server.usecases.work import Backend
from tests.conftest import FixedClock
from tests.usecases.draw_world import APPROVER, SUPERVISOR, World, build
from tests.verifiers.authority import Authority
from tests.verifiers.full_draw import full

COMMIT = bytes(range(32))
TSA = "某时间戳机构"
DOCUMENT = Path(__file__).parents[2] / "docs" / "draw.md"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


def checked(world: World, draw_id: UUID, check: CheckTimestamp) -> Report:
    with world.backend.reading() as session:
        return verify_draw(
            session, world.backend.blobs, draw_id, world.keys(), ed25519_holds, check
        )


def test_the_token_says_when_and_only_a_trusted_root_makes_it_count(authority: Authority) -> None:
    response = authority.stamp(request(COMMIT))
    token = token_of(response)

    stamped = Timestamps(roots(authority.root))(token, COMMIT)
    assert stamped is not None
    assert stamped.tzinfo is not None
    assert Timestamps([])(token, COMMIT) is None
    assert token_of(token) == token
    assert hashlib.sha256(COMMIT).digest() in request(COMMIT)


def test_another_commit_another_root_and_a_changed_token_are_refused(
    authority: Authority, tmp_path: Path
) -> None:
    token = token_of(authority.stamp(request(COMMIT)))
    check = Timestamps(roots(authority.root))
    stranger = Timestamps(roots(Authority(tmp_path / "other").root))

    with pytest.raises(BadTimestamp):
        check(token, COMMIT[::-1])
    with pytest.raises(BadTimestamp):
        stranger(token, COMMIT)
    for place in range(0, len(token), 37):
        changed = bytearray(token)
        changed[place] ^= 1
        with pytest.raises(BadTimestamp):
            check(bytes(changed), COMMIT)
    with pytest.raises(BadTimestamp):
        token_of(b"no token")


def test_a_stamped_commit_reaches_level_three_by_a_root_that_the_reader_trusts(
    world: World, authority: Authority, clock: FixedClock
) -> None:
    drawn = world.commit()
    commit, stamped_at = bytes.fromhex(drawn.commit), clock.moment

    def check(token: bytes, commit: bytes) -> datetime | None:
        """The authority's own clock is the true one; the town's stands in March."""
        found = Timestamps(roots(authority.root))(token, commit)
        return None if found is None else stamped_at

    token = token_of(authority.stamp(request(commit)))
    with world.backend.begin(SUPERVISOR) as work:
        assert store_timestamp(work, drawn.id, TSA, token, check) is not None
    with world.backend.begin(SUPERVISOR) as work:  # the same again: not twice
        assert store_timestamp(work, drawn.id, TSA, token, check) is not None
    revealed = cert.from_text(world.reveal(drawn).certificate)

    assert revealed["timestamps"] == [to_json(TSA, token)]
    trusted, untrusted = checked(world, drawn.id, check), checked(world, drawn.id, Timestamps([]))
    assert (trusted.ok, trusted.level) == (True, 3), trusted.wrong
    assert (untrusted.ok, untrusted.level) == (True, 2)
    verdict = {one.what: one.verdict for one in untrusted.checks}
    assert verdict["时间戳"] is Verdict.UNCHECKED


def test_a_timestamp_after_the_public_value_lifts_no_level() -> None:
    made = full(replaced=False, issue="2026101", batch={"year": 2026, "number": 5, "of": 12})

    def level(at: datetime) -> tuple[bool, int | None, Verdict]:
        report = verify(
            Evidence(
                made.certificate,
                made.files["pool.txt"].splitlines(),
                check_timestamp=lambda token, commit: at,
            )
        )
        (stamp,) = (one for one in report.checks if one.what == "时间戳")
        return report.ok, report.level, stamp.verdict

    assert level(datetime(2026, 3, 2, tzinfo=UTC)) == (True, 3, Verdict.RIGHT)
    assert level(datetime(2026, 5, 2, tzinfo=UTC)) == (True, 2, Verdict.UNCHECKED)


def documented() -> str:
    """Return the shell commands that docs/draw.md gives whoever has no package."""
    (block,) = re.findall(r"```\n(python3 -c .*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    return str(block).replace("python3", sys.executable)


def test_the_documented_commands_check_a_timestamp_without_this_package(
    authority: Authority, tmp_path: Path
) -> None:
    token = token_of(authority.stamp(request(COMMIT)))
    shutil.copy(authority.root, tmp_path / "root.pem")

    def said(commit: bytes) -> subprocess.CompletedProcess[str]:
        carried = {"commit": commit.hex(), "timestamps": [to_json(TSA, token)]}
        (tmp_path / "certificate.json").write_text(json.dumps(carried))
        shell = ["sh", "-e", "-c", documented()]
        return subprocess.run(shell, check=False, cwd=tmp_path, capture_output=True, text=True)

    right, wrong = said(COMMIT), said(COMMIT[::-1])
    assert (right.returncode, "Verification: OK" in right.stdout + right.stderr) == (0, True)
    assert "Time stamp: " in right.stdout
    assert wrong.returncode != 0


def test_what_is_not_on_this_commit_is_not_kept_and_nothing_after_the_reveal(
    world: World, authority: Authority
) -> None:
    drawn = world.commit()
    other = token_of(authority.stamp(request(COMMIT)))
    own = token_of(authority.stamp(request(bytes.fromhex(drawn.commit))))

    with pytest.raises(BadTimestamp), world.backend.begin(SUPERVISOR) as work:
        store_timestamp(work, drawn.id, TSA, other, Timestamps([]))
    with pytest.raises(Forbidden), world.backend.begin(APPROVER) as work:
        store_timestamp(work, drawn.id, TSA, own, Timestamps([]))
    world.reveal(drawn)
    with pytest.raises(TimestampTooLate), world.backend.begin(SUPERVISOR) as work:
        store_timestamp(work, drawn.id, TSA, own, Timestamps([]))


def test_a_kept_timestamp_cannot_be_deleted(world: World, authority: Authority) -> None:
    drawn = world.commit()
    token = token_of(authority.stamp(request(bytes.fromhex(drawn.commit))))
    with world.backend.begin(SUPERVISOR) as work:
        store_timestamp(work, drawn.id, TSA, token, Timestamps([]))

    with pytest.raises(Exception, match="draw_timestamp"), world.backend.begin(SUPERVISOR) as work:
        work.session.execute(delete(DrawTimestamp))
