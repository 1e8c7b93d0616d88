"""The short table of an evaluation, for a terminal."""

from collections import Counter

from rich.console import Console
from rich.table import Table

from app import RESEARCH_ONLY
from app.evaluation.formulas import TITLES
from app.evaluation.report import CONFOUNDED, Evaluation
from app.evaluation.summary import WHOLE
from app.evaluation.tables import CONDITIONS
from app.networks.scoring import in_words

SHOWN = ("dice", "iou", "sensitivity", "precision", "f2")


def print_short(found: Evaluation) -> None:
    """Print the main numbers; the page and the JSON have all."""
    console = Console()
    group = found.summary.overall
    title = " + ".join(found.names)
    drawn = Table(
        title=f"{title}: {group.films} films with drawn {found.task}, {group.patients} patients"
    )
    for heading in ("", "per film (mean of films)", "pooled (all pixels together)"):
        drawn.add_column(heading)
    for name in SHOWN:
        drawn.add_row(TITLES[name], in_words(group.per_film[name]), in_words(group.pooled[name]))
    console.print(drawn)
    _print_surfaces(found, console)
    if found.task == "infection":
        _print_detection(found, console)
    for name, pair in found.summary.calibration.items():
        console.print(
            f"Calibration error, {name}: {in_words(pair.before.ece)} at T = 1, "
            f"{in_words(pair.after.ece)} as used",
            highlight=False,
        )
    for reason, films in Counter(film.reason for film in found.left_out).items():
        console.print(f"left out: {films} films: {reason}", markup=False, highlight=False)
    console.print(f"In brackets: {found.interval}. {RESEARCH_ONLY}.", highlight=False)


def _print_surfaces(found: Evaluation, console: Console) -> None:
    for surfaces in found.summary.overall.surfaces:
        console.print(
            f"HD95 {in_words(surfaces.hd95, digits=1)} {surfaces.unit} (means of films; "
            f"{len(surfaces.without_hd95)} films claim nothing and have none), "
            f"NSD within {surfaces.tolerance:g} {surfaces.unit} {in_words(surfaces.nsd)}",
            highlight=False,
        )


def _print_detection(found: Evaluation, console: Console) -> None:
    summary = found.summary
    console.print(f"Called infected, of these: {in_words(summary.overall.found)}", highlight=False)
    for group in summary.clear[:1]:
        alarms = group.alarms
        clear = Table(
            title=f"False alarms: {alarms.films} films without drawn infection, "
            f"{alarms.patients} patients"
        )
        for heading in ("anything claimed", "called infected", "mean area, share of the film"):
            clear.add_column(heading)
        clear.add_row(*map(in_words, (alarms.any_pixel, alarms.called_infected, alarms.area)))
        console.print(clear)
    check = summary.shortcut_check
    shown = check.conditions if check else {}
    if not shown and summary.detection:
        shown = {WHOLE: summary.detection}
    for name, detection in shown.items():
        console.print(f"AUC, {CONDITIONS[name]}: {in_words(detection.auc)}", highlight=False)
    console.print(CONFOUNDED, highlight=False)
