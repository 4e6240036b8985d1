"""Configuration: environment over file, every key known, every bad value one clear sentence."""

from dataclasses import fields
from pathlib import Path

import pytest

from inspect_server.config import BadConfiguration, Settings, load

DOCS = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('port = 9000\nauthority = "甲局"\n', encoding="utf-8")

    settings = load({"INSPECT_CONFIG": str(file), "INSPECT_PORT": "9001"})

    assert (settings.port, settings.authority) == (9001, "甲局")


def test_the_database_lies_in_the_data_folder_unless_a_url_is_given(tmp_path: Path) -> None:
    settings = load({"INSPECT_DATA_DIR": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path / 'inspect.db'}"


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"INSPECT_PROT": "1"}, "INSPECT_PROT"),
        ({"INSPECT_PORT": "eighty"}, "port"),
        ({"INSPECT_PORT": "70000"}, "port"),
        ({"INSPECT_THREADS": "0"}, "threads"),
        ({"INSPECT_TIME_ZONE": "Mars/Base"}, "time_zone"),
        ({"INSPECT_SECURE_COOKIES": "maybe"}, "secure_cookies"),
        ({"INSPECT_CONFIG": "/nowhere/c.toml"}, "/nowhere/c.toml"),
        ({"INSPECT_AUTHORITY": " 甲局"}, "authority"),
    ],
)
def test_a_bad_key_or_value_is_named(environ: dict[str, str], names: str) -> None:
    with pytest.raises(BadConfiguration, match=names):
        load(environ)


@pytest.mark.parametrize(
    "text",
    ["port = ", "port = true", "port = 80.5", "authority = ['a']", "[court]", "prot = 1", "\xff"],
)
def test_a_bad_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text, encoding="latin-1")

    with pytest.raises(BadConfiguration):
        load({"INSPECT_CONFIG": str(file)})


def test_every_key_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")

    assert [f.name for f in fields(Settings) if f"`{f.name}`" not in text] == []
    assert [f.name for f in fields(Settings) if f"`INSPECT_{f.name.upper()}`" not in text] == []
