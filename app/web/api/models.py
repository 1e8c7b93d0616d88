"""What the API answers with. Times are ISO 8601 in UTC; digests are sha256 in hexadecimal."""

from datetime import datetime
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.conduct.watching import Answers, FilmLine
from app.exports.tables import Export
from app.networks.manifest import NetworkEntry
from app.runs.tables import Run
from app.settlement.listing import SettledFilm
from app.studies.studies import protocol_of
from app.studies.tables import Study

T = TypeVar("T")
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TIME = "2026-01-05T08:00:00Z"


class Page(BaseModel, Generic[T]):
    """One page of a list; ``next`` is the cursor of the page after, null on the last."""

    items: list[T]
    next: str | None = Field(default=None, examples=["YWZ0ZXI6MTAw"])


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


class StudyOut(BaseModel):
    """A study. ``wanted`` answers are those that its cases want at present."""

    model_config = _example(
        key="pilot-5eed5e",
        name="Pilot",
        stage=1,
        state="open",
        networks=["unet-b0"],
        protocol={"version": 1},
        cases=80,
        answers=112,
        wanted=160,
        created_at=TIME,
    )

    key: str
    name: str
    stage: int
    state: str
    networks: list[str]
    protocol: dict[str, Any]
    cases: int
    answers: int
    wanted: int
    created_at: datetime

    @classmethod
    def of(cls, study: Study, answers: Answers) -> Self:
        """Return what the API says of ``study``."""
        return cls(
            key=study.key,
            name=study.name,
            stage=study.stage,
            state=study.state,
            networks=list(study.networks),
            protocol=protocol_of(study).model_dump(mode="json"),
            cases=answers.cases,
            answers=answers.have,
            wanted=answers.wanted,
            created_at=study.created_at,
        )


class FilmOut(BaseModel):
    """A film. ``pixels_sha256`` says which film it is, wherever it is imported."""

    model_config = _example(
        name="film-001.png",
        pixels_sha256=SHA,
        width=2048,
        height=2500,
        bits=12,
        photometric="MONOCHROME2",
        patient="p-017",
        view="PA",
        finding="COVID-19",
        hand_drawn=True,
        candidates=4,
        answers=2,
        wanted=2,
        outcome=None,
        imported_at=TIME,
    )

    name: str
    pixels_sha256: str
    width: int
    height: int
    bits: int
    photometric: str
    patient: str | None
    view: str | None
    finding: str | None
    hand_drawn: bool
    candidates: int
    answers: int
    wanted: int
    outcome: str | None
    imported_at: datetime

    @classmethod
    def of(cls, line: FilmLine) -> Self:
        """Return what the API says of a film."""
        film = line.film
        return cls(
            name=film.name,
            pixels_sha256=film.pixels_sha,
            width=film.native_w,
            height=film.native_h,
            bits=film.bits,
            photometric=film.photometric,
            patient=line.patient or None,
            view=film.view,
            finding=film.finding,
            hand_drawn=film.manual_mask_sha is not None,
            candidates=line.candidates,
            answers=line.have,
            wanted=line.wanted,
            outcome=line.outcome or None,
            imported_at=film.imported_at,
        )


class SettlementOut(BaseModel):
    """What a case came to. ``source`` says whose mask was chosen: the votes are in by then.

    ``shared_with`` names the sources whose masks were so alike that they stood in the same slot.
    """

    model_config = _example(
        film="film-001.png",
        pixels_sha256=SHA,
        outcome="mask",
        source="network:unet-b0",
        shared_with=[],
        votes=2,
        agreement=1.0,
        rule={"kind": "two-plus-one"},
        settled_at=TIME,
        version="0.1.0",
    )

    film: str
    pixels_sha256: str
    outcome: str
    source: str | None
    shared_with: list[str]
    votes: int
    agreement: float | None
    rule: dict[str, Any]
    settled_at: datetime
    version: str

    @classmethod
    def of(cls, settled: SettledFilm) -> Self:
        """Return what the API says of a settlement."""
        row = settled.settlement
        return cls(
            film=settled.film.name,
            pixels_sha256=settled.film.pixels_sha,
            outcome=row.outcome,
            source=settled.source or None,
            shared_with=list(settled.shared_with),
            votes=len(row.votes_used),
            agreement=row.agreement,
            rule=row.rule,
            settled_at=row.settled_at,
            version=row.version,
        )


class RunOut(BaseModel):
    """Work in the background; ``done`` of ``total`` films. ``notes`` says what was left out."""

    model_config = _example(
        id=7, kind="export", state="running", done=12, total=80, notes=None, created_at=TIME
    )

    id: int
    kind: str
    state: str
    done: int
    total: int
    notes: str | None
    created_at: datetime

    @classmethod
    def of(cls, run: Run) -> Self:
        """Return what the API says of a run."""
        return cls(
            id=run.id,
            kind=run.kind,
            state=run.state,
            done=run.done,
            total=run.total,
            notes=run.error,
            created_at=run.created_at,
        )


class ExportOut(BaseModel):
    """An export. ``download`` is null where its file no longer lies here: export again."""

    model_config = _example(
        id=3,
        kind="training-set",
        films=78,
        manifest_sha256=SHA,
        made_at=TIME,
        version="0.1.0",
        download="/api/v1/studies/pilot-5eed5e/exports/3/training-set.zip",
    )

    id: int
    kind: str
    films: int
    manifest_sha256: str
    made_at: datetime
    version: str
    download: str | None

    @classmethod
    def of(cls, study: Study, export: Export, *, lies_here: bool) -> Self:
        """Return what the API says of an export."""
        address = f"/api/v1/studies/{study.key}/exports/{export.id}/training-set.zip"
        return cls(
            id=export.id,
            kind=export.kind,
            films=export.films,
            manifest_sha256=export.manifest_sha256,
            made_at=export.made_at,
            version=export.version,
            download=address if lies_here else None,
        )


class NetworkOut(BaseModel):
    """A network of this installation."""

    model_config = _example(
        name="unet-b0",
        title="U-Net with EfficientNet-B0 encoder",
        family="unet",
        task="infection",
        stages=[1],
        grid=[224, 224],
        threshold=0.5,
        sha256=[SHA],
    )

    name: str
    title: str
    family: str
    task: str
    stages: list[int]
    grid: tuple[int, int] = Field(description="Rows, columns of what the network reads.")
    threshold: float
    sha256: list[str]

    @classmethod
    def of(cls, entry: NetworkEntry) -> Self:
        """Return what the API says of a network."""
        return cls(
            name=entry.name,
            title=entry.title,
            family=entry.family,
            task=entry.task,
            stages=list(entry.stages),
            grid=entry.input.grid,
            threshold=entry.operating.threshold,
            sha256=[file.sha256 for file in entry.files],
        )
