"""``maskballot study``: studies and who takes part in them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import users
from app.accounts.roles import Role
from app.cli.house import enter
from app.conduct import founding, opening, planting, watching
from app.reports.words import rule_words
from app.studies.protocol import (
    FixedRule,
    LeadRule,
    Protocol,
    Rule,
    SequentialRule,
    TwoPlusOneRule,
)
from app.studies.states import State, require
from app.studies.studies import move, protocol_of, study_named
from app.studies.tables import Study
from app.web.house import House
from app.web.pages.admin.protocol_words import agreed

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
    rule: Annotated[
        str, typer.Option(help="fixed:N, two-plus-one, lead, or sequential.")
    ] = "fixed:1",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting, as design.repeat_share=0.2; may be repeated."),
    ] = None,
) -> None:
    """Create a draft; films, proposals and opening come next."""
    with _acting() as (session, house):
        made = founding.found_study(
            session,
            admin=users.user_named(session, admin),
            name=name,
            stage=stage,
            protocol=parse_protocol(rule, stage=stage, settings=settings or []),
            networks=_words(networks),
            physicians=_words(physicians),
            models=house.settings.models,
            clock=house.clock,
        )
        _note(session, house, made, "study-made")
    typer.echo(f"Created {made.name} ({made.key}).")


@study.command()
def show(name: Name) -> None:
    """Show one study: what it has, what it lacks, how far its physicians are."""
    house = enter()
    with house.sessions() as session:
        found = study_named(session, name)
        ready = opening.readiness(session, found)
        far = watching.answers(session, [found])[found.id]
        physicians = watching.physicians(session, found)
        flagged = watching.unlike(session, found)
    typer.echo(f"{found.name} ({found.key}), stage {found.stage}, {found.state}")
    typer.echo(f"rule: {rule_words(protocol_of(found))}")
    typer.echo(f"networks: {', '.join(found.networks) or 'none'}")
    for title, words in agreed(protocol_of(found)):
        typer.echo(f"{title.lower()}: {words}")
    typer.echo(f"films: {ready.films}, with all candidates {ready.cases}")
    typer.echo(f"answers: {far.have} of {far.wanted} wanted, {far.cases} cases")
    if flagged.candidates:
        typer.echo(
            f"masks shown below the agreed fidelity: {flagged.candidates} on {flagged.films} films"
        )
    if found.state == State.DRAFT:
        for problem in ready.lacking:
            typer.echo(f"before it can be opened: {problem}")
    table = Table("physician", "answered", "later", "left")
    for user, done in physicians:
        table.add_row(user.name, str(done.answered), str(done.later), str(done.open))
    Console().print(table)


@study.command("open")
def open_(
    name: Name,
    partly: Annotated[
        bool, typer.Option("--partly", help="Leave out films that lack a proposal.")
    ] = False,
) -> None:
    """Open a study to its physicians, or deal what was added to an open one."""
    house = enter()
    with house.sessions() as session:
        study_id = study_named(session, name).id
    planting.prepare_opening(house.sessions, house.blobs, study_id=study_id, clock=house.clock)
    with _acting() as (session, house):
        found = session.get_one(Study, study_id)
        cases = opening.open_study(session, house.blobs, found, clock=house.clock, partly=partly)
        _note(session, house, found, "opened", f"{cases} new cases")
    typer.echo(f"{found.name} is open; {cases} new cases.")


@study.command()
def lock(name: Name) -> None:
    """Close a study to answers; it can be opened again until it is settled."""
    with _acting() as (session, house):
        found = study_named(session, name)
        opening.lock_study(found, clock=house.clock)
        _note(session, house, found, "locked")
    typer.echo(f"{found.name} is locked.")


@study.command()
def reopen(name: Name) -> None:
    """Take answers again in a study that is locked and not settled."""
    with _acting() as (session, house):
        found = study_named(session, name)
        require(found.state, State.LOCKED)
        move(found, to=State.OPEN, clock=house.clock)
        _note(session, house, found, "reopened")
    typer.echo(f"{found.name} is open again.")


@study.command()
def join(name: Name, account: Annotated[str, typer.Argument(help="The account.")]) -> None:
    """Let an account take part, in its role: an admin runs the study, a physician votes."""
    with _acting() as (session, house):
        found = study_named(session, name)
        user = founding.join(session, found, user=users.user_named(session, account))
        _note(session, house, found, "member-added", user.name)
    typer.echo(f"{user.name} is {Role(user.role)} of {found.name}.")


@contextmanager
def _acting() -> Iterator[tuple[Session, House]]:
    house = enter()
    with house.sessions.begin() as session:
        yield session, house


def _note(session: Session, house: House, about: Study, action: str, detail: str = "") -> None:
    detail = f"{detail} (command line)".strip()
    users.record(
        session, user=None, action=action, subject=about.key, clock=house.clock, detail=detail
    )


def parse_rule(words: str) -> Rule:
    """Return the rule named so. Raises `typer.BadParameter`."""
    kind, _, number = words.partition(":")
    if kind == "two-plus-one" and not number:
        return TwoPlusOneRule()
    if kind == "lead" and not number:
        return LeadRule()
    if kind == "sequential" and not number:
        return SequentialRule()
    if kind == "fixed" and number.isdecimal() and 1 <= int(number) <= 15:
        return FixedRule(n=int(number))
    raise typer.BadParameter(
        f"{words!r} is none of fixed:N (1 to 15), two-plus-one, lead, sequential."
    )


def parse_protocol(rule: str, *, stage: int, settings: Sequence[str]) -> Protocol:
    """Return the protocol with ``settings`` like ``design.repeat_share=0.2``.

    Raises `typer.BadParameter` where a name or a value is none.
    """
    said: dict[str, Any] = {
        "rule": parse_rule(rule).model_dump(),
        "display": {},
        "design": {},
        "questions": {},
        "hand_drawn": stage == 1,
    }
    for setting in settings:
        name, _, value = setting.partition("=")
        part, _, field = name.partition(".")
        if field and isinstance(said.get(part), dict):
            said[part][field] = value
        elif name == "lease_minutes":
            said[name] = value
        else:
            raise typer.BadParameter(f"There is no setting {name!r}.", param_hint="--set")
    try:
        return Protocol.model_validate(said)
    except ValidationError as error:
        fault = error.errors()[0]
        name = ".".join(str(one) for one in fault["loc"])
        raise typer.BadParameter(f"{name}: {fault['msg']}.", param_hint="--set") from error


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
