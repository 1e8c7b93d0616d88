"""How near each network comes to what was planted in phantom films: prints; judges nothing."""

import numpy as np

from app.demo.phantom import phantom
from app.masks.measures import dice
from app.networks.manifest import read_manifest
from app.networks.predict import open_network
from app.settings import settings

FILMS = 40


def test_networks_on_phantoms() -> None:
    models = settings().models
    drawn = [phantom(seed) for seed in range(FILMS)]
    print("\n| network | mean Dice | median | below 0.3 | healthy films painted |")
    for entry in read_manifest(models).networks:
        if entry.task != "infection":
            continue
        network = open_network(models, entry.name, threads=1)
        masks = [network.mask(one.film) for one in drawn]
        pairs = list(zip(drawn, masks, strict=True))
        found = [dice(mask, one.infection) for one, mask in pairs if one.infection.any()]
        painted = sum(bool(mask.any()) for one, mask in pairs if not one.infection.any())
        print(
            f"| `{entry.name}` | {np.mean(found):.2f} | {np.median(found):.2f} "
            f"| {np.mean(np.array(found) < 0.3):.0%} | {painted} of {FILMS - len(found)} |"
        )
