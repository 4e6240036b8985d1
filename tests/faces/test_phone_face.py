"""The phones' face: the built files with their headers, sent compressed and not twice."""

import gzip
import re
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inspect_server.app import create_app
from inspect_server.phone import STATIC
from inspect_server.phone.bundle import KINDS, read_bundle
from inspect_server.usecases.work import Backend
from tests.faces.town import Town

FILES = sorted(read_bundle(STATIC))
SCRIPT = next(name for name in FILES if re.fullmatch(r"assets/index-.*\.js", name))
ENCODED = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
ICON = "icons/icon-192.png"


@pytest.fixture
def client(sqlite_backend: Backend) -> FlaskClient:
    return create_app(sqlite_backend).test_client()


def get(client: FlaskClient, name: str, coding: str = "", **headers: str) -> TestResponse:
    address = "/phone/" if name == "index.html" else f"/phone/{name}"
    return client.get(address, headers={"Accept-Encoding": coding, **headers})


@pytest.mark.parametrize("name", FILES)
def test_every_file_comes_with_its_kind_and_its_own_bytes(client: FlaskClient, name: str) -> None:
    built = (STATIC / name).read_bytes()
    for coding in ("", "gzip", "gzip, deflate, br, zstd"):
        answer = get(client, name, coding)
        sent = answer.headers.get("Content-Encoding", "identity")

        assert answer.status_code == 200
        assert ENCODED[sent](answer.data) == built
        assert answer.content_type == KINDS[Path(name).suffix]
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", None),
        ("zstd", None),
        ("", None),
    ],
)
def test_the_coding_is_the_one_that_the_client_likes_best(
    client: FlaskClient, wanted: str, sent: str | None
) -> None:
    answer = get(client, SCRIPT, wanted)

    assert answer.headers.get("Content-Encoding") == sent
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_what_is_compressed_already_is_sent_as_it_is(client: FlaskClient) -> None:
    answer = get(client, ICON, "br")

    assert "Content-Encoding" not in answer.headers
    assert "Vary" not in answer.headers
    assert answer.content_type == "image/png"


def test_files_named_by_their_content_are_kept_for_good_and_others_asked_for(
    client: FlaskClient,
) -> None:
    kept = {name: get(client, name).headers["Cache-Control"] for name in FILES}

    for name, said in kept.items():
        for_good = name.startswith("assets/")
        assert said == ("public, max-age=31536000, immutable" if for_good else "no-cache")
    assert kept["index.html"] == kept["sw.js"] == kept["manifest.webmanifest"] == "no-cache"


def test_what_the_client_has_is_not_sent_again_in_whichever_coding(client: FlaskClient) -> None:
    first = {coding: get(client, "index.html", coding) for coding in ("br", "gzip", "")}
    tags = {coding: answer.headers["ETag"] for coding, answer in first.items()}

    assert len(set(tags.values())) == len(tags)
    for coding, tag in tags.items():
        again = get(client, "index.html", coding, **{"If-None-Match": f'"other", W/{tag}'})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Cache-Control"] == "no-cache"
        assert again.headers["Vary"] == "Accept-Encoding"
    assert get(client, "index.html", "gzip", **{"If-None-Match": tags["br"]}).status_code == 200


def test_head_says_what_get_would_send(client: FlaskClient) -> None:
    sent = get(client, SCRIPT, "br")
    head = client.head(f"/phone/{SCRIPT}", headers={"Accept-Encoding": "br"})

    assert head.data == b""
    for header in ("Content-Length", "Content-Type", "Content-Encoding", "ETag", "Cache-Control"):
        assert head.headers[header] == sent.headers[header]
    assert int(head.headers["Content-Length"]) == len(sent.data) > 0


def test_the_page_may_photograph_and_run_its_own_scripts_and_nothing_else(
    client: FlaskClient,
) -> None:
    answer = get(client, "index.html")
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )

    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob:",
        "connect-src": "'self'",
        "media-src": "'self' blob:",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    allowed = {"camera=(self)", "geolocation=(self)", "microphone=(self)"}
    assert set(answer.headers["Permissions-Policy"].split(", ")) == allowed
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_other_face_may_use_the_camera(client: FlaskClient) -> None:
    for path in ("/login", "/disclosure/", "/api/", "/phone/nothing", "/sync/v1/nonce"):
        said = client.get(path).headers["Permissions-Policy"]
        assert said == "camera=(), geolocation=(), microphone=()", path


@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        "manifest.json",
        "sw.js.br",
        "assets/",
        "assets",
        "nothing.js",
        "../__init__.py",
        "%2e%2e/__init__.py",
        "assets/../sw.js",
    ],
)
def test_what_was_not_built_to_be_sent_is_not_found(client: FlaskClient, name: str) -> None:
    told = client.get(f"/phone/{name}")
    page = client.get(f"/phone/{name}", headers={"Accept": "text/html"})

    assert told.status_code == page.status_code == 404
    assert told.get_json()["code"] == "http.404"
    assert page.content_type == "text/html; charset=utf-8"
    assert "没有找到所请求的内容" in page.text


def test_the_short_address_leads_to_the_page_and_nothing_can_be_sent_to_it(
    client: FlaskClient,
) -> None:
    short = client.get("/phone", headers={"Host": "elsewhere.example"})

    assert (short.status_code, short.headers["Location"]) == (308, "/phone/")  # on whichever host
    assert client.get("/phone", base_url="/inspect").headers["Location"] == "/inspect/phone/"
    assert client.post("/phone/").status_code == 405
    assert client.put(f"/phone/{SCRIPT}").status_code == 405


def test_a_cookie_of_the_console_changes_nothing(town: Town) -> None:
    inside = town.sign_in("inspector").get("/phone/")
    outside = town.sign_in("nobody").get("/phone/")

    assert inside.data == outside.data
    assert "Set-Cookie" not in inside.headers


def test_inspectors_find_the_app_on_their_first_page_and_others_do_not(town: Town) -> None:
    inspector = town.sign_in("inspector").client
    cookie = inspector.get_cookie("inspect")
    assert cookie is not None
    inspector.set_cookie("inspect", cookie.value, domain="jiancha.example")
    home = inspector.get("/").text
    shown = inspector.get("/", base_url="https://jiancha.example")
    form = town.sign_in("nobody").client.get("/login").text

    assert '<a href="/phone/">打开现场检查</a>' in home
    assert "二维码" not in home  # its own name means nothing to a phone
    assert '<a href="/phone/">打开现场检查</a>' in form
    assert "打开现场检查" not in town.sign_in("supervisor").get("/").text
    assert "https://jiancha.example/phone/" in shown.text
    assert "现场检查的网址二维码" in shown.text


def test_behind_a_proxy_the_address_for_phones_begins_with_https_too(town: Town) -> None:
    cookie = town.sign_in("inspector").client.get_cookie("inspect")
    assert cookie is not None
    settings = replace(town.backend.settings, secure_cookies=True)
    client = create_app(replace(town.backend, settings=settings)).test_client()
    client.set_cookie("__Host-inspect", cookie.value, domain="jiancha.example")

    shown = client.get("/", base_url="http://jiancha.example").text

    assert "https://jiancha.example/phone/" in shown
