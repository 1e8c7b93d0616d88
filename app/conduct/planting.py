"""Which films become sentinels: a share of them, drawn by the study's seed."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.ballots.design import chance
from app.blobs.store import BlobStore
from app.clock import Clock
from app.proposals.planting import plant
from app.studies.studies import protocol_of
from app.studies.tables import Study


def plant_sentinels(
    session: Session, blobs: BlobStore, study: Study, *, film_ids: Sequence[int], clock: Clock
) -> list[int]:
    """Make sentinels of those of the films that are drawn, complete and fit; return the new ones.

    A film that is not fit stays a case.
    """
    share = protocol_of(study).design.sentinel_share
    drawn = [film_id for film_id in film_ids if chance(share, study.seed, "sentinel", film_id)]
    return plant(session, blobs, study, film_ids=drawn, clock=clock) if drawn else []
