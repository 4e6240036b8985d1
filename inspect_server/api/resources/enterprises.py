"""检查对象名录库: the enterprises."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from inspect_server.api.resource import Resource
from inspect_server.api.schemas import PageOut, PageQuery, Text, code
from inspect_server.domain.enums import Credit, EnterpriseStatus, Risk, Sector, Standardisation
from inspect_server.reads import registry as reads
from inspect_server.web.begin import reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

blp = Resource("enterprises", "/enterprises", "企业名录")


class EnterpriseQuery(PageQuery):
    """What to look for; a filter left out finds everything."""

    text = Text(
        100, load_default="", metadata={"description": "企业名称或统一社会信用代码的一部分。"}
    )
    division = ma.fields.String(
        load_default="", validate=ma.validate.Regexp(r"\d{0,12}\Z", error="应为数字代码。")
    )
    sector = code(Sector, load_default=None)
    risk = code(Risk, load_default=None)
    credit = code(Credit, load_default=None)
    status = code(EnterpriseStatus, load_default=None)
    is_key = ma.fields.Boolean(load_default=None)


class ContactOut(ma.Schema):
    """Somebody to call."""

    name = ma.fields.String()
    position = ma.fields.String()
    phone = ma.fields.String()


class EnterpriseOut(ma.Schema):
    """One enterprise."""

    id = ma.fields.UUID(required=True)
    uscc = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    legal_person = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String(required=True, allow_none=True)
    division = ma.fields.String(required=True, allow_none=True)
    division_name = ma.fields.String(required=True, allow_none=True)
    industry_code = ma.fields.String(required=True, allow_none=True)
    sectors = ma.fields.List(ma.fields.String(), required=True)
    risk = code(Risk, required=True)
    credit = code(Credit, required=True)
    standardisation = code(Standardisation, required=True)
    is_key = ma.fields.Boolean(required=True)
    status = code(EnterpriseStatus, required=True)
    recusal = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "本机关整体回避的原因；无须回避的为 null。"},
    )
    longitude_microdeg = ma.fields.Integer(required=True, allow_none=True)
    latitude_microdeg = ma.fields.Integer(required=True, allow_none=True)
    datum = ma.fields.String(required=True, allow_none=True)
    updated_at = ma.fields.AwareDateTime(required=True)


class EnterpriseListOut(PageOut):
    """One page of enterprises, by code."""

    rows = ma.fields.List(ma.fields.Nested(EnterpriseOut), required=True)


class ChangeOut(ma.Schema):
    """What one import changed: field -> [old, new]."""

    changed_at = ma.fields.AwareDateTime(required=True)
    import_id = ma.fields.UUID(required=True)
    file_name = ma.fields.String(required=True)
    file_sha256 = ma.fields.String(required=True)
    actor = ma.fields.String(required=True)
    changes = ma.fields.Dict(keys=ma.fields.String(), required=True)


class EnterprisePageOut(EnterpriseOut):
    """One enterprise with what is too long for a list, and its history."""

    business_scope = ma.fields.String(required=True, allow_none=True)
    contacts = ma.fields.List(ma.fields.Nested(ContactOut), required=True)
    history = ma.fields.List(ma.fields.Nested(ChangeOut), required=True)


@blp.route("")
class Enterprises(MethodView):
    """The registry."""

    @allow(*BUREAU)
    @blp.operation("listEnterprises", "列出企业", "按统一社会信用代码排列；不填的条件不限。")
    @blp.arguments(EnterpriseQuery, location="query")
    @blp.response(200, EnterpriseListOut)
    def get(self, query: dict[str, Any]) -> Any:
        """List the enterprises that match, by code."""
        pages = {name: query.pop(name) for name in PageQuery().fields}
        with reading() as session:
            return reads.enterprises(session, reads.EnterpriseFilter(**query), **pages)


@blp.route("/<uuid:enterprise_id>")
class Enterprise(MethodView):
    """One enterprise."""

    @allow(*BUREAU)
    @blp.operation("getEnterprise", "查看一家企业", "含历次导入改动，最近的在前。")
    @blp.response(200, EnterprisePageOut)
    def get(self, enterprise_id: UUID) -> dict[str, Any]:
        """Return one enterprise and what each import changed on it, the latest first."""
        with reading() as session:
            found = reads.enterprise(session, enterprise_id)
            history = reads.history(session, enterprise_id)
        return {**asdict(found), "history": history}
