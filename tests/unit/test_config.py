"""Configuration: environment over file, every key known, every bad value one clear sentence."""

from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pytest

from inspect_server.config import (
    NEVER_EMPTY,
    RANGES,
    SAID_IN_DOCUMENTS,
    SAID_IN_SOME,
    BadConfiguration,
    Settings,
    load,
)

DOCS = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('port = 9000\nauthority = "甲局"\n', encoding="utf-8")

    settings = load({"INSPECT_CONFIG": str(file), "INSPECT_PORT": "9001"})

    assert (settings.port, settings.authority) == (9001, "甲局")


def test_the_database_lies_in_the_data_folder_unless_a_url_is_given(tmp_path: Path) -> None:
    settings = load({"INSPECT_DATA_DIR": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path / 'inspect.db'}"


def test_a_relative_data_folder_is_that_of_the_start_wherever_one_is_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load({"INSPECT_DATA_DIR": "data"})
    monkeypatch.chdir("/")

    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'inspect.db'}"


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
        ({"INSPECT_COURT": "甲\n法院"}, "court"),
        ({"INSPECT_DIVISION": "苏州"}, "division"),
        ({"INSPECT_DIVISION": "3207"}, "division"),
        ({"INSPECT_HOST": ""}, "host 不能为空"),
        ({"INSPECT_DATA_DIR": ""}, "data_dir 不能为空"),
        ({"INSPECT_TIME_ZONE": ""}, "time_zone 不能为空"),
        ({"INSPECT_THREADS": "100000000"}, "threads 应在 1 到 256"),
        ({"INSPECT_SESSION_HOURS": "9" * 30}, "session_hours 应在 1 到 720"),
        ({"INSPECT_CONFIG": "/"}, "是目录"),
    ],
)
def test_a_bad_key_or_value_is_named(environ: dict[str, str], names: str) -> None:
    with pytest.raises(BadConfiguration, match=names):
        load(environ)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port = ", "末尾不合 TOML 写法"),
        ("host = 'a'\nport = \nthreads = 1", "第 2 行第 8 列不合 TOML 写法"),
        ("authority = 甲局", "第 1 行第 13 列"),
        ("port = true", "port"),
        ("port = 80.5", "port"),
        ("authority = ['a']", "authority"),
        ("[court]", "court"),
        ("prot = 1", "prot"),
        (
            '[signature]\nkey = "k"\nfonts_body = "f"',
            "fonts_body 写在了配置文件的 [signature] 一节中",
        ),
        ("[signature]\nbody = 1", "signature_body"),
        ("\xff", "UTF-8"),
        ("authority = " + "[" * 20_000, "括号嵌套过深"),
    ],
)
def test_a_bad_file_is_refused_in_chinese_with_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "c.toml"
    file.write_bytes(text.encode("latin-1" if text == "\xff" else "utf-8"))

    with pytest.raises(BadConfiguration) as caught:
        load({"INSPECT_CONFIG": str(file)})
    assert said in str(caught.value)
    assert "line" not in str(caught.value)


def test_the_table_of_the_document_is_the_settings_key_by_key() -> None:
    lines = [line for line in DOCS.read_text("utf-8").splitlines() if line.startswith("| `")]
    rows = [tuple(part.strip() for part in line.strip("|").split("|")) for line in lines]

    assert rows == [_row(one) for one in fields(Settings)]


def _row(key: Field[Any]) -> tuple[str, ...]:
    default = str(key.default).lower() if isinstance(key.default, bool) else str(key.default)
    shown = f"`{default}`" if key.default not in ("", ()) else "(none)"
    return f"`{key.name}`", f"`INSPECT_{key.name.upper()}`", shown, key.metadata["doc"]


def test_every_limit_is_in_the_document() -> None:
    text = DOCS.read_text(encoding="utf-8")

    for key, (least, most) in RANGES.items():
        assert f"`{key}` {least} to {most}" in text
    for key in NEVER_EMPTY:
        assert f"`{key}`" in text.partition("never empty")[0].splitlines()[-1]


def test_the_example_of_the_document_can_be_used(tmp_path: Path) -> None:
    example = DOCS.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    file = tmp_path / "c.toml"
    file.write_text(example, encoding="utf-8")

    settings = load({"INSPECT_CONFIG": str(file)})
    assert all(getattr(settings, key) for key in SAID_IN_DOCUMENTS + SAID_IN_SOME)


def test_the_table_of_signatures_is_a_section_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text(
        '[signature]\nkey = "k.p12"\nexternal = ["seal", "--at", "云湾 区"]\n', encoding="utf-8"
    )

    settings = load({"INSPECT_CONFIG": str(file)})
    assert settings.signature_key == "k.p12"
    assert settings.signature_external == ("seal", "--at", "云湾 区")
    words = load({"INSPECT_SIGNATURE_EXTERNAL": "seal --at '云湾 区'"}).signature_external
    assert words == ("seal", "--at", "云湾 区")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[signature]\npassphrase = "secret"', "不可写入配置文件"),
        ('signature_passphrase = "secret"', "不可写入配置文件"),
        ("[signature]\nkeys = 1", "signature_keys"),
        ("[signature]\nexternal = [1]", "signature_external"),
        ('[signature]\nexternal = "seal \'"', "signature_external"),
        ("signature = 1", "signature"),
    ],
)
def test_a_bad_section_is_refused_and_a_passphrase_stays_out_of_the_file(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(BadConfiguration, match=said):
        load({"INSPECT_CONFIG": str(file)})


def test_the_settings_never_show_the_passphrase() -> None:
    settings = load({"INSPECT_SIGNATURE_PASSPHRASE": "open sesame"})

    assert settings.signature_passphrase == "open sesame"
    assert "sesame" not in repr(settings)
