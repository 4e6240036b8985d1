"""Checks outside of the draw (投诉举报, 转办交办, 复查): the form that drafts the scheme."""

from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from inspect_server.domain.assignment import DIRECTED_NAMES, SOURCE_NAMES, DirectedReason
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError, NotFound
from inspect_server.reads import checklists, inspections
from inspect_server.reads.registry import officers
from inspect_server.usecases.inspecting.direct_check import MOST, Directed, direct_check
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.errors import STATUS
from inspect_server.web.guard import allow


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/inspections/directed", "directed", page)
    console.add_url_rule("/inspections/directed", "make_directed", make, methods=["POST"])


@allow(Role.SUPERVISOR)
def page() -> ResponseReturnValue:
    """Show the form; the address may fill it in, as the page of a closed check does."""
    return _page(request.args)


@allow(Role.SUPERVISOR)
def make() -> ResponseReturnValue:
    """Draft the scheme and go to its page, or say that the lead's unit goes on with it."""
    try:
        with begin() as work:
            step = direct_check(work, _wanted(request.form))
    except InspectError as refused:
        return _page(request.form, error=str(refused)), STATUS[refused.kind]
    try:
        with reading() as session:
            inspections.one(session, actor(), step.inspection_id)
    except NotFound:  # its unit is the lead's, and this account is of another
        return _page(MultiDict(), made=step.number)
    return redirect(url_for("console.inspection", inspection_id=step.inspection_id), 303)


def _page(given: MultiDict[str, str], *, error: str = "", made: str = "") -> str:
    with reading() as session:
        people = officers(session, active_only=True)
        lists = checklists.on_request(session)
    groups: dict[str, dict[str, str]] = {}
    for reason, name in DIRECTED_NAMES.items():
        groups.setdefault(SOURCE_NAMES[reason.source], {})[reason.value] = name
    return render_template(
        "directed.html",
        given=given,
        reasons=groups,
        officers=people,
        units=list(dict.fromkeys(one.unit for one in people)),
        today=backend().today(),
        most=MOST,
        checklists=lists,
        error=error,
        made=made,
    )


def _wanted(form: MultiDict[str, str]) -> Directed:
    """
    Read what is asked for.

    Raises:
        BadInput: No reason of the list, no officer, or a day that cannot be read.
    """
    if form.get("reason") not in set(DirectedReason):
        raise BadInput(field="理由", reason="请从所列理由中选择")
    lead = form.get("lead", "")
    members = [one for one in form.getlist("member") if one != lead]
    if not (lead and members):
        raise BadInput(field="检查人员", reason="请选择一名主办和至少一名协办人员")
    try:
        return Directed(
            DirectedReason(form["reason"]),
            " ".join(form.get("text", "").split()),  # one line of the scheme
            form.get("reference", "").strip(),
            form.get("uscc", "").strip().upper(),
            UUID(lead),
            tuple(map(UUID, members)),
            date.fromisoformat(form.get("from", "")),
            date.fromisoformat(form.get("to", "")),
            tuple(form.getlist("checklist")),
        )
    except ValueError:
        raise BadInput(
            field="检查时段、检查人员", reason="应填写日期（年-月-日），人员从名单中选择"
        ) from None
