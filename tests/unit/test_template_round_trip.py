"""Checklists into the office template and back: nothing is lost, nothing is added."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from forms.body import law_json, penalty_json
from forms.definition.parse import parse_form
from forms.definition.tables import Table
from forms.load import packaged, packaged_tables
from forms.model import (
    CHOICES,
    NUMBERS,
    Basis,
    Competence,
    Form,
    Item,
    Kind,
    Law,
    Major,
    Penalty,
    Section,
)
from forms.workbook.articles import chinese_number
from forms.workbook.sheets import read_sheets
from forms.workbook.template import (
    is_template,
    read_template,
    write_blank_template,
    write_template,
)
from forms.workbook.xlsform import write_xlsform

# Signs that mean something in cells, in files or to spreadsheets.
SIGNS = "检查方法是否一二三，。、；：《》（）〔〕“”%&<>\"'=+-@#/\\|*.!?0129abXY_￥①★"
ONE_LINE = st.text(SIGNS + " ", min_size=1, max_size=12).map(str.strip).filter(bool)
LINES = st.text(SIGNS + " \n\t　", max_size=12).map(str.strip)
WORD = st.text("甲乙丙abcXY019_", min_size=1, max_size=6)
TITLE = ONE_LINE.filter(lambda title: title != "（无标题）")
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
CODES = st.from_regex(r"[A-Z甲乙][A-Z0-9_.·-]{0,4}", fullmatch=True)

LAWS = st.builds(
    Law,
    st.from_regex(r"own-[a-z0-9]{1,4}", fullmatch=True),
    st.text("中国安全法条例（试行）规定", min_size=1, max_size=8),
    st.sampled_from(["", "令第1号", "令第2号", "GB 1-2020"]),
    DAYS,
    st.none(),
    st.booleans(),
    ONE_LINE,
) | st.sampled_from(sorted(packaged_tables().laws.values(), key=lambda law: law.code))
ARTICLES = st.builds(
    lambda number, rest: f"第{chinese_number(number)}条{rest}",
    st.integers(1, 299),
    st.from_regex(r"(第[一二三]款)?(第（[一二三]）项)?", fullmatch=True),
)


@st.composite
def bases(draw: st.DrawFn, law: st.SearchStrategy[Law]) -> Basis:
    verified = draw(st.booleans())
    article = draw(ARTICLES if verified else ARTICLES | st.just(""))
    return Basis(draw(law), article, verified)


@st.composite
def own_penalties(draw: st.DrawFn, law: st.SearchStrategy[Law]) -> Penalty:
    verified = draw(st.booleans())
    return Penalty(
        draw(st.from_regex(r"Q[A-Z]\d{1,3}", fullmatch=True)),
        draw(law),
        draw(ARTICLES if verified else ARTICLES | st.just("")),
        "",
        draw(ONE_LINE),
        draw(ONE_LINE | st.just("")),
        draw(ONE_LINE | st.just("")),
        verified,
        draw(ONE_LINE),
    )


def conditions(names: list[str]) -> st.SearchStrategy[str]:
    """Return expressions over questions that stand before."""
    fixed = st.sampled_from(["1 = 1", "today() > '2026-01-01'", "not(false())", "yes", "FALSE"])
    if not names:
        return fixed
    shapes = ["${%s} = 'fail'", 'selected(${%s}, "甲")', "${%s} > 1 and\n true()", "${%s}"]
    cited = st.tuples(st.sampled_from(shapes), st.sampled_from(names))
    return fixed | cited.map(lambda pair: pair[0] % pair[1])


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Draw any checklist that the rules allow and the template can hold."""
    begins = draw(DAYS)
    drawn = draw(st.lists(LAWS, min_size=1, max_size=4, unique_by=lambda law: law.code))
    laws = [_in_force(one, begins) for one in drawn]
    assume(len({(one.title, one.effective_from) for one in laws}) == len(laws))
    law = st.sampled_from(laws)
    clauses = draw(
        st.lists(own_penalties(law), min_size=1, max_size=3, unique_by=lambda one: one.code)
    )
    clause = draw(st.none() | bases(law))
    lists = draw(st.lists(WORD, min_size=1, max_size=2, unique=True))
    codes = draw(st.lists(CODES, min_size=2, max_size=9, unique=True))
    whole = _Drawn(draw, law, clauses, lists, has_clause=clause is not None)
    fields: dict[str, Any] = {
        "name": draw(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,9}", fullmatch=True)),
        "version": draw(st.integers(1, 999_999_999)),
        "title": draw(ONE_LINE),
        "effective_from": begins,
        "retired_on": draw(st.none() | st.just(begins + timedelta(days=3))),
        "sectors": draw(
            st.lists(st.sampled_from(["dust_explosion", "metal_smelting", "port"]), unique=True)
        ),
        "device_clause": _basis(clause) if clause else None,
        "on_request": draw(st.booleans()),
        "language": draw(st.sampled_from(["", "中文 (zh)"])),
        "choice_lists": [whole.choice_list(name) for name in lists],
        "sections": whole.sections(codes),
    }
    return parse_form(Table(fields, "drawn", "检查表"))


