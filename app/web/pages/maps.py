"""The page of infection maps: drop a film, see the map over it. For everyone who is signed in."""

import sys
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.accounts.tables import User
from app.networks.manifest import read_manifest
from app.networks.refusals import NetworkRefused
from app.web.fields import Line
from app.web.film_body import film_body
from app.web.house import House
from app.web.map_maker import map_maker, permit_of
from app.web.pages.maps_views import MapsPage, maps_page
from app.web.render import render
from app.web.security import HouseDep, SignedIn, someone
from app.words.speaking import _, told

router = APIRouter(prefix="/maps", include_in_schema=False)


@router.get("")
def show_maps(request: Request, user: SignedIn, house: HouseDep) -> Response:
    """Show the place where a film is dropped."""
    settings = house.settings
    try:
        manifest, refused = read_manifest(settings.models), ""
    except NetworkRefused as refusal:
        manifest, refused = None, told(refusal)
    page = maps_page(manifest, max_bytes=settings.max_film_bytes, refused=refused)
    return render(request, MapsPage.template, page)


# The limit is the settings', and it is counted by `film_body` while the film comes in.
@router.post("", max_body_size=sys.maxsize)
async def make_map(
    request: Request, house: HouseDep, networks: Annotated[Line, Query()] = ""
) -> Response:
    """Return the map of the film in the body, as JSON for the page's own script."""
    user = await run_in_threadpool(_authorise, request, house)
    film = await film_body(request, most=house.settings.max_film_bytes)
    names = [name for name in networks.split(",") if name]
    shown = await run_in_threadpool(
        map_maker(house).for_screen,
        film.data,
        name=film.name,
        networks=names,
        permit=permit_of(house, user),
    )
    numbers = shown.numbers
    numbers.remark = _(numbers.remark)
    numbers.research_only = _(numbers.research_only)
    numbers.detection.caution = _(numbers.detection.caution)
    return Response(shown.model_dump_json(), media_type="application/json")


def _authorise(request: Request, house: House) -> User:
    # Not as a dependency: its database session would stay open while the film comes in.
    with house.reading_sessions.begin() as session:
        return someone(request, house, session)
