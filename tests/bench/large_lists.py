"""How long lists and counts take on what `scripts/many_votes.py` made. Prints; judges nothing.

MASKBALLOT_HOME=/tmp/large .venv/bin/python -m tests.bench.large_lists
"""

import time

from fastapi.testclient import TestClient

from app.accounts import signin
from app.accounts.users import user_named
from app.settings import settings
from app.studies.studies import study_named
from app.web.cookies import sealed
from app.web.house import build_house
from app.web.main import create_app
from tests.bench.many_readers import STUDY

TIMES = 3
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
    "reader-7": ("/", "/studies/{key}", "/studies/{key}?page=300", "/studies/{key}/ahead"),
}


def main() -> None:
    """Ask for each page a few times; print the median."""
    house = build_house(settings())
    app = create_app(house)
    for name, paths in PAGES.items():
        with house.sessions.begin() as session:
            key = study_named(session, STUDY).key
            user = user_named(session, name)
            token = signin.open_session(session, user=user, hours=12, clock=house.clock)
        browser = TestClient(app, cookies={"maskballot": sealed(house, token)})
        for path in paths:
            took = []
            for _ in range(TIMES):
                start = time.perf_counter()
                browser.get(path.format(key=key)).raise_for_status()
                took.append(1000 * (time.perf_counter() - start))
            print(f"{sorted(took)[TIMES // 2]:8.0f} ms (at first {took[0]:.0f})  {path}")


if __name__ == "__main__":
    main()
