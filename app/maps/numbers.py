"""An infection map as numbers: the JSON of the API, the page and ``maskballot map --json``."""

from pydantic import BaseModel, Field

from app import RESEARCH_ONLY
from app.maps.colour import FLOOR
from app.maps.extent import Extent, LungExtent
from app.maps.infection_map import InfectionMap, Mask
from app.masks.codec import to_runs

CAUTION = (
    "Measured on films whose hospital a network may have recognised instead of the disease: "
    "an upper bound for films from elsewhere."
)
NO_LUNGS = "No lung network was used, so there is no extent."
LUNGS_NOT_FOUND = "The lung network found no lungs on this film, so there is no extent."


class NetworkUsed(BaseModel):
    """A network's name, and the sha256 of the file that ran."""

    name: str
    sha256: str


class Runs(BaseModel):
    """A mask as the lengths of runs outside, inside, outside …, along the rows."""

    rows: int
    columns: int
    runs: list[int]


class FilmNumbers(BaseModel):
    """Which film: the sha256 of its decoded pixels, and its native size."""

    sha256: str
    rows: int
    columns: int


class DetectionNumbers(BaseModel):
    """Whether infection was found: the mask's area (fraction of the film) against a threshold."""

    infected: bool
    rule: str = "area of the mask as a fraction of the film"
    score: float
    threshold: float
    any_pixel: bool
    sensitivity: float | None
    specificity: float | None
    measured_on: str
    caution: str = CAUTION


class LungNumbers(BaseModel):
    """One lung: percent covered, grade (0; < 25; 25 to 50; 50 to 75; > 75 %), percent by zone."""

    percent: float
    grade: int = Field(ge=0, le=4)
    zones: dict[str, float]


class ExtentNumbers(BaseModel):
    """The share of the lungs that the mask covers. Right and left are the patient's."""

    percent: float
    smallest: float
    largest: float
    grades: int | None = Field(description="sum of both lungs' grades, 0 to 8")
    right: LungNumbers | None
    left: LungNumbers | None


class MapNumbers(BaseModel):
    """All numbers of one infection map."""

    research_only: str = RESEARCH_ONLY
    version: str
    film: FilmNumbers
    networks: list[NetworkUsed]
    lungs_network: NetworkUsed | None
    learnt_from_this_film: list[str] = Field(
        description="networks that have this film in their training set and no file without it"
    )
    threshold: float
    specks: float
    painted_from: float = FLOOR
    detection: DetectionNumbers
    extent: ExtentNumbers | None
    remark: str = Field(description="why there is no extent; empty if there is one")


class MapWithMasks(MapNumbers):
    """All numbers, and the rasters behind them. ``lungs`` is null without a lung network.

    The mask is the networks' own; what lies outside the lungs is neither counted nor painted.
    """

    mask: Runs
    lungs: Runs | None


def with_masks(numbers: MapNumbers, found: InfectionMap) -> MapWithMasks:
    """Return the numbers with mask and lungs as runs."""
    return MapWithMasks(
        **dict(numbers),
        mask=_runs(found.mask),
        lungs=None if found.lungs is None else _runs(found.lungs),
    )


def numbers_of(found: InfectionMap, *, learnt_from: tuple[str, ...] = ()) -> MapNumbers:
    """Return the numbers of a map; ``learnt_from`` are the networks that knew the film."""
    rows, columns = found.mask.shape
    detection = found.detection
    lungs = found.lungs_network
    return MapNumbers(
        version=found.version,
        film=FilmNumbers(sha256=found.film_sha, rows=rows, columns=columns),
        networks=[NetworkUsed(name=name, sha256=sha) for name, sha in found.networks],
        lungs_network=NetworkUsed(name=lungs[0], sha256=lungs[1]) if lungs else None,
        learnt_from_this_film=list(learnt_from),
        threshold=found.thresholds.probability,
        specks=found.thresholds.specks,
        detection=DetectionNumbers(
            infected=detection.infected,
            score=detection.score,
            threshold=detection.threshold,
            any_pixel=detection.any_pixel,
            sensitivity=detection.sensitivity,
            specificity=detection.specificity,
            measured_on=detection.measured_on,
        ),
        extent=_extent(found.extent, found.extent_range),
        remark=_remark(found),
    )


def _remark(found: InfectionMap) -> str:
    if found.extent is not None:
        return ""
    return NO_LUNGS if found.lungs is None else LUNGS_NOT_FOUND


def _extent(extent: Extent | None, span: tuple[float, float] | None) -> ExtentNumbers | None:
    if extent is None or span is None:
        return None
    return ExtentNumbers(
        percent=_tenths(extent.percent),
        smallest=_tenths(span[0]),
        largest=_tenths(span[1]),
        grades=extent.grades,
        right=_lung(extent.right),
        left=_lung(extent.left),
    )


def _lung(lung: LungExtent | None) -> LungNumbers | None:
    if lung is None:
        return None
    zones = {name: _tenths(percent) for name, percent in lung.zones.items()}
    return LungNumbers(percent=_tenths(lung.percent), grade=lung.grade, zones=zones)


def _tenths(percent: float) -> float:
    """Percent are told to a tenth: more digits than a mask holds would claim too much."""
    return round(percent, 1)


def _runs(mask: Mask) -> Runs:
    rows, columns = mask.shape
    return Runs(rows=rows, columns=columns, runs=to_runs(mask))
