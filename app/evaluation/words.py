"""What the page says in words: definitions, cautions, and what was measured on what."""

from collections import Counter
from collections.abc import Sequence

from app.evaluation.calibration import BINS
from app.evaluation.listing import LeftOut
from app.evaluation.report import CONFOUNDED, Evaluation
from app.evaluation.rewritten import BLUR, QUALITY
from app.evaluation.shortcuts import WIDENED

NAMED = 8
AVERAGES = (
    "Two averages that differ by several points, and published tables mix them. Per film: the mean "
    "of the films' values, each film counts alike. Pooled: the pixels of all films together, large "
    "findings count most."
)
CONVENTIONS = [
    "F1 of pixels is Dice by another name. Where nothing is claimed, precision does not exist and "
    "the film is left out of its mean; F1, F2 and Dice are 0 there.",
    "A film without drawn infection is in neither average. LViT's code, which most QaTa tables "
    "follow, averages the films' Dice and would score such a film 0 whatever is claimed; MONAI's "
    "default drops it, and so hides false alarms. Here they have a table of their own.",
]
SURFACES = (
    "HD95 is the larger of the two directed 95th percentiles of the distances between the "
    "boundaries (tools differ here). NSD is the share of both boundaries within the tolerance of "
    "the other, boundary pixels counted. A boundary pixel lies inside and has one of its four "
    "neighbours outside; distances run between pixel centres."
)
NO_CLEAR_FILMS = (
    "There was no film without drawn infection, so nothing is known about false alarms, and "
    "detection cannot be measured. Name a folder of such films besides."
)
WRITTEN = (
    f"Softened: blurred by a bell of {BLUR:g} cell's standard deviation; as a small JPEG: of "
    f"quality {QUALITY}; both at the size of the network's grid, so the disease shows as before. "
    "What finds less on soft films, or more on clear ones that went through a JPEG, has learnt how "
    "a collection writes its films."
)
GROUPS = (
    "A source is a folder, or the part of it whose file names begin alike. Groups overlap in "
    "nothing, but differ in more than what names them: a view or a source with larger findings "
    "has a higher Dice for that alone."
)


def subtitle(found: Evaluation) -> str:
    """Return what was measured on what."""
    what = "infection" if found.task == "infection" else "lungs"
    where = ", ".join(found.folders)
    split = f", split {found.split}" if found.split else ""
    return f"Masks of {what} against drawn ones: {where}{split}"


def facts(found: Evaluation) -> list[tuple[str, str]]:
    """Return what a reader must know to repeat it."""
    point = found.operating
    several = len(found.entries) > 1
    operating = (
        f"p ≥ {point.threshold:.3g}, parts below {100 * point.specks:.2g} % of the film dropped"
    )
    if found.task == "infection":
        operating += f"; infected from {100 * point.detection_threshold:.2f} % of the film"
    grids = [f"{entry.input.grid[0]} × {entry.input.grid[1]}" for entry in found.entries]
    return [
        (
            "Networks" if several else "Network",
            "; ".join(
                f"{entry.title} ({entry.files[0].sha256[:12]}…, {grid})"
                for entry, grid in zip(found.entries, grids, strict=True)
            )
            + ("; mean of their calibrated probabilities" if several else ""),
        ),
        ("Masks", operating),
        ("Films scored", f"{len(found.films)}, left out {len(found.left_out)}"),
        ("In brackets", found.interval),
    ]


def overlap_notes(found: Evaluation) -> list[str]:
    """Return how many films have no precision, and whether sizes differ."""
    notes = []
    group = found.summary.overall
    if group.no_precision:
        notes.append(f"On {group.no_precision} of the films nothing was claimed at all.")
    if len(found.summary.sizes) > 1:
        notes.append(
            f"The films have {len(found.summary.sizes)} different sizes: pooled, a large film "
            "counts more, and a distance of one pixel is not the same on each."
        )
    return notes


def surface_notes(found: Evaluation) -> list[str]:
    """Name the films that have no HD95."""
    notes = []
    for it in found.summary.overall.surfaces:
        if it.without_hd95:
            names = ", ".join(it.without_hd95[:NAMED])
            more = len(it.without_hd95) - NAMED
            notes.append(
                f"No HD95 (nothing claimed, so infinitely far), counted apart, in {it.unit}: "
                f"{len(it.without_hd95)} films: {names}{f', and {more} more' if more > 0 else ''}. "
                "Their NSD is 0."
            )
    if all(it.unit == "pixels" for it in found.summary.overall.surfaces):
        notes.append("The films carry no spacing, so nothing is known in millimetres.")
    return notes


def false_alarms(found: Evaluation) -> str:
    """Say what the columns mean."""
    area = 100 * found.operating.detection_threshold
    return (
        "Called infected: the mask covers at least the manifest's detection threshold, "
        f"{area:.2f} % of the film. Anything claimed: a single part of a mask is enough, which is "
        "the rule of the paper."
    )


def detection(found: Evaluation) -> str:
    """Say what the score is, and that it is an upper bound."""
    return f"The score of a film is the area of the network's mask. {CONFOUNDED}"


def detection_notes(found: Evaluation) -> list[str]:
    """Say how films were altered, and which could not be."""
    notes = [
        "Sensitivity at a wanted specificity, and the other way round, look for the threshold on "
        "these very films and are optimistic; the columns “at the threshold” are not.",
    ]
    check = found.summary.shortcut_check
    if check is None:
        return [*notes, "The shortcut check was not made."]
    lungs = found.summary.calibrated_in
    return [
        *notes,
        f"Lungs blanked: the lungs ({lungs.get('drawn', 0)} films: given masks, "
        f"{lungs.get('network', 0)}: the lung network), widened by {100 * WIDENED:g} % of the "
        "film's longer side, at the median grey of what lies outside them. Borders masked: all "
        "outside the lungs' box, widened as much, at the median grey of what lies inside it.",
        "With the lungs blanked nothing is left to find: an AUC well above 0.5 there is what the "
        "films' origin tells (or the shape of the blanked lungs, which disease changes too). One "
        "near 0.5 does not prove that no shortcut is taken inside the lungs.",
        "With the borders masked the lungs are all there, so detection should stay. What it loses "
        "hung on the borders, or on a film unlike any that the network was trained on.",
        *(
            [f"On {check.skipped} films no lungs were found: not in the check."]
            * (check.skipped > 0)
        ),
        "A source held out of the training needs a network trained without it; the table by "
        "source says what each source adds.",
    ]


def calibration(found: Evaluation) -> str:
    """Say where calibration was measured."""
    counted = found.summary.calibrated_in
    where = {"drawn": "in the drawn lungs", "network": "in the lung network's lungs"}
    parts = [f"{where[name]} on {counted[name]} films" for name in where if counted.get(name)]
    if counted.get("none"):
        parts.append(f"over the whole film on {counted['none']} films")
    return (
        f"Pixels {', '.join(parts)}; {BINS} bins of equal width. The error is the mean over pixels "
        "of the gap between probability and truth of their bin."
    )


def left_out(films: Sequence[LeftOut]) -> list[tuple[str, int, str]]:
    """Return (reason, films, some of their names), most first."""
    found = []
    for reason, count in Counter(film.reason for film in films).most_common():
        names = [film.name for film in films if film.reason == reason]
        found.append((reason, count, ", ".join(names[:NAMED]) + (" …" if count > NAMED else "")))
    return found
