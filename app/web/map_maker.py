"""The one maker of infection maps in this process: networks stay open, answers are kept."""

from functools import lru_cache
from pathlib import Path

from app.accounts.tables import User
from app.ballots.deal import under_vote
from app.films.limits import Limits
from app.maps.answer import MapMaker, Permit
from app.problems import Problem
from app.web.house import House


def map_maker(house: House) -> MapMaker:
    """Return the maker for the house's models, limits and threads."""
    settings = house.settings
    limits = Limits(settings.max_film_bytes, settings.max_film_pixels)
    return _made(settings.models, limits, settings.inference_threads)


class FilmUnderVote(Problem):
    """The asker votes on this film: a network's map would tell whose mask is whose."""

    code = "film-under-vote"
    status = 403


def permit_of(house: House, user: User) -> Permit:
    """Return what keeps ``user`` from mapping a film that they vote on."""

    def permit(pixels_sha: str, near: str) -> None:
        with house.reading_sessions.begin() as session:
            voting = under_vote(session, user=user, pixels_sha=pixels_sha, near=near)
        if voting:
            raise FilmUnderVote(
                "This film stands in a study in which you vote, so its map is not shown to you.",
                cure="Ask again when the study is settled.",
            )

    return permit


@lru_cache(maxsize=4)
def _made(models: Path, limits: Limits, threads: int) -> MapMaker:
    return MapMaker(models, limits=limits, threads=threads)
