"""Types of what people and programs send: bounded before a room sees it."""

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, StringConstraints

from app.words import N_


def _storable(text: str) -> str:
    # PostgreSQL stores every letter but this one.
    if "\0" in text:
        raise ValueError(N_("must not hold the letter NUL"))
    return text


RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""A row's number, as far as a column of 32 bits counts."""

Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
"""The public name of a study, an account or a network in an address."""

Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_storable)]
"""One line of text."""

FolderPath = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_storable)]
"""A path on the server."""
