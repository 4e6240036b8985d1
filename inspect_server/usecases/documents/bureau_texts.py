"""What documents say that differs from bureau to bureau: from the configuration, law by its day."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from inspect_server.config import Settings
from inspect_server.domain import law
from inspect_server.domain.errors import InspectError
from pdf_templates.parts.legal import Account, Desk, Remedies

DESK: Mapping[str, str] = {
    "desk_address": "部门地址",
    "desk_contact": "联系人",
    "desk_phone": "联系电话",
}
PAYMENT: Mapping[str, str] = {
    "payment_payee": "罚款收款单位",
    "payment_bank": "罚款代收银行",
    "payment_account": "罚款收款账号",
}


class TextsNotConfigured(InspectError):
    """A document would say what the bureau has not said of itself."""

    code, kind = "config.texts_missing", "unavailable"
    message = "文书要用到的{names}尚未填写，请在配置文件中填写 {keys} 后重试。"


def remedies(settings: Settings, on: date) -> Remedies:
    """
    Return before whom and within what time a decision of that day can be contested.

    Law: remedy.reconsideration_days, remedy.litigation_months

    Raises:
        TextsNotConfigured: 复议机关 or court is not named.
    """
    _require(settings, {"government": "行政复议机关", "court": "行政诉讼管辖法院"})
    return Remedies(
        government=settings.government,
        court=settings.court,
        reconsideration_days=law.integer("remedy.reconsideration_days", on),
        litigation_months=law.integer("remedy.litigation_months", on),
        served_online=False,
        online_channel=settings.online_channel,
    )


def desk(settings: Settings) -> Desk:
    """
    Return where a party turns to.

    Raises:
        TextsNotConfigured: Address, name or number is missing.
    """
    _require(settings, DESK)
    return Desk(
        address=settings.desk_address,
        postcode=settings.desk_postcode,
        contact=settings.desk_contact,
        phone=settings.desk_phone,
    )


def account(settings: Settings) -> Account:
    """
    Return where a fine is paid to.

    Raises:
        TextsNotConfigured: Payee, bank or number is missing.
    """
    _require(settings, PAYMENT)
    return Account(
        payee=settings.payment_payee,
        bank=settings.payment_bank,
        number=settings.payment_account,
    )


def _require(settings: Settings, names: Mapping[str, str]) -> None:
    missing = [key for key in names if not getattr(settings, key)]
    if missing:
        said = "、".join(names[key] for key in missing)
        raise TextsNotConfigured(names=said, keys="、".join(missing))


def in_own_name(facts: Any, settings: Settings, story: Mapping[str, str]) -> Any:
    """
    Return an example's facts with what the bureau has configured in the place of the story's.

    Args:
        facts: Of any kind.
        settings: The configuration; what it leaves empty stays the story's.
        story: What the story says under the names of the settings.
    """
    configured = {said: str(getattr(settings, key)) for key, said in story.items()}
    own = {said: configured[said] for said in sorted(configured, key=len) if configured[said]}
    return _said_anew(facts, own)


def _said_anew(value: Any, own: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for said, instead in reversed([*own.items()]):  # the longest first
            value = value.replace(said, instead)
        return value
    if isinstance(value, tuple):
        return tuple(_said_anew(one, own) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: _said_anew(getattr(value, one.name), own) for one in fields(value)}
        )
    return value
