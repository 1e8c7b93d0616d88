"""``maskballot propose``: let the study's networks compute the candidates that are missing."""

from typing import Annotated

import typer

from app.cli.house import enter
from app.cli.progress import counting
from app.conduct.background import kinds
from app.conduct.proposing import start_propose
from app.runs.execute import Hands, run_now
from app.runs.states import RunState
from app.studies.studies import study_named


def propose(
    study: Annotated[str, typer.Option(help="The name or the key of the study.")],
) -> None:
    """Compute the candidates that a study lacks; run again, it goes on with what is missing."""
    house = enter()
    with house.sessions.begin() as session:
        run_id = start_propose(
            session, study_named(session, study), admin=None, clock=house.clock
        ).id
    hands = Hands(house.sessions, kinds=kinds(house.settings, house.blobs), clock=house.clock)
    with counting("films") as show:
        run = run_now(hands, run_id, show=show)
    if run.error:
        typer.echo(run.error, err=True)
    typer.echo(f"{run.done} of {run.total} films: {run.state}.")
    if run.state != RunState.DONE:
        raise typer.Exit(1)