def _in_force(law: Law, on: date) -> Law:
    """Return a law that applies on that day, as one of an item's must on the first day."""
    if law.in_force(on):
        return law
    # The program's rows stay as they are: another law then, under a code of its own.
    own = law.code not in packaged_tables().laws
    code, title = (law.code, law.title) if own else (f"x-{law.code}", f"{law.title}旧")
    return replace(law, code=code, title=title, effective_from=on, effective_until=None)


class _Drawn:
    """The parts of one checklist; `asked` are the questions that stand before the next one."""

    def __init__(
        self,
        draw: st.DrawFn,
        law: st.SearchStrategy[Law],
        clauses: list[Penalty],
        lists: list[str],
        *,
        has_clause: bool,
    ) -> None:
        self.draw, self.law, self.clauses, self.lists = draw, law, clauses, lists
        self.has_clause = has_clause
        self.asked: list[str] = []

    def choice_list(self, name: str) -> dict[str, Any]:
        codes = self.draw(st.lists(WORD, min_size=1, max_size=3, unique=True))
        headers = st.sampled_from([[], ["行业"], ["行业", "place"]])
        columns = self.draw(headers)
        choices = [
            {
                "name": code,
                "label": self.draw(ONE_LINE),
                "columns": [[header, self.draw(WORD)] for header in columns],
            }
            for code in codes
        ]
        return {"name": name, "choices": choices}

    def sections(self, codes: list[str]) -> list[dict[str, Any]]:
        """Put the items into sections, some of which stand in others."""
        cut = self.draw(st.integers(1, len(codes)))
        titles = self.draw(st.lists(TITLE | st.just(""), min_size=3, max_size=3, unique=True))
        first: dict[str, Any] = {"title": titles[0], "items": [self.item(c) for c in codes[:cut]]}
        if self.draw(st.booleans()):
            first["relevant"] = self.draw(conditions([]))
            first["hint"] = self.draw(LINES)
            first["name"] = self.draw(st.just("") | st.just("组"))
        if cut == len(codes):
            return [first]
        rest: dict[str, Any] = {
            "title": titles[1],
            "items": [self.item(code) for code in codes[cut:]],
        }
        if self.draw(st.booleans()):
            return [{"title": titles[2], "items": [first, rest]}]
        return [first, rest]

    def item(self, code: str) -> dict[str, Any]:
        kind = self.draw(st.sampled_from(Kind))
        fields = self.asking(code, kind)
        if kind is Kind.TABLE:
            fields["columns"] = self.columns(code)
            if self.draw(st.booleans()):
                fields["count"] = "3"
        elif kind is Kind.CHECK or (kind in NUMBERS and self.draw(st.booleans())):
            fields |= self.judging()
            if kind is not Kind.CHECK:
                fields["fails_if"] = ". > 9"
        self.asked.append(fields.get("name") or code)
        return fields

    def columns(self, code: str) -> list[dict[str, Any]]:
        kinds = self.draw(
            st.lists(
                st.sampled_from(sorted(set(Kind) - {Kind.TABLE, Kind.CHECK})),
                min_size=1,
                max_size=3,
            )
        )
        asked = [self.asking(f"{code}·{number}", kind) for number, kind in enumerate(kinds)]
        if self.draw(st.booleans()):
            return [{"title": self.draw(TITLE), "items": asked}]
        return asked

    def asking(self, code: str, kind: Kind) -> dict[str, Any]:
        maybe = {
            "name": st.just(f"n{code}"),
            "hint": LINES,
            "guidance": LINES,
            "relevant": conditions(self.asked),
            "required": st.sampled_from(["true()", "false()", "yes", "1", "1 = 2"]),
            "required_message": LINES,
            "read_only": st.sampled_from(["true()", "no"]),
            "constraint": st.sampled_from([". != ''", "regex(., '[0-9]+')"]),
            "constraint_message": LINES,
            "default": ONE_LINE.filter(lambda text: "(" not in text) | st.just("today()"),
            "appearance": ONE_LINE,
            "focus": st.booleans(),
        }
        if kind in NUMBERS:
            maybe |= {"unit": ONE_LINE, "least": st.just("-0.5"), "step": st.just("0.10")}
        if kind in CHOICES:
            maybe["choice_filter"] = st.just("name != 'x'")
        if kind in (Kind.TEXT, Kind.HIDDEN):
            maybe["calculation"] = conditions(self.asked)
        chosen = self.draw(st.sets(st.sampled_from(sorted(maybe))))
        fields: dict[str, Any] = {field: self.draw(maybe[field]) for field in sorted(chosen)}
        fields |= {"code": code, "kind": kind.value, "question": self.draw(ONE_LINE)}
        if kind in CHOICES:
            fields["choices"] = self.draw(st.sampled_from(self.lists))
        if kind is Kind.CALCULATE:
            fields["calculation"] = self.draw(conditions(self.asked))
        return fields

    def judging(self) -> dict[str, Any]:
        competence = self.draw(st.sampled_from(Competence))
        grades = st.sampled_from(Major) if competence is Competence.OWN else st.just(Major.NO)
        major = self.draw(grades)
        fields: dict[str, Any] = {
            "how_to_check": self.draw(ONE_LINE),
            "basis": [_basis(self.draw(bases(self.law))) for _ in range(self.draw(st.just(2)))],
            "major": major.value,
            "major_note": "" if major is Major.NO else self.draw(ONE_LINE),
            "device_clause": self.has_clause and major is not Major.NO,
            "finding": self.draw(ONE_LINE),
            "photos_on_failure": self.draw(st.integers(1, 12)),
            "correctable_on_site": self.draw(st.booleans()),
            "verification": self.draw(ONE_LINE),
            "competence": competence.value,
        }
        if competence is Competence.OWN:
            clause = st.sampled_from(["", "第（二）项", "第一款、第二款"])
            pairs = st.tuples(st.sampled_from(self.clauses), clause)
            cited = self.draw(st.lists(pairs, min_size=1, max_size=2, unique=True))
            fields["penalties"] = [{**penalty_json(one), "clause": part} for one, part in cited]
            fields["rectify"] = self.draw(
                st.integers(1, 400)
                | st.sampled_from(["deadline.rectification_default_days", "deadline.other_days"])
            )
        return fields


