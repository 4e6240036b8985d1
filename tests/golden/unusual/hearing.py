"""Unusual documents of a hearing: behind closed doors, of a person, refused, nobody besides."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdf_templates.examples import charges, example, story
from pdf_templates.parts.opinions import Said
from pdf_templates.parts.people import Addressee, Attendee

_RIGHT = example("hearing_right_notice")
_SESSION = example("hearing_session_notice")
_RECORD = example("hearing_record")
_REPORT = example("hearing_report")
_ALONE = replace(_SESSION.panel, members=())

UNUSUAL: Mapping[str, Sequence[Any]] = {
    "hearing_right_notice": (
        replace(
            _RIGHT,
            notified=replace(
                charges.NOTIFIED,
                party=story.PERSON,
                violations=(replace(charges.TRAINING, discretion=""),),
                total_fine_fen=charges.TRAINING.fine_fen,
            ),
        ),
    ),
    "hearing_session_notice": (
        replace(
            _SESSION,
            applicant=Addressee(story.ZHAO.name, False),
            is_public=False,
            closed_reason="涉及商业秘密",
            panel=_ALONE,
        ),
    ),
    "hearing_record": (
        replace(
            _RECORD,
            applicant=story.PERSON,
            is_public=False,
            panel=_ALONE,
            agents=(),
            third_parties=(Attendee("徐赟", "云湾区盐河机电设备有限公司经理"),),
            others=(Attendee("孙建国", "鉴定人"),),
            stages=_RECORD.stages * 2,
            corrections=(),
            read_back="to_them",
        ),
        replace(_RECORD, corrections=(), refusal="对听证结论不满"),
    ),
    "hearing_report": (
        replace(
            _REPORT,
            is_public=False,
            panel=_ALONE,
            agents=(),
            summary=_REPORT.summary * 6,
            recommendation=Said("", (), ""),
            approval=Said("", (), ""),
        ),
    ),
}
