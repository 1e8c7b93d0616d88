"""Numbers out of DICOM elements, whatever their writers did to them."""

import math
from typing import Any

from pydicom.dataset import Dataset

from app.films.refusals import BadHeader


def needed(header: Dataset, keyword: str) -> int:
    """Return the whole number of ``keyword``; raises `BadHeader` if it is not there."""
    found = several(header, keyword)
    if not found:
        raise BadHeader("The header lacks {keyword}.", keyword=keyword)
    return int(found[0])


def whole(header: Dataset, keyword: str, *, default: int) -> int:
    """Return the first number of ``keyword`` as a whole one."""
    found = several(header, keyword)
    return int(found[0]) if found else default


def first(header: Dataset, keyword: str) -> float | None:
    """Return the first number of ``keyword``, if there is one."""
    found = several(header, keyword)
    return found[0] if found else None


def several(header: Dataset, keyword: str) -> list[float]:
    """Return the finite numbers of ``keyword``; none if it is absent or not numbers."""
    try:
        said: Any = header.get(keyword)
    except (ValueError, TypeError, OverflowError, NotImplementedError):
        # pydicom converts on access: "1.2.3" for a number fails only here.
        return []
    if said is None or isinstance(said, bytes | str):
        return []
    values = list(said) if hasattr(said, "__iter__") else [said]
    try:
        found = [float(value) for value in values]
    except (ValueError, TypeError, OverflowError):
        return []
    return found if all(math.isfinite(value) for value in found) else []
