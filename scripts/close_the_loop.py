"""Close the loop once, on real films: stage I, votes, export, training, stage II.

    python -m scripts.close_the_loop --stage-one FOLDER --stage-two FOLDER [--work work/loop]

Films with hand-drawn masks (``--stage-one``) are proposed for by the shipped stage-I networks and
read by three *scripted* readers (`app.demo.scripted`; simulated, and named so). The settled masks
are exported; five networks are trained on them and join a copy of ``models/``; they propose for
films whose masks, if there are any, are hidden from them (``--stage-two``), and are then measured
on these hidden masks. Stopped at any moment and started again, it goes on.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import passwords, users
from app.accounts.roles import Role
from app.accounts.tables import User
from app.clock import SystemClock
from app.conduct.background import kinds
from app.conduct.founding import found_study
from app.conduct.opening import lock_study, settle
from app.db import migrate
from app.demo.scripted import read_all
from app.demo.study import is_built, propose_and_open, take_films
from app.exports.exports import export_training_set
from app.films.layout import read_layout
from app.films.limits import Limits
from app.films.tables import Film
from app.masks.codec import from_png
from app.masks.measures import Confusion, confusion
from app.proposals.origins import CandidateOrigin
from app.proposals.tables import Candidate
from app.runs.execute import Hands
from app.settings import REPOSITORY, Settings
from app.studies.protocol import Protocol, TwoPlusOneRule
from app.studies.states import State
from app.studies.tables import Study
from app.web.house import House, build_house

CONFIGS = REPOSITORY / "app" / "training" / "configs"
READERS = ("simulated-1", "simulated-2", "simulated-3")
ADMIN = "loop-admin"
STAGE_ONE, STAGE_TWO = "Loop, stage I (simulated readers)", "Loop, stage II"
SEED = 6
HIDDEN = 60

out = Console(highlight=False, soft_wrap=True)


def main() -> None:
    """Read the command line and walk the loop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage-one", type=Path, required=True, help="films with masks")
    parser.add_argument("--stage-two", type=Path, required=True, help="films to propose for")
    parser.add_argument("--work", type=Path, default=REPOSITORY / "work" / "loop")
    parser.add_argument("--minutes", type=float, default=0, help="at most so long a network")
    asked = parser.parse_args()
    models = _own_models(asked.work)
    house = _house(asked.work, models)
    _make_accounts(house)
    export = _stage_one(house, asked.stage_one, asked.work)
    names = _train(export, asked.work, models, asked.minutes)
    _stage_two(house, asked.stage_two, asked.work, names)


def _own_models(work: Path) -> Path:
    """Return a copy of ``models/`` that the new networks may join."""
    models = work / "models"
    if not models.exists():
        shutil.copytree(REPOSITORY / "models", models)
    return models


def _house(work: Path, models: Path) -> House:
    settings = Settings(home=work / "home", models=models)
    migrate.upgrade(settings.database)
    return build_house(settings)


def _make_accounts(house: House) -> None:
    with house.sessions.begin() as session:
        known = set(session.scalars(select(User.name)))
        for name in {ADMIN, *READERS} - known:
            users.add_user(
                session,
                name=name,
                full_name=f"Simulated reader {name[-1]}" if name in READERS else "Loop admin",
                role=Role.PHYSICIAN if name in READERS else Role.ADMIN,
                password=passwords.generate(),
                clock=house.clock,
            )


def _build(house: House, *, name: str, stage: int, folder: Path, networks: list[str]) -> int:
    """Found, fill, propose for and open the study ``name``, as far as that is not done."""
    with house.sessions.begin() as session:
        known = session.scalar(select(Study).where(Study.name == name))
        study = known or found_study(
            session,
            admin=users.user_named(session, ADMIN),
            name=name,
            stage=stage,
            protocol=Protocol(rule=TwoPlusOneRule(), hand_drawn=stage == 1),
            networks=networks,
            physicians=READERS,
            models=house.settings.models,
            clock=house.clock,
        )
        study_id, built = study.id, is_built(session, name)
    if built:
        return study_id
    with house.sessions() as session:
        refused = take_films(
            session,
            house.blobs,
            study=session.get_one(Study, study_id),
            folder=folder,
            limits=Limits.default(),
            clock=house.clock,
            show=lambda done, total: None,
        )
    hands = Hands(house.sessions, kinds=kinds(house.settings, house.blobs), clock=house.clock)
    cases = propose_and_open(
        house.sessions,
        house.blobs,
        hands,
        study_id=study_id,
        show=lambda done, total: None,
    )
    out.print(f"{name}: {cases} cases; {len(refused)} films refused.")
    return study_id


