"""A whole draw by REST: anchors, preview, commit, reveal by two typists, proof, schemes."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from inspect_server.app import create_app
from inspect_server.domain.draw.verify import Evidence, verify
from inspect_server.domain.enums import Role
from inspect_server.gateways import chains
from inspect_server.gateways.signatures import ed25519_holds
from inspect_server.store.drawing import draws
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import PASSWORD, Program, connect
from tests.usecases import draw_world
from tests.usecases.draw_world import KL8, ROLLED, World

DAYS = {"visit_from": "2026-03-09", "visit_to": "2026-03-20"}
LOTTERY = {"kind": "public", "name": "cwl.kl8", "issue": "2026051"}


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return draw_world.build(sqlite_backend, tmp_path)


@pytest.fixture
def supervisor(world: World) -> Program:
    app = create_app(world.backend)
    for login in ("lisi", "wangwu"):
        connect(world.backend, app, login, Role.OFFICE)
    connect(world.backend, app, "guest")
    return connect(world.backend, app, "zhangsan", Role.SUPERVISOR)


def committed(
    supervisor: Program, source: dict[str, str] = LOTTERY, **options: str
) -> dict[str, Any]:
    answer = supervisor.post("/draws", json={**DAYS, "sources": [source], **options})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def entropy(world: World, draw: dict[str, Any], **changes: Any) -> dict[str, Any]:
    witness = world.witness.value(int(draw["sources"][1]["issue"])).hex()
    typists = [{"login": who, "password": PASSWORD, "values": [KL8]} for who in ("lisi", "wangwu")]
    return {"witness": witness, "typists": typists, **changes}


def test_a_draw_is_committed_revealed_and_proved_by_rest_alone(
    world: World, supervisor: Program
) -> None:
    preview = supervisor.get("/draws/preview", query_string=DAYS).get_json()
    draw = committed(supervisor)
    revealed = supervisor.post(f"/draws/{draw['id']}/reveal", json=entropy(world, draw))
    result = revealed.get_json()
    report = supervisor.get(f"/draws/{draw['id']}/verification").get_json()
    schemes = supervisor.post(f"/draws/{draw['id']}/schemes")

    assert preview["included"] == draw["included"]
    assert sum(cell["enterprises"] for cell in preview["cells"]) == draw["included"]
    assert revealed.status_code == 200, revealed.text
    assert report["ok"]
    assert report["level"] == 2
    assert schemes.status_code == 201
    assert len(schemes.get_json()["schemes"]) == result["selected"]


def test_the_downloaded_files_prove_the_draw_without_the_server(
    world: World, supervisor: Program
) -> None:
    draw = committed(supervisor)
    supervisor.post(f"/draws/{draw['id']}/reveal", json=entropy(world, draw))
    at = f"/draws/{draw['id']}"

    def lines(name: str) -> list[str]:
        return supervisor.get(f"{at}/files/{name}").text.split("\n")[:-1]

    keys = json.loads(supervisor.get(f"{at}/files/keys.json").text)
    report = verify(
        Evidence(
            certificate=json.loads(supervisor.get(f"{at}/certificate").text),
            pool=lines("pool.txt"),
            excluded=lines("excluded.txt"),
            eligibility=lines("eligibility.txt"),
            openings=json.loads(supervisor.get(f"{at}/files/openings.json").text),
            keys={kid: bytes.fromhex(key) for kid, key in keys.items()},
            check_signature=ed25519_holds,
        )
    )

    assert report.ok
    assert report.level == 2


REFUSED: list[tuple[str, Any, int, str]] = [
    ("wrong password", ("password", "wrong"), 403, "login.refused"),
    ("one person twice", ("login", "lisi"), 403, "draw.same_person"),
    ("another value", ("values", [KL8.replace("79", "80")]), 409, "draw.entries_differ"),
    ("two values", ("values", [KL8.replace("79", "80"), KL8]), 422, "draw.typed_twice"),
    ("no role", ("login", "guest"), 403, "draw.typist_may_not"),
    ("another source", ("values", [KL8.replace("2026051", "2026052")]), 422, "common.bad_input"),
]


@pytest.mark.parametrize(
    ("change", "status", "code"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_value_counts_only_as_two_people_typed_it(
    world: World, supervisor: Program, change: tuple[str, Any], status: int, code: str
) -> None:
    draw = committed(supervisor)
    given = entropy(world, draw)
    given["typists"][1][change[0]] = change[1]

    answer = supervisor.post(f"/draws/{draw['id']}/reveal", json=given)
    page = supervisor.get(f"/draws/{draw['id']}").get_json()

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert code != "login.refused" or "第二名录入人未通过核对" in answer.get_json()["detail"]
    assert page["state"] == "committed"


def test_a_reveal_without_a_second_typist_is_refused(world: World, supervisor: Program) -> None:
    draw = committed(supervisor)
    given = entropy(world, draw)

    answer = supervisor.post(
        f"/draws/{draw['id']}/reveal", json={**given, "typists": given["typists"][:1]}
    )

    assert answer.status_code == 422
    assert answer.get_json()["errors"] == {"typists": ["应由两人各录入一次。"]}


def test_pairs_to_be_kept_apart_are_named_by_preview_and_commit_alike(
    world: World, supervisor: Program
) -> None:
    codes = [one["cert_no"] for one in supervisor.get("/officers").get_json()]
    never = [f"{one},{other}" for one, other in combinations(codes, 2)]
    asked = {**DAYS, "keep_apart": never}
    preview = supervisor.get("/draws/preview", query_string=asked).get_json()
    refused = supervisor.post("/draws", json={**asked, "sources": [LOTTERY]})
    unknown = supervisor.get("/draws/preview", query_string={**DAYS, "keep_apart": "甲,乙"})
    unread = supervisor.get("/draws/preview", query_string={**DAYS, "keep_apart": codes[0]})
    kept = {**DAYS, "keep_apart": never[:1], "sources": [LOTTERY]}

    assert (refused.status_code, refused.get_json()["code"]) == (409, "draw.teams_infeasible")
    assert preview["obstacles"] == [refused.get_json()["detail"]]
    assert (unknown.status_code, unread.status_code) == (404, 422)
    assert supervisor.post("/draws", json=kept).status_code == 201


def test_a_preview_says_beforehand_that_a_public_value_cannot_be_named(
    supervisor: Program,
) -> None:
    later = {"visit_from": "2026-04-09", "visit_to": "2026-04-20"}

    def obstacles(*public: str) -> list[str]:
        asked = {**later, "public": public}
        found: list[str] = supervisor.get("/draws/preview", query_string=asked).get_json()[
            "obstacles"
        ]
        return found

    before = obstacles("cwl.kl8/2026051")
    draw = committed(supervisor)
    used, known, odd, fresh = (
        obstacles(f"cwl.kl8/{issue}") for issue in ("2026051", "2026050", "abc", "2026052")
    )
    page = supervisor.client.get(
        "/draws/preview",
        query_string={"from": "2026-04-09", "to": "2026-04-20", "public": "cwl.kl8/2026051"},
    )

    assert before == []
    assert [draw["draw_no"] in text for text in used] == [True, True]  # open, and the issue is its
    assert any("2026051" in text for text in used)
    assert any("可能已经产生" in text and "2026051 起" in text for text in known)
    assert any("期号应为" in text for text in odd)
    assert len(fresh) == 1
    assert used[1].rstrip("。") in page.text
    unread = supervisor.get("/draws/preview", query_string={**later, "public": "cwl.kl8"})
    assert unread.status_code == 422


def test_a_value_that_nobody_can_have_yet_is_neither_revealed_nor_planned_past_the_deadline(
    world: World, supervisor: Program
) -> None:
    soon = {**LOTTERY, "issue": "2026062"}  # 3 March at the earliest
    draw = committed(supervisor, soon, deadline=DAYS["visit_to"])
    given = entropy(world, draw)
    for typist in given["typists"]:
        typist["values"] = [KL8.replace(LOTTERY["issue"], soon["issue"])]
    refused = supervisor.post(f"/draws/{draw['id']}/reveal", json=given)
    state = supervisor.get(f"/draws/{draw['id']}").get_json()["state"]
    late = {"visit_from": "2026-04-09", "visit_to": "2026-04-20", "public": "cwl.kl8/2026099"}
    told = supervisor.get("/draws/preview", query_string=late).get_json()["obstacles"]
    given_time = supervisor.get("/draws/preview", query_string={**late, "deadline": "2026-04-19"})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "draw.issue_not_yet")
    assert "最早 2026-03-03 21:00" in refused.get_json()["detail"]
    assert state == "committed"
    assert any("2026-04-19 21:00" in one and "最迟揭示日 2026-04-09" in one for one in told)
    assert not any("2026099" in one for one in given_time.get_json()["obstacles"])


def test_a_commit_needs_a_public_value_that_is_still_to_come(supervisor: Program) -> None:
    dice = {"kind": "dice", "name": "dice.d6", "issue": "1"}

    def refusal(*sources: dict[str, str]) -> tuple[int, str]:
        answer = supervisor.post("/draws", json={**DAYS, "sources": list(sources)})
        return answer.status_code, answer.get_json()["code"]

    assert refusal(dice) == (422, "draw.bad_commit")
    assert refusal({**LOTTERY, "issue": "2026001"}, dice) == (409, "draw.issue_known")
    assert refusal({**LOTTERY, "issue": "abc"}) == (422, "draw.bad_entropy")
    assert refusal({**LOTTERY, "name": "our.own"}) == (422, "draw.bad_entropy")
    assert supervisor.post("/draws", json={**DAYS, "sources": [LOTTERY, dice]}).status_code == 201


def test_dice_are_logged_by_rest_before_the_reveal_takes_them(
    world: World, supervisor: Program
) -> None:
    dice = {"kind": "dice", "name": "dice.d6", "issue": "1"}
    made = supervisor.post("/draws", json={**DAYS, "sources": [LOTTERY, dice]}).get_json()
    at = f"/draws/{made['id']}"
    typists = [{"login": who, "password": PASSWORD} for who in ("lisi", "wangwu")]

    def typed(*faces: str) -> dict[str, Any]:
        return {"typists": [{**who, "values": [*faces]} for who in typists]}

    before = supervisor.get(at).get_json()
    early = supervisor.post(f"{at}/reveal", json=entropy(world, made))
    two = supervisor.post(f"{at}/dice", json=typed(ROLLED, KL8))
    first = supervisor.post(f"{at}/dice", json=typed(ROLLED))
    again = supervisor.post(f"{at}/dice", json=typed(ROLLED))
    other = supervisor.post(f"{at}/dice", json=typed(ROLLED[:-1] + "6"))
    revealed = supervisor.post(f"{at}/reveal", json=entropy(world, made))
    after = supervisor.get(at).get_json()

    assert (before["dice"], before["dice_before"]) == ("", "2026-03-02T21:00:00+08:00")
    assert (early.status_code, early.get_json()["code"]) == (409, "draw.dice_not_rolled")
    assert (two.status_code, two.get_json()["code"]) == (422, "common.bad_input")
    assert (first.status_code, first.get_json()["is_new"]) == (200, True)
    assert again.get_json() == {**first.get_json(), "is_new": False}
    assert (other.status_code, other.get_json()["code"]) == (409, "draw.dice_rolled_already")
    assert revealed.status_code == 200, revealed.text
    assert after["dice"] == first.get_json()["faces"] == ROLLED.rpartition("/")[2]


def test_no_second_commit_is_open_and_no_draw_is_revealed_twice(
    world: World, supervisor: Program
) -> None:
    draw = committed(supervisor)
    again = supervisor.post("/draws", json={**DAYS, "sources": [LOTTERY]})
    given = entropy(world, draw)
    first = supervisor.post(f"/draws/{draw['id']}/reveal", json=given)
    second = supervisor.post(f"/draws/{draw['id']}/reveal", json=given)

    assert (again.status_code, again.get_json()["code"]) == (409, "draw.open_commit")
    assert first.status_code == 200
    assert (second.status_code, second.get_json()["code"]) == (409, "draw.already_revealed")


def test_before_the_reveal_there_is_nothing_to_download_and_nothing_to_check(
    supervisor: Program,
) -> None:
    draw = committed(supervisor)
    answers = {
        part: supervisor.get(f"/draws/{draw['id']}/{part}").status_code
        for part in ("certificate", "files/pool.txt", "verification")
    }

    assert answers == {"certificate": 404, "files/pool.txt": 404, "verification": 409}


def test_the_bureau_s_anchor_comes_from_its_file_and_the_witness_s_as_given(
    world: World, supervisor: Program, tmp_path: Path
) -> None:
    nothing = supervisor.post("/hash-chains", json={"kind": "authority", "year": 2027})
    own = chains.create(
        chains.authority_file(world.backend.settings.data_dir, 2027),
        kind="authority",
        holder="本局",
        year=2027,
        length=3,
    )
    published = supervisor.post("/hash-chains", json={"kind": "authority", "year": 2027})
    half = supervisor.post("/hash-chains", json={"kind": "witness", "year": 2027, "length": 5})
    given = {"holder": "区司法局", "anchor": "AB" * 32, "length": 5, "public_key": "CD" * 32}
    witness = supervisor.post("/hash-chains", json={"kind": "witness", "year": 2027, **given})
    listed = supervisor.get("/hash-chains").get_json()

    assert (nothing.status_code, nothing.get_json()["code"]) == (404, "draw.chain_file_missing")
    assert published.get_json()["anchor"] == own.anchor_hex
    assert set(half.get_json()["errors"]) == {"holder", "anchor"}
    assert witness.get_json()["anchor"] == "ab" * 32
    with world.backend.reading() as session:
        chain = draws.chain_by_anchor(session, "ab" * 32)
    assert chain is not None
    assert chain.public_key_hex == "cd" * 32  # with which the witness can agree to a void
    assert [(row["year"], row["kind"]) for row in listed[2:]] == [
        (2027, "authority"),
        (2027, "witness"),
    ]


def test_a_certificate_that_is_known_is_not_sent_again(world: World, supervisor: Program) -> None:
    draw = committed(supervisor)
    supervisor.post(f"/draws/{draw['id']}/reveal", json=entropy(world, draw))
    at = f"/draws/{draw['id']}/certificate"

    first = supervisor.get(at)
    again = supervisor.get(at, headers={"If-None-Match": first.headers["ETag"]})
    other = supervisor.get(at, headers={"If-None-Match": '"another"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.data == b""
