"""
Plain tables into checklists: one strict reader for definition files and for JSON bodies.

Every refusal is a `BadDefinition` that names file, item and field.
"""

from forms.model import Basis, Form, Item, Kind, Law, Major, Penalty, Section
from forms.reading import Table

CODE = r"[A-Z]\d{2}[A-Z]?"
LAW_VALUE_ID = r"[a-z_]+(\.[a-z_]+)+"
NAME = r"[a-z]+(-[a-z]+)*"
SECTOR = r"[a-z]+(_[a-z]+)*"

FORM_FIELDS = tuple(Form.__dataclass_fields__)
ITEM_FIELDS = tuple(Item.__dataclass_fields__)
LAW_FIELDS = tuple(Law.__dataclass_fields__)
PENALTY_FIELDS = tuple(Penalty.__dataclass_fields__)


def parse_form(table: Table, *more: str) -> Form:
    """
    Read a whole checklist whose laws and penalties stand in place.

    Args:
        table: The body; a definition file is brought into this form by `forms.load`.
        more: Fields that the table may have beside those of a checklist.

    Raises:
        BadDefinition: Names file, item and field.
    """
    table.only(*FORM_FIELDS, *more)
    form = Form(
        name=table.text("name", pattern=NAME),
        version=table.number("version", least=1),
        title=table.text("title"),
        effective_from=table.day("effective_from"),
        retired_on=table.optional_day("retired_on"),
        sectors=table.texts("sectors", pattern=SECTOR),
        device_clause=_optional_basis(table, "device_clause"),
        sections=tuple(_parse_section(part) for part in table.tables("sections")),
    )
    if form.retired_on is not None and form.retired_on <= form.effective_from:
        raise table.refuse("retired_on", "停用日期应晚于启用日期")
    _refuse_repeated_codes(form, table)
    for item in form.items:
        _refuse_dangling(item, form, table.named(f"条目 {item.code}"))
    return form


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


def _parse_section(table: Table) -> Section:
    table.only("title", "items")
    title = table.text("title")
    rows = table.named(f"章节“{title}”").tables("items")
    return Section(title, tuple(_parse_item(row) for row in rows))


def _parse_item(table: Table) -> Item:
    code = table.text("code", pattern=CODE)
    table = table.named(f"条目 {code}")
    table.only(*ITEM_FIELDS)
    return Item(
        code=code,
        kind=table.choice("kind", Kind),
        question=table.text("question"),
        how_to_check=table.text("how_to_check"),
        basis=tuple(_parse_basis(row, "basis") for row in table.tables("basis")),
        major=table.choice("major", Major),
        major_needs=table.texts("major_needs", pattern=CODE),
        major_note=table.text("major_note", may_be_empty=True),
        device_clause=table.flag("device_clause"),
        penalties=tuple(parse_penalty(row) for row in table.tables("penalties")),
        rectify=_rectify(table),
        finding=table.text("finding"),
        photos_on_failure=table.number("photos_on_failure", least=1),
        correctable_on_site=table.flag("correctable_on_site"),
        verification=table.text("verification"),
    )


def _parse_basis(table: Table, field: str) -> Basis:
    table.only("law", "article", "verified")
    basis = Basis(
        law=parse_law(table.table("law")),
        article=table.text("article", may_be_empty=True),
        verified=table.flag("verified"),
    )
    if basis.verified and not basis.article:
        raise table.refuse(field, "没有条号的依据不能标为已核实")
    return basis


def _optional_basis(table: Table, field: str) -> Basis | None:
    if table.data.get(field) is None:
        return None
    return _parse_basis(table.table(field), field)


def _rectify(table: Table) -> int | str:
    if isinstance(table.data.get("rectify"), str):
        return table.text("rectify", pattern=LAW_VALUE_ID)
    return table.number("rectify", least=1)


def _refuse_repeated_codes(form: Form, table: Table) -> None:
    seen: set[str] = set()
    for item in form.items:
        if item.code in seen:
            raise table.named(f"条目 {item.code}").refuse("code", "编号重复")
        seen.add(item.code)


def _refuse_dangling(item: Item, form: Form, table: Table) -> None:
    codes = {other.code for other in form.items} - {item.code}
    for code in item.major_needs:
        if code not in codes:
            raise table.refuse("major_needs", f"“{code}”不是本表其他条目的编号")
    if item.major_needs and item.major is not Major.YES:
        raise table.refuse("major_needs", "只有 major 为 yes 的条目才能写并存条件")
    if item.major is Major.POSSIBLE and not item.major_note:
        raise table.refuse("major_note", "major 为 possible 时应写明需结合什么情形判断")
    if item.major is Major.NO and item.major_note:
        raise table.refuse("major_note", "major 为 no 的条目不写判定条件")
    if item.device_clause and form.device_clause is None:
        raise table.refuse("device_clause", "本表没有写明监控报警防护设施失效的判定依据")
    if item.device_clause and item.major is Major.NO:
        raise table.refuse("device_clause", "major 为 no 的条目不适用该判定")
