"""Which columns of which rows each event sets: the whole of what is compared, as one table."""

from collections.abc import Iterable, Mapping
from typing import Any

from inspect_server.domain.enums import InspectionState
from inspect_server.reads.record_checks.draw_events import DRAWS
from inspect_server.reads.record_checks.replay import (
    Change,
    Event,
    Facts,
    Sets,
    actor,
    always,
    at,
    case_name,
    number,
    said,
)
from inspect_server.store.models.planning import PlanState

State = InspectionState
VISIT, DOCUMENT, MEMBER = "inspection", "issued_document", "inspection_member"
SIGNED = "signed_document"
CHECK, FORM = "enterprise_check", "inspection_form"
CHECKLIST, RETIREMENT = "published_checklist", "checklist_retirement"
CONFIRMATION = "citation_confirmation"
THE_PLAN, THE_VISIT, THE_CHECK = (said("plan"),), (case_name,), (said("inspection"),)
THE_DOCUMENT, THE_USER = (said("doc_no"),), (said("user"),)
THE_VERSION, THE_CONFIRMATION = (said("checklist"), said("version")), (said("confirmation"),)

KEYS: Mapping[str, tuple[str, ...]] = {
    "plan": ("id",),
    "draw": ("id",),
    "draw_dice": ("draw_id",),
    "draw_replacement": ("request_leaf",),
    "draw_void": ("request_leaf",),
    "hash_chain": ("id",),
    VISIT: ("number",),
    MEMBER: ("inspection_id", "officer_id", "joined_at"),
    "inspection_end": ("inspection_id",),
    CHECK: ("inspection_id",),
    FORM: ("inspection_id", "name"),
    DOCUMENT: ("doc_no",),
    SIGNED: ("document_id",),
    "registry_import": ("id",),
    "user_account": ("id",),
    "published_notice": ("kind", "subject", "revision"),
    CHECKLIST: ("name", "version"),
    RETIREMENT: ("name", "version"),
    CONFIRMATION: ("id",),
}
"""By which columns events name the rows of each table; every row of them must have its event."""


def _each(name: str, table: str, **columns: Any) -> Change:
    """Set the same columns of every row that the body lists."""

    def change(facts: Facts, event: Event) -> None:
        for id in event.body.get(name, ()):
            facts.set(event.case, table, (id,), columns)

    return change


def _join(facts: Facts, event: Event, team: Iterable[tuple[str, str]]) -> None:
    for officer, role in team:
        key = (str(event.body["inspection"]), officer, event.at)
        new = {"role": role, "left_at": None, "left_reason": None}
        named = {"inspection_id": key[0], "officer_id": key[1], "joined_at": key[2]}
        facts.set(event.case, MEMBER, key, named | new)


def _leave(facts: Facts, event: Event, reason: str, officer: str | None = None) -> None:
    """End the rows of a team, or of one officer of it."""
    wanted = {"inspection_id": event.body["inspection"], "left_at": None}
    if officer is not None:
        wanted["officer_id"] = officer
    for key, _ in list(facts.find(MEMBER, **wanted)):
        facts.set(event.case, MEMBER, key, {"left_at": event.at, "left_reason": reason})


def pinned(facts: Facts, event: Event) -> None:
    """The checklists that a scheme names, in place of those that it named before."""
    inspection = str(event.body["inspection"])
    facts.forget(FORM, inspection)
    for one in filter(None, str(event.body.get("form_set") or "").split("+")):
        name, _, version = one.partition("@")
        facts.set(event.case, FORM, (inspection, name), {"version": int(version)})


def sent_with(facts: Facts, event: Event) -> None:
    """The texts of the checklists that a task was sent out with."""
    for name, sha256 in event.body.get("forms", {}).items():
        key = (str(event.body["inspection"]), name)
        facts.set(event.case, FORM, key, {"content_sha256": sha256})


def team_sent(facts: Facts, event: Event) -> None:
    """The team that a task was sent to."""
    _join(facts, event, event.body.get("team", {}).items())


