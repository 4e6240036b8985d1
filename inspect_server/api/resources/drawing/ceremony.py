"""The draw itself: the commit before any entropy exists, the dice, the reveal after it."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resources.drawing.preview import TeamsAsked, teams_of
from inspect_server.api.resources.draws import DrawCellOut, SourceOut, blp
from inspect_server.api.schemas import Text
from inspect_server.domain.draw.ceremony.typed import by_source
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput
from inspect_server.domain.identity import CODE_MAX, LoginRefused
from inspect_server.domain.plan import cell_name
from inspect_server.gateways import chains
from inspect_server.gateways.keys import LocalKeys
from inspect_server.reads import draws as reads
from inspect_server.usecases.accounts import authenticate
from inspect_server.usecases.drawing.ceremony.double_entry import (
    ENTRIES,
    DoubleEntry,
    TypistRefused,
)
from inspect_server.usecases.drawing.ceremony.roll_dice import RolledDice, roll_and_note
from inspect_server.usecases.drawing.commit_draw import commit_draw
from inspect_server.usecases.drawing.refusals import noting_refused_commits
from inspect_server.usecases.drawing.reveal_draw import RevealedDraw, reveal_and_note
from inspect_server.usecases.work import Actor
from inspect_server.web.begin import actor, backend, reading
from inspect_server.web.guard import allow

KINDS = (SourceKind.PUBLIC.value, SourceKind.DICE.value)
MAX_SOURCES = 10
COMMIT_EXAMPLE = {
    "visit_from": "2026-03-09",
    "visit_to": "2026-03-20",
    "sources": [{"kind": "public", "name": "cwl.kl8", "issue": "2026056"}],
}
TYPED = "cwl.kl8/2026056/01,05,09,12,17,20,23,28,31,36,40,44,47,52,55,61,66,70,74,79"
REVEAL_EXAMPLE: dict[str, Any] = {
    "witness": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "typists": [
        {"login": "lisi", "password": "Correct-Horse-7", "values": [TYPED]},
        {"login": "wangwu", "password": "Battery-Staple-8", "values": [TYPED]},
    ],
}


ROLLED = "dice.d6/1/3,5,1,6,2,4,4,1,6,3"
DICE_EXAMPLE = {
    "typists": [{**one, "values": [ROLLED]} for one in REVEAL_EXAMPLE["typists"]],
}


class SourceIn(ma.Schema):
    """A public value or dice to come; both hash chains are added by themselves."""

    kind = ma.fields.String(
        required=True, validate=ma.validate.OneOf(KINDS, error="只能是：{choices}。")
    )
    name = Text(100, required=True)
    issue = Text(40, required=True)


class CommitIn(TeamsAsked):
    """What is fixed by the commit."""

    sources = ma.fields.List(
        ma.fields.Nested(SourceIn),
        required=True,
        validate=ma.validate.Length(1, MAX_SOURCES, error="应有 {min} 到 {max} 个随机源。"),
        metadata={"description": "至少一个承诺之后才产生的公开随机值，可另加现场掷骰（dice.d6）。"},
    )
    draw_no = Text(60, load_default="", shortest=0)
    deadline = ma.fields.Date(load_default=None, allow_none=True)


class TypistIn(ma.Schema):
    """One person at the keys: shown to be there by the own password, and code where one is set."""

    login = Text(60, required=True)
    password = ma.fields.String(
        required=True, validate=ma.validate.Length(1, 128, error="长度应为 {min} 到 {max} 个字符。")
    )
    code = Text(
        CODE_MAX,
        load_default="",
        shortest=0,
        metadata={"description": "账号启用了动态口令时必填。"},
    )
    values = ma.fields.List(
        Text(300),
        required=True,
        validate=ma.validate.Length(1, MAX_SOURCES, error="应有 {min} 到 {max} 个值。"),
        metadata={"description": "每个公开随机值一条：名称/期号/数值。"},
    )


class TypedIn(ma.Schema):
    """What two people typed, each with their own password."""

    typists = ma.fields.List(
        ma.fields.Nested(TypistIn),
        required=True,
        validate=ma.validate.Length(equal=2, error="应由两人各录入一次。"),
    )


class RevealIn(TypedIn):
    """The entropy: the chains' values, and the public values as two people typed them."""

    witness = Text(64, required=True)
    authority = Text(
        64,
        load_default="",
        shortest=0,
        metadata={"description": "本机关链的值；不填则由服务器从密钥目录取。"},
    )
    authority_passphrase = ma.fields.String(
        load_default="",
        validate=ma.validate.Length(max=200, error="长度不超过 {max} 个字符。"),
        metadata={"description": "服务器上本机关的链文件加密时，其保管人输入的口令。"},
    )


class AbsentOut(ma.Schema):
    """What keeps officers away on the days of the visits, and how many."""

    rule = ma.fields.String(required=True)
    officers = ma.fields.Integer(required=True)


class CommittedOut(ma.Schema):
    """What is published at the commit."""

    id = ma.fields.UUID(required=True)
    draw_no = ma.fields.String(required=True)
    commit = ma.fields.String(required=True)
    included = ma.fields.Integer(required=True)
    excluded = ma.fields.Integer(required=True)
    officers = ma.fields.Integer(required=True)
    available = ma.fields.Integer(required=True)
    absent = ma.fields.List(ma.fields.Nested(AbsentOut), required=True)
    departments = ma.fields.List(ma.fields.String(), required=True)
    cells = ma.fields.List(ma.fields.Nested(DrawCellOut), required=True)
    sources = ma.fields.List(ma.fields.Nested(SourceOut), required=True)
    deadline = ma.fields.String(required=True)


