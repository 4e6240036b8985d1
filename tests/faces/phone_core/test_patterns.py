"""What vectors cannot hold, as no file can: texts with half of a pair of surrogates."""

import json
from pathlib import Path

from forms.expressions.evaluating import Scope, compile_tree
from forms.expressions.parsing import from_json
from tests.conftest import SHARED_VECTORS
from tests.faces.phone_core.both import in_node

EXPRESSIONS: Path = SHARED_VECTORS / "forms" / "expressions.json"
PATTERNS = ("[^\n]", "(?:[^\n]|\n)", "[^a]", "[^一-𠀀]", "[一-𠀀]", "[^\x00-\ud7ff]")


def test_half_of_a_pair_fits_no_pattern() -> None:
    trees = [["regex", ["self"], ["text", pattern]] for pattern in PATTERNS]
    blank = json.loads(EXPRESSIONS.read_text(encoding="utf-8"))["left_out"]
    cases = [(tree, half) for tree in trees for half in ("\ud800", "\udfff")]

    here = [compile_tree(from_json(tree))(Scope({}, half)) for tree, half in cases]
    phone, _ = in_node(evaluations=[blank | {"tree": tree, "self": half} for tree, half in cases])

    assert here == [False] * len(cases)
    assert [one["value"] for one in phone] == here
