"""What a command works with: the house, with its database at the newest schema."""

from app.cli.leaving import leaving
from app.db import migrate
from app.problems import Problem
from app.settings import settings
from app.web.house import House, build_house


class NotUpgraded(Problem):
    """The database has an older schema than the code."""

    code = "not-upgraded"
    status = 503


def enter() -> House:
    """Return the house of the settings; an embedded database is made or upgraded on the way.

    A PostgreSQL server serves others too, so it is upgraded when an operator says so: raises
    `NotUpgraded` until then.
    """
    here = settings()
    # Films and votes of patients: for nobody else on this machine.
    here.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if here.database.startswith("sqlite"):
        migrate.upgrade(here.database)
    elif not migrate.is_current(here.database):
        raise NotUpgraded(
            "The database is not at the newest schema.",
            cure="Back it up, then `maskballot db upgrade`.",
        )
    house = build_house(here)
    leaving.callback(house.reader.dispose)
    leaving.callback(house.engine.dispose)
    return house
