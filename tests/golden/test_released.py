"""A released version of a template prints the same for ever; another result is another version."""

from dataclasses import replace
from pathlib import Path

import pytest

from pdf_templates import catalogue
from pdf_templates.check import reinspection_opinion
from pdf_templates.setting.stationery import Content, Stationery
from tests.golden.release import faults, release
from tests.usecases.test_template_versions import carries, forgotten

__all__ = ["forgotten"]

KIND = "reinspection_opinion"
RELEASED = reinspection_opinion.TEMPLATE
pytestmark = pytest.mark.usefixtures("forgotten")


def changed(facts: reinspection_opinion.ReinspectionOpinion, on: Stationery) -> Content:
    """Say less than was released."""
    made = reinspection_opinion.content(facts, on)
    return replace(made, body=made.body[:-1])


LAYOUT = replace(RELEASED.layout, content=changed)  # type: ignore[type-var]  # a Composed


def test_what_was_released_is_printed_as_it_was() -> None:
    assert list(faults()) == []


def test_a_release_freezes_every_kind_once(tmp_path: Path) -> None:
    first, again = (release((KIND, "draw_anchors"), tmp_path) for _ in range(2))

    assert [path.stem for path in first] == [
        f"{kind} {catalogue.template(kind).version}" for kind in (KIND, "draw_anchors")
    ]
    assert again == []
    assert list(faults(tmp_path)) == []


@pytest.mark.parametrize("part", ["layout", "receipt"])
def test_another_result_under_a_released_version_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    release((KIND,), tmp_path)
    other = replace(getattr(RELEASED, part), content=changed)
    carries(monkeypatch, reinspection_opinion, replace(RELEASED, **{part: other}))

    assert "raise the template's version" in next(faults(tmp_path))


def test_another_result_is_another_version_beside_the_released_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release((KIND,), tmp_path)
    raised = replace(RELEASED, version="2099.1", layout=LAYOUT)
    carries(monkeypatch, reinspection_opinion, raised, RELEASED)
    kept = [*faults(tmp_path)]
    both = release((KIND,), tmp_path)
    carries(monkeypatch, reinspection_opinion, raised)

    assert kept == []
    assert [path.stem for path in both] == [f"{KIND} 2099.1"]
    assert "cannot be set any more" in next(faults(tmp_path))
