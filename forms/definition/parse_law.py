"""Laws, citations and penalty clauses as plain tables into what the model knows."""

from forms.definition.tables import Table
from forms.model import Basis, Law, Penalty

LAW_FIELDS = tuple(Law.__dataclass_fields__)
PENALTY_FIELDS = tuple(Penalty.__dataclass_fields__)


def parse_law(table: Table) -> Law:
    """Read one law of the law table."""
    table.only(*LAW_FIELDS)
    law = Law(
        code=table.text("code", pattern=r"[a-z0-9-]+"),
        title=table.text("title"),
        number=table.text("number", may_be_empty=True),
        effective_from=table.day("effective_from"),
        effective_until=table.optional_day("effective_until"),
        verified=table.flag("verified"),
        source=table.text("source"),
    )
    if law.effective_until is not None and law.effective_until <= law.effective_from:
        raise table.refuse("effective_until", "失效日期应晚于施行日期")
    return law


def parse_penalty(table: Table) -> Penalty:
    """Read one penalty clause whose law stands in place."""
    table.only(*PENALTY_FIELDS)
    penalty = Penalty(
        code=table.text("code", pattern=r"[A-Z]+\d+"),
        law=parse_law(table.table("law")),
        article=table.text("article", may_be_empty=True),
        clause=table.text("clause", may_be_empty=True),
        unit_range=table.text("unit_range", may_be_empty=True),
        person_range=table.text("person_range", may_be_empty=True),
        aggravated_range=table.text("aggravated_range", may_be_empty=True),
        verified=table.flag("verified"),
        source=table.text("source"),
    )
    if penalty.verified and not penalty.article:
        raise table.refuse("article", "没有条号的罚则不能标为已核实")
    if not (penalty.unit_range or penalty.person_range or penalty.aggravated_range):
        raise table.refuse("unit_range", "处罚幅度至少要填一栏")
    return penalty


def parse_basis(table: Table, field: str) -> Basis:
    """Read one citation whose law stands in place."""
    table.only("law", "article", "verified")
    basis = Basis(
        law=parse_law(table.table("law")),
        article=table.text("article", may_be_empty=True),
        verified=table.flag("verified"),
    )
    if basis.verified and not basis.article:
        raise table.refuse(field, "没有条号的依据不能标为已核实")
    return basis


def optional_basis(table: Table, field: str) -> Basis | None:
    """Read a citation that may be left out."""
    if table.data.get(field) is None:
        return None
    return parse_basis(table.table(field), field)
