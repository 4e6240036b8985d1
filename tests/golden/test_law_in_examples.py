"""What the law sets stands in the examples as it was in force on their day."""

from datetime import date
from typing import Any

import pytest

from inspect_server.domain import law
from pdf_templates.examples import example

FIELDS = {
    "penalty_notice.statement_days": "deadline.statement_working_days",
    "penalty_notice.statement_basis": "document.statement_basis",
    "statement_record.basis": "document.statement_right_basis",
    "hearing_right_notice.request_days": "deadline.hearing_request_working_days",
    "hearing_right_notice.hearing_basis": "document.hearing_basis",
    "hearing_session_notice.basis": "document.hearing_basis",
    "hearing_session_notice.most_agents": "document.hearing_most_agents",
    "spot_penalty_organisation.spot_basis": "document.spot_basis",
    "spot_penalty_organisation.fine_limit_fen": "document.spot_unit_limit_fen",
    "spot_penalty_person.fine_limit_fen": "document.spot_person_limit_fen",
    "spot_penalty_person.cash_limit_fen": "document.spot_cash_limit_fen",
    "spot_penalty_organisation.remedies.reconsideration_days": "remedy.reconsideration_days",
    "spot_penalty_organisation.litigation_days": "remedy.litigation_after_reconsideration_days",
    "spot_penalty_person.litigation_days": "remedy.litigation_after_reconsideration_days",
    "spot_penalty_person.payment.days": "deadline.fine_payment_days",
    "penalty_decision_organisation.remedies.reconsideration_days": "remedy.reconsideration_days",
    "penalty_decision_organisation.remedies.litigation_months": "remedy.litigation_months",
    "penalty_decision_organisation.payment.days": "deadline.fine_payment_days",
    "penalty_decision_organisation.payment.surcharge.permille": "document.surcharge_permille",
    "penalty_decision_organisation.payment.surcharge.basis": "document.surcharge_basis",
    "penalty_decision_organisation.enforcement_basis": "document.enforcement_basis",
    "penalty_decision_organisation.disclosure_basis": "document.disclosure_basis",
    "penalty_decision_organisation.disclosure_days": "disclosure.penalty_working_days",
    "payment_demand.basis": "document.payment_demand_basis",
    "payment_demand.surcharge.permille": "document.surcharge_permille",
    "payment_demand.surcharge.basis": "document.surcharge_basis",
    "surcharge_decision.limit_basis": "document.surcharge_limit_basis",
    "surcharge_decision.surcharge.permille": "document.surcharge_permille",
    "surcharge_decision.surcharge.basis": "document.surcharge_basis",
    "surcharge_decision.payment_days": "deadline.fine_payment_days",
    "surcharge_decision.remedies.reconsideration_days": "remedy.reconsideration_days",
    "surcharge_decision.remedies.litigation_months": "remedy.litigation_months",
    "surcharge_decision.enforcement_basis": "document.enforcement_basis",
    "payment_deferral_approval.basis": "document.deferral_basis",
    "payment_deferral_grant.basis": "document.deferral_basis",
    "payment_deferral_grant.surcharge.permille": "document.surcharge_permille",
    "enforcement_demand.basis": "document.enforcement_demand_basis",
    "enforcement_demand.demand_days": "deadline.demand_working_days",
    "enforcement_application.basis": "document.enforcement_basis",
    "penalty_decision_person.payment.days": "deadline.fine_payment_days",
    "penalty_decision_person.disclosure_days": "disclosure.penalty_working_days",
    "inspection_scheme.basis": "scheme.legal_basis",
    "inspection_scheme.methods": "scheme.methods",
    "rectification_order.basis": "document.order_basis",
    "measures_decision.basis": "document.measures_basis",
    "measures_decision.remedies.reconsideration_days": "remedy.reconsideration_days",
    "measures_decision.remedies.litigation_months": "remedy.litigation_months",
    "inspection_notice.basis": "scheme.legal_basis",
    "inspection_notice.discipline": "document.inspection_discipline",
    "result_notice.disclosure_days": "disclosure.check_result_working_days",
    "service_receipt.basis": "document.service_basis",
    "transfer_letter.basis": "document.transfer_basis",
    "crime_transfer_letter.basis": "document.crime_transfer_basis",
    "crime_transfer_letter.review_days": "document.crime_review_days",
    "crime_transfer_letter.review_basis": "document.crime_review_basis",
    "case_extension_approval.basis": "document.case_extension_basis",
    "interview_notice.basis": "document.interview_basis",
    "sampling_receipt.basis": "document.evidence_basis",
    "preservation_notice.basis": "document.evidence_basis",
    "preservation_notice.decision_working_days": "deadline.registered_evidence_working_days",
    "preservation_disposal.basis": "document.evidence_basis",
    "preservation_disposal.remedies.reconsideration_days": "remedy.reconsideration_days",
    "preservation_disposal.remedies.litigation_months": "remedy.litigation_months",
    "coercion_approval.basis": "document.seizure_basis",
    "seizure_decision.basis": "document.seizure_basis",
    "seizure_decision.period.days": "deadline.seizure_days",
    "seizure_decision.remedies.reconsideration_days": "remedy.reconsideration_days",
    "seizure_decision.remedies.litigation_months": "remedy.litigation_months",
    "seizure_list.copies_note": "document.seizure_list_note",
    "seizure_extension.basis": "document.seizure_extension_basis",
    "seizure_extension.period.days": "deadline.seizure_extension_days",
    "seizure_disposal.basis": "document.seizure_disposal_basis",
    "supply_cut_notice.basis": "document.supply_cut_basis",
    "supply_cut_decision.basis": "document.supply_cut_basis",
    "supply_cut_decision.notice_hours": "deadline.power_cut_notice_hours",
    "supply_restore_notice.basis": "document.supply_restore_basis",
}
"""kind.field to the id of the law value."""


@pytest.mark.parametrize("field", FIELDS)
def test_an_example_says_what_the_law_said_on_its_day(field: str) -> None:
    kind, *path = field.split(".")
    facts: Any = example(kind)
    said = facts
    for name in path:
        said = getattr(said, name)

    said = list(said) if isinstance(said, tuple) else said
    assert said == law.value(FIELDS[field], date.fromisoformat(facts.made_at[:10]))


@pytest.mark.parametrize("kind", ["inspection_scheme", "inspection_notice"])
def test_an_example_names_the_cap_of_a_third_grade_unit_without_high_risk(kind: str) -> None:
    facts: Any = example(kind)
    caps: Any = law.value("cap.annual_checks", date.fromisoformat(facts.made_at[:10]))

    assert facts.frequency.cap == caps["other"]["3"]


def test_the_court_is_given_every_document_that_the_law_names() -> None:
    """The first is the application itself, the last is what other laws ask for."""
    facts = example("enforcement_application")
    asked = law.items("document.enforcement_materials", date.fromisoformat(facts.made_at[:10]))

    given = [one.name for one in facts.materials]
    assert [one for one in asked[1:-1] if not any(name.startswith(one) for name in given)] == []
