"""`documents font` and the keys fonts_*: from a bureau's font file to its documents."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from inspect_server.app import make_backend
from inspect_server.cli import root
from inspect_server.config import Settings, load
from inspect_server.usecases.documents.fonts import KEYS, FontNotUsable, bureau_fonts
from pdf_templates.setting.faces import CHAINS, STANDARD
from tests.unit.own_fonts import make_font


def prepare(*words: str) -> Result:
    return CliRunner().invoke(root, ["documents", "font", *words])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    made = tmp_path / "own.glyphs"
    done = prepare(str(make_font(tmp_path / "own.ttf", "云湾")), "-o", str(made))
    assert done.exit_code == 0, done.output
    return made


def test_a_prepared_font_is_used_where_the_configuration_names_it(
    own: Path, tmp_path: Path
) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f'[fonts]\nbody = "{own}"\n', "utf-8")

    settings = load({"INSPECT_CONFIG": str(file)})
    backend = make_backend(Settings(data_dir=tmp_path, fonts_body=settings.fonts_body))

    known = backend.fonts.drawn("body")
    assert known["云"][0].startswith("own-")
    assert known["区"] == STANDARD.drawn("body")["区"]
    assert backend.fonts.edition() != STANDARD.edition()


def test_the_command_tells_how_much_is_lacking_and_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = tmp_path / '仿"宋.glyphs'

    done = prepare(str(make_font(tmp_path / "f.ttf", "云湾")), "-o", made.name)
    section = "\n".join(line for line in done.output.splitlines() if line.startswith(("[", "body")))

    assert "已制备 2 个字符的字形" in done.output
    assert "由随附字体补足" in done.output
    assert "（OwnFang）" in done.output
    assert tomllib.loads(section) == {"fonts": {"body": str(made)}}
    assert all(key.removeprefix("fonts_") in done.output for key in KEYS.values())


def test_what_fonttools_remarks_on_the_way_reaches_nobody(tmp_path: Path) -> None:
    path = make_font(tmp_path / "f.ttf", "云湾")
    with TTFont(path, recalcBBoxes=False) as font:
        longer = DefaultTable("glyf")
        longer.data = font.getTableData("glyf") + bytes(4)
        font["glyf"] = longer
        font.save(tmp_path / "long.ttf")
    words = ("documents", "font", str(tmp_path / "long.ttf"), "-o", str(tmp_path / "l.glyphs"))

    done = subprocess.run(  # not in this process: pytest takes what is logged
        [sys.executable, "-m", "inspect_server", *words], capture_output=True, text=True, check=True
    )

    assert "已制备 2 个字符" in done.stdout
    assert "glyf" not in done.stdout + done.stderr.replace("l.glyphs", "")


def test_every_style_has_its_key() -> None:
    assert set(KEYS) == set(CHAINS)
    assert set(KEYS.values()) <= set(Settings.__dataclass_fields__)


def test_without_a_key_the_shipped_fonts_are_used() -> None:
    assert bureau_fonts(Settings()) is STANDARD


@pytest.mark.parametrize(
    ("content", "word"),
    [(None, "文件不存在"), (b"\0\1\0\0", "documents font"), (-7, "重新制备"), (400, "重新制备")],
)
def test_a_font_that_cannot_be_used_stops_the_start_and_names_its_key(
    own: Path, tmp_path: Path, content: bytes | int | None, word: str
) -> None:
    path = tmp_path / "bad.glyphs"
    if content is not None:
        path.write_bytes(own.read_bytes()[:content] if isinstance(content, int) else content)

    with pytest.raises(FontNotUsable) as caught:
        make_backend(Settings(data_dir=tmp_path, fonts_kai=str(path)))

    assert "fonts_kai" in str(caught.value)
    assert word in str(caught.value)


def test_a_refused_font_leaves_no_file(tmp_path: Path) -> None:
    made = tmp_path / "x.glyphs"

    done = prepare(str(make_font(tmp_path / "f.ttf", "云", fs_type=2)), "-o", str(made))

    assert done.exit_code != 0
    assert "授权标志禁止嵌入" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["f.ttf"]


def test_what_is_missing_to_read_fonts_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    font = make_font(tmp_path / "f.ttf", "云")
    for name in [
        name for name in sys.modules if name.startswith(("fontTools", "pdf_templates.fonts."))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fontTools", None)

    done = prepare(str(font), "-o", str(tmp_path / "f.glyphs"))

    assert "pip install 'inspect-server[fonts]'" in done.output
    assert not (tmp_path / "f.glyphs").exists()


def test_a_font_or_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    font = make_font(tmp_path / "f.ttf", "云")

    absent = prepare(str(tmp_path / "none.ttf"), "-o", str(tmp_path / "f.glyphs"))
    nowhere = prepare(str(font), "-o", str(tmp_path / "none" / "f.glyphs"))

    assert "无法读取" in absent.output
    assert "无法写入" in nowhere.output
