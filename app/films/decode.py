"""Any file's bytes to a film or a mask; what cannot be decoded is refused by name."""

import numpy as np
from numpy.typing import NDArray

from app.films.airlock import read_apart
from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.films.refusals import FilmRefused, MaskSize
from app.films.voi import luminance

__all__ = ["Limits", "decode", "decode_mask"]


def decode(data: bytes, *, name: str, limits: Limits) -> FilmPixels:
    """Return the film in ``data``; raises a `FilmRefused` that knows ``name``."""
    try:
        limits.check_bytes(len(data))
        return read_apart(data, limits)
    except FilmRefused as refused:
        raise refused.of(name) from None


def decode_mask(
    data: bytes, *, name: str, shape: tuple[int, int], limits: Limits
) -> NDArray[np.bool_]:
    """Return the mask in ``data`` as bool [H, W] of ``shape``: the brighter half is inside.

    Masks of 0 and 1 count as much as those of 0 and 255. Raises `MaskSize`, or what `decode` does.
    """
    film = decode(data, name=name, limits=limits)
    if film.shape != shape:
        raise MaskSize(
            "The mask has {rows} by {columns} pixels, its film {film_rows} by {film_columns}.",
            rows=film.shape[0],
            columns=film.shape[1],
            film_rows=shape[0],
            film_columns=shape[1],
        ).of(name)
    bright = luminance(film)
    inside: NDArray[np.bool_] = bright > bright.max(initial=0) / 2
    return inside
