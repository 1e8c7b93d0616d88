"""The rest of a physician's day: every other page, doors that stay shut, a sign-in that ends."""

import re

from app.words.catalogue import catalogues
from tests.blind.script import BEARER, JSON, Script
from tests.support.factory import PASSWORD

SHUT = (
    "/admin/studies/{study}/report",
    "/admin/studies/{study}/report/report.json",
    "/admin/studies/{study}/report/votes.csv",
    "/admin/studies/{study}/exports",
    "/admin/studies/{study}/films",
    "/admin/studies/{study}/history",
    "/admin/studies/{study}/runs/1/events",
    "/api/v1/studies/{study}/report",
    "/api/v1/studies/{study}/settlements",
)


def visit_every_page(script: Script, study: str) -> None:
    """Open what a physician may open beside ballots, and knock where one may not."""
    for page in ("/account", "/account/who", "/account/keys", "/account/keys/settings"):
        script.ask("GET", page)
    script.ask("POST", "/account/language", data={"tag": ""})
    script.ask("POST", "/account/password", data={"old": "wrong", "new": "x", "again": "y"})
    made = script.ask("POST", "/account/tokens", data={"title": "for a script"})
    assert made.status_code in (200, 303), made.text
    tokens = re.findall(r"/account/tokens/(\d+)/revoke", script.ask("GET", "/account").text)
    script.ask("POST", f"/account/tokens/{max(tokens, key=int)}/revoke")
    settings = script.ask("GET", "/account/keys/settings").json()
    script.ask("PUT", "/account/keys/settings", json=settings)
    listed = script.ask("GET", "/networks").text
    name = listed.split('href="/networks/')[1].split('"')[0]
    script.ask("GET", f"/networks/{name}")
    script.ask("GET", "/maps")
    script.ask("POST", "/maps", content=b"no film", headers=JSON)
    for path in ("", f"/{name}"):
        script.ask("GET", f"/api/v1/networks{path}", headers=BEARER)
    script.ask("POST", "/api/v1/infection-maps", content=b"no film", headers=BEARER)
    for page in (
        "/api",
        "/api/openapi.json",
        "/healthz",
        "/accessibility",
        "/no-such-page",
        "/sign-in",
    ):
        script.ask("GET", page)
    script.ask("HEAD", "/api/openapi.json")
    for catalogue in catalogues().values():
        script.ask("GET", catalogue.address)
    for door in SHUT:
        got = script.ask("GET", door.format(study=study))
        assert got.status_code in (401, 403), door


def practise(script: Script) -> None:
    """Go through the first practice film, and ask for no more."""
    script.ask("GET", "/practice")
    view = script.ask("POST", "/practice/next", headers=JSON).json()
    script.ask("GET", "/practice/ahead", headers=JSON)
    script.ask("GET", "/practice/ballots/1")
    for kind in ("film", "bundle", "lungs"):
        script.ask("GET", f"/practice/ballots/1/{kind}")
    script.answer(
        "/practice/ballots/1", -20, answer={"kind": "slot", "slots": [view["letters"][0]]}
    )
    script.ask("POST", "/practice/ballots/1/lease")
    script.ask("POST", "/practice/skip")
    script.ask("GET", "/practice/done")


def lose_the_sign_in(script: Script, study: str, ballot: str) -> None:
    """Go on after the sign-in has ended, sign in again where one was, and out."""
    script.client.cookies.clear()
    for path in (f"/studies/{study}/next", ballot, f"{ballot}/bundle", f"{ballot}/film"):
        script.ask("GET", path)
        script.ask("GET", path, headers=JSON)
    script.ask("POST", f"/studies/{study}/next", headers=JSON)
    script.answer(ballot, -9, answer={"kind": "later"})
    script.ask("POST", "/sign-in", data={"name": "alpha-1", "password": "wrong", "next": ballot})
    back = {"name": "alpha-1", "password": PASSWORD, "next": ballot}
    assert script.ask("POST", "/sign-in", data=back).status_code == 303
    script.ask("GET", ballot)
    script.answer(ballot, -9, answer={"kind": "later"})
    script.ask("POST", "/sign-out")
    script.ask("GET", ballot)
