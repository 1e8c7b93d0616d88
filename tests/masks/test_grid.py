"""The display grid keeps the area of a mask, and what makes it look like a mask."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy import ndimage

from app.masks.grid import display_grid, normalise, to_grid

Mask = NDArray[np.bool_]
Shape = tuple[int, int]
shapes = st.tuples(st.integers(1, 70), st.integers(1, 70))


def shown(mask: Mask, grid: Shape) -> Mask:
    """The mask as a ballot shows it."""
    return normalise(mask, grid, sigma=1.5, specks=0.0002, holes=0.0002)


@st.composite
def masks_and_grids(draw: st.DrawFn) -> tuple[Mask, Shape]:
    shape = draw(shapes)
    mask = draw(arrays.arrays(np.bool_, shape))
    return mask, display_grid(shape, draw(st.integers(4, 80)))


@given(shapes, st.integers(1, 100))
def test_the_grid_is_never_finer_than_the_film_and_keeps_its_form(
    shape: Shape, long_side: int
) -> None:
    grid = display_grid(shape, long_side)
    assert max(grid) == min(max(shape), long_side)
    scale = max(grid) / max(shape)
    assert all(abs(cells - side * scale) <= 1 for cells, side in zip(grid, shape, strict=True))


@given(masks_and_grids())
def test_coverage_keeps_the_covered_share(pair: tuple[Mask, Shape]) -> None:
    mask, grid = pair
    assert to_grid(mask, grid).mean(dtype=np.float64) == pytest.approx(mask.mean(), abs=1e-5)


@given(masks_and_grids(), st.data())
def test_more_mask_is_never_less_coverage(pair: tuple[Mask, Shape], data: st.DataObject) -> None:
    mask, grid = pair
    more = mask.copy()
    more.flat[data.draw(st.integers(0, mask.size - 1))] = True
    assert (to_grid(more, grid) >= to_grid(mask, grid)).all()


def test_a_cell_holds_the_exact_share_of_the_pixels_it_cuts() -> None:
    mask = np.array([[True, False, False]])
    assert to_grid(mask, (1, 2))[0] == pytest.approx([2 / 3, 0])


@given(masks_and_grids(), st.floats(0, 3))
def test_normalising_keeps_the_area_within_one_percent_or_two_cells(
    pair: tuple[Mask, Shape], sigma: float
) -> None:
    mask, grid = pair
    expected = mask.mean() * grid[0] * grid[1]
    got = np.count_nonzero(normalise(mask, grid, sigma=sigma, specks=0.01, holes=0.01))
    assert abs(got - expected) <= max(0.01 * expected + 1, 2)


@given(masks_and_grids())
def test_empty_stays_empty_and_something_stays_something(pair: tuple[Mask, Shape]) -> None:
    mask, grid = pair
    assert shown(mask, grid).any() == mask.any()
    assert not shown(np.zeros_like(mask), grid).any()


@given(shapes, st.integers(4, 80))
def test_a_full_mask_stays_full_to_the_border(shape: Shape, long_side: int) -> None:
    grid = display_grid(shape, long_side)
    assert shown(np.ones(shape, np.bool_), grid).all()


def test_one_pixel_becomes_one_cell_at_its_place() -> None:
    mask = np.zeros((100, 100), np.bool_)
    mask[70, 20] = True
    assert np.argwhere(shown(mask, (50, 50))).tolist() == [[35, 10]]


@given(masks_and_grids())
def test_the_same_mask_is_normalised_the_same_way(pair: tuple[Mask, Shape]) -> None:
    mask, grid = pair
    once = shown(mask, grid)
    assert np.array_equal(once, shown(np.asfortranarray(mask), grid))


def disc(shape: Shape, centre: Shape, radius: int) -> Mask:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    inside: Mask = (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 <= radius**2
    return inside


def test_specks_and_holes_go_and_the_rest_stays() -> None:
    mask = disc((300, 300), (150, 150), 90)
    mask[148:152, 148:152] = False
    mask[10:14, 10:14] = True
    clean = normalise(mask, (300, 300), sigma=1.5, specks=0.001, holes=0.001)
    assert ndimage.label(clean)[1] == 1
    assert clean[150, 150]
    assert not clean[:20, :20].any()


def test_a_mask_of_specks_only_is_a_finding_and_stays() -> None:
    mask = np.zeros((100, 100), np.bool_)
    for row in range(5, 100, 20):
        mask[row : row + 5, 40:45] = True
    clean = normalise(mask, (100, 100), sigma=1.0, specks=0.01, holes=0)
    assert ndimage.label(clean)[1] == 5


def test_a_large_hole_stays_a_hole() -> None:
    mask = disc((200, 200), (100, 100), 80) & ~disc((200, 200), (100, 100), 30)
    assert not shown(mask, (200, 200))[90:110, 90:110].any()


def test_stair_steps_of_a_coarse_network_are_smoothed() -> None:
    coarse = disc((56, 56), (28, 28), 20)
    steps = np.kron(coarse, np.ones((8, 8), np.bool_))
    fine = ndimage.gaussian_filter(steps.astype(float), 6) > 0.5
    clean = normalise(steps, (448, 448), sigma=3.0, specks=0, holes=0)
    assert np.count_nonzero(clean ^ fine) < np.count_nonzero(steps ^ fine)
