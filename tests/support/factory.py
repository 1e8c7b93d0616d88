"""A small study made through the rooms' own doors: users, films, candidates, an open ballot box."""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy.orm import Session

from app.accounts.passwords import hash_password
from app.accounts.roles import Role
from app.accounts.tables import User
from app.blobs.store import BlobStore
from app.clock import FixedClock
from app.conduct.opening import open_study
from app.films.pixels import FilmPixels
from app.films.tables import Film, Patient
from app.masks.codec import to_png
from app.proposals.origins import network_source
from app.proposals.propose import Proposed, compute, plan, store
from app.studies.protocol import Design, Display, Protocol, Questions, Rule, TwoPlusOneRule
from app.studies.studies import add_member, create, protocol_of
from app.studies.tables import Study

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
SEED = "5eed" * 16
PASSWORD = "a-password-for-tests"
SHAPE = (96, 80)
NETWORKS = ("north", "south", "west")
# Every film once, with a slot for every source: what most tests count on.
PLAIN = Design(repeat_share=0, merge=False)
SMALL = Display(long_side=64)


@cache
def hashed_once() -> str:
    """The hash of `PASSWORD`: slow by design, so all the tests' users share one."""
    return hash_password(PASSWORD)


def blob_mask(rng: np.random.Generator, shape: tuple[int, int] = SHAPE) -> NDArray[np.bool_]:
    """A filled ellipse somewhere on the film: bool[H, W]."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    centre = rng.uniform(0.3, 0.7, 2) * shape
    radii = rng.uniform(0.1, 0.25, 2) * shape
    distance = ((rows - centre[0]) / radii[0]) ** 2 + ((columns - centre[1]) / radii[1]) ** 2
    inside: NDArray[np.bool_] = distance <= 1
    return inside


class EllipseProposer:
    """Stands where a network would; draws the same ellipse for the same film every time.

    On one film in eight it finds nothing.
    """

    def __init__(self, name: str) -> None:
        self.source = network_source(name)
        self._name = name

    def propose(self, pixels: FilmPixels) -> Proposed:
        seed = int(pixels.sha256()[:8], 16) + sum(self._name.encode())
        mask = blob_mask(np.random.default_rng(seed), pixels.values.shape)
        if seed % 8 == 0:
            mask = np.zeros_like(mask)
        return Proposed(mask=mask, kind="network", network=self._name, threshold=0.5)


@dataclass
class World:
    """One study with its people."""

    study: Study
    admin: User
    physicians: list[User]
    clock: FixedClock
    films: list[Film] = field(default_factory=list)


def halves(shape: tuple[int, int] = SHAPE) -> NDArray[np.bool_]:
    """Two boxes side by side, where a film's lungs would be: bool[H, W]."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    high = (rows > shape[0] // 5) & (rows < shape[0] * 4 // 5)
    inside: NDArray[np.bool_] = high & (abs(abs(columns - shape[1] / 2) / shape[1] - 0.25) < 0.18)
    return inside


def add_film(
    session: Session,
    blobs: BlobStore,
    study: Study,
    *,
    number: int,
    hand_drawn: bool = True,
    lungs: bool = False,
    patient: str | None = None,
    shape: tuple[int, int] = SHAPE,
) -> Film:
    """Add a film of noise, with a hand-drawn ellipse unless told otherwise."""
    rng = np.random.default_rng([study.id, number])
    pixels = FilmPixels(values=rng.integers(0, 256, shape, dtype=np.uint8), bits=8)
    picture = io.BytesIO()
    Image.fromarray(pixels.values).save(picture, "PNG")
    row = Patient(study_id=study.id, label=patient) if patient else None
    film = Film(
        study_id=study.id,
        patient=row,
        name=f"film-{number:05d}.png",
        pixels_sha=pixels.sha256(),
        blob_sha=blobs.put(pixels.to_bytes()),
        display_sha=blobs.put(picture.getvalue()),
        native_w=shape[1],
        native_h=shape[0],
        bits=8,
        photometric="MONOCHROME2",
        meta=pixels.meta(),
        manual_mask_sha=blobs.put(to_png(blob_mask(rng, shape))) if hand_drawn else None,
        lungs_mask_sha=blobs.put(to_png(halves(shape))) if lungs else None,
        imported_at=START,
    )
    session.add(film)
    session.flush()
    return film


def make_world(
    session: Session,
    blobs: BlobStore,
    *,
    name: str = "alpha",
    films: int = 6,
    physicians: int = 3,
    rule: Rule | None = None,
    design: Design = PLAIN,
    questions: Questions | None = None,
    networks: tuple[str, ...] = NETWORKS,
    display: Display = SMALL,
    is_open: bool = True,
    seed: str = SEED,
) -> World:
    """Make a study of ``films`` cases. Users are ``alpha-admin``, ``alpha-1``, ``alpha-2``…"""
    clock = FixedClock(START)
    study = create(
        session,
        name=f"Study {name}",
        stage=1,
        protocol=Protocol(
            rule=rule or TwoPlusOneRule(),
            display=display,
            design=design,
            questions=questions or Questions(),
        ),
        networks=networks,
        clock=clock,
        seed=seed,
    )
    world = World(study, _user(session, name, "admin", Role.ADMIN), [], clock)
    add_member(session, study=study, user=world.admin, role=Role.ADMIN)
    for number in range(1, physicians + 1):
        reader = _user(session, name, str(number), Role.PHYSICIAN)
        add_member(session, study=study, user=reader, role=Role.PHYSICIAN)
        world.physicians.append(reader)
    world.films = [add_film(session, blobs, study, number=number) for number in range(films)]
    if is_open:
        open_world(session, blobs, world)
    return world


def _user(session: Session, world: str, suffix: str, role: Role) -> User:
    made = User(
        name=f"{world}-{suffix}",
        full_name=f"Dr. {world.title()} {suffix}",
        role=role,
        password_hash=hashed_once(),
        created_at=START,
    )
    session.add(made)
    session.flush()
    return made


def propose_all(session: Session, blobs: BlobStore, world: World) -> None:
    """Compute every candidate that the study lacks."""
    proposers = [EllipseProposer(name) for name in world.study.networks]
    display = protocol_of(world.study).display
    for task in plan(session, world.study):
        computed = compute(blobs, task, proposers=proposers, display=display)
        store(session, computed, clock=world.clock)


def open_world(session: Session, blobs: BlobStore, world: World) -> None:
    """Propose for all films and open the study."""
    propose_all(session, blobs, world)
    open_study(session, blobs, world.study, clock=world.clock)
