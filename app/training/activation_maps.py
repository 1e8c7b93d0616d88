"""Activation maps of a classifier: Grad-CAM and Grad-CAM++, at a coarse and at a finer layer.

Grad-CAM (Selvaraju et al. 2017, eq. 1 and 2) is MONAI's. Its Grad-CAM++ is not: its denominator
sums A·g³ over the map, where the paper's eq. 19 has g³ at the pixel times the sum of A, and it
multiplies the films of a batch by each other's scores. The two agree where the gradient is the same
in all pixels, as at the last map before average pooling, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from monai.visualize.class_activation_maps import GradCAM, ModelWithHooks
from numpy.typing import NDArray
from torch import Tensor, nn

from app.training.classifier import MAP_LAYERS

Grid = NDArray[np.float32]
INFECTED = 0  # the one logit


def unchanged(maps: Tensor) -> Tensor:
    """Return the maps as they are: MONAI's own step would turn them upside down."""
    return maps


class GradCAMPlusPlus(GradCAM):
    """Grad-CAM++ after Chattopadhyay et al. 2018, for features that are not negative."""

    def compute_map(  # type: ignore[override]  # as MONAI's own methods do
        self,
        x: Tensor,
        class_idx: int | None = None,
        retain_graph: bool = False,
        layer_idx: int = -1,
        **named: Any,
    ) -> Tensor:
        """Return maps [N, 1, h, w] of films [N, 1, H, W], up to a positive factor a film.

        With Y = exp(S) the derivatives are exp(S)·g, exp(S)·g² and exp(S)·g³, where g = ∂S/∂A. So
        eq. 19 is α = g² / (2 g² + g³ ΣA) = 1 / (2 + g ΣA), and the weight of a channel (eq. 13) is
        Σ α·relu(exp(S)·g). The factor exp(S) is left out: it is one number a film, and the map is
        read relative to its maximum. Where g ≤ 0 the weight is 0 whatever α.
        """
        _, features, gradients = self.nn_module(
            x, class_idx=class_idx, retain_graph=retain_graph, **named
        )
        activation, rising = features[layer_idx], gradients[layer_idx].relu()
        total = activation.sum((2, 3), keepdim=True)
        weights = (rising / (2 + rising * total)).sum((2, 3), keepdim=True)
        return (weights * activation).sum(1, keepdim=True).relu()


METHODS: dict[str, type[GradCAM]] = {"Grad-CAM": GradCAM, "Grad-CAM++": GradCAMPlusPlus}


@dataclass(frozen=True, order=True)
class Activation:
    """Which activation map: a method of `METHODS`, and the stride of the layer in pixels."""

    method: str
    stride: int

    def __str__(self) -> str:
        return f"{self.method}, stride {self.stride}"


KINDS = tuple(Activation(method, stride) for stride in MAP_LAYERS for method in METHODS)


class OncePerFilm(ModelWithHooks):
    """A network whose features and gradients at all layers are kept for the film last given.

    All maps of a film then cost one pass forward and one backward.
    """

    def __init__(self, network: nn.Module, layers: Sequence[str]) -> None:
        super().__init__(network, layers, register_forward=True, register_backward=True)
        self._film: Tensor | None = None
        self._found: Any = None

    def __call__(
        self, x: Tensor, class_idx: int | None = None, retain_graph: bool = False, **named: Any
    ) -> Any:
        """Return logits, features and gradients of films [N, 1, h, w]."""
        if x is not self._film:
            self._found = super().__call__(x, class_idx, retain_graph, **named)
            self._film = x
        return self._found


class ActivationMapper:
    """Makes all activation maps of a film by one classifier in eval mode."""

    def __init__(self, classifier: nn.Module) -> None:
        # Only the film's gradients are wanted; those of the weights would cost as much again.
        self.classifier = classifier.requires_grad_(False)
        layers = list(MAP_LAYERS.values())
        hooked: Any = OncePerFilm(classifier, layers)
        self._makers = {
            method: maker(hooked, "", lambda size: unchanged, unchanged)
            for method, maker in METHODS.items()
        }

    def maps(self, film_input: Grid) -> dict[Activation, Grid]:
        """Return the maps of an input [1, h, w] for "infected", each on its layer's own grid.

        Each is divided by its maximum, as is usual: 0 … 1, or 0 everywhere if nothing speaks for
        infection.
        """
        film = torch.from_numpy(film_input[np.newaxis]).requires_grad_()
        layer = {stride: index for index, stride in enumerate(MAP_LAYERS)}
        with torch.enable_grad():
            found = {
                kind: self._makers[kind.method].compute_map(
                    film, class_idx=INFECTED, layer_idx=layer[kind.stride]
                )
                for kind in KINDS
            }
        return {kind: relative(values[0, 0].detach().numpy()) for kind, values in found.items()}

    def logit(self, film_input: Grid) -> float:
        """Return the logit of "infected" of an input [1, h, w]."""
        with torch.inference_mode():
            return float(self.classifier(torch.from_numpy(film_input[np.newaxis]))[0, 0])


def relative(values: Grid) -> Grid:
    """Return a map [h, w] that is nowhere negative, divided by its maximum."""
    highest = float(values.max())
    return values / np.float32(highest) if highest > 0 else np.zeros_like(values)
