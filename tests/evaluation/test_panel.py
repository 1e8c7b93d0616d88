"""Several networks answer as one, and as the product's maps do."""

from pathlib import Path

import numpy as np
import pytest

from app.evaluation.panel import entries_of, panel_for
from app.films.voi import luminance
from app.maps.infection_map import make_map
from app.networks.manifest import read_manifest
from app.networks.predict import open_network
from app.networks.refusals import InFold, NetworkUnknown
from app.networks.together import mean_point
from tests.support import two_lungs
from tests.support.tiny_networks import add_network
from tests.support.two_lungs import LEFT, SHAPE

FILM = two_lungs.film(LEFT)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    add_network(tmp_path, "one", grid=SHAPE, level=0.7, temperature=2.0, threshold=0.4)
    add_network(tmp_path, "two", grid=(60, 80), level=0.3, threshold=0.6, specks=0.01)
    add_network(tmp_path, "lungs", grid=SHAPE, level=0.25, task="lungs", stages=[])
    return tmp_path


@pytest.mark.parametrize("names", ["one", "two", "one,two", "stage1"])
def test_probability_mask_and_detection_are_those_of_the_infection_map(
    models: Path, names: str
) -> None:
    entries = entries_of(read_manifest(models), names)
    panel = panel_for(models, entries, mean_point(entries), pixels_sha="", near="", threads=1)
    probability = panel.probability(panel.logits(luminance(FILM)), FILM.shape)
    found = make_map(FILM, [open_network(models, entry.name) for entry in entries])
    assert np.abs(probability - found.probability).max() < 1e-6
    assert (panel.mask(probability) == found.mask).all()
    assert panel.operating.detection_threshold == found.detection.threshold


def test_uncalibrated_is_at_a_temperature_of_1(models: Path) -> None:
    entries = entries_of(read_manifest(models), "one")
    panel = panel_for(models, entries, mean_point(entries), pixels_sha="", near="", threads=1)
    logits = panel.logits(luminance(FILM))
    plain = panel.probability(logits, FILM.shape, calibrated=False)
    assert plain == pytest.approx(1 / (1 + np.exp(-logits[0])), abs=1e-6)
    assert np.abs(plain - panel.probability(logits, FILM.shape)).max() > 0.01


def test_a_lung_network_answers_alone(models: Path) -> None:
    manifest = read_manifest(models)
    assert [entry.name for entry in entries_of(manifest, "lungs")] == ["lungs"]
    with pytest.raises(NetworkUnknown):
        entries_of(manifest, "one,lungs")


def test_one_that_learnt_from_the_film_keeps_all_from_answering(models: Path) -> None:
    add_network(models, "seen", grid=SHAPE, trained_on=[(FILM.sha256(), "")])
    entries = entries_of(read_manifest(models), "one,seen")
    with pytest.raises(InFold):
        panel_for(
            models, entries, mean_point(entries), pixels_sha=FILM.sha256(), near="", threads=1
        )
