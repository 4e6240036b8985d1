"""Unusual documents of service, transfer and closing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdf_templates.examples import example, story
from pdf_templates.parts.opinions import Said

_SERVICE = example("service_receipt")
_APPROVAL = example("transfer_approval")
_LETTER = example("transfer_letter")
_CRIME = example("crime_transfer_letter")
_EXTENSION = example("case_extension_approval")
_CLOSING = example("case_closing_approval")
_COVER = example("case_cover")
_CONTENTS = example("case_contents")
_UNSAID = Said("", (), "")
_ONE = _SERVICE.served[0]

UNUSUAL: Mapping[str, Sequence[Any]] = {
    "service_receipt": (
        replace(_SERVICE, recipient="赵喆堃", served=(replace(_ONE, doc_no="", served_on=""),)),
        replace(
            _SERVICE,
            served=tuple(
                replace(_ONE, method=method, remark="回执附卷")
                for method in ("mailed", "entrusted", "forwarded", "announced")
                for _ in range(5)
            ),
        ),
    ),
    "transfer_approval": (
        replace(
            _APPROVAL,
            party=story.PERSON,
            ground="crime",
            situation=_APPROVAL.situation * 8,
            handlers=Said("", story.OFFICERS, ""),
            review=_UNSAID,
            approval=_UNSAID,
        ),
    ),
    "transfer_letter": (replace(_LETTER, findings=_LETTER.findings * 5),),
    "crime_transfer_letter": (replace(_CRIME, party=story.UNIT, sent_to=""),),
    "case_extension_approval": (replace(_EXTENSION, party=story.PERSON, approval=_UNSAID),),
    "case_closing_approval": (
        replace(_CLOSING, decision_no="", party=story.PERSON, approval=_UNSAID),
    ),
    "case_cover": (replace(_COVER, closed_on="", archived_on="", archive_no="", retention=""),),
    "case_contents": (
        replace(
            _CONTENTS,
            case_no="",
            listed=tuple(replace(one, remark="复印件") for one in _CONTENTS.listed[:3]),
        ),
    ),
}
