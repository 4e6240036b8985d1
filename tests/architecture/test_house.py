"""The house: file sizes, forbidden names, and a law that every rule cites."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("inspect_server", "sync", "forms", "pdf_templates")
VAGUE = {"utils", "helpers", "common", "manager", "util", "misc"}
MAX_LINES, MAX_MODULES = 400, 12


def modules() -> list[Path]:
    return [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [m for m in modules() if m.stem in VAGUE or m.parent.name in VAGUE] == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    # A migration is written down once and never read as a module: all tables in one place.
    written = [m for m in modules() if "versions" not in m.parts]
    lengths = {m: len(m.read_text(encoding="utf-8").splitlines()) for m in written}

    assert {str(m.relative_to(ROOT)): n for m, n in lengths.items() if n > MAX_LINES} == {}


def test_no_folder_has_more_than_twelve_modules() -> None:
    folders: dict[Path, int] = {}
    for module in modules():
        if module.stem != "__init__" and "versions" not in module.parts:  # a history only grows
            folders[module.parent] = folders.get(module.parent, 0) + 1

    assert {str(f.relative_to(ROOT)): n for f, n in folders.items() if n > MAX_MODULES} == {}


def test_the_server_sets_documents_in_the_fonts_of_its_configuration() -> None:
    """Whoever forgets `with using(work.fonts)` would set a bureau's document in other fonts."""
    forgotten = []
    for module in sorted((ROOT / "inspect_server").rglob("*.py")):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        chosen = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.With)
            and any(ast.unparse(item.context_expr).startswith("using(") for item in node.items)
            for inner in ast.walk(node)
        }
        forgotten += [
            f"{module.relative_to(ROOT)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and ast.unparse(node.func).endswith(("catalogue.render", ".layout"))
            and id(node) not in chosen
        ]

    assert forgotten == []


def test_every_public_name_says_what_it_means() -> None:
    silent = []
    for module in modules():
        if "versions" in module.parts or "verifiers" in module.parts:
            continue  # the single-file verifier must fit a page: comments beside the definitions
        tree = ast.parse(module.read_text(encoding="utf-8"))
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if ast.get_docstring(node) is None:
                silent.append(f"{module.relative_to(ROOT)}:{node.name}")

    assert silent == []


def test_only_the_four_packages_and_the_usual_files_stand_at_the_top() -> None:
    allowed = {
        *PACKAGES, "tests", "docs", "benchmarks", ".ci", "Makefile", "LICENSE", "README.md",
        "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "pyproject.toml",
        "requirements.lock", ".gitignore",
    }  # fmt: skip
    listed = {path.name for path in ROOT.iterdir()}
    made = {".git", ".venv", ".venv.stamp", "demo", "data", "build", "dist", "inspect-server.toml"}
    caches = {name for name in listed if name.startswith(".") or name.endswith(".egg-info")}

    assert listed - allowed - made - caches == set()
