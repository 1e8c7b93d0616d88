"""What packing does to a network's masks: the same films from their folder and from a pack.

    python -m scripts.pack_loss FILMS.mbpack --data FOLDER --folder NAME [--split valid]

Prints the mean absolute difference of grey values, the Dice between a shipped network's masks on
unpacked and on packed films, and the Dice of both with the drawn masks. All at the pack's size.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.masks.measures import dice
from app.networks.predict import Network, open_network
from app.networks.scaling import resize, to_native
from app.settings import REPOSITORY
from app.training.packing import pack
from app.training.sources import Source, find_sources

SEED = 1


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--films", type=int, default=120)
    parser.add_argument("--networks", default="unet,lungs-unet")
    asked = parser.parse_args()
    pairs = [
        [s for s in find_sources(place, (asked.folder,), "infection") if s.split == asked.split]
        for place in (asked.data, asked.pack)
    ]
    order = np.random.default_rng(SEED).permutation(len(pairs[0]))[: asked.films]
    grid = pairs[1][0].pack.grid  # type: ignore[attr-defined]
    plain, packed = ([sources[index] for index in order] for sources in pairs)
    assert [s.name for s in plain] == [s.name for s in packed]
    measure(plain, packed, grid=grid, names=asked.networks.split(","))


def measure(
    plain: list[Source], packed: list[Source], *, grid: tuple[int, int], names: list[str]
) -> None:
    """Print the measures of both."""
    before, after = (pack(s, grid=grid, percentiles=(0.5, 99.5)) for s in (plain, packed))
    difference = np.abs(before.films.astype(int) - after.films).mean()
    print(f"{len(plain)} films: grey values differ by {difference:.2f} of 255")
    truths = [mask > 127 for mask in before.masks]
    for name in names:
        network = open_network(REPOSITORY / "models", name, threads=1)
        one, other = ([mask_of(network, film) for film in p.films] for p in (before, after))
        same = [dice(a, b) for a, b in zip(one, other, strict=True)]
        print(
            f"{name}: unpacked and packed agree at a Dice of {np.mean(same):.4f} in the mean, "
            f"{np.median(same):.4f} in the median, {np.min(same):.4f} at least"
        )
        if network.entry.task == "infection":
            scores = [
                np.mean([dice(a, b) for a, b in zip(masks, truths, strict=True)])
                for masks in (one, other)
            ]
            print(f"  with the drawn masks: {scores[0]:.4f} unpacked, {scores[1]:.4f} packed")


def mask_of(network: Network, film: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return the network's mask bool [h, w] of a film uint8 [h, w]."""
    small = resize(film.astype(np.float32) / np.float32(255), network.entry.input.grid)
    return network.mask_of(to_native(network.probability_of(small[np.newaxis]), film.shape))


if __name__ == "__main__":
    main()
