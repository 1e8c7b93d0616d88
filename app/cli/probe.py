"""``maskballot probe``: can a machine tell the hand-drawn mask from the networks'?"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from app import RESEARCH_ONLY
from app.cli.house import enter
from app.cli.listening import deliveries_of
from app.cli.progress import counting
from app.evaluation.listing import LeftOut, ListedFilm, list_films
from app.films.limits import Limits
from app.networks.manifest import read_manifest
from app.networks.registry import choose
from app.probe.displays import DISPLAYS
from app.probe.guessing import guess
from app.probe.looks import FAMILIES
from app.probe.report import FEWEST, Gathered, Probe, as_json, in_words
from app.probe.rounds import Hands, rounds_of_folder, rounds_of_study
from app.probe.transport import seen_of
from app.settings import settings
from app.studies.studies import protocol_of, study_named


def probe(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FOLDER...]", help="Layouts with drawn infection masks."),
    ] = None,
    study: Annotated[
        str | None, typer.Option(help="Instead of folders: a study, by name or key.")
    ] = None,
    networks: Annotated[
        str, typer.Option(help="Beside the drawn masks: names by commas, stage1 or stage2.")
    ] = "stage1",
    split: Annotated[str | None, typer.Option(help="Only the films of this split.")] = None,
    films: Annotated[int, typer.Option(min=1, help="Films at most, drawn at random.")] = 300,
    seed: Annotated[int, typer.Option(help="Seed of the draws, folds and intervals.")] = 1,
    json_: Annotated[bool, typer.Option("--json", help="All numbers, as JSON.")] = False,
    models: Annotated[Path | None, typer.Option(help="The folder of networks.")] = None,
    threads: Annotated[int | None, typer.Option(min=0, help="Processor threads; 0: all.")] = None,
) -> None:
    """Train adversaries to find the hand-drawn mask of each ballot; chance is 1 / masks.

    They are tried on patients that they have not met, once for each way of showing the masks.
    Exit code 1 if nothing could be probed.
    """
    if (study is None) == (not folders):
        raise typer.BadParameter("name either folders or a study", param_hint="FOLDER")
    if study is not None:
        found = _of_study(study, films=films, seed=seed)
    else:
        here = settings()
        hands = Hands(
            models or here.models,
            choose(read_manifest(models or here.models), networks.split(",")),
            Limits(here.max_film_bytes, here.max_film_pixels),
            here.inference_threads if threads is None else threads,
        )
        found = _of_folders(folders or [], hands, split=split, films=films, seed=seed)
    if json_:
        typer.echo(json.dumps(as_json(found), indent=1))
    else:
        _print(found)
    if not found.masks:
        raise typer.Exit(1)


def _of_folders(
    folders: Sequence[Path], hands: Hands, *, split: str | None, films: int, seed: int
) -> Probe:
    listed, noted = list_films(folders, split=split)
    left_out = Counter(film.reason for film in noted)
    gathered = Gathered(DISPLAYS)
    drawn = _some(listed, films, seed=seed)
    with counting("films", console=Console(stderr=True)) as show:
        for done, one in enumerate(rounds_of_folder(drawn, hands, seed=seed), 1):
            if isinstance(one, LeftOut):
                left_out[one.reason] += 1
            else:
                gathered.add(one)
            show(done, len(drawn))
    what = f"{', '.join(folder.name for folder in folders)}{f', split {split}' if split else ''}"
    beside = ", ".join(entry.name for entry in hands.entries)
    return Probe(f"{what}: drawn, {beside}", seed, gathered.tables(seed=seed), None, left_out)


def _some(films: Sequence[ListedFilm], most: int, *, seed: int) -> list[ListedFilm]:
    drawn = [film for film in films if "infection" in film.entry.masks]
    order = np.random.default_rng(seed).permutation(len(drawn))[:most]
    return [drawn[place] for place in order]


def _of_study(name: str, *, films: int, seed: int) -> Probe:
    house = enter()
    with house.sessions() as session:
        study = study_named(session, name)
        display = protocol_of(study).display
        gathered = Gathered({**DISPLAYS, "as shown": display}, bound=display.fidelity)
        with counting("films", console=Console(stderr=True)) as show:
            rounds = rounds_of_study(session, house.blobs, study, limit=films, seed=seed)
            for done, one in enumerate(rounds, 1):
                gathered.add(one)
                show(done, films)
        title = study.name
    delivered = deliveries_of(house, name, most=films)
    transport = guess(seen_of(delivered), seed=seed) if delivered else None
    return Probe(title, seed, gathered.tables(seed=seed), transport)


def _print(found: Probe) -> None:
    console = Console()
    table = Table(title=f"How often the hand-drawn mask is found: {found.what}")
    for heading in ("shown", *FAMILIES, "chance", "Dice to the original", "below the bound"):
        table.add_column(heading)
    for way in found.masks:
        findings = [way.findings[family] for family in FAMILIES]
        table.add_row(
            way.name,
            *(in_words(finding) for finding in findings),
            f"{findings[0].chance:.2f}",
            f"{way.fidelity.median:.4f}, 5 %: {way.fidelity.lowest_twentieth:.4f}",
            f"{100 * way.fidelity.below_bound:.1f} %",
        )
    console.print(table)
    for way in found.masks[:1]:
        finding = way.findings["all"]
        console.print(f"{finding.ballots} ballots of {finding.patients} patients.", highlight=False)
        if finding.ballots < FEWEST:
            console.print("So few ballots say nothing either way.", highlight=False)
    if found.transport is not None:
        said = f"{in_words(found.transport)}, chance {found.transport.chance:.2f}"
        console.print(f"By what went over the wire: {said}", highlight=False)
    for reason, count in found.left_out.items():
        console.print(f"left out: {count} films: {reason}", markup=False, highlight=False)
    console.print(f"Alarm: {', '.join(found.alarms) or 'none'}.", highlight=False)
    console.print(f"In brackets: 95 %, by patient. {RESEARCH_ONLY}.", highlight=False)
