"""
How much a draw costs beside the hashing that nobody can avoid, measured in one process.

`python -m benchmarks.draw --size 1000000` prints one JSON line. The probe is a bare loop that takes
SHA-256 of every commitment once; the ratios are time / the probe's, all in one thread:

- `select`: the selection from a seed.
- `commit_draw`: from salts and records in JCS to commitments, sorted lines, root and commit, then
  from the entropy to seed, selection and the certificate's text.
- `verify`: from the published text of the pool and of the certificate to the verdict.
- `consistent_sampler`: how many times as long consistent-sampler needs for the same selection.
- `teams`: seconds for 500 tasks x 89 officers, and for 5,000 x 266 the ratio to a bare loop that
  hashes each (task, stage, candidate) once: eligibility, relaxations and placing included.

Every part runs `--rounds` times in turn and its best time counts. The ratios are of processor time,
which for one thread is the wall time of a machine that does nothing else; `wall` gives the same of
wall time as it was. `peak_mb` is the peak of the process before consistent-sampler, the inputs
included. A real draw's odds differ from cell to cell; here about 7 % are drawn.
"""

import argparse
import hashlib
import itertools
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from consistent_sampler import sampler

from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw import pool
from inspect_server.domain.draw.commit import CommitBody, compute_body
from inspect_server.domain.draw.eligibility import (
    Eligibility,
    OfficerLine,
    TeamRules,
    problem_of,
)
from inspect_server.domain.draw.hashes.tagged import jcs, suite
from inspect_server.domain.draw.selection import Selection, select
from inspect_server.domain.draw.staffing import staff
from inspect_server.domain.draw.teams import Stage, bits
from inspect_server.domain.draw.verify import Evidence, verify

H = suite("sha256")
ODDS = (10_000, 30_000, 50_000, 50_000, 100_000, 200_000)
CELLS = [(f"county.sector{n:02}.blue.B.never", p) for n, p in enumerate(ODDS * 4)]
ENTROPY = [b"\x01" * 32, b"\x02" * 32, b"cwl.kl8/2026060/01,05"]
SECTORS = ("dust", "ammonia", "confined", "furnace", "paint", "none", "none", "none")
TEAM_SIZES = ((500, 89), (5_000, 266))
RULES = TeamRules(
    "应急",
    (Stage("lead/0", "lead"), Stage("member/0", "member")),
    ("lead", "member"),
    ("specialty/member", "specialty/lead"),
)


@dataclass
class Enterprises:
    """One pool on its way through the draw; every step keeps what the next one needs."""

    salts: list[bytes]
    records: list[bytes]  # in JCS
    leaves: pool.Leaves = field(default_factory=dict)
    body: CommitBody | None = None
    pool_text: str = ""
    certificate: str = ""
    chosen: Selection | None = None

    def commit(self) -> None:
        """From salts and records to the commit."""
        self.leaves = {cell: [] for cell, _ in CELLS}
        made = pool.commitments(H, self.salts, self.records)
        for cell, c in zip(itertools.cycle(self.leaves), made, strict=False):
            self.leaves[cell].append(c)
        lines = pool.lines_of(self.leaves)
        self.body = compute_body("sha256", pool.lines_root(H, lines), CELLS)
        self.body.digest()
        self.pool_text = "\n".join(lines)

    def draw(self) -> None:
        """From the entropy to the certificate."""
        assert self.body is not None
        outcome = cert.outcome_of(self.body, ENTROPY, self.leaves, None)
        shown = [cert.Revealed(cert.GIVEN, str(n), e, "") for n, e in enumerate(ENTROPY, 1)]
        self.certificate = cert.to_text(cert.build(self.body, shown, outcome, ""))

    def select(self) -> None:
        """The selection alone."""
        self.chosen = select(H, b"\x03" * 32, CELLS, self.leaves)

    def verify(self) -> None:
        """From the published files to the verdict."""
        report = verify(Evidence(cert.from_text(self.certificate), self.pool_text.split("\n")))
        assert report.ok, report.wrong

    def bare(self) -> None:
        """The probe."""
        sha256 = hashlib.sha256
        for part in self.leaves.values():
            for c in part:
                sha256(c).digest()


