"""A folder of phantom films with their masks, in the layout that `ingest` reads."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.demo.phantom import SIZE, hand_drawn, phantom
from app.films.pixels import grey_png
from app.masks.codec import to_png

COLUMNS = ("file", "infection", "lungs", "patient_id", "finding", "view")


def write_folder(
    folder: Path, *, films: int, first_seed: int = 0, size: tuple[int, int] = SIZE
) -> Iterator[int]:
    """Draw ``films`` phantoms into ``folder`` and yield the number done after each.

    The seed is the film's number, so writing again changes nothing. The table comes last: a folder
    without it was not finished.
    """
    rows = []
    for number in range(films):
        seed = first_seed + number
        stem = f"phantom-{seed:04}"
        drawn = phantom(seed, size=size)
        _write(folder / "films" / f"{stem}.png", grey_png(_eight_bits(drawn.film.values)))
        _write(folder / "infection" / f"{stem}.png", to_png(hand_drawn(drawn, seed)))
        _write(folder / "lungs" / f"{stem}.png", to_png(drawn.lungs))
        places = [f"{kind}/{stem}.png" for kind in ("films", "infection", "lungs")]
        rows.append((*places, stem, drawn.finding, "PA"))
        yield number + 1
    with (folder / "films.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _eight_bits(values: NDArray[np.uint8] | NDArray[np.uint16]) -> NDArray[np.uint8]:
    assert values.dtype == np.uint8  # phantoms are drawn so
    return values.astype(np.uint8, copy=False)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
