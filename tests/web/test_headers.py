"""What a browser is allowed to do on our pages, and that our pages do no more."""

import json
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from httpx2 import Response

from app.web.security import HEADERS
from tests.support.routes import route_table
from tests.web.asking import client_of, fill, names_in
from tests.web.conftest import Town

OURS = {
    "text/html; charset=utf-8",
    "text/event-stream; charset=utf-8",
    "application/json",
    "application/problem+json",
    "application/octet-stream",
    "image/png",
}


class Offences(HTMLParser):
    """Collects what the content security policy would refuse, or what leads to another site."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.data = False

    def handle_data(self, data: str) -> None:
        # What a page carries for its own script is data: JSON that no browser runs or parses.
        if self.data and ("<" in data or not isinstance(json.loads(data), dict)):
            self.found.append("data that are no JSON, or that could end their element")

    def handle_endtag(self, _tag: str) -> None:
        self.data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.data = tag == "script" and said.get("type") == "application/json"
        if tag == "style" or (tag == "script" and "src" not in said and not self.data):
            self.found.append(f"<{tag}> within the page")
        if tag == "form":
            self.forms.append(said)
        for name, value in said.items():
            self._look(tag, name, value)

    def _look(self, tag: str, name: str, value: str) -> None:
        if name == "style" or name.startswith("on"):
            self.found.append(f"{name} on <{tag}>")
        if name in ("src", "href", "action", "formaction", "srcset", "data-run", "data-upload"):
            parts = urlsplit(value)
            # A person may follow a link elsewhere; the page itself loads and sends nothing there.
            follows = tag == "a" and name == "href" and parts.scheme in ("http", "https")
            if (parts.scheme or parts.netloc) and not follows:
                self.found.append(f"{value} on <{tag}>")


def answers(town: Town, person: str) -> dict[str, Response]:
    """Return what every GET route answers to ``person``, errors and redirects included."""
    names = names_in(town, town.alpha, "alpha-1")
    client = client_of(town, person)
    return {
        entry.path: client.get(fill(entry.path, names))
        for entry in route_table(town.app)
        if entry.method == "GET"
    }


@pytest.mark.parametrize("person", ["nobody", "alpha-1", "alpha-admin", "token of alpha-admin"])
def test_every_answer_carries_the_headers_and_a_type_of_ours(town: Town, person: str) -> None:
    for path, answer in answers(town, person).items():
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, path
        assert answer.headers["cache-control"] == "no-store", path
        if answer.status_code not in (303, 410):
            assert answer.headers["content-type"] in OURS, path
        assert "etag" not in answer.headers, path


@pytest.mark.parametrize(("person", "least"), [("nobody", 1), ("alpha-1", 8), ("alpha-admin", 20)])
def test_no_page_holds_script_or_style_or_leads_to_another_site(
    town: Town, person: str, least: int
) -> None:
    pages = 0
    for path, answer in answers(town, person).items():
        if answer.headers.get("content-type", "").startswith("text/html"):
            pages += 1
            offences = Offences()
            offences.feed(answer.text)
            assert not offences.found, path
    assert pages >= least


def test_planted_offences_are_found() -> None:
    offences = Offences()
    offences.feed(
        '<p style="color: red" onclick="x()"><script>x()</script><style></style>'
        '<img src="https://evil.example/x.png"><a href="javascript:x()">'
        '<script type="application/json">{"comment": "<!--"}</script>'
    )
    assert len(offences.found) == 7


def test_the_policy_allows_no_inline_code_and_no_other_host() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


def test_static_files_carry_the_headers_too(town: Town) -> None:
    answer = town.visitor().get("/static/base.css")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_form_is_sent_to_a_route_that_there_is(town: Town) -> None:
    posts = {entry.path for entry in route_table(town.app) if entry.method == "POST"}
    shapes = {_shape(path) for path in posts}
    for path, answer in answers(town, "alpha-admin").items():
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page = Offences()
        page.feed(answer.text)
        for form in page.forms:
            if form.get("method") == "post":
                action = form.get("action", "")
                assert any(_fits(action, shape) for shape in shapes), (path, action)


def _shape(path: str) -> tuple[str, ...]:
    return tuple("*" if part.startswith("{") else part for part in path.split("/"))


def _fits(address: str, shape: tuple[str, ...]) -> bool:
    parts = address.split("?")[0].split("/")
    return len(parts) == len(shape) and all(
        wanted in ("*", part) for part, wanted in zip(parts, shape, strict=True)
    )
