"""Every encoder gives five maps, each half the size of the one before, and learns unless frozen."""

from typing import get_args

import numpy as np
import pytest

from tests.training.extra import need_training_extra

need_training_extra()

import torch  # noqa: E402

from app.training import encoders, onnx_files  # noqa: E402
from app.training.architectures import DECODERS, EncoderDecoder, build  # noqa: E402
from app.training.config import Architecture, Encoder  # noqa: E402

NAMES: tuple[Encoder, ...] = get_args(Encoder)
GRID = (64, 96)
# Weights as published by the authors or torchvision for three colours and 1000 classes, less those
# of the classification and of two of the stem's colours.
NUMBERS: dict[Encoder, int] = {
    "efficientnet-lite0": 4_652_008 - 412_160 - 1_281_000 - 576,
    "efficientnet-b0": 5_288_548 - 412_160 - 1_281_000 - 576,
    "mobilenetv3-small": 2_542_856 - 56_448 - 590_848 - 1_025_000 - 288,
    "mobilenetv3-large": 5_483_032 - 155_520 - 1_230_080 - 1_281_000 - 288,
    "resnet18": 11_689_512 - 513_000 - 6_272,
    "resnet50": 25_557_032 - 2_049_000 - 6_272,
    "densenet121": 7_978_856 - 1_025_000 - 6_272,
    "inception-v3": 27_161_264 - 3_326_696 - 2_049_000 - 576,
}
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


@pytest.mark.parametrize("name", NUMBERS)
def test_an_encoder_has_as_many_weights_as_its_authors_published(name: Encoder) -> None:
    encoder = encoders.ENCODERS[name]()
    assert sum(weights.numel() for weights in encoder.parameters()) == NUMBERS[name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("frozen", [False, True], ids=["free", "frozen"])
def test_a_step_changes_an_encoder_unless_it_is_frozen(name: Encoder, frozen: bool) -> None:
    torch.manual_seed(0)
    network = build(Architecture(kind="fpn", encoder=name, widths=(8, 8, 8, 8), frozen=frozen))
    before = {key: value.clone() for key, value in network.state_dict().items()}
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.1)
    network.train()
    network(torch.rand(2, 1, 64, 64)).square().mean().backward()
    optimizer.step()
    after = network.state_dict()
    same = {key for key in before if torch.equal(before[key], after[key])}
    assert not {key for key in same if key.startswith("decoder.")}
    of_encoder = {key for key in before if key.startswith("encoder.")}
    assert same == (of_encoder if frozen else set())


def test_a_frozen_encoder_keeps_nothing_for_a_backward_pass() -> None:
    network = EncoderDecoder(Architecture(kind="unet", frozen=True)).train()
    maps = encoders.maps_of(network.encoder, torch.rand(1, 1, 64, 64), frozen=True)
    assert not any(features.requires_grad for features in maps)
    assert not network.encoder.training
    assert network.decoder.training


@pytest.mark.parametrize("name", NAMES)
def test_every_encoder_is_the_same_network_in_its_file(name: Encoder) -> None:
    torch.manual_seed(0)
    network = build(Architecture(kind="unet", encoder=name, widths=(8, 8, 8, 8))).eval()
    data = onnx_files.export(network, grid=(32, 64))
    films = np.random.default_rng(1).random((5, 1, 32, 64), np.float32)
    with torch.inference_mode():
        expected = network(torch.from_numpy(films)).numpy()
    np.testing.assert_allclose(onnx_files.run(data, films), expected, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("films", [1, 3])
def test_every_decoder_reads_every_encoder(name: Encoder, films: int) -> None:
    encoder = encoders.ENCODERS[name]().eval()
    with torch.inference_mode():
        maps = encoder(torch.rand(films, 1, 64, 64))
        for decoder in DECODERS.values():
            logits = decoder(encoders.channels_of(encoder), (8, 8, 16, 16)).eval()(maps)
            assert logits.shape == (films, 1, 64, 64)


def test_the_default_encoder_keeps_the_names_that_checkpoints_hold() -> None:
    network = EncoderDecoder(Architecture(kind="unet"))
    assert encoders.channels_of(network.encoder) == LITE0_CHANNELS
    keys = list(network.state_dict())
    assert keys[0] == "encoder.stem.0.weight"
    assert "encoder.stages.6.0.layers.7.running_var" in keys
    assert "decoder.steps.3.1.0.weight" in keys
    assert len(keys) == 338
