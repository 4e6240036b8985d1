"""Unusual documents of the check."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdf_templates.check.frequency import Frequency
from pdf_templates.examples import example
from pdf_templates.examples.check.visit import SIGNATURES
from pdf_templates.parts.opinions import Said
from tests.golden.example_documents import refused

_SCHEME = example("inspection_scheme")
_DECISION = example("measures_decision")
_OPINION = example("reinspection_opinion")
_ORDER = _OPINION.decisions[0]
_NOTICE = example("inspection_notice")
_RESULT = example("result_notice")
_UNCOUNTED = Frequency(before=2, cap=4, counted=False)

UNUSUAL: Mapping[str, Sequence[Any]] = {
    "inspection_scheme": (
        replace(
            _SCHEME,
            phone="",
            visit_to="2026-03-04",
            source="投诉举报（举报编号：2026-0031）",
            draw_no="",
            category="individual",
            frequency=_UNCOUNTED,
            announced=False,
            helpers=(),
            basis=_SCHEME.basis[:1],
            contents=_SCHEME.contents * 6,
            review=Said("", (), ""),
            approval=Said("", (), ""),
            remark="举报人要求保密，检查人员不得泄露举报人身份",
        ),
    ),
    "measures_decision": (
        replace(
            _DECISION,
            findings=tuple(
                f"{text}（第{n}处）" for n in range(1, 8) for text in _DECISION.findings
            ),
            is_major=False,
            signatures=(*SIGNATURES[:2], refused("认为不属于重大事故隐患")),
        ),
    ),
    "reinspection_opinion": (
        replace(
            _OPINION,
            decisions=(replace(_ORDER, outcomes=_ORDER.outcomes[:1]),),
            further="",
            signatures=(refused("已停产"),),
        ),
    ),
    "inspection_notice": (
        replace(
            _NOTICE,
            category="special",
            visit_to="2026-03-04",
            helpers=(),
            frequency=_UNCOUNTED,
            materials=(),
            signatures=(refused("现场无负责人"),),
        ),
        replace(_NOTICE, signatures=SIGNATURES[2:]),
    ),
    "result_notice": (
        replace(_RESULT, problems=(), follow_ups=(), signatures=(refused("对结果有异议"),)),
    ),
}
