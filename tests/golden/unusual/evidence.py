"""Unusual documents of evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdf_templates.evidence.preservation_list import Preserved
from pdf_templates.examples import example, story
from pdf_templates.examples.check.visit import PHOTOS, signature
from pdf_templates.parts.people import Addressee, Attendee
from pdf_templates.parts.signing import Signature
from tests.golden.example_documents import refused

_NOTICE = example("interview_notice")
_INTERVIEW = example("interview_record")
_SCENE = example("scene_record")
_SAMPLING = example("sampling_receipt")
_PRESERVATION = example("preservation_approval")
_NOTIFIED = example("preservation_notice")
_LIST = example("preservation_list")
_DISPOSAL = example("preservation_disposal")
_COMMISSION = example("appraisal_commission")
PRICED = Preserved("木工砂光机砂带", "P180，610 mm 宽", "江苏扬州", "全新", "条", "86元", "20", "")
PERSON = Addressee(story.ZHAO.name, is_unit=False)


def _signed(signer: str, name: str, seed: int) -> Signature:
    """Return a signature given on a phone on the day of the record."""
    given = signature(signer, name, seed=seed)
    return replace(given, position="", signed_at=story.at("03-05", "15:20:00"))


UNUSUAL: Mapping[str, Sequence[Any]] = {
    "interview_notice": (
        replace(
            _NOTICE,
            addressee=Addressee("王翀", is_unit=False),
            matter="云湾区恒茂木业制品有限公司涉嫌安全设备不符合国家标准一案调查需要",
            brings_licence=False,
            brings_authority=False,
            brings_other="",
        ),
    ),
    "interview_record": (
        replace(
            _INTERVIEW,
            interviewed=replace(
                _INTERVIEW.interviewed, employer="", position="", phone="", address="无固定住所"
            ),
            exchanges=_INTERVIEW.exchanges[:2],
            corrections=(),
            present=(Attendee("孙建国", "滨海工业园安全环保科"),),
            refusal="认为询问内容与其无关",
        ),
        replace(
            _INTERVIEW,
            exchanges=_INTERVIEW.exchanges[:1],
            corrections=(),
            read_back="to_them",
        ),
        replace(
            _INTERVIEW,
            corrections=(),
            present=(Attendee("孙建国", "滨海工业园安全环保科"),),
            signatures=(
                _signed("officer", _INTERVIEW.interviewers[0].name, 1),
                _signed("officer", _INTERVIEW.recorder.name, 2),
                _signed("enterprise", _INTERVIEW.interviewed.name, 5),
                _signed("witness", "孙建国", 7),
            ),
        ),
    ),
    "scene_record": (
        replace(
            _SCENE,
            parties=(),
            invited=(Attendee("吴芳", "滨海工业园安全环保科"),),
            findings=_SCENE.findings * 4,
            refusal="当事人经通知未到场，由被邀请到场的见证人吴芳签名",
            photos=PHOTOS[:2],
        ),
        replace(
            _SCENE,
            findings=_SCENE.findings * 3,
            signatures=(
                _signed("officer", _SCENE.surveyors[0].name, 1),
                _signed("officer", _SCENE.surveyors[1].name, 2),
                *(_signed("enterprise", one.name, 5) for one in _SCENE.parties[:1]),
                _signed("witness", _SCENE.invited[0].name, 7),
            ),
        ),
    ),
    "sampling_receipt": (
        replace(
            _SAMPLING,
            phone="",
            postcode="",
            samples=_SAMPLING.samples * 6,
            signatures=(refused("认为样品数量不符"),),
        ),
    ),
    "preservation_approval": (
        replace(
            _PRESERVATION,
            party=story.PERSON,
            where="elsewhere",
            place="本机关证据保管室",
            situation=_PRESERVATION.situation * 6,
        ),
    ),
    "preservation_notice": (
        replace(_NOTIFIED, addressee=PERSON, where="elsewhere", kept_at="本机关证据保管室"),
    ),
    "preservation_list": (
        replace(_LIST, items=(*_LIST.items * 6, PRICED), signatures=(refused("对数量有异议"),)),
    ),
    "preservation_disposal": (
        replace(_DISPOSAL, addressee=PERSON, decisions=_DISPOSAL.decisions * 6),
    ),
    "appraisal_commission": (replace(_COMMISSION, specimens=_COMMISSION.specimens[:1]),),
}
