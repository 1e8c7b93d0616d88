"""``models/manifest.toml``: which networks there are, what they read and how they are used."""

import tomllib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.networks.refusals import NetworkRefused
from app.words import N_
from app.words.faults import fault_of

MANIFEST = "manifest.toml"


def _below_models(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path:
        raise ValueError(N_("must be a path below models/"))
    return path


RelativePath = Annotated[str, AfterValidator(_below_models)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Share = Annotated[float, Field(ge=0, le=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NetworkInput(_Frozen):
    """The one input: float32 [N, 1, h, w] in 0 … 1, N free.

    ``grid`` is (rows, columns); the percentiles ``low`` and ``high`` of the film's luminance
    become 0 and 1.
    """

    name: str
    grid: tuple[Annotated[int, Field(ge=16, le=4096)], Annotated[int, Field(ge=16, le=4096)]]
    low: Annotated[float, Field(ge=0, lt=100)]
    high: Annotated[float, Field(gt=0, le=100)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low >= self.high:
            raise ValueError(N_("must have low below high"))
        return self


class NetworkOutput(_Frozen):
    """The one output: logits, float32 [N, 1, h, w] on the input's grid."""

    name: str


class Operating(_Frozen):
    """How logits become a probability, a mask and a yes or no; measured, not guessed.

    ``specks`` is the fraction of the film below which a component is dropped;
    ``detection_threshold`` the mask's area, as a fraction of the film, from which a film counts as
    infected, with the sensitivity and specificity found there on ``measured_on``.
    """

    temperature: Annotated[float, Field(gt=0)] = 1.0
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    specks: Annotated[float, Field(ge=0, lt=1)] = 0.0005
    detection_score: Literal["area"] = "area"
    detection_threshold: Share = 0.01
    sensitivity: Share | None = None
    specificity: Share | None = None
    measured_on: str = ""


class NetworkFile(_Frozen):
    """One ONNX file. ``fold`` is the fold it never saw; left out: trained on all films."""

    path: RelativePath
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    opset: int
    fold: Annotated[int, Field(ge=0)] | None = None


class OutOfFold(_Frozen):
    """A zip of kept predictions in the place of the folds' files (see `app.networks.stored`)."""

    path: RelativePath
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class NetworkEntry(_Frozen):
    """One network of the manifest: its files share input, output and operating point."""

    name: Word
    title: str
    family: Word
    task: Literal["infection", "lungs"]
    stages: tuple[int, ...] = ()
    card: RelativePath
    trained_on: RelativePath
    input: NetworkInput
    output: NetworkOutput
    operating: Operating = Operating()
    out_of_fold: OutOfFold | None = None
    files: Annotated[tuple[NetworkFile, ...], Field(alias="file", min_length=1)]

    @model_validator(mode="after")
    def _one_file_a_fold(self) -> Self:
        folds = [file.fold for file in self.files]
        if len(set(folds)) != len(folds):
            raise ValueError(N_("must have one file at most for each fold and for all"))
        return self


class Together(_Frozen):
    """Several networks that answer as one, and the operating point measured for them.

    ``sha256`` are those of the networks' default files, in the same order: the point of other
    files would be another.
    """

    networks: Annotated[tuple[Word, ...], Field(min_length=2)]
    sha256: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...]
    operating: Operating

    @model_validator(mode="after")
    def _one_digest_a_network(self) -> Self:
        if len(set(self.networks)) != len(self.sha256):
            raise ValueError(N_("must have one sha256 for each of the networks, which differ"))
        return self


class Manifest(_Frozen):
    """All networks, in the order of the file."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    networks: Annotated[tuple[NetworkEntry, ...], Field(alias="network")] = ()
    together: tuple[Together, ...] = ()

    @model_validator(mode="after")
    def _one_entry_a_name(self) -> Self:
        names = [entry.name for entry in self.networks]
        if len(set(names)) != len(names):
            raise ValueError(N_("must have no two networks of the same name"))
        return self


def read_manifest(models: Path) -> Manifest:
    """Return the manifest of the folder ``models``.

    Raises `NetworkRefused` that names the entry and the field which is not as expected.
    """
    path = models / MANIFEST
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise NetworkRefused(
            "There is no {file} in {folder}.",
            cure="Name the folder with --models or MASKBALLOT_MODELS.",
            file=MANIFEST,
            folder=models,
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NetworkRefused(
            "{path} cannot be read as TOML: {error}.", path=path, error=error
        ) from error
    try:
        return Manifest.model_validate(said)
    except ValidationError as error:
        fault = error.errors()[0]
        raise NetworkRefused(
            "{path}: {place}: {fault} (found {found}).",
            path=path,
            place=_place(said, fault["loc"]),
            fault=fault_of(fault),
            found=repr(str(fault["input"])[:80]),
        ) from error


def inside(models: Path, relative: str) -> Path:
    """Return the path of a file below ``models``; a link that leads elsewhere is refused."""
    path = (models / relative).resolve()
    if not path.is_relative_to(models.resolve()):
        raise NetworkRefused(
            "{relative}: expected a file inside {models}, it leads to {path}.",
            relative=relative,
            models=models,
            path=path,
        )
    return path


def _place(said: dict[str, object], place: Sequence[int | str]) -> str:
    """Return ``network "name", field``, as the manifest writes it."""
    where = ".".join(str(part) for part in place if not isinstance(part, int))
    entries = said.get("network")
    if len(place) > 1 and place[0] == "network" and isinstance(entries, list):
        entry = entries[int(place[1])]
        name = entry.get("name", place[1]) if isinstance(entry, dict) else place[1]
        where = f"network {name!r}, {'.'.join(str(part) for part in place[2:]) or 'entry'}"
    return where or MANIFEST