def team_changed(facts: Facts, event: Event) -> None:
    """One officer for another: in the scheme before dispatch, in the team's rows afterwards."""
    if "scheme" in event.body:
        made = {"scheme": event.body["scheme"], "scheme_made_by": event.actor}
        facts.set(event.case, VISIT, (case_name(event),), DRAFTED | made)
    elif "out" in event.body:
        _leave(facts, event, event.body["reason"], event.body["out"])
        _join(facts, event, [(event.body["in"], event.body["role"])])


def nobody_goes(facts: Facts, event: Event) -> None:
    """An inspection that ends takes its team off, and counts no longer where it did."""
    _leave(facts, event, event.body["reason"])
    key = (event.body["inspection"],)
    if key in facts.of(CHECK):
        facts.set(event.case, CHECK, key, {"counts": False})


DRAFTED = {"state": State.SCHEME_DRAFT.value, "approved_at": None, "approved_by": None}
SCHEME = Sets(
    VISIT,
    THE_VISIT,
    {
        "id": said("inspection"),
        "enterprise_id": said("enterprise"),
        "draw_id": lambda event: event.body.get("draw") or None,
        "plan_id": said("plan"),
        "source": said("source"),
        "unit": said("unit"),
        "authority": said("authority"),
        "visit_from": said("visit_from"),
        "visit_to": said("visit_to"),
        "form_set": said("form_set"),
        "scheme": said("scheme"),
        "scheme_made_by": actor,
        "record": always(None),
        "dispatched_at": always(None),
        "closed_at": always(None),
        "closed_by": always(None),
        **{name: always(value) for name, value in DRAFTED.items()},
    },
)
ACCOUNT = {"roles": said("roles"), "unit": said("unit"), "officer_id": said("officer")}

