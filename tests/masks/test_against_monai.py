"""Measures against MONAI, and against DeepMind's convention, which MONAI has too."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from app.masks.measures import confusion, hd95, nsd
from tests.masks.vectors import EMPTY, PAIRS, SPACINGS
from tests.training.extra import need_training_extra

need_training_extra()

import torch  # noqa: E402
from monai.metrics.confusion_matrix import (  # noqa: E402
    compute_confusion_matrix_metric,
    get_confusion_matrix,
)
from monai.metrics.hausdorff_distance import compute_hausdorff_distance  # noqa: E402
from monai.metrics.meandice import compute_dice  # noqa: E402
from monai.metrics.meaniou import compute_iou  # noqa: E402
from monai.metrics.surface_dice import compute_surface_dice  # noqa: E402

Mask = NDArray[np.bool_]
NAMES = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "precision": "precision",
    "accuracy": "accuracy",
    "f1 score": "dice",
}
# surface_distance 0.1 (DeepMind), compute_surface_dice_at_tolerance(…, 1.0). The package itself
# cannot be imported with today's numpy for empty masks, so its answers stand here.
DEEPMIND = {
    ("shifted", (1.0, 1.0)): 0.5960226131345179,
    ("one pixel", (1.0, 1.0)): 0.0,
    ("border", (1.0, 1.0)): 0.8759825082349801,
    ("hole", (1.0, 1.0)): 0.8814742058851966,
    ("two components", (1.0, 1.0)): 0.6280028286407032,
    ("shifted", (0.5, 2.0)): 0.7133477034817426,
    ("one pixel", (0.5, 2.0)): 0.0,
    ("border", (0.5, 2.0)): 0.8804425962723398,
    ("hole", (0.5, 2.0)): 0.8679360386276888,
    ("two components", (0.5, 2.0)): 0.4771065677842939,
}
cases = pytest.mark.parametrize(("name", "spacing"), [(n, s) for n in PAIRS for s in SPACINGS])


def tensor(mask: Mask) -> torch.Tensor:
    return torch.from_numpy(mask.astype(np.float32))[None, None]


def surface_dice(a: Mask, b: Mask, spacing: tuple[float, float], *, subvoxels: bool) -> float:
    found = compute_surface_dice(
        tensor(a),
        tensor(b),
        class_thresholds=[1.0],
        include_background=True,
        spacing=list(spacing),
        use_subvoxels=subvoxels,
    )
    return float(found)


@pytest.mark.parametrize("name", PAIRS)
def test_overlap_is_monais(name: str) -> None:
    a, b = PAIRS[name]
    counts = confusion(a, b)
    assert counts.dice == pytest.approx(float(compute_dice(tensor(a), tensor(b))), abs=1e-6)
    assert counts.iou == pytest.approx(float(compute_iou(tensor(a), tensor(b))), abs=1e-6)
    matrix = get_confusion_matrix(tensor(a), tensor(b))
    for theirs, ours in NAMES.items():
        value = float(compute_confusion_matrix_metric(theirs, matrix))
        assert getattr(counts, ours) == pytest.approx(value, abs=1e-6)


@cases
def test_hd95_is_monais(name: str, spacing: tuple[float, float]) -> None:
    a, b = PAIRS[name]
    theirs = compute_hausdorff_distance(
        tensor(a), tensor(b), include_background=True, percentile=95, spacing=list(spacing)
    )
    assert hd95(a, b, spacing=spacing) == pytest.approx(float(theirs), abs=1e-6)


@cases
def test_nsd_is_monais_default(name: str, spacing: tuple[float, float]) -> None:
    a, b = PAIRS[name]
    theirs = surface_dice(a, b, spacing, subvoxels=False)
    assert nsd(a, b, tolerance=1.0, spacing=spacing) == pytest.approx(theirs, abs=1e-6)


@cases
def test_deepmind_weighs_pieces_of_contour_and_so_does_monai_when_asked(
    name: str, spacing: tuple[float, float]
) -> None:
    a, b = PAIRS[name]
    theirs = DEEPMIND[name, spacing]
    assert surface_dice(a, b, spacing, subvoxels=True) == pytest.approx(theirs, abs=1e-6)
    # Ours counts boundary pixels: near it, and on purpose not the same.
    assert nsd(a, b, tolerance=1.0, spacing=spacing) == pytest.approx(theirs, abs=0.15)


def test_monai_has_no_dice_for_an_empty_truth_where_ours_counts_a_false_alarm() -> None:
    some = PAIRS["shifted"][0]
    assert math.isnan(float(compute_dice(tensor(some), tensor(EMPTY), ignore_empty=True)))
    assert confusion(some, EMPTY).dice == 0
    assert confusion(EMPTY, EMPTY).dice == 1
    assert float(compute_dice(tensor(EMPTY), tensor(EMPTY), ignore_empty=False)) == 1


@pytest.mark.filterwarnings("ignore:the (prediction|ground truth) of class:UserWarning")
def test_one_empty_mask_has_no_surface_in_common_with_another() -> None:
    some = PAIRS["shifted"][0]
    assert surface_dice(EMPTY, some, (1.0, 1.0), subvoxels=False) == 0
    assert nsd(EMPTY, some, tolerance=1.0) == nsd(some, EMPTY, tolerance=1.0) == 0
    assert math.isnan(surface_dice(EMPTY, EMPTY, (1.0, 1.0), subvoxels=False))
    assert nsd(EMPTY, EMPTY, tolerance=1.0) == 1
