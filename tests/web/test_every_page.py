"""No page is forgotten: each stands in the lists that are read in every language."""

from tests.support.addresses import (
    ADMINS,
    CLOSED,
    DOOR,
    READERS,
    SENT_AT_DOOR,
    SENT_BY_ADMIN,
    SENT_BY_READER,
    SENT_WHEN_CLOSED,
)
from tests.support.routes import RouteEntry, page_routes, route_of
from tests.web.conftest import Town

READ = (*DOOR, *READERS, *ADMINS, *CLOSED)
SENT = (*SENT_AT_DOOR, *SENT_BY_READER, *SENT_BY_ADMIN, *SENT_WHEN_CLOSED)


def test_every_page_is_read_for_words_outside_of_the_catalogue(town: Town) -> None:
    read = {route_of(town.app, path) for path in READ}
    read |= {route_of(town.app, path, method="POST") for path, _form, _status in SENT}
    missing = page_routes(town.app) - read
    assert missing == set(), "add it to a list of tests/support/addresses.py"


def test_pages_are_known_from_what_is_sent_to_programs(town: Town) -> None:
    pages = page_routes(town.app)
    assert RouteEntry("/account/tokens", "POST") in pages  # drawn by a function beside it
    assert RouteEntry("/studies/{key}/next", "GET") not in pages
    assert RouteEntry("/account/who", "GET") not in pages


def test_a_fixed_path_goes_before_one_with_a_name(town: Town) -> None:
    assert route_of(town.app, "/admin/studies/new?stage=2").path == "/admin/studies/new"
