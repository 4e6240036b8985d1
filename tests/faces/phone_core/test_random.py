"""Whatever a checklist asks and whoever answers, server and phone come to the same."""

from forms.body import to_json
from forms.load import packaged
from tests.faces.phone_core.both import differences, here, in_node, read
from tests.faces.phone_core.random_forms import Author, case, detour
from tests.vectors.forms.filling_bodies import Json
from tests.vectors.forms.filling_oracle import filled

FORMS, TIMES = 300, 2


def test_server_and_phone_agree_on_checklists_made_by_chance_whatever_the_order() -> None:
    bodies = [Author(seed).body() for seed in range(FORMS)]
    cases = [case(body, seed) for body in bodies for seed in range(TIMES)]
    expected = [filled(one, one["form"]) for one in cases]
    _, on_phones = in_node(fillings=[_answered_otherwise(one, n) for n, one in enumerate(cases)])
    forms = [form for form in map(read, bodies) for _ in range(TIMES)]
    on_servers = [here(one, form) for one, form in zip(cases, forms, strict=True)]

    assert differences(cases, expected, on_servers) == []
    assert differences(cases, expected, on_phones) == []
    for part, least in (("visible", 500), ("wrong", 300), ("missing", 150), ("failed", 120)):
        assert sum(bool(one["state"][part]) for one in expected) > least, part
    said = "".join(wrong["reason"] for one in expected for wrong in one["state"]["wrong"])
    assert said.count("行，现为") > 20
    assert said.count("起每隔") > 3


def test_server_and_phone_agree_on_the_library() -> None:
    pairs = [(form, to_json(form)) for form in packaged()]
    answered = [(form, case(body, seed)) for form, body in pairs for seed in range(10)]
    cases = [one for _, one in answered]
    expected = [here(one, form) for form, one in answered]
    _, got = in_node(fillings=cases)

    assert differences(cases, expected, got) == []
    assert sum(len(one["suggestions"]) for one in expected) > len(cases)


def _answered_otherwise(one: Json, seed: int) -> Json:
    return one | {"answers": detour(one["answers"], seed)}
