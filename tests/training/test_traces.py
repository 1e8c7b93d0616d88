"""Sharpness and the traces of JPEG, as other programs make them."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from tests.training.extra import STILL, need_training_extra

need_training_extra()

import torch  # noqa: E402

from app.training.augment import augment  # noqa: E402
from app.training.batches import as_tensor  # noqa: E402
from app.training.traces import BINOMIAL, compressed, sharpened  # noqa: E402

Film = NDArray[np.uint8]


@pytest.fixture
def film() -> Film:
    """A film of 64 × 96 with soft shadows, edges and grain."""
    rng = np.random.default_rng(4)
    rows, columns = np.mgrid[0:64, 0:96]
    shadow = 110 + 70 * np.sin(rows / 9) * np.cos(columns / 13) + 30 * (columns > 50)
    return np.clip(shadow + rng.normal(0, 9, shadow.shape), 0, 255).astype(np.uint8)


def as_jpeg(film: Film, quality: int) -> Film:
    """Return what Pillow's libjpeg makes of it."""
    data = io.BytesIO()
    Image.fromarray(film).save(data, "JPEG", quality=quality)
    return np.asarray(Image.open(data), np.uint8)


@pytest.mark.parametrize("quality", [30, 50, 75, 92])
def test_compression_is_that_of_a_jpeg(film: Film, quality: int) -> None:
    ours = compressed(as_tensor(film[np.newaxis]), torch.tensor([quality]))
    theirs = as_jpeg(film, quality).astype(np.float32)
    apart = np.abs(ours[0, 0].numpy() * 255 - theirs)
    # libjpeg reckons in whole numbers, so that a wave halfway between two steps may fall to either.
    assert (apart <= 1.01).mean() > 0.9
    assert apart.mean() < 0.15 * np.abs(theirs - film).mean()


def test_each_film_has_its_own_quality_and_none_leaves_it_untouched(film: Film) -> None:
    films = as_tensor(np.stack([film] * 3))
    ours = compressed(films, torch.tensor([0, 90, 40]))
    assert torch.equal(ours[0], films[0])
    errors = (ours - films).abs().mean((1, 2, 3))
    assert 0 < errors[1] < errors[2]


def test_sharpness_is_unsharp_masking(film: Film) -> None:
    values = film.astype(np.float32) / 255
    soft = ndimage.convolve(values, np.outer(BINOMIAL, BINOMIAL), mode="nearest")
    by = torch.tensor([-1.0, 0.0, 0.8])
    ours = sharpened(as_tensor(np.stack([film] * 3)), by)[:, 0].numpy()
    np.testing.assert_allclose(ours[0], soft, atol=1e-5)
    np.testing.assert_allclose(ours[1], values, atol=1e-6)
    np.testing.assert_allclose(ours[2], np.clip(values + 0.8 * (values - soft), 0, 1), atol=1e-5)


def test_films_of_a_batch_differ_in_their_traces_and_masks_do_not(film: Film) -> None:
    films = as_tensor(np.stack([film] * 64))
    masks = (films > 0.5).float()
    settings = STILL.model_copy(update={"sharpness": 1, "compression": 0.5})
    changed, same = augment(films, masks, settings, torch.Generator().manual_seed(2))
    assert torch.equal(same, masks)
    detail = (changed[..., 1:] - changed[..., :-1]).abs().mean((1, 2, 3))
    before = (films[0, 0, :, 1:] - films[0, 0, :, :-1]).abs().mean()
    assert (detail < 0.8 * before).sum() > 10
    assert (detail > 1.2 * before).sum() > 10
    only_jpeg = STILL.model_copy(update={"compression": 0.5})
    half, _ = augment(films, masks, only_jpeg, torch.Generator().manual_seed(2))
    untouched = (half - films.clamp(1e-4)).abs().amax((1, 2, 3)) < 1e-4
    assert 20 < untouched.sum() < 44
