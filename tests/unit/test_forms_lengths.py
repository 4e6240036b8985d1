"""A checklist whose texts could fill a phone's memory is refused where it is written."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from forms.definition.lengths import MAX_TEXT, TOO_LONG, TOO_MANY, _Lengths
from forms.errors import BadDefinition
from forms.expressions.evaluating import Scope, compile_tree
from forms.expressions.tree import Tree
from forms.expressions.values import to_text
from forms.model import Form
from tests.unit.expression_trees import scopes, trees
from tests.unit.forms_examples import sample

TIMES_100 = f"concat({', '.join(['${B00}'] * 100)})"


def asked(code: str, kind: str, **fields: str) -> str:
    """Return the TOML of an item that is no check; columns are TOML themselves."""
    lines = {"code": code, "kind": kind, "question": code} | fields
    written = {name: text if text[0] == "[" else f'"{text}"' for name, text in lines.items()}
    return "\n[[sections.items]]\n" + "".join(f"{name} = {it}\n" for name, it in written.items())


def read(folder: Path, *items: str) -> Form:
    return sample(folder, asked("B00", "text"), *items)


def test_a_text_doubled_forty_times_is_refused_where_it_first_becomes_too_long(
    tmp_path: Path,
) -> None:
    chain = [
        asked(f"B{n:02}", "calculate", calculation=f"concat(${{B{n - 1:02}}}, ${{B{n - 1:02}}})")
        for n in range(1, 41)
    ]

    assert read(tmp_path, *chain[:7])  # 4,000 characters, 128-fold: 512,000
    with pytest.raises(BadDefinition) as refused:
        read(tmp_path, *reversed(chain))

    facts = refused.value.facts
    assert (facts["item"], facts["field"], facts["reason"]) == ("条目 B08", "calculation", TOO_LONG)


@pytest.mark.parametrize(
    ("items", "code", "field"),
    [
        ((asked("B02", "text", relevant="string-length(concat(${B01}, ${B01}, ${B01})) > 1"),),
         "B02", "relevant"),
        ((asked("B02", "text", default="concat(${B01}, ${B01}, ${B01})"),), "B02", "default"),
        ((asked("B02", "hidden", default="concat(${B01}, ${B01})"),
          asked("B03", "text", constraint=". != if(${B00}, '', concat(${B02}, ${B01}))")),
         "B03", "constraint"),
        ((asked("B02", "repeat", columns="[{ code = 'D', kind = 'calculate', question = 'd', "
                "calculation = 'concat(${B01}, ${B01}, ${B01})' }]"),), "D", "calculation"),
    ],
    ids=["relevant", "default", "constraint", "in a table"],
)  # fmt: skip
def test_every_condition_is_measured(
    items: tuple[str, ...], code: str, field: str, tmp_path: Path
) -> None:
    with pytest.raises(BadDefinition) as refused:
        read(tmp_path, asked("B01", "calculate", calculation=TIMES_100), *items)

    assert refused.value.facts["item"] == f"条目 {code}"
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, TOO_LONG)


def test_what_is_cut_or_is_no_text_may_be_put_together_again(tmp_path: Path) -> None:
    cut = ", ".join(["substr(${B01}, 0, 100)", "string-length(${B01})", "${B02}"] * 33)

    assert read(
        tmp_path,
        asked("B01", "calculate", calculation=TIMES_100),
        asked("B02", "decimal"),
        asked("B03", "calculate", calculation=f"concat({cut})"),
    )


def columns(*calculations: str, inner: str = "") -> str:
    """Return the TOML of the columns of a table: a text, what follows from it, a table within."""
    said = ["{ code = 'X', kind = 'text', question = 'x' }"]
    said += [
        f"{{ code = 'C{n}', kind = 'calculate', question = 'c', calculation = \"{it}\" }}"
        for n, it in enumerate(calculations)
    ]
    within = f"{{ code = 'T1', kind = 'repeat', question = 't', columns = {inner} }}"
    return f"[{', '.join([*said, *([within] if inner else [])])}]"


def test_what_all_rows_come_to_together_is_refused_where_it_becomes_too_much(
    tmp_path: Path,
) -> None:
    long = asked("B01", "calculate", calculation=TIMES_100)
    both = "concat(${B01}, ${X})"  # 404,000 characters in 200 rows: two of them are too many
    own, given = "concat(${X}, '-', ${X}, ${X})", "concat(${B00}, ${D})"
    inner = "[{ code = 'D', kind = 'text', question = 'd' }, { code = 'E', kind = 'calculate', "
    inner += "question = 'e', calculation = 'MADE' }]"
    cited = "if(${X}, ${B01}, ${B00})"  # is there already, in every row the same
    nested = inner.replace("MADE", "concat(${X}, ${D}, position(..))")
    kept = columns(both, cited, cited, own, "${C0}", inner=inner.replace("MADE", "${X} * 2"))

    assert read(tmp_path, long, asked("T0", "repeat", columns=kept))
    assert read(tmp_path, asked("T0", "repeat", columns=columns(own, own, inner=nested)))
    for table, code in (
        (columns(both, own, both), "C2"),
        (columns(both, f"substr({both}, 0, 1000)", f"if(${{X}}, {both}, {both})"), "C2"),
        (columns(inner=inner.replace("MADE", given)), "E"),
    ):
        with pytest.raises(BadDefinition) as refused:
            read(tmp_path, long, asked("T0", "repeat", columns=table))

        facts = refused.value.facts
        assert (facts["item"], facts["reason"]) == (f"条目 {code}", TOO_MANY)


def in_two_tables(*calculations: str) -> str:
    """Return a table X with a table in it: a text M, L times W as A, and what follows from them."""
    made = "".join(
        f", {{ code = 'E{n}', kind = 'calculate', question = 'e', calculation = \"{it}\" }}"
        for n, it in enumerate(calculations)
    )
    numbers = "".join(f", {{ code = '{it}', kind = 'decimal', question = 'n' }}" for it in "LW")
    room = "{ code = 'M', kind = 'text', question = 'm' }"
    area = "{ code = 'A', kind = 'calculate', question = 'a', calculation = '${L} * ${W}' }"
    return asked("T0", "repeat", columns=columns(inner=f"[{room}{numbers}, {area}{made}]"))


def test_in_a_table_within_a_table_counts_what_comes_out_of_a_part_not_what_goes_in(
    tmp_path: Path,
) -> None:
    lines = "concat(${X}, ${M})"  # X stands in the outer row

    for calculations in (
        ["concat(if(${B00} = 'a', '储罐', '管道'), ${M})", "concat(string-length(${B00}), '字')"],
        ["concat(substr(${B00}, 0, 20), ${M})", "if(${B00} = 'a', 1, 2)", "concat(${E1}, '级')"],
        [lines, lines],
        ["concat(${A}, 'm')"] * 8,
    ):
        assert read(tmp_path, in_two_tables(*calculations)), calculations
    for calculations, code in ((["concat(${B00}, ${M})"], "E0"), ([lines] * 3, "E2")):
        with pytest.raises(BadDefinition) as refused:
            read(tmp_path, in_two_tables(*calculations))

        facts = refused.value.facts
        assert (facts["item"], facts["reason"]) == (f"条目 {code}", TOO_MANY)


def test_three_tables_in_one_another_have_no_more_rows_than_can_be_sent(tmp_path: Path) -> None:
    inner = "[{ code = 'D', kind = 'calculate', question = 'd', calculation = 'MADE' }]"
    inner = f"[{{ code = 'T2', kind = 'repeat', question = 't', columns = {inner} }}]"
    said = 'concat(\\"' + "字" * 1000 + '\\", position(..))'
    table = columns(inner=inner).replace("'MADE'", f'"{said}"')

    assert read(tmp_path, asked("T0", "repeat", columns=table))


@given(trees, scopes)
def test_no_text_is_longer_than_was_worked_out(tree: Tree, given: dict[str, Any]) -> None:
    values = {name: len(to_text(value)) for name, value in given["values"].items()}
    lengths = _Lengths({**values, ".": len(to_text(given["self"]))}, column=0)
    scope = Scope(given["values"], given["self"], given["position"], given["today"])

    assert len(to_text(compile_tree(tree)(scope))) <= lengths.of(tree, ".") <= MAX_TEXT
