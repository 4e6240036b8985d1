"""The JSON body that phones pull, and the hash that names a checklist's content."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.body import content_sha256, from_json, to_json
from forms.definition.parse import LONGEST_PERIOD, MOST_PHOTOS
from forms.errors import BadDefinition, ContentMismatch
from forms.load import load_folder, packaged
from forms.model import Basis, Form, Item, Kind, Law, Major, Penalty, Section
from tests.unit.forms_examples import FORM, sample

days = st.dates(date(2000, 1, 1), date(2099, 1, 1))
texts = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12
)
laws = st.builds(
    lambda code, title, number, start, length, verified, source: Law(
        code, title, number, start, length and start + timedelta(length), verified, source
    ),
    st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True),
    texts,
    texts | st.just(""),
    days,
    st.none() | st.integers(1, 9999),
    st.booleans(),
    texts,
)
bases = st.builds(Basis, laws, texts, st.booleans())
penalties = st.builds(
    Penalty,
    code=st.from_regex(r"[A-Z]{1,2}[0-9]{1,3}", fullmatch=True),
    law=laws,
    article=texts,
    clause=texts | st.just(""),
    unit_range=texts,
    person_range=texts | st.just(""),
    aggravated_range=texts | st.just(""),
    verified=st.booleans(),
    source=texts,
)
plain_items = st.builds(
    Item,
    code=st.from_regex(r"[A-Z][0-9]{2}[A-Z]?", fullmatch=True),
    kind=st.just(Kind.CHECK),
    question=texts,
    how_to_check=texts,
    basis=st.lists(bases, min_size=1, max_size=2).map(tuple),
    major=st.just(Major.YES),
    major_needs=st.just(()),
    major_note=texts | st.just(""),
    device_clause=st.booleans(),
    penalties=st.lists(penalties, min_size=1, max_size=2).map(tuple),
    rectify=st.integers(1, LONGEST_PERIOD) | st.just("deadline.some_days"),
    finding=texts,
    photos_on_failure=st.integers(1, MOST_PHOTOS),
    correctable_on_site=st.booleans(),
    verification=texts,
)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    items = draw(st.lists(plain_items, min_size=1, max_size=4, unique_by=lambda item: item.code))
    codes = [item.code for item in items]
    items = [
        replace(item, major_needs=tuple(c for c in codes if c != item.code and draw(st.booleans())))
        for item in items
    ]
    cut = draw(st.integers(1, len(items)))
    parts = [part for part in (items[:cut], items[cut:]) if part]
    start = draw(days)
    return Form(
        name=draw(st.from_regex(r"[a-z]{1,5}(-[a-z]{1,5})?", fullmatch=True)),
        version=draw(st.integers(1, 999)),
        title=draw(texts),
        effective_from=start,
        retired_on=draw(st.none() | st.integers(1, 999).map(lambda n: start + timedelta(n))),
        sectors=tuple(draw(st.sets(st.sampled_from(["dust_explosion", "confined_space"])))),
        device_clause=draw(bases),
        sections=tuple(Section(draw(texts), tuple(part)) for part in parts),
    )


@settings(max_examples=50, deadline=None)
@given(forms())
def test_a_checklist_survives_the_way_to_the_phone_and_back(form: Form) -> None:
    sent = json.dumps(to_json(form))

    assert from_json(json.loads(sent)) == form


@pytest.mark.parametrize("form", packaged(), ids=lambda form: form.ref)
def test_every_installed_checklist_survives_the_way_to_the_phone_and_back(form: Form) -> None:
    assert from_json(json.loads(json.dumps(to_json(form)))) == form


def test_the_hash_is_of_the_content_not_of_the_file(tmp_path: Path) -> None:
    plain = sample(tmp_path)
    commented = sample(tmp_path, text="# 说明\n" + FORM.replace(" = ", "  =  "))
    reworded = sample(tmp_path, text=FORM.replace("看现场", "查现场"))

    assert content_sha256(plain) == content_sha256(commented)
    assert content_sha256(plain) != content_sha256(reworded)


def test_retiring_a_version_does_not_change_its_hash(tmp_path: Path) -> None:
    plain = sample(tmp_path)
    retired = replace(plain, retired_on=date(2027, 1, 1))

    assert content_sha256(plain) == content_sha256(retired)


def test_a_changed_penalty_range_changes_the_hash(tmp_path: Path) -> None:
    form = sample(tmp_path)
    before = content_sha256(form)
    path = tmp_path / "penalties.toml"
    path.write_text(path.read_text("utf-8").replace("5万元", "6万元"), encoding="utf-8")

    assert content_sha256(load_folder(tmp_path)[0]) != before


def test_a_body_with_one_changed_letter_is_refused(tmp_path: Path) -> None:
    body = to_json(sample(tmp_path))
    body["sections"][0]["items"][0]["question"] = "问提"

    with pytest.raises(ContentMismatch, match="sample@1 的内容与其摘要不一致"):
        from_json(body)


@pytest.mark.parametrize("change", [{"version": "1"}, {"extra": 1}, {"content_sha256": "abc"}])
def test_a_body_of_the_wrong_shape_is_refused_by_field(
    tmp_path: Path, change: dict[str, object]
) -> None:
    with pytest.raises(BadDefinition) as caught:
        from_json({**to_json(sample(tmp_path)), **change})

    assert caught.value.facts["field"] in change


def test_a_lone_surrogate_is_refused_not_a_crash(tmp_path: Path) -> None:
    body = to_json(sample(tmp_path))
    body["title"] = json.loads('"\\ud800"')

    with pytest.raises(BadDefinition):
        from_json(body)
