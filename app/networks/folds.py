"""Which file of a network may propose a mask of a film: one that never saw it. Pure.

A network trained in folds has one file a fold, each blind to that fold's films, and perhaps one
trained on all films.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from app.networks.manifest import NetworkEntry, NetworkFile
from app.networks.refusals import InFold, NearInFold
from app.twins.near import SAME_VIEW, likeness, read_codes

FOLDS = 5  # into which films are divided, in training as in exported sets


class TrainedOn(dict[str, int | None]):
    """Film's pixels_sha256 → the fold that held it out; None: every file learnt from it.

    ``near`` holds the near codes (`app.twins.near`) of those films of which they are known,
    ``tuned`` the films that only chose thresholds.
    """

    near: dict[str, str]
    tuned: set[str]

    def __init__(self, folds: dict[str, int | None] | None = None) -> None:
        super().__init__(folds or {})
        self.near = {}
        self.tuned = set()

    def alike(self, pixels_sha: str, near: str = "") -> list[str]:
        """Return the films that are this one, or show the same view as its near code."""
        found = [pixels_sha] if pixels_sha in self else []
        if near and self.near:
            shas, codes = self._codes
            same = likeness(read_codes([near])[0], codes) >= SAME_VIEW
            found += [shas[place] for place in np.flatnonzero(same) if shas[place] != pixels_sha]
        return found

    def taught_by(self, pixels_sha: str, near: str = "") -> bool:
        """Say whether a file learnt weights from this film or the same view of it."""
        return not self.tuned.issuperset(self.alike(pixels_sha, near))

    @cached_property
    def _codes(self) -> tuple[list[str], np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
        return list(self.near), read_codes(list(self.near.values()))


def trained_on(rows: Iterable[Sequence[str]]) -> TrainedOn:
    """Return what the rows (pixels_sha256, fold, near code, tuned) of a ``trained-on.csv`` say.

    A film that stands in two folds was learnt from by every file. Older files have no near codes,
    and do not say which films only tuned.
    Raises `ValueError` for what is no fold or no near code.
    """
    found = TrainedOn()
    for sha, said, *more in rows:
        fold = int(said) if said else None
        found[sha] = fold if found.get(sha, fold) == fold else None
        near, tuned = (*more, "", "")[:2]
        if near:
            found.near[sha] = near
        if tuned:
            found.tuned.add(sha)
    read_codes(list(found.near.values()))
    return found


def default_file(entry: NetworkEntry) -> NetworkFile:
    """Return the file for films from elsewhere: trained on all, else that of the lowest fold.

    One file, not the mean of the folds: a film from elsewhere and a film of the training set then
    get masks of the same kind, which a physician cannot tell apart by their smoothness.
    """
    return min(entry.files, key=lambda file: -1 if file.fold is None else file.fold)


def file_for(
    entry: NetworkEntry, trained: TrainedOn, pixels_sha: str, near: str = ""
) -> NetworkFile:
    """Return the file that never saw the film, nor the same view of it in another file.

    Raises `InFold` where there is none. Without the film's ``near`` code only the very same pixels
    are known again.
    """
    alike = trained.alike(pixels_sha, near)
    if not alike:
        return default_file(entry)
    held_out_by = {trained[sha] for sha in alike}
    for file in entry.files:
        if file.fold is not None and held_out_by == {file.fold}:
            return file
    said = "this film" if pixels_sha in alike else "a near-identical film"
    raise (InFold if pixels_sha in alike else NearInFold)(
        f"The network {entry.name} learnt from {said} in all of its {len(entry.files)} files.",
        cure="Choose another network for this film.",
    )
