"""``maskballot ingest``: films of a folder into a study."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import User
from app.accounts.users import user_named, users_of_role
from app.cli.house import enter
from app.cli.progress import counting
from app.conduct.founding import found_study
from app.films.ingest import Outcome, ingest_entries
from app.films.layout import FilmEntry, read_layout
from app.films.limits import Limits
from app.films.refused import remember
from app.problems import Problem
from app.studies.protocol import Protocol
from app.studies.states import State, require
from app.studies.studies import study_named
from app.studies.tables import Study
from app.web.house import House


class AdminWanted(Problem):
    """A new study needs an admin, and it is not plain which."""

    code = "admin-wanted"
    status = 422


def ingest(
    folder: Annotated[
        Path, typer.Argument(help="A layout (films.csv, or films/), any folder, or a CSV file.")
    ],
    study: Annotated[str, typer.Option(help="The name of the study.")],
    create: Annotated[bool, typer.Option("--create", help="Make the study if it is new.")] = False,
    admin: Annotated[str, typer.Option(help="With --create: the account that runs it.")] = "",
    networks: Annotated[
        str, typer.Option(help="With --create: names by commas, stage1 or stage2.")
    ] = "stage1",
) -> None:
    """Take the films of a folder into a study, and name each file taken or refused.

    Run again, it changes nothing: what is known stays, and a mask that was missing is added.
    """
    entries = read_layout(folder)
    house = enter()
    console = Console()
    with house.sessions() as session:
        if create:
            _create(session, house, name=study, admin=admin, networks=networks.split(","))
        into = study_named(session, study)
        require(into.state, State.DRAFT, State.OPEN)
        outcomes = list(_shown(_taken(session, house, into, entries), len(entries), console))
    console.print(summary(outcomes))
    console.print(refused_table(outcomes))
    if all(outcome.status == "refused" for outcome in outcomes):
        raise typer.Exit(1)


def summary(outcomes: Iterable[Outcome]) -> Table:
    """Return the counts of an import as a table."""
    outcomes = list(outcomes)
    counts = Counter(outcome.status for outcome in outcomes)
    unmasked = sum(not o.has_mask for o in outcomes if o.status != "refused")
    table = Table("films", "count", show_edge=False)
    table.add_row("taken", str(counts["taken"]))
    table.add_row("known before", str(counts["known"]))
    table.add_row("refused", str(counts["refused"]))
    table.add_row("nearly the same as another", str(sum(o.same_view for o in outcomes)))
    table.add_row("in the study without a hand-drawn mask", str(unmasked))
    return table


def refused_table(outcomes: Iterable[Outcome]) -> Table | str:
    """Return the refused files with their reasons once more; they may have scrolled away."""
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    if not refused:
        return ""
    table = Table("refused", "why", show_edge=False)
    for outcome in refused:
        table.add_row(Text(outcome.name), Text(outcome.reason))
    return table


def _taken(
    session: Session, house: House, study: Study, entries: Iterable[FilmEntry]
) -> Iterator[Outcome]:
    """Yield outcomes, each one committed."""
    here = house.settings
    limits = Limits(here.max_film_bytes, here.max_film_pixels)
    for outcome in ingest_entries(
        session, house.blobs, entries, study_id=study.id, limits=limits, clock=house.clock
    ):
        remember(session, study_id=study.id, outcome=outcome, clock=house.clock)
        # A film is decoded before its transaction begins, so voters never wait for an import.
        session.commit()
        yield outcome


def _shown(outcomes: Iterator[Outcome], total: int, console: Console) -> Iterator[Outcome]:
    """Pass outcomes on, a line each, while a bar shows how many are left."""
    with counting("films") as show:
        for done, outcome in enumerate(outcomes, 1):
            console.print(line(outcome), markup=False, highlight=False, soft_wrap=True)
            show(done, total)
            yield outcome


def line(outcome: Outcome) -> str:
    """Return what became of one file."""
    said = [outcome.reason] if outcome.reason else []
    if outcome.status != "refused" and not outcome.has_mask:
        said.append("No hand-drawn mask.")
    return f"{outcome.status:8}{outcome.name}" + (f": {' '.join(said)}" if said else "")


def _create(
    session: Session, house: House, *, name: str, admin: str, networks: Sequence[str]
) -> None:
    if session.scalar(select(Study.id).where(Study.name == name)) is not None:
        return
    found_study(
        session,
        admin=_admin(session, admin),
        name=name,
        stage=1,
        protocol=Protocol(),
        networks=[network for network in networks if network],
        physicians=(),
        models=house.settings.models,
        clock=house.clock,
    )
    session.commit()


def _admin(session: Session, name: str) -> User:
    if name:
        return user_named(session, name)
    admins = users_of_role(session, Role.ADMIN)
    if len(admins) != 1:
        raise AdminWanted(
            f"A new study needs an admin, and there are {len(admins)} such accounts.",
            cure="Say --admin NAME; `maskballot user add NAME --role admin` makes one.",
        )
    return admins[0]
