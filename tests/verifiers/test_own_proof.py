"""An enterprise's own proof in the browser: what it says, and that the package says the same."""

import json
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inspect_server.domain.disclosure import inclusion
from inspect_server.domain.draw import pool
from inspect_server.domain.errors import InspectError
from inspect_server.domain.plan import EXCLUSIONS, cell_name
from inspect_server.domain.plan.cells import ANY
from inspect_server.domain.plan.words import DIMENSIONS
from tests.unit.test_inclusion import mutations
from tests.verifiers.full_draw import Made, full, identity, signed, voided
from tests.verifiers.test_page import give
from tests.verifiers.three import by_browser

WHOLE = full()
BESIDE = ("certificate.json", "keys.json")


@cache
def files() -> MappingProxyType[str, str]:
    return MappingProxyType(signed(WHOLE, WHOLE.certificate))


def proof_of(n: int, made: Made = WHOLE, seed: int = 0) -> dict[str, Any]:
    """Return the proof of enterprise `n`, wherever it stands."""
    salt, record = identity(made.h, seed, n)
    c = pool.commitment(made.h, salt, record).hex()
    for which, name in ((inclusion.POOL, "pool.txt"), (inclusion.EXCLUDED, "excluded.txt")):
        lines = made.files[name].split("\n")[:-1]
        own = next((line for line in lines if line.endswith(c)), None)
        if own is not None:
            return inclusion.make(made.body.data, which, lines, own, salt, record)
    raise AssertionError(n)


def with_proof(proof: Any, *names: str) -> dict[str, str]:
    given = {name: files()[name] for name in names or files()}
    return {**given, "proof.json": json.dumps(proof, ensure_ascii=False)}


def number_of(c: str) -> int:
    made = (pool.commitment(WHOLE.h, *identity(WHOLE.h, 0, n)).hex() for n in range(48))
    return list(made).index(c)


def test_every_enterprise_reads_its_place_and_its_odds(page: Page) -> None:
    proofs = [proof_of(n) for n in range(48)]
    reports = by_browser(page, [with_proof(one, *BESIDE) for one in proofs])

    for proof, report in zip(proofs, reports, strict=True):
        proved = inclusion.check(proof)
        said = "".join(report["said"])
        assert report["ok"], report["checks"]
        assert report["level"] is None
        assert f"第 {proved.index + 1} 行，共 {proved.size} 行" in said
        if proved.p_ppm is None:
            assert "没有进入抽取池的原因：已注销或关闭（closed）" in said
        else:
            assert f"所在单元是“{proved.label}”（{proved.label}）" in said
            assert f"概率都是 {proved.p_ppm / 10_000:.4f}%" in said
            assert "本页没有重新算" in said


def test_what_became_of_it_is_said_as_the_recomputed_certificate_has_it(page: Page) -> None:
    certificate = WHOLE.certificate
    chosen = {one["c"] for one in certificate["selected"]}
    moves = [row for row in certificate["replacements"] if row["kind"] == "enterprise"]
    out, came_in = moves[0]["out"], moves[-1]["in"]  # nobody comes in for the last one
    kept = next(iter(chosen - {row["out"] for row in moves}))
    lines = WHOLE.files["pool.txt"].split()
    touched = chosen | {row["in"] for row in moves}
    other = next(c for c in lines if len(c) == 64 and c not in touched)

    def said(c: str) -> str:
        (report,) = by_browser(page, [with_proof(proof_of(number_of(c)))])
        assert report["level"] == 2
        return "".join(report["said"])

    assert "结果：抽中，后来按规定被替换。" in said(out)
    assert "结果：替补抽中。" in said(came_in)
    assert "结果：抽中。" in said(kept)
    assert "结果：未抽中。" in said(other)


def test_a_changed_proof_holds_neither_for_the_browser_nor_for_the_package(page: Page) -> None:
    for n in (4, 46):
        forged = mutations(proof_of(n))
        reports = by_browser(page, [with_proof(one, *BESIDE) for one in forged])
        assert len(forged) > 80
        for proof, report in zip(forged, reports, strict=True):
            with pytest.raises(InspectError):
                inclusion.check(proof)
            assert not report["ok"], proof
            assert report["said"] == []


def test_a_proof_of_another_draw_is_told_from_a_false_one(page: Page) -> None:
    other = full(seed=2)
    same_number = full("sm3", seed=0)
    reports = by_browser(
        page,
        [with_proof(proof_of(3, other, 2)), with_proof(proof_of(3, same_number))],
    )

    assert [report["said"] for report in reports] == [[], []]
    why = [[one["detail"] for one in r["checks"] if one["verdict"] == "不符"] for r in reports]
    assert why == [
        ["证明属于抽取 2026-02，证书属于抽取 2026-00"],
        ["证明中的承诺与证书中的不同，请立即向本机关和监督部门反映"],
    ]


def test_a_void_draw_has_no_result_to_tell(page: Page) -> None:
    certificates = [voided(WHOLE, revealed=False), voided(WHOLE)]
    before, after = by_browser(
        page,
        [{**signed(WHOLE, one), "proof.json": json.dumps(proof_of(3))} for one in certificates],
    )

    assert "在揭示之前作废，没有抽取结果" in "".join(before["said"])
    assert "这次抽取已经作废" in "".join(after["said"])


def test_the_page_knows_a_proof_by_its_content_and_says_what_it_proves(page: Page) -> None:
    proof = json.dumps(proof_of(5), ensure_ascii=False)
    give(page, {"2026-00-9132.json": proof})
    expect(page.locator("#verdict")).to_have_text("还缺 certificate.json。")

    beside = {name: files()[name] for name in BESIDE}
    give(page, {**beside, "2026-00-9132.json": proof, "2026-00-9132.txt": "说明"})
    expect(page.locator("#verdict")).to_have_text(
        "结论：已核查的部分全部符合。没有用到 2026-00-9132.txt。"
    )
    expect(page.locator("#own")).to_contain_text("企业“5”号（9132")
    expect(page.locator("#own")).to_contain_text("它证明不了两件事")

    forged = json.dumps({**proof_of(5), "index": 6})
    give(page, {**beside, "2026-00-9132.json": forged})
    expect(page.locator("#verdict")).to_have_text("结论：不符，共 1 处。")
    expect(page.locator("#own")).to_be_hidden()


def test_the_browser_has_the_words_of_every_reason(page: Page) -> None:
    assert page.evaluate("SjcProof.REASONS") == EXCLUSIONS


def test_the_browser_names_a_cell_as_every_other_face_does(page: Page) -> None:
    cells = [".".join(parts) for parts in product(*([*words, ANY] for words in DIMENSIONS))]
    labels = [*cells, *(f"{cell}.p16250" for cell in cells)]
    labels += ["town.none.red.B.never", "county.none", "any", "county.none.red.B.never.x", "p1"]
    labels += ["constructor.none.red.B.never", f"{cells[0]}.p1.p1", ""]

    assert page.evaluate("labels => labels.map(SjcProof.cellName)", labels) == [
        cell_name(label) for label in labels
    ]
    assert cell_name("county.dust_explosion.any.any.key") == "县级·粉尘涉爆·重点企业"
