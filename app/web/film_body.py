"""A film as the body of a request, bare or as the field ``film`` of a form; counted as it comes."""

from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message

from app.films.limits import megabytes
from app.problems import Problem

FORM = "multipart/form-data"
# What a form adds to its film: boundaries, headers, and the other fields.
FRAME = 64 * 1024


class FilmTooLarge(Problem):
    """The body is larger than a film may be."""

    code = "too-many-bytes"
    status = 413


class NoFilm(Problem):
    """The body holds no film, or is not the form it says it is."""

    code = "no-film"
    status = 422


@dataclass(frozen=True)
class FilmBody:
    """The film's bytes, the name it was sent under, and the other fields of its form."""

    data: bytes
    name: str
    fields: dict[str, str]


async def film_body(request: Request, *, most: int) -> FilmBody:
    """Return the film in the body; raises `FilmTooLarge` as soon as it is, or `NoFilm`."""
    is_form = request.headers.get("content-type", "").lower().startswith(FORM)
    counted = _counted(request, most + FRAME if is_form else most, most)
    found = await (_from_form(counted) if is_form else _bare(counted))
    if not found.data:
        raise NoFilm("No film was sent.", cure="Send it as the body, or as the field `film`.")
    if len(found.data) > most:
        raise _too_large(most)
    return found


async def _bare(request: Request) -> FilmBody:
    return FilmBody(data=await request.body(), name="film", fields={})


async def _from_form(request: Request) -> FilmBody:
    try:
        async with request.form(max_files=1, max_fields=8, max_part_size=4096) as form:
            film = form.get("film")
            data = await film.read() if isinstance(film, UploadFile) else b""
            name = film.filename if isinstance(film, UploadFile) else None
            fields = {key: said for key, said in form.items() if isinstance(said, str)}
            return FilmBody(data=data, name=name or "film", fields=fields)
    except HTTPException as error:
        raise NoFilm("The form cannot be read: {why}", why=error.detail) from error


def _counted(request: Request, stop: int, most: int) -> Request:
    """Return the request with a body that ends in `FilmTooLarge` after ``stop`` bytes."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > stop:
        raise _too_large(most)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > stop:
            raise _too_large(most)
        return message

    return Request(request.scope, receive)


def _too_large(most: int) -> FilmTooLarge:
    return FilmTooLarge("The film is larger than {size} MB.", size=megabytes(most))
