"""Definition files: every authoring error names file, item and field, in Chinese."""

from datetime import date
from pathlib import Path

import pytest

from forms.definition.parse import parse_form
from forms.definition.tables import Table
from forms.errors import BadDefinition, FormNotFound, UnreadableDefinition
from forms.library import Library, form_set
from forms.load import load_folder, packaged, read_toml
from forms.model import Kind
from tests.unit.forms_examples import FORM, LAWS, PENALTIES, item, sample


def error_of(folder: Path, *items: str, text: str = FORM) -> tuple[str, str, str]:
    with pytest.raises(BadDefinition) as caught:
        sample(folder, *items, text=text)
    facts = caught.value.facts
    assert f"检查表文件 {facts['file']} 的{facts['item']}，字段 {facts['field']}：" in str(
        caught.value
    )
    return facts["file"], facts["item"], facts["field"]


def test_a_left_out_field_takes_its_documented_default(tmp_path: Path) -> None:
    first = sample(tmp_path).items[0]

    assert first.kind is Kind.CHECK
    assert (first.photos_on_failure, first.correctable_on_site) == (1, False)
    assert (first.major_needs, first.major_note, first.device_clause) == ((), "", False)


def test_laws_and_penalties_stand_in_place_with_their_full_name(tmp_path: Path) -> None:
    first = sample(tmp_path).items[0]

    assert first.basis[0].printed == "《示例法》第三十六条"
    assert first.penalties[0].printed == "《示例法》第九十九条第（二）项"
    assert first.penalties[0].unit_range == "处5万元以下罚款"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", '""'),
        ("question", '" 问题"'),
        ("question", '"问\\n题"'),
        ("question", "3"),
        ("how_to_check", '""'),
        ("kind", '"quiz"'),
        ("major", '"maybe"'),
        ("major_needs", '["A01", "A01"]'),
        ("major_needs", "[1]"),
        ("major_needs", '"A01"'),
        ("device_clause", '"yes"'),
        ("basis", "[]"),
        ("basis", '["law"]'),
        ("basis", '[{ law = "no-such-law", article = "第一条", verified = true }]'),
        ("basis", '[{ law = "law", article = "", verified = true }]'),
        ("law", '[{ law = 1, article = "第一条", verified = true }]'),
        ("article", '[{ law = "law", verified = true }]'),
        ("verified", '[{ law = "law", article = "第一条" }]'),
        ("paragraph", '[{ law = "law", article = "第一条", paragraph = 1, verified = true }]'),
        ("penalties", "[]"),
        ("penalties", '[{ code = "P404" }]'),
        ("unit_range", '[{ code = "P1", unit_range = "免罚" }]'),
        ("rectify", "0"),
        ("rectify", "true"),
        ("rectify", '"thirty days"'),
        ("finding", '""'),
        ("photos_on_failure", "0"),
        ("photos_on_failure", "100"),
        ("rectify", "3651"),
        ("photos_on_failure", "1.5"),
        ("correctable_on_site", "1"),
        ("verification", '""'),
        ("hnit", '"拼错的字段"'),
    ],
)
def test_an_unusable_field_is_refused_by_item_and_field(
    tmp_path: Path, field: str, value: str
) -> None:
    target = {"law": "basis", "article": "basis", "verified": "basis", "paragraph": "basis"}
    target |= {"unit_range": "penalties"}

    assert error_of(tmp_path, item("A02", **{target.get(field, field): value})) == (
        "sample@1.toml",
        "条目 A02",
        field,
    )


def test_a_bound_of_too_many_digits_is_refused_without_repeating_it(tmp_path: Path) -> None:
    for field in ("least", "most", "step"):
        with pytest.raises(BadDefinition, match="数字不能超过30个字符，请改短") as caught:
            sample(tmp_path, item("A02", **{field: f'"{"9" * 5000}"'}))

        assert caught.value.facts["field"] == field
        assert len(str(caught.value)) < 100


def test_a_missing_field_is_refused_by_item_and_field(tmp_path: Path) -> None:
    cut = item("A02").replace('question = "问题"\n', "")

    assert error_of(tmp_path, cut) == ("sample@1.toml", "条目 A02", "question")


