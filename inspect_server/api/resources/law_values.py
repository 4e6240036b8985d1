"""Law and local parameters as dated values, each with its source."""

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.domain import law
from inspect_server.web.guard import EVERYONE, policy

blp = Resource("law", "/law-values", "规则取值：期限、上限、比例，逐条注明来源")


class LawQuery(ma.Schema):
    """Which values."""

    verified = ma.fields.Boolean(load_default=None)


class LawValueOut(ma.Schema):
    """One dated row of one value; `verified` says that its source text was opened."""

    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    value = ma.fields.Raw(required=True)
    since = ma.fields.Date(required=True)
    source = ma.fields.String(required=True)
    verified = ma.fields.Boolean(required=True)
    note = ma.fields.String(required=True)


@blp.route("")
class LawValues(MethodView):
    """All values."""

    @policy(EVERYONE)
    @blp.operation(
        "listLawValues",
        "列出规则取值",
        "期限、上限、比例等，逐条注明来源；verified 表示已与原文核对。",
    )
    @blp.arguments(LawQuery, location="query")
    @blp.response(200, LawValueOut(many=True))
    def get(self, query: dict[str, Any]) -> list[law.Entry]:
        """List every row of every value, by id and date."""
        return [row for row in law.book() if query["verified"] in (None, row.verified)]
