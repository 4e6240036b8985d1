"""What a batch is published as: its facts, its results, and the files that anybody can check."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from inspect_server.domain.disclosure import Result, over_record, result_of
from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.replacement.void import Void
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.gateways.keys import LocalKeys
from inspect_server.store import publications
from inspect_server.store.drawing import draws, replacements
from inspect_server.store.models.planning import Draw
from inspect_server.store.publications import TaskRow
from inspect_server.usecases.work import Work

TEXT, JSON, ZIP = "text/plain; charset=utf-8", "application/json", "application/zip"
MIME: Mapping[str, str] = {
    "certificate.json": JSON,
    "pool.txt": TEXT,
    "excluded.txt": TEXT,
    "eligibility.txt": TEXT,
    "openings.json": JSON,
    "keys.json": JSON,
    "witness-keys.json": JSON,
    "all.zip": ZIP,
}
"""The files of a batch; the last holds the others, for one download."""

Team = list[list[str]]


@dataclass(frozen=True)
class ResultRow:
    """The result of one selected enterprise as it is published; no person is named."""

    commitment: str
    cell: str
    uscc: str
    name: str
    number: str
    authority: str
    checked_on: date | None
    items: tuple[str, ...]
    team: Team
    result: Result
    reason: str
    settled_on: date  # local day on which the result stood; the deadline is counted from it

    def to_columns(self) -> dict[str, Any]:
        """Return the columns of the published copy."""
        return {
            "commitment": self.commitment,
            "cell": self.cell,
            "uscc": self.uscc,
            "name": self.name,
            "number": self.number,
            "authority": self.authority,
            "checked_on": self.checked_on,
            "items": list(self.items),
            "team": self.team,
            "result": self.result,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Evidence:
    """Everything of one batch, whether or not it may be published yet."""

    selected: int  # as drawn, before any replacement
    open_checks: int
    results: tuple[ResultRow, ...]
    facts: dict[str, Any]
    files: dict[str, bytes]


def gather(work: Work, draw: Draw) -> Evidence:
    """Collect what a revealed or void draw is published as."""
    text = publications.certificate_of(work.session, draw)
    assert text is not None  # a revealed or void draw has one
    certificate = cert.from_text(text)
    replaced = {
        one["out"]: one for one in certificate["replacements"] if one["kind"] == "enterprise"
    }
    teams = final_teams(certificate)
    tasks = publications.tasks(work.session, draw.id)
    results = [
        row for task in tasks if (row := _result(work, draw, task, replaced, teams)) is not None
    ]
    shown = {row.commitment for row in results}
    return Evidence(
        selected=len(certificate["selected"]),
        open_checks=len(tasks) - len(results),
        results=tuple(sorted(results, key=lambda row: (row.uscc, row.commitment))),
        facts=_facts(work, draw, certificate),
        files=_files(work, draw, text, [task for task in tasks if task.commitment in shown]),
    )


def final_teams(certificate: Mapping[str, Any]) -> dict[str, Team]:
    """Return by task who went: [place, salted officer leaf], after every replacement."""
    teams: dict[str, Team] = {}
    for row in certificate["teams"]:
        teams.setdefault(row["task"], []).append([f"{row['dept']}/{row['role']}", row["officer"]])
    for one in certificate["replacements"]:
        task = one["in"] if one["kind"] == "enterprise" else one["task"]
        teams[task] = [list(place) for place in one["team"]]
    return teams


def _result(
    work: Work,
    draw: Draw,
    task: TaskRow,
    replaced: Mapping[str, Mapping[str, Any]],
    teams: Mapping[str, Team],
) -> ResultRow | None:
    """Return the result of one task, None while there is none."""
    shared: dict[str, Any] = {
        "commitment": task.commitment,
        "cell": task.cell,
        **task.identity,
        "number": task.number,
        "authority": draw.authority,
        "team": teams.get(task.commitment, []),
    }
    if task.closed_record is not None and task.closed_at is not None:
        closed = ClosedRecord.from_json(task.closed_record)
        stated = task.stated if task.stated and over_record(task.stated, closed.findings) else None
        return ResultRow(
            **shared,
            checked_on=datetime.fromisoformat(closed.started_at).date(),
            items=tuple(form["title"] for form in closed.forms),
            result=stated or result_of(closed.findings),
            reason=task.stated_reason if stated else "",
            settled_on=_local(work, task.closed_at),
        )
    if task.commitment in replaced:
        assert draw.revealed_at is not None
        return ResultRow(
            **{**shared, "team": []},
            checked_on=None,
            items=(),
            result=Result.REPLACED,
            reason=replaced[task.commitment]["reason"],
            settled_on=_local(work, draw.revealed_at),
        )
    if task.stated is not None and task.stated_on is not None:
        return ResultRow(
            **shared,
            checked_on=task.stated_on,
            items=(),
            result=task.stated,
            reason=task.stated_reason,
            settled_on=task.stated_on,
        )
    return None


def _facts(work: Work, draw: Draw, certificate: Mapping[str, Any]) -> dict[str, Any]:
    body = certificate["commit_body"]
    included, excluded = draws.lines(work.session, draw.id)
    sizes = Counter(line.partition("\t")[0] for line in included)
    reasons = Counter(line.partition("\t")[0] for line in excluded)
    drawn = certificate["counts"] or [0] * len(body["cells"])
    return {
        "draw_no": draw.draw_no,
        "state": draw.state.value,
        "authority": draw.authority,
        "suite": certificate["suite"],
        "commit": certificate["commit"],
        "seed": certificate["seed"],
        "rules": body["rules"],
        "visits": [draw.visit_from.isoformat(), draw.visit_to.isoformat()],
        "deadline": body["deadline"],
        "committed_at": draw.committed_at.isoformat(),
        "revealed_at": draw.revealed_at.isoformat() if draw.revealed_at else "",
        "included": len(included),
        "excluded": sorted(reasons.items()),
        "cells": [
            {"cell": cell, "p_ppm": p, "enterprises": sizes[cell], "drawn": n}
            for (cell, p), n in zip(body["cells"], drawn, strict=True)
        ],
        "sources": body["sources"],
        "entropy": certificate["entropy"],
        "selected": len(certificate["selected"]),
        "replacements": [
            {key: one[key] for key in ("k", "kind", "reason", "out", "in")}
            for one in certificate["replacements"]
        ],
        "timestamps": len(certificate["timestamps"]),
        "void": certificate["void"]["reason"] if "void" in certificate else "",
        "void_signed": _signed_how(certificate),
    }


def _signed_how(certificate: Mapping[str, Any]) -> str:
    """Return how the witness agreed to a void, in words; "" for a draw that stands."""
    return Void.from_json(certificate["void"]).signed_how if "void" in certificate else ""


def _files(work: Work, draw: Draw, certificate: str, opened: Sequence[TaskRow]) -> dict[str, bytes]:
    included, excluded = draws.lines(work.session, draw.id)
    key = LocalKeys(work.settings.data_dir / "keys").receipts()
    openings = {
        task.commitment: {"salt": task.salt.hex(), "record": task.identity} for task in opened
    }
    files = {
        "certificate.json": certificate.encode("utf-8"),
        "pool.txt": _joined(included),
        "excluded.txt": _joined(excluded),
        "eligibility.txt": f"{draw.eligibility}\n".encode("ascii") if draw.eligibility else b"",
        "openings.json": json.dumps(openings, ensure_ascii=False, sort_keys=True).encode("utf-8"),
        "keys.json": json.dumps({key.kid: key.public_bytes.hex()}).encode("ascii"),
        "witness-keys.json": json.dumps(_witness_keys(work, draw)).encode("ascii"),
    }
    return files | {"all.zip": _zip(draw.draw_no, files)}


def _witness_keys(work: Work, draw: Draw) -> dict[str, str]:
    """Return the public keys of the chains that commit and replacements name, by key id."""
    named = {source["name"] for source in json.loads(draw.commit_body)["sources"]}
    keys = replacements.public_keys(work.session, draw.id, named)
    return {cert.key_id(key): key.hex() for key in keys}


def _joined(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _zip(draw_no: str, files: Mapping[str, bytes]) -> bytes:
    """Return the files in one folder; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{draw_no}/{name}")  # 1980-01-01: no moment of its own
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def _local(work: Work, moment: datetime) -> date:
    return moment.astimezone(work.settings.zone).date()