def test_a_mark_that_an_editor_puts_at_the_beginning_is_passed_over(tmp_path: Path) -> None:
    whole = sample(tmp_path, item("A02"))
    path = tmp_path / "sample@1.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert load_folder(tmp_path) == (whole,)


@pytest.mark.parametrize("code", ["1A", "A 1", "A/1", "-A", ""])
def test_a_code_outside_the_pattern_is_refused(tmp_path: Path, code: str) -> None:
    assert error_of(tmp_path, item(code)) == ("sample@1.toml", "章节“第一节”", "code")


def test_a_repeated_code_is_refused(tmp_path: Path) -> None:
    assert error_of(tmp_path, item("A01")) == ("sample@1.toml", "条目 A01", "code")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"major": '"yes"', "major_needs": '["A09"]'}, "major_needs"),  # not in this checklist
        ({"major": '"yes"', "major_needs": '["A02"]'}, "major_needs"),  # itself
        ({"major": '"no"', "major_needs": '["A01"]'}, "major_needs"),
        ({"major": '"possible"'}, "major_note"),
        ({"major": '"no"', "major_note": '"条件"'}, "major_note"),
        ({"major": '"no"', "device_clause": "true"}, "device_clause"),
    ],
)
def test_conditions_that_cannot_hold_are_refused(
    tmp_path: Path, fields: dict[str, str], field: str
) -> None:
    assert error_of(tmp_path, item("A02", **fields)) == ("sample@1.toml", "条目 A02", field)


