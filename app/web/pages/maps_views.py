"""What the page of infection maps shows before there is a map."""

from dataclasses import dataclass
from typing import ClassVar

from app.maps.colour import COLOURS
from app.networks.manifest import Manifest
from app.networks.registry import STAGES
from app.web.words import size
from app.words import N_
from app.words.speaking import _

STAGE_WORDS = {
    "stage1": N_("All networks of stage I, their mean"),
    "stage2": N_("All of stage II"),
}
COLOUR_WORDS = {"cividis": "cividis", "inferno": "inferno", "jet": N_("jet, as in the paper")}


@dataclass(frozen=True)
class MapsPage:
    """The choices there are. ``refused`` says why there are none."""

    template: ClassVar[str] = "maps/maps.html"

    networks: list[tuple[str, str]]
    colours: list[tuple[str, str]]
    largest: str
    refused: str


def maps_page(manifest: Manifest | None, *, max_bytes: int, refused: str = "") -> MapsPage:
    """Return the page; ``manifest`` None where it was refused."""
    entries = [] if manifest is None else list(manifest.networks)
    infection = [entry for entry in entries if entry.task == "infection"]
    choices = [("", _("The latest stage's networks"))] if infection else []
    for word, stage in STAGES.items():
        if sum(stage in entry.stages for entry in infection) > 1:
            choices.append((word, _(STAGE_WORDS[word])))
    choices += [(entry.name, entry.title) for entry in infection]
    return MapsPage(
        networks=choices,
        colours=[(name, _(COLOUR_WORDS[name])) for name in COLOURS],
        largest=size(max_bytes),
        refused=refused,
    )
