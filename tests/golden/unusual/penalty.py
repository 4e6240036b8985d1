"""Unusual documents of the case: a person as party, one violation, ticks the other way, blanks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdf_templates.examples import charges, example, story
from pdf_templates.parts.opinions import Said

NOT_YET = Said("", (), "")
"""An opinion that will be written by hand."""
WARNED = replace(charges.TRAINING, discretion="", penalty="警告", fine_fen=0)
WARNED_AND_FINED = replace(WARNED, fine_fen=200_000)
_REPORT = example("investigation_report")
_REVIEW = example("legal_review_opinion")
_NOTICE = example("penalty_notice")
_STATEMENT = example("statement_record")
_FILING = example("case_filing_approval")
_HANDLING = example("handling_approval")
_DISCUSSION = example("discussion_record")

UNUSUAL: Mapping[str, Sequence[Any]] = {
    "case_filing_approval": (
        replace(
            _FILING,
            case_source="举报投诉",
            party=story.PERSON,
            handlers=replace(_FILING.handlers, said_on=""),
            legal_review=NOT_YET,
            review=NOT_YET,
            approval=NOT_YET,
        ),
    ),
    "investigation_report": (
        replace(
            _REPORT,
            party=story.PERSON,
            findings=_REPORT.findings * 12,
            handlers_say=replace(_REPORT.handlers_say, said_on=""),
            legal_review=NOT_YET,
            review=NOT_YET,
            approval=NOT_YET,
        ),
    ),
    "legal_review_opinion": (
        replace(
            _REVIEW,
            party=story.PERSON,
            reviewed=tuple(
                replace(one, passes=False, remark=one.remark or "材料未附")
                for one in _REVIEW.reviewed
            ),
            conclusion="return",
            opinion=NOT_YET,
            qualification_no="",
        ),
    ),
    "penalty_notice": (
        replace(
            _NOTICE,
            notified=replace(
                charges.NOTIFIED,
                party=story.PERSON,
                violations=(WARNED_AND_FINED,),
                total_fine_fen=200_000,
            ),
        ),
        replace(
            _NOTICE,
            notified=replace(
                charges.NOTIFIED, violations=(WARNED, charges.DUST), total_fine_fen=2_000_000
            ),
        ),
        replace(
            _NOTICE, notified=replace(charges.NOTIFIED, violations=(WARNED,), total_fine_fen=0)
        ),
    ),
    "statement_record": (
        replace(
            _STATEMENT,
            party=story.PERSON,
            utterances=_STATEMENT.utterances * 5,
            materials=(),
            corrections=(),
            read_back="to_them",
        ),
        replace(_STATEMENT, corrections=(), refusal="认为处罚过重"),
    ),
    "handling_approval": (
        replace(
            _HANDLING,
            party=story.PERSON,
            grounds=_HANDLING.grounds * 4,
            handlers=replace(_HANDLING.handlers, text="", said_on=""),
            legal_review=NOT_YET,
            review=NOT_YET,
            approval=NOT_YET,
        ),
    ),
    "discussion_record": (
        replace(
            _DISCUSSION,
            members=_DISCUSSION.members[:3],
            observers=(),
            discussion=_DISCUSSION.discussion * 4,
        ),
    ),
}
