"""Films out of the store."""

import io

import numpy as np
from PIL import Image

from app.blobs.store import BlobStore
from app.films.pixels import FilmPixels, aspect_of, grey_png
from app.films.tables import Film
from app.masks.codec import Mask, from_png
from app.problems import NotFound


def load_pixels(blobs: BlobStore, film: Film) -> FilmPixels:
    """Return the film's grey values as they were imported."""
    return FilmPixels.restore(blobs.get(film.blob_sha), film.meta)


def lungs_mask(blobs: BlobStore, film: Film) -> Mask:
    """Return the film's lung mask, ``bool[H, W]``. Raises `NotFound` where it has none."""
    if film.lungs_mask_sha is None:
        raise NotFound("This film has no lung mask.")
    return from_png(blobs.get(film.lungs_mask_sha), max_pixels=film.native_h * film.native_w)


def square_png(blobs: BlobStore, film: Film) -> bytes:
    """Return `display_png` with square pixels, as high as the film is seen."""
    png, aspect = display_png(blobs, film), aspect_of(film.meta)
    if aspect == 1:
        return png
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        size = (picture.width, max(1, round(picture.height * aspect)))
        return grey_png(np.asarray(picture.resize(size, Image.Resampling.LANCZOS)))


def display_png(blobs: BlobStore, film: Film) -> bytes:
    """Return the film as an 8-bit grey PNG at native size, made at ingest."""
    return blobs.get(film.display_sha)
