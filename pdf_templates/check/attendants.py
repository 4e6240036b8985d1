"""Who took part in a check besides the inspectors: how they are told, and where they sign."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.fields import part, text
from pdf_templates.parts.signing import Signature, others_sign, party_signs
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Stationery
from pdf_templates.wording import unended


@dataclass(frozen=True)
class Attendant:
    """Somebody who took part; of the enterprise's people who signed as its party signs there."""

    role: str = text("身份")
    name: str = text("姓名", personal=True)
    unit: str = text("单位，未填为空", personal=True, optional=True)
    position: str = text("职务，未填为空", personal=True, optional=True)
    phone: str = text("联系电话，未填为空", personal=True, optional=True)
    is_expert: bool = part("是否专家")
    signature: Signature | None = part("本人的签名或拒签，没有为空")


def told(attendants: Sequence[Attendant]) -> list[str]:
    """Return a line for those who took part, and one for the experts, who are of no party."""
    others = [one.role + _detailed(one) for one in attendants if not one.is_expert]
    experts = [_detailed(one) for one in attendants if one.is_expert]
    lines = [f"参加人员：{'；'.join(others)}。"] if others else []
    if experts:
        lines.append(f"专家：{'；'.join(experts)}。专家协助检查，不作执法结论。")
    return lines


def signatures_of(attendants: Sequence[Attendant]) -> list[Signature]:
    """Return what they signed."""
    return [one.signature for one in attendants if one.signature is not None]


def attendants_sign(on: Stationery, attendants: Sequence[Attendant]) -> list[Strip]:
    """
    Return where they sign, the experts last: as drawn on a phone, or why not.

    An expert who signed nothing there gets a line for ink; nobody else has to sign.
    """
    by_party = sorted(attendants, key=lambda one: one.is_expert)
    asked = [(one, one.signature) for one in by_party if one.signature or one.is_expert]
    rows = others_sign(
        on,
        [
            (f"{'专家' if one.is_expert else '参加人员'}（签名）", _below(one), given)
            for one, given in asked
            if given is None or not given.refused
        ],
    )
    for one, given in asked:
        if given is not None and given.refused:
            rows += party_signs(on, "", _refusal(one), [given])
    return rows


def _refusal(one: Attendant) -> str:
    named = f"{one.role}{one.name}".replace("{", "{{").replace("}", "}}")
    return f"{named}拒绝在本记录上签名，理由：{{reason}}。"


def _below(one: Attendant) -> str:
    named = one.name if one.is_expert else one.role + one.name
    return "　".join(filter(None, (named, one.unit, one.position)))


def _detailed(one: Attendant) -> str:
    known = "，".join(unended(part) for part in (one.unit, one.position, one.phone) if part)
    return f"{one.name}（{known}）" if known else one.name
