"""``maskballot user``: accounts of admins and physicians."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import passwords, users
from app.accounts.roles import Role
from app.accounts.tables import User
from app.cli.house import enter
from app.web.house import House

user = typer.Typer(no_args_is_help=True, help="Accounts of admins and physicians.")

Name = Annotated[str, typer.Argument(help="The name that is typed to sign in.")]


@user.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What the account may do at most.")],
    full_name: Annotated[str, typer.Option(help="As it is shown to others.")] = "",
) -> None:
    """Add an account and print its random password: the only time that it can be read."""
    house = enter()
    password = passwords.generate()
    with house.sessions.begin() as session:
        added = users.add_user(
            session,
            name=name,
            full_name=full_name,
            role=role,
            password=password,
            clock=house.clock,
        )
        _record(session, house, "account-made", added.name)
    typer.echo(f"{added.name} ({added.role}): {password}")


@user.command("list")
def list_() -> None:
    """List the accounts."""
    house = enter()
    table = Table("name", "full name", "role", "state", "added")
    with house.sessions() as session:
        for one in session.scalars(select(User).order_by(User.name)):
            state = "disabled" if one.disabled else ""
            table.add_row(one.name, one.full_name, one.role, state, f"{one.created_at:%Y-%m-%d}")
    Console().print(table)


@user.command()
def password(name: Name) -> None:
    """Give an account a new random password, print it, and end its sign-ins."""
    house = enter()
    fresh = passwords.generate()
    with house.sessions.begin() as session:
        found = users.user_named(session, name)
        users.set_password(session, user=found, password=fresh, clock=house.clock)
        _record(session, house, "password-reset", found.name)
    typer.echo(f"{found.name}: {fresh}")


@user.command()
def disable(name: Name) -> None:
    """Shut an account out; nothing it did is lost."""
    _set_disabled(name, disabled=True)
    typer.echo(f"{name} is disabled; `maskballot user enable {name}` lets them in again.")


@user.command()
def enable(name: Name) -> None:
    """Let a disabled account in again."""
    _set_disabled(name, disabled=False)
    typer.echo(f"{name} may sign in again.")


def _set_disabled(name: str, *, disabled: bool) -> None:
    house = enter()
    with house.sessions.begin() as session:
        found = users.user_named(session, name)
        users.set_disabled(session, user=found, disabled=disabled, clock=house.clock)
        _record(session, house, "account-disabled" if disabled else "account-enabled", found.name)


def _record(session: Session, house: House, action: str, subject: str) -> None:
    users.record(
        session, user=None, action=action, subject=subject, clock=house.clock, detail="command line"
    )
