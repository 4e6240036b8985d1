"""
What runs on the phone: from what it holds of a visit to the preview that the server would set.

Imports nothing but the standard library, checklists, documents and what reads a record: Python for
browsers has nothing else (docs/decisions/0064).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from forms import body
from forms.model import Form
from inspect_server.domain.errors import InspectError
from inspect_server.domain.findings.rechecking import EarlierProblem
from inspect_server.domain.inspection import TeamMember
from inspect_server.store.journal.settled import settling
from inspect_server.usecases.documents.previewing import Paper, Preview, Wanted, drafted, previewed
from inspect_server.usecases.inspecting.building import Known, began, build, unit
from pdf_templates.file.glyphs import GlyphFile
from pdf_templates.setting.faces import STANDARD, Fonts

RESOLVE, RETRACT = "conflict.resolve", ".retract"
NULL = b"null"


class OnlyOnTheServer(InspectError):
    """The document tells what this phone never had."""

    code, kind = "preview.only_on_the_server", "conflict"
    message = "两部手机填写不一致、由主办人员确认的经过不全在本机，请联网后由服务器预览。"


@dataclass(frozen=True)
class Bureau:
    """Who issues documents, as the pack says."""

    zone: tzinfo
    authority: str
    authority_short: str
    government: str
    court: str


@dataclass(frozen=True)
class Maker:
    """A bureau, and the moment at which one of its phones sets a preview."""

    now: datetime
    settings: Bureau


@dataclass(frozen=True)
class Operation:
    """One operation that the phone holds."""

    id: str
    item: str
    type: str
    value: Any
    user: str
    wall: str
    hlc: str


@dataclass(frozen=True)
class Head:
    """A value that no other value has replaced."""

    id: str
    item: str
    value: bytes
    user: str
    replica: str
    wall: str
    hlc: str
    parents: tuple[str, ...]
    settled_reason: str

    def plain(self) -> Any:
        """Return the value as plain JSON data; None when retracted."""
        return json.loads(self.value)


@dataclass(frozen=True)
class Register:
    """One item as the phone shows it."""

    id: str
    heads: tuple[Head, ...]  # by time

    @property
    def conflict(self) -> bool:
        """Whether phones disagree and the lead has not chosen."""
        return len({head.value for head in self.heads}) > 1

    @property
    def live(self) -> bool:
        """Whether at least one head is a value and no retraction."""
        return any(head.value != NULL for head in self.heads)

    @property
    def value(self) -> Any:
        """The agreed value; None when retracted or in conflict."""
        return None if self.conflict or not self.heads else self.heads[0].plain()

    @property
    def users(self) -> tuple[str, ...]:
        """The users whose heads stand, sorted."""
        return tuple(sorted({head.user for head in self.heads}))


@dataclass(frozen=True)
class SignatureState:
    """A signature, and how what it saw relates to the record now."""

    item: str
    head: Head
    stale: bool
    unseen: tuple[str, ...]


@dataclass(frozen=True)
class Merged:
    """The visit as the phone shows it."""

    items: Mapping[str, Register]
    signatures: tuple[SignatureState, ...]

    def of_kind(self, prefix: str) -> Sequence[Register]:
        """Return the items under a prefix, retracted ones left out."""
        return [item for id, item in self.items.items() if id.startswith(prefix) and item.live]


@dataclass(frozen=True)
class PhoneRecord:
    """The same with the operations that the phone holds."""

    merged: Merged
    operations: Mapping[str, Operation | Head]
    entry_hashes: tuple[str, ...]

    def effective(self, operation: Operation | Head) -> bytes:
        """Return the value that an operation gives its item."""
        if isinstance(operation, Head):
            return operation.value
        if operation.type == RESOLVE:
            return _canonical(operation.value["chosen"])
        return NULL if operation.type.endswith(RETRACT) else _canonical(operation.value)


@dataclass(frozen=True)
class Pack:
    """The pack as it was laid out on the phone."""

    bureau: Bureau
    fonts: Fonts

    def answer(self, question: str, pictures: Mapping[str, bytes]) -> dict[str, Any]:
        """
        Return `{title, said_sha256, pdf}`, or why there is none: `{code, detail}`.

        Args:
            question: As `set_preview` takes it, as JSON.
            pictures: JPEG files by the hash of the original.
        """
        try:
            made = set_preview(json.loads(question), self.bureau, pictures, self.fonts)
        except InspectError as error:
            return {"code": error.code, "detail": str(error)}
        return {"title": made.title, "said_sha256": made.said_sha256, "pdf": made.pdf}


def opened(folder: Path) -> Pack:
    """Open the pack whose files lie in a folder."""
    names = json.loads((folder / "bureau.json").read_text("utf-8"))
    own = {
        style: GlyphFile((folder / place).read_bytes())
        for style, place in names.pop("fonts").items()
    }
    with (folder / "zone.tzif").open("rb") as rules:
        zone = ZoneInfo.from_file(rules)
    return Pack(Bureau(zone, **names), Fonts(own) if own else STANDARD)


def set_preview(
    question: Mapping[str, Any],
    bureau: Bureau,
    pictures: Mapping[str, bytes],
    fonts: Fonts = STANDARD,
) -> Preview:
    """
    Return the preview that the server would set of the same.

    Args:
        question: `document` and `paper` as in `POST /previews`; `now`, a moment; `task`,
            `enterprise` and `forms` as pulled; `items`, of the task: `{id, heads, gone}`, heads as
            in the documents pulled; `operations`: what the phone holds beside the heads, `{id,
            item, type, value, user, wall, hlc}`; `signatures`: `{item, head, stale, unseen}` with
            the id of the head.
        bureau: Who issues.
        pictures: JPEG files by the hash of the original.
        fonts: The bureau's faces.

    Raises:
        VisitNotStartedByTwo: Nobody has arrived.
        OnlyOnTheServer: A settled disagreement whose sides are not on this phone.
        NothingOrdered, NotPreviewable: As `drafted` and `previewed`.
    """
    task = question["task"]
    record = _record(question)
    if any(id not in record.operations for _, head in settling(record) for id in head.parents):
        raise OnlyOnTheServer
    forms = _pinned(task["form_set"], question["forms"])
    planned = date.fromisoformat(task["visit_from"])
    started = began(record, planned, bureau.zone)
    closed = build(_known(task, question["enterprise"], bureau), record, forms, started)
    maker = Maker(datetime.fromisoformat(question["now"]), bureau)
    wanted: Wanted = question["document"]
    paper: Paper = question["paper"]
    return previewed(drafted(maker, closed, wanted), paper, pictures, fonts)


def _pinned(form_set: str, bodies: Iterable[Mapping[str, Any]]) -> list[Form]:
    """Return the task's checklists in the order of its `form_set`."""
    by_ref = {f"{one['name']}@{one['version']}": one for one in bodies}
    return [body.from_json(by_ref[ref]) for ref in form_set.split("+")]


