"""Every encoder gives five maps, each half the size of the one before, and takes its weights."""

from importlib.util import find_spec
from typing import get_args

import pytest

from tests.training.extra import need_training_extra

need_training_extra()

import torch  # noqa: E402

from app.training import encoders  # noqa: E402
from app.training.architectures import build  # noqa: E402
from app.training.config import WEIGHTS_PACKAGES, Architecture, Encoder  # noqa: E402

NAMES: tuple[Encoder, ...] = get_args(Encoder)
GRID = (64, 96)
# The default one's names must never change: checkpoints and running training hold them.
LITE0_CHANNELS = (16, 24, 40, 112, 320)


def test_every_encoder_that_can_be_named_can_be_built() -> None:
    assert set(encoders.ENCODERS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_encoder_halves_the_sides_five_times(name: Encoder) -> None:
    encoder = encoders.ENCODERS[name]().eval()
    with torch.inference_mode():
        maps = encoder(torch.rand(1, 1, *GRID))
    assert [tuple(m.shape[-2:]) for m in maps] == [(64 // s, 96 // s) for s in (2, 4, 8, 16, 32)]
    assert tuple(m.shape[1] for m in maps) == encoder.channels


def test_the_default_encoder_keeps_the_names_that_checkpoints_hold() -> None:
    network = build(Architecture(kind="unet"))
    assert network.encoder.channels == LITE0_CHANNELS
    keys = list(network.state_dict())
    assert keys[0] == "encoder.stem.0.weight"
    assert "encoder.stages.6.0.layers.7.running_var" in keys
    assert "decoder.steps.3.1.0.weight" in keys
    assert len(keys) == 338


@pytest.mark.parametrize("name", WEIGHTS_PACKAGES)
def test_pretrained_weights_replace_the_random_ones(name: Encoder) -> None:
    if find_spec(WEIGHTS_PACKAGES[name]) is None:
        pytest.skip("ImageNet weights not installed: make env EXTRAS=train")
    torch.manual_seed(0)
    fresh, trained = (
        encoders.build_encoder(Architecture(kind="unet", encoder=name, pretrained=given))
        for given in (False, True)
    )
    before, after = fresh.state_dict(), trained.state_dict()
    weights = [key for key in before if key.endswith("weight")]
    assert not any(torch.equal(before[key], after[key]) for key in weights)
    assert before.keys() == after.keys()


def test_missing_pretrained_weights_are_named_with_their_cure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(WEIGHTS_PACKAGES, "efficientnet-lite0", "a_package_that_nobody_made")
    with pytest.raises(encoders.WeightsMissing, match="a_package_that_nobody_made, which"):
        build(Architecture(kind="unet", pretrained=True))
