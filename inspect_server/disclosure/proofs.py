"""The page on which an enterprise checks its own place in a draw: by its proof, or by its salt."""

import mmap
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from inspect_server.disclosure.answers import HTML, PLAIN, page
from inspect_server.domain.disclosure import inclusion
from inspect_server.domain.disclosure.outcome import Outcome
from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.hashes.tagged import SIZE, suite
from inspect_server.domain.draw.pool import commitment, record_of
from inspect_server.domain.errors import InspectError
from inspect_server.reads.disclosure import published
from inspect_server.web.begin import backend, reading
from inspect_server.web.guard import PUBLIC, policy

CERTIFICATE = "certificate.json"
NOT_PUBLIC = "尚未公示"
LISTS = {inclusion.POOL: "pool.txt", inclusion.EXCLUDED: "excluded.txt"}


class NotInList(InspectError):
    """What was typed leads to no line."""

    code, kind = "disclosure.not_in_list", "missing"
    message = (
        "所填内容对不上清单中的任何一行。请逐字核对单位名称、统一社会信用代码和盐值，"
        "它们应与领取的证明完全一致。"
    )


class OtherCommit(InspectError):
    """The proof is about another commit than the published one."""

    code, kind = "disclosure.other_commit", "conflict"
    message = "证明中的承诺值与抽取 {draw_no} 公布的承诺值不同，请立即向本机关和监督部门反映。"


class NoPlaceYet(InspectError):
    """Lists are not public yet."""

    code, kind = "disclosure.lists_not_public", "conflict"
    message = "抽取 {draw_no} 尚未公示清单，请在公示之后核对。"


@dataclass(frozen=True)
class Place:
    """Where an enterprise stands in a draw."""

    draw_no: str
    commit: str
    which: str  # pool | excluded
    label: str
    index: int | None  # from 0; None where it was not asked for
    size: int
    name: str
    p_ppm: int | None
    outcome: str  # of the draw for this enterprise, in words


def register(blueprint: Blueprint) -> None:
    """Add the page to the face."""
    blueprint.add_url_rule("/proof", "proof", proof)
    blueprint.add_url_rule("/proof", "check_proof", check_proof, methods=["POST"])


@policy(PUBLIC)
def proof() -> ResponseReturnValue:
    """Ask for the proof's file, or for name, code and salt."""
    return page("proof", lambda: _page(None, ""))


@policy(PUBLIC)
def check_proof() -> ResponseReturnValue:
    """Say whether what was given stands, and what it says. Nothing of it is kept."""
    place, problem = None, ""
    try:
        place = _by_file() or _by_salt()
    except InspectError as error:
        problem = str(error)
    answer = Response(_page(place, problem), 422 if problem else 200, content_type=HTML)
    answer.headers["Content-Security-Policy"] = PLAIN
    return answer


def _page(place: Place | None, problem: str) -> str:
    return render_template(
        "disclosure/proof.html", place=place, problem=problem, lists=inclusion.LIST_NAMES
    )


def _by_file() -> Place | None:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    proved = inclusion.check(inclusion.read(sent.stream.read(inclusion.LARGEST_BYTES + 1)))
    with reading() as session:
        found = published.draw(session, proved.draw_no)
        if found.commit.body["commit"] != proved.commit:
            raise OtherCommit(draw_no=proved.draw_no)
    return Place(
        proved.draw_no,
        proved.commit,
        proved.list,
        proved.label,
        proved.index,
        proved.size,
        str(proved.record.get("name", "")),
        proved.p_ppm,
        _outcome(found, proved.commitment),
    )


def _by_salt() -> Place:
    draw_no, name, uscc = (_typed(field) for field in ("draw_no", "name", "uscc"))
    with reading() as session:
        found = published.draw(session, draw_no)
        if found.batch is None:
            raise NoPlaceYet(draw_no=draw_no)
        c = _commitment(found.commit.body["suite"], _typed("salt"), uscc.upper(), name)
    facts = found.batch.notice.body
    files = {file.name: file.sha256 for file in found.batch.files}
    labels = {
        inclusion.POOL: [cell["cell"] for cell in facts["cells"]],
        inclusion.EXCLUDED: [code for code, _ in facts["excluded"]],
    }
    odds = {cell["cell"]: cell["p_ppm"] for cell in facts["cells"]}
    sizes = {
        inclusion.POOL: facts["included"],
        inclusion.EXCLUDED: sum(count for _, count in facts["excluded"]),
    }
    for which, file in LISTS.items():
        label = _label_of(files[file], labels[which], c)
        if label is not None:
            return Place(
                draw_no=draw_no,
                commit=found.commit.body["commit"],
                which=which,
                label=label,
                index=None,
                size=sizes[which],
                name=name,
                p_ppm=odds[label] if which == inclusion.POOL else None,
                outcome=_outcome(found, c),
            )
    raise NotInList


def _outcome(found: published.DrawPage, commitment: str) -> str:
    """Return how the draw ended for an enterprise by the certificate in force."""
    if found.batch is None:
        return NOT_PUBLIC
    sha256 = next(file.sha256 for file in found.batch.files if file.name == CERTIFICATE)
    return _published_outcome(sha256).said_of(commitment)


@lru_cache(maxsize=4)
def _published_outcome(sha256: str) -> Outcome:
    """Read a published certificate once: it never changes, and a stranger asks at will."""
    return Outcome.of(cert.from_text(backend().blobs.read(sha256)))


def _typed(field: str) -> str:
    return request.form.get(field, "").strip()[:400]


def _commitment(suite_name: str, salt: str, uscc: str, name: str) -> str:
    try:
        given = bytes.fromhex(salt)
    except ValueError:
        raise NotInList from None
    if len(given) != SIZE:
        raise NotInList
    return commitment(suite(suite_name), given, record_of(uscc, name)).hex()


def _label_of(sha256: str, labels: list[str], c: str) -> str | None:
    """
    Return under which label a commitment stands in a published list, None where it does not.

    The lines are sorted, so each label costs one binary search of the file on the disk: a stranger
    cannot make the server read a million lines.
    """
    path = backend().blobs.path(sha256)
    if path.stat().st_size == 0:
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = (label for label in labels if _has(content, f"{label}\t{c}\n".encode("ascii")))
        return next(found, None)


def _has(content: mmap.mmap, line: bytes) -> bool:
    """Return whether a file of sorted lines has this one."""
    low, high = 0, len(content)
    while low < high:
        middle = content.rfind(b"\n", 0, (low + high) // 2) + 1
        end = content.find(b"\n", middle) + 1
        found = content[middle:end]
        if found == line:
            return True
        if found < line:
            low = end
        else:
            high = middle
    return False
