"""Networks on films, one after the other, against the masks that were drawn there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.evaluation.by_threshold import hits_and_claims
from app.evaluation.calibration import binned
from app.evaluation.listing import LeftOut, ListedFilm
from app.evaluation.panel import Panel, panel_for
from app.evaluation.records import Distances, FilmResult, LungsFrom, Tolerance
from app.evaluation.rewritten import WRITINGS, Writing, rewritten
from app.evaluation.shortcuts import CONDITIONS, Condition, altered
from app.films.limits import Limits
from app.films.opening import Opened, ahead, open_entry
from app.films.pixels import FilmPixels
from app.films.prints import near_code_of
from app.films.refusals import FilmRefused
from app.films.voi import luminance
from app.maps.team import Roster
from app.masks.measures import Confusion, boundary_distances, confusion
from app.networks.manifest import NetworkEntry, Operating
from app.networks.predict import Grid
from app.networks.refusals import InFold, NearInFold
from app.networks.registry import lungs_entry
from app.networks.together import operating_of

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """A film with the network's mask and the drawn one, bool [H, W], for a picture."""

    film: FilmPixels
    mask: Mask
    truth: Mask


@dataclass(frozen=True)
class Judge:
    """Scores networks of one task; each film gets files that never saw it, or is left out."""

    roster: Roster
    entries: tuple[NetworkEntry, ...]
    limits: Limits
    tolerance: Tolerance
    shortcut_check: bool = False
    _seen: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def models(self) -> Path:
        """The folder of networks."""
        return self.roster.models

    @property
    def task(self) -> str:
        """What the networks outline."""
        return self.entries[0].task

    @cached_property
    def operating(self) -> Operating:
        """The networks' operating point, together."""
        return operating_of(self.roster.manifest, self.entries)

    def judge_all(self, films: Sequence[ListedFilm]) -> Iterator[FilmResult | LeftOut]:
        """Yield what is kept of each film. A film without a drawn mask has an empty truth.

        For a lung network there is no film without lungs, so such a film is left out.
        """
        for listed, opened in zip(films, ahead(self._open, films), strict=True):
            yield opened if isinstance(opened, LeftOut) else self._judge(listed, opened)

    def again(self, listed: ListedFilm) -> Judged:
        """Return the masks of a film that was judged before: pictures are not kept meanwhile."""
        opened = open_entry(listed.entry, self.limits)
        panel = self._panel(opened.pixels.sha256(), near_code_of(opened.pixels))
        logits = panel.logits(luminance(opened.pixels))
        mask = panel.mask(panel.probability(logits, opened.pixels.shape))
        return Judged(opened.pixels, mask, self._truth(opened))

    def _open(self, listed: ListedFilm) -> Opened | LeftOut:
        try:
            return open_entry(listed.entry, self.limits)
        except FilmRefused as refused:
            return LeftOut(listed.name, str(refused))

    def _judge(self, listed: ListedFilm, opened: Opened) -> FilmResult | LeftOut:
        if self.task == "lungs" and "lungs" not in opened.masks:
            return LeftOut(listed.name, "no lungs were drawn on it")
        sha = opened.pixels.sha256()
        folder, name = self._seen.setdefault(sha, (listed.folder, listed.name))
        if folder != listed.folder:
            return LeftOut(listed.name, f"the same film stands there as {name}")
        try:
            panel = self._panel(sha, near_code_of(opened.pixels))
        except NearInFold:
            return LeftOut(listed.name, "the network learnt from a near-identical film")
        except InFold:
            return LeftOut(listed.name, "the network learnt from it")
        return self._measured(listed, opened, panel, sha)

    def _measured(self, listed: ListedFilm, opened: Opened, panel: Panel, sha: str) -> FilmResult:
        film, truth = opened.pixels, self._truth(opened)
        grey = luminance(film)
        logits = panel.logits(grey)
        probability = panel.probability(logits, film.shape)
        plain = panel.probability(logits, film.shape, calibrated=False)
        mask = panel.mask(probability)
        lungs, lungs_from = self._lungs(opened, sha)
        where = np.ones(film.shape, np.bool_) if lungs is None else lungs
        return FilmResult(
            name=listed.name,
            source=listed.source,
            view=listed.entry.view or "unknown",
            patient=listed.patient,
            patient_known=listed.entry.patient_id is not None,
            shape=film.shape,
            counts=confusion(mask, truth),
            distances=_distances(mask, truth, film.spacing_mm, self.tolerance),
            lungs_from=lungs_from,
            reliability=np.stack([binned(p, truth, where) for p in (plain, probability)]),
            by_threshold=hits_and_claims(probability, truth),
            altered=self._altered(panel, grey, lungs),
            rewritten=self._rewritten(panel, grey, truth),
        )

    def _panel(self, sha: str, near: str) -> Panel:
        return panel_for(
            self.models,
            self.entries,
            self.operating,
            pixels_sha=sha,
            near=near,
            threads=self.roster.threads,
        )

    def _truth(self, opened: Opened) -> Mask:
        return opened.masks.get(self.task, np.zeros(opened.pixels.shape, np.bool_))

    def _lungs(self, opened: Opened, sha: str) -> tuple[Mask | None, LungsFrom]:
        """Return the lungs in which calibration is measured: drawn ones, else a network's."""
        if self.task == "lungs":
            return None, "none"
        if "lungs" in opened.masks:
            return opened.masks["lungs"], "drawn"
        if lungs_entry(self.roster.manifest) is None:
            return None, "none"
        return self.roster.lungs(sha).mask(opened.pixels), "network"

    def _altered(self, panel: Panel, grey: Grid, lungs: Mask | None) -> dict[Condition, float]:
        scores: dict[Condition, float] = {}
        if lungs is None or not self.shortcut_check:
            return scores
        for condition in CONDITIONS:
            film = altered(grey, lungs, condition)
            if film is not None:
                shape = (film.shape[0], film.shape[1])
                mask = panel.mask(panel.probability(panel.logits(film), shape))
                scores[condition] = float(np.count_nonzero(mask) / mask.size)
        return scores

    def _rewritten(self, panel: Panel, grey: Grid, truth: Mask) -> dict[Writing, Confusion]:
        if self.task == "lungs" or not self.shortcut_check:
            return {}
        shape = (truth.shape[0], truth.shape[1])
        counts: dict[Writing, Confusion] = {}
        for writing in WRITINGS:
            logits = panel.logits(rewritten(grey, panel.grid, writing))
            counts[writing] = confusion(panel.mask(panel.probability(logits, shape)), truth)
        return counts


def _distances(
    mask: Mask, truth: Mask, spacing: tuple[float, float] | None, tolerance: Tolerance
) -> Distances:
    pixels = boundary_distances(mask, truth)
    found = (pixels.percentile(95), pixels.share_within(tolerance.pixels))
    if spacing is None:
        return Distances(*found)
    scaled = boundary_distances(mask, truth, spacing=spacing)
    return Distances(*found, scaled.percentile(95), scaled.share_within(tolerance.millimetres))
