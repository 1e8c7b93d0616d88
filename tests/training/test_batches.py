"""What stands in a batch, and how a film may be changed."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tests.training.extra import STILL, need_training_extra, phantom_pack, tiny_config

need_training_extra()

import torch  # noqa: E402

from app.training.augment import augment  # noqa: E402
from app.training.batches import Batches, as_tensor, batches  # noqa: E402


def some_batches(*, films: int = 33, without: int = 5, negatives: int = 2) -> Batches:
    packed = phantom_pack(films, without=without)
    return batches(packed, np.arange(films), tiny_config(batch=8), negatives_a_batch=negatives)


def test_each_batch_holds_the_stated_share_without_infection() -> None:
    dealt = some_batches()
    for step in range(12):
        chosen = dealt.films_of(step)
        assert len(chosen) == 8
        assert np.isin(chosen, dealt.negatives).sum() == 2


def test_an_epoch_shows_no_film_with_a_mask_twice() -> None:
    dealt = some_batches()
    shown = Counter(
        film for step in range(dealt.steps_an_epoch) for film in dealt.films_of(step).tolist()
    )
    positives = [shown[film] for film in dealt.positives.tolist()]
    assert max(positives) == 1
    assert sum(positives) == 24  # 28 films, 4 batches of 6; the rest waits for the next shuffle


def test_a_batch_depends_on_its_number_alone() -> None:
    first, second = some_batches(), some_batches()
    for step in range(7):
        first.batch(step)
    for one, two in zip(first.batch(7), second.batch(7), strict=True):
        assert torch.equal(one, two)
    assert not torch.equal(first.batch(7)[0], first.batch(8)[0])


def test_few_films_make_a_smaller_batch() -> None:
    dealt = some_batches(films=5, without=0, negatives=2)
    assert sorted(dealt.films_of(0).tolist()) == [0, 1, 2, 3, 4]
    assert dealt.steps_an_epoch == 1


def phantoms() -> tuple[torch.Tensor, torch.Tensor]:
    packed = phantom_pack(4)
    return as_tensor(packed.films), as_tensor(packed.masks)


def test_no_change_is_no_change() -> None:
    films, masks = phantoms()
    changed, moved = augment(films, masks, STILL, torch.Generator().manual_seed(1))
    assert torch.allclose(changed, films.clamp(1e-4), atol=1e-5)
    assert torch.equal(moved, masks)


def test_film_and_mask_move_together() -> None:
    _, masks = phantoms()
    moving = STILL.model_copy(
        update={"rotation_degrees": 20, "shift": 0.1, "scale": 0.2, "flip": 0.5}
    )
    film, mask = augment(masks, masks, moving, torch.Generator().manual_seed(3))
    assert not torch.equal(mask, masks)
    assert torch.equal((film > 0.5).float(), mask)


def test_a_mirrored_film_has_its_left_on_the_right() -> None:
    films, masks = phantoms()
    mirrored, moved = augment(
        films, masks, STILL.model_copy(update={"flip": 1.0}), torch.Generator().manual_seed(1)
    )
    assert torch.allclose(mirrored, films.flip(-1).clamp(1e-4), atol=1e-5)
    assert torch.equal(moved, masks.flip(-1))


def test_a_turned_circle_keeps_its_size() -> None:
    rows, columns = np.mgrid[0:64, 0:64] - 31.5
    circle = as_tensor(((rows**2 + columns**2 < 400) * 255).astype(np.uint8)[np.newaxis])
    turning = STILL.model_copy(update={"rotation_degrees": 45})
    _, moved = augment(circle, circle, turning, torch.Generator().manual_seed(5))
    assert moved.sum().item() == pytest.approx(circle.sum().item(), rel=0.02)


def test_grey_curves_leave_the_mask_alone_and_the_film_in_range() -> None:
    films, masks = phantoms()
    grey = STILL.model_copy(update={"gamma": 1.0, "contrast": 0.5, "brightness": 0.5})
    changed, same = augment(films, masks, grey, torch.Generator().manual_seed(1))
    assert torch.equal(same, masks)
    assert not torch.allclose(changed, films, atol=0.05)
    assert 0 <= changed.min().item() <= changed.max().item() <= 1


def test_a_folder_that_is_repeated_stands_so_often_in_a_round() -> None:
    packed = phantom_pack(12)
    folder = packed.folder.astype("U20")
    folder[:3] = "few"
    config = tiny_config(batch=6, data={"repeat": {"few": 4}})
    dealt = batches(replace(packed, folder=folder), np.arange(12), config, negatives_a_batch=0)
    rounds = [dealt.films_of(step) for step in range(200 * dealt.steps_an_epoch)]
    counts = np.bincount(np.concatenate(rounds), minlength=12)
    assert counts[:3].mean() / counts[3:].mean() == pytest.approx(4, rel=0.1)
