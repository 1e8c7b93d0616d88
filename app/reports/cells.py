"""Values of the report as cells of a table, written as the reader's language does."""

from app.evaluation.tables import Cell
from app.networks.scoring import Estimate
from app.words.speaking import _, counted, decimal, percents

NONE = Cell("–")


def count_cell(count: int) -> Cell:
    """Return a count."""
    return Cell(counted(count))


def of_cell(some: float, of: float) -> Cell:
    """Return how many of how many."""
    return Cell(_("{some} of {all}", some=number(some), all=number(of)))


def cell(estimate: Estimate | None, *, digits: int = 3) -> Cell:
    """Return a value with its interval; a dash for none."""
    if estimate is None:
        return NONE
    low, high = decimal(estimate.low, digits), decimal(estimate.high, digits)
    return Cell(decimal(estimate.value, digits), reach(low, high))


def percent_cell(estimate: Estimate | None) -> Cell:
    """Return a share in percent with its interval; a dash for none."""
    if estimate is None:
        return NONE
    return Cell(percents(estimate.value, 1), percent_reach(estimate))


def percent_reach(estimate: Estimate) -> str:
    """Return a share's interval in percent, which is said once."""
    return reach(decimal(100 * estimate.low, 1), percents(estimate.high, 1))


def reach(low: str, high: str) -> str:
    """Return from where to where."""
    return _("{low} to {high}", low=low, high=high)


def number(votes: float) -> str:
    """Return a number of votes: ties are shared, so it may have a fraction."""
    return counted(round(votes, 1))


def seconds(time: float) -> str:
    """Return a time in seconds."""
    return f"{decimal(time, 1)} s"


def named(reader: int, readers: list[str]) -> str:
    """Return a reader's number and name; everybody's is below 0."""
    return _("All readers") if reader < 0 else f"{reader + 1}. {readers[reader]}"
