"""Weights that an encoder starts from: ImageNet's from a package, or anybody's from a file."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from app.problems import Problem
from app.training.efficientnet_lite import EfficientNetLite

# Where training programs keep the weights inside what they save; "average" is ours.
INSIDE = ("average", "state_dict", "model_state_dict", "model", "network")


class WeightsMissing(Problem):
    """Pretrained weights were asked for and the package that carries them is not installed."""

    code = "weights-missing"


class WeightsRefused(Problem):
    """A file of weights cannot be read, or holds nothing that fits the encoder."""

    code = "weights-refused"


def load_imagenet(encoder: nn.Module, package_name: str) -> None:
    """Start from the ImageNet weights of a package; all of them must fit."""
    if not isinstance(encoder, EfficientNetLite):
        raise WeightsMissing("Only EfficientNet-Lite encoders have a package of weights.")
    own, given = encoder.state_dict(), encoder.renamed(_published(package_name))
    fitting = fit(own, given)
    if len(fitting) != len(own):
        raise WeightsMissing(
            f"{len(own) - len(fitting)} of {len(own)} arrays of {package_name} do not fit."
        )
    encoder.load_state_dict(fitting)


def _published(package_name: str) -> Mapping[str, Tensor]:
    try:
        package = importlib.import_module(package_name)
    except ModuleNotFoundError as missing:
        raise WeightsMissing(
            f"This configuration starts from the ImageNet weights of {package_name}, "
            "which is not installed.",
            cure="Run `make env EXTRAS=train`, or set pretrained = false in the configuration.",
        ) from missing
    (path,) = (Path(package.__path__[0]) / "models").glob("*.pth")
    weights: Mapping[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights


def load_file(encoder: nn.Module, path: Path) -> str:
    """Take from a file what fits the encoder by name and shape; say how much that was.

    Names may be those of this encoder, or those published for it (torchvision's), behind any
    prefix. Raise WeightsRefused if the file cannot be read or if nothing fits.
    """
    own = encoder.state_dict()
    given = read(path)
    published = getattr(encoder, "published_name", lambda key: key)
    fitting = max(
        (fit(own, _under_own_names(own, given, names)) for names in ({}, _names(own, published))),
        key=len,
    )
    if not fitting:
        raise WeightsRefused(
            f"Nothing in {path.name} fits the encoder by name and shape.",
            cure=f"This encoder's arrays are called {', '.join(list(own)[:3])}, …; the file's are "
            f"called {', '.join(list(given)[:3])}, …: is it of this kind of encoder?",
        )
    encoder.load_state_dict(own | fitting)
    taken, wanted = _weights_in(fitting), _weights_in(own)
    return f"{taken} of the encoder's {wanted} arrays were taken from {path.name}"


def _weights_in(arrays: Mapping[str, Tensor]) -> int:
    """Count arrays without the counters of normalisation, which older files lack."""
    return sum(not key.endswith("num_batches_tracked") for key in arrays)


def read(path: Path) -> dict[str, Tensor]:
    """Return the arrays in a file that torch has saved; no code in it is run."""
    try:
        values = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as missing:
        raise WeightsRefused(
            f"There is no file of weights {path}.",
            cure="A relative path starts at the folder that the command is run in.",
        ) from missing
    except Exception as fault:  # reading a damaged file can raise anything
        raise WeightsRefused(
            f"{path.name} is not a file of arrays alone that torch has saved.",
            cure="Save the weights again as torch.save(network.state_dict(), path).",
        ) from fault
    return _arrays(values)


def _arrays(values: Any) -> dict[str, Tensor]:
    if not isinstance(values, Mapping):
        return {}
    for name in INSIDE:
        if isinstance(values.get(name), Mapping):
            return _arrays(values[name])
    arrays = {str(key): value for key, value in values.items() if isinstance(value, Tensor)}
    # DenseNet weights saved before 2018 say norm.1 for norm1 (CheXNet's are among them).
    return {re.sub(r"\b(norm|conv)\.([12])\.", r"\1\2.", key): a for key, a in arrays.items()}


def _names(own: Iterable[str], published: Any) -> dict[str, str]:
    return {key: published(key) for key in own}


def _under_own_names(
    own: Mapping[str, Tensor], given: Mapping[str, Tensor], names: Mapping[str, str]
) -> dict[str, Tensor]:
    """Return what the file has for each of our names, behind the prefix that most of them share."""
    wanted = {names.get(key, key): key for key in own}
    prefixes: Counter[str] = Counter()
    for key in given:
        parts = key.split(".")
        for start in range(len(parts)):
            if ".".join(parts[start:]) in wanted:
                prefixes[".".join([*parts[:start], ""]) if start else ""] += 1
    prefix = prefixes.most_common(1)[0][0] if prefixes else ""
    return {key: given[prefix + name] for name, key in wanted.items() if prefix + name in given}


def fit(own: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return what is given under a name of ours and in its shape; colour filters are added up."""
    fitting = {}
    for key, mine in own.items():
        value = given.get(key)
        if value is None:
            continue
        if mine.ndim == 4 and value.ndim == 4 and (mine.shape[1], value.shape[1]) == (1, 3):
            value = value.sum(1, keepdim=True)
        if value.shape == mine.shape:
            fitting[key] = value
    return fitting
