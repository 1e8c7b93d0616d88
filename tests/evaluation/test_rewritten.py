"""Films written otherwise show the same, on the network's grid."""

import numpy as np
import pytest
from scipy.fft import dctn

from app.evaluation.rewritten import WRITINGS, Grey, Writing, rewritten
from app.networks.scaling import to_input

ROWS, COLUMNS = np.mgrid[0:300, 0:200]
GRAIN = np.random.default_rng(3).normal(0, 300, ROWS.shape)
GREY = (2000 + 800 * np.sin(ROWS / 40) * np.cos(COLUMNS / 30) + GRAIN).astype(np.float32)
GRID = (96, 64)


def as_it_is() -> Grey:
    seen: Grey = to_input(GREY, grid=GRID, low=0, high=100)[0]
    return seen


def detail(film: Grey) -> float:
    return float(np.abs(np.diff(film, axis=1)).mean())


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_film_written_otherwise_shows_the_same(writing: Writing) -> None:
    found = rewritten(GREY, GRID, writing)
    assert found.shape == GRID
    assert found.dtype == np.float32
    assert 0 <= found.min() <= found.max() <= 1
    assert 0 < np.abs(found - as_it_is()).mean() < 0.05
    assert np.corrcoef(found.ravel(), as_it_is().ravel())[0, 1] > 0.95


def test_a_softened_film_has_less_detail() -> None:
    assert detail(rewritten(GREY, GRID, "softened")) < 0.6 * detail(as_it_is())


def test_a_compressed_film_has_blocks_of_eight() -> None:
    def waves(film: Grey) -> float:
        """The share of a block's cosines that are there at all."""
        rows, columns = (side // 8 for side in film.shape)
        blocks = film[: 8 * rows, : 8 * columns].reshape(rows, 8, columns, 8)
        return float((np.abs(dctn(blocks * 255, axes=(1, 3), norm="ortho")) > 3).mean())

    found = rewritten(GREY, GRID, "compressed")
    assert waves(found) < 0.5 * waves(as_it_is())
    assert waves(found) < 0.7 * waves(found[4:, 4:])


def test_a_film_of_one_grey_stays_one() -> None:
    flat = np.full((40, 40), 7, np.float32)
    for writing in WRITINGS:
        assert not rewritten(flat, (32, 32), writing).any()
