"""What this installation says of itself: how accessible it is."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from app import __version__
from app.web.render import render
from app.web.security import Anyone, HouseDep

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class AccessibilityPage:
    """The statement. ``contact`` is whom the operator named; ``hours`` how long a sign-in lasts."""

    template: ClassVar[str] = "about/accessibility.html"

    version: str
    hours: int
    contact: str


@router.get("/accessibility")
def accessibility(request: Request, house: HouseDep, _user: Anyone) -> Response:
    """Say what was checked and what falls short; for everybody, signed in or not."""
    page = AccessibilityPage(
        version=__version__,
        hours=house.settings.session_hours,
        contact=house.settings.contact,
    )
    return render(request, AccessibilityPage.template, page)
