"""Which file of a network may propose a mask of a film: one that never saw it. Pure.

A network trained in folds has one file a fold, each blind to that fold's films, and perhaps one
trained on all films.
"""

from collections.abc import Iterable, Mapping

from app.networks.manifest import NetworkEntry, NetworkFile
from app.networks.refusals import InFold

TrainedOn = Mapping[str, int | None]
"""Film's pixels_sha256 → the fold that held it out; None: every file learnt from it."""


def trained_on(rows: Iterable[tuple[str, str]]) -> TrainedOn:
    """Return what the rows (pixels_sha256, fold) of a ``trained-on.csv`` say.

    A film that stands in two folds was learnt from by every file.
    """
    found: dict[str, int | None] = {}
    for sha, said in rows:
        fold = int(said) if said else None
        found[sha] = fold if found.get(sha, fold) == fold else None
    return found


def default_file(entry: NetworkEntry) -> NetworkFile:
    """Return the file for films from elsewhere: trained on all, else that of the lowest fold.

    One file, not the mean of the folds: a film from elsewhere and a film of the training set then
    get masks of the same kind, which a physician cannot tell apart by their smoothness.
    """
    return min(entry.files, key=lambda file: -1 if file.fold is None else file.fold)


def file_for(entry: NetworkEntry, trained: TrainedOn, pixels_sha: str) -> NetworkFile:
    """Return the file that never saw the film; raises `InFold` where there is none."""
    if pixels_sha not in trained:
        return default_file(entry)
    held_out_by = trained[pixels_sha]
    for file in entry.files:
        if held_out_by is not None and file.fold == held_out_by:
            return file
    raise InFold(
        f"The network {entry.name} learnt from this film in all of its {len(entry.files)} files.",
        cure="Choose another network for this film.",
    )
