"""A map of a film whose truth is known."""

from pathlib import Path

import numpy as np
import pytest

from app import __version__
from app.maps.infection_map import make_map
from app.masks.measures import dice
from app.networks.manifest import read_manifest
from app.networks.predict import open_network
from tests.support import two_lungs
from tests.support.tiny_networks import add_network
from tests.support.two_lungs import LEFT, SHAPE

UPPER_RIGHT = (slice(20, 50), slice(20, 70))


@pytest.fixture
def models(tmp_path: Path) -> Path:
    two_lungs.add_networks(tmp_path)
    return tmp_path


def test_mask_lungs_and_extent_are_those_of_the_film(models: Path) -> None:
    film = two_lungs.film(UPPER_RIGHT)
    found = make_map(film, [open_network(models, "first")], open_network(models, "lungs"))
    truth = np.zeros(SHAPE, np.bool_)
    truth[UPPER_RIGHT] = True
    assert dice(found.mask, truth) == 1
    assert found.lungs is not None
    assert found.lungs.sum() == 2 * 90 * 50
    assert found.extent is not None
    assert found.extent.right is not None
    assert found.extent.right.percent == pytest.approx(100 / 3)
    assert found.extent.right.zones["upper"] == 100
    assert found.extent.grades == 2


def test_a_film_without_infection_has_an_empty_map(models: Path) -> None:
    found = make_map(two_lungs.film(), [open_network(models, "first")])
    assert not found.mask.any()
    assert not found.detection.infected
    assert not found.detection.any_pixel


def test_without_a_lung_network_there_is_no_extent(models: Path) -> None:
    found = make_map(two_lungs.film(LEFT), [open_network(models, "first")])
    assert found.lungs is None
    assert found.extent is None
    assert found.extent_range is None


def test_several_networks_give_the_mean_of_their_probabilities(models: Path) -> None:
    film = two_lungs.film(LEFT)
    networks = [open_network(models, name) for name in ("first", "second")]
    found = make_map(film, networks)
    mean = (networks[0].probability(film) + networks[1].probability(film)) / 2
    assert np.allclose(found.probability, mean, atol=1e-6)
    assert found.networks == [(network.name, network.sha256) for network in networks]
    assert found.version == __version__


def test_the_range_of_extent_is_that_of_the_single_networks(models: Path) -> None:
    add_network(models, "blind", grid=SHAPE, level=2.0)
    networks = [open_network(models, name) for name in ("first", "blind")]
    found = make_map(two_lungs.film(LEFT), networks, open_network(models, "lungs"))
    assert found.extent_range is not None
    assert list(found.extent_range) == pytest.approx([0, 50])


def test_what_lies_outside_the_lungs_is_not_claimed(models: Path) -> None:
    beside = (slice(20, 110), slice(145, 160))
    values = two_lungs.film(beside)
    lungs = open_network(models, "lungs")
    found = make_map(values, [open_network(models, "first")], lungs)
    # The lung network takes the bright strip for a lung too: blind it to show the rule.
    add_network(models, "no-lungs", grid=SHAPE, level=2.0, task="lungs", stages=[])
    unlunged = make_map(values, [open_network(models, "first")], open_network(models, "no-lungs"))
    assert found.claimed.any()
    assert unlunged.mask.any()
    assert not unlunged.claimed.any()
    assert unlunged.extent is None


@pytest.mark.parametrize(("threshold", "infected"), [(0.05, True), (0.2, False)])
def test_detection_is_by_the_manifests_operating_point(
    models: Path, threshold: float, infected: bool
) -> None:
    add_network(
        models,
        "point",
        grid=SHAPE,
        level=0.7,
        detection_threshold=threshold,
        sensitivity=0.9,
        specificity=0.8,
        measured_on="ten films",
    )
    found = make_map(two_lungs.film(UPPER_RIGHT), [open_network(models, "point")])
    assert found.detection.score == pytest.approx(30 * 50 / (120 * 160), abs=1e-3)
    assert found.detection.infected is infected
    assert found.detection.any_pixel
    assert found.detection.sensitivity == 0.9
    assert found.detection.measured_on == "ten films"


def test_the_mean_of_networks_claims_no_measured_sensitivity(models: Path) -> None:
    networks = [open_network(models, entry.name) for entry in read_manifest(models).networks[:2]]
    assert make_map(two_lungs.film(), networks).detection.sensitivity is None