def _basis(basis: Basis) -> dict[str, Any]:
    return {"law": law_json(basis.law), "article": basis.article, "verified": basis.verified}


def every_kind() -> Form:
    """Return a checklist with an item of each kind."""
    items: list[dict[str, Any]] = []
    for number, kind in enumerate(kind for kind in Kind if kind is not Kind.CHECK):
        item: dict[str, Any] = {"code": f"K{number}", "kind": kind.value, "question": "问"}
        if kind in CHOICES:
            item["choices"] = "表"
        if kind is Kind.TABLE:
            item["columns"] = [
                {"code": "列", "kind": "repeat", "columns": [{**item, "code": "里"}]}
            ]
            item["columns"][0]["columns"][0] |= {"kind": "text"}
        if kind is Kind.CALCULATE:
            item["calculation"] = "${K0} + 1"
        items.append(item)
    fields = {
        "name": "kinds",
        "version": 1,
        "title": "各类条目",
        "effective_from": "2026-01-01",
        "retired_on": None,
        "sectors": [],
        "device_clause": None,
        "choice_lists": [{"name": "表", "choices": [{"name": "甲", "label": "甲"}]}],
        "sections": [{"title": "", "items": items}],
    }
    return parse_form(Table(fields, "drawn", "检查表"))


@pytest.mark.parametrize("form", packaged(), ids=lambda form: form.ref)
def test_a_packaged_checklist_comes_back_as_it_was(form: Form, tmp_path: Path) -> None:
    write_template(form, tmp_path / "out.xlsx")

    imported = read_template(tmp_path / "out.xlsx")

    assert imported.form == form
    assert imported.notices == ()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms())
