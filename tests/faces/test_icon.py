"""Every page brings its icon along, under a policy that lets it be shown."""

import re

import pytest

from inspect_server.web.icon import ICON
from tests.faces.town import Town

HTML = {"Accept": "text/html"}
PAGES = (
    "/login",
    "/no-such-page",
    "/api/",
    "/disclosure/",
    "/disclosure/explained",
    "/disclosure/no-such-page",
    "/disclosure/verify/verify.html",
)
LINK = re.compile(r'<link rel="icon" href="([^"]+)">')


@pytest.mark.parametrize("path", [*PAGES, "/", "/plans", "/draws/{draw}/ceremony"])
def test_no_page_makes_a_browser_ask_for_an_icon(town: Town, path: str) -> None:
    client = town.app.test_client() if path in PAGES else town.sign_in("supervisor")
    answer = client.get(path.format(draw=town.draw_id), headers=HTML)
    icons = LINK.findall(answer.text.replace("&#39;", "'"))

    assert answer.content_type.startswith("text/html"), answer.text
    assert icons == [ICON]
    assert "img-src 'self' data:" in answer.headers["Content-Security-Policy"]