def _stage_one(house: House, folder: Path, work: Path) -> Path:
    study_id = _build(house, name=STAGE_ONE, stage=1, folder=folder, networks=["stage1"])
    with house.sessions.begin() as session:
        state = session.get_one(Study, study_id).state
        readers = [users.user_named(session, name).id for name in READERS]
    if state == State.OPEN:
        for reader in readers:
            answered = read_all(
                house.sessions,
                house.blobs,
                study_id=study_id,
                physician_id=reader,
                clock=house.clock,
                seed=SEED,
            )
            out.print(f"Simulated reader {reader}: {answered} ballots.")
    with house.sessions.begin() as session:
        study = session.get_one(Study, study_id)
        if study.state == State.OPEN:
            lock_study(study, clock=house.clock)
        outcomes = settle(session, study, clock=house.clock)
        _, written = export_training_set(
            session, house.blobs, study, into=work / "stage-one-set", clock=SystemClock()
        )
    manifest = json.loads((written.folder / "manifest.json").read_text())
    out.print(f"Settled: {dict(outcomes)}; exported {written.films} films.")
    out.print(f"Chosen masks by origin: {manifest['counts']['origins']}")
    return written.folder


def _train(export: Path, work: Path, models: Path, minutes: float) -> list[str]:
    names = []
    for config in sorted(CONFIGS.glob("stage2-*.toml")):
        names.append(config.stem)
        if (models / config.stem).exists():
            continue
        run = work / "runs" / config.stem
        limit = ["--minutes", str(minutes)] if minutes else []
        _command("train", str(config), "--data", str(export), "--out", str(run), *limit)
        _command("to-onnx", str(run), "--data", str(export), "--models", str(models))
    return names


def _command(*words: str) -> None:
    out.print(f"maskballot {' '.join(words)}")
    subprocess.run([sys.executable, "-m", "app", *words], check=True, cwd=REPOSITORY)


def _stage_two(house: House, folder: Path, work: Path, names: list[str]) -> None:
    hidden = _hide_masks(folder, work / "stage-two-films")
    study_id = _build(
        house, name=STAGE_TWO, stage=2, folder=work / "stage-two-films", networks=names
    )
    with house.sessions.begin() as session:
        _measure(session, house, session.get_one(Study, study_id), hidden)


def _hide_masks(folder: Path, into: Path) -> dict[str, Path]:
    """Copy every so-manieth film without its mask; return the masks by the film's name."""
    entries = [
        entry
        for entry in read_layout(folder)
        if "infection" in entry.masks and entry.split in (None, "valid") and not entry.note
    ]
    chosen = entries[:: max(1, len(entries) // HIDDEN)][:HIDDEN]
    into.mkdir(parents=True, exist_ok=True)
    for entry in chosen:
        shutil.copyfile(entry.path, into / entry.path.name)
    return {entry.path.name: entry.masks["infection"] for entry in chosen}


def _measure(session: Session, house: House, study: Study, hidden: dict[str, Path]) -> None:
    """Print each network's Dice on the hidden masks: per film (mean of films) and pooled."""
    found: dict[str, list[Confusion]] = {}
    query = (
        select(Film, Candidate, CandidateOrigin)
        .join(Candidate, Candidate.film_id == Film.id)
        .join(CandidateOrigin, CandidateOrigin.candidate_id == Candidate.id)
        .where(Film.study_id == study.id)
    )
    for film, candidate, origin in session.execute(query):
        pixels = film.native_h * film.native_w
        mask = from_png(house.blobs.get(candidate.mask_sha), max_pixels=pixels)
        truth = from_png(hidden[Path(film.name).name].read_bytes(), max_pixels=pixels)
        found.setdefault(origin.source, []).append(confusion(mask, truth))
    for source, films in sorted(found.items()):
        pooled = sum(films[1:], films[0]).dice
        mean = sum(film.dice for film in films) / len(films)
        out.print(f"{source}: Dice per film {mean:.3f}, pooled {pooled:.3f}, {len(films)} films")


if __name__ == "__main__":
    main()
