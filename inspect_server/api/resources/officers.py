"""执法人员名录库: the officers."""

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.reads import registry as reads
from inspect_server.web.begin import reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

blp = Resource("officers", "/officers", "执法人员名录")


class OfficerQuery(ma.Schema):
    """Which officers."""

    active_only = ma.fields.Boolean(load_default=False)


class LeaveOut(ma.Schema):
    """Days of absence, both included."""

    first_day = ma.fields.Date(required=True)
    last_day = ma.fields.Date(required=True)
    reason = ma.fields.String(required=True)


class RecusalOut(ma.Schema):
    """回避: never sent to this enterprise."""

    uscc = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)


class OfficerOut(ma.Schema):
    """One officer."""

    id = ma.fields.UUID(required=True)
    cert_no = ma.fields.String(required=True)
    cert_valid_from = ma.fields.Date(required=True)
    cert_valid_to = ma.fields.Date(required=True)
    name = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    specialties = ma.fields.List(ma.fields.String(), required=True)
    may_lead = ma.fields.Boolean(required=True)
    active = ma.fields.Boolean(required=True)
    leaves = ma.fields.List(ma.fields.Nested(LeaveOut), required=True)
    recusals = ma.fields.List(ma.fields.Nested(RecusalOut), required=True)

    @ma.pre_dump
    def name_the_parts(self, row: reads.OfficerView, **_: Any) -> dict[str, Any]:
        """Give the parts of leave and recusals their names."""
        return {
            **{name: getattr(row, name) for name in self.fields},
            "leaves": [
                {"first_day": first, "last_day": last, "reason": reason}
                for first, last, reason in row.leaves
            ],
            "recusals": [{"uscc": uscc, "reason": reason} for uscc, reason in row.recusals],
        }


@blp.route("")
class Officers(MethodView):
    """The registry; it has a few hundred rows and comes whole."""

    @allow(*BUREAU)
    @blp.operation("listOfficers", "列出执法人员", "含请假和回避。")
    @blp.arguments(OfficerQuery, location="query")
    @blp.response(200, OfficerOut(many=True))
    def get(self, query: dict[str, Any]) -> list[reads.OfficerView]:
        """List the officers by unit and certificate."""
        with reading() as session:
            return list(reads.officers(session, active_only=query["active_only"]))
