"""What the probe found, in a table: for each way of showing masks, each adversary's finding."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import RESEARCH_ONLY, __version__
from app.probe.displays import fidelity, shown
from app.probe.guessing import FOLDS, Finding, Seen, guess
from app.probe.looks import FAMILIES, looks
from app.probe.rounds import Round
from app.studies.protocol import Display

Values = NDArray[np.float64]

FEWEST = 20
"""Below this many ballots the interval says nothing, and the probe says so."""


@dataclass(frozen=True)
class Fidelity:
    """How much of the masks is left: Dice of what is shown with the mask itself, over all masks."""

    median: float
    lowest_twentieth: float
    below_bound: float


@dataclass(frozen=True)
class Shown:
    """One way of showing: its fidelity, and how often each family of looks gave the mask away."""

    name: str
    fidelity: Fidelity
    findings: Mapping[str, Finding]


@dataclass
class Gathered:
    """What is kept of each ballot while the next is read: numbers, never masks."""

    displays: Mapping[str, Display | None]
    bound: float = 0.98
    _seen: dict[tuple[str, str], list[Seen]] = field(default_factory=dict)
    _kept: dict[str, list[float]] = field(default_factory=dict)

    def add(self, one: Round) -> None:
        """Show a ballot's masks in every way and take down what can be seen."""
        for name, display in self.displays.items():
            masks = [shown(mask, display) for mask in one.masks]
            pairs = zip(one.masks, masks, strict=True)
            self._kept.setdefault(name, []).extend(fidelity(*pair) for pair in pairs)
            found = looks(masks)
            for family, parts in FAMILIES.items():
                values = np.concatenate([found[part] for part in parts], axis=1)
                self._seen.setdefault((name, family), []).append(
                    Seen(one.patient, values, one.found)
                )

    def tables(self, *, seed: int) -> list[Shown]:
        """Train and try every adversary."""
        return [
            Shown(
                name,
                self._fidelity(name),
                {family: guess(self._seen[name, family], seed=seed) for family in FAMILIES},
            )
            for name in self.displays
            if name in self._kept
        ]

    def _fidelity(self, name: str) -> Fidelity:
        kept = np.array(self._kept[name])
        return Fidelity(
            float(np.median(kept)),
            float(np.percentile(kept, 5)),
            float((kept < self.bound).mean()),
        )


@dataclass(frozen=True)
class Probe:
    """The whole finding. ``transport`` is absent where nothing went over the wire."""

    what: str
    seed: int
    masks: Sequence[Shown]
    transport: Finding | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def alarms(self) -> Iterable[str]:
        """Name what gives the hand-drawn mask away more often than chance would."""
        if self.transport is not None and self.transport.alarm:
            yield "transport"
        for way in self.masks:
            for family, finding in way.findings.items():
                if finding.alarm:
                    yield f"{way.name}: {family}"


def in_words(finding: Finding) -> str:
    """Return how often the mask was found, its interval, and chance."""
    found = finding.found
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def as_json(probe: Probe) -> dict[str, Any]:
    """Return all numbers."""
    return {
        "research_only": RESEARCH_ONLY,
        "version": __version__,
        "what": probe.what,
        "seed": probe.seed,
        "interval": f"95 %, bootstrap over patients; {FOLDS} folds of patients",
        "transport": None if probe.transport is None else asdict(probe.transport),
        "masks": [asdict(way) for way in probe.masks],
        "left_out": dict(probe.left_out),
        "alarms": list(probe.alarms),
    }
