"""A study's films, for its admins."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response

from app.conduct import watching
from app.films.store import square_png
from app.films.views import same_views
from app.web.fields import Line
from app.web.pages.admin.films_views import FilmPage, FilmsPage, film_page, film_row
from app.web.pages.admin.own_study import OwnStudy, PageNumber, address_of
from app.web.paging import Paging
from app.web.render import render
from app.web.security import Full, HouseDep

router = APIRouter(prefix="/admin/studies/{key}/films", include_in_schema=False)

SAME_VIEWS = 20  # films named on the page of one
PixelsSha = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.get("")
def show_films(
    request: Request, study: OwnStudy, session: Full, page: PageNumber = 1, beginning: Line = ""
) -> Response:
    """Show one page of the films, by name."""
    address = f"{address_of(study)}/films"
    total = watching.count_films(session, study, beginning=beginning)
    query = f"?{urlencode({'beginning': beginning})}" if beginning else ""
    paging = Paging(total=total, number=page, address=address + query)
    lines = watching.films(
        session, study, offset=paging.offset, limit=paging.size, beginning=beginning
    )
    shown = FilmsPage(
        study=study.name,
        address=address_of(study),
        beginning=beginning,
        rows=[film_row(study, line) for line in lines],
        paging=paging,
    )
    return render(request, FilmsPage.template, shown)


@router.get("/{pixels_sha}")
def show_film(request: Request, pixels_sha: PixelsSha, study: OwnStudy, session: Full) -> Response:
    """Show one film."""
    film = watching.film_of(session, study, pixels_sha=pixels_sha)
    line = watching.film_lines(session, [film.id])[0]
    alike = same_views(session, study_id=study.id, limit=SAME_VIEWS, film_id=film.id)
    return render(request, FilmPage.template, film_page(study, line, alike))


@router.get("/{pixels_sha}/picture")
def film_picture(
    pixels_sha: PixelsSha, study: OwnStudy, session: Full, house: HouseDep
) -> Response:
    """The film as a ballot shows it. The type is ours: what was uploaded is never sent back."""
    film = watching.film_of(session, study, pixels_sha=pixels_sha)
    return Response(square_png(house.blobs, film), media_type="image/png")
