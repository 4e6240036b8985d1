"""Dice stand in the certificate with the leaf of their entry in the draw log, to all three."""

import copy
from types import ModuleType

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw.entropy import SourceKind
from tests.unit.draw_example import DICE_LEAF
from tests.verifiers.forger import value_of
from tests.verifiers.full_draw import full, signed
from tests.verifiers.three import by_browser, by_package, by_single_file

MADE = full()
AT, _ = value_of(MADE, SourceKind.DICE)


def with_leaf(leaf: object) -> dict[str, str]:
    certificate = copy.deepcopy(MADE.certificate)
    certificate["entropy"][AT]["proof"] = leaf
    return signed(MADE, certificate)


def verdicts(page: Page, single: ModuleType, files: dict[str, str]) -> tuple[bool, bool, bool]:
    report, (browser,) = by_package(files), by_browser(page, [files])
    return report is not None and report.ok, browser["ok"], by_single_file(single, files)


def test_when_the_dice_were_logged_is_left_to_the_log(page: Page, single: ModuleType) -> None:
    files = with_leaf(DICE_LEAF)
    report, (browser,) = by_package(files), by_browser(page, [files])
    said = f"是否在公开随机值可能产生之前录入，需对照抽取日志 {DICE_LEAF[:16]}"

    assert report is not None
    assert report.level == browser["level"] == 2
    assert by_single_file(single, files)
    assert [(one.verdict.value, one.detail) for one in report.checks if one.what == "掷骰登记"] == [
        ("unchecked", said)
    ]
    assert [
        (one["verdict"], one["detail"]) for one in browser["checks"] if one["what"] == "掷骰登记"
    ] == [("未查", said)]


def test_dice_without_an_entry_in_the_log_are_refused(page: Page, single: ModuleType) -> None:
    assert verdicts(page, single, with_leaf("")) == (False, False, False)


@pytest.mark.parametrize("leaf", [DICE_LEAF[:-2], DICE_LEAF.upper(), 5, [DICE_LEAF]])
def test_an_entry_of_another_form_is_refused(leaf: object, page: Page, single: ModuleType) -> None:
    assert verdicts(page, single, with_leaf(leaf))[:2] == (False, False)
