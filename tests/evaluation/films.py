"""Films as they are kept after judging, from a few counts."""

import numpy as np

from app.evaluation.calibration import BINS
from app.evaluation.groups import Frame
from app.evaluation.records import Distances, FilmResult
from app.evaluation.rewritten import Writing
from app.evaluation.shortcuts import Condition
from app.masks.measures import Confusion

SIDE = 100
FRAME = Frame(detection_threshold=0.01, tolerance=(2.0, 2.0), seed=1)


def kept(
    name: str,
    *,
    hit: int = 0,
    extra: int = 0,
    missed: int = 0,
    source: str = "here",
    view: str = "PA",
    patient: str | None = None,
    hd95: float = 3.0,
    nsd: float = 0.5,
    spacing: bool = False,
    altered: dict[Condition, float] | None = None,
    rewritten: dict[Writing, Confusion] | None = None,
) -> FilmResult:
    """A film of 100 by 100 pixels: so many hit, claimed beside the truth, and missed."""
    return FilmResult(
        name=name,
        source=source,
        view=view,
        patient=patient or name,
        patient_known=patient is not None,
        shape=(SIDE, SIDE),
        counts=Confusion(hit, extra, missed, SIDE**2 - hit - extra - missed),
        distances=Distances(hd95, nsd, *((hd95 / 2, nsd) if spacing else ())),
        lungs_from="network",
        reliability=np.ones((2, 3, BINS)),
        by_threshold=np.zeros((2, 19)),
        altered=altered or {},
        rewritten=rewritten or {},
    )
