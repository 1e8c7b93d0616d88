"""``maskballot compare-maps``: infection maps beside a classifier's activation maps."""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app import RESEARCH_ONLY, __version__
from app.cli.progress import counting
from app.cli.train import PACKS
from app.evaluation.report import CONFOUNDED
from app.networks.manifest import NetworkEntry
from app.networks.scoring import in_words
from app.settings import settings
from app.training import needed

if TYPE_CHECKING:  # these need torch, which is missed only when the command is run
    from app.training.comparing import Comparison
    from app.training.film_maps import MapRoom

LOT_SEED = BOOTSTRAP_SEED = 1


def compare_maps(
    run: Annotated[Path, typer.Argument(help="The folder of a classifier's run.")],
    network: Annotated[str, typer.Option(help="The infection network, by its manifest name.")],
    data: Annotated[Path, typer.Option(help="The films that the classifier was trained with.")],
    html: Annotated[Path, typer.Option(help="The page that is written.")],
    as_json: Annotated[Path, typer.Option("--json", help="The figures that are written.")],
    folder: Annotated[
        Path | None,
        typer.Option(help="Measure the films of this layout, not the run's test films."),
    ] = None,
    films: Annotated[
        int, typer.Option(min=0, help="Only so many films with a mask, drawn by lot; 0: all.")
    ] = 0,
    models: Annotated[Path | None, typer.Option(help="The folder of networks.")] = None,
    threads: Annotated[int, typer.Option(min=0, help="Processor threads; 0: all.")] = 0,
) -> None:
    """Compare infection maps with Grad-CAM and Grad-CAM++, per pixel and as hit rate.

    Thresholds are chosen on the run's tuning films. Films that the network learnt from are left
    out and counted. About four films a second on one thread.
    """
    needed.require()
    from app.training import classifying, comparing, loop

    loop.use_threads(threads)
    with counting("reading films") as show:
        room, parts = classifying.open_room(
            run,
            network=network,
            models=models or settings().models,
            data=data,
            cache=PACKS,
            threads=threads,
            progress=show,
        )
        measured = parts.test
        if folder is not None:
            measured = classifying.unseen(folder, parts, progress=show)
    chosen = classifying.drawn_by_lot(measured, films, seed=LOT_SEED)
    total = len(parts.tune) + len(chosen)
    with counting("comparing maps") as show:
        done = itertools.count(1)
        found = comparing.compare(
            room, parts.tune, chosen, after_film=lambda: show(next(done), total)
        )
    facts = _facts(room, found, where=(folder or data).name, drawn=films)
    _write(html, _page(room, found, facts))
    _write(as_json, json.dumps(_said(found, facts), indent=1) + "\n")
    _print(found)
    typer.echo(f"page: {html}\nfigures: {as_json}")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _facts(room: MapRoom, found: Comparison, *, where: str, drawn: int) -> dict[str, str]:
    operating = room.entry.operating
    lot = f", {drawn} of those with a mask drawn by lot (seed {LOT_SEED})" if drawn else ""
    lungs = room.lungs_entry
    return {
        "Infection map": f"{room.entry.name}, sha256 {_digests(room.entry)}, input "
        f"{_size(room.entry.input.grid)}",
        "Classifier": f"{room.config.title}, input {_size(room.grid)}, seed {room.config.seed}",
        "Lungs": f"{lungs.name}, sha256 {_digests(lungs)}" if lungs else "no lung network",
        "Films measured": f"from {where}{lot}; {len(found.left_out)} left out because the network "
        "learnt from them",
        "Thresholds": f"for masks: best mean Dice per film on {found.tuning_infected} tuning films "
        f"of the classifier; for the classifier's yes or no: {found.tuning_clear} tuning films "
        "without infection",
        "Specks": f"components below {operating.specks:.2%} of the film dropped, in every map",
        "Activation maps": "Grad-CAM (Selvaraju et al. 2017) and Grad-CAM++ (Chattopadhyay et al. "
        "2018) of the logit of infection, divided by the film's maximum, bilinear to native size",
        "Intervals": f"95 % bootstrap over patients, percentile method, seed {BOOTSTRAP_SEED}",
    }


def _digests(entry: NetworkEntry) -> str:
    return ", ".join(file.sha256 for file in entry.files)


def _size(grid: tuple[int, int]) -> str:
    return f"{grid[0]} × {grid[1]}"


def _said(found: Comparison, facts: dict[str, str]) -> dict[str, Any]:
    return {
        "research_only": RESEARCH_ONLY,
        "version": __version__,
        "facts": facts,
        "caution": CONFOUNDED,
        "maps": [asdict(row.reading) | asdict(row.scores) for row in found.rows],
        "detection": [asdict(row) for row in found.detection],
        "left_out": found.left_out,
        "shown": [film.source.name for film in found.shown],
    }


def _page(room: MapRoom, found: Comparison, facts: dict[str, str]) -> str:
    from app.training import comparison_page

    return comparison_page.render(comparison_page.page_of(room, found, list(facts.items())))


def _print(found: Comparison) -> None:
    console = Console()
    maps = Table(title=f"{found.rows[0].scores.films} films with a drawn mask")
    for heading in ("map", "from", "Dice per film", "Dice pooled", "maximum inside"):
        maps.add_column(heading)
    for row in found.rows:
        s = row.scores
        figures = map(in_words, (s.dice_per_film, s.dice_pooled, s.hit))
        maps.add_row(row.reading.map, f"{row.reading.threshold:g}", *figures)
    console.print(maps)
    told = Table(title="Infected or not")
    for heading in ("told by", "films", "sensitivity", "specificity", "area under the curve"):
        told.add_column(heading)
    for line in found.detection:
        f = line.figures
        told.add_row(
            line.detector, line.films, *map(in_words, (f.sensitivity, f.specificity, f.auc))
        )
    console.print(told)
    console.print(CONFOUNDED, highlight=False)
    console.print(f"In brackets: 95 % bootstrap intervals over patients. {RESEARCH_ONLY}.")
