"""A network turns a film into a probability at the film's own size."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from app.films.pixels import FilmPixels
from app.masks.measures import dice
from app.networks.predict import open_for_film, open_network
from app.networks.refusals import InFold, NetworkRefused, NetworkUnknown
from tests.support.tiny_networks import add_network, brightness_model


def film_with_bright_square(side: int = 128) -> FilmPixels:
    """Grey 0, but 200 in the third quarter of rows and columns."""
    values = np.zeros((side, side), np.uint8)
    values[side // 2 : side * 3 // 4, side // 2 : side * 3 // 4] = 200
    return FilmPixels(values, bits=8)


def test_what_is_bright_is_inside_at_native_size(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    film = film_with_bright_square()
    network = open_network(tmp_path, "net")
    # Bilinear: the corners are rounded by a pixel or two, nothing else.
    assert dice(network.mask(film), film.values > 100) > 0.99
    assert network.probability(film).shape == (128, 128)
    assert network.probability_grid(film).shape == (32, 32)
    assert network.probability(film).dtype == np.float32


def test_the_probability_is_the_logistic_of_the_logit_over_the_temperature(tmp_path: Path) -> None:
    add_network(tmp_path, "net", temperature=4.0)
    grid = open_network(tmp_path, "net").probability_grid(film_with_bright_square())
    # The logits are 20 * (1 - 0.5) inside and 20 * (0 - 0.5) outside.
    assert grid.max() == pytest.approx(1 / (1 + np.exp(-10 / 4)))
    assert grid.min() == pytest.approx(1 / (1 + np.exp(10 / 4)))


def test_a_negative_film_gives_the_same_mask(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    film = film_with_bright_square()
    values = (255 - film.values).astype(np.uint8)
    negative = FilmPixels(values, bits=8, photometric="MONOCHROME1")
    network = open_network(tmp_path, "net")
    assert np.array_equal(network.mask(negative), network.mask(film))


def test_the_manifests_threshold_and_specks_make_the_mask(tmp_path: Path) -> None:
    add_network(tmp_path, "strict", threshold=0.99999)
    add_network(tmp_path, "coarse", specks=0.1)
    film = film_with_bright_square()
    assert not open_network(tmp_path, "strict").mask(film).any()
    assert not open_network(tmp_path, "coarse").mask(film).any()


def test_the_same_film_gives_the_same_bytes(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    values = np.random.default_rng(3).integers(0, 4096, (200, 150), np.uint16)
    network = open_network(tmp_path, "net", threads=2)
    first, second = (network.probability(FilmPixels(values, bits=12)) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_an_opened_network_is_kept_until_its_file_changes(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    network = open_network(tmp_path, "net")
    assert open_network(tmp_path, "net") is network
    path = tmp_path / "net/network.onnx"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(NetworkRefused, match="sha256"):
        open_network(tmp_path, "net")


def test_a_film_of_the_training_set_gets_the_out_of_fold_file(tmp_path: Path) -> None:
    sha = film_with_bright_square().sha256()
    add_network(tmp_path, "net", folds=[None, 0, 1], trained_on=[(sha, "1")])
    assert open_for_film(tmp_path, "net", pixels_sha=sha).fold == 1
    assert open_for_film(tmp_path, "net", pixels_sha="f" * 64).fold is None
    assert open_network(tmp_path, "net", fold=0).sha256 != open_network(tmp_path, "net").sha256


def test_an_in_fold_film_is_refused(tmp_path: Path) -> None:
    add_network(tmp_path, "net", trained_on=[("a" * 64, "")])
    with pytest.raises(InFold):
        open_for_film(tmp_path, "net", pixels_sha="a" * 64)


def test_a_fold_without_a_file_is_refused(tmp_path: Path) -> None:
    add_network(tmp_path, "net", folds=[0, 1])
    with pytest.raises(NetworkRefused, match="no file for fold 7"):
        open_network(tmp_path, "net", fold=7)


def test_an_unknown_network_is_refused_with_those_there_are(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    with pytest.raises(NetworkUnknown, match=r"no network 'other'\. Known: net"):
        open_network(tmp_path, "other")


def doubling_model() -> onnx.ModelProto:
    """Declares what is expected and gives two films for one."""
    model = brightness_model()
    model.graph.node[1].output[0] = "once"
    model.graph.node.append(helper.make_node("Concat", ["once", "once"], ["logit"], axis=0))
    return model


def test_an_output_that_turns_out_of_another_size_is_refused_at_opening(tmp_path: Path) -> None:
    add_network(tmp_path, "net", model=doubling_model())
    with pytest.raises(NetworkRefused, match=r"it gave float32 \[2, 1, 32, 32\]"):
        open_network(tmp_path, "net")


def test_a_network_that_computes_no_numbers_is_refused_at_opening(tmp_path: Path) -> None:
    add_network(tmp_path, "net", model=brightness_model(gain=float("nan")))
    with pytest.raises(NetworkRefused, match="finite"):
        open_network(tmp_path, "net")
