"""The run that computes a study's proposals. A run commits for itself, film by film."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from app.blobs.store import BlobStore
from app.clock import Clock
from app.proposals.propose import Proposer, compute, plan, store
from app.studies.studies import protocol_of
from app.studies.tables import Study


@dataclass
class Proposals:
    """What a run did: films done, and for each refused candidate the film and the reason."""

    films: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def run_propose(
    sessions: sessionmaker[Session],
    blobs: BlobStore,
    *,
    study_id: int,
    proposers: Sequence[Proposer],
    clock: Clock,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Proposals:
    """Compute what the study lacks. Killed at any moment and called again, it ends the same."""
    with sessions.begin() as session:
        study = session.get_one(Study, study_id)
        tasks = plan(session, study)
        display = protocol_of(study).display
    report = Proposals()
    progress(0, len(tasks))
    for done, task in enumerate(tasks, 1):
        if cancelled():
            break
        computed = compute(blobs, task, proposers=proposers, display=display)
        try:
            with sessions.begin() as session:
                store(session, computed, clock=clock)
        except IntegrityError:
            # Another worker wrote this film first; its candidates are the same.
            pass
        report.films += 1
        report.refused += [(task.name, reason) for reason in computed.refused]
        progress(done, len(tasks))
    return report
