"""A study's report: what it is made of, and who may have which part of it when."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import RESEARCH_ONLY, __version__
from app.ballots.design import in_backbone
from app.blobs.store import BlobStore
from app.clock import Clock
from app.films.tables import Film
from app.problems import Problem
from app.proposals.origins import SENTINEL, CandidateOrigin
from app.proposals.tables import Candidate
from app.reports.drawn import drawn_alike, first_drawn
from app.reports.findings import SEED, Findings, findings
from app.reports.gather import Gathered, gather
from app.reports.progress import Progress, progress
from app.statistics.drawings import Drawings, DrawnFirst
from app.statistics.sentinels import SentinelScore, scores
from app.statistics.votes import WORDS, Bools, Votes
from app.studies.protocol import Protocol
from app.studies.states import State
from app.studies.studies import protocol_of
from app.studies.tables import Study


class StillBlind(Problem):
    """The study is not settled, and its unblinded part was not asked for."""

    code = "still-blind"
    status = 409


@dataclass(frozen=True)
class Fidelity:
    """Of one source's candidates: how many there are, how many are ``measured``, and how many of
    those show less than the protocol's Dice with what was made; ``lowest`` is the lowest."""

    source: str
    candidates: int
    measured: int
    flagged: int
    lowest: float | None


@dataclass(frozen=True)
class DisputedFilm:
    """A film that readers disagree on: ``given`` is (answer, votes)."""

    film: str
    answers: int
    disagreement: float
    given: list[tuple[str, float]]


@dataclass(frozen=True)
class Unblinded:
    """What only someone may read who can no longer spoil the study by knowing it.

    ``readers`` are the names behind the readers' numbers.
    """

    findings: Findings
    readers: list[str]
    drawings: Drawings | None
    redrawings: Drawings | None
    drawn_first: DrawnFirst | None
    fidelity: list[Fidelity]
    disputed: list[DisputedFilm]
    sentinels: list[SentinelScore]


@dataclass(frozen=True)
class Report:
    """The report. ``unblinded`` is there once the study is settled, or on demand."""

    study: str
    key: str
    stage: int
    state: str
    protocol: Protocol
    made_at: datetime
    version: str
    progress: Progress
    unblinded: Unblinded | None

    @property
    def settled(self) -> bool:
        """Say whether knowing the sources can spoil nothing any more."""
        return self.state == State.SETTLED

    def said(self) -> dict[str, Any]:
        """Return the report for JSON."""
        found = {name: value for name, value in vars(self).items() if name != "protocol"}
        found["progress"] = asdict(self.progress)
        found["unblinded"] = asdict(self.unblinded) if self.unblinded else None
        return found | {
            "made_at": self.made_at.isoformat(),
            "protocol": self.protocol.model_dump(mode="json"),
            "research_only": RESEARCH_ONLY,
        }


def may_unblind(study: Study, *, asked: bool) -> bool:
    """Say whether the report tells sources: always of a settled study, else where it is asked."""
    return study.state == State.SETTLED or asked


def require_unblinded(study: Study, *, asked: bool) -> None:
    """Raise `StillBlind` unless the sources may be told."""
    if not may_unblind(study, asked=asked):
        raise StillBlind(
            "The study is not settled: to read the sources now may bias how it goes on.",
            cure="Settle it, or ask for the unblinded part; the study's history keeps that.",
        )


def report(
    session: Session,
    blobs: BlobStore,
    study: Study,
    *,
    clock: Clock,
    asked: bool = False,
    gathered: Gathered | None = None,
) -> Report:
    """Return the study's report; before it is settled, progress alone unless ``asked`` for more.

    ``gathered`` spares a second reading where the caller has the votes already.
    """
    told = None
    if may_unblind(study, asked=asked):
        told = unblinded(session, blobs, study, gathered or gather(session, study))
    return Report(
        study=study.name,
        key=study.key,
        stage=study.stage,
        state=study.state,
        protocol=protocol_of(study),
        made_at=clock.now(),
        version=__version__,
        progress=progress(session, study),
        unblinded=told,
    )


def unblinded(session: Session, blobs: BlobStore, study: Study, gathered: Gathered) -> Unblinded:
    """Return all that the votes say."""
    found = findings(gathered.votes, spine=_spine(study, gathered))
    side = protocol_of(study).display.long_side
    categories = categories_of(gathered.votes)
    return Unblinded(
        findings=found,
        readers=gathered.readers,
        drawings=drawn_alike(session, gathered, seed=SEED, long_side=side),
        redrawings=drawn_alike(session, gathered, seed=SEED, long_side=side, own=True),
        drawn_first=first_drawn(session, blobs, gathered, seed=SEED),
        fidelity=_fidelity(session, study),
        disputed=[
            DisputedFilm(
                gathered.films[one.film].name,
                one.answers,
                one.disagreement,
                [(categories[category], votes) for category, votes in one.given],
            )
            for one in found.disputes
        ],
        sentinels=scores(gathered.sentinels),
    )


def _spine(study: Study, gathered: Gathered) -> Bools | None:
    """Say which films are in the random backbone; nothing where it is all of them, or none."""
    design = protocol_of(study).design
    if design.priority == "none" or not 0 < design.backbone_share < 1:
        return None
    share = design.backbone_share
    spine = [in_backbone(film.id, seed=study.seed, share=share) for film in gathered.films]
    return np.array(spine, np.bool_)


def categories_of(votes: Votes) -> list[str]:
    """Return the names of answers: each holding's sources, then the words."""
    held = [
        " = ".join(name for name, has in zip(votes.sources, row, strict=True) if has)
        for row in votes.members.tolist()
    ]
    return [*held, *WORDS]


def _fidelity(session: Session, study: Study) -> list[Fidelity]:
    least = protocol_of(study).display.fidelity
    query = (
        select(
            CandidateOrigin.source,
            func.count(),
            func.count(Candidate.fidelity),
            func.count().filter(Candidate.fidelity < least),
            func.min(Candidate.fidelity),
        )
        .join(Candidate, Candidate.id == CandidateOrigin.candidate_id)
        .join(Film, Film.id == CandidateOrigin.film_id)
        .where(Film.study_id == study.id, CandidateOrigin.kind != SENTINEL)
        .group_by(CandidateOrigin.source)
        .order_by(CandidateOrigin.source)
    )
    return [Fidelity(*row) for row in session.execute(query)]