def _known(task: Mapping[str, Any], enterprise: Mapping[str, Any], bureau: Bureau) -> Known:
    people = [one for one in (*task["team"], *task["others"]) if one["user_id"]]
    return Known(
        id=task["id"],
        number=task["number"],
        source=task["source"],
        draw_no=str(task["scheme"].get("draw_no", "")),
        visit_from=date.fromisoformat(task["visit_from"]),
        visit_to=date.fromisoformat(task["visit_to"]),
        enterprise=unit(enterprise),
        team=tuple(
            TeamMember(
                officer_id=one["officer_id"],
                name=one["name"],
                cert_no=one["cert_no"],
                unit=one["unit"],
                role=one["role"],
            )
            for one in task["team"]
        ),
        contents={form["name"]: form["content_sha256"] for form in task["forms"]},
        officers={one["user_id"]: one["officer_id"] for one in people if one["officer_id"]},
        names={one["user_id"]: one["name"] for one in people},
        zone=bureau.zone,
        earlier=_earlier(task, enterprise),
    )


def _earlier(task: Mapping[str, Any], enterprise: Mapping[str, Any]) -> tuple[EarlierProblem, ...]:
    """Return the problems to recheck, as far as the server that told of them knew any by number."""
    follows = task["scheme"].get("follows", "")
    return tuple(
        EarlierProblem(**{field.name: one[field.name] for field in fields(EarlierProblem)})
        for one in sorted(enterprise["open_hazards"], key=_place)
        if follows in (one["inspection"], *one.get("rechecks", ())) and "number" in one
    )


def _place(hazard: Mapping[str, Any]) -> tuple[Any, ...]:
    return hazard["found_on"], hazard["inspection"], hazard.get("number", 0)


def _record(question: Mapping[str, Any]) -> PhoneRecord:
    items = [one for one in question["items"] if not one["id"].startswith("task/")]
    heads = {one["id"]: [_head(one["id"], head) for head in one["heads"]] for one in items}
    known: dict[str, Operation | Head] = {
        one["id"]: Operation(**{key: one[key] for key in Operation.__dataclass_fields__})
        for one in question["operations"]
    }
    standing = {head.id: head for found in heads.values() for head in found}
    gone = {id for one in items for id in one["gone"]}
    registers = {
        id: Register(id, tuple(sorted(heads[id], key=lambda head: (head.hlc, head.id))))
        for id in sorted(heads)
    }
    signatures = tuple(
        SignatureState(one["item"], standing[one["head"]], one["stale"], tuple(one["unseen"]))
        for one in question["signatures"]
    )
    entries = {id.partition("#")[0] for id in standing.keys() | gone}
    return PhoneRecord(Merged(registers, signatures), standing | known, tuple(sorted(entries)))


def _head(item: str, head: Mapping[str, Any]) -> Head:
    return Head(
        id=head["id"],
        item=item,
        value=_canonical(head["value"]),
        user=head["user"],
        replica=head["replica"],
        wall=head["wall"],
        hlc=head["hlc"],
        parents=tuple(head["parents"]),
        settled_reason=head["settled_reason"],
    )


def _canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of a value of the protocol."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")
