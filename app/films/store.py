"""Films out of the store."""

from app.blobs.store import BlobStore
from app.films.pixels import FilmPixels
from app.films.tables import Film


def load_pixels(blobs: BlobStore, film: Film) -> FilmPixels:
    """Return the film's grey values as they were imported."""
    return FilmPixels.restore(blobs.get(film.blob_sha), film.meta)


def display_png(blobs: BlobStore, film: Film) -> bytes:
    """Return the film as an 8-bit grey PNG at native size, made at ingest."""
    return blobs.get(film.display_sha)