EVENTS: Mapping[str, tuple[Change, ...]] = {
    "plan.made": (
        Sets(
            "plan",
            THE_PLAN,
            {
                "year": number(case_name),
                "state": always(PlanState.DRAFT.value),
                "body": said("sha256"),
                "created_at": at,
                "created_by": actor,
                "approved_at": always(None),
                "approved_by": always(None),
            },
        ),
    ),
    "plan.approved": (
        _each("superseded", "plan", state=PlanState.SUPERSEDED.value),
        Sets(
            "plan",
            THE_PLAN,
            {"state": always(PlanState.APPROVED.value), "approved_at": at, "approved_by": actor},
        ),
    ),
    **DRAWS,
    "scheme.made": (SCHEME, pinned),
    "scheme.amended": (SCHEME, pinned),
    "scheme.approved": (
        Sets(
            VISIT,
            THE_VISIT,
            {"state": always(State.SCHEME_APPROVED.value), "approved_at": at, "approved_by": actor},
        ),
    ),
    "inspection.dispatched": (
        Sets(VISIT, THE_VISIT, {"state": always(State.DISPATCHED.value), "dispatched_at": at}),
        Sets(
            CHECK,
            THE_CHECK,
            {
                "enterprise_id": said("enterprise"),
                "checked_on": said("visit_from"),
                "source": said("source"),
                "counts": said("counts"),
            },
        ),
        sent_with,
        team_sent,
    ),
    "inspection.reassigned": (team_changed,),
    "visit.started": (
        Sets(
            VISIT,
            THE_VISIT,
            {"state": always(State.UNDER_WAY.value)},
            only_if={"state": State.DISPATCHED.value},
        ),
    ),
    "record.closed": (
        Sets(
            VISIT,
            THE_VISIT,
            {
                "state": always(State.RECORD_CLOSED.value),
                "closed_at": at,
                "closed_by": actor,
                "record": said("record_sha256"),
            },
        ),
        Sets(CHECK, THE_CHECK, {"checked_on": said("visited_on")}),
    ),
    "inspection.ended": (
        Sets(VISIT, THE_VISIT, {"state": always(State.ENDED.value)}),
        Sets(
            "inspection_end",
            THE_CHECK,
            {"reason": said("reason"), "ended_at": at, "ended_by": actor},
        ),
        nobody_goes,
    ),
    "doc.issue": (
        Sets(
            DOCUMENT,
            THE_DOCUMENT,
            {
                "inspection_id": said("inspection"),
                "kind": said("kind"),
                "year": said("year"),
                "serial": said("serial"),
                "sub_serial": said("sub_serial"),
                "template_version": said("template"),
                "content_sha256": said("content_sha256"),
                "pdf_sha256": said("pdf_sha256"),
                "issued_at": at,
                "issued_by": actor,
                "voided_at": always(None),
                "void_reason": always(None),
            },
        ),
        Sets(
            VISIT,
            THE_VISIT,
            {"state": always(State.DOCUMENTS_ISSUED.value)},
            only_if={"state": State.RECORD_CLOSED.value},
        ),
    ),
    "doc.sign": (
        Sets(
            SIGNED,
            (said("document"),),
            {
                "signed_sha256": said("signed_sha256"),
                "certificate_sha256": said("certificate_sha256"),
                "signed_at": at,
                "signed_by": actor,
            },
        ),
    ),
    "doc.void": (Sets(DOCUMENT, THE_DOCUMENT, {"voided_at": at, "void_reason": said("reason")}),),
    "import.done": (
        Sets(
            "registry_import",
            (said("import"),),
            {
                "kind": said("kind"),
                "file_sha256": said("file_sha256"),
                "rows_read": said("rows_read"),
                "rows_created": said("created"),
                "rows_updated": said("updated"),
                "rows_unchanged": said("unchanged"),
                "rows_rejected": said("rejected"),
                "finished_at": at,
                "actor": actor,
            },
        ),
    ),
    "account.added": (
        Sets("user_account", THE_USER, {**ACCOUNT, "disabled_at": always(None), "created_at": at}),
    ),
    "account.roles": (Sets("user_account", THE_USER, {"roles": said("roles")}),),
    "account.disabled": (Sets("user_account", THE_USER, {"disabled_at": at}),),
    "disclosure.published": (
        Sets(
            "published_notice",
            (said("kind"), said("subject"), said("revision")),
            {
                "body": said("body_sha256"),
                "year": said("year"),
                "reason": said("reason_sha256"),
                "published_at": at,
                "published_by": actor,
            },
        ),
    ),
    "checklist.published": (
        Sets(
            CHECKLIST,
            THE_VERSION,
            {
                "content_sha256": said("content_sha256"),
                "body": said("body_sha256"),
                "published_at": at,
                "published_by": actor,
            },
        ),
    ),
    "checklist.retired": (
        Sets(
            RETIREMENT,
            THE_VERSION,
            {"retired_on": said("retired_on"), "retired_at": at, "retired_by": actor},
        ),
    ),
    "citation.confirmed": (
        Sets(
            CONFIRMATION,
            THE_CONFIRMATION,
            {
                "name": said("checklist"),
                "version": said("version"),
                "content_sha256": said("content_sha256"),
                "code": said("code"),
                "citation": said("citation_sha256"),
                "article": said("article_sha256"),
                "source": said("source"),
                "confirmed_at": at,
                "confirmed_by": actor,
                "withdrawn_at": always(None),
                "withdrawn_by": always(None),
                "withdraw_reason": always(None),
            },
        ),
    ),
    "citation.withdrawn": (
        Sets(
            CONFIRMATION,
            THE_CONFIRMATION,
            {"withdrawn_at": at, "withdrawn_by": actor, "withdraw_reason": said("reason")},
        ),
    ),
}

COMMITTED: Mapping[str, tuple[str, ...]] = {
    "scheme.made": ("scheme",),
    "scheme.amended": ("scheme",),
    "inspection.directed": ("why",),
    "inspection.reassigned": ("scheme", "reason"),
    "doc.void": ("reason",),
    "disclosure.stated": ("reason",),
    "disclosure.corrected": ("reason",),
    "record.closed": ("stale_reason", "unasked_reason"),
    "citation.confirmed": ("source",),
    "citation.withdrawn": ("reason",),
}
"""Where events commit to personal values, which must be there until they are erased."""
ERASED = "pii.erase"
