"""Every table of the house, registered by importing it; for migrations and for tests."""

from app.accounts import tables as accounts
from app.ballots import tables as ballots
from app.exports import tables as exports
from app.films import tables as films
from app.proposals import origins
from app.proposals import tables as proposals
from app.runs import tables as runs
from app.settlement import tables as settlement
from app.studies import tables as studies
from app.votes import tables as votes

__all__ = [
    "accounts",
    "ballots",
    "exports",
    "films",
    "origins",
    "proposals",
    "runs",
    "settlement",
    "studies",
    "votes",
]
