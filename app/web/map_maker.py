"""The one maker of infection maps in this process: networks stay open, answers are kept."""

from functools import lru_cache
from pathlib import Path

from app.films.limits import Limits
from app.maps.answer import MapMaker
from app.web.house import House


def map_maker(house: House) -> MapMaker:
    """Return the maker for the house's models, limits and threads."""
    settings = house.settings
    limits = Limits(settings.max_film_bytes, settings.max_film_pixels)
    return _made(settings.models, limits, settings.inference_threads)


@lru_cache(maxsize=4)
def _made(models: Path, limits: Limits, threads: int) -> MapMaker:
    return MapMaker(models, limits=limits, threads=threads)
