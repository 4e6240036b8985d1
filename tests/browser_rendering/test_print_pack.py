"""Documents set by a Python that has its standard library and the print pack, nothing else."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from zipfile import ZipFile

import pytest

from pdf_templates.file import document
from pdf_templates.setting.faces import STANDARD
from tests.browser_rendering import print_pack
from tests.browser_rendering.carrying_out import carried_out
from tests.browser_rendering.conftest import SAME_ZLIB, Made, differences

BARE = """
import sys
sys.path += sys.argv[1:]

class Missed:
    names = set()
    def find_spec(name, path=None, target=None):
        Missed.names.add(name)

sys.meta_path.append(Missed)
import json, pathlib
from carrying_out import carried_out
made = carried_out(pathlib.Path(sys.argv[2]))
print(json.dumps([made, sorted(Missed.names)]))
"""
"""Carries orders out; notes which modules were looked for in vain meanwhile."""
MOST = 26_000_000
"""Bytes of the pack: all six faces of glyphs, and 0.4 MB of code."""
OF_SYSTEMS = frozenset({"_winapi", "nt", "org"})
"""Modules of the standard library's that other systems have."""


@pytest.fixture(scope="module")
def bare(given: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, list[str]]:
    """Return what such a Python makes, and the modules that it looked for in vain."""
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(given / "pack" / "code.zip") as packed:
        packed.extractall(folder)
    copytree(given / "pack" / "pdf_templates", folder / "pdf_templates", dirs_exist_ok=True)
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", BARE, folder, given / "orders"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    made, missed = json.loads(run.stdout)
    return made, missed


def test_the_pack_alone_sets_every_document_to_the_same_bytes(
    bare: tuple[Made, list[str]], ordinary: Made
) -> None:
    assert differences(bare[0], ordinary) == []


def test_no_compiled_module_is_looked_for_but_reportlabs_own(bare: tuple[Made, list[str]]) -> None:
    looked_for = {
        name for name in bare[1] if name not in OF_SYSTEMS and not name.startswith("encodings.")
    }
    settings = {name for name in looked_for if name.endswith(("_mods", "_settings"))}

    assert looked_for - settings == {"_rl_accel"}


def test_the_pack_holds_python_only_and_neither_examples_nor_what_prepares(given: Path) -> None:
    with ZipFile(given / "pack" / "code.zip") as packed:
        names = packed.namelist()

    modules = [name for name in names if not name.startswith("licences/")]
    assert {Path(name).suffix for name in modules} == {".py"}
    left_out = tuple(f"pdf_templates/{name}" for name in print_pack.LEFT_OUT)
    assert [name for name in names if name.startswith(left_out)] == []
    assert "licences/fandol/COPYING" in names
    assert "licences/reportlab" in names


def test_the_same_code_always_gives_the_same_archive(given: Path) -> None:
    with ZipFile(given / "pack" / "code.zip") as packed:
        files = {name: packed.read(name) for name in reversed(packed.namelist())}

    assert print_pack.zipped(files) == (given / "pack" / "code.zip").read_bytes()


def test_the_manifest_names_every_file_with_its_size_and_hash_and_the_fonts(given: Path) -> None:
    manifest = json.loads((given / "pack" / "manifest.json").read_bytes())
    files = {
        path.relative_to(given / "pack").as_posix(): path.read_bytes()
        for path in (given / "pack").rglob("*.*")
        if path.name != "manifest.json"
    }

    assert manifest["files"] == {
        name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in files.items()
    }
    assert sum(map(len, files.values())) < MOST
    assert manifest["fonts"] == STANDARD.edition()


def test_a_fingerprint_does_not_depend_on_how_a_file_was_compressed(
    given: Path, ordinary: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "LEVEL", 9)
    made = carried_out(given / "orders")

    changed = [name for name in made if made[name]["sha256"] != ordinary[name]["sha256"]]
    assert changed == [*made]
    assert [made[name]["fingerprint"] for name in made] == [
        ordinary[name]["fingerprint"] for name in made
    ]
    assert SAME_ZLIB or differences(made, ordinary) == []
