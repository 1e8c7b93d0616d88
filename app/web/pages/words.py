"""The words of a language for the browser (`static/words.js`)."""

from fastapi import APIRouter, Response

from app.problems import NotFound
from app.web.fields import Key
from app.words.catalogue import catalogues

router = APIRouter(include_in_schema=False)


@router.get("/words/{key}")
def browser_words(key: Key) -> Response:
    """The file that `Catalogue.address` names; its name changes with what it holds."""
    for catalogue in catalogues().values():
        if catalogue.address == f"/words/{key}":
            return Response(
                catalogue.browser_json,
                media_type="application/json",
                headers={"Cache-Control": "public, max-age=31536000, immutable"},
            )
    raise NotFound("There is no such file of words.")
