"""Networks against two teams of annotators who drew infection on the same films.

    python -m scripts.two_teams --first FOLDER --second FOLDER --networks NAME … [--json OUT]

The folders hold some films in common, in other sizes and encodings (found by near-identity). For
each film that both drew infection on: the two teams' agreement, and each network's with either, the
network reading the film as that team had it. The networks must not have learnt from these films;
those that did are named and left out.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.films.layout import read_layout
from app.films.limits import Limits
from app.films.opening import Opened, open_entry
from app.films.pixels import FilmPixels
from app.films.prints import near_code_of
from app.films.voi import luminance
from app.maps.team import Roster
from app.masks.measures import confusion
from app.networks.scoring import ScoredFilm, evaluate, in_words
from app.settings import REPOSITORY
from app.twins.changes import Change
from app.twins.fingerprint import Fingerprints, fingerprint
from app.twins.search import twins_between

# Masks are compared cell by cell, so crops and mirror images of a film are of no use here.
SAME_VIEW = Change(mirrored=False, inverted=False, cropped=1.0, turned=0.0)
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Pair:
    """One film as both teams had it: name, pixels and drawn infection of each."""

    name: str
    films: tuple[FilmPixels, FilmPixels]
    drawn: tuple[Mask, Mask]


def main() -> None:
    """Read the command line, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=Path, required=True)
    parser.add_argument("--second", type=Path, required=True)
    parser.add_argument("--networks", nargs="+", required=True)
    parser.add_argument("--models", type=Path, default=REPOSITORY / "models")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    pairs = in_common(asked.first, asked.second)
    names = [asked.first.name, asked.second.name]
    rows = {"the two teams with each other": [teams_agree(pair) for pair in pairs]}
    for network in asked.networks:
        roster = Roster.read(asked.models, network.split("+"), threads=0)
        for side, team in enumerate(names):
            rows[f"{network} with {team}"] = agreement(roster, pairs, side)
    report(rows, asked.json)


def in_common(first: Path, second: Path) -> list[Pair]:
    """Return the films that stand in both folders and that both teams drew infection on."""
    here, there = _drawn_films(first), _drawn_films(second)
    found = twins_between(_prints(here), _prints(there))
    pairs: dict[int, Pair] = {}
    for twin in found:
        if twin.change != SAME_VIEW:
            continue
        a, b = here[twin.first], there[twin.second]
        drawn = (a.masks["infection"], b.masks["infection"])
        pairs.setdefault(twin.first, Pair(a.name, (a.pixels, b.pixels), drawn))
    return list(pairs.values())


@dataclass(frozen=True)
class Drawn:
    """An opened film with a drawn infection that is not empty."""

    name: str
    pixels: FilmPixels
    masks: dict[str, Mask]


def _drawn_films(folder: Path) -> list[Drawn]:
    found = []
    entries = [entry for entry in read_layout(folder) if "infection" in entry.masks]
    for entry in track(entries, folder.name, console=Console(stderr=True)):
        opened: Opened = open_entry(entry, Limits.default())
        if opened.masks["infection"].any():
            found.append(Drawn(entry.name, opened.pixels, dict(opened.masks)))
    return found


def _prints(films: Sequence[Drawn]) -> Fingerprints:
    return np.stack([fingerprint(luminance(film.pixels)) for film in films])


def teams_agree(pair: Pair) -> ScoredFilm:
    """Return the first team's mask scored with the second's, at the second's size."""
    rows, columns = pair.drawn[1].shape
    shrunk = Image.fromarray(pair.drawn[0].astype(np.float32)).resize(
        (columns, rows), Image.Resampling.BOX
    )
    return ScoredFilm(pair.name, pair.name, confusion(np.asarray(shrunk) >= 0.5, pair.drawn[1]))


def agreement(roster: Roster, pairs: Sequence[Pair], side: int) -> list[ScoredFilm]:
    """Return the networks' masks scored with one team's, on the films as that team had them."""
    scores = []
    for pair in track(pairs, "networks", console=Console(stderr=True)):
        film = pair.films[side]
        team = roster.team(film.sha256(), near_code_of(film), with_lungs=False)
        if not team.learnt_from:
            mask = team.map_of(film).mask
            scores.append(ScoredFilm(pair.name, pair.name, confusion(mask, pair.drawn[side])))
    return scores


def report(rows: dict[str, list[ScoredFilm]], into: Path | None) -> None:
    """Print the table, and write it as JSON."""
    table = Table("", "films", "Dice per film", "median", "Dice pooled")
    said = {}
    for name, films in rows.items():
        scores = evaluate(films, detection_threshold=1.0, seed=1).scores
        cells = [in_words(scores.dice_per_film), in_words(scores.dice_pooled)]
        median = float(np.median([film.counts.dice for film in films])) if films else float("nan")
        table.add_row(name, str(scores.films), cells[0], f"{median:.3f}", cells[1])
        said[name] = {"films": scores.films, "median": median, "per film, pooled": cells}
    Console().print(table)
    if into:
        into.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
