"""The hybrid loss: focal loss per pixel and Dice loss per film; for a classifier, cross entropy."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from app.training.config import TrainingConfig

FOCAL_ALPHA = 0.25  # weight of infected pixels (Lin et al. 2017, eq. 5)
FOCAL_GAMMA = 2.0
DICE_SMOOTHING = 1.0  # ε, in pixels: an empty prediction on an empty mask has no loss


def focal_loss(
    logits: Tensor, target: Tensor, *, alpha: float = FOCAL_ALPHA, gamma: float = FOCAL_GAMMA
) -> Tensor:
    """Return the mean of −α_t (1 − p_t)^γ log p_t over all pixels (Lin et al. 2017, eq. 5).

    Both tensors are [N, 1, h, w]; target is 0 or 1.
    """
    cross_entropy = binary_cross_entropy_with_logits(logits, target, reduction="none")
    probability = logits.sigmoid()
    p_t = probability * target + (1 - probability) * (1 - target)
    alpha_t = alpha * target + (1 - alpha) * (1 - target)
    return (alpha_t * (1 - p_t) ** gamma * cross_entropy).mean()


def dice_loss(logits: Tensor, target: Tensor, *, smoothing: float = DICE_SMOOTHING) -> Tensor:
    """Return the mean over films of 1 − (2 Σ p g + ε) / (Σ p + Σ g + ε)."""
    probability = logits.sigmoid().flatten(1)
    truth = target.flatten(1)
    overlap = (probability * truth).sum(1)
    sizes = probability.sum(1) + truth.sum(1)
    return (1 - (2 * overlap + smoothing) / (sizes + smoothing)).mean()


def hybrid_loss(logits: Tensor, target: Tensor, *, focal_weight: float) -> Tensor:
    """Return focal_weight · focal + Dice loss."""
    return focal_weight * focal_loss(logits, target) + dice_loss(logits, target)


def presence_loss(logits: Tensor, masks: Tensor) -> Tensor:
    """Return the mean binary cross entropy of logits [N, 1] on "anything is drawn on the film"."""
    present = masks.flatten(1).amax(1, keepdim=True)
    return binary_cross_entropy_with_logits(logits, present)


def training_loss(logits: Tensor, masks: Tensor, config: TrainingConfig) -> Tensor:
    """Return the loss that the recipe's kind of network learns by; masks are [N, 1, h, w]."""
    if config.architecture.kind == "classifier":
        return presence_loss(logits, masks)
    return hybrid_loss(logits, masks, focal_weight=config.focal_weight)
