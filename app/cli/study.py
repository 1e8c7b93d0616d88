"""``maskballot study``: studies and who takes part in them."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from app.accounts import users
from app.accounts.roles import Role
from app.cli.house import enter
from app.conduct import founding, opening, watching
from app.studies.protocol import FixedRule, LeadRule, Protocol, Rule, TwoPlusOneRule
from app.studies.studies import study_named
from app.studies.tables import Study

study = typer.Typer(no_args_is_help=True, help="Studies and who takes part in them.")

Name = Annotated[str, typer.Argument(help="The study's name or key.")]


@study.command("list")
def list_() -> None:
    """List the studies and how far they are."""
    house = enter()
    table = Table("name", "key", "stage", "state", "cases", "answers", "wanted")
    with house.sessions() as session:
        found = session.scalars(select(Study).order_by(Study.id)).all()
        answers = watching.answers(session, found)
        for one in found:
            far = answers[one.id]
            numbers = (str(number) for number in (far.cases, far.have, far.wanted))
            table.add_row(one.name, one.key, str(one.stage), one.state, *numbers)
    Console().print(table)


@study.command()
def create(
    name: Annotated[str, typer.Argument(help="The study's name.")],
    admin: Annotated[str, typer.Option(help="The account that runs it.")],
    physicians: Annotated[str, typer.Option(help="Accounts that vote, by commas.")] = "",
    networks: Annotated[str, typer.Option(help="Names by commas, stage1 or stage2.")] = "stage1",
    stage: Annotated[int, typer.Option(min=1, max=2, help="1: with hand-drawn masks.")] = 1,
    rule: Annotated[str, typer.Option(help="fixed:N, two-plus-one, or lead.")] = "fixed:1",
) -> None:
    """Create a draft; films, proposals and opening come next."""
    house = enter()
    with house.sessions.begin() as session:
        made = founding.found_study(
            session,
            admin=users.user_named(session, admin),
            name=name,
            stage=stage,
            protocol=Protocol(rule=parse_rule(rule), hand_drawn=stage == 1),
            networks=_words(networks),
            physicians=_words(physicians),
            models=house.settings.models,
            clock=house.clock,
        )
        typer.echo(f"Created {made.name} ({made.key}).")


@study.command("open")
def open_(
    name: Name,
    partly: Annotated[
        bool, typer.Option("--partly", help="Leave out films that lack a proposal.")
    ] = False,
) -> None:
    """Open a study to its physicians, or deal what was added to an open one."""
    house = enter()
    with house.sessions.begin() as session:
        found = study_named(session, name)
        cases = opening.open_study(session, found, clock=house.clock, partly=partly)
        typer.echo(f"{found.name} is open; {cases} new cases.")


@study.command()
def lock(name: Name) -> None:
    """Close a study to answers; it can be opened again until it is settled."""
    house = enter()
    with house.sessions.begin() as session:
        found = study_named(session, name)
        opening.lock_study(found, clock=house.clock)
        typer.echo(f"{found.name} is locked.")


@study.command()
def join(name: Name, account: Annotated[str, typer.Argument(help="The account.")]) -> None:
    """Let an account take part, in its role."""
    house = enter()
    with house.sessions.begin() as session:
        user = users.user_named(session, account)
        found = study_named(session, name)
        founding.join(session, found, user=user)
        typer.echo(f"{user.name} is {Role(user.role)} of {found.name}.")


def parse_rule(words: str) -> Rule:
    """Return the rule named so. Raises `typer.BadParameter`."""
    kind, _, number = words.partition(":")
    if kind == "two-plus-one" and not number:
        return TwoPlusOneRule()
    if kind == "lead" and not number:
        return LeadRule()
    if kind == "fixed" and number.isdecimal() and 1 <= int(number) <= 15:
        return FixedRule(n=int(number))
    raise typer.BadParameter(f"{words!r} is none of fixed:N (1 to 15), two-plus-one, lead.")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
