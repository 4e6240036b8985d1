"""Random expressions: trees of every node, written out the way an author might."""

from hypothesis import strategies as st

from forms.expressions.tree import FUNCTIONS, Tree

NAMES = ("a", "b-c", "数量", "_x.1", "div")
PATTERNS = ("[0-9]+", "(?:ab|c)*d?", "", r"a\.b", "[^\n]{2,3}", "[^0-9]")
STRENGTH = [("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod")]

texts = st.sampled_from(("", "x", "1", "a b", " 2.5 ", "2026-11-23", "合格", "it's", '"x"', "𠮷"))
numbers = st.sampled_from(("0", "1", "2.5", "0.1", "15", "9007199254740993", "0.000001"))
refs = st.sampled_from(NAMES).map(lambda name: ("ref", name))
leaves = st.one_of(
    texts.map(lambda text: ("text", text)),
    numbers.map(lambda number: ("number", number)),
    refs,
    st.sampled_from([("self",), ("position",), ("today",), ("true",), ("false",)]),
)


def _above(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    options = [
        st.tuples(st.sampled_from([sign for row in STRENGTH for sign in row]), inner, inner),
        st.tuples(st.just("neg"), inner),
        st.tuples(st.sampled_from(("sum", "count")), refs),
        st.tuples(
            st.just("regex"), inner, st.sampled_from(PATTERNS).map(lambda text: ("text", text))
        ),
    ]
    for name, (least, most) in FUNCTIONS.items():
        if least and name not in ("sum", "count", "regex"):
            arguments = st.lists(inner, min_size=least, max_size=min(most, least + 2))
            options.append(arguments.map(lambda parts, name=name: (name, *parts)))
    return st.one_of(options)


trees = st.recursive(leaves, _above, max_leaves=12)
"""Any tree."""

single_values = st.one_of(
    texts,
    st.floats(),
    st.sampled_from((0.0, -0.0, 1.0, 2.5, 20780.0)),
)
values = st.one_of(single_values, st.lists(single_values, max_size=3))
"""Anything that a scope may hold."""

scopes = st.fixed_dictionaries(
    {
        "values": st.fixed_dictionaries(dict.fromkeys(NAMES, values)),
        "self": single_values,
        "position": st.integers(0, 9),
        "today": st.just("2026-11-23"),
    }
)


def written(tree: Tree, least: int = 0) -> str:
    """Return the text of a tree with no bracket more than needed; `least`: what binds as much."""
    name, *parts = tree
    if name == "text":
        return f'"{parts[0]}"' if "'" in parts[0] else f"'{parts[0]}'"
    if name == "number" and isinstance(parts[0], str):
        return str(parts[0])
    if name == "ref":
        return f"${{{parts[0]}}}"
    if name in ("self", "position"):
        return {"self": ".", "position": "position(..)"}[name]
    if name == "neg":
        return f"-{written(parts[0], len(STRENGTH))}"
    for strength, signs in enumerate(STRENGTH):
        if name in signs:
            left, right = written(parts[0], strength), written(parts[1], strength + 1)
            text = f"{left} {name} {right}"
            return f"({text})" if strength < least else text
    return f"{name}({', '.join(written(part) for part in parts)})"
