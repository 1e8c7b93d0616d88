"""The training extra: torch and its friends, which the rest of the product does without."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from app.problems import Problem

PACKAGES = ("torch", "monai", "onnx")
INSTALL = (
    "Install it with `make env EXTRAS=train`, or `.venv/bin/pip install -r requirements-train.txt`."
)


class TrainingExtraMissing(Problem):
    """A package that only training needs is not installed."""

    code = "training-extra"


def missing(packages: Sequence[str] = PACKAGES) -> list[str]:
    """Return the packages that are not installed."""
    return [name for name in packages if find_spec(name) is None]


def require(packages: Sequence[str] = PACKAGES) -> None:
    """Raise TrainingExtraMissing, with the command that installs it, unless all is there."""
    if absent := missing(packages):
        raise TrainingExtraMissing(
            f"Training needs {', '.join(absent)}, which is not installed.", cure=INSTALL
        )
