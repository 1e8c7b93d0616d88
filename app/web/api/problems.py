"""How errors stand in the OpenAPI document: RFC 9457, the same body for all of them."""

from typing import Any

from pydantic import BaseModel, ConfigDict

WORDS = {
    400: "The request cannot be understood.",
    401: "No token that counts was sent.",
    403: "The token's account may not do this.",
    404: "There is no such thing, or it is not yours to see.",
    409: "The study does not stand where this can be done.",
    410: "It was here once; make it again.",
    413: "The body is too large.",
    422: "A field is not as expected.",
}


class ProblemOut(BaseModel):
    """An error (RFC 9457). ``code`` is stable; ``reference`` is there for errors of ours."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:maskballot:problem:not-found",
                    "title": "There is no such study, or you do not take part in it.",
                    "status": 404,
                    "code": "not-found",
                    "detail": "",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    code: str
    detail: str
    reference: str | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route that may answer with these statuses."""
    reference = {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
    return {
        status: {
            "model": ProblemOut,
            "description": WORDS[status],
            "content": {"application/problem+json": reference},
        }
        for status in (401, 422, *statuses)
    }
