"""``maskballot worker``: does the background work of a PostgreSQL installation."""

import logging

import typer

from app.cli.house import enter
from app.conduct.background import kinds
from app.problems import Problem
from app.runs.execute import Hands
from app.runs.worker import run_worker


class NoQueue(Problem):
    """An embedded database has no queue that workers could read."""

    code = "no-queue"
    status = 409


def worker() -> None:
    """Work on runs until stopped; any number of workers, on any machines, share the work."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    house = enter()
    if house.engine.dialect.name != "postgresql":
        raise NoQueue(
            "The database is SQLite: the server process does the background work itself.",
            cure="Only `maskballot serve` is needed; or set MASKBALLOT_DATABASE_URL=postgresql://…",
        )
    hands = Hands(house.sessions, kinds=kinds(house.settings, house.blobs), clock=house.clock)
    typer.echo("Waiting for work; Ctrl-C gives back what is in hand and leaves.", err=True)
    run_worker(house.settings.database, hands)
