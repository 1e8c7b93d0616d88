"""An encoder takes weights from a package or a file, says how many, and refuses all others."""

import pickle
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.training.extra import need_training_extra

need_training_extra()

import torch  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from app.training.architectures import build  # noqa: E402
from app.training.config import WEIGHTS_PACKAGES, Architecture, Encoder  # noqa: E402
from app.training.encoders import ENCODERS, build_encoder  # noqa: E402
from app.training.weights import WeightsMissing, WeightsRefused, load_file  # noqa: E402


def encoder(name: Encoder, *, seed: int) -> nn.Module:
    torch.manual_seed(seed)
    return ENCODERS[name]()


def saved(values: object, folder: Path) -> Path:
    path = folder / "weights.pt"
    torch.save(values, path)
    return path


def in_three_colours(weights: Tensor) -> Tensor:
    """Return a stem's filters as a network of colour films would have them."""
    return weights * torch.tensor([0.2, 0.3, 0.5]).view(1, 3, 1, 1)


def test_weights_of_chexnet_fit_under_their_own_names(tmp_path: Path) -> None:
    source = encoder("densenet121", seed=1).state_dict()
    source["features.conv0.weight"] = in_three_colours(source["features.conv0.weight"])
    # As its authors saved them: wrapped twice, layers not apart, and numbers behind a point.
    theirs = {
        "module.densenet121." + _with_points(key.replace(".layers.", ".")): value
        for key, value in source.items()
        if "num_batches" not in key
    }
    assert "module.densenet121.features.denseblock1.denselayer1.norm.1.weight" in theirs
    head = {"module.densenet121.classifier.0.weight": torch.zeros(14, 1024)}
    path = saved({"epoch": 7, "state_dict": theirs | head}, tmp_path)
    taker = encoder("densenet121", seed=2)
    said = load_file(taker, path)
    assert said == "604 of the encoder's 604 arrays were taken from weights.pt"
    taken = taker.state_dict()
    expected = encoder("densenet121", seed=1).state_dict()
    for key in expected:
        torch.testing.assert_close(taken[key], expected[key])


def _with_points(key: str) -> str:
    for layer in ("norm1", "norm2", "conv1", "conv2"):
        key = key.replace(f".{layer}.", f".{layer[:4]}.{layer[4]}.")
    return key


@pytest.mark.parametrize("name", ["resnet18", "mobilenetv3-small", "efficientnet-lite0"])
def test_weights_under_our_own_names_are_all_taken(name: Encoder, tmp_path: Path) -> None:
    source = encoder(name, seed=1).state_dict()
    network, said = build_encoder(
        Architecture(kind="unet", encoder=name, weights=str(saved(source, tmp_path)))
    )
    assert len(set(re.findall(r"\d+", said.partition(" arrays")[0]))) == 1
    assert all(torch.equal(source[key], value) for key, value in network.state_dict().items())


def test_blocks_of_efficientnet_are_found_outside_their_stages(tmp_path: Path) -> None:
    source = encoder("efficientnet-b0", seed=1).state_dict()
    flat = {key: value for key, value in source.items() if not key.startswith("_blocks.")}
    for key, value in source.items():
        if key.startswith("_blocks."):
            flat["_blocks." + key.split(".", 2)[2]] = value
    taker = encoder("efficientnet-b0", seed=2)
    load_file(taker, saved(flat, tmp_path))
    assert all(torch.equal(source[key], value) for key, value in taker.state_dict().items())


def test_what_fits_is_taken_and_the_rest_left_alone(tmp_path: Path) -> None:
    source = encoder("resnet50", seed=1).state_dict()
    source["layer4.2.conv3.weight"] = torch.zeros(3, 3)
    del source["layer4.2.bn3.weight"]
    taker = encoder("resnet50", seed=2)
    before = {key: value.clone() for key, value in taker.state_dict().items()}
    said = load_file(taker, saved(source, tmp_path))
    assert said.startswith("263 of the encoder's 265 arrays")  # 53 convolutions, 4 for each norm
    after = taker.state_dict()
    assert torch.equal(after["layer4.2.conv3.weight"], before["layer4.2.conv3.weight"])
    assert torch.equal(after["layer4.2.conv2.weight"], source["layer4.2.conv2.weight"])


def test_weights_of_a_network_of_another_kind_are_refused(tmp_path: Path) -> None:
    path = saved(encoder("densenet121", seed=1).state_dict(), tmp_path)
    with pytest.raises(WeightsRefused, match=r"Nothing in weights.pt fits.*conv1.weight") as fault:
        load_file(encoder("resnet18", seed=2), path)
    assert "features.conv0.weight" in fault.value.cure


class Harmful:
    """Would run a command when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('the code in the file was run')",)


@pytest.mark.parametrize("kind", ["code", "text", "nothing", "absent"])
def test_a_file_that_is_no_file_of_arrays_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    if kind == "code":
        path.write_bytes(pickle.dumps(Harmful(), protocol=2))
    elif kind != "absent":
        path.write_text("these are no weights" if kind == "text" else "")
    said = "There is no file" if kind == "absent" else "not a file of arrays alone"
    with pytest.raises(WeightsRefused, match=said):
        load_file(encoder("efficientnet-lite0", seed=0), path)


@pytest.mark.parametrize("name", WEIGHTS_PACKAGES)
def test_pretrained_weights_replace_the_random_ones(name: Encoder) -> None:
    if find_spec(WEIGHTS_PACKAGES[name]) is None:
        pytest.skip("ImageNet weights not installed: make env EXTRAS=train")
    torch.manual_seed(0)
    fresh, trained = (
        build_encoder(Architecture(kind="unet", encoder=name, pretrained=given))[0]
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
    with pytest.raises(WeightsMissing, match="a_package_that_nobody_made, which"):
        build(Architecture(kind="unet", pretrained=True))
