"""What vectors cannot hold, as no file can: texts with half of a pair of surrogates."""

import json
from pathlib import Path
from random import Random

from forms.expressions.evaluating import Scope, compile_tree
from forms.expressions.parsing import from_json
from forms.expressions.patterns import portable
from tests.conftest import SHARED_VECTORS
from tests.faces.phone_core.both import in_node

EXPRESSIONS: Path = SHARED_VECTORS / "forms" / "expressions.json"
PATTERNS = ("[^\n]", "(?:[^\n]|\n)", "[^a]", "[^一-𠀀]", "[一-𠀀]", "[^\x00-\ud7ff]")


def test_what_is_remembered_of_a_pattern_changes_no_answer() -> None:
    chance = Random(60)
    texts = ["".join(chance.choices("ab一\n", k=length)) for length in (0, 9, 40, 3000) * 3]
    spread = "".join(f"{chr(0x4E00 + 2 * at)}" for at in range(180))
    patterns = [
        "[^\n]*a(.|\n){11}",  # leads to more sets of places than are remembered
        "([^a]|a){400,450}.*",
        "((.?)*){999}",
        f"((([{spread}ab]*)*){{5}}){{9}}",
        "[^b一]*([一-丂]|b[a-b]*|\n+a*)*",
    ]
    blank = json.loads(EXPRESSIONS.read_text(encoding="utf-8"))["left_out"]
    trees = [["regex", ["self"], ["text", portable(pattern)]] for pattern in patterns]
    cases = [(tree, text) for tree in trees for text in [*texts, spread, spread * 100]]

    here = [compile_tree(from_json(tree))(Scope({}, text)) for tree, text in cases]
    phone, _ = in_node(evaluations=[blank | {"tree": tree, "self": text} for tree, text in cases])

    assert [one["value"] for one in phone] == here
    assert set(here) == {True, False}


def test_half_of_a_pair_fits_no_pattern() -> None:
    trees = [["regex", ["self"], ["text", pattern]] for pattern in PATTERNS]
    blank = json.loads(EXPRESSIONS.read_text(encoding="utf-8"))["left_out"]
    cases = [(tree, half) for tree in trees for half in ("\ud800", "\udfff")]

    here = [compile_tree(from_json(tree))(Scope({}, half)) for tree, half in cases]
    phone, _ = in_node(evaluations=[blank | {"tree": tree, "self": half} for tree, half in cases])

    assert here == [False] * len(cases)
    assert [one["value"] for one in phone] == here
