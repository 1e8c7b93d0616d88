"""From the bytes of a film to the bytes of its map: what the API and the page call."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from app import __version__
from app.films.decode import decode
from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.films.prints import near_code_of
from app.maps.cache import AnswerCache
from app.maps.colour import Colours
from app.maps.forms import Form, render
from app.maps.screen import ScreenMap, on_screen
from app.maps.team import Roster, Team

KEPT_BYTES = 64 * 1024 * 1024
# A map of the largest film takes some two gigabytes, and one alone keeps all processors busy.
AT_ONCE = 2


Permit = Callable[[str, str], None]
"""Called with the film's sha256 and near code before it is mapped; raises a `Problem` where it
must not be."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of a film: networks (names or stages; none: the default), form, colours."""

    networks: tuple[str, ...] = ()
    form: Form = "json"
    colours: Colours = "cividis"


class MapMaker:
    """Makes maps with the networks of one folder. Safe to use from several threads."""

    def __init__(self, models: Path, *, limits: Limits, threads: int) -> None:
        self._models = models
        self._limits = limits
        self._threads = threads
        self._cache = AnswerCache(KEPT_BYTES)
        self._room = BoundedSemaphore(AT_ONCE)

    def answer(self, data: bytes, *, name: str, wanted: Wanted, permit: Permit) -> bytes:
        """Return the map of the film in ``data`` as ``wanted``.

        Raises `FilmRefused` (which knows ``name``), `NetworkUnknown`, `NetworkRefused`, and what
        ``permit`` raises.
        """
        with self._room:
            film, team = self._read(data, name=name, networks=wanted.networks, permit=permit)
            return self._cache.get(_key(film, team, wanted), lambda: _drawn(film, team, wanted))

    def for_screen(
        self, data: bytes, *, name: str, networks: Sequence[str], permit: Permit
    ) -> ScreenMap:
        """Return the map of the film in ``data`` for the page. Raises as `answer` does."""
        with self._room:
            film, team = self._read(data, name=name, networks=networks, permit=permit)
            return on_screen(team.map_of(film), film, learnt_from=team.learnt_from)

    def _read(
        self, data: bytes, *, name: str, networks: Sequence[str], permit: Permit
    ) -> tuple[FilmPixels, Team]:
        roster = Roster.read(self._models, networks, threads=self._threads)
        film = decode(data, name=name, limits=self._limits)
        sha, near = film.sha256(), near_code_of(film)
        permit(sha, near)
        return film, roster.team(sha, near)


def _key(film: FilmPixels, team: Team, wanted: Wanted) -> Hashable:
    """Return all that an answer depends on; the manifest's entries hold the operating points."""
    used = [network for network in (*team.networks, team.lungs) if network is not None]
    networks = tuple((network.entry, network.sha256) for network in used)
    return film.sha256(), film.voi, networks, team.learnt_from, wanted, __version__


def _drawn(film: FilmPixels, team: Team, wanted: Wanted) -> bytes:
    return render(
        team.map_of(film),
        film,
        form=wanted.form,
        colours=wanted.colours,
        learnt_from=team.learnt_from,
    )
