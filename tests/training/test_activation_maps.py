"""Activation maps follow the formulas of their papers, worked out here pixel by pixel."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.training.extra import need_training_extra

need_training_extra()

import torch  # noqa: E402
from monai.visualize.class_activation_maps import GradCAM, GradCAMpp  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from app.training.activation_maps import (  # noqa: E402
    KINDS,
    Activation,
    ActivationMapper,
    GradCAMPlusPlus,
    relative,
    unchanged,
)
from app.training.classifier import MAP_LAYERS, Classifier  # noqa: E402
from app.training.config import Architecture  # noqa: E402

Values = NDArray[np.float64]


class Tiny(nn.Module):
    """Two convolutions, the first map rectified; what is above it makes its gradient uneven."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 6, 3, padding=1), nn.ReLU())
        self.above = nn.Sequential(nn.Conv2d(6, 2, 3, stride=2), nn.ReLU())
        self.score = nn.Linear(2, 1)

    def forward(self, film: Tensor) -> Tensor:
        return self.score(self.above(self.features(film)).mean((2, 3)))


@pytest.fixture
def tiny() -> Tiny:
    torch.manual_seed(3)
    network = Tiny().eval()
    with torch.no_grad():
        network.score.weight.copy_(torch.tensor([[9.0, -4.0]]))
        network.score.bias.fill_(0.3)
    return network


@pytest.fixture
def film() -> Tensor:
    return torch.rand(1, 1, 8, 8, generator=torch.Generator().manual_seed(5))


def features_and_gradients(network: Tiny, film: Tensor) -> tuple[Values, Values, float]:
    """Return A [C, h, w], g = ∂S/∂A and S, without the hooks that are tested."""
    activation = network.features(film).detach().requires_grad_()
    score = network.score(network.above(activation).mean((2, 3)))[0, 0]
    (gradient,) = torch.autograd.grad(score, activation)
    return activation[0].detach().double().numpy(), gradient[0].double().numpy(), score.item()


def made(method: type[GradCAM], network: nn.Module, film: Tensor) -> Values:
    """Return the map [N, h, w] of a method at the layer ``features``."""
    maker = method(network, "features.1", lambda size: unchanged, unchanged)
    values: Values = maker.compute_map(film, class_idx=0)[:, 0].detach().double().numpy()
    return values


def test_grad_cam_is_selvarajus(tiny: Tiny, film: Tensor) -> None:
    features, gradients, _ = features_and_gradients(tiny, film)
    expected = np.zeros(features.shape[1:])
    for feature, gradient in zip(features, gradients, strict=True):
        expected += gradient.mean() * feature  # eq. 1 and 2
    expected = np.maximum(expected, 0)
    assert expected.max() > 0
    np.testing.assert_allclose(made(GradCAM, tiny, film)[0], expected, rtol=1e-4, atol=1e-7)


def chattopadhyay(features: Values, gradients: Values, score: float) -> Values:
    """Return the map after Chattopadhyay 2018, eq. 13 and 19, with Y = exp(S)."""
    total = np.zeros(features.shape[1:])
    for feature, g in zip(features, gradients, strict=True):
        first, second, third = (np.exp(score) * g**power for power in (1, 2, 3))
        weight = 0.0
        for place in np.ndindex(g.shape):
            below = 2 * second[place] + feature.sum() * third[place]
            alpha = second[place] / below if below else 0.0
            weight += alpha * max(first[place], 0.0)
        total += weight * feature
    return np.maximum(total, 0)


def test_grad_cam_plus_plus_is_chattopadhyays(tiny: Tiny, film: Tensor) -> None:
    features, gradients, score = features_and_gradients(tiny, film)
    expected = chattopadhyay(features, gradients, score) / np.exp(score)
    assert expected.max() > 0
    np.testing.assert_allclose(made(GradCAMPlusPlus, tiny, film)[0], expected, rtol=1e-4, atol=1e-7)


def test_monais_own_grad_cam_plus_plus_is_another_one(tiny: Tiny, film: Tensor) -> None:
    """When this fails MONAI follows the paper, and ours can go."""
    theirs = made(GradCAMpp, tiny, film)[0]
    ours = made(GradCAMPlusPlus, tiny, film)[0]
    assert not np.allclose(theirs / theirs.max(), ours / ours.max(), atol=1e-3)


def test_films_of_a_batch_do_not_mix(tiny: Tiny) -> None:
    films = torch.rand(3, 1, 8, 8, generator=torch.Generator().manual_seed(6))
    for method in (GradCAM, GradCAMPlusPlus):
        together = made(method, tiny, films)
        alone = np.concatenate([made(method, tiny, film[None]) for film in films])
        np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-7)


@pytest.fixture(scope="module")
def mapper() -> ActivationMapper:
    torch.manual_seed(0)
    return ActivationMapper(Classifier(Architecture(kind="classifier")).eval())


def test_every_map_has_its_layers_grid_and_reaches_one(mapper: ActivationMapper) -> None:
    film = np.random.default_rng(1).random((1, 64, 96), np.float32)
    maps = mapper.maps(film)
    assert tuple(maps) == KINDS
    for kind, values in maps.items():
        assert values.shape == (64 // kind.stride, 96 // kind.stride)
        assert values.min() >= 0
        assert values.max() in (0, 1)
    assert {kind.stride for kind in KINDS} == set(MAP_LAYERS) == {32, 16}


def test_at_the_last_map_grad_cam_is_the_weighted_sum_of_features(
    mapper: ActivationMapper,
) -> None:
    """Zhou 2016: below average pooling and one linear unit the gradient is the unit's weight."""
    film = np.random.default_rng(2).random((1, 64, 64), np.float32)
    network = mapper.classifier
    assert isinstance(network, Classifier)
    with torch.inference_mode():
        features = network.head(network.encoder(torch.from_numpy(film[None]))[-1])[0]
        weighted = torch.einsum("c,chw->hw", network.score.weight[0], features).relu().numpy()
    np.testing.assert_allclose(
        mapper.maps(film)[Activation("Grad-CAM", 32)], relative(weighted), atol=1e-4
    )


def test_the_logit_is_the_networks(mapper: ActivationMapper) -> None:
    film = np.random.default_rng(3).random((1, 64, 64), np.float32)
    with torch.inference_mode():
        expected = float(mapper.classifier(torch.from_numpy(film[None]))[0, 0])
    assert mapper.logit(film) == expected


def test_a_map_that_is_nothing_stays_nothing() -> None:
    assert not relative(np.zeros((2, 2), np.float32)).any()
    assert relative(np.array([[0, 2], [4, 1]], np.float32)).tolist() == [[0, 0.5], [1, 0.25]]