@example(every_kind())
def test_any_checklist_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, form: Form
) -> None:
    path = tmp_path_factory.mktemp("drawn") / "out.xlsx"
    write_template(form, path)

    assert read_template(path).form == form


def test_equal_checklists_make_equal_files(tmp_path: Path) -> None:
    form = packaged().get("confined-space", 1)
    write_template(form, tmp_path / "one.xlsx")
    write_template(form, tmp_path / "other.xlsx")

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.xlsx", "other.xlsx"]


def test_the_blank_template_is_read_as_it_stands(tmp_path: Path) -> None:
    write_blank_template(tmp_path / "blank.xlsx")

    imported = read_template(tmp_path / "blank.xlsx")
    form = imported.form

    assert imported.notices == ()
    assert [(item.code, item.kind) for item in form.items] == [
        ("S01", Kind.CHECK),
        ("S02", Kind.SELECT_ONE),
    ]
    assert all(item.verified for item in form.items)


def test_the_blank_template_lists_every_law_and_penalty_clause(tmp_path: Path) -> None:
    write_blank_template(tmp_path / "blank.xlsx")

    sheets = read_sheets(tmp_path / "blank.xlsx")

    tables = packaged_tables()
    assert [row[0] for row in sheets["法规"].rows] == list(tables.laws)
    assert [row[0] for row in sheets["处罚依据"].rows] == list(tables.penalties)


def test_a_template_is_told_from_other_workbooks_by_its_sheet_of_items(tmp_path: Path) -> None:
    write_blank_template(tmp_path / "blank.xlsx")
    sheets = read_sheets(tmp_path / "blank.xlsx")

    assert is_template(sheets)
    assert not is_template({"survey": sheets["检查项"]})


def test_sections_in_sections_stay_in_their_order(tmp_path: Path) -> None:
    def note(code: str) -> Item:
        return Item(code, Kind.NOTE, "阅读")

    inner = Section("乙", (note("B1"),))
    again = Section("乙", (note("B2"),))
    form = Form(
        "nested",
        1,
        "层级",
        date(2026, 1, 1),
        None,
        (),
        None,
        (
            Section("甲", (note("A1"), inner, note("A2"), again)),
            Section("丙", (Section("", (note("C1"),)),)),
            Section("甲", (note("A3"),)),
        ),
    )
    write_template(form, tmp_path / "out.xlsx")

    assert read_template(tmp_path / "out.xlsx").form == form


def test_citations_that_definitions_hold_can_be_exported_though_they_are_no_articles(
    tmp_path: Path,
) -> None:
    form = packaged().get("dust-explosion", 1)
    section = form.sections[0]
    item = next(one for one in section.items if isinstance(one, Item) and one.penalties)
    penalty = replace(item.penalties[0], article="第一百零五条规定", clause="第（二）项规定情形。")
    changed = replace(
        item,
        basis=(
            replace(item.basis[0], article="第42条规定等。", verified=True),
            replace(item.basis[0], article="附录B.1", verified=True),
        ),
        penalties=(replace(penalty, code="QQ1", verified=True),),
    )
    items = tuple(changed if one is item else one for one in section.items)
    form = replace(form, sections=(replace(section, items=items), *form.sections[1:]))

    write_template(form, tmp_path / "template.xlsx")
    write_xlsform(form, tmp_path / "xlsform.xlsx")

    assert read_template(tmp_path / "template.xlsx").form == form
