"""Pages of long lists: a cursor says after which row the next page begins."""

import base64
from typing import Annotated

from fastapi import Depends, Query

from app.problems import Problem

LIMIT = 100
HIGHEST = 2**31 - 1


class CursorRefused(Problem):
    """The cursor did not come from this list."""

    code = "cursor-refused"
    status = 400


def cursor_after(row_id: int) -> str:
    """Return the cursor of the page that begins after the row ``row_id``."""
    return base64.urlsafe_b64encode(f"after:{row_id}".encode()).decode().rstrip("=")


def row_before(cursor: Annotated[str, Query(max_length=40)] = "") -> int:
    """Return the row after which the page begins; 0 without a cursor. Raises `CursorRefused`."""
    if not cursor:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).partition(
            b":"
        )
        row_id = int(number)
    except ValueError:
        word, row_id = b"", 0
    if word != b"after" or not 0 <= row_id <= HIGHEST:
        raise CursorRefused(
            "The cursor is not one of this list.", cure="Begin again without a cursor."
        )
    return row_id


After = Annotated[int, Depends(row_before, scope="function")]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many rows a page holds at most.")]
