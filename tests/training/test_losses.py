"""The losses, against numbers worked out by hand."""

import math

import pytest

from tests.training.extra import need_training_extra, tiny_config

need_training_extra()

import torch  # noqa: E402

from app.training.losses import (  # noqa: E402
    dice_loss,
    focal_loss,
    hybrid_loss,
    presence_loss,
    training_loss,
)


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def pixels(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32).view(1, 1, 1, -1)


def test_focal_loss_weighs_classes_and_easy_pixels() -> None:
    logits = pixels(logit(0.9), logit(0.2))
    target = pixels(1, 0)
    infected = 0.25 * (1 - 0.9) ** 2 * -math.log(0.9)
    healthy = 0.75 * (1 - 0.8) ** 2 * -math.log(0.8)
    expected = (infected + healthy) / 2
    assert focal_loss(logits, target).item() == pytest.approx(expected, rel=1e-5)


def test_focal_loss_with_gamma_zero_is_weighted_cross_entropy() -> None:
    logits, target = pixels(0.3, -1.2, 2.0), pixels(1, 0, 0)
    plain = torch.nn.functional.binary_cross_entropy_with_logits(logits, target)
    half = focal_loss(logits, target, alpha=0.5, gamma=0)
    assert half.item() == pytest.approx(plain.item() / 2, rel=1e-6)


def test_dice_loss_counts_probabilities_as_parts_of_pixels() -> None:
    logits = pixels(logit(0.8), logit(0.5), logit(0.1))
    target = pixels(1, 1, 0)
    expected = 1 - (2 * (0.8 + 0.5) + 1) / ((0.8 + 0.5 + 0.1) + 2 + 1)
    assert dice_loss(logits, target).item() == pytest.approx(expected, rel=1e-5)


def test_dice_loss_is_the_mean_of_films_not_of_all_pixels() -> None:
    right = torch.full((1, 1, 4, 4), 30.0)
    both = dice_loss(torch.cat([right, -right]), torch.ones(2, 1, 4, 4))
    assert both.item() == pytest.approx((0 + 16 / 17) / 2, rel=1e-4)


def test_an_empty_prediction_of_an_empty_mask_costs_nothing() -> None:
    nothing = torch.full((1, 1, 8, 8), -40.0)
    assert dice_loss(nothing, torch.zeros(1, 1, 8, 8)).item() == pytest.approx(0, abs=1e-6)


def test_presence_is_cross_entropy_on_whether_anything_is_drawn() -> None:
    masks = torch.zeros(2, 1, 4, 4)
    masks[0, 0, 3, 1] = 1
    logits = torch.tensor([[logit(0.7)], [logit(0.2)]])
    expected = -(math.log(0.7) + math.log(0.8)) / 2
    assert presence_loss(logits, masks).item() == pytest.approx(expected, rel=1e-5)


def test_a_recipe_learns_by_the_loss_of_its_kind() -> None:
    masks, scores = torch.ones(2, 1, 4, 4), torch.tensor([[0.3], [-1.2]])
    classifier = tiny_config(architecture={"kind": "classifier"})
    assert training_loss(scores, masks, classifier) == presence_loss(scores, masks)
    logits = torch.linspace(-2, 2, 32).view(2, 1, 4, 4)
    expected = hybrid_loss(logits, masks, focal_weight=3)
    assert training_loss(logits, masks, tiny_config(focal_weight=3)) == expected


def test_the_hybrid_adds_the_weighted_focal_loss() -> None:
    logits, target = pixels(0.3, -1.2), pixels(1, 0)
    expected = 8 * focal_loss(logits, target) + dice_loss(logits, target)
    assert hybrid_loss(logits, target, focal_weight=8).item() == pytest.approx(expected.item())
