"""
Every kind's example, set and read back: golden texts, wording, facts.

After an intended change: `python -m tests.golden.test_every_kind`, then read the diff.
"""

import ast
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from pdf_templates.catalogue import MODULES, render, template, versions
from pdf_templates.errors import UnknownKind
from pdf_templates.examples import example
from pdf_templates.facts import content_sha256, from_json, to_json
from tests.golden.test_documents import EXAMPLES, text_of
from tests.golden.unusual import UNUSUAL

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
KINDS = [kind for kind, place in MODULES.items() if not place.startswith("draw.")]
NAMES = KINDS + [f"{kind}_{n}" for kind, told in UNUSUAL.items() for n in range(1, len(told) + 1)]
"""Of the examples, as the golden texts are called."""
CHINESE = re.compile("[\u4e00-\u9fff]")
DECLARING = frozenset(
    {
        *("fact", "text", "day", "moment", "choice", "sha256", "hex64", "decimal"),
        *("added", "count", "fen", "part", "several"),
    }
)
"""Functions whose texts name facts."""
NAMING = frozenset({"said", "items", "remark"})
"""Methods whose second argument names a field in errors."""


def called(function: ast.expr) -> str:
    """Return the name of a function, also of one of the module `fields`."""
    if isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "fields":
        return function.attr
    return getattr(function, "id", "")


def wordings(path: Path) -> list[str]:
    """Return the Chinese texts of a module that are printed: no docstrings, no names of facts."""
    tree = ast.parse(path.read_text("utf-8"))
    unprinted: set[int] = set()

    def leave_out(node: ast.AST | None) -> None:
        if node is not None:
            unprinted.update(id(part) for part in ast.walk(node))

    judging = {
        getattr(node.args[2], "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Constraint"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            leave_out(node.value)
        if isinstance(node, ast.Call) and called(node.func) in {*DECLARING, "Template"}:
            leave_out(node)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in NAMING:
            for argument in node.args[1:2]:
                leave_out(argument)
        if isinstance(node, ast.FunctionDef) and node.name in judging:
            leave_out(node)
        if isinstance(node, ast.keyword) and node.arg == "field":
            leave_out(node)
        if isinstance(node, ast.Dict):
            for key in node.keys:
                leave_out(key)
    return [
        piece
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in unprinted
        for piece in re.split(r"\{\w*\}", node.value if isinstance(node.value, str) else "")
        if CHINESE.search(piece)
    ]


def golden(name: str) -> Path:
    return HERE / "kinds" / f"{name}.txt"


def facts_of(name: str) -> tuple[str, Any]:
    """Return kind and facts of `penalty_notice`, or of `penalty_notice_2`: the second unusual."""
    if name in MODULES:
        return name, example(name)
    kind, _, number = name.rpartition("_")
    return kind, UNUSUAL[kind][int(number) - 1]


def pdf_of(name: str) -> bytes:
    kind, facts = facts_of(name)
    return render(kind, to_json(facts))


@pytest.mark.parametrize("name", NAMES)
def test_an_example_reads_as_it_always_did(name: str) -> None:
    assert text_of(pdf_of(name)) == golden(name).read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_an_example_survives_json_and_its_form(name: str) -> None:
    kind, facts = facts_of(name)

    rebuilt: Any = from_json(template(kind).facts, to_json(facts))

    assert rebuilt == facts
    assert content_sha256(to_json(rebuilt)) == content_sha256(to_json(facts))


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_says_what_it_is(kind: str) -> None:
    made = versions(kind)

    assert [one.kind for one in made] == [kind] * len(made)
    assert len({one.version for one in made}) == len(made)
    assert sorted((one.effective_from for one in made), reverse=True) == [
        one.effective_from for one in made
    ]
    assert all(one.source and one.title for one in made)


def test_an_unknown_kind_and_an_unknown_version_are_said() -> None:
    with pytest.raises(UnknownKind, match="no_such"):
        example("no_such")
    with pytest.raises(UnknownKind, match="1999"):
        template("inspection_record", "1999.1")


def test_every_fixed_wording_stands_in_a_golden_text() -> None:
    """What no example prints could be changed without anybody noticing."""
    texts = [*(HERE / f"{name}.txt" for name in EXAMPLES), *map(golden, NAMES)]
    texts += sorted((HERE / "receipts").glob("*.txt"))
    printed = re.sub(r"\s", "", "".join(path.read_text("utf-8") for path in texts))
    folders = {MODULES[kind].partition(".")[0] for kind in KINDS}
    unprinted = [
        (path.name, wording)
        for folder in sorted(folders)
        for path in sorted((ROOT / "pdf_templates" / folder).glob("*.py"))
        if path.name != "binding.py"  # which writes no kind, and has tests of its own
        for wording in wordings(path)
        if re.sub(r"[\s\u2060]", "", wording) not in printed
    ]

    assert unprinted == []


if __name__ == "__main__":
    for name in sys.argv[1:] or NAMES:
        golden(name).write_text(text_of(pdf_of(name)), "utf-8")
