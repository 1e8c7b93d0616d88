"""Phantom films and what people and programs do to films, for the tests of twins."""

import io
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.demo.phantom import phantom
from app.twins.fingerprint import Fingerprint, fingerprint

Grey = NDArray[np.uint8]
SIZE = (320, 288)


@lru_cache(maxsize=32)
def film(seed: int) -> Grey:
    """Return a phantom film uint8 [320, 288]."""
    values = phantom(seed, size=SIZE).film.values
    low, high = int(values.min()), int(values.max())
    return ((values.astype(np.float32) - low) / (high - low) * 255).astype(np.uint8)


def print_of(grey: Grey) -> Fingerprint:
    """Return the fingerprint of a grey film."""
    return fingerprint(grey.astype(np.float32))


def cropped(grey: Grey, share: float) -> Grey:
    """Return a part of a film that lies off its centre."""
    rows, columns = (round(side * share) for side in grey.shape)
    top, left = ((side - part) // 3 for side, part in zip(grey.shape, (rows, columns), strict=True))
    return grey[top : top + rows, left : left + columns]


def as_jpeg(grey: Grey) -> Grey:
    """Return a film through JPEG of quality 30."""
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "JPEG", quality=30)
    return np.asarray(Image.open(file))


def _gamma(grey: Grey, power: float) -> Grey:
    return np.rint((grey / 255.0) ** power * 255).astype(np.uint8)


def _windowed(grey: Grey) -> Grey:
    low, high = np.percentile(grey, (10, 90))
    return np.asarray(np.rint(np.clip((grey - low) / (high - low), 0, 1) * 255), np.uint8)


def _halved(grey: Grey) -> Grey:
    return np.asarray(Image.fromarray(grey).reduce(2))


def _turned(grey: Grey) -> Grey:
    return np.asarray(Image.fromarray(grey).rotate(5, Image.Resampling.BILINEAR))


SAME_VIEW: dict[str, Callable[[Grey], Grey]] = {
    "mirrored": lambda grey: grey[:, ::-1],
    "inverted": lambda grey: 255 - grey,
    "as JPEG": as_jpeg,
    "darker": lambda grey: _gamma(grey, 2),
    "brighter": lambda grey: _gamma(grey, 0.5),
    "windowed": _windowed,
    "halved": _halved,
}
OTHER_VIEW: dict[str, Callable[[Grey], Grey]] = {
    "cropped to 90 %": lambda grey: cropped(grey, 0.9),
    "cropped to 80 %": lambda grey: cropped(grey, 0.8),
    "cropped to 70 %": lambda grey: cropped(grey, 0.7),
    "turned": _turned,
}
