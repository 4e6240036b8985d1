"""docs/import.md names every column title that an import understands."""

from pathlib import Path

from inspect_server.domain.registry import enterprises, officers

PAGE = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def test_every_field_is_documented_with_all_its_titles_in_their_order() -> None:
    for table in (enterprises.TITLES, officers.TITLES):
        for field, titles in table.items():
            assert f"| `{field}` | {' '.join(titles)} |" in PAGE
