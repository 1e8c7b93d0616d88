"""How long lists and counts take on what `scripts/many_votes.py` made. Prints; judges nothing.

MASKBALLOT_HOME=/tmp/large .venv/bin/python -m tests.bench.large_lists
MASKBALLOT_HOME=/tmp/large .venv/bin/python -m tests.bench.large_lists --of reader-7 --times 40
"""

import argparse
import time

import numpy as np
from fastapi.testclient import TestClient

from app.accounts import signin
from app.accounts.users import user_named
from app.settings import settings
from app.studies.studies import study_named
from app.web.cookies import sealed
from app.web.house import build_house
from app.web.main import create_app
from tests.bench.many_readers import STUDY

PAGES = {
    "boss": (
        "/admin/studies",
        "/admin/studies/{key}",
        "/admin/studies/{key}/films",
        "/admin/studies/{key}/films?page=4000",
        "/admin/studies/{key}/films?beginning=series-5&page=100",
        "/admin/studies/{key}/propose",
        "/admin/studies/{key}/lock",
        "/admin/studies/{key}/members",
    ),
    "reader-7": (
        "/",
        "/studies/{key}",
        "/studies/{key}?page=2",
        "/studies/{key}?page=200",
        "/studies/{key}?page=300",
        "/studies/{key}?page=400",
        "/studies/{key}/ahead",
    ),
}


def main() -> None:
    """Ask for each page a few times; print what it took."""
    asked = arguments()
    house = build_house(settings())
    app = create_app(house)
    for name in asked.of:
        with house.sessions.begin() as session:
            key = study_named(session, STUDY).key
            user = user_named(session, name)
            token = signin.open_session(session, user=user, hours=12, clock=house.clock)
        browser = TestClient(app, cookies={"maskballot": sealed(house, token)})
        for path in PAGES[name]:
            told(path, [taken(browser, path.format(key=key)) for _ in range(asked.times)])


def arguments() -> argparse.Namespace:
    """Read what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--of", nargs="+", choices=PAGES, default=list(PAGES), help="whose pages")
    parser.add_argument("--times", type=int, default=3, help="how often each page is asked for")
    return parser.parse_args()


def taken(browser: TestClient, address: str) -> float:
    """Ask for the page; return how many milliseconds it took."""
    start = time.perf_counter()
    browser.get(address).raise_for_status()
    return 1000 * (time.perf_counter() - start)


def told(path: str, took: list[float]) -> None:
    """Print the median, the 95th percentile and the first, which also fills the caches."""
    middle, high = np.percentile(took, (50, 95))
    print(f"{middle:8.0f} ms, 95 % {high:.0f} (at first {took[0]:.0f})  {path}", flush=True)


if __name__ == "__main__":
    main()
