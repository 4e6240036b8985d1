"""A checklist as the rows of an XLSForm workbook."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from forms.definition.doubts import CHECK_RESULT
from forms.load import LawTables
from forms.model import (
    ATTACHMENTS,
    CHOICES,
    NOT_ASKED,
    Condition,
    Form,
    Item,
    Kind,
    Law,
    Penalty,
    Section,
)
from forms.workbook.office import cells
from forms.workbook.office.citing import Citations
from forms.workbook.office.rows import judged_cells, law_rows, penalty_rows
from forms.workbook.words import (
    FLAGS,
    FORM_ROWS,
    ITEM_HEADERS,
    SHEETS,
)
from forms.workbook.xlsforms import defaults, headers, parameters
from forms.workbook.xlsforms.headers import Tokens
from forms.workbook.xlsforms.parameters import BadParameters
from forms.workbook.xlsforms.reading.choices import RESULTS
from forms.workbook.xlsforms.reading.questions import BUREAU, SIGNATURE, TEXTS, UNBOUNDED, UNTITLED
from forms.workbook.xlsforms.reading.settings import slug, version_in
from forms.workbook.xlsforms.writing.naming import Member, Named, Names
from forms.workbook.xlsforms.writing.table import Rows, Table

_SURVEY: Mapping[str, Tokens] = {
    "type": ("type",),
    "name": ("name",),
    "label": ("label",),
    "hint": ("hint",),
    "guidance_hint": ("guidance_hint",),
    "appearance": ("control", "appearance"),
    "relevant": ("bind", "relevant"),
    "required": ("bind", "required"),
    "required_message": ("bind", "jr:requiredMsg"),
    "readonly": ("bind", "readonly"),
    "constraint": ("bind", "constraint"),
    "constraint_message": ("bind", "jr:constraintMsg"),
    "calculation": ("bind", "calculate"),
    "default": ("default",),
    "choice_filter": ("choice_filter",),
    "repeat_count": ("control", "jr:count"),
    "parameters": ("parameters",),
}
_CHOICES: Mapping[str, Tokens] = {
    "list_name": ("list name",),
    "name": ("name",),
    "label": ("label",),
}
_SETTINGS: Mapping[str, Tokens] = {
    "form_title": ("title",),
    "form_id": ("id_string",),
    "version": ("version",),
    "default_language": ("default_language",),
}
_CONDITIONS = {
    "relevant": "relevant",
    "required": "required",
    "readonly": "read_only",
    "constraint": "constraint",
    "calculation": "calculation",
    "choice_filter": "choice_filter",
    "repeat_count": "count",
}
_SHOWN = (frozenset(Kind) - NOT_ASKED - {Kind.TABLE}) | {Kind.NOTE}
"""Kinds that a person sees: other tools ask for a text."""

_BUREAU_TEXTS = ("how_to_check", "major_note", "finding", "verification", "unit")


@dataclass(frozen=True)
class _Writer:
    form: Form
    names: Names
    citations: Citations
    survey: Table

    def put(self, members: Sequence[Member]) -> None:
        for member in members:
            named = self.names.of(member)
            if isinstance(member, Section):
                self._put_section(member, named)
            elif member.kind is Kind.TABLE:
                self._put_item(member, named, "begin_repeat")
                self.put(member.columns)
                self.survey.add({"type": "end_repeat", "name": named.name}, {})
            else:
                self._put_item(member, named, _type(member))

    def _put_section(self, section: Section, named: Named) -> None:
        said = {
            "type": "begin_group",
            "name": named.name,
            "label": section.title,
            "hint": section.hint,
            "appearance": section.appearance,
            "relevant": _text(section.relevant),
        }
        own = {ITEM_HEADERS.word("name"): named.cited_as}
        self.survey.add(said, own, section.kept)
        self.put(section.items)
        self.survey.add({"type": "end_group", "name": named.name}, {})

    def _put_item(self, item: Item, named: Named, kind: str) -> None:
        said = {"type": kind, "name": named.name, "appearance": _appearance(item)}
        texts = {tokens: getattr(item, field) for field, tokens in TEXTS.items()}
        said.update((usual, texts[tokens]) for usual, tokens in _SURVEY.items() if tokens in texts)
        said.update((usual, _text(getattr(item, field))) for usual, field in _CONDITIONS.items())
        own = {"code": named.code, "name": named.cited_as, **self._own(item)}
        if item.default is not None:
            is_value = item.kind not in ATTACHMENTS | {Kind.SIGNATURE, Kind.TABLE}
            fits = is_value and defaults.fits_cell(item.default.text, item.kind)
            (said if fits else own)["default"] = item.default.text
        if item.kind is Kind.RANGE:
            said["parameters"], bounds = _slider(item)
            own.update(bounds)
        bureau = {ITEM_HEADERS.word(field): own.get(field, "") for field in BUREAU}
        if _lacks_label(item):
            said["label"], bureau[UNTITLED] = named.name, FLAGS.word(True)
        self.survey.add(said, bureau, item.kept)

    def _own(self, item: Item) -> dict[str, str]:
        """Return what the bureau's columns say, by field."""
        own = {
            "focus": FLAGS.word(True) if item.focus else "",
            "fails_if": _text(item.fails_if),
            "unit": item.unit,
        }
        if item.kind is not Kind.RANGE:
            own |= {"least": item.least, "most": item.most, "step": item.step}
        if not item.is_judged:
            return own
        return {
            **own,
            **{field: getattr(item, field) for field in _BUREAU_TEXTS},
            **judged_cells(item, self.citations),
        }


