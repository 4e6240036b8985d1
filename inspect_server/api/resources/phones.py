"""Phones and their sync state, and the inbox of entries that were kept but not applied."""

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.api.schemas import PageOut, PageQuery, Text
from inspect_server.domain.enums import Role
from inspect_server.reads.phones import phones as reads
from inspect_server.reads.phones.inbox import UnverifiedRow
from inspect_server.reads.phones.journal import ReplicaRow
from inspect_server.usecases.journal import inbox
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

blp = Resource("phones", "", "手机：同步状态、待处理记录、停用")

HASH = "<string(length=64):"


class ReasonIn(ma.Schema):
    """Why, in the supervisor's words; it goes into the journal."""

    reason = Text(200, required=True)


class PhoneOut(ma.Schema):
    """One phone and how far it is; `missing_blobs` are files that its entries cite."""

    id = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    user_name = ma.fields.String(required=True)
    upto_seq = ma.fields.Integer(required=True)
    receipted_seq = ma.fields.Integer(required=True)
    held = ma.fields.Integer(required=True)
    quarantined = ma.fields.Integer(required=True)
    missing_blobs = ma.fields.Integer(required=True)
    last_contact_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class StandingOut(ma.Schema):
    """One value that stands in the record; `wall` is the phone's clock, `received_at` ours."""

    words = ma.fields.String(required=True)
    value = ma.fields.Raw(required=True, allow_none=True)
    user_name = ma.fields.String(required=True)
    wall = ma.fields.String(required=True)
    received_at = ma.fields.AwareDateTime(required=True)
    replica = ma.fields.String(required=True)


class WantedOut(ma.Schema):
    """
    What one operation wanted, and beside it what stands there now.

    `photo` is the SHA-256 of the file that it brings, empty if none.
    """

    type = ma.fields.String(required=True)
    item = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    words = ma.fields.String(required=True)
    value = ma.fields.Raw(required=True, allow_none=True)
    photo = ma.fields.String(required=True)
    photo_arrived = ma.fields.Boolean(required=True)
    stands = ma.fields.List(ma.fields.Nested(StandingOut), required=True)


class RulingOut(ma.Schema):
    """Who ruled last on the entry, whether it is to be applied, and why."""

    accepted = ma.fields.Boolean(required=True)
    by = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)
    reason = ma.fields.String(required=True)


class InboxRowOut(ma.Schema):
    """One entry kept but not applied, or applied with a doubt (fork, gap)."""

    hash = ma.fields.String(required=True)
    replica = ma.fields.String(required=True)
    seq = ma.fields.Integer(required=True)
    effect = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    since = ma.fields.AwareDateTime(required=True, allow_none=True)
    wall = ma.fields.String(required=True)
    last_server_time = ma.fields.String(required=True)
    received_at = ma.fields.AwareDateTime(required=True)
    ahead_minutes = ma.fields.Integer(required=True)
    user_name = ma.fields.String(required=True)
    carrier = ma.fields.String(required=True)
    carrier_name = ma.fields.String(required=True)
    inspection_id = ma.fields.UUID(required=True, allow_none=True)
    number = ma.fields.String(required=True)
    operations = ma.fields.List(ma.fields.Nested(WantedOut), required=True)
    declined = ma.fields.Boolean(required=True)
    ruling = ma.fields.Nested(RulingOut, required=True, allow_none=True)


class UnverifiedOut(ma.Schema):
    """Raw bytes without a valid signature: kept, and of no effect."""

    id = ma.fields.UUID(required=True)
    carrier = ma.fields.String(required=True)
    carrier_name = ma.fields.String(required=True)
    received_at = ma.fields.AwareDateTime(required=True)
    reason = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)
    content_sha256 = ma.fields.String(required=True)


class InboxOut(PageOut):
    """One page of the inbox, the latest first."""

    rows = ma.fields.List(ma.fields.Nested(InboxRowOut), required=True)


@blp.route("/phones")
class Phones(MethodView):
    """All phones that the account looks after."""

    @allow(Role.SUPERVISOR, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
    @blp.operation("listPhones", "列出手机及同步进度")
    @blp.response(200, PhoneOut(many=True))
    def get(self) -> list[ReplicaRow]:
        """List the phones, the longest enrolled first, with how far each is."""
        with reading() as session:
            return list(reads.phones(session, actor(), backend().settings.authority))


@blp.route(f"/phones/{HASH}replica_id>/revoke")
class PhoneRevoked(MethodView):
    """The end of one phone."""

    @allow(Role.SUPERVISOR, Role.SYSTEM_ADMIN)
    @blp.operation("revokePhone", "停用手机", "不能再下载；其后补传的记录仍留存。")
    @blp.arguments(ReasonIn, example={"reason": "核对后处理"})
    @blp.response(204)
    def post(self, given: dict[str, Any], replica_id: str) -> None:
        """Revoke a phone: it downloads nothing any more, and what it still delivers is kept."""
        with begin() as work:
            inbox.revoke_replica(work, replica_id, given["reason"])


@blp.route("/inbox")
class Inbox(MethodView):
    """What was kept but not applied, or applied with a doubt."""

    @allow(*BUREAU)
    @blp.operation("listInbox", "列出待处理的手机记录", "未采用或存疑的，连同现有填写，新的在前。")
    @blp.arguments(PageQuery, location="query")
    @blp.response(200, InboxOut)
    def get(self, query: dict[str, Any]) -> Any:
        """List what was not applied, and what is in doubt, each beside what stands now."""
        with reading() as session:
            return reads.inbox(session, actor(), backend().settings.authority, **query)


@blp.route("/inbox/unverified")
class InboxUnverified(MethodView):
    """What no key vouches for."""

    @allow(*BUREAU)
    @blp.operation("listUnverified", "列出签名未通过核验的原始数据", "原样留存，不能采用。")
    @blp.response(200, UnverifiedOut(many=True))
    def get(self) -> list[UnverifiedRow]:
        """List raw bytes without a valid signature, the latest first."""
        with reading() as session:
            return list(reads.unverified(session, actor(), backend().settings.authority))


@blp.route(f"/inbox/{HASH}entry_hash>/accept")
class Accepted(MethodView):
    """The acceptance of an entry."""

    @allow(Role.SUPERVISOR)
    @blp.operation("acceptEntry", "采用一条待处理记录")
    @blp.arguments(ReasonIn, example={"reason": "核对后处理"})
    @blp.response(204)
    def post(self, given: dict[str, Any], entry_hash: str) -> None:
        """Apply an entry from quarantine, from now on."""
        with begin() as work:
            inbox.accept_entry(work, entry_hash, given["reason"])


@blp.route(f"/inbox/{HASH}entry_hash>/decline")
class Declined(MethodView):
    """The refusal of an entry."""

    @allow(Role.SUPERVISOR)
    @blp.operation("declineEntry", "不采用一条待处理记录", "记录仍留存。")
    @blp.arguments(ReasonIn, example={"reason": "核对后处理"})
    @blp.response(204)
    def post(self, given: dict[str, Any], entry_hash: str) -> None:
        """Mark an entry in quarantine as not to be applied; it stays in the journal."""
        with begin() as work:
            inbox.decline_entry(work, entry_hash, given["reason"])