class RevealedOut(ma.Schema):
    """The result; `relaxed` counts tasks for which a declared relaxation applied."""

    id = ma.fields.UUID(required=True)
    draw_no = ma.fields.String(required=True)
    seed = ma.fields.String(required=True)
    r = ma.fields.Integer(required=True)
    selected = ma.fields.Integer(required=True)
    places = ma.fields.Integer(required=True)
    relaxed = ma.fields.Integer(required=True)


@blp.route("", methods=["POST"])
class Commit(MethodView):
    """The commit of a draw."""

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "commitDraw",
        "发布抽取承诺",
        "固定名录、规则、人员和随机源，此后才揭开随机值。公开随机值应选承诺之后才开奖的一期。",
    )
    @blp.arguments(CommitIn, example=COMMIT_EXAMPLE)
    @blp.response(201, CommittedOut)
    @blp.alt_response(404, description="该年度没有已批准的计划，或没有公布哈希链锚值。")
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Commit to a draw; nothing can be chosen any more once this is published."""
        sources = [Source(SourceKind(one.pop("kind")), **one) for one in given["sources"]]
        days, teams = (given["visit_from"], given["visit_to"]), teams_of(given)
        with reading() as session:
            plan_id = reads.plan_in_force(session, days[0].year)
        made = noting_refused_commits(
            backend(),
            actor(),
            days,
            lambda work: commit_draw(
                work,
                plan_id,
                *days,
                sources,
                draw_no=given["draw_no"],
                deadline=given["deadline"],
                teams=teams,
            ),
        )
        cells = [{"cell": cell, "name": cell_name(cell), "p_ppm": p} for cell, p in made.cells]
        absent = [{"rule": rule, "officers": count} for rule, count in made.absent]
        plain = {name: getattr(made, name) for name in CommittedOut().fields}
        return {**plain, "cells": cells, "absent": absent}


class RolledOut(ma.Schema):
    """The dice as they stand in the draw log; `is_new` is false where the same stood there."""

    draw_no = ma.fields.String(required=True)
    faces = ma.fields.String(required=True)
    leaf = ma.fields.String(required=True)
    rolled_at = ma.fields.AwareDateTime(required=True)
    is_new = ma.fields.Boolean(required=True)


@blp.route("/<uuid:draw_id>/dice")
class Dice(MethodView):
    """The dice of a draw."""

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "rollDice",
        "录入骰子点数",
        "承诺声明了现场掷骰的，在公开随机值可能产生之前（`dice_before`）由两名账号各自录入，"
        "两次一致才登记；只登记一次，同样的点数再次提交不改动。values 为一条：dice.d6/场次/点数。",
    )
    @blp.arguments(TypedIn, example=DICE_EXAMPLE)
    @blp.response(200, RolledOut)
    @blp.alt_response(403, description="无权录入，两人是同一账号，录入人没有办案角色或密码不正确。")
    @blp.alt_response(409, description="没有声明掷骰、已经登记别的点数，或者已过时限。")
    def post(self, given: dict[str, Any], draw_id: UUID) -> RolledDice:
        """Log the dice of a commit, once; a refused attempt stands in the draw log."""
        entries = _paired(given["typists"])
        if len(entries) != 1:
            raise BadInput(field="typists", reason="骰子点数每人只录入一条")
        return roll_and_note(backend(), actor(), draw_id, entries[0])


@blp.route("/<uuid:draw_id>/reveal")
class Reveal(MethodView):
    """The reveal of a draw."""

    @allow(Role.SUPERVISOR)
    @blp.operation(
        "revealDraw",
        "揭示抽取结果",
        "见证方的值，加上两名账号各自录入的公开随机值（两次一致才会使用，各凭本人密码）；"
        "同一承诺只能揭示一次。",
    )
    @blp.arguments(RevealIn, example=REVEAL_EXAMPLE)
    @blp.response(200, RevealedOut)
    @blp.alt_response(403, description="无权揭示，两人是同一账号，录入人没有办案角色或密码不正确。")
    def post(self, given: dict[str, Any], draw_id: UUID) -> RevealedDraw:
        """Reveal a committed draw, once; a refused attempt stands in the draw log."""
        with reading() as session:
            page = reads.draw_page(session, draw_id)
        authority = given["authority"] or _own_value(page, given["authority_passphrase"])
        entries = _paired(given["typists"])
        signer = LocalKeys(backend().settings.data_dir / "keys").receipts()
        return reveal_and_note(
            backend(), actor(), draw_id, authority, given["witness"], entries, signer
        )


def _own_value(page: reads.DrawPage, passphrase: str) -> str:
    """Return the value of the bureau's own chain that the commit names."""
    path = chains.authority_file(backend().settings.data_dir, page.line.visit_from.year)
    position = next(one.issue for one in page.sources if one.kind == SourceKind.AUTHORITY)
    return chains.load(path, lambda: passphrase).value(int(position)).hex()


def _paired(typists: list[dict[str, Any]]) -> list[DoubleEntry]:
    """
    Return what both typed, value by value, after both have shown who they are.

    Raises:
        TypedTwice: One of them typed two values for one source.
        BadInput: One of them typed a value that the other did not.
        TypistRefused: A password is wrong; the attempt counts towards the account's lock.
    """
    first, second = (by_source(one["values"]) for one in typists)
    if first.keys() != second.keys():
        raise BadInput(field="typists", reason="两人录入的随机源应一一对应")
    one, other = (_present(which, typist) for which, typist in zip(ENTRIES, typists, strict=True))
    return [DoubleEntry(first[key], one, second[key], other) for key in first]


def _present(which: str, typist: dict[str, Any]) -> Actor:
    try:
        found = authenticate(backend(), typist["login"], typist["password"], typist["code"])
    except LoginRefused as refused:
        raise TypistRefused(which=which, **refused.facts) from None
    return found.actor
