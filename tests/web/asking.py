"""Asking every route by name: addresses filled with a world's names, askers by theirs."""

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, select

from app.accounts.tables import ApiToken
from app.accounts.tokens import add_token
from app.accounts.users import user_named
from app.ballots import deal
from app.exports.tables import Export
from app.runs.tables import Run
from app.studies.studies import study_named
from tests.support.factory import START, World
from tests.web.conftest import Town

# A world's names for the parameters in addresses.
Names = dict[str, str]


def names_in(town: Town, world: World, reader: str) -> Names:
    """Make a ballot, a run, an export and a token in ``world`` and return all its names."""
    with town.house.sessions.begin() as session:
        study = study_named(session, world.study.name)
        physician = user_named(session, reader)
        ballot = deal.next_ballot(session, study, physician=physician, clock=town.clock)
        assert ballot is not None
        run = Run(kind="import", study_id=study.id, arguments={}, state="done", created_at=START)
        export = Export(
            study_id=study.id,
            kind="training-set",
            films=0,
            manifest_sha256="0" * 64,
            made_at=START,
            version="0",
        )
        owner = user_named(session, world.admin.name)
        add_token(session, user=owner, title="owner's", clock=town.clock)
        session.add_all([run, export])
        session.flush()
        token_id = session.scalar(select(func.max(ApiToken.id)))
        return {
            "study": study.key,
            "ballot": ballot.key,
            "network": "north",
            "account": "stranger",
            "pixels_sha": world.films[0].pixels_sha,
            "run_id": str(run.id),
            "export_id": str(export.id),
            "token_id": str(token_id),
            "number": "1",
        }


def fill(path: str, names: Names) -> str:
    """Return the address of ``path`` with these names."""
    key = "ballot" if path.startswith("/ballots") else "study"
    name = "account" if "accounts" in path else "network"
    known = names | {"key": names[key], "name": names[name]}
    return path.format_map(known)


def client_of(town: Town, person: str) -> TestClient:
    """Return the browser or the program of ``person``."""
    if person.startswith("token of "):
        return town.program(person.removeprefix("token of "))
    return town.visitor(person)


def ask(town: Town, person: str, method: str, address: str) -> Response:
    """Send a request as ``person``, who has just signed in, with as little as a form may hold."""
    sent = {"name": "stranger"} if "/members" in address else None
    return client_of(town, person).request(method, address, data=sent)
