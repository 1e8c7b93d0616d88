"""``maskballot settle``: what the votes of a study amount to, by its rule."""

from typing import Annotated

import typer

from app.accounts import users
from app.cli.house import enter
from app.conduct import opening, watching
from app.studies.states import State
from app.studies.studies import study_named
from app.web.house import House


def settle(
    study: Annotated[str, typer.Option(help="The name or the key of the study.")],
    lock: Annotated[bool, typer.Option("--lock", help="Lock it first if it is open.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask, even if answers are missing.")
    ] = False,
) -> None:
    """Settle a locked study by its rule; settling again changes nothing.

    Where answers are missing it asks first: a settled study is never opened again.
    """
    house = enter()
    if not yes:
        _ask(house, study)
    with house.sessions.begin() as session:
        found = study_named(session, study)
        if lock and found.state == State.OPEN:
            opening.lock_study(found, clock=house.clock)
        outcomes = opening.settle(session, found, clock=house.clock)
        detail = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
        users.record(
            session,
            user=None,
            action="settled",
            subject=found.key,
            clock=house.clock,
            detail=f"{detail} (command line)",
        )
    typer.echo(f"Settled: {detail}.")


def _ask(house: House, name: str) -> None:
    with house.sessions.begin() as session:
        study = study_named(session, name)
        answers = watching.answers(session, [study])[study.id]
    missing = answers.wanted - answers.have
    if missing > 0 and study.state != State.SETTLED:
        typer.confirm(
            f"{missing} answers are missing; such cases settle as incomplete, and a settled study "
            "is never opened again. Settle it all the same?",
            abort=True,
        )
