"""A film in, its infection map out, for programs."""

import sys
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.accounts.tables import User
from app.maps.answer import Wanted
from app.maps.colour import Colours
from app.maps.forms import Form, media_type
from app.maps.numbers import MapWithMasks
from app.web.api.problems import problems
from app.web.film_body import film_body
from app.web.house import House
from app.web.map_maker import map_maker, permit_of
from app.web.security import Credentials, HouseDep, program

router = APIRouter(prefix="/api/v1/infection-maps", tags=["infection maps"])

BINARY = {"type": "string", "format": "binary"}
FILM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["film"],
                "properties": {
                    "film": BINARY,
                    "networks": {"type": "string"},
                    "format": {"type": "string"},
                    "colours": {"type": "string"},
                },
            }
        },
        **{kind: {"schema": BINARY} for kind in ("application/dicom", "image/png", "image/jpeg")},
        "application/octet-stream": {"schema": BINARY},
    },
}
EXAMPLE: dict[str, Any] = {
    "research_only": "research use only, not for diagnosis",
    "version": "0.1.0",
    "film": {"sha256": "9f86d081884c7d65…", "rows": 2500, "columns": 2048},
    "networks": [{"name": "unet", "sha256": "a5fc390b21c70b18…"}],
    "lungs_network": {"name": "lungs-unet", "sha256": "83ebc8404e5fd3eb…"},
    "learnt_from_this_film": [],
    "threshold": 0.45,
    "specks": 0.0005,
    "painted_from": 0.1,
    "detection": {
        "infected": True,
        "rule": "area of the mask as a fraction of the film",
        "score": 0.087,
        "threshold": 0.02,
        "any_pixel": True,
        "sensitivity": 0.91,
        "specificity": 0.95,
        "measured_on": "1428 films with and 69 without a mask",
        "caution": "…an upper bound for films from elsewhere.",
    },
    "extent": {
        "percent": 21.4,
        "smallest": 21.4,
        "largest": 21.4,
        "grades": 3,
        "right": {
            "percent": 30.2,
            "grade": 2,
            "zones": {"upper": 0.0, "middle": 28.1, "lower": 55.9},
        },
        "left": {
            "percent": 11.5,
            "grade": 1,
            "zones": {"upper": 0.0, "middle": 0.0, "lower": 35.0},
        },
    },
    "remark": "",
    "mask": {"rows": 2500, "columns": 2048, "runs": [1630211, 14, 2033]},
    "lungs": {"rows": 2500, "columns": 2048, "runs": [510311, 9, 2031]},
}


class Question(BaseModel):
    """What is asked of a film. The same names may stand in the form beside ``film``."""

    model_config = ConfigDict(extra="forbid")

    networks: str = Field(
        default="",
        max_length=1000,
        description="Names by commas, or stage1, stage2: their mean. Empty: the latest stage.",
        examples=["stage1"],
    )
    format: Form = Field(
        default="json",
        description="Numbers with mask and lungs as runs; or a PNG: the coloured layer to lay over "
        "the film, the film with the map and a legend, the probability in 16 bits, the mask.",
    )
    colours: Colours = "cividis"

    def wanted(self) -> Wanted:
        """Return the question as the maps understand it."""
        names = tuple(name.strip() for name in self.networks.split(",") if name.strip())
        return Wanted(networks=names, form=self.format, colours=self.colours)


@router.post(
    "",
    summary="Map the infection on a film",
    # The limit is the settings', and it is counted by `film_body` while the film comes in.
    max_body_size=sys.maxsize,
    response_class=Response,
    openapi_extra={"requestBody": FILM},
    responses=problems(413)
    | {
        200: {
            "model": MapWithMasks,
            "description": "The map. Every form says which film, networks and version made it.",
            "content": {"application/json": {"example": EXAMPLE}, "image/png": {"schema": BINARY}},
        }
    },
)
async def make_infection_map(
    request: Request,
    house: HouseDep,
    credentials: Credentials,
    question: Annotated[Question, Query()],
) -> Response:
    """Return the infection map of the film in the body (PNG, JPEG or DICOM).

    Research use only, not for diagnosis. The same film and networks give the same bytes.
    """
    user = await run_in_threadpool(_authorise, house, credentials)
    film = await film_body(request, most=house.settings.max_film_bytes)
    wanted = _merged(question, film.fields).wanted()
    body = await run_in_threadpool(
        map_maker(house).answer,
        film.data,
        name=film.name,
        wanted=wanted,
        permit=permit_of(house, user),
    )
    return Response(body, media_type=media_type(wanted.form))


def _authorise(house: House, credentials: Credentials) -> User:
    # Not as a dependency: its database session would stay open while the film comes in.
    with house.reading_sessions.begin() as session:
        return program(session, credentials)


def _merged(question: Question, fields: dict[str, str]) -> Question:
    try:
        return Question.model_validate(question.model_dump(exclude_unset=True) | fields)
    except ValidationError as error:
        faults = [fault | {"loc": ("body", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from error