def enterprises(size: int) -> Enterprises:
    """Return a pool of this many made-up enterprises."""
    rng = random.Random(1)
    return Enterprises(
        [rng.randbytes(32) for _ in range(size)],
        [
            jcs({"uscc": f"9132070{n:011}", "name": f"云湾区第{n}机械制造有限公司"})
            for n in range(size)
        ],
    )


class Seconds(NamedTuple):
    """What one part took."""

    cpu: float
    wall: float


def best(rounds: int, *parts: Callable[[], object]) -> list[Seconds]:
    """Return each part's best times, all parts in turn in every round."""
    times: list[list[Seconds]] = [[] for _ in parts]
    for _ in range(rounds):
        for part, taken in zip(parts, times, strict=True):
            cpu, wall = time.process_time(), time.perf_counter()
            part()
            taken.append(Seconds(time.process_time() - cpu, time.perf_counter() - wall))
    return [Seconds(*map(min, zip(*taken, strict=True))) for taken in times]


def peak_mb() -> float:
    """Return the process's greatest resident memory so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def measure_enterprises(size: int, rounds: int) -> dict[str, object]:
    """Measure the draw of enterprises."""
    asked = enterprises(size)
    asked.commit()
    asked.draw()
    steps = (asked.bare, asked.select, asked.commit, asked.draw, asked.verify)
    cpu, wall = zip(*best(rounds, *steps), strict=True)
    peak = peak_mb()
    assert asked.chosen is not None
    take = sum(asked.chosen.counts)
    ids = [c.hex() for part in asked.leaves.values() for c in part]
    (other,) = best(1, lambda: list(sampler(ids, "03" * 32, take=take, output="id")))
    return {
        "size": size,
        "drawn": take,
        "bare_s": round(cpu[0], 3),
        **ratios(*cpu),
        "wall": ratios(*wall),
        "consistent_sampler": round(other.cpu / cpu[1], 1),
        "peak_mb": round(peak),
    }


def ratios(
    bare: float, chosen: float, committed: float, drawn: float, verified: float
) -> dict[str, float]:
    """Return the steps' times as multiples of the probe's."""
    return {
        "select": round(chosen / bare, 2),
        "commit_draw": round((committed + drawn) / bare, 2),
        "verify": round(verified / bare, 2),
    }


def measure_teams(tasks: int, officers: int, rounds: int) -> tuple[Seconds, Seconds]:
    """Return the time of the teams, and that of the bare hashing of their preferences."""
    rng = random.Random(2)
    listed = Eligibility(
        tuple(
            OfficerLine(
                rng.randbytes(32).hex(),
                ("lead", "member") if n % 5 < 2 else ("member",),
                tuple(sorted(set(rng.choices(SECTORS[:5], k=2)))),
                rng.randrange(6),
            )
            for n in range(officers)
        ),
        frozenset(),
        frozenset(),
    )
    chosen = [
        (f"county.{rng.choice(SECTORS)}.blue.B.never", rng.randbytes(32)) for _ in range(tasks)
    ]
    problem = problem_of(RULES, chosen, listed)
    start = b"\x04" * 87  # as long as the tag, the seed, the department and the label are
    candidates = [
        (start + task, [problem.officers[n] for n in bits(mask)])
        for stage in RULES.stages
        for task, mask in zip(problem.tasks, problem.eligible[stage.role], strict=True)
    ]

    def bare() -> None:
        sha256 = hashlib.sha256
        for prefix, names in candidates:
            for name in names:
                sha256(prefix + name).digest()

    def drawn() -> None:
        assert staff(H, b"\x04" * 32, RULES, chosen, listed) is not None

    hashed, staffed = best(rounds, bare, drawn)
    return staffed, hashed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the draw against bare SHA-256.")
    parser.add_argument("--size", type=int, default=1_000_000, help="enterprises in the pool")
    parser.add_argument("--rounds", type=int, default=5, help="of which the best counts")
    asked = parser.parse_args()
    found = measure_enterprises(asked.size, asked.rounds)
    (few, _), (many, hashed) = (measure_teams(*size, asked.rounds) for size in TEAM_SIZES)
    found["teams"] = {
        "500x89_s": round(few.wall, 3),
        "5000x266": round(many.cpu / hashed.cpu, 2),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
