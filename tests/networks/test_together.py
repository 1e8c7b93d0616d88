"""Several networks have an operating point together, as long as they are the files it is of."""

from pathlib import Path

import pytest

from app.maps.team import Roster
from app.networks.manifest import MANIFEST, Operating, read_manifest
from app.networks.refusals import NetworkRefused
from app.networks.together import operating_of
from app.training.manifest_file import put_together
from tests.support import two_lungs
from tests.support.tiny_networks import add_network
from tests.support.two_lungs import LEFT, SHAPE

POINT = {"threshold": 0.35, "specks": 0.001, "detection_threshold": 0.6, "sensitivity": 0.9}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    add_network(tmp_path, "one", grid=SHAPE, level=0.7, threshold=0.4)
    add_network(tmp_path, "two", grid=(60, 80), level=0.3, threshold=0.6, specks=0.01)
    return tmp_path


def point_of(models: Path) -> Operating:
    manifest = read_manifest(models)
    return operating_of(manifest, manifest.networks)


def tune(models: Path) -> None:
    put_together(models / MANIFEST, read_manifest(models).networks, POINT)


def test_one_network_has_its_own(models: Path) -> None:
    tune(models)
    manifest = read_manifest(models)
    assert operating_of(manifest, manifest.networks[1:]).threshold == 0.6


def test_unless_measured_it_is_the_mean_and_claims_nothing(models: Path) -> None:
    point = point_of(models)
    assert (point.threshold, point.specks) == (0.5, 0.01)
    assert point.sensitivity is None


def test_what_was_measured_together_counts_in_any_order(models: Path) -> None:
    tune(models)
    manifest = read_manifest(models)
    for entries in (manifest.networks, manifest.networks[::-1]):
        assert operating_of(manifest, entries) == Operating(**POINT)


def test_it_counts_for_those_files_only(models: Path) -> None:
    tune(models)
    path = models / MANIFEST
    ours = read_manifest(models).networks[0].files[0].sha256
    first, rest = path.read_text().split(ours, 1)
    path.write_text(first + "0" * 64 + rest)
    assert point_of(models).threshold == 0.5


def test_a_map_is_made_at_the_point_together(models: Path) -> None:
    film = two_lungs.film(LEFT)

    def mapped() -> tuple[float, float, bool, float | None]:
        found = Roster.read(models, ["one", "two"], threads=1).team(film.sha256()).map_of(film)
        detected = found.detection
        return (
            found.thresholds.probability,
            detected.threshold,
            detected.infected,
            detected.sensitivity,
        )

    assert mapped() == (0.5, 0.01, True, None)
    tune(models)
    assert mapped() == (0.35, 0.6, False, 0.9)


@pytest.mark.parametrize("digests", ['["%s"]' % ("a" * 64), '["b", "c"]'])
def test_a_point_without_the_files_it_is_of_is_refused(models: Path, digests: str) -> None:
    with (models / MANIFEST).open("a") as file:
        file.write(f'\n[[together]]\nnetworks = ["one", "two"]\nsha256 = {digests}\n')
        file.write("[together.operating]\nthreshold = 0.4\n")
    with pytest.raises(NetworkRefused, match="together"):
        read_manifest(models)