def sheets_of(form: Form, tables: LawTables) -> dict[str, Rows]:
    """
    Return the sheets of a workbook by their names.

    Args:
        form: Any checklist.
        tables: The laws that come with the program: no citation is mistaken for one of them.
    """
    items = list(items_of(form.sections))
    laws = _laws(form, items)
    penalties = _penalties(items)
    citations = Citations(laws, tables.laws, form.effective_from)
    names = Names(list(_outside(form.sections)))
    writer = _Writer(form, names, citations, Table(headers.SURVEY, _SURVEY, form.language))
    for section, is_loose in _loose(form.sections):
        writer.put(section.items if is_loose else [section])
    sheets = {"survey": writer.survey.rows(), "choices": _choices(form, items)}
    sheets["settings"] = _settings(form, citations)
    if laws:
        sheets[SHEETS.word("laws")] = law_rows(laws.values())
    if penalties:
        sheets[SHEETS.word("penalties")] = penalty_rows(penalties.values(), citations)
    return {name: rows for name, rows in sheets.items() if len(rows) > 1}


def _loose(sections: Sequence[Section]) -> Iterator[tuple[Section, bool]]:
    """Yield the sections, each with whether it is what stands outside of all groups."""
    was_loose = False
    for section in sections:
        is_plain = section == Section("", section.items)
        holds_items = all(isinstance(member, Item) for member in section.items)
        was_loose = is_plain and holds_items and not was_loose
        yield section, was_loose


def _outside(sections: Sequence[Section]) -> Iterator[Member]:
    """Yield what stands side by side on the sheet's first level."""
    for section, is_loose in _loose(sections):
        if is_loose:
            yield from section.items
        else:
            yield section


def items_of(members: Iterable[Member]) -> Iterator[Item]:
    """Yield every item of sections, those in groups and in tables too."""
    for member in members:
        if isinstance(member, Section):
            yield from items_of(member.items)
        else:
            yield member
            yield from items_of(member.columns)


def _laws(form: Form, items: Sequence[Item]) -> dict[str, Law]:
    clause = [form.device_clause.law] if form.device_clause else []
    bases = [basis.law for item in items for basis in item.basis]
    penalties = [penalty.law for item in items for penalty in item.penalties]
    return {law.code: law for law in (*clause, *bases, *penalties)}


def _penalties(items: Sequence[Item]) -> dict[str, Penalty]:
    return {penalty.code: penalty for item in items for penalty in item.penalties}


def _choices(form: Form, items: Sequence[Item]) -> Rows:
    table = Table(headers.CHOICES, _CHOICES, form.language)
    if any(item.kind is Kind.CHECK for item in items):
        for name, label in RESULTS.items():
            table.add({"list_name": CHECK_RESULT, "name": name, "label": label}, {})
    for one in form.choice_lists:
        for choice in one.choices:
            said = {"list_name": one.name, "name": choice.name, "label": choice.label}
            table.add(said, {}, choice.columns, choice.kept)
    return table.rows()


def _settings(form: Form, citations: Citations) -> Rows:
    kept = {
        headers.column(0, name, headers.SETTINGS, double=False).tokens: text
        for name, text in form.kept
    }
    form_id = kept.get(("id_string",), form.name)
    version = kept.get(("version",), str(form.version))
    clause = form.device_clause
    own = {
        "name": form.name if slug(form_id) != form.name else "",
        "version": str(form.version) if version_in(version) != form.version else "",
        "effective_from": form.effective_from.isoformat(),
        "retired_on": form.retired_on.isoformat() if form.retired_on else "",
        "sectors": cells.sectors_text(form.sectors),
        "on_request": FLAGS.word(True) if form.on_request else "",
        "instead_of": "、".join(form.instead_of),
        "device_clause": citations.written(clause) if clause else "",
    }
    said = {
        "form_title": form.title,
        "form_id": form_id,
        "version": version,
        "default_language": form.language,
    }
    table = Table(headers.SETTINGS, _SETTINGS, form.language)
    table.add(said, {FORM_ROWS.word(field): text for field, text in own.items()}, form.kept)
    return table.rows()


def _type(item: Item) -> str:
    if item.kind is Kind.CHECK:
        return f"select_one {CHECK_RESULT}"
    if item.kind is Kind.SIGNATURE:
        return Kind.PHOTO.value
    return f"{item.kind.value} {item.choices}" if item.kind in CHOICES else item.kind.value


def _appearance(item: Item) -> str:
    is_signature = item.kind is Kind.SIGNATURE
    return " ".join(filter(None, (SIGNATURE if is_signature else "", item.appearance)))


def _text(condition: Condition | None) -> str:
    return condition.text if condition else ""


def _slider(item: Item) -> tuple[str, dict[str, str]]:
    """Return the parameters of a slider, and its bounds for our columns where these cannot say."""
    kept = dict(item.kept).get("parameters", "")
    text = kept or f"start={item.least} end={item.most} step={item.step}"
    bounds = {"least": item.least, "most": item.most, "step": item.step}
    try:
        start, end, step = parameters.slider(parameters.parse(text))
    except BadParameters:
        return "", {field: bound or UNBOUNDED for field, bound in bounds.items()}
    least, most = sorted((start, end))
    read = [parameters.plain(one) for one in (least, most, abs(step))]
    is_said = read == list(bounds.values())
    return text, {} if is_said else {field: bound or UNBOUNDED for field, bound in bounds.items()}


def _lacks_label(item: Item) -> bool:
    """Whether other tools would refuse a question without any text."""
    if item.question or item.hint or item.kept or item.calculation:
        return False
    return item.kind in _SHOWN and item.appearance != "label"
