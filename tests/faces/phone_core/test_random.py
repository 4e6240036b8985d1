"""Whatever a checklist asks and whoever answers, server and phone come to the same."""

from forms.body import to_json
from forms.load import packaged
from tests.faces.phone_core.both import differences, here, in_node, read
from tests.faces.phone_core.random_forms import Author, case, detour
from tests.vectors.forms.filling_bodies import Json

FORMS, TIMES = 300, 3


def test_server_and_phone_agree_on_checklists_made_by_chance_whatever_the_order() -> None:
    bodies = [Author(seed).body() for seed in range(FORMS)]
    cases = [case(body, seed) for seed, body in enumerate(bodies * TIMES)]
    expected = [here(one, form) for one, form in zip(cases, map(read, bodies * TIMES), strict=True)]
    _, got = in_node(fillings=[_answered_otherwise(one, n) for n, one in enumerate(cases)])

    assert differences(cases, expected, got) == []
    assert sum(bool(one["state"]["failed"]) for one in expected) > FORMS
    assert sum(bool(one["state"]["wrong"]) for one in expected) > FORMS
    assert sum(bool(one["state"]["missing"]) for one in expected) > FORMS


def test_server_and_phone_agree_on_the_library() -> None:
    pairs = [(form, to_json(form)) for form in packaged()]
    filled = [(form, case(body, seed)) for form, body in pairs for seed in range(10)]
    cases = [one for _, one in filled]
    expected = [here(one, form) for form, one in filled]
    _, got = in_node(fillings=cases)

    assert differences(cases, expected, got) == []
    assert sum(len(one["suggestions"]) for one in expected) > len(cases)


def _answered_otherwise(one: Json, seed: int) -> Json:
    return one | {"answers": detour(one["answers"], seed)}
