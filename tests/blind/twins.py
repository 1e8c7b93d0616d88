"""Two studies that differ in nothing but whose the masks are.

The twin is made from a finished study by exchanging, film by film, which *origin* made which
pixels. All that belongs to an origin stays with it: the candidate's id, the time it was made, the
encoding and the date of its stored file. All that a physician may see stays where it was: the same
pixels stand in the same slot.
"""

import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import signin, tokens
from app.accounts.tables import ApiToken, UserSession
from app.ballots.tables import CaseOrder, Return
from app.blobs.store import BlobStore
from app.clock import FixedClock
from app.conduct.opening import open_study
from app.db.engine import make_engine, session_factory
from app.films.tables import Film
from app.masks.codec import from_png, to_png
from app.proposals.missing import sources_of
from app.proposals.origins import CandidateOrigin, by_source
from app.proposals.planting import planted
from app.proposals.tables import Candidate, Likeness
from app.settings import Settings, secret_key
from app.studies.protocol import Design, Display, FixedRule, Questions
from app.studies.studies import study_named
from app.web.house import House
from tests.support.factory import START, World, add_film, make_world, propose_all
from tests.support.sentinels import confirm, plant_sentinels

STUDY = "Study alpha"
COOKIE = "a-cookie-that-both-twins-know"
TOKEN = "mb_a-token-that-both-twins-know"


# Everything that can make one ballot differ from another, often.
DESIGN = Design(repeat_share=0.5, repeat_after_ballots=3, draw_first_share=0.1, sentinel_share=0.4)


@dataclass(frozen=True)
class Twins:
    """Two houses over two copies of one study."""

    first: House
    second: House


@dataclass(frozen=True)
class Films:
    """How many there are, ``scale`` times as large as need be, and how many have lungs."""

    cases: int
    scale: int = 1
    lungs_every: int = 3


def make_twins(folder: Path, template: Path, *, films: Films) -> Twins:
    """Make a study of these ``films`` and its twin below ``folder``."""
    first, second = folder / "first", folder / "second"
    first.mkdir()
    shutil.copyfile(template, first / "maskballot.sqlite")
    house = house_at(first)
    with house.sessions.begin() as session:
        _found(session, house.blobs, films)
    house.engine.dispose()
    secret_key(first)
    shutil.copytree(first, second)
    twin = house_at(second)
    rng = np.random.default_rng(20)
    with twin.sessions.begin() as session:
        _exchange(session, rng)
    for one in (house, twin):
        with one.sessions.begin() as session:
            _mark_stored_files(session, one.blobs)
    return Twins(house, twin)


def house_at(home: Path) -> House:
    settings = Settings(home=home)
    return House(
        settings=settings,
        clock=FixedClock(START),
        blobs=BlobStore(settings.blobs),
        engine=make_engine(settings.database),
        reader=make_engine(settings.reader_database, reading=True),
    )


def _found(session: Session, blobs: BlobStore, films: Films) -> None:
    world = make_world(
        session,
        blobs,
        films=0,
        physicians=2,
        rule=FixedRule(n=2),
        design=DESIGN,
        questions=Questions(guess_share=0.5),
        display=Display(long_side=64 * films.scale, native_share=0.3),
        is_open=False,
    )
    for number in range(films.cases):
        patient = f"patient-{number}" if number % 3 else None
        shape = (films.scale * (48 + number % 7), films.scale * (40 + number % 5))
        film = add_film(
            session,
            blobs,
            world.study,
            number=number,
            patient=patient,
            shape=shape,
            lungs=number % films.lungs_every == 0,
        )
        world.films.append(film)
    propose_all(session, blobs, world)
    confirm(session, blobs, world, world.films)
    _draw_near_twins(session, blobs, world)
    ids = [film.id for film in world.films]
    plant_sentinels(session, blobs, world.study, film_ids=ids, clock=world.clock)
    open_study(session, blobs, world.study, clock=world.clock)
    reader = world.physicians[0]
    later = world.clock.now().replace(year=2027)
    session.add(
        UserSession(
            token_sha256=signin.digest(COOKIE),
            user_id=reader.id,
            created_at=world.clock.now(),
            expires_at=later,
        )
    )
    session.add(
        ApiToken(
            token_sha256=signin.digest(TOKEN),
            user_id=reader.id,
            title="for tests",
            created_at=world.clock.now(),
        )
    )
    assert TOKEN.startswith(tokens.PREFIX)


