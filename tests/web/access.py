"""Who may ask for what: every route of the application has one line here, or `test_access` fails.

A line names who is let in. Everybody else is turned away with the status that their kind of asker
gets there, and a name of another study is unknown (404) even to those of the right kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.routes import RouteEntry

OUT = (401, 303)
"""Nobody is signed in: to the door, or told so."""

PEOPLE = (
    "nobody",
    "alpha-1",
    "alpha-2",
    "beta-1",
    "stranger",
    "alpha-admin",
    "beta-admin",
    "lonely",
    "token of alpha-1",
    "token of alpha-admin",
    "token of beta-admin",
    "token of stranger",
)
PHYSICIANS = {"alpha-1", "alpha-2", "beta-1", "stranger"}
ADMINS = {"alpha-admin", "beta-admin", "lonely"}
TOKENS = {name for name in PEOPLE if name.startswith("token")}


@dataclass(frozen=True)
class Rule:
    """``let_in`` reach the route; ``refused`` says with what status the others are refused."""

    let_in: frozenset[str]
    refused: Mapping[str, tuple[int, ...]]

    def expected(self, person: str) -> tuple[int, ...]:
        """Return the statuses with which ``person`` is turned away, none for those let in."""
        if person in self.let_in:
            return ()
        return self.refused[person]


def _rule(let_in: set[str], *groups: tuple[set[str], int]) -> Rule:
    refused: dict[str, tuple[int, ...]] = {person: OUT for person in PEOPLE}
    for people, status in groups:
        refused |= dict.fromkeys(people, (status,))
    return Rule(frozenset(let_in), refused)


EVERYONE = _rule(set(PEOPLE))
SIGNED_IN = _rule(PHYSICIANS | ADMINS)
PHYSICIAN_OF_ALPHA = _rule({"alpha-1", "alpha-2"}, (PHYSICIANS, 404), (ADMINS, 403))
THE_READER = _rule({"alpha-1"}, (PHYSICIANS, 404), (ADMINS, 403))
ANY_ADMIN = _rule(ADMINS, (PHYSICIANS, 403))
ADMIN_OF_ALPHA = _rule({"alpha-admin"}, (ADMINS, 404), (PHYSICIANS, 403))
ANY_PHYSICIAN = _rule(PHYSICIANS, (ADMINS, 403))
OWNER = _rule({"alpha-admin"}, (ADMINS | PHYSICIANS, 404))
ANY_TOKEN = _rule(TOKENS)
_TOKENS_OF_PHYSICIANS = {"token of alpha-1", "token of stranger"}
ADMIN_TOKEN = _rule(TOKENS - _TOKENS_OF_PHYSICIANS, (_TOKENS_OF_PHYSICIANS, 403))
ADMIN_TOKEN_OF_ALPHA = _rule(
    {"token of alpha-admin"}, ({"token of beta-admin"}, 404), (_TOKENS_OF_PHYSICIANS, 403)
)

STUDY = "/admin/studies/{key}"
API = "/api/v1/studies/{key}"

RULES: dict[str, Rule] = {
    # the door and one's own account
    "GET /sign-in": EVERYONE,
    "POST /sign-in": EVERYONE,
    "POST /sign-out": EVERYONE,
    "GET /account": SIGNED_IN,
    "GET /account/who": SIGNED_IN,
    "POST /account/password": SIGNED_IN,
    "POST /account/language": SIGNED_IN,
    "POST /account/tokens": SIGNED_IN,
    "GET /practice": ANY_PHYSICIAN,
    "GET /practice/done": ANY_PHYSICIAN,
    "POST /practice/skip": ANY_PHYSICIAN,
    "POST /practice/next": ANY_PHYSICIAN,
    "GET /practice/ahead": ANY_PHYSICIAN,
    "GET /practice/ballots/{number}": ANY_PHYSICIAN,
    "GET /practice/ballots/{number}/film": ANY_PHYSICIAN,
    "GET /practice/ballots/{number}/bundle": ANY_PHYSICIAN,
    "GET /practice/ballots/{number}/lungs": ANY_PHYSICIAN,
    "POST /practice/ballots/{number}/answers": ANY_PHYSICIAN,
    "POST /practice/ballots/{number}/lease": ANY_PHYSICIAN,
    "GET /account/keys": ANY_PHYSICIAN,
    "GET /account/keys/settings": ANY_PHYSICIAN,
    "PUT /account/keys/settings": ANY_PHYSICIAN,
    "POST /account/tokens/{token_id}/revoke": OWNER,
    # the physician's
    "GET /": SIGNED_IN,
    "GET /studies/{key}": PHYSICIAN_OF_ALPHA,
    "GET /studies/{key}/next": PHYSICIAN_OF_ALPHA,
    "POST /studies/{key}/next": PHYSICIAN_OF_ALPHA,
    "GET /studies/{key}/ahead": PHYSICIAN_OF_ALPHA,
    "GET /ballots/{key}": THE_READER,
    "GET /ballots/{key}/film": THE_READER,
    "GET /ballots/{key}/bundle": THE_READER,
    "GET /ballots/{key}/drawing": THE_READER,
    "GET /ballots/{key}/lungs": THE_READER,
    "POST /ballots/{key}/answers": THE_READER,
    "POST /ballots/{key}/lease": THE_READER,
    # for all who are signed in
    "GET /networks": SIGNED_IN,
    "GET /networks/{name}": SIGNED_IN,
    "GET /maps": SIGNED_IN,
    "POST /maps": SIGNED_IN,
    "GET /api": SIGNED_IN,
    # accounts
    "GET /admin/accounts": ANY_ADMIN,
    "POST /admin/accounts": ANY_ADMIN,
    "GET /admin/accounts/{name}/reset": ANY_ADMIN,
    "POST /admin/accounts/{name}/reset": ANY_ADMIN,
    "GET /admin/accounts/{name}/disable": ANY_ADMIN,
    "POST /admin/accounts/{name}/disable": ANY_ADMIN,
    "POST /admin/accounts/{name}/enable": ANY_ADMIN,
    # studies
    "GET /admin": ANY_ADMIN,
    "GET /admin/studies": ANY_ADMIN,
    "POST /admin/studies": ANY_ADMIN,
    "GET /admin/studies/new": ANY_ADMIN,
    f"GET {STUDY}": ADMIN_OF_ALPHA,
    f"GET {STUDY}/import": ADMIN_OF_ALPHA,
    f"POST {STUDY}/import/folder": ADMIN_OF_ALPHA,
    f"PUT {STUDY}/import/zip": ADMIN_OF_ALPHA,
    f"GET {STUDY}/films": ADMIN_OF_ALPHA,
    f"GET {STUDY}/films/{{pixels_sha}}": ADMIN_OF_ALPHA,
    f"GET {STUDY}/films/{{pixels_sha}}/picture": ADMIN_OF_ALPHA,
    f"GET {STUDY}/propose": ADMIN_OF_ALPHA,
    f"POST {STUDY}/propose": ADMIN_OF_ALPHA,
    f"GET {STUDY}/runs/{{run_id}}/events": ADMIN_OF_ALPHA,
    f"POST {STUDY}/runs/{{run_id}}/cancel": ADMIN_OF_ALPHA,
    f"POST {STUDY}/runs/{{run_id}}/resume": ADMIN_OF_ALPHA,
    f"GET {STUDY}/members": ADMIN_OF_ALPHA,
    f"POST {STUDY}/members": ADMIN_OF_ALPHA,
    f"POST {STUDY}/members/remove": ADMIN_OF_ALPHA,
    f"GET {STUDY}/history": ADMIN_OF_ALPHA,
    f"GET {STUDY}/report": ADMIN_OF_ALPHA,
    f"GET {STUDY}/report/votes.csv": ADMIN_OF_ALPHA,
    f"GET {STUDY}/report/report.json": ADMIN_OF_ALPHA,
    f"GET {STUDY}/exports": ADMIN_OF_ALPHA,
    f"POST {STUDY}/exports": ADMIN_OF_ALPHA,
    f"GET {STUDY}/exports/{{export_id}}/training-set.zip": ADMIN_OF_ALPHA,
    f"GET {STUDY}/open": ADMIN_OF_ALPHA,
    f"POST {STUDY}/open": ADMIN_OF_ALPHA,
    f"GET {STUDY}/lock": ADMIN_OF_ALPHA,
    f"POST {STUDY}/lock": ADMIN_OF_ALPHA,
    f"GET {STUDY}/reopen": ADMIN_OF_ALPHA,
    f"POST {STUDY}/reopen": ADMIN_OF_ALPHA,
    f"GET {STUDY}/settle": ADMIN_OF_ALPHA,
    f"POST {STUDY}/settle": ADMIN_OF_ALPHA,
    # the API
    "GET /api/openapi.json": EVERYONE,
    "HEAD /api/openapi.json": EVERYONE,
    "POST /api/v1/infection-maps": ANY_TOKEN,
    "GET /api/v1/networks": ANY_TOKEN,
    "GET /api/v1/networks/{name}": ANY_TOKEN,
    "GET /api/v1/studies": ADMIN_TOKEN,
    f"GET {API}": ADMIN_TOKEN_OF_ALPHA,
    f"GET {API}/films": ADMIN_TOKEN_OF_ALPHA,
    f"GET {API}/settlements": ADMIN_TOKEN_OF_ALPHA,
    f"GET {API}/report": ADMIN_TOKEN_OF_ALPHA,
    f"GET {API}/report/votes.csv": ADMIN_TOKEN_OF_ALPHA,
    f"GET {API}/runs/{{run_id}}": ADMIN_TOKEN_OF_ALPHA,
    f"GET {API}/exports": ADMIN_TOKEN_OF_ALPHA,
    f"POST {API}/exports": ADMIN_TOKEN_OF_ALPHA,
    f"GET {API}/exports/{{export_id}}": ADMIN_TOKEN_OF_ALPHA,
    f"GET {API}/exports/{{export_id}}/training-set.zip": ADMIN_TOKEN_OF_ALPHA,
    # the machine's own
    "GET /healthz": EVERYONE,
    "GET /words/{key}": EVERYONE,
    "GET /accessibility": EVERYONE,
}


def rule_of(entry: RouteEntry) -> Rule:
    """Return the line of a route. Raises `KeyError` for one that has none."""
    return RULES[f"{entry.method} {entry.path}"]
