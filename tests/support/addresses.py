"""The pages of readers, of admins, and of maps, networks and the API, that tests go through.

Every page stands here: `tests/web/test_every_page.py` fails where one is missing.
"""

DOOR = ("/sign-in",)
READERS = (
    "/",
    "/account",
    "/account?done=password",
    "/account/keys",
    "/accessibility",
    "/studies/{study}",
    "/ballots/{ballot}",
    "/practice/ballots/1",
    "/practice/done",
)
ADMINS = (
    "/admin/studies",
    "/admin/studies/new",
    "/admin/studies/{study}",
    "/admin/studies/{study}/import",
    "/admin/studies/{study}/films",
    "/admin/studies/{study}/films?beginning=nothing",
    "/admin/studies/{study}/films/{film}",
    "/admin/studies/{study}/propose",
    "/admin/studies/{study}/members",
    "/admin/studies/{study}/history",
    "/admin/studies/{study}/exports",
    "/admin/studies/{study}/report",
    "/admin/studies/{study}/report?unblinded=yes",
    "/admin/studies/{study}/lock",
    "/admin/accounts",
    "/admin/accounts/alpha-1/reset",
    "/admin/accounts/alpha-1/disable",
    "/networks",
    "/networks/{network}",
    "/maps",
    "/api",
)
# Pages that an open study refuses or that say something else of it once it is closed.
CLOSED = tuple(
    f"/admin/studies/{{study}}{part}"
    for part in ("", "/open", "/reopen", "/settle", "/exports", "/import", "/members", "/report")
)
# What is sent, and the status of the page that answers.
Sent = tuple[str, dict[str, str], int]
SENT_AT_DOOR: tuple[Sent, ...] = (
    ("/sign-in", {"name": "nobody", "password": "wrong"}, 401),
    ("/sign-in", {"name": "a\0b"}, 422),
)
SENT_BY_READER: tuple[Sent, ...] = (
    ("/account/password", {"current": "x", "fresh": "y" * 12, "again": "z" * 12}, 422),
    ("/account/password", {"current": "x", "fresh": "y" * 12, "again": "y" * 12}, 422),
    ("/account/tokens", {"title": "for tests"}, 200),
)
SENT_BY_ADMIN: tuple[Sent, ...] = (
    ("/admin/studies", {"name": ""}, 422),
    ("/admin/studies", {"name": "x", "repeat_share": "900"}, 422),
    ("/admin/studies", {"name": "x", "n": "99"}, 422),
    ("/admin/studies", {"name": "x" * 201, "rule": "none", "stage": "many"}, 422),
    ("/admin/accounts", {"name": "a b"}, 422),
    ("/admin/accounts/alpha-1/reset", {}, 200),
    ("/admin/studies/{study}/members", {"name": "nobody"}, 404),
    ("/admin/studies/{study}/members/remove", {"name": "alpha-1"}, 409),
    ("/admin/studies/{study}/import/folder", {"folder": "none"}, 422),
)
SENT_WHEN_CLOSED: tuple[Sent, ...] = (("/admin/studies/{study}/propose", {}, 409),)