def _draw_near_twins(session: Session, blobs: BlobStore, world: World) -> None:
    """On every fifth film, let two sources differ by one pixel. (On every eighth, all networks
    find nothing.)
    """
    films = [film.id for film in world.films][::5]
    found = by_source(session, film_ids=films, sources=sources_of(world.study))
    for number, ids in enumerate(found.values()):
        one, other = (
            session.get_one(Candidate, ids[(number + step) % len(ids)]) for step in (0, 1)
        )
        shown = bytearray(blobs.get(one.grid_sha))
        shown[len(shown) // 2] ^= 1
        other.grid_sha = blobs.put(bytes(shown))
        other.mask_sha, other.native_sha = one.mask_sha, one.native_sha
        other.area = one.area
    _empty_one(session, blobs, world, [film.id for film in world.films][2::5])


def _empty_one(session: Session, blobs: BlobStore, world: World, films: list[int]) -> None:
    """On these films, let one source alone have found nothing."""
    found = by_source(session, film_ids=films, sources=sources_of(world.study))
    for number, ids in enumerate(found.values()):
        one = session.get_one(Candidate, ids[number % len(ids)])
        film = session.get_one(Film, one.film_id)
        nothing = np.zeros((film.native_h, film.native_w), np.bool_)
        one.mask_sha, one.area = blobs.put(to_png(nothing)), 0
        one.grid_sha = one.native_sha = blobs.put(bytes(len(blobs.get(one.grid_sha))))


def _exchange(session: Session, rng: np.random.Generator) -> None:
    """Hand each film's pixels to other origins; slots follow the pixels."""
    study = study_named(session, STUDY)
    film_ids = session.scalars(select(Film.id)).all()
    now_held_by: dict[int, int] = {}
    ordinary = by_source(session, film_ids=film_ids, sources=sources_of(study))
    sentinels = planted(session, film_ids=film_ids)
    for ids in [*ordinary.values(), *sentinels.values()]:
        candidates = [session.get_one(Candidate, candidate_id) for candidate_id in ids]
        pixels = [_pixels(one) for one in candidates]
        # A rotation by one, two or three leaves no mask with its origin.
        shift = int(rng.integers(1, len(ids)))
        for index, one in enumerate(candidates):
            for name, value in pixels[(index + shift) % len(ids)].items():
                setattr(one, name, value)
            now_held_by[ids[(index + shift) % len(ids)]] = one.id
    for order in [*session.scalars(select(CaseOrder)), *session.scalars(select(Return))]:
        order.candidates = [now_held_by[candidate_id] for candidate_id in order.candidates]
    for row in session.scalars(select(Likeness)):
        row.groups = [[now_held_by[candidate_id] for candidate_id in group] for group in row.groups]


def _pixels(one: Candidate) -> dict[str, object]:
    names = ("mask_sha", "grid_sha", "native_sha", "area", "fidelity")
    return {name: getattr(one, name) for name in names}


def _mark_stored_files(session: Session, blobs: BlobStore) -> None:
    """Give every stored mask an encoding and a date that tell its origin.

    As it could be in life: the hand-drawn masks came weeks earlier, from another program.
    """
    for candidate, origin in session.execute(
        select(Candidate, CandidateOrigin).join(
            CandidateOrigin, CandidateOrigin.candidate_id == Candidate.id
        )
    ):
        rank = sum(origin.source.encode()) % 8
        out = io.BytesIO()
        mask = from_png(blobs.get(candidate.mask_sha), max_pixels=10**6)
        Image.fromarray(mask).save(out, "PNG", compress_level=0 if origin.kind == "manual" else 9)
        candidate.mask_sha = blobs.put(out.getvalue())
        when = 1_700_000_000 + 100 * rank
        os.utime(stored_file(blobs, candidate.grid_sha), (when, when))


def stored_file(blobs: BlobStore, sha: str) -> Path:
    """Return where a folder's store keeps a blob."""
    return next(path for path in Path(blobs.url).rglob(f"*{sha[4:]}") if path.is_file())


def full_session(house: House) -> Session:
    """A database session that may read origins, for a planted leak; it waits for no writer."""
    return session_factory(house.engine.execution_options(sqlite_begin="DEFERRED"))()
