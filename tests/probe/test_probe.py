"""A planted tell raises the alarm; where there is none, the interval holds chance."""

import numpy as np
import pytest

from app.probe.guessing import Seen, guess
from app.probe.looks import looks
from app.probe.report import Gathered, Shown
from app.studies.protocol import Display
from tests.probe.blobs import rounds

PLAIN: dict[str, Display | None] = {"raw": None}


def outcome(*, told: bool, displays: dict[str, Display | None]) -> list[Shown]:
    gathered = Gathered(displays)
    for one in rounds(60, told=told):
        gathered.add(one)
    return gathered.tables(seed=1)


def test_stair_steps_of_the_hand_drawn_masks_are_found() -> None:
    (raw,) = outcome(told=True, displays=PLAIN)
    assert raw.findings["outline"].alarm
    assert raw.findings["outline"].found.value > 0.9
    assert raw.findings["all"].alarm


def test_nothing_is_found_where_nothing_tells() -> None:
    """Masks of one hand, one of them called hand-drawn by lot, six times over."""
    rng = np.random.default_rng(8)
    ballots = [(one.patient, looks(one.masks)["outline"]) for one in rounds(60, told=False)]
    findings = [
        guess([Seen(who, look, int(rng.integers(4))) for who, look in ballots], seed=1)
        for _ in range(6)
    ]
    assert sum(finding.alarm for finding in findings) <= 1
    assert np.mean([finding.found.value for finding in findings]) == pytest.approx(0.25, abs=0.08)


def test_a_normalisation_takes_stair_steps_away_and_says_what_it_cost() -> None:
    strong = Display(long_side=96, sigma=3)
    raw, smooth = outcome(told=True, displays={"raw": None, "smooth": strong})
    assert smooth.findings["outline"].found.value < raw.findings["outline"].found.value - 0.2
    assert raw.fidelity.median == 1
    assert smooth.fidelity.median < 1
