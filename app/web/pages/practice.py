"""The practice round: three films of which all is known, answered like ballots and not counted.

Nothing of it is stored but that it was done. Its addresses answer in the shapes of a ballot's, so
that the same page and the same modules serve both.
"""

import zlib
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.preferences import note_practice
from app.ballots.bundle import pack as pack_bundle
from app.demo.practice import LESSONS, SIZE, PracticeFilm, practice_film
from app.films.pixels import grey_png
from app.films.wire import pack as pack_film
from app.masks.codec import pack_bits
from app.votes.answers import AnswerKind, Submission
from app.web.pages.ballot import Done, Held
from app.web.pages.ballot_views import BallotPage, BallotView
from app.web.pages.practice_views import (
    PracticeDonePage,
    PracticeSaved,
    practice_page,
    practice_view,
    told,
)
from app.web.render import render
from app.web.security import HouseDep, Physician, Reading

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=len(LESSONS))]
Answered = Annotated[list[int], Query(alias="answered", max_length=100)]
STREAM = "application/octet-stream"


def film_of(number: Number, _user: Physician) -> PracticeFilm:
    """The practice film ``number``, for a signed-in physician."""
    return practice_film(number)


OwnFilm = Annotated[PracticeFilm, Depends(film_of, scope="function")]


@router.get("/practice")
def practice(_user: Physician) -> RedirectResponse:
    """Begin the round."""
    return RedirectResponse("/practice/ballots/1", status_code=303)


@router.get("/practice/done")
def practice_done(request: Request, _user: Physician) -> Response:
    """Say what the three films were."""
    return render(request, PracticeDonePage.template, PracticeDonePage(films=len(LESSONS)))


@router.post("/practice/skip")
def skip_practice(user: Physician, session: Reading, house: HouseDep) -> RedirectResponse:
    """Not now, nor again: the round stays to be found on the home page."""
    note_practice(session, user=user, clock=house.clock)
    return RedirectResponse("/", status_code=303)


@router.post("/practice/next")
def next_practice(_user: Physician, answered: Answered = []) -> BallotView | Done:  # noqa: B006
    """Tell the film after those ``answered``; the browser alone knows which they are."""
    number = max(answered, default=0) + 1
    if number > len(LESSONS):
        return Done(study="/practice/done")
    return practice_view(max(1, number))


@router.get("/practice/ahead")
def practice_ahead(_user: Physician, answered: Answered = []) -> list[BallotView]:  # noqa: B006
    """Tell the films after those ``answered``."""
    return [
        practice_view(number) for number in range(1, len(LESSONS) + 1) if number not in answered
    ]


@router.get("/practice/ballots/{number}")
def practice_ballot(request: Request, number: Number, user: Physician) -> Response:
    """Show a film of the round on the ballot's page."""
    return render(request, BallotPage.template, practice_page(user, number))


@router.get("/practice/ballots/{number}/film")
def practice_pixels(film: OwnFilm) -> Response:
    """The film's stored values (`app.films.wire`)."""
    pixels = film.drawn.film
    return Response(pack_film(grey_png(pixels.values), pixels.meta()), media_type=STREAM)


@router.get("/practice/ballots/{number}/bundle")
def practice_bundle(film: OwnFilm) -> Response:
    """The candidates as one stream (`app.ballots.bundle`)."""
    masks = [pack_bits(mask) for mask in film.candidates]
    return Response(pack_bundle(masks, grid=SIZE, native=SIZE), media_type=STREAM)


@router.get("/practice/ballots/{number}/lungs")
def practice_lungs(film: OwnFilm) -> Response:
    """Where the lungs are: packed bits at native size, compressed (zlib)."""
    return Response(zlib.compress(pack_bits(film.drawn.lungs), 6), media_type=STREAM)


@router.post("/practice/ballots/{number}/answers", status_code=201)
def practice_answer(
    sent: Submission,
    number: Number,
    film: OwnFilm,
    user: Physician,
    session: Reading,
    house: HouseDep,
) -> PracticeSaved:
    """Say what was planted; keep nothing of the answer. The last film ends the round."""
    saved = told(sent, number, film, at=house.clock.now())
    if number == len(LESSONS) and sent.answer.kind is not AnswerKind.LATER:
        note_practice(session, user=user, clock=house.clock)
    return saved


@router.post("/practice/ballots/{number}/lease")
def practice_lease(number: Number, _user: Physician) -> Held:
    """Nobody waits for a practice film: it is held for ever."""
    return Held(lease_seconds=None)
