"""All kinds of runs, for whoever works on them: the web process, a command, a worker."""

from functools import partial

from app.blobs.store import BlobStore
from app.conduct.exporting import EXPORT, export_kind
from app.conduct.importing import IMPORT, import_kind
from app.conduct.proposing import PROPOSE, propose_kind
from app.films.limits import Limits
from app.proposals.propose import network_proposers
from app.runs.kinds import Kinds
from app.settings import Settings


def kinds(settings: Settings, blobs: BlobStore) -> Kinds:
    """Return the kinds of runs by name."""
    limits = Limits(settings.max_film_bytes, settings.max_film_pixels)
    proposers = partial(network_proposers, settings.models, threads=settings.inference_threads)
    return {
        IMPORT: import_kind(blobs, limits),
        PROPOSE: propose_kind(blobs, proposers),
        EXPORT: export_kind(blobs, settings.home / "exports"),
    }