def test_device_items_need_a_clause_in_the_checklist(tmp_path: Path) -> None:
    text = "\n".join(line for line in FORM.splitlines() if not line.startswith("device_clause"))
    device = item("A02", major='"yes"', device_clause="true")

    assert error_of(tmp_path, device, text=text) == (
        "sample@1.toml",
        "条目 A02",
        "device_clause",
    )


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('name = "sample"', 'name = "Sample"', "name"),
        ('name = "sample"', 'name = "other"', "name"),  # the file says sample
        ("version = 1", "version = 2", "name"),
        ("version = 1", "version = 0", "version"),
        ("version = 1", "version = true", "version"),
        ('title = "示例检查表"', 'title = "　"', "title"),
        ("2026-01-01", '"2026-02-30"', "effective_from"),
        ("2026-01-01", "2026-01-01T00:00:00", "effective_from"),
        ("2026-01-01", "2026-01-01\nretired_on = 2026-01-01", "retired_on"),
        ('["dust_explosion"]', '["粉尘"]', "sectors"),
        ("sectors =", "sector =", "sector"),
        ('law = "law", article = "第十四条"', 'law = "gone", article = "1"', "device_clause"),
        ('{ law = "law", article = "第十四条", verified = true }', '"第十四条"', "device_clause"),
    ],
)
def test_a_fault_of_the_whole_checklist_is_refused_by_field(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    assert old in FORM

    assert error_of(tmp_path, text=FORM.replace(old, new)) == ("sample@1.toml", "检查表", field)


@pytest.mark.parametrize("sections", ["", "sections = []", "sections = 1", "sections = [1]"])
def test_a_checklist_without_sections_is_refused(tmp_path: Path, sections: str) -> None:
    text = FORM.split("[[sections]]", maxsplit=1)[0] + sections

    assert error_of(tmp_path, text=text) == ("sample@1.toml", "检查表", "sections")


def test_a_section_without_items_is_refused_by_its_title(tmp_path: Path) -> None:
    more = '\n[[sections]]\ntitle = "空节"\nitems = []\n'

    assert error_of(tmp_path, more) == ("sample@1.toml", "章节“空节”", "items")


@pytest.mark.parametrize(
    ("file", "old", "new", "item", "field"),
    [
        ("laws.toml", 'code = "law"', 'code = "standard"', "法规 standard", "code"),
        ("laws.toml", "2026-07-01", "2019-07-01", "法规 old-law", "effective_until"),
        ("laws.toml", 'title = "示例法"', "", "法规 law", "title"),
        ("penalties.toml", 'code = "P2"', 'code = "P1"', "罚则 P1", "code"),
        ("penalties.toml", 'law = "law"', 'law = "gone"', "罚则 P1", "law"),
        ("penalties.toml", 'unit_range = "待核"', "", "罚则 P2", "unit_range"),
        ("penalties.toml", "verified = false", "verified = true", "罚则 P2", "article"),
        ("penalties.toml", "[[penalties]]", "[[fines]]", "罚则表", "fines"),
    ],
)
def test_a_fault_in_the_tables_is_refused_by_file_row_and_field(
    tmp_path: Path, file: str, old: str, new: str, item: str, field: str
) -> None:
    (tmp_path / "laws.toml").write_text(LAWS, encoding="utf-8")
    (tmp_path / "penalties.toml").write_text(PENALTIES, encoding="utf-8")
    path = tmp_path / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(BadDefinition) as caught:
        load_folder(tmp_path)

    facts = caught.value.facts
    assert (facts["file"], facts["item"], facts["field"]) == (file, item, field)


@pytest.mark.parametrize(
    "content",
    [
        b"name = ",
        "name = '检查表'".encode("gb18030"),
        b"version = " + b"9" * 5000,
        b"sections = " + b"[" * 3000,
        None,
    ],
)
def test_a_file_that_is_not_toml_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    sample(tmp_path)
    path = tmp_path / "sample@1.toml"
    path.unlink()
    path.mkdir() if content is None else path.write_bytes(content)

    with pytest.raises(UnreadableDefinition) as caught:
        load_folder(tmp_path)

    assert "检查表文件 sample@1.toml 无法读取" in str(caught.value)


DEEP = ".".join(["a"] * 2_000)


def test_a_key_of_too_many_parts_is_refused_before_it_takes_all_memory(tmp_path: Path) -> None:
    path = tmp_path / "deep.toml"
    before = '''s = """'""""" # \'\'\'\nt = 'a"'\nu = "#"\n'''
    quoted = r""" 'a' . "b\"." .""" * 60 + "c"

    for key in (f"{DEEP} =", f"[{DEEP}]#", f"[[{DEEP}]]#", f"x = {{ {DEEP} =", f"{quoted} ="):
        path.write_text(f"{before}{key} 1\n", encoding="utf-8")
        with pytest.raises(UnreadableDefinition, match=r"deep\.toml 无法读取（键名的嵌套过深"):
            read_toml(path)


def test_dots_in_texts_and_comments_are_no_key(tmp_path: Path) -> None:
    path = tmp_path / "dots.toml"
    lines = (
        f"""# it's "{DEEP}""",
        rf"""a.b.'{DEEP}"' = "\\\"{DEEP}" # '{DEEP}""",
        rf'''c = """{DEEP}''',
        rf'''" "" \"""{DEEP}\\"""""''',
        f"""d = '''{DEEP}\n'' \\{DEEP}'''''""",
        f"e = [{'0.5, ' * 200}]",
        "f.g = 1.5\n[f.h]",
    )
    path.write_text("\n".join(lines), encoding="utf-8")

    assert set(read_toml(path)) == set("acdef")


def test_sector_tags_choose_the_checklists_and_the_general_one_is_for_all() -> None:
    day = date(2026, 3, 2)
    known = {"general-safety", "dust-explosion", "confined-space"}
    forms = Library(form for form in packaged() if form.name in known)

    assert form_set(forms.handed_out([], day)) == "general-safety@1"
    assert form_set(forms.handed_out(["dust_explosion"], day)) == (
        "dust-explosion@1+general-safety@1"
    )
    assert form_set(forms.handed_out(["metal_smelting", "confined_space"], day)) == (
        "confined-space@1+general-safety@1"
    )
    assert forms.handed_out(["dust_explosion"], date(2025, 12, 31)) == ()


def test_a_checklist_on_request_is_not_handed_out_by_itself(tmp_path: Path) -> None:
    form = sample(tmp_path, text=FORM.replace("version = 1", "version = 1\non_request = true"))
    day = date(2026, 3, 2)

    assert Library([form]).handed_out(["dust_explosion"], day) == ()
    assert Library([form]).of("sample@1") == (form,)


def test_the_newest_version_that_has_begun_decides_and_retired_ones_do_not_come_back(
    tmp_path: Path,
) -> None:
    sample(tmp_path)
    retired = FORM.replace("2026-01-01", "2026-06-01\nretired_on = 2026-09-01")
    (tmp_path / "sample@2.toml").write_text(
        retired.replace("version = 1", "version = 2"), encoding="utf-8"
    )
    (tmp_path / "sample@10.toml").write_text(
        FORM.replace("2026-01-01", "2027-01-01").replace("version = 1", "version = 10"),
        encoding="utf-8",
    )
    forms = Library(load_folder(tmp_path))

    def on(day: date) -> str:
        return form_set(forms.handed_out(["dust_explosion"], day))

    assert on(date(2026, 5, 31)) == "sample@1"
    assert on(date(2026, 6, 1)) == on(date(2026, 8, 31)) == "sample@2"
    assert on(date(2026, 9, 1)) == ""
    assert on(date(2027, 1, 1)) == "sample@10"


def test_a_form_set_names_its_checklists_and_back() -> None:
    text = "confined-space@1+general-safety@1"

    assert form_set(reversed(packaged().of(text))) == text
    assert packaged().get("dust-explosion", 1) in packaged()


@pytest.mark.parametrize("ref", ["dust-explosion@99", "", "nothing"])
def test_an_unknown_version_is_an_error_that_names_it(ref: str) -> None:
    with pytest.raises(FormNotFound, match=f"没有检查表 {ref}，"):
        packaged().of(ref)


def test_get_refuses_a_version_that_is_not_there() -> None:
    with pytest.raises(FormNotFound, match="没有检查表 dust-explosion@99，"):
        packaged().get("dust-explosion", 99)


def test_a_definition_may_bring_laws_and_penalties_of_its_own(tmp_path: Path) -> None:
    own_law = LAWS.split("[[laws]]")[2].replace('"law"', '"own-law"').replace("示例法", "本市条例")
    own_penalty = PENALTIES.split("[[penalties]]")[1].replace("P1", "P8").replace("law", "own-law")
    own_penalty = own_penalty.replace("own-law =", "law =")
    cites = item(
        "A02",
        basis='[{ law = "own-law", article = "第五条", verified = true }]',
        penalties='[{ code = "P8" }]',
    )
    tables = f"\n[[laws]]{own_law}\n[[penalties]]{own_penalty}"

    second = sample(tmp_path, cites, tables).items[1]

    assert second.basis[0].printed == "《本市条例》第五条"
    assert second.penalties[0].printed == "《本市条例》第九十九条"


def test_a_row_that_is_there_already_may_come_again(tmp_path: Path) -> None:
    tables = "\n[[laws]]" + LAWS.split("[[laws]]")[2]

    assert sample(tmp_path, tables) == sample(tmp_path)


def test_a_definition_cannot_give_a_shared_code_another_meaning(tmp_path: Path) -> None:
    tables = "\n[[laws]]" + LAWS.split("[[laws]]")[2].replace("示例法", "另一部法")

    assert error_of(tmp_path, tables) == ("sample@1.toml", "法规 law", "code")


@pytest.mark.parametrize(("depth", "is_sound"), [(19, True), (20, False), (400, False)])
def test_sections_nest_as_deep_as_anybody_reads(depth: int, is_sound: bool) -> None:
    members: list[dict[str, object]] = [{"code": "A01", "kind": "text", "question": "问"}]
    for level in range(depth):
        members = [{"title": f"第{level}层", "items": members}]
    body = {
        "name": "deep",
        "version": 1,
        "title": "深",
        "effective_from": date(2026, 1, 1),
        "retired_on": None,
        "sectors": [],
        "device_clause": None,
        "sections": [{"title": "一", "items": members}],
    }

    if is_sound:
        assert len(parse_form(Table(body, "deep.toml", "检查表")).items) == 1
        return
    with pytest.raises(BadDefinition, match="章节和表格的嵌套不能超过20层"):
        parse_form(Table(body, "deep.toml", "检查表"))
